//! `fastlogs._core.files`: what files look like from outside.

use std::path::PathBuf;

use fastlogs_core::source;
use pyo3::prelude::*;

/// Size, times and place of each file, and of each below a folder; none of what cannot be looked at, or was written so
/// shortly before `began`, in nanoseconds since 1970, that a later write may look the same.
#[pyfunction]
pub fn looks(py: Python<'_>, paths: Vec<PathBuf>, began: i64) -> Vec<Option<String>> {
    py.detach(|| source::looks(&paths, i128::from(began)))
}
