//! One way through one source: opened, recognised, read by a feed, assembled into a table.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::collect::assemble::Assembler;
use crate::collect::join::Joiner;
use crate::collect::long::Long;
use crate::collect::outline::{Meaning, Outline};
use crate::collect::replay;
use crate::collect::sketch::Sketch;
use crate::collect::summary::Summary;
use crate::collect::sums::Sums;
use crate::collect::supply;
use crate::collect::table::Table;
use crate::collect::wide::Wide;
use crate::detect::{Chooser, unread};
use crate::error::{Kind, Result};
use crate::row::Seen;
use crate::scan::assembly::{Assembled, Assembly};
use crate::scan::coverage::{Coverage, RuleCount, StepFrom};
use crate::scan::feed::{Desk, Feed};
use crate::scan::join;
use crate::scan::parts::{self, Parts};
use crate::scan::request::{Control, Input, Layout, Request, Restarts, size_of};
use crate::shapes;
use crate::source::{Limits, Origin, PlainFile};
use crate::wanted::Wanted;

/// Files below this share the memory of their columns.
const SMALL_FILE: u64 = 4 << 20;

/// A source on its way.
pub struct Pass {
    pub run: String,
    assembly: Assembly,
    /// None when nothing in the source was recognised.
    feed: Option<Feed>,
    /// Files that follow, how many threads read them and how much of them at once.
    parts: Option<(Parts, usize, usize)>,
    coverage: Coverage,
    /// An error in the middle ends the source, not the read.
    keeps_going: bool,
}

/// A source read to its end.
pub struct Done {
    pub run: String,
    pub table: Table,
    coverage: Option<Coverage>,
    /// The rows of this source and of those after it, in columns that are theirs alone.
    pub joined: Option<RecordBatch>,
}

