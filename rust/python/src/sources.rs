//! Sources as Python names them: a path, `-`, or an open binary file that we read a mebibyte at a time.

use std::error::Error;
use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyString};

use fastlogs_core::scan::request::Input;
use fastlogs_core::source::{Far, Origin};

/// One call into Python reads this much at most.
const CHUNK: usize = 1 << 20;

/// (run, name, path, bytes or open file)
pub type Source = (String, String, Py<PyAny>);

pub fn inputs(py: Python<'_>, sources: Vec<Source>) -> Vec<Input> {
    sources.into_iter().map(|(run, name, given)| Input { run, name, origin: origin(py, given) }).collect()
}

fn origin(py: Python<'_>, given: Py<PyAny>) -> Origin {
    if let Ok(bytes) = given.bind(py).cast::<PyBytes>() {
        return Origin::Bytes(bytes.as_bytes().into());
    }
    match given.extract::<PathBuf>(py) {
        Ok(path) if path.as_os_str() == "-" => Origin::Stdin,
        Ok(path) => Origin::Path(path),
        Err(_) => {
            let given = given.bind(py);
            let far = given.getattr("far").and_then(|far| far.is_truthy()).unwrap_or(false);
            let opened = Box::new(Opened::new(given));
            if far { Origin::Far(opened) } else { Origin::Reader(opened) }
        }
    }
}

/// What Python raised, in its own words.
#[derive(Debug)]
pub struct Raised(pub PyErr);

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = Python::try_attach(|py| self.0.value(py).to_string());
        f.write_str(&said.unwrap_or_else(|| "Python ends".to_owned()))
    }
}

impl Error for Raised {}

/// An open Python file as a reader; attached only while Python reads.
struct Opened {
    file: Py<PyAny>,
    method: &'static str,
    held: Vec<u8>,
    at: usize,
}

impl Opened {
    fn new(file: &Bound<'_, PyAny>) -> Self {
        // read1 gives what is there; read of a pipe waits until all that was asked for has come.
        let has = |name: &str| file.hasattr(name).unwrap_or(false);
        let method = ["read1", "readinto"].into_iter().find(|m| has(m)).unwrap_or("read");
        Opened { file: file.clone().unbind(), method, held: Vec::new(), at: 0 }
    }

    /// Gets the next chunk; `false` when the file has nothing yet.
    fn refill(&mut self) -> io::Result<bool> {
        let got = Python::try_attach(|py| self.ask(py)).unwrap_or_else(|| Ok(Some(Vec::new())));
        let got = got.map_err(|raised| io::Error::other(Raised(raised)))?;
        self.at = 0;
        let there = got.is_some();
        self.held = got.unwrap_or_default();
        Ok(there)
    }

    /// One call into Python; `None` is its word for "nothing yet".
    fn ask(&self, py: Python<'_>) -> PyResult<Option<Vec<u8>>> {
        if self.method == "readinto" {
            let buffer = PyByteArray::new_with(py, CHUNK, |_| Ok(()))?;
            let read: Option<usize> = self.file.call_method1(py, self.method, (&buffer,))?.extract(py)?;
            return Ok(read.map(|n| {
                let mut bytes = buffer.to_vec();
                bytes.truncate(n);
                bytes
            }));
        }
        let given = self.file.call_method1(py, self.method, (CHUNK,))?.into_bound(py);
        if given.is_none() {
            return Ok(None);
        }
        if given.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err("wanted a binary file, found one of text: open it with mode 'rb'"));
        }
        Ok(Some(given.cast::<PyBytes>()?.as_bytes().to_vec()))
    }
}

impl Far for Opened {
    fn again(&self) -> Option<Box<dyn Far>> {
        let again = |py: Python<'_>| Some(Opened::new(&self.file.bind(py).call_method0("again").ok()?));
        Some(Box::new(Python::try_attach(again)??))
    }
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.held.len() {
            if !self.refill()? {
                thread::sleep(Duration::from_millis(10));
                return Err(io::ErrorKind::Interrupted.into());
            }
            if self.held.is_empty() {
                return Ok(0);
            }
        }
        let n = into.len().min(self.held.len() - self.at);
        into[..n].copy_from_slice(&self.held[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
