use proptest::prelude::*;

use super::*;
use crate::number::{plain, quantity};
use crate::row::{MISSING, PAD, slot_of};

pub mod grammar;
pub mod sample;

use grammar::{Rng, mutated, pattern_and_line};

fn number(_: &str) -> Wants {
    Wants::Number
}

/// What the `regex` crate says of a line, with numbers read from the captured bytes.
fn oracle(matcher: &Matcher, line: &[u8]) -> Option<Vec<Option<(usize, usize)>>> {
    let regex = regex::bytes::RegexBuilder::new(matcher.text()).unicode(false).build().expect("compiled before");
    let captures = regex.captures(line)?;
    let span = |name: &str| captures.name(name).map(|found| (found.start(), found.end()));
    let whole = captures.get(0).map(|found| (found.start(), found.end()));
    Some(std::iter::once(whole).chain(matcher.captures().iter().map(|capture| span(&capture.name))).collect())
}

fn slot(wants: Wants, name: &str, bytes: &[u8]) -> u64 {
    let of = |value: Option<f64>| value.map_or(MISSING, slot_of);
    match wants {
        Wants::Number => of(plain(bytes).or_else(|| quantity(bytes, name.as_bytes()).map(|found| found.value))),
        Wants::Quantity => of(quantity(bytes, name.as_bytes()).map(|found| found.value)),
        Wants::Int => {
            let bare: String = String::from_utf8_lossy(bytes).replace(',', "");
            let grouped = bare.len() == bytes.len()
                || regex::Regex::new(r"^[+-]?\d{1,3}(,\d{3})+$")
                    .expect("valid")
                    .is_match(&String::from_utf8_lossy(bytes));
            bare.parse::<i64>().ok().filter(|_| grouped).map_or(MISSING, |value| value as u64)
        }
        Wants::Text | Wants::Skip => 0,
        Wants::Stamp => unreachable!("not drawn"),
    }
}

/// Holds what every tier finds in the line, however it lies in its data, against the definition.
fn check(pattern: &str, wants: fn(&str) -> Wants, line: &[u8]) {
    for tier in [Tier::Template, Tier::OnePass, Tier::Regex] {
        let matcher = Matcher::with_tier(pattern, wants, tier).expect("valid");
        check_one(&matcher, line);
    }
}

fn check_one(matcher: &Matcher, line: &[u8]) {
    let expected = oracle(matcher, line);
    for (before, behind) in [("", ""), ("12.5", "7.5e3 loss"), ("\n", "\n"), ("loss ", "\r\n0")] {
        let pad = [0; PAD];
        let data = [before.as_bytes(), line, behind.as_bytes(), &pad].concat();
        let (start, end) = (before.len(), before.len() + line.len());
        let (mut cache, mut found) = (Cache::default(), Found::default());

        let matched = matcher.read(&data, start, end, &mut cache, &mut found);

        let told = || format!("{} by {:?} on {:?}", matcher.text(), matcher.tier(), line.escape_ascii().to_string());
        assert_eq!(expected.is_some(), matched, "{}", told());
        let Some(expected) = &expected else { continue };
        assert_eq!(expected[0], Some((found.start - start, found.end - start)), "{}", told());
        for (at, (capture, span)) in matcher.captures().iter().zip(&expected[1..]).enumerate() {
            let Some((from, to)) = *span else {
                assert_eq!((MISSING, NOWHERE), (found.slots[at], found.spans[at]), "{} in {}", capture.name, told());
                continue;
            };
            let slot = slot(capture.wants, &capture.name, &line[from..to]);
            assert_eq!(((from + start) as u32, (to + start) as u32), found.spans[at], "{} in {}", capture.name, told());
            assert_eq!(slot, found.slots[at], "{} in {}", capture.name, told());
            assert_eq!(slot == MISSING, found.bad >> at & 1 == 1, "{} in {}", capture.name, told());
        }
    }
}

fn check_here(pattern: &str, line: &[u8], end: &str, behind: &[u8]) {
    let matcher = Matcher::new(pattern, wants_by_letter).expect("valid");
    let (mut cache, mut found, mut here) = (Cache::default(), Found::default(), Found::default());
    let data = [b"x\n", line, end.as_bytes(), behind].concat();
    if matcher.read_here(&data, 2, data.len(), &mut cache, &mut here) {
        assert!(matcher.read(&data, 2, 2 + line.len(), &mut cache, &mut found), "{pattern}");
        assert_eq!(format!("{found:?}"), format!("{here:?}"), "{pattern} on {:?}", line.escape_ascii().to_string());
    }
}

/// Captures of the drawn patterns say by their first letter how they are read.
fn wants_by_letter(name: &str) -> Wants {
    match name.as_bytes().first() {
        Some(b'n') => Wants::Number,
        Some(b'i') => Wants::Int,
        Some(b't') => Wants::Text,
        Some(b'q') => Wants::Quantity,
        Some(_) | None => Wants::Skip,
    }
}

