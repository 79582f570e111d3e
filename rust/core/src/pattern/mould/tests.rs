//! A mould reads its own line and lines like it, to their very end, and nothing else.

use proptest::prelude::*;

use std::sync::Arc;

use super::*;
use crate::number;
use crate::row::{Block, MISSING, Rows, slot_of};
use crate::types::{Field, Keep, Naming, Shape, TRAIN};

fn padded(line: &str) -> Vec<u8> {
    let mut data = line.as_bytes().to_vec();
    data.resize(line.len() + PAD, 0);
    data
}

/// Learns `line` with a spot of a kind at every text in brackets, then reads `other`.
fn read(line: &str, kinds: &[Kind], other: &str) -> Option<Vec<u64>> {
    let (mut bare, mut spots) = (String::new(), Vec::new());
    for (i, part) in line.split(['[', ']']).enumerate() {
        let start = bare.len();
        bare.push_str(part);
        if i % 2 == 1 {
            let slot = Some(spots.len());
            spots.push(Spot { start, end: bare.len(), slot, kind: kinds[spots.len() % kinds.len()] });
        }
    }
    let mut mould = Mould::learn(bare.as_bytes(), &spots, &vec![MISSING; spots.len()])?;
    let mut slots = mould.base().to_vec();
    let line_end = other.find(['\n', '\r']).unwrap_or(other.len());
    let end = mould.read(&padded(other), 0, other.len(), &mut slots, &mut Vec::new())?;
    assert_eq!(line_end, end);
    Some(slots)
}

fn bits(values: &[f64]) -> Option<Vec<u64>> {
    Some(values.iter().map(|v| v.to_bits()).collect())
}

#[test]
fn numbers_between_literals() {
    let line = "step loss=[2.5], lr=[1e-3]";
    for (other, wanted) in [
        ("step loss=2.5, lr=1e-3", bits(&[2.5, 1e-3])),
        ("step loss=-11.25, lr=0\nnext", bits(&[-11.25, 0.0])),
        ("step loss=nan, lr=5\r\nnext", bits(&[f64::NAN, 5.0])),
        ("step loss=2.5, lr=1e-3 ", None),
        ("step loss=2.5, lr=1e-3s", None),
        ("step loss=2.5, lr=", None),
        ("step loss=2.5; lr=1", None),
        ("step loss=, lr=1", None),
        ("stop loss=2.5, lr=1", None),
        ("", None),
    ] {
        assert_eq!(wanted, read(line, &[Kind::Number], other), "{other}");
    }
}

#[test]
fn other_kinds() {
    let half: Kind = Kind::Mapped(|value| (value < 10.0).then(|| slot_of(value / 2.0)));
    let words: fn(&[u8]) -> bool = |text| !text.starts_with(b"!");
    let token = Kind::Token { until: b'"', value: |text| text.strip_prefix(b"v").map(|rest| rest.len() as u64) };
    assert_eq!(Some(vec![7]), read("n=[1]", &[Kind::Integer], "n=7"));
    assert_eq!(None, read("n=[1]", &[Kind::Integer], "n=7.5"));
    assert_eq!(bits(&[1.6e6]), read("n=[1.0]M", &[Kind::Scaled(1e6)], "n=1.6M"));
    assert_eq!(bits(&[2.0]), read("n=[1]", &[half], "n=4"));
    assert_eq!(None, read("n=[1]", &[half], "n=40"));
    assert_eq!(Some(vec![3]), read("n=\"[v1]\"", &[token], "n=\"vabc\""));
    assert_eq!(None, read("n=\"[v1]\"", &[token], "n=\"abc\""));
    let text = Kind::Text { until: b'"', fits: words };
    assert_eq!(Some(vec![2]), read("n=\"[a]\"", &[text], "n=\"bc\""));
    for odd in ["n=\"!c\"", "n=\"b\\\"\"", "n=\"b", "n=\"b\nc\""] {
        assert_eq!(None, read("n=\"[a]\"", &[text], odd), "{odd}");
    }
}

#[test]
fn lines_that_cannot_be_learned() {
    assert_eq!(None, read("a=[x]", &[Kind::Number], "a=1"));
    assert_eq!(None, read("a\n=[1]", &[Kind::Number], "a\n=1"));
    let backwards = [
        Spot { start: 4, end: 5, slot: None, kind: Kind::Number },
        Spot { start: 0, end: 1, slot: None, kind: Kind::Number },
    ];
    assert!(Mould::learn(b"1234567", &backwards, &[]).is_none());
}

