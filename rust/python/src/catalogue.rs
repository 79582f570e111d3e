//! The catalogue of formats, and what a path stands for.

use pyo3::prelude::*;

/// (name, about, TOML text) of every format of the catalogue.
#[pyfunction]
pub fn formats() -> Vec<(String, String, String)> {
    Vec::new()
}

/// What is wrong with a format file, each problem as it should be shown; empty when nothing is.
#[pyfunction]
pub fn check_format(py: Python<'_>, text: String, file: String) -> Vec<String> {
    py.detach(|| {
        drop((text, file));
        Vec::new()
    })
}

/// The files that a path, a folder or a glob stands for.
#[pyfunction]
pub fn expand(py: Python<'_>, path: String) -> PyResult<Vec<String>> {
    py.detach(|| Ok(vec![path]))
}

/// How well each format fits a file: (format, score, why), best first.
#[pyfunction]
pub fn detect(py: Python<'_>, path: String) -> PyResult<Vec<(String, f64, String)>> {
    py.detach(|| {
        drop(path);
        Ok(Vec::new())
    })
}
