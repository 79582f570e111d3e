//! The one error of the core: what went wrong, and where.

use std::fmt;
use std::io;

/// What went wrong; the binding maps each kind to one Python exception.
#[derive(Debug)]
pub enum Kind {
    /// The operating system refused: missing, forbidden, a broken pipe.
    Io(io::Error),
    /// A pattern that cannot be compiled.
    Pattern,
    /// A format file that is wrong.
    Format,
    /// No format, or no metric, of that name.
    Unknown,
    /// Framing or compression lost beyond repair.
    Damaged,
    /// A request that contradicts itself.
    Usage,
    /// The source holds nothing that looks like a metric.
    NoMetrics,
    /// The caller asked to stop.
    Cancelled,
}

/// `what` says wanted, found and what to type next; `place` says where.
#[derive(Debug)]
pub struct Error {
    pub kind: Kind,
    pub what: String,
    pub place: Option<Place>,
}

/// Where in which input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub path: String,
    pub line: Option<u64>,
    pub offset: Option<u64>,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Error { kind, what: what.into(), place: None }
    }

    pub fn io(error: io::Error, path: impl Into<String>) -> Self {
        let what = error.to_string();
        Error::new(Kind::Io(error), what).at(path)
    }

    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.place.get_or_insert_with(Place::default).path = path.into();
        self
    }

    pub fn line(mut self, line: u64) -> Self {
        self.place.get_or_insert_with(Place::default).line = Some(line);
        self
    }

    pub fn offset(mut self, offset: u64) -> Self {
        self.place.get_or_insert_with(Place::default).offset = Some(offset);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        let Some(place) = &self.place else { return Ok(()) };
        match (place.line, place.offset) {
            (Some(line), _) => write!(f, " ({}:{line})", place.path),
            (None, Some(offset)) => write!(f, " ({} at byte {offset})", place.path),
            (None, None) => write!(f, " ({})", place.path),
        }
    }
}

impl std::error::Error for Error {}