proptest! {
    #[test]
    fn all_tiers_agree_with_the_definition(seed: u64) {
        let mut rng = Rng::new(seed);
        let (pattern, line) = pattern_and_line(&mut rng);
        check(&pattern, wants_by_letter, &line);
        for _ in 0..4 {
            let line = mutated(&line, &mut rng);
            check(&pattern, wants_by_letter, &line);
        }
    }

    #[test]
    fn a_match_found_before_the_line_end_is_known_is_the_same(seed: u64) {
        let mut rng = Rng::new(seed);
        let (pattern, line) = pattern_and_line(&mut rng);
        for line in [line.clone(), mutated(&line, &mut rng), mutated(&line, &mut rng)] {
            check_here(&pattern, &line, ["\n", "\r\n", "\r"][rng.below(3)], &line);
            check_here(&format!("^(?:{pattern})$"), &line, "\n", b"7");
        }
    }

    #[test]
    fn all_tiers_agree_on_lines_of_real_formats(seed: u64) {
        let mut rng = Rng::new(seed);
        let rule = &sample::RULES[rng.below(sample::RULES.len())];
        let line = rule.line(&mut rng);
        check(rule.pattern, rule.wants, &line);
        for _ in 0..6 {
            let line = mutated(&line, &mut rng);
            check(rule.pattern, rule.wants, &line);
        }
    }
}

#[test]
fn real_formats_are_templates() {
    for rule in sample::RULES {
        let matcher = Matcher::new(rule.pattern, rule.wants).expect("valid");
        let line = rule.line(&mut Rng::new(7));

        assert_eq!(Tier::Template, matcher.tier(), "{}", rule.pattern);
        assert!(oracle(&matcher, &line).is_some(), "{} on {}", rule.pattern, line.escape_ascii());
    }
}

#[test]
fn captures_are_read_in_order_of_their_groups() {
    let matcher = Matcher::new(r"(?P<a>\d+)(?:-(?P<b>\d+))? (x) (?P<c>\S+)", number).expect("valid");
    let line = b"say 17 x 1.6q";
    let (mut cache, mut found) = (Cache::default(), Found::default());

    assert_eq!(["a", "b", "c"], [0, 1, 2].map(|at| matcher.captures()[at].name.as_str()));
    assert!(matcher.read(line, 0, line.len(), &mut cache, &mut found));
    assert_eq!([17f64.to_bits(), MISSING], found.slots[..2]);
    assert_eq!((4, 13), (found.start, found.end));
}

#[test]
fn odd_corners_agree() {
    for (pattern, line) in [
        (r"(?P<n>[\d.]+)M", "1.6M"),
        (r"(?:(?P<n>\d+),)+", "1,2;"),
        (r"(?:(?P<n>\d+)a|(?P<i>\d+)b)", "12b"),
        (r"(?:a+){2}", "aaa"),
        (r"(?P<n>-?\d+) ", "-0 "),
        (r"(?P<n>\d+)", "00000000000000000000000000000000000000009007199254740993"),
        (r"(?P<i>[\d,]+)", "1,234 9,2233,7"),
        (r"(?P<n>[-+0-9.eE]+)", "x-inf 1e999 1e"),
        (r"(?P<n>\S+)", "-nan"),
        (r"(?P<t>.*?) loss (?P<n>\d+)$", "a loss 1 loss 2"),
        (r"^(?P<t>.*) loss", "a loss 1 loss 2"),
        (r"(?P<t>\w+)(?:/(?P<s>\w+))?: (?P<n>\S+)", "a/b/c: 1 d: 2"),
        (r"\b(?P<t>\w+)\b=(?P<n>\d+)\b", "x-y=12.5"),
        (r"(?P<t>[█▏ ]+)\| (?P<i>\d+)", "|██▏ | 17/20"),
        (r"(?i)LOSS (?P<n>[\d.]+)", "Loss 3.5"),
        (r"(?P<n>\d*)x", "x12x"),
        (r"", "abc"),
        (r"$", "abc"),
        (r"(?P<t>a|ab)(?P<s>c|bcd)(?P<q>d*)", "abcd"),
        (r"(?m)^(?P<t>\w+)$", "ab"),
        (r"(?s)(?P<t>.+?)b", "a\nb"),
        (r"(?P<t>.+?)b", "a\nab"),
    ] {
        check(pattern, wants_by_letter, line.as_bytes());
    }
}

#[test]
fn too_large_patterns_are_refused() {
    for pattern in ["(?:a{1000}){1000}", "((a{100}){100}){100}", r"(?u:\w{5000}){5000}"] {
        let said = Matcher::new(pattern, number).expect_err("too large").to_string();

        assert!(said.contains("memory"), "{said}");
    }
}

#[test]
fn hostile_patterns_stay_linear() {
    let line = "a".repeat(20_000);
    for pattern in [r"(?:a*)*b", r"(?:a|aa)+$x", r"(?:\w+\s?)+:", r".*?.*?.*?=", r"(?P<t>.*)(?P<s>.*)(?P<q>.*)x"] {
        let matcher = Matcher::new(pattern, wants_by_letter).expect("valid");
        let (mut cache, mut found) = (Cache::default(), Found::default());
        let began = std::time::Instant::now();

        assert!(!matcher.read(line.as_bytes(), 0, line.len(), &mut cache, &mut found), "{pattern}");
        assert!(began.elapsed().as_secs() < 2, "{pattern} took {:?}", began.elapsed());
    }
}
