//! A mould never reads a line otherwise than the rules that define its meaning: every format of the catalogue, its
//! examples with their numbers exchanged for others.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use fastlogs_core::format::builtin;
use fastlogs_core::read::text::TextReader;
use fastlogs_core::row::{Block, MISSING, PAD, Reader, Rows};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const NUMBERS: [&str; 26] = [
    "0",
    "1",
    "7",
    "12",
    "300",
    "65536",
    "007",
    "-1",
    "+3",
    "0.5",
    "12.25",
    "-0.75",
    "1e-05",
    "3.2e+08",
    "-1E5",
    "nan",
    "inf",
    "-inf",
    "NaN",
    "1.6M",
    "1,234",
    "5.",
    ".5",
    "1.2.3",
    "99999999999999999999",
    "0x1f",
];

/// The line with each of its numbers exchanged now and then.
fn exchanged(line: &str, choices: &[usize]) -> String {
    let mut out = String::new();
    let mut rest = line;
    let mut turn = choices.iter().cycle();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..at]);
        let len = rest[at..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len() - at);
        match turn.next() {
            Some(&k) if k < NUMBERS.len() => out.push_str(NUMBERS[k]),
            _ => out.push_str(&rest[at..at + len]),
        }
        rest = &rest[at + len..];
    }
    out + rest
}

fn rows(mut reader: TextReader, text: &str) -> Vec<(u64, String, Vec<String>)> {
    let mut padded = text.as_bytes().to_vec();
    padded.resize(text.len() + PAD, 0);
    let mut rows = Rows::default();
    reader.read(Block { data: &padded, len: text.len(), offset: 0 }, &mut rows);
    let shown = rows
        .heads
        .iter()
        .map(|head| {
            let shape = &rows.shapes[head.shape as usize];
            let slot = |(field, &slot): (&fastlogs_core::types::Field, &u64)| match field.holds {
                fastlogs_core::types::Holds::Text => format!("{}={}", field.name, rows.text_of(slot)),
                _ => format!("{}={slot:x}", field.name),
            };
            let there = |(_, slot): &(&fastlogs_core::types::Field, &u64)| **slot != MISSING;
            let slots = shape.fields.iter().zip(rows.slots_of(head)).filter(there).map(slot).collect();
            (head.offset, format!("{} {:?}", shape.rule, shape.keep), slots)
        })
        .collect::<Vec<_>>();
    let seen = &rows.seen;
    let told = format!("{:?} near {} bad {} lines {}", seen.matched, seen.near.count, seen.bad.count, seen.lines);
    shown.into_iter().chain([(u64::MAX, told, Vec::new())]).collect()
}

#[test]
fn moulds_read_what_the_rules_read() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    for format in builtin::formats().iter().filter(|f| f.spec.reader.text == "text") {
        let examples: Vec<String> =
            format.spec.examples.iter().flat_map(|e| e.lines.iter().map(|line| line.text.clone())).collect();
        let choice = prop_oneof![2 => 0..NUMBERS.len(), 3 => Just(usize::MAX)];
        let line = (0..examples.len(), proptest::collection::vec(choice, 1..16));
        let strategy = proptest::collection::vec(line, 1..12);
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&strategy, |picks| {
            let mut text = String::new();
            // Enough plain copies that moulds are learned before the odd lines come.
            for (k, _) in &picks {
                text.push_str(&format!("{}\n", examples[*k]).repeat(6));
            }
            for (k, choices) in picks.iter().chain(&picks) {
                text.push_str(&exchanged(&examples[*k], choices));
                text.push('\n');
                text.push_str(&examples[*k]);
                text.push('\n');
            }
            let fresh = || {
                Arc::new(
                    fastlogs_core::format::Format::from_toml(
                        &toml_of(format.name()),
                        &format!("{}.toml", format.name()),
                    )
                    .unwrap(),
                )
            };
            prop_assert_eq!(rows(TextReader::plain(fresh()), &text), rows(TextReader::new(fresh()), &text));
            Ok(())
        });
        if let Err(why) = outcome {
            panic!("{}: {why}", format.name());
        }
    }
}

fn toml_of(name: &str) -> String {
    let path = format!("{}/formats/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

const ODD: &str = r#"
name  = "odd"
about = "One digit singled out, and a clock whose layout is a part of the rule"
needs = ["acc@"]

[[line]]
name  = "row"
regex = '''^acc@[15] eta {_days:INT} days, [0-9:]+ loss: {loss:NUM}$'''

[[example]]
line  = "acc@1 eta 2 days, 17:20:39 loss: 0.5"
is    = "row"
row   = { loss = 0.5 }
"#;

#[test]
fn what_a_pattern_singles_out_is_no_spot() {
    let format = || Arc::new(fastlogs_core::format::Format::from_toml(ODD, "odd.toml").unwrap());
    let learned = "acc@1 eta 2 days, 17:20:39 loss: 0.5\n".repeat(40);
    let odd = ["acc@7 eta 2 days, 17:20:39 loss: 1.5", "acc@1 eta 2 days, 17:20:39.25 loss: 2.5"];
    for line in odd {
        let text = format!("{learned}{line}\n");

        assert_eq!(rows(TextReader::plain(format()), &text), rows(TextReader::new(format()), &text), "{line}");
    }
}
