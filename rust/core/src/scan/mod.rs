//! Drives a read: sources to readers to collectors, over threads, in file order.
//!
//! ```ignore
//! let mut scan = Scan::open(vec![input], Request::default(), control)?;
//! let schema = scan.schema()?;
//! while let Some(batch) = scan.next_batch()? { .. }
//! let told = scan.coverage();
//! ```

mod assembly;
pub mod coverage;
pub mod feed;
mod join;
mod many;
mod parts;
pub mod pass;
mod pile;
pub mod request;
mod together;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::collect::long::Long;
use crate::collect::outline::Outline;
use crate::collect::sums::Sums;
use crate::detect::Chooser;
use crate::error::{Error, Kind, Result};
use crate::wanted::Wanted;
use coverage::Coverage;
use many::Many;
use pass::{Aim, Done, Pass};
use request::{Control, Input, Layout, Request, Restarts};

/// Bytes of numbers in a batch of a stream: several are under way at once.
const BATCH: usize = 512 << 10;

/// Bytes of log that a thread of a stream reads at once: what it makes of them is held several times over.
const BLOCK: usize = 256 << 10;

/// Rows of a batch at least, however many columns there are.
const FEWEST: usize = 256;

/// Batches of fewer rows are joined.
const FEW: usize = 8 << 10;

/// A read under way. Batches come out of it; what it matched and what it left is told at the end.
pub struct Scan {
    request: Request,
    control: Arc<Control>,
    chooser: Chooser,
    /// Sources not begun; in a second pass they are opened again.
    inputs: VecDeque<Input>,
    /// What the survey found of each, in order.
    surveyed: VecDeque<Outline>,
    /// Sources read to their end whose batches are still to be taken.
    done: VecDeque<Done>,
    pass: Option<Pass>,
    /// A batch of the pass under way.
    ready: Option<RecordBatch>,
    /// All columns of all sources, and the schema made of them.
    outline: Outline,
    schema: Option<SchemaRef>,
    coverage: Vec<Coverage>,
    /// What ended the read, to be told after the rows before it.
    failure: Option<Error>,
    /// What ended the pass; told when the rows before it are taken.
    failed: Option<Error>,
    /// Some run has several files.
    several: bool,
}

/// Whether files that follow each other are of one run.
fn has_several(inputs: &[Input]) -> bool {
    inputs.windows(2).any(|pair| pair[0].run == pair[1].run)
}

impl Scan {
    /// Opens every source once, so that a missing one is told at once. Reads nothing yet.
    pub fn open(inputs: Vec<Input>, mut request: Request, control: Arc<Control>) -> Result<Scan> {
        // A summary is small: it is always made whole.
        request.streaming &= request.layout != Layout::Summary;
        if request.threads == 0 {
            request.threads = std::thread::available_parallelism().map_or(1, usize::from);
        }
        if request.streaming {
            request.block_bytes = request.block_bytes.min(BLOCK);
        }
        let total = inputs.iter().filter_map(Input::size).sum();
        control.bytes_total.store(total, Ordering::Relaxed);
        // Files of one run are joined when all are read.
        let several = has_several(&inputs);
        request.streaming &= !several;
        let chooser = Chooser::new(&request.grammar, Wanted::new(request.metrics.clone()))?;
        let scan = Scan {
            chooser,
            request,
            control,
            inputs: parts::gather(inputs).into(),
            surveyed: VecDeque::new(),
            done: VecDeque::new(),
            pass: None,
            ready: None,
            outline: Outline::default(),
            schema: None,
            coverage: Vec::new(),
            failure: None,
            failed: None,
            several,
        };
        scan.refuse_what_cannot_be()?;
        Ok(scan)
    }

    fn needs_survey(&self) -> bool {
        let open = self.request.layout != Layout::Long || self.request.restarts == Restarts::Stitch;
        self.request.streaming && open
    }

    fn refuse_what_cannot_be(&self) -> Result<()> {
        if self.needs_survey() && !self.inputs.iter().all(Input::repeatable) {
            let what = "a pipe cannot be read twice: wanted layout=\"long\", restarts=\"keep\" to stream it, or read() to keep it";
            return Err(Error::new(Kind::Usage, what));
        }
        Ok(())
    }

    /// The schema of every batch. A read is done for it; a stream is surveyed.
    pub fn schema(&mut self) -> Result<SchemaRef> {
        if let Some(schema) = &self.schema {
            return Ok(Arc::clone(schema));
        }
        if self.needs_survey() {
            self.survey()?;
        } else if !self.request.streaming {
            self.read_all()?;
        }
        let run = self.request.run_column;
        let schema = match self.request.layout {
            Layout::Wide => self.outline.schema(run)?,
            Layout::Long => Long::schema(&self.outline, run),
            Layout::Summary => Sums::schema(run, !self.request.curves.is_empty()),
        };
        if self.request.streaming {
            let most = BATCH / (8 * schema.fields().len().max(1));
            self.request.batch_rows = self.request.batch_rows.min(most.max(FEWEST));
        }
        self.schema = Some(Arc::clone(&schema));
        Ok(schema)
    }

