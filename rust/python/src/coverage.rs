//! `Coverage`: what a read matched and what it left, as plain frozen attributes.

use fastlogs_core::row::{Sample, Tally};
use pyo3::prelude::*;

use fastlogs_core::scan::coverage::Coverage as Told;

/// A count, and a few samples as (byte offset, text).
type Counted = (u64, Vec<(u64, String)>);

/// What one source gave and what it did not.
#[pyclass(frozen, module = "fastlogs._core")]
pub struct Coverage {
    told: Told,
}

impl Coverage {
    pub fn new(told: Told) -> Self {
        Coverage { told }
    }
}

fn samples(samples: &[Sample]) -> Vec<(u64, String)> {
    samples.iter().map(|s| (s.offset, s.text.clone())).collect()
}

fn counted(tally: &Tally) -> Counted {
    (tally.count, samples(&tally.samples))
}

#[pymethods]
impl Coverage {
    #[getter]
    fn run(&self) -> &str {
        &self.told.run
    }

    #[getter]
    fn source(&self) -> &str {
        &self.told.source
    }

    /// The format's name; `generic` for the key/value reader, empty when nothing was recognised.
    #[getter]
    fn format(&self) -> &str {
        &self.told.format
    }

    #[getter]
    fn encoding(&self) -> &str {
        &self.told.encoding
    }

    #[getter]
    fn codec(&self) -> &str {
        &self.told.codec
    }

    #[getter]
    fn bytes(&self) -> u64 {
        self.told.bytes
    }

    #[getter]
    fn lines(&self) -> u64 {
        self.told.lines
    }

    #[getter]
    fn rows(&self) -> u64 {
        self.told.rows
    }

    /// (rule, lines it claimed)
    #[getter]
    fn rules(&self) -> Vec<(String, u64)> {
        self.told.rules.iter().map(|r| (r.rule.clone(), r.lines)).collect()
    }

    #[getter]
    fn near_misses(&self) -> Counted {
        counted(&self.told.near_misses)
    }

    #[getter]
    fn bad_values(&self) -> Counted {
        counted(&self.told.bad_values)
    }

    #[getter]
    fn clipped(&self) -> Counted {
        counted(&self.told.clipped)
    }

    #[getter]
    fn repeated(&self) -> u64 {
        self.told.repeated
    }

    #[getter]
    fn unfinished(&self) -> u64 {
        self.told.unfinished
    }

    #[getter]
    fn resumes(&self) -> u64 {
        self.told.resumes
    }

    #[getter]
    fn superseded(&self) -> u64 {
        self.told.superseded
    }

    #[getter]
    fn new_starts(&self) -> u64 {
        self.told.new_starts
    }

    #[getter]
    fn converted(&self) -> u64 {
        self.told.converted
    }

    /// Metrics that another file of the run has as well; they are counted once.
    #[getter]
    fn twins(&self) -> Vec<String> {
        self.told.twins.clone()
    }

    #[getter]
    fn recoded(&self) -> u64 {
        self.told.recoded
    }

    #[getter]
    fn holes(&self) -> u64 {
        self.told.holes
    }

    #[getter]
    fn ranks(&self) -> Vec<i64> {
        self.told.ranks.clone()
    }

    /// `logged`, `counters` or `order`.
    #[getter]
    fn step(&self) -> &'static str {
        self.told.step.word()
    }

    /// What broke the reading off; empty when nothing did.
    #[getter]
    fn damage(&self) -> &str {
        &self.told.damage
    }

    /// What the log says of the run's settings, (key, value) in order.
    #[getter]
    fn settings(&self) -> Vec<(String, String)> {
        self.told.settings.clone()
    }

    /// When nothing matched: the commonest line shapes.
    #[getter]
    fn shapes(&self) -> Vec<(u64, String)> {
        samples(&self.told.shapes)
    }

    fn __repr__(&self) -> String {
        let Told { source, format, lines, rows, .. } = &self.told;
        format!("<Coverage of {source:?}: {format}, {rows} rows of {lines} lines>")
    }
}
