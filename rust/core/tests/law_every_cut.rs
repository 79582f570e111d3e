//! A log cut at any byte gives the whole log's values: none another, none missing from the lines before the cut.
#![allow(clippy::unwrap_used)]

mod reading;

use std::io::Write;

use fastlogs_core::source::Codec;
use reading::{Value, by_offset, logs, read, torture};

/// Guessed columns recur, or they are left out: so many lines of them must be there to miss one.
const RECURS: usize = 4;

struct Whole {
    values: Vec<Value>,
    format: String,
    step: &'static str,
}

/// Holds what a cut log gives against the whole one.
fn check(name: &str, bytes: &[u8], cut: usize, whole: &Whole) {
    let (values, told) = read(&bytes[..cut]);
    if told.format != whole.format {
        // Too little to know the format by: only no number may be a shorter one.
        return no_number_is_shorter(name, bytes, cut, &values);
    }
    let (found, expected) = (by_offset(&values), by_offset(&whole.values));
    let guessed = told.format == "generic" || told.format == "jsonl" || told.format == "csv";
    for (offset, mine) in &found {
        let theirs = expected.get(offset).cloned().unwrap_or_default();
        for value in mine {
            let same = |other: &&&Value| other.metric == value.metric && other.value == value.value;
            let Some(same) = theirs.iter().find(same) else {
                panic!("{name} cut at {cut}: {value:?} is not in the whole log, {theirs:?}: {:?}", tail(bytes, cut));
            };
            if told.step.word() == whole.step && whole.step == "logged" {
                assert_eq!(same.step, value.step, "{name} cut at {cut}: {value:?}");
            }
        }
    }
    // The last lines may be states of a bar that has not moved on, or merge with what was cut off.
    let line_end =
        |offset: usize| bytes[offset..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |n| offset + n + 1);
    for (&offset, theirs) in &expected {
        if line_end(offset as usize) > cut {
            continue;
        }
        for value in theirs {
            let recurs = values.iter().filter(|v| v.metric == value.metric).count() >= RECURS;
            let there = found.get(&offset).is_some_and(|mine| mine.iter().any(|m| m.metric == value.metric));
            assert!(there || guessed && !recurs, "{name} cut at {cut}: {value:?} is missing");
        }
    }
}

fn no_number_is_shorter(name: &str, bytes: &[u8], cut: usize, values: &[Value]) {
    let start = bytes[..cut].iter().rposition(|&b| b == b'\n' || b == b'\r').map_or(0, |n| n + 1);
    let line = String::from_utf8_lossy(&bytes[start..]);
    let line = line.split(['\n', '\r']).next().unwrap();
    let tokens: Vec<String> = line
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')))
        .flat_map(|token| [token, token.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '-')])
        .filter_map(|token| fastlogs_core::number::decimal(token.as_bytes(), 0))
        .flat_map(|(value, _)| [1.0, 1e3, 1e6].map(|factor| format!("{:?}", value * factor)))
        .collect();
    for value in values.iter().filter(|v| v.offset as usize >= start && !v.value.starts_with('"')) {
        let stamped = value.metric == "batch";
        assert!(stamped || tokens.contains(&value.value), "{name} cut at {cut}: {value:?} of {:?}", tail(bytes, cut));
    }
}

fn tail(bytes: &[u8], cut: usize) -> String {
    String::from_utf8_lossy(&bytes[cut.saturating_sub(60)..cut]).into_owned()
}

fn whole(bytes: &[u8]) -> Whole {
    let (values, told) = read(bytes);
    assert!(!values.is_empty());
    Whole { values, format: told.format, step: told.step.word() }
}

/// Every cut in the torture; in the gate every third, and all of the last lines.
fn cuts(len: usize) -> impl Iterator<Item = usize> {
    let all = torture();
    (0..=len).filter(move |cut| all || cut % 3 == 0 || len - cut < 200)
}

#[test]
fn every_cut_of_every_format() {
    for (name, bytes) in logs() {
        let whole = whole(&bytes);
        for cut in cuts(bytes.len()) {
            check(&name, &bytes, cut, &whole);
        }
    }
}

/// Numbers at the very end of the line, where a cut makes another number of them.
#[test]
fn a_cut_number_is_no_shorter_one() {
    let lines = |line: &dyn Fn(usize) -> String| (1..=8).map(|k| line(k) + "\n").collect::<String>();
    let ends: [(&str, String); 9] = [
        ("step last", lines(&|k| format!("loss={}.25 lr=0.1 step={}", k, k * 1000))),
        ("value last", lines(&|k| format!("step={} loss={}.125", k, k))),
        ("exponent last", lines(&|k| format!("step={} loss={}.125e-10", k, k))),
        ("magnitude last", lines(&|k| format!("step={} loss=0.5 tokens={}.25M", k, k))),
        ("unit last", lines(&|k| format!("step={} loss=0.5 time={}.25ms", k, k))),
        ("duration last", lines(&|k| format!("step={} loss=0.5 spent=1:02:0{}", k, k))),
        ("json", lines(&|k| format!("{{\"loss\": 0.5, \"step\": {}}}", k * 1000))),
        ("csv", "step,loss\n".to_owned() + &lines(&|k| format!("{},{}.125", k * 100, k))),
        ("dict", lines(&|k| format!("{{'loss': 0.5, 'epoch': {}.25}}", k))),
    ];
    for (name, text) in ends {
        let whole = whole(text.as_bytes());
        for cut in 0..=text.len() {
            check(name, text.as_bytes(), cut, &whole);
        }
    }
}

#[test]
fn every_cut_of_a_compressed_log() {
    let (name, bytes) = logs().into_iter().find(|(name, _)| name == "nanogpt").unwrap();
    let whole = whole(&bytes);
    for codec in [Codec::Gz, Codec::Zst, Codec::Xz, Codec::Bz2, Codec::Lz4] {
        let packed = packed(codec, &bytes);
        for cut in 0..=packed.len() {
            let (values, told) = read(&packed[..cut]);
            if told.format == whole.format {
                assert_eq!(whole.values[..values.len()], values, "{name}.{codec} cut at {cut}");
                assert!(cut == packed.len() || !told.damage.is_empty(), "{name}.{codec} cut at {cut}");
            } else {
                assert!(values.len() <= 8, "{name}.{codec} cut at {cut}: {values:?}");
            }
        }
        assert_eq!(whole.values, read(&packed).0);
    }
}

/// In as many blocks as the codec allows, so that cuts fall between them.
fn packed(codec: Codec, text: &[u8]) -> Vec<u8> {
    match codec {
        Codec::Plain => text.to_vec(),
        Codec::Gz => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            text.chunks(200).for_each(|part| {
                out.write_all(part).unwrap();
                out.flush().unwrap();
            });
            out.finish().unwrap()
        }
        Codec::Zst => {
            let mut out = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
            text.chunks(200).for_each(|part| {
                out.write_all(part).unwrap();
                out.flush().unwrap();
            });
            out.finish().unwrap()
        }
        Codec::Xz => {
            let mut out = liblzma::write::XzEncoder::new(Vec::new(), 1);
            out.write_all(text).unwrap();
            out.finish().unwrap()
        }
        Codec::Bz2 => {
            let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            out.write_all(text).unwrap();
            out.finish().unwrap()
        }
        Codec::Lz4 => {
            let mut out = lz4_flex::frame::FrameEncoder::new(Vec::new());
            text.chunks(200).for_each(|part| {
                out.write_all(part).unwrap();
                out.flush().unwrap();
            });
            out.finish().unwrap()
        }
    }
}
