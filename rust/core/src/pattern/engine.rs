//! Runs a template over a line.

/// Memory of a run.
#[derive(Debug, Default)]
pub struct Trail {}
