use proptest::prelude::*;

use super::super::tests::grammar::{Rng, mutated};
use super::super::tests::sample::{RULES, Rule};
use super::super::{Tier, Wants};
use super::*;
use crate::row::PAD;

#[derive(Debug, PartialEq)]
enum Seen {
    Claimed(usize, String, Vec<u64>),
    Near(String),
}

struct Witness<'a>(&'a [u8], Vec<Seen>);

impl Witness<'_> {
    fn text(&self, start: usize, end: usize) -> String {
        format!("{start}: {}", self.0[start..end].escape_ascii())
    }
}

impl Lines for Witness<'_> {
    fn claimed(&mut self, matcher: usize, start: usize, end: usize, found: &Found) {
        let seen = Seen::Claimed(matcher, self.text(start, end), found.slots.clone());
        self.1.push(seen);
    }

    fn near(&mut self, start: usize, end: usize) {
        let seen = Seen::Near(self.text(start, end));
        self.1.push(seen);
    }
}

/// Line by line, matcher by matcher.
fn oracle(matchers: &[Arc<Matcher>], text: &[u8]) -> Vec<Seen> {
    let mut witness = Witness(text, Vec::new());
    let (mut cache, mut found) = (Cache::default(), Found::default());
    let mut start = 0;
    while start < text.len() {
        let len = text[start..].iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(text.len() - start);
        let end = start + len;
        let line = &text[start..end];
        let winner = matchers.iter().position(|matcher| matcher.read(line, 0, len, &mut cache, &mut found));
        let holds = |literal: &Vec<u8>| line.windows(literal.len()).any(|window| window == literal);
        match winner {
            Some(matcher) => witness.claimed(matcher, start, end, &found),
            None if matchers.iter().flat_map(|matcher| matcher.literals()).any(holds) => witness.near(start, end),
            None => {}
        }
        start = end + if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    witness.1
}

/// Patterns that share parts, contain each other's literals, or have none.
const MORE: [&str; 13] = [
    r"k\d+y (?P<t>\S+)(?:5|$)",
    r"metric_07/value: (?P<n>[\d.]+)",
    r"metric_(?P<i>\d+)/value: (?P<n>\S+) at",
    r"metric_1\d/value: (?P<n>[\d.]+)",
    r"(?:train|valid) loss (?P<n>[\d.]+)",
    r"loss (?P<n>[\d.]+)",
    r"(?P<n>\d+)it/s",
    r"^(?P<i>\d+)$",
    r"lr=(?P<n>\S+)",
    r"e (?P<n>\d+)",
    r"^$",
    r"grad_norm=(?P<n>[\d.]+)$",
    r"WARNING (?P<t>\S+): (?P<i>\d+)",
];

fn matchers(rng: &mut Rng, tier: Tier) -> Vec<Arc<Matcher>> {
    let mut patterns: Vec<String> = Vec::new();
    let kinds = rng.below(3);
    let most = if rng.chance(40) { 3 } else { 12 };
    for _ in 0..1 + rng.below(most) {
        patterns.push(match rng.below(4) {
            0 | 1 if kinds != 1 => RULES[rng.below(RULES.len())].pattern.to_owned(),
            2 if kinds == 2 => format!(r"metric_{:02}/value: (?P<n>[\d.]+)", rng.below(100)),
            3 if kinds == 2 => format!(r"k{}y (?P<n>[\d.]+)", rng.below(90)),
            _ => MORE[rng.below(MORE.len())].to_owned(),
        });
    }
    if rng.chance(60) {
        patterns.retain(|pattern| !pattern.starts_with('^') && !pattern.starts_with("(?P"));
    }
    let make = |pattern: String| Arc::new(Matcher::with_tier(&pattern, |_| Wants::Number, tier).expect("valid"));
    patterns.into_iter().map(make).collect()
}

const NOISE: [&str; 10] = [
    "",
    "node01:123 [0] NCCL INFO Channel 01/02 : 1[1000] via P2P",
    "metric_07/value: 1.25 at step 12",
    "metric_12/value: x at step 12",
    "metric_13/value: 0.5 at step 1 metric_07/value: 2",
    "train loss 2.5 metric_",
    "valid loss nan",
    "k7y 1.5 k8y 2",
    "17",
    "WARNING lr=: 12 loss 3 it/s",
];

fn block(rng: &mut Rng) -> Vec<u8> {
    let ends: &[&str] = match rng.below(3) {
        0 => &["\n"],
        1 => &["\r\n"],
        _ => &["\n", "\r\n", "\r", "\n\n"],
    };
    let mut text = Vec::new();
    let dense = rng.below(RULES.len());
    for _ in 0..rng.below(40) {
        let line = match rng.below(4) {
            0 => NOISE[rng.below(NOISE.len())].as_bytes().to_vec(),
            1 => RULES[rng.below(RULES.len())].line(rng),
            _ => Rule::line(&RULES[dense], rng),
        };
        let line = if rng.chance(15) { mutated(&line, rng) } else { line };
        text.extend_from_slice(&line);
        text.extend_from_slice(rng.pick(ends).as_bytes());
    }
    if rng.chance(30) {
        text.pop();
    }
    text
}

proptest! {
    #[test]
    fn a_set_gives_what_trying_every_matcher_on_every_line_gives(seed: u64) {
        let mut rng = Rng::new(seed);
        let copy = rng.next();
        let set = Set::new(matchers(&mut Rng::new(copy), Tier::Template));
        let plain = matchers(&mut Rng::new(copy), Tier::Regex);
        let mut scratch = Scratch::default();
        for _ in 0..3 {
            let text = block(&mut rng);
            let expected = oracle(&plain, &text);

            let data = [text.as_slice(), &[0; PAD]].concat();
            let mut witness = Witness(&data, Vec::new());
            set.scan(Block { data: &data, len: text.len(), offset: 0 }, &mut scratch, &mut witness);
            prop_assert_eq!(&expected, &witness.1);

            let mut single = Witness(&data, Vec::new());
            for (start, end) in bounds(&text) {
                set.line(&data, start, end, &mut scratch, &mut single);
            }
            prop_assert_eq!(&expected, &single.1);
        }
    }
}

proptest! {
    #[test]
    fn a_sample_is_the_first_lines_that_each_matcher_matches(seed: u64, most in 0usize..4) {
        let mut rng = Rng::new(seed);
        let copy = rng.next();
        let set = Set::new(matchers(&mut Rng::new(copy), Tier::Template));
        let plain = matchers(&mut Rng::new(copy), Tier::Regex);
        let text = block(&mut rng);
        let data = [text.as_slice(), &[0; PAD]].concat();
        let (mut cache, mut found) = (Cache::default(), Found::default());
        let mut left = vec![most; plain.len()];
        let mut expected = Vec::new();
        for (start, end) in bounds(&text) {
            for (index, matcher) in plain.iter().enumerate() {
                if left[index] > 0 && matcher.read(&data, start, end, &mut cache, &mut found) {
                    left[index] -= 1;
                    expected.push((index, found.slots.clone()));
                }
            }
        }

        let mut seen = Vec::new();
        let mut note = |index: usize, found: &Found| seen.push((index, found.slots.clone()));
        let whole = Block { data: &data, len: text.len(), offset: 0 };
        set.sample(whole, &mut vec![most; plain.len()], &mut Scratch::default(), &mut note);

        prop_assert_eq!(expected, seen);
    }
}

fn bounds(text: &[u8]) -> Vec<(usize, usize)> {
    let mut bounds = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = line_end(text, start);
        bounds.push((start, end));
        start = next_line(text, end);
    }
    bounds
}

#[test]
fn hundreds_of_unlike_patterns_are_all_found() {
    let pattern = |at: usize| format!("{}{} (?P<n>[0-9]+)", (b'a' + (at * 7 % 26) as u8) as char, at * 7919 % 1000);
    let patterns: Vec<String> = (0..300).map(pattern).collect();
    let make = |pattern: &String| Arc::new(Matcher::new(pattern, |_| Wants::Int).expect("valid"));
    let set = Set::new(patterns.iter().map(make).collect());
    let text: String = (0..300).map(|at| format!("say {}7\n", pattern(at).split('(').next().expect("head"))).collect();
    let data = [text.as_bytes(), &[0; PAD]].concat();
    let mut witness = Witness(&data, Vec::new());

    set.scan(Block { data: &data, len: text.len(), offset: 0 }, &mut Scratch::default(), &mut witness);

    assert_eq!(300, witness.1.iter().filter(|seen| matches!(seen, Seen::Claimed(..))).count());
    assert_eq!(oracle(set.matchers(), text.as_bytes()), witness.1);
}
