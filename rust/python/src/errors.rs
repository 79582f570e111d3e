//! Every failure as the exception Python has for it.

use std::io;

use fastlogs_core::error::{Error, Kind, Place};
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::pump::Failure;
use crate::sources::Raised;

pub const FORKED: &str = "this stream belongs to the parent process; open a new one after fork";

/// What fits an error string of the C stream.
const LONGEST: usize = 2048;

pub fn raised(py: Python<'_>, failure: Failure) -> PyErr {
    match failure {
        Failure::Told(error) => told(py, error),
        Failure::Panic(said) => bug(&said),
        Failure::Signal(raised) => raised,
        Failure::Finalizing => PyRuntimeError::new_err("the interpreter is shutting down"),
    }
}

/// The core's error; exhaustive, so that a new kind does not compile until it has an exception.
pub fn told(py: Python<'_>, error: Error) -> PyErr {
    let text = error.to_string();
    let Error { kind, what, place } = error;
    let place = place.unwrap_or_default();
    match kind {
        Kind::Io(io) => system(py, io, &what, &place),
        Kind::Pattern => ours(py, "PatternError", &text, &place),
        Kind::Format => ours(py, "FormatError", &text, &place),
        Kind::Unknown => ours(py, "UnknownMetric", &text, &place),
        Kind::Damaged => ours(py, "DamagedFile", &text, &place),
        Kind::Usage => ours(py, "UsageError", &text, &place),
        Kind::NoMetrics => ours(py, "NoMetricsFound", &text, &place),
        Kind::Cancelled => ours(py, "StreamClosed", &text, &place),
    }
}

/// What the system refused is the built-in with errno and path; what a Python file raised is raised again.
fn system(py: Python<'_>, io: io::Error, what: &str, place: &Place) -> PyErr {
    if let Some(Raised(theirs)) = io.get_ref().and_then(|e| e.downcast_ref()) {
        return theirs.clone_ref(py);
    }
    let Some(errno) = io.raw_os_error().or_else(|| errno_of(io.kind())) else {
        return ours(py, "SourceError", what, place);
    };
    let text = io.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_owned();
    match place.path.is_empty() {
        true => PyOSError::new_err((errno, text)),
        false => PyOSError::new_err((errno, text, place.path.clone())),
    }
}

/// The errno of a refusal that we worded ourselves; Python makes FileNotFoundError and the like of it.
fn errno_of(kind: io::ErrorKind) -> Option<i32> {
    match kind {
        io::ErrorKind::NotFound => Some(2),
        io::ErrorKind::PermissionDenied => Some(13),
        io::ErrorKind::IsADirectory => Some(21),
        _ => None,
    }
}

/// One of `fastlogs.errors`: two parents each, which PyO3's macro can't give.
fn ours(py: Python<'_>, class: &str, text: &str, place: &Place) -> PyErr {
    let made = || -> PyResult<PyErr> {
        let where_ = PyDict::new(py);
        where_.set_item("path", Some(&place.path).filter(|p| !p.is_empty()))?;
        where_.set_item("line", place.line)?;
        where_.set_item("offset", place.offset)?;
        let class = py.import("fastlogs.errors")?.getattr(class)?;
        Ok(PyErr::from_value(class.call((text,), Some(&where_))?))
    };
    made().unwrap_or_else(|raised| raised)
}

pub fn closed(py: Python<'_>, text: &str) -> PyErr {
    ours(py, "StreamClosed", text, &Place::default())
}

pub fn usage(py: Python<'_>, text: &str) -> PyErr {
    ours(py, "UsageError", text, &Place::default())
}

/// A mistake of ours, not of the caller's.
pub fn bug(said: &str) -> PyErr {
    PyRuntimeError::new_err(format!("a bug in fastlogs, please report it: {said}"))
}

/// An exception as a text that C can carry.
pub fn words(py: Python<'_>, raised: &PyErr) -> String {
    let text = raised.value(py).to_string();
    let mut text = if text.is_empty() { "interrupted".to_owned() } else { text.replace('\0', "\u{2400}") };
    let end = (0..=LONGEST.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    text.truncate(end.unwrap_or_default());
    text
}

/// Ctrl-C stays Ctrl-C when a foreign consumer turns our error into its own.
pub fn interrupt_again(py: Python<'_>, raised: &PyErr) {
    if raised.is_instance_of::<PyKeyboardInterrupt>(py) {
        // Failing here leaves the consumer's own error, which says "interrupted".
        drop(py.import("_thread").and_then(|module| module.call_method0("interrupt_main")));
    }
}
