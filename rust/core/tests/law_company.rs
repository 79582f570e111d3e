//! What a source is and what is read of it never depends on what is read beside it.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use fastlogs_core::format::builtin;
use fastlogs_core::format::spec::Example;
use fastlogs_core::scan::Scan;
use fastlogs_core::scan::coverage::Coverage;
use fastlogs_core::scan::request::{Control, Input, Layout, Request};
use fastlogs_core::source::Origin;
use proptest::prelude::*;
use proptest::sample::Index;

/// A log of the examples of one format, and now and then a line that is none of its own.
fn log(format: &Index, lines: &[Index], odd: &[(Index, String)], ended: bool) -> Vec<u8> {
    let formats = builtin::formats();
    let examples = &format.get(formats).spec.examples;
    if examples.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<String> = lines.iter().map(|line| text_of(line.get(examples))).collect();
    for (at, text) in odd {
        all.insert(at.index(all.len() + 1), text.clone());
    }
    let text = all.join("\n") + if ended { "\n" } else { "" };
    text.into_bytes()
}

fn text_of(example: &Example) -> String {
    example.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

fn odd_line() -> impl Strategy<Value = String> {
    let from_another = any::<(Index, Index)>().prop_map(|(format, line)| {
        let examples = &format.get(builtin::formats()).spec.examples;
        if examples.is_empty() { String::new() } else { text_of(line.get(examples)) }
    });
    prop_oneof![Just(String::new()), Just("loss is falling: 12 of 30".to_owned()), from_another]
}

prop_compose! {
    fn any_log()(
        format in any::<Index>(),
        lines in proptest::collection::vec(any::<Index>(), 1..20),
        odd in proptest::collection::vec((any::<Index>(), odd_line()), 0..3),
        ended in any::<bool>(),
    ) -> Vec<u8> {
        log(&format, &lines, &odd, ended)
    }
}

/// What is told of each log, and its rows as they are printed.
fn read(logs: &[&Vec<u8>], layout: Layout, threads: usize) -> Vec<(Coverage, String)> {
    let input = |(k, bytes): (usize, &&Vec<u8>)| Input {
        run: format!("run {k}"),
        name: "log".into(),
        origin: Origin::Bytes(bytes.as_slice().into()),
    };
    let inputs = logs.iter().enumerate().map(input).collect();
    let request = Request { layout, threads, run_column: true, ..Request::default() };
    let mut scan = Scan::open(inputs, request, Arc::new(Control::default())).unwrap();
    let mut rows = vec![String::new(); logs.len()];
    while let Some(batch) = scan.next_batch().unwrap() {
        for (run, row) in printed(&batch) {
            rows[run] += &row;
        }
    }
    let told = |coverage: &Coverage| Coverage { run: String::new(), ..coverage.clone() };
    scan.coverage().iter().map(told).zip(rows).collect()
}

/// Each row without its run and without what it has not, behind the ordinal of its run.
fn printed(batch: &RecordBatch) -> Vec<(usize, String)> {
    let runs = batch.column(0).as_dictionary::<Int32Type>();
    let names = runs.values().as_string::<i32>();
    let run = |row: usize| names.value(runs.keys().value(row) as usize)[4..].parse().unwrap();
    let row = |row: usize| {
        let there = (1..batch.num_columns()).filter(|&k| !batch.column(k).is_null(row));
        let cell = |k: usize| format!("{}={:?} ", batch.schema().field(k).name(), plain(batch.column(k)).slice(row, 1));
        there.map(cell).collect::<String>() + "\n"
    };
    (0..batch.num_rows()).map(|k| (run(k), row(k))).collect()
}

/// A column of words as texts: how they are numbered means nothing. Stamps as numbers: of a table some of whose logs
/// say their zone, all are shown in it.
fn plain(column: &ArrayRef) -> ArrayRef {
    if let Some(stamps) = column.as_primitive_opt::<TimestampMicrosecondType>() {
        return Arc::new(stamps.reinterpret_cast::<Int64Type>());
    }
    match column.as_dictionary_opt::<Int32Type>().and_then(|words| words.downcast_dict::<StringArray>()) {
        Some(words) => Arc::new(words.into_iter().collect::<StringArray>()),
        None => Arc::clone(column),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn company_changes_nothing(logs in proptest::collection::vec(any_log(), 1..4), turns in proptest::collection::vec(any::<Index>(), 1..8)) {
        let among: Vec<&Vec<u8>> = turns.iter().map(|turn| turn.get(&logs)).collect();
        for layout in [Layout::Summary, Layout::Long] {
            let together = read(&among, layout, 1);
            for (log, found) in among.iter().zip(&together) {
                prop_assert_eq!(&read(&[log], layout, 1)[0], found);
            }
            prop_assert_eq!(&together, &read(&among, layout, 3));
        }
    }
}
