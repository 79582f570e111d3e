//! Runs one scan on a thread of its own and hands what it makes to whoever waits, one batch ahead.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use fastlogs_core::error::{Error, Kind};
use pyo3::prelude::*;

use fastlogs_core::scan::Scan;
use fastlogs_core::scan::coverage::Coverage;
use fastlogs_core::scan::request::{Control, Input, Request};

/// Signals are looked at this often while waiting.
const GLANCE: Duration = Duration::from_millis(50);
/// A thread blocked in a read that nothing can wake is left behind after this long.
const PATIENCE: Duration = Duration::from_millis(250);

/// What the scan's thread says, in this order: opened, schema, batches, done; or failed at any point.
pub enum Word {
    Opened,
    Schema(SchemaRef),
    Batch(RecordBatch),
    Done,
    Failed(Failure),
}

/// Why a scan gave up.
pub enum Failure {
    Told(Error),
    /// A bug of ours: what the panic said.
    Panic(String),
    /// A signal handler raised while we waited.
    Signal(PyErr),
    /// The interpreter is going away.
    Finalizing,
}

/// A scan under way, and the end of the channel where its words come out.
pub struct Pump {
    inbox: Mutex<Option<Receiver<Word>>>,
    worker: Mutex<Option<JoinHandle<()>>>,
    pub control: Arc<Control>,
    pub coverage: Arc<Mutex<Vec<Coverage>>>,
}

impl Pump {
    pub fn start(inputs: Vec<Input>, request: Request) -> Result<Self, Failure> {
        // One batch ahead: the scan works while the consumer does, and rests when nobody pulls.
        let (outbox, inbox) = sync_channel(1);
        let control = Arc::new(Control::default());
        let coverage = Arc::new(Mutex::new(Vec::new()));
        let (theirs, told) = (Arc::clone(&control), Arc::clone(&coverage));
        let worker = thread::Builder::new()
            .name("fastlogs-scan".to_owned())
            .spawn(move || run(inputs, request, theirs, &told, &outbox))
            .map_err(|e| Failure::Told(Error::new(Kind::Io(e), "could not start a thread to read with")))?;
        Ok(Pump { inbox: Mutex::new(Some(inbox)), worker: Mutex::new(Some(worker)), control, coverage })
    }

    /// The next word, waiting without the GIL whether or not the calling thread holds it, and looking at signals.
    pub fn next(&self) -> Result<Word, Failure> {
        if let Some(word) = self.waiting() {
            return Ok(word);
        }
        Python::try_attach(|py| self.wait(py)).unwrap_or(Err(Failure::Finalizing))
    }

    /// A word that is there already; taken without touching Python.
    fn waiting(&self) -> Option<Word> {
        let inbox = self.inbox.try_lock().ok()?;
        match inbox.as_ref()?.try_recv() {
            Ok(word) => Some(word),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => None,
        }
    }

    fn wait(&self, py: Python<'_>) -> Result<Word, Failure> {
        loop {
            if let Some(word) = py.detach(|| self.glance()) {
                return Ok(word);
            }
            py.check_signals().map_err(Failure::Signal)?;
        }
    }

    /// Waits a moment; nothing yet is `None`.
    fn glance(&self) -> Option<Word> {
        let inbox = self.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(inbox) = inbox.as_ref() else { return Some(stopped()) };
        match inbox.recv_timeout(GLANCE) {
            Ok(word) => Some(word),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(stopped()),
        }
    }

    /// Asks the scan to stop; who waits is told so.
    pub fn cancel(&self) {
        self.control.stop.store(true, Ordering::Relaxed);
    }

    /// Stops the scan and waits for its thread, but not for ever. Call it detached.
    pub fn finish(&self) {
        self.cancel();
        // Without a receiver a scan that waits to hand over its batch ends at once.
        drop(self.inbox.lock().unwrap_or_else(PoisonError::into_inner).take());
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(worker) = worker else { return };
        let since = Instant::now();
        while !worker.is_finished() && since.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
        if worker.is_finished() {
            drop(worker.join());
        }
    }

    /// In a forked child the thread does not exist: forget it.
    pub fn forget(&self) {
        if let Ok(mut worker) = self.worker.try_lock() {
            std::mem::forget(worker.take());
        }
        if let Ok(mut inbox) = self.inbox.try_lock() {
            std::mem::forget(inbox.take());
        }
    }
}

fn stopped() -> Word {
    Word::Failed(Failure::Told(Error::new(Kind::Cancelled, "the stream was closed")))
}

/// The thread's whole life.
fn run(
    inputs: Vec<Input>,
    request: Request,
    control: Arc<Control>,
    told: &Mutex<Vec<Coverage>>,
    outbox: &SyncSender<Word>,
) {
    let ended = catch_unwind(AssertUnwindSafe(|| drive(inputs, request, control, told, outbox)));
    let last = match ended {
        Ok(Ok(())) => Word::Done,
        Ok(Err(error)) => Word::Failed(Failure::Told(error)),
        Err(panic) => Word::Failed(Failure::Panic(said(&*panic))),
    };
    // Nobody may be listening any more.
    drop(outbox.send(last));
}

fn drive(
    inputs: Vec<Input>,
    request: Request,
    control: Arc<Control>,
    told: &Mutex<Vec<Coverage>>,
    outbox: &SyncSender<Word>,
) -> Result<(), Error> {
    let mut scan = Scan::open(inputs, request, control)?;
    note(&scan, told);
    if outbox.send(Word::Opened).is_err() {
        return Ok(());
    }
    let schema = scan.schema();
    note(&scan, told);
    let mut heard = outbox.send(Word::Schema(schema?)).is_ok();
    while heard {
        let batch = scan.next_batch();
        note(&scan, told);
        let Some(batch) = batch? else { break };
        heard = outbox.send(Word::Batch(batch)).is_ok();
    }
    Ok(())
}

fn note(scan: &Scan, told: &Mutex<Vec<Coverage>>) {
    *told.lock().unwrap_or_else(PoisonError::into_inner) = scan.coverage().to_vec();
}

/// The text of a panic.
pub fn said(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (None, Some(text)) => text.clone(),
        (None, None) => "a panic without words".to_owned(),
    }
}
