//! The catalogue of formats, and the files that a path stands for.

use std::ffi::OsString;
use std::path::PathBuf;

use fastlogs_core::check::check;
use fastlogs_core::format::builtin;
use fastlogs_core::source::expand as files_of;
use pyo3::prelude::*;

use crate::errors;

/// (name, about, TOML text) of every format of the catalogue.
#[pyfunction]
pub fn formats(py: Python<'_>) -> Vec<(String, String, &'static str)> {
    let named = |file: &builtin::File| {
        let stem = file.name.trim_end_matches(".toml");
        let about = builtin::format(stem).map(|f| f.spec.about.clone()).unwrap_or_default();
        (stem.to_owned(), about, file.text)
    };
    py.detach(|| builtin::FORMATS.iter().map(named).collect())
}

/// What is wrong with a format file, each problem as it should be shown; empty when nothing is.
#[pyfunction]
pub fn check_format(py: Python<'_>, text: &str, file: &str) -> Vec<String> {
    py.detach(|| check(text, file, builtin::formats()).iter().map(ToString::to_string).collect())
}

/// The files that a path, a folder or a glob stands for, in order; and what could not be looked into.
#[pyfunction]
pub fn expand(py: Python<'_>, path: PathBuf) -> PyResult<(Vec<OsString>, Vec<String>)> {
    let found = py.detach(|| files_of(&path)).map_err(|error| errors::told(py, error))?;
    let problems = found.problems.iter().map(ToString::to_string).collect();
    Ok((found.paths.into_iter().map(PathBuf::into_os_string).collect(), problems))
}
