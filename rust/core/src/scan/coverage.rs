//! What a read matched and what it left, a source at a time.

use crate::row::{Sample, Tally};

/// How the step of the rows was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepFrom {
    Logged,
    Counters,
    #[default]
    Order,
}

impl StepFrom {
    pub fn word(self) -> &'static str {
        match self {
            StepFrom::Logged => "logged",
            StepFrom::Counters => "counters",
            StepFrom::Order => "order",
        }
    }
}

/// The lines one rule claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    pub rule: String,
    pub lines: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    pub run: String,
    pub source: String,
    /// The format's name; `generic` for the key/value reader, empty when nothing was recognised; what is known by name
    /// and not read yet says so.
    pub format: String,
    pub encoding: String,
    pub codec: String,
    pub bytes: u64,
    pub lines: u64,
    pub rows: u64,
    pub rules: Vec<RuleCount>,
    pub near_misses: Tally,
    pub bad_values: Tally,
    pub clipped: Tally,
    /// Lines equal to the one before, dropped.
    pub repeated: u64,
    /// Progress bars that never reached their total.
    pub unfinished: u64,
    /// Falls of the step to a later step than the attempt's first.
    pub resumes: u64,
    /// Rows a resume wrote again, dropped when stitching.
    pub superseded: u64,
    /// Falls of the step to the first or before.
    pub new_starts: u64,
    /// Values converted to the first unit their column had.
    pub converted: u64,
    /// Metrics that another file of the run has as well, with the same numbers: they are there once.
    pub twins: Vec<String>,
    pub recoded: u64,
    pub holes: u64,
    pub ranks: Vec<i64>,
    pub step: StepFrom,
    /// What broke the compression or the reading off, empty when nothing did.
    pub damage: String,
    pub settings: Vec<(String, String)>,
    /// When nothing matched: the commonest line shapes.
    pub shapes: Vec<Sample>,
}