#[test]
fn literals_of_every_length() {
    for len in 1..80usize {
        let literal: String = (0..len).map(|i| char::from(b'a' + (i % 26) as u8)).collect();
        let line = format!("{literal}=[1]{literal}.");
        let other = format!("{literal}=25{literal}.");
        assert_eq!(bits(&[25.0]), read(&line, &[Kind::Number], &other), "{len}");
        for at in (0..other.len()).filter(|&at| !other.as_bytes()[at].is_ascii_digit()) {
            let mut wrong = other.clone();
            wrong.replace_range(at..=at, "#");
            assert_eq!(None, read(&line, &[Kind::Number], &wrong), "{wrong}");
            assert_eq!(None, read(&line, &[Kind::Number], &other[..at]), "cut at {at}");
        }
    }
}

fn shape(name: &str) -> Arc<Shape> {
    let fields = vec![Field::metric(name, TRAIN, Naming::Stored, None)];
    Arc::new(Shape { rule: 0, kind: TRAIN.into(), keep: Keep::All, utc: false, guessed: false, fields })
}

/// A slow path: `name=number`, alone on its line.
fn slow(line: &[u8], shapes: &[Arc<Shape>], rows: &mut Rows, offset: u64) -> Option<(Spot, Arc<Shape>)> {
    let equals = line.iter().position(|&b| b == b'=')?;
    let shape = shapes.iter().find(|shape| shape.fields[0].printed.as_bytes() == &line[..equals])?;
    let value = number::plain(&line[equals + 1..])?;
    let ordinal = rows.shape(shape);
    rows.begin(ordinal, offset)[0] = slot_of(value);
    rows.seen.claim(0);
    let spot = Spot { start: equals + 1, end: line.len(), slot: Some(0), kind: Kind::Number };
    Some((spot, Arc::clone(shape)))
}

proptest! {
    #[test]
    fn a_bank_gives_what_the_slow_path_gives(names in proptest::collection::vec(0usize..12, 1..200), values in proptest::collection::vec(-9e9f64..9e9, 200)) {
        let shapes: Vec<Arc<Shape>> = (0..12).map(|i| shape(&format!("metric{i}"))).collect();
        let lines: Vec<String> = names.iter().zip(&values).map(|(&i, v)| {
            if i == 11 { "no metric".to_owned() } else { format!("metric{i}={v}") }
        }).collect();
        let text = lines.join("\n");
        let data = padded(&text);
        let block = Block { data: &data, len: text.len(), offset: 0 };
        let (mut fast, mut plain, mut bank, mut at) = (Rows::default(), Rows::default(), Bank::default(), 0);
        for line in &lines {
            slow(line.as_bytes(), &shapes, &mut plain, at as u64);
            if bank.read(&block, at, at as u64, &mut fast).is_none()
                && let Some((spot, shape)) = slow(line.as_bytes(), &shapes, &mut fast, at as u64)
                && bank.misses() {
                bank.learn(line.as_bytes(), &[spot], &[MISSING], &shape);
            }
            at += line.len() + 1;
        }
        let listed = |rows: &Rows| -> Vec<(u64, String, u64)> {
            rows.heads.iter().map(|h| (h.offset, rows.shapes[h.shape as usize].fields[0].name.to_string(), rows.slots_of(h)[0])).collect()
        };
        prop_assert_eq!(listed(&plain), listed(&fast));
        prop_assert_eq!(plain.seen, fast.seen);
    }
}

/// A number in its line, as the standard library reads it with the power of ten behind it; none where it is no integer
/// that is asked for.
fn rounded(text: &str, kind: Kind) -> Option<u64> {
    match kind {
        Kind::Integer => text.parse::<i64>().ok().map(|value| value as u64),
        Kind::Shifted(power) => {
            let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
            let exponent = exponent.parse::<i32>().ok()? + i32::from(power);
            format!("{digits}e{exponent}").parse().ok().map(slot_of)
        }
        _ => text.parse().ok().map(slot_of),
    }
}

