//! `Stream`: Arrow batches from a scan, pulled once, by any consumer of the Arrow C stream.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::batch::Batch;
use crate::coverage::Coverage;
use crate::errors;
use crate::options::Options;
use crate::pump::{Failure, Pump, Word, said};
use crate::sources::{Source, inputs};

/// Opens the sources, finds their format, and gives the stream of their table.
#[pyfunction]
pub fn open(py: Python<'_>, sources: Vec<Source>, options: &Options) -> PyResult<Stream> {
    let pump = Pump::start(inputs(py, sources), options.request()).map_err(|failure| errors::raised(py, failure))?;
    let shared = Shared { pump, rearm: options.rearm, failure: Mutex::new(None), pid: std::process::id() };
    match shared.next(py)? {
        Word::Opened => Ok(Stream { shared: Arc::new(shared), pulled: AtomicBool::new(false) }),
        Word::Schema(_) | Word::Batch(_) | Word::Done => Err(errors::bug("the scan began with the wrong word")),
        Word::Failed(failure) => Err(shared.fail(py, failure)),
    }
}

/// What the Python object and the exported C stream have in common.
struct Shared {
    pump: Pump,
    /// Signal again after an interrupt that only a foreign consumer would see as its own error.
    rearm: bool,
    /// The exception behind an error that went through the C stream as text.
    failure: Mutex<Option<Py<PyAny>>>,
    pid: u32,
}

impl Shared {
    fn same_process(&self) -> bool {
        self.pid == std::process::id()
    }

    fn next(&self, py: Python<'_>) -> PyResult<Word> {
        self.pump.next().map_err(|failure| self.fail(py, failure))
    }

    fn pull(&self) -> Result<Option<RecordBatch>, Failure> {
        match self.pump.next()? {
            Word::Batch(batch) => Ok(Some(batch)),
            Word::Done => Ok(None),
            Word::Failed(failure) => Err(failure),
            Word::Opened | Word::Schema(_) => Err(Failure::Panic("a word out of turn".into())),
        }
    }

    /// Stops everything and makes the exception, which is kept for whoever asks.
    fn fail(&self, py: Python<'_>, failure: Failure) -> PyErr {
        py.detach(|| self.pump.finish());
        let raised = errors::raised(py, failure);
        let value = raised.clone_ref(py).into_value(py).into_any();
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        raised
    }

    /// The same for a consumer that understands text only.
    fn fail_in_words(&self, failure: Failure) -> ArrowError {
        let interrupted = matches!(failure, Failure::Signal(_));
        let words = Python::try_attach(|py| {
            let raised = self.fail(py, failure);
            let words = errors::words(py, &raised);
            // Last: the next Python code that runs here meets the signal.
            if interrupted && self.rearm {
                errors::interrupt_again(py, &raised);
            }
            words
        });
        ArrowError::ExternalError(words.unwrap_or_else(|| "the interpreter is shutting down".to_owned()).into())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if self.same_process() { self.pump.finish() } else { self.pump.forget() }
    }
}

/// The reader behind the capsule.
struct Exported {
    schema: SchemaRef,
    shared: Arc<Shared>,
    ended: bool,
}

impl Iterator for Exported {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        if !self.shared.same_process() {
            return Some(Err(ArrowError::ExternalError(errors::FORKED.into())));
        }
        // A panic must not cross into the consumer's C code.
        let pulled = catch_unwind(AssertUnwindSafe(|| self.shared.pull()))
            .unwrap_or_else(|panic| Err(Failure::Panic(said(&*panic))));
        self.ended = !matches!(pulled, Ok(Some(_)));
        pulled.map_err(|failure| self.shared.fail_in_words(failure)).transpose()
    }
}

impl RecordBatchReader for Exported {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// Arrow batches with bounded memory, pulled once.
#[pyclass(frozen, module = "fastlogs._core")]
pub struct Stream {
    shared: Arc<Shared>,
    pulled: AtomicBool,
}

impl Stream {
    fn usable(&self, py: Python<'_>) -> PyResult<()> {
        if self.shared.same_process() { Ok(()) } else { Err(errors::closed(py, errors::FORKED)) }
    }

    fn take(&self, py: Python<'_>) -> PyResult<()> {
        if self.pulled.swap(true, Ordering::AcqRel) {
            return Err(errors::closed(py, "the stream has been read already; open another with fastlogs.stream(...)"));
        }
        Ok(())
    }

    fn arrow_schema(&self, py: Python<'_>) -> PyResult<SchemaRef> {
        self.usable(py)?;
        self.shared.pump.schema().map_err(|failure| self.shared.fail(py, failure))
    }
}

#[pymethods]
impl Stream {
    /// The Arrow C stream; it can be had once.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol lets a producer give its own schema when it can't cast.
        drop(requested_schema);
        self.usable(py)?;
        self.take(py)?;
        let schema = self.arrow_schema(py)?;
        let reader = Exported { schema, shared: Arc::clone(&self.shared), ended: false };
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&*self.arrow_schema(py)?).map_err(|e| errors::bug(&e.to_string()))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        self.usable(py)?;
        self.pulled.store(true, Ordering::Release);
        match self.shared.pull() {
            Ok(batch) => Ok(batch.map(Batch::new)),
            Err(failure) => Err(self.shared.fail(py, failure)),
        }
    }

    /// (column, what is known of it: `unit`, `kind`, `printed`) in order.
    fn fields(&self, py: Python<'_>) -> PyResult<Vec<(String, HashMap<String, String>)>> {
        let schema = self.arrow_schema(py)?;
        Ok(schema.fields().iter().map(|f| (f.name().clone(), f.metadata().into())).collect())
    }

    /// What was matched and what was left so far, a source at a time; complete after the last batch.
    fn coverage(&self, py: Python<'_>) -> PyResult<Vec<Coverage>> {
        self.usable(py)?;
        let told = self.shared.pump.coverage.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(told.iter().cloned().map(Coverage::new).collect())
    }

    /// Bytes done, bytes in all (0 when unknown), rows so far.
    fn progress(&self, py: Python<'_>) -> PyResult<(u64, u64, u64)> {
        self.usable(py)?;
        let control = &self.shared.pump.control;
        let [done, total, rows] =
            [&control.bytes_done, &control.bytes_total, &control.rows].map(|n| n.load(Ordering::Relaxed));
        Ok((done, total, rows))
    }

    /// Asks the scan to stop; a pull under way raises StreamClosed.
    fn cancel(&self, py: Python<'_>) -> PyResult<()> {
        self.usable(py)?;
        self.shared.pump.cancel();
        Ok(())
    }

    /// Stops the scan and lets go of its files.
    fn close(&self, py: Python<'_>) {
        self.pulled.store(true, Ordering::Release);
        if self.shared.same_process() {
            py.detach(|| self.shared.pump.finish());
        }
    }

    /// The exception behind the error of a consumer that only saw its text.
    fn failure(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        let failure = self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.as_ref().map(|e| e.clone_ref(py))
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }
}
