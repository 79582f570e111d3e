//! Runs one scan on a thread of its own and hands what it makes to whoever waits, one batch ahead.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
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
    schema: Mutex<Option<SchemaRef>>,
    /// The last word was `Done`: whoever asks again hears it again.
    done: AtomicBool,
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
        Ok(Pump {
            inbox: Mutex::new(Some(inbox)),
            worker: Mutex::new(Some(worker)),
            schema: Mutex::new(None),
            done: AtomicBool::new(false),
            control,
            coverage,
        })
    }

    /// The schema, known before the first batch.
    pub fn schema(&self) -> Result<SchemaRef, Failure> {
        match self.listen(true)? {
            Word::Schema(schema) => Ok(schema),
            Word::Failed(failure) => Err(failure),
            Word::Opened | Word::Batch(_) | Word::Done => Err(Failure::Panic("no schema before the batches".into())),
        }
    }

    /// The next word but the schema, which is kept.
    pub fn next(&self) -> Result<Word, Failure> {
        loop {
            let word = self.listen(false)?;
            if !matches!(word, Word::Schema(_)) {
                return Ok(word);
            }
        }
    }

    /// Waits for a word without the GIL, whether or not the calling thread holds it, and looks at signals.
    fn listen(&self, for_schema: bool) -> Result<Word, Failure> {
        if let Some(word) = self.waiting(for_schema) {
            return Ok(word);
        }
        Python::try_attach(|py| self.wait(py, for_schema)).unwrap_or(Err(Failure::Finalizing))
    }

    /// A word that is there already; taken without touching Python.
    fn waiting(&self, for_schema: bool) -> Option<Word> {
        let inbox = self.inbox.try_lock().ok()?;
        if let Some(schema) = self.known(for_schema) {
            return Some(schema);
        }
        match inbox.as_ref()?.try_recv() {
            Ok(word) => Some(self.heard(word)),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => None,
        }
    }

    fn wait(&self, py: Python<'_>, for_schema: bool) -> Result<Word, Failure> {
        loop {
            if let Some(word) = py.detach(|| self.glance(for_schema)) {
                return Ok(word);
            }
            py.check_signals().map_err(Failure::Signal)?;
        }
    }

    /// Waits a moment; nothing yet is `None`.
    fn glance(&self, for_schema: bool) -> Option<Word> {
        let inbox = self.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = self.known(for_schema) {
            return Some(schema);
        }
        let received = inbox.as_ref().map(|inbox| inbox.recv_timeout(GLANCE));
        match received {
            Some(Ok(word)) => Some(self.heard(word)),
            Some(Err(RecvTimeoutError::Timeout)) => None,
            Some(Err(RecvTimeoutError::Disconnected)) | None => Some(self.silence()),
        }
    }

    /// The schema if it is asked for and was heard. Ask it with the inbox locked: then no batch can come before it.
    fn known(&self, for_schema: bool) -> Option<Word> {
        let schema = self.schema.lock().unwrap_or_else(PoisonError::into_inner);
        schema.as_ref().filter(|_| for_schema).map(|schema| Word::Schema(Arc::clone(schema)))
    }

    fn heard(&self, word: Word) -> Word {
        match &word {
            Word::Done => self.done.store(true, Ordering::Release),
            Word::Schema(schema) => {
                *self.schema.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(schema));
            }
            Word::Opened | Word::Batch(_) | Word::Failed(_) => {}
        }
        word
    }

    /// What is said when the thread has gone: it was done, or it was stopped.
    fn silence(&self) -> Word {
        if self.done.load(Ordering::Acquire) {
            return Word::Done;
        }
        Word::Failed(Failure::Told(Error::new(Kind::Cancelled, "the stream was closed")))
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