/// What the passes over a source differ in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Aim {
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
        Pass::open(input, known, (Aim::Rows, request.threads), request, control, chooser, Desk::default())
    }

    /// The same for any aim, by so many threads.
    pub fn open(
        input: Input,
        known: Option<Outline>,
        (aim, threads): (Aim, usize),
        request: &Request,
        control: &Control,
        chooser: &Chooser,
        mut desk: Desk,
    ) -> Result<Pass> {
        let limits = Limits { max_line: request.max_line, stop: Arc::clone(&control.stop), ..Limits::default() };
        let several = matches!(input.origin, Origin::Files(_)).then(|| input.size()).flatten();
        let path = if let Origin::Path(path) = &input.origin { Some(path.clone()) } else { None };
        let keeps_going = matches!(input.origin, Origin::Path(_) | Origin::Files(_));
        let (run, name) = (input.run.clone(), input.name.clone());
        let memory = std::mem::take(&mut desk.head);
        let ((mut opened, plan), parts) = parts::open(memory, input, chooser, &limits, &mut desk.ahead)?;
        // What a file says when it is opened saves a look at it.
        let bytes = several.or(opened.size).or_else(|| size_of(&path?)).unwrap_or_default();
        let mut coverage = Coverage {
            run: run.clone(),
            source: name,
            encoding: opened.encoding.name().to_owned(),
            codec: opened.codec.name().to_owned(),
            bytes,
            ..Coverage::default()
        };
        let wanted = Wanted::new(request.metrics.clone());
        if let Some(longest) = plan.as_ref().and_then(|plan| plan.longest_line()) {
            opened.allow(longest);
        }
        let expects_step = plan.as_ref().is_some_and(|plan| plan.expects_step());
        let size = opened.plain.as_ref().map(PlainFile::size);
        let batch = size.map_or(usize::MAX, |size| likely_rows(size, desk.density)).min(request.batch_rows);
        let mut table = table(known, wanted, aim, request, batch, std::mem::take(&mut desk.sketches));
        if let (Table::Wide(wide), Some(..SMALL_FILE), Aim::Rows) = (&mut table, size, aim) {
            wide.supply(std::mem::take(&mut desk.supply), supply::SMALL);
        }
        let (keep, whole) = (request.restarts == Restarts::Keep, request.layout == Layout::Wide);
        let assembly = match plan.as_ref().is_some_and(|plan| plan.joins_steps()) {
            true => Assembly::Steps(Box::new(Joiner::new(table, keep, whole))),
            false => Assembly::Lines(Box::new(Assembler::new(table, keep, expects_step))),
        };
        let feed = match plan {
            Some(plan) => {
                coverage.format = plan.name().to_owned();
                coverage.rules = plan.rules().into_iter().map(|rule| RuleCount { rule, lines: 0 }).collect();
                let fuse = whole;
                Some(Feed::new(opened, &plan, threads, request.block_bytes, fuse, &control.stop, desk))
            }
            None => {
                match unread(opened.head()) {
                    Some(what) => coverage.format = format!("{what} (not read yet)"),
                    None => coverage.shapes = shapes::commonest(opened.head()),
                }
                None
            }
        };
        let parts = parts.map(|parts| (parts, threads, request.block_bytes));
        Ok(Pass { run, assembly, feed, parts, coverage, keeps_going })
    }

    /// Reads the next block; false at the end.
    pub fn step(&mut self, control: &Control) -> Result<bool> {
        Ok(self.read(control)? || self.open_next(control))
    }

    /// Goes on with the next file; false when there is none.
    fn open_next(&mut self, control: &Control) -> bool {
        let Some((parts, threads, block)) = &mut self.parts else { return false };
        let (next, wrong) = parts.next();
        let before = self.feed.as_ref().map(Feed::damage).unwrap_or_default();
        for damage in [before, wrong.unwrap_or_default()] {
            self.coverage.damage = some_of(std::mem::take(&mut self.coverage.damage), damage);
        }
        let Some((opened, plan)) = next else { return false };
        self.feed = Some(Feed::new(opened, &plan, *threads, *block, false, &control.stop, Desk::default()));
        true
    }

    fn read(&mut self, control: &Control) -> Result<bool> {
        let Some(feed) = &mut self.feed else { return Ok(false) };
        let before = feed.bytes;
        let more = match feed.next(&mut |rows| self.assembly.feed(rows)) {
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
        self.assembly.table().take(schema, outline, run)
    }

    pub fn run_to_end(mut self, control: &Control, desk: &mut Desk) -> Result<Done> {
        while self.step(control)? {}
        let (done, used) = self.close();
        *desk = used;
        Ok(done)
    }

    /// Closes the table and completes the coverage.
    pub fn end(self) -> Done {
        self.close().0
    }

    fn close(self) -> (Done, Desk) {
        let Assembled { mut table, told, seen, settings } = self.assembly.finish();
        let mut coverage = self.coverage;
        if let Some(feed) = &self.feed {
            coverage.damage = some_of(coverage.damage, feed.damage());
        }
        coverage.damage = some_of(coverage.damage, broken(&seen));
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
        coverage.rows = table.rows();
        coverage.settings = settings.into_iter().map(|s| (s.key, s.value)).collect();
        let (supply, density) = (table.take_supply(), (coverage.rows, coverage.bytes));
        let done = Done { run: self.run, table, coverage: Some(coverage), joined: None };
        let mut desk = self.feed.map(Feed::desk).unwrap_or_default();
        (desk.supply, desk.density) = (supply, density);
        (done, desk)
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

    pub fn resumed(&self) -> bool {
        !self.outline().stitch.is_empty()
    }

    pub fn failed(run: String, source: String, request: &Request, why: String) -> Done {
        let coverage = Coverage { run: run.clone(), source, damage: why, ..Coverage::default() };
        let table = table(None, Wanted::default(), Aim::Survey, request, request.batch_rows, Vec::new());
        Done { run, table, coverage: Some(coverage), joined: None }
    }

    /// Makes the rows of a summary now: what they are made of is much larger, and the next source needs its memory.
    pub fn sum_up(&mut self, run: bool, sums: &mut Option<Sums>, desk: &mut Desk) {
        if let Table::Summary(table) = &mut self.table {
            let sums = sums.get_or_insert_with(|| Sums::new(run, table.tells_curves()));
            table.sum_up(run.then_some(&*self.run), sums);
            desk.sketches = table.take_spare();
        }
    }

    /// Bytes as stored, and rows of the wide table.
    pub fn bytes(&self) -> u64 {
        self.coverage.as_ref().map_or(0, |coverage| coverage.bytes)
    }

    pub fn rows(&self) -> u64 {
        self.table.rows()
    }

    pub fn source(&self) -> &str {
        self.coverage.as_ref().map_or("", |coverage| &coverage.source)
    }

    pub fn step_from(&self) -> StepFrom {
        self.coverage.as_ref().map_or(StepFrom::Order, |coverage| coverage.step)
    }

    /// Notes a metric that another file of the run has as well.
    pub fn note_twin(&mut self, name: String) {
        if let Some(coverage) = &mut self.coverage {
            coverage.twins.push(name);
        }
    }

    /// Has the columns of another source too.
    pub fn unite(&mut self, other: &Outline) {
        self.table.outline_mut().unite(other);
    }

    /// Tells the rank of each row from now on, if there are several.
    pub fn show_ranks(&mut self, ranks: bool) {
        self.table.outline_mut().ranks |= ranks;
    }

    /// Knows a metric of an outline by another name too.
    pub fn add_metric(&mut self, outline: &Outline, known: &str, name: &str) {
        let theirs = outline.metrics.iter().find(|metric| &*metric.name == known);
        let Some(theirs) = theirs else { return };
        let first = theirs.first.map(|(row, place)| (row.saturating_add(1), place));
        self.table.outline_mut().metrics.push(Meaning { name: name.into(), first, guessed: false, ..theirs.clone() });
    }

    /// Knows a metric no more: all its values go by another name.
    pub fn forget_metric(&mut self, name: &str) {
        let metrics = &mut self.table.outline_mut().metrics;
        metrics.iter_mut().filter(|metric| &*metric.name == name).for_each(|metric| metric.count = 0);
    }

    /// The same rows as another table.
    pub fn told_as(mut self, layout: Layout, request: &Request) -> Result<Done> {
        let mut outline = self.outline().clone();
        outline.ranks |= self.has_ranks();
        let schema = outline.schema(false)?;
        let request = Request { layout, ..request.clone() };
        let mut other = table(None, Wanted::default(), Aim::Rows, &request, request.batch_rows, Vec::new());
        while let Some(batch) = self.take(&schema, &outline, false) {
            replay::rows(&batch?, &outline, &mut other);
        }
        other.finish();
        Ok(Done { table: other, joined: None, ..self })
    }

    /// Whether its rows are of any rank but 0.
    pub fn has_ranks(&self) -> bool {
        self.coverage.as_ref().is_some_and(|coverage| coverage.ranks.iter().any(|&rank| rank != 0))
    }

    /// The next batch of what was read.
    pub fn take(&mut self, schema: &SchemaRef, outline: &Outline, run: bool) -> Option<Result<RecordBatch>> {
        match self.joined.take() {
            Some(batch) => Some(join::fitted(&batch, schema)),
            None => self.table.take(schema, outline, run.then_some(&*self.run)),
        }
    }
}

/// One of two things to say, the first if there is one.
fn some_of(first: String, second: String) -> String {
    if first.is_empty() { second } else { first }
}

/// Records that were damaged, in words.
fn broken(seen: &Seen) -> String {
    let Some(first) = seen.broken.samples.first() else { return String::new() };
    let places = if seen.broken.count == 1 { "place" } else { "places" };
    format!("records are damaged in {} {places}, first at byte {}: {}", seen.broken.count, first.offset, first.text)
}

/// Rows to make room for in a file of that many bytes: a log's lines are rarely shorter than the half of these, and
/// those of files read together are mostly alike.
fn likely_rows(size: u64, (rows, bytes): (u64, u64)) -> usize {
    let most = size / 64;
    let alike = rows.saturating_mul(size).checked_div(bytes).filter(|_| rows > 0).map(|rows| rows + rows / 16);
    usize::try_from(alike.map_or(most, |rows| rows.min(most))).unwrap_or(usize::MAX).max(64)
}

fn table(
    known: Option<Outline>,
    wanted: Wanted,
    aim: Aim,
    request: &Request,
    batch: usize,
    sketches: Vec<Sketch>,
) -> Table {
    let (store, stitching) = (aim == Aim::Rows, request.restarts == Restarts::Stitch);
    match (request.layout, known) {
        (Layout::Wide, None) => Table::Wide(Box::new(Wide::new(wanted, store, stitching, batch))),
        (Layout::Wide, Some(known)) => Table::Wide(Box::new(Wide::known(known, wanted, stitching, batch))),
        (Layout::Long, None) => Table::Long(Box::new(Long::new(wanted, store, stitching, batch))),
        (Layout::Long, Some(known)) => Table::Long(Box::new(Long::known(known, wanted, stitching, batch))),
        (Layout::Summary, known) => {
            let curves = request.curves.clone();
            Table::Summary(Box::new(Summary::new(wanted, curves, known.unwrap_or_default()).within(sketches)))
        }
    }
}
