//! One way through one source: opened, recognised, read by a feed, assembled into a table.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::collect::assemble::Assembler;
use crate::collect::long::Long;
use crate::collect::outline::Outline;
use crate::collect::summary::Summary;
use crate::collect::table::Table;
use crate::collect::wide::Wide;
use crate::detect::Chooser;
use crate::error::{Kind, Result};
use crate::scan::coverage::{Coverage, RuleCount, StepFrom};
use crate::scan::feed::Feed;
use crate::scan::request::{Control, Input, Layout, Request, Restarts};
use crate::shapes;
use crate::source::{self, Limits, Origin};
use crate::wanted::Wanted;

/// Files up to this size are read whole by one thread each.
const SMALL: u64 = 4 << 20;

/// A source on its way.
pub struct Pass {
    pub run: String,
    assembler: Assembler<Table>,
    /// None when nothing in the source was recognised.
    feed: Option<Feed>,
    coverage: Coverage,
    /// An error in the middle ends the source, not the read.
    keeps_going: bool,
}

/// A source read to its end.
pub struct Done {
    pub run: String,
    pub table: Table,
    coverage: Option<Coverage>,
}

/// What the passes over a source differ in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// Only the outline.
    Survey,
    /// The table.
    Rows,
}

impl Pass {
    /// Opens and recognises; `known` is what a survey found.
    pub fn begin(
        input: Input,
        known: Option<Outline>,
        request: &Request,
        control: &Control,
        chooser: &Chooser,
    ) -> Result<Pass> {
        Pass::open(input, known, Aim::Rows, request.threads, request, control, chooser)
    }

    fn open(
        input: Input,
        known: Option<Outline>,
        aim: Aim,
        threads: usize,
        request: &Request,
        control: &Control,
        chooser: &Chooser,
    ) -> Result<Pass> {
        let limits = Limits { max_line: request.max_line, stop: Arc::clone(&control.stop), ..Limits::default() };
        let bytes = input.size().unwrap_or_default();
        let keeps_going = matches!(input.origin, Origin::Path(_));
        let opened = source::open(input.origin, &input.name, &limits)?;
        let mut coverage = Coverage {
            run: input.run.clone(),
            source: input.name.clone(),
            encoding: opened.encoding.name().to_owned(),
            codec: opened.codec.name().to_owned(),
            bytes,
            ..Coverage::default()
        };
        let wanted = Wanted::new(request.metrics.clone());
        let plan = chooser.choose(opened.head())?;
        let expects_step = plan.as_ref().is_some_and(|plan| plan.expects_step());
        let table = table(known, wanted, aim, request);
        let assembler = Assembler::new(table, request.restarts == Restarts::Keep, expects_step);
        let feed = match plan {
            Some(plan) => {
                coverage.format = plan.name().to_owned();
                coverage.rules = plan.rules().into_iter().map(|rule| RuleCount { rule, lines: 0 }).collect();
                let fuse = request.layout == Layout::Wide;
                Some(Feed::new(opened, &plan, threads, request.block_bytes, fuse, &control.stop))
            }
            None => {
                coverage.shapes = shapes::commonest(opened.head());
                None
            }
        };
        Ok(Pass { run: input.run, assembler, feed, coverage, keeps_going })
    }

    /// Reads the next block; false at the end.
    pub fn step(&mut self, control: &Control) -> Result<bool> {
        let Some(feed) = &mut self.feed else { return Ok(false) };
        let before = feed.bytes;
        let more = match feed.next(&mut |rows| self.assembler.feed(rows)) {
            // A file that can't be read to its end keeps the rows before; somebody else's reader says what it raised.
            Err(error) if self.keeps_going && matches!(error.kind, Kind::Io(_)) => {
                self.coverage.damage = error.to_string();
                false
            }
            more => more?,
        };
        control.bytes_done.fetch_add(feed.bytes - before, Ordering::Relaxed);
        Ok(more)
    }

    /// A batch that is complete already.
    pub fn take(&mut self, schema: &SchemaRef, outline: &Outline, run: Option<&str>) -> Option<Result<RecordBatch>> {
        self.assembler.collector.take(schema, outline, run)
    }

    fn run_to_end(mut self, control: &Control) -> Result<Done> {
        while self.step(control)? {}
        Ok(self.end())
    }

    /// Closes the table and completes the coverage.
    pub fn end(mut self) -> Done {
        self.assembler.finish();
        self.assembler.collector.finish();
        let mut coverage = self.coverage;
        if let Some(feed) = &self.feed {
            let damage = feed.damage();
            coverage.damage = if coverage.damage.is_empty() { damage } else { coverage.damage };
        }
        let (seen, told) = (self.assembler.seen, self.assembler.told);
        for (rule, &lines) in coverage.rules.iter_mut().zip(&seen.matched) {
            rule.lines = lines;
        }
        coverage.lines = seen.lines;
        coverage.near_misses = seen.near;
        coverage.bad_values = seen.bad;
        coverage.clipped = seen.clipped;
        coverage.recoded = seen.recoded;
        coverage.holes = seen.holes;
        coverage.repeated = seen.repeated;
        coverage.unfinished = told.unfinished;
        coverage.resumes = told.resumes;
        coverage.new_starts = told.new_starts;
        coverage.ranks = told.ranks;
        coverage.step = match told.logged {
            Some(true) => StepFrom::Logged,
            Some(false) => StepFrom::Counters,
            None => StepFrom::Order,
        };
        coverage.rows = self.assembler.collector.rows();
        coverage.settings = self.assembler.settings.into_iter().map(|s| (s.key, s.value)).collect();
        Done { run: self.run, table: self.assembler.collector, coverage: Some(coverage) }
    }
}

