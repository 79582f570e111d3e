//! `Options`: everything a read can be asked for, checked once and frozen.

use pyo3::prelude::*;

use crate::errors;
use fastlogs_core::grammar::{Grammar, Hint, Pattern};
use fastlogs_core::scan::request::{Layout, Request, Restarts};

/// (name, regex, [(group, type)])
type Named = (String, String, Vec<(String, String)>);

/// What a read is asked for; every choice is a keyword.
#[pyclass(frozen, module = "fastlogs._core")]
pub struct Options {
    grammar: Grammar,
    metrics: Option<Vec<String>>,
    curves: Vec<String>,
    layout: Layout,
    restarts: Restarts,
    run_column: bool,
    threads: usize,
    block_bytes: Option<usize>,
    batch_rows: Option<usize>,
    max_line: Option<usize>,
    streaming: bool,
    pub rearm: bool,
}

#[pymethods]
impl Options {
    #[new]
    #[allow(clippy::too_many_arguments)]
    #[pyo3(signature = (*, format=None, toml=None, patterns=None, metrics=None, curves=Vec::new(), layout="wide",
        restarts="stitch", run_column=false, threads=0, block_bytes=None, batch_rows=None, max_line=None, streaming=false,
        rearm=true))]
    fn new(
        py: Python<'_>,
        format: Option<String>,
        toml: Option<(String, String)>,
        patterns: Option<Vec<Named>>,
        metrics: Option<Vec<String>>,
        curves: Vec<String>,
        layout: &str,
        restarts: &str,
        run_column: bool,
        threads: usize,
        block_bytes: Option<usize>,
        batch_rows: Option<usize>,
        max_line: Option<usize>,
        streaming: bool,
        rearm: bool,
    ) -> PyResult<Self> {
        Ok(Options {
            grammar: grammar(py, format, toml, patterns)?,
            metrics,
            curves,
            layout: self::layout(py, layout)?,
            restarts: self::restarts(py, restarts)?,
            run_column,
            threads,
            block_bytes,
            batch_rows,
            max_line,
            streaming,
            rearm,
        })
    }
}

impl Options {
    pub fn request(&self) -> Request {
        let default = Request::default();
        Request {
            grammar: self.grammar.clone(),
            metrics: self.metrics.clone(),
            curves: self.curves.clone(),
            layout: self.layout,
            restarts: self.restarts,
            run_column: self.run_column,
            threads: self.threads,
            block_bytes: self.block_bytes.unwrap_or(default.block_bytes),
            batch_rows: self.batch_rows.unwrap_or(default.batch_rows),
            max_line: self.max_line.unwrap_or(default.max_line),
            streaming: self.streaming,
        }
    }
}

fn grammar(
    py: Python<'_>,
    format: Option<String>,
    toml: Option<(String, String)>,
    patterns: Option<Vec<Named>>,
) -> PyResult<Grammar> {
    match (format, toml, patterns) {
        (None, None, None) => Ok(Grammar::Detect),
        (Some(name), None, None) => Ok(Grammar::Named(name)),
        (None, Some((text, file)), None) => Ok(Grammar::Toml { text, file }),
        (None, None, Some(patterns)) => {
            patterns.into_iter().map(|p| pattern(py, p)).collect::<PyResult<_>>().map(Grammar::Patterns)
        }
        _ => Err(errors::usage(py, "wanted a format or a pattern, found both")),
    }
}

fn pattern(py: Python<'_>, (name, regex, hints): Named) -> PyResult<Pattern> {
    let hints = hints.into_iter().map(|(group, kind)| Ok((group, hint(py, &kind)?))).collect::<PyResult<_>>()?;
    Ok(Pattern { name, regex, hints })
}

fn hint(py: Python<'_>, word: &str) -> PyResult<Hint> {
    match word {
        "int" => Ok(Hint::Int),
        "float" => Ok(Hint::Float),
        "str" => Ok(Hint::Str),
        "datetime" => Ok(Hint::Datetime),
        other => Err(errors::usage(py, &format!("wanted a type of int, float, str or datetime, found '{other}'"))),
    }
}

fn layout(py: Python<'_>, word: &str) -> PyResult<Layout> {
    match word {
        "wide" => Ok(Layout::Wide),
        "long" => Ok(Layout::Long),
        "summary" => Ok(Layout::Summary),
        other => Err(errors::usage(py, &format!("wanted layout 'wide', 'long' or 'summary', found '{other}'"))),
    }
}

fn restarts(py: Python<'_>, word: &str) -> PyResult<Restarts> {
    match word {
        "stitch" => Ok(Restarts::Stitch),
        "keep" => Ok(Restarts::Keep),
        other => Err(errors::usage(py, &format!("wanted restarts 'stitch' or 'keep', found '{other}'"))),
    }
}
