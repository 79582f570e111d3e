//! What the laws look at: the long table of some bytes as plain rows, and what was told of them.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use fastlogs_core::error::Error;
use fastlogs_core::scan::Scan;
use fastlogs_core::scan::coverage::Coverage;
use fastlogs_core::scan::request::{Control, Input, Layout, Request, Restarts};
use fastlogs_core::source::Origin;

/// One value of the long table.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub offset: i64,
    pub kind: String,
    pub metric: String,
    pub step: i64,
    /// As printed by Rust: then NaN equals NaN. Texts stand in quotes.
    pub value: String,
}

pub fn long() -> Request {
    Request { layout: Layout::Long, restarts: Restarts::Keep, ..Request::default() }
}

pub fn scan(origin: Origin, request: Request) -> Result<Scan, Error> {
    let input = Input { run: String::new(), name: "test".into(), origin };
    Scan::open(vec![input], request, Arc::new(Control::default()))
}

/// The whole long table of some bytes, with all attempts.
pub fn read(bytes: &[u8]) -> (Vec<Value>, Coverage) {
    let mut scan = scan(Origin::Bytes(bytes.into()), Request { threads: 1, ..long() }).unwrap();
    let mut values = Vec::new();
    while let Some(batch) = scan.next_batch().unwrap() {
        values.extend(rows(&batch));
    }
    (values, scan.coverage()[0].clone())
}

pub fn rows(batch: &RecordBatch) -> Vec<Value> {
    let word = |name: &str| {
        let column = batch.column_by_name(name).unwrap().as_dictionary::<Int32Type>();
        let words = column.values().as_string::<i32>();
        column.keys().values().iter().map(|&k| words.value(k as usize).to_owned()).collect::<Vec<_>>()
    };
    let (kinds, metrics) = (word("kind"), word("metric"));
    let int = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int64Type>().values().to_vec();
    let (steps, offsets) = (int("step"), int("offset"));
    let values = batch.column_by_name("value").unwrap().as_primitive::<Float64Type>();
    let texts = batch.column_by_name("text").unwrap().as_string::<i32>();
    let shown = |i: usize| match values.is_null(i) {
        false => format!("{:?}", values.value(i)),
        true => format!("{:?}", texts.value(i)),
    };
    (0..batch.num_rows())
        .map(|i| Value {
            offset: offsets[i],
            kind: kinds[i].clone(),
            metric: metrics[i].clone(),
            step: steps[i],
            value: shown(i),
        })
        .collect()
}

/// The values of each line, by where it begins.
pub fn by_offset(values: &[Value]) -> BTreeMap<i64, Vec<&Value>> {
    let mut lines: BTreeMap<i64, Vec<&Value>> = BTreeMap::new();
    for value in values {
        lines.entry(value.offset).or_default().push(value);
    }
    lines
}

/// The small logs of `tests/data/logs`, with their names.
pub fn logs() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/logs");
    let mut logs: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    logs.sort();
    assert!(logs.len() > 10);
    logs
}

/// Whether to run the long form of a test.
pub fn torture() -> bool {
    std::env::var_os("FASTLOGS_TORTURE").is_some()
}