proptest! {
    /// Most numbers are written like the one before, and some are not: what was guessed is never seen in the values.
    #[test]
    fn guesses_change_nothing(
        widths in proptest::collection::vec(("[0-9]{1,9}", "(\\.[0-9]{1,19})?", "([eE][-+][0-9]{2})?"), 1..4),
        turns in proptest::collection::vec((0usize..4, "[0-9]{40}"), 1..200),
        kind in prop_oneof![Just(Kind::Number), Just(Kind::Integer), (1u8..13).prop_map(Kind::Shifted)],
        tail in prop_oneof![Just(""), Just(" ms"), Just("e"), Just("."), Just("E x"), Just(", a longer text of the line")],
    ) {
        let mut mould = None;
        for (turn, digits) in turns {
            let (whole, fraction, exponent) = &widths[turn % widths.len()];
            let mut fresh = digits.chars();
            let anew = |text: &str, fresh: &mut std::str::Chars<'_>| -> String {
                text.chars().map(|c| if c.is_ascii_digit() { fresh.next().unwrap_or('7') } else { c }).collect()
            };
            let number = format!("{}{}{exponent}", anew(whole, &mut fresh), anew(fraction, &mut fresh));
            let (head, line) = ("loss = ".len(), format!("loss = {number}{tail}"));
            let spot = Spot { start: head, end: head + number.len(), slot: Some(0), kind };
            if mould.is_none() {
                mould = Mould::learn(line.as_bytes(), &[spot], &[MISSING]);
            }
            let Some(mould) = &mut mould else { continue };
            let mut slots = [MISSING];
            let text = format!("{line}\nloss = 1");
            let end = mould.read(&padded(&text), 0, text.len(), &mut slots, &mut Vec::new());
            // A line that does not fit is for others; one that does must mean what it says.
            if end.is_some() {
                prop_assert_eq!(Some(line.len()), end);
                prop_assert_eq!(rounded(&number, kind), Some(slots[0]), "{}", number);
            } else {
                let taken = number::decimal(&padded(&line), head).map(|(_, end)| end);
                let plain = matches!(kind, Kind::Number) && taken == Some(head + number.len());
                prop_assert!(!plain, "{} was not read", line);
            }
        }
    }

    /// Lines of two moulds by turns, each led to by the other, with others between them.
    #[test]
    fn bridges_lead_to_the_next_line(
        names in proptest::collection::vec(0usize..4, 1..120),
        values in proptest::collection::vec("[0-9]{1,3}\\.[0-9]{1,9}", 120),
        ends in proptest::collection::vec(prop_oneof![9 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r")], 120),
    ) {
        let shapes: Vec<Arc<Shape>> = ["a", "time of it", "b", "c"].iter().map(|name| shape(name)).collect();
        let line = |k: usize| match names[k] {
            3 => "no metric at all".to_owned(),
            name => format!("{}={}", shapes[name].fields[0].printed, values[k]),
        };
        let text: String = (0..names.len()).map(|k| line(k) + ends[k]).collect();
        let data = padded(&text);
        let block = Block { data: &data, len: text.len(), offset: 9 };
        let (mut fast, mut plain, mut bank, mut at, mut begins) = (Rows::default(), Rows::default(), Bank::default(), 0, 0);
        for (k, ended) in ends.iter().enumerate().take(names.len()) {
            let offset = 9 + begins as u64;
            let read = slow(line(k).as_bytes(), &shapes, &mut plain, offset);
            if begins >= at {
                let run = bank.run(&block, begins, &mut fast);
                at = run.at;
                if run.lines == 0 {
                    if let Some((spot, shape)) = &read {
                        slow(line(k).as_bytes(), &shapes, &mut fast, offset);
                        bank.learn(line(k).as_bytes(), &[*spot], &[MISSING], shape);
                    }
                    at = begins + 1;
                }
            }
            begins += line(k).len() + ended.len();
        }
        let listed = |rows: &Rows| -> Vec<(u64, String, u64)> {
            rows.heads.iter().map(|h| (h.offset, rows.shapes[h.shape as usize].fields[0].name.to_string(), rows.slots_of(h)[0])).collect()
        };
        prop_assert_eq!(listed(&plain), listed(&fast));
        prop_assert_eq!(plain.seen, fast.seen);
    }
}
