//! The catalogue of formats, the runs that a path stands for, and their settings.

use std::ffi::OsString;
use std::path::PathBuf;

use fastlogs_core::check::check;
use fastlogs_core::config::{self, Setting};
use fastlogs_core::detect;
use fastlogs_core::format::builtin;
use fastlogs_core::format::catalogue::{Catalogue, Entry};
use fastlogs_core::layout::{self, Place, Places};
use pyo3::prelude::*;

use crate::errors;

/// (name, about, TOML text) of every format of the catalogue.
#[pyfunction]
pub fn formats(py: Python<'_>) -> Vec<(String, String, &'static str)> {
    let named = |entry: &Entry| (entry.name().to_owned(), entry.top.about.clone(), entry.text());
    py.detach(|| Catalogue::builtin().entries.iter().map(named).collect())
}

/// What is wrong with a format file, each problem as it should be shown; empty when nothing is.
#[pyfunction]
pub fn check_format(py: Python<'_>, text: &str, file: &str) -> Vec<String> {
    py.detach(|| check(text, file, builtin::formats()).iter().map(ToString::to_string).collect())
}

/// A format, how many of so many leading lines it claims, and by which rule the first of them.
type Candidate = (String, u64, u64, String, String);

/// The formats of text that claim some of the leading lines of a log, the likeliest first.
#[pyfunction]
pub fn candidates(py: Python<'_>, head: &[u8]) -> Vec<Candidate> {
    let told = |c: detect::Candidate| (c.name, c.lines, c.total, c.rule, c.line);
    py.detach(|| detect::candidates(head).into_iter().map(told).collect())
}

/// A run on a disk: key, path, logs, files of settings, checkpoints, and what says that it is a run.
type Run = (String, OsString, Vec<OsString>, Vec<OsString>, Vec<OsString>, String);

/// The runs that a path, a folder or a glob stands for, in order; and what could not be looked into. `beside` looks for
/// the settings and checkpoints of a log that is named itself.
#[pyfunction]
#[pyo3(signature = (path, *, beside=false))]
pub fn expand(py: Python<'_>, path: PathBuf, beside: bool) -> PyResult<(Vec<Run>, Vec<String>)> {
    let found = py.detach(|| match beside {
        true => Ok(Places { list: layout::beside(&path), ..Places::default() }),
        false => layout::places(&path),
    });
    let Places { list, problems } = found.map_err(|error| errors::told(py, error))?;
    Ok((list.into_iter().map(run).collect(), problems.iter().map(ToString::to_string).collect()))
}

fn run(place: Place) -> Run {
    let Place { key, path, logs, config, checkpoints, why } = place;
    let [logs, config, checkpoints] =
        [logs, config, checkpoints].map(|list| list.into_iter().map(PathBuf::into_os_string).collect());
    (key, path.into_os_string(), logs, config, checkpoints, why)
}

/// One setting, as Python has it.
#[derive(IntoPyObject)]
pub enum Value {
    Flag(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

/// Where settings are: the bytes of a file and its name, or many files.
#[derive(FromPyObject)]
pub enum Given {
    Bytes(Vec<u8>, String),
    Paths(Vec<PathBuf>),
}

/// What they are: of a file, or of each of many.
#[derive(IntoPyObject)]
pub enum Settings {
    One(Values),
    Each(Vec<Option<Values>>),
}

type Values = Vec<(String, Value)>;

/// The settings of a file, nested ones as `model.dim`; of many files, read side by side, none of one that cannot be read.
#[pyfunction]
pub fn settings(py: Python<'_>, given: Given) -> PyResult<Settings> {
    match given {
        Given::Bytes(data, name) => {
            let found = py.detach(|| config::settings(&data, &name)).map_err(|error| errors::told(py, error))?;
            Ok(Settings::One(values(found)))
        }
        Given::Paths(paths) => {
            let found = py.detach(|| config::settings_of(&paths));
            Ok(Settings::Each(found.into_iter().map(|settings| settings.map(values)).collect()))
        }
    }
}

fn values(found: config::Settings) -> Values {
    let value = |setting| match setting {
        Setting::Flag(flag) => Value::Flag(flag),
        Setting::Int(int) => Value::Int(int),
        Setting::Float(float) => Value::Float(float),
        Setting::Text(text) => Value::Text(text),
    };
    found.into_iter().map(|(key, setting)| (key, value(setting))).collect()
}