impl Done {
    pub fn outline(&self) -> &Outline {
        self.table.outline()
    }

    /// What is known now that its batches are taken.
    pub fn coverage(self) -> Option<Coverage> {
        let mut coverage = self.coverage?;
        coverage.converted = self.table.converted();
        coverage.superseded = self.table.superseded();
        Some(coverage)
    }

    fn resumed(&self) -> bool {
        !self.outline().stitch.is_empty()
    }

    fn failed(run: String, source: String, request: &Request, why: String) -> Done {
        let coverage = Coverage { run: run.clone(), source, damage: why, ..Coverage::default() };
        let table = table(None, Wanted::default(), Aim::Survey, request);
        Done { run, table, coverage: Some(coverage) }
    }
}

fn table(known: Option<Outline>, wanted: Wanted, aim: Aim, request: &Request) -> Table {
    let (store, stitching, batch) = (aim == Aim::Rows, request.restarts == Restarts::Stitch, request.batch_rows);
    match (request.layout, known) {
        (Layout::Wide, None) => Table::Wide(Box::new(Wide::new(wanted, store, stitching, batch))),
        (Layout::Wide, Some(known)) => Table::Wide(Box::new(Wide::known(known, wanted, stitching, batch))),
        (Layout::Long, None) => Table::Long(Box::new(Long::new(wanted, store, stitching, batch))),
        (Layout::Long, Some(known)) => Table::Long(Box::new(Long::known(known, wanted, stitching, batch))),
        (Layout::Summary, known) => Table::Summary(Box::new(Summary::new(wanted, known.unwrap_or_default()))),
    }
}

/// Reads many sources to their ends, in order; small ones a thread each.
pub fn read_many(inputs: Vec<Input>, request: &Request, control: &Control, chooser: &Chooser) -> Result<Vec<Done>> {
    many(inputs, Aim::Rows, request, control, chooser)
}

/// A first pass over many sources.
pub fn survey_many(inputs: Vec<Input>, request: &Request, control: &Control, chooser: &Chooser) -> Result<Vec<Done>> {
    many(inputs, Aim::Survey, request, control, chooser)
}

fn many(inputs: Vec<Input>, aim: Aim, request: &Request, control: &Control, chooser: &Chooser) -> Result<Vec<Done>> {
    let alone = inputs.len() == 1;
    let one = |input: Input, threads: usize| {
        let (run, name) = (input.run.clone(), input.name.clone());
        let again = input.again();
        let pass =
            |input, known| Pass::open(input, known, aim, threads, request, control, chooser)?.run_to_end(control);
        // A summary keeps no rows to take back: where a resume wrote some again, it is made once more without them.
        let done = pass(input, None).and_then(|done| match again {
            Some(input)
                if request.layout == Layout::Summary && request.restarts == Restarts::Stitch && done.resumed() =>
            {
                pass(input, Some(done.outline().clone()))
            }
            _ => Ok(done),
        });
        match done {
            // One broken run never breaks the others.
            Err(error) if !alone && !control.stop.load(Ordering::Relaxed) => {
                Ok(Done::failed(run, name, request, error.to_string()))
            }
            done => done,
        }
    };
    let small: Vec<bool> = inputs.iter().map(|input| input.size().is_some_and(|size| size <= SMALL)).collect();
    if alone || !small.iter().any(|&s| s) || request.threads < 2 {
        return inputs.into_iter().map(|input| one(input, request.threads)).collect();
    }
    let slots: Vec<std::sync::Mutex<Option<Input>>> =
        inputs.into_iter().map(|i| std::sync::Mutex::new(Some(i))).collect();
    let results: Vec<std::sync::Mutex<Option<Result<Done>>>> =
        slots.iter().map(|_| std::sync::Mutex::new(None)).collect();
    let turn = AtomicUsize::new(0);
    let take = |k: usize| slots[k].lock().ok().and_then(|mut slot| slot.take());
    let put = |k: usize, done: Result<Done>| {
        if let Ok(mut result) = results[k].lock() {
            *result = Some(done);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..request.threads {
            scope.spawn(|| {
                loop {
                    let k = turn.fetch_add(1, Ordering::Relaxed);
                    if k >= small.len() {
                        return;
                    }
                    if let Some(input) = small[k].then(|| take(k)).flatten() {
                        put(k, one(input, 1));
                    }
                }
            });
        }
    });
    for k in 0..small.len() {
        if let Some(input) = take(k) {
            put(k, one(input, request.threads));
        }
    }
    let stopped = || crate::error::Error::new(crate::error::Kind::Cancelled, "stopped");
    results.into_iter().map(|result| result.into_inner().ok().flatten().unwrap_or_else(|| Err(stopped()))).collect()
}
