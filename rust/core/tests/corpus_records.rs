//! Reads the tables and JSON lines of a corpus of real logs, named by FASTLOGS_CORPUS, and looks for every series
//! that its MANIFEST.toml states: its count, its first and its last value.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use fastlogs_core::read::csv;
use fastlogs_core::read::jsonl::{self, Recognised};
use fastlogs_core::row::{Block, MISSING, PAD, Plan, Rows};
use fastlogs_core::types::Holds;
use toml::{Table, Value};

type Series = BTreeMap<String, Vec<f64>>;

#[test]
fn the_corpus_has_its_series() {
    let Some(corpus) = std::env::var_os("FASTLOGS_CORPUS") else {
        println!("SKIPPED: FASTLOGS_CORPUS names no folder");
        return;
    };
    let corpus = Path::new(&corpus);
    let manifest: Table = std::fs::read_to_string(corpus.join("MANIFEST.toml")).unwrap().parse().unwrap();
    let (mut wanted, mut found) = (0, 0);
    for file in manifest["file"].as_array().unwrap() {
        let kind = file["kind"].as_str().unwrap();
        if !["csv", "tsv", "jsonl"].contains(&kind) {
            continue;
        }
        let name = file["file"].as_str().unwrap();
        let series = read(&std::fs::read(corpus.join(name)).unwrap(), name);
        for (column, facts) in file.get("table").and_then(Value::as_array).into_iter().flatten().flat_map(columns) {
            wanted += 1;
            // A counter may have become the step.
            let names = [column.as_str(), "Step"].into_iter().take(1 + usize::from(column.contains("steps")));
            let hit = names.filter_map(|name| series.get(name)).any(|values| fits(values, facts));
            found += usize::from(hit);
            if !hit {
                println!("{name}: {column} wanted {facts:?}, found {:?}", series.get(&column).map(|v| summary(v)));
            }
        }
    }
    println!("{found} of {wanted} series");
    assert!(wanted > 20 && found == wanted, "{found} of {wanted}");
}

#[test]
fn no_text_log_of_the_corpus_is_a_table() {
    let Some(corpus) = std::env::var_os("FASTLOGS_CORPUS") else {
        println!("SKIPPED: FASTLOGS_CORPUS names no folder");
        return;
    };
    let corpus = Path::new(&corpus);
    let manifest: Table = std::fs::read_to_string(corpus.join("MANIFEST.toml")).unwrap().parse().unwrap();
    let mut claimed = Vec::new();
    for file in manifest["file"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let data = std::fs::read(corpus.join(name)).unwrap();
        let head = &data[..data.len().min(1 << 20)];
        let lines = matches!(jsonl::recognise(head), Some(Recognised::Lines(_)));
        let document = matches!(jsonl::recognise(head), Some(Recognised::Document(_)));
        match file["kind"].as_str().unwrap() {
            "text" if lines || document || csv::recognise(head).is_some() => claimed.push(name.to_owned()),
            "json" if !document => claimed.push(name.to_owned()),
            _ => {}
        }
    }
    assert!(claimed.is_empty(), "{claimed:?}");
}

/// Every column of a table whose count, first and last value are stated.
fn columns(table: &Value) -> Vec<(String, (f64, f64, usize))> {
    let number = |value: Option<&Value>| value.and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64)));
    let counts = table.get("count").and_then(Value::as_table).cloned().unwrap_or_default();
    let facts = counts.iter().filter_map(|(name, count)| {
        let first = number(table.get("first")?.get(name))?;
        let last = number(table.get("last")?.get(name))?;
        Some((name.clone(), (first, last, count.as_integer()? as usize)))
    });
    facts.collect()
}

fn summary(values: &[f64]) -> (f64, f64, usize) {
    (values[0], values[values.len() - 1], values.len())
}

fn fits(values: &[f64], facts: (f64, f64, usize)) -> bool {
    let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * b.abs();
    let (first, last, count) = summary(values);
    count == facts.2 && same(first, facts.0) && same(last, facts.1)
}

fn read(data: &[u8], name: &str) -> Series {
    let head = &data[..data.len().min(1 << 20)];
    let plan: Box<dyn Plan> = match jsonl::recognise(head) {
        Some(Recognised::Lines(plan)) => Box::new(plan),
        Some(Recognised::Document(_)) => panic!("{name} is no document"),
        None => Box::new(csv::recognise(head).unwrap_or_else(|| panic!("{name} is a table"))),
    };
    let mut reader = plan.reader();
    let mut rows = Rows::default();
    let mut padded = data.to_vec();
    // A last number without a line end is not believed; the manifest knows that these were whole.
    if !padded.ends_with(b"\n") {
        padded.push(b'\n');
    }
    let len = padded.len();
    padded.resize(len + PAD, 0);
    reader.read(Block { data: &padded, len, offset: 0 }, &mut rows);
    reader.finish(&mut rows);
    assert_eq!(0, rows.seen.bad.count + rows.seen.near.count, "{name}: {:?}", rows.seen);
    series(&rows)
}

fn series(rows: &Rows) -> Series {
    let mut found = Series::new();
    for head in &rows.heads {
        let shape = &rows.shapes[head.shape as usize];
        for (field, &slot) in shape.fields.iter().zip(rows.slots_of(head)) {
            let value = match field.holds {
                _ if slot == MISSING => continue,
                Holds::Metric | Holds::Epoch | Holds::Epochs | Holds::Elapsed => f64::from_bits(slot),
                Holds::Step | Holds::Batch | Holds::Batches | Holds::Rank | Holds::WallTime => slot as i64 as f64,
                Holds::Text => continue,
            };
            let name = if field.name.is_empty() { format!("{:?}", field.holds) } else { field.printed.to_string() };
            found.entry(name).or_default().push(value);
        }
    }
    found
}
