//! What a caller asks for, complete: no setting lives anywhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::source::Origin;

/// Which of the tables to make of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Wide,
    Long,
    Summary,
}

/// What to do with the rows that a resumed run wrote again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restarts {
    /// Keep the newer ones.
    Stitch,
    /// Keep all, with their attempt.
    Keep,
}

/// How a named group of a user's pattern is typed; without a hint the leading lines decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    Int,
    Float,
    Str,
    Datetime,
}

/// A regex with named groups; its name labels the kind of its rows unless it is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pub name: String,
    pub regex: String,
    pub hints: Vec<(String, Hint)>,
}

/// How the lines are understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grammar {
    /// Found from the leading bytes.
    Detect,
    /// A format of the catalogue, by name.
    Named(String),
    /// The text of a format file, and its file name.
    Toml {
        text: String,
        file: String,
    },
    Patterns(Vec<Pattern>),
}

/// One source and the run it belongs to.
#[derive(Debug)]
pub struct Input {
    pub run: String,
    pub name: String,
    pub origin: Origin,
}

#[derive(Debug)]
pub struct Request {
    pub inputs: Vec<Input>,
    pub grammar: Grammar,
    /// Final names, printed names or globs; none means all.
    pub metrics: Option<Vec<String>>,
    pub layout: Layout,
    pub restarts: Restarts,
    /// Put a `run` column first even when there is one source.
    pub run_column: bool,
    /// 0 means as many as the machine has.
    pub threads: usize,
    pub block_bytes: usize,
    pub batch_rows: usize,
    /// Batches as they come, in bounded memory, instead of the whole table before the first.
    pub streaming: bool,
    pub max_line: usize,
}

impl Request {
    /// All defaults: the wide table of everything, stitched.
    pub fn new(inputs: Vec<Input>) -> Self {
        Request {
            inputs,
            grammar: Grammar::Detect,
            metrics: None,
            layout: Layout::Wide,
            restarts: Restarts::Stitch,
            run_column: false,
            threads: 0,
            block_bytes: 512 << 10,
            batch_rows: 64 << 10,
            streaming: false,
            max_line: 1 << 20,
        }
    }
}

/// Shared with whoever waits: how far it is, and whether to stop.
#[derive(Debug, Default)]
pub struct Control {
    pub stop: Arc<AtomicBool>,
    pub bytes_done: AtomicU64,
    pub bytes_total: AtomicU64,
    pub rows: AtomicU64,
}