    /// The next batch; none after the last. Those of small sources come joined.
    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        let mut few: Vec<RecordBatch> = Vec::new();
        let mut rows = 0;
        while rows < self.request.batch_rows.div_ceil(2).min(FEW) {
            match self.next_piece() {
                Ok(Some(batch)) => {
                    rows += batch.num_rows();
                    few.push(batch);
                }
                Ok(None) => break,
                // What was read before is handed over first.
                Err(error) if !few.is_empty() => {
                    self.failure = Some(error);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        join::joined(few)
    }

    fn next_piece(&mut self) -> Result<Option<RecordBatch>> {
        let schema = self.schema()?;
        loop {
            if let Some(batch) = self.take_done(&schema)? {
                if batch.num_rows() > 0 {
                    self.control.rows.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
                    return Ok(Some(batch));
                }
                continue;
            }
            if let Some(error) = self.failed.take() {
                self.inputs.clear();
                return Err(error);
            }
            if !self.advance(&schema)? {
                return Ok(None);
            }
        }
    }

    /// One per source, complete after the last batch.
    pub fn coverage(&self) -> &[Coverage] {
        &self.coverage
    }

    /// Reads every source to its end, keeping the tables.
    fn read_all(&mut self) -> Result<()> {
        let inputs: Vec<Input> = std::mem::take(&mut self.inputs).into();
        let mut dones = match (self.several, self.request.layout) {
            (true, layout @ (Layout::Long | Layout::Summary)) => self.read_joined(inputs, layout)?,
            _ => self.many(Aim::Rows).read(inputs)?,
        };
        if self.several && self.request.layout == Layout::Wide {
            self.join(&mut dones)?;
        }
        for done in dones {
            self.outline.unite(done.outline());
            self.done.push_back(done);
        }
        Ok(())
    }

    /// Joins the files of each run that has several.
    fn join(&self, dones: &mut [Done]) -> Result<()> {
        let mut rest = dones;
        while let Some(first) = rest.first() {
            let len = rest.iter().take_while(|done| done.run == first.run).count();
            let (one, after) = rest.split_at_mut(len);
            if len > 1 {
                together::of_run(one, self.request.run_column)?;
            }
            rest = after;
        }
        Ok(())
    }

    /// Another table of the wide one: of runs that are joined there.
    fn read_joined(&self, inputs: Vec<Input>, layout: Layout) -> Result<Vec<Done>> {
        let request = Request { layout: Layout::Wide, ..self.request.clone() };
        let many = Many { aim: Aim::Rows, request: &request, control: &self.control, chooser: &self.chooser };
        let mut dones = many.read(inputs)?;
        self.join(&mut dones)?;
        dones.into_iter().map(|done| done.told_as(layout, &self.request)).collect()
    }

    /// A first pass over every source that keeps only what the second must know.
    fn survey(&mut self) -> Result<()> {
        let again: Vec<Input> = self.inputs.iter().filter_map(Input::again).collect();
        let first = std::mem::replace(&mut self.inputs, again.into());
        for done in self.many(Aim::Survey).read(first.into())? {
            self.outline.unite(done.outline());
            self.surveyed.push_back(done.outline().clone());
        }
        Ok(())
    }

    fn many(&self, aim: Aim) -> Many<'_> {
        Many { aim, request: &self.request, control: &self.control, chooser: &self.chooser }
    }

    fn take_done(&mut self, schema: &SchemaRef) -> Result<Option<RecordBatch>> {
        if let Some(batch) = self.ready.take() {
            return Ok(Some(batch));
        }
        while let Some(done) = self.done.front_mut() {
            match done.take(schema, &self.outline, self.request.run_column) {
                Some(batch) => return batch.map(Some),
                None => {
                    let done = self.done.pop_front();
                    self.coverage.extend(done.and_then(Done::coverage));
                }
            }
        }
        Ok(None)
    }

    /// Reads on until a batch is complete or a source ends; false when all have.
    fn advance(&mut self, schema: &SchemaRef) -> Result<bool> {
        if self.pass.is_none() {
            let Some(input) = self.inputs.pop_front() else { return Ok(false) };
            let known = self.surveyed.pop_front();
            self.pass = Some(Pass::begin(input, known, &self.request, &self.control, &self.chooser)?);
        }
        let Some(pass) = &mut self.pass else { return Ok(false) };
        let run = self.request.run_column.then(|| pass.run.clone());
        // A block may complete several batches: all are taken before the next is read.
        self.ready = pass.take(schema, &self.outline, run.as_deref()).transpose()?;
        if self.ready.is_some() {
            return Ok(true);
        }
        match pass.step(&self.control) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error) => self.failed = Some(error),
        }
        if let Some(pass) = self.pass.take() {
            self.done.push_back(pass.end());
        }
        Ok(true)
    }
}
