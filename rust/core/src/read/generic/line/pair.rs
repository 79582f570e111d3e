//! Pairs of numbers: a count and its total, two rates, or two measurements.

use super::parser::Parser;
use super::{Bind, Role};
use crate::read::generic::token::Kind;
use crate::read::generic::words;

/// A current count, its total, and where the pair ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) now: usize,
    pub(super) total: Option<usize>,
    pub(super) end: usize,
}

impl Parser<'_> {
    /// The other half of `12/300`, `12 of 300`, `0-20`, and where it ends.
    pub(super) fn pair(&self, at: usize, end: usize) -> Option<Pair> {
        let mark = self.solid(at + 1);
        let second = self.solid(mark + 1);
        if second >= end || self.kind(second) != Some(Kind::Number) || !self.tokens[at].unit(self.text).is_empty() {
            return None;
        }
        if self.is(mark, b'/') {
            let third = self.solid(second + 1);
            let last = self.solid(third + 1);
            let triple = self.is(third, b'/') && self.kind(last) == Some(Kind::Number);
            let end = if triple { last + 1 } else { second + 1 };
            return Some(Pair { now: at, total: (!triple).then_some(second), end });
        }
        if self.kind(mark) == Some(Kind::Word) && self.word(mark) == "of" {
            return Some(Pair { now: at, total: Some(second), end: second + 1 });
        }
        let range = self.is(mark, b'-') && mark == at + 1 && second == mark + 1 && self.depth > 0;
        range.then_some(Pair { now: second, total: None, end: second + 1 })
    }

    /// `23% 7000/30000 [06:48<20:32`: the percentage only repeats the pair after it.
    pub(super) fn percent_of_bar(&self, at: usize, end: usize) -> bool {
        let next = self.solid(at + 1);
        let percent = self.tokens[at].unit(self.text) == b"%";
        percent && self.kind(next) == Some(Kind::Number) && self.pair(next, end).is_some()
    }

    /// `10559/11089 tok/s` is two rates, no counter.
    pub(super) fn rates(&self, pair: &Pair) -> bool {
        let next = self.solid(pair.end);
        self.kind(next) == Some(Kind::Word) && words::unit(self.word(next)) && self.word(next).contains('/')
    }

    /// `0.45 / 0.39` is two measurements: nothing counts in fractions.
    pub(super) fn measures_both(&mut self, pair: &Pair) -> bool {
        let Some(total) = pair.total else { return false };
        let (now, total) = (self.is_whole(pair.now), self.is_whole(total));
        !now && !total
    }

    pub(super) fn values_of_pair(&mut self, pair: &Pair, name: &str, bind: Bind) -> usize {
        if let (Some((first, second)), Some(other)) = (halves(name), pair.total) {
            self.add(Role::Value, &first, bind, pair.now);
            self.add(Role::Value, &second, bind, other);
            self.last = None;
            return pair.end;
        }
        let next = self.value_of_pair(pair, name, bind);
        if let (Some(first), Some(other)) = (self.last, pair.total) {
            self.second(first, other, "2");
        }
        next
    }

    pub(super) fn value_of_pair(&mut self, pair: &Pair, name: &str, bind: Bind) -> usize {
        let share = self.share_behind(pair.end);
        let found = self.add(Role::Value, name, bind, share.unwrap_or(pair.now));
        self.last = found;
        share.map_or(pair.end, |token| self.solid(token + 1) + 1)
    }

    /// The percentage that `9001/10000 (90.01%)` comes to.
    pub(super) fn share_behind(&self, at: usize) -> Option<usize> {
        let open = self.solid(at);
        let share = self.solid(open + 1);
        let percent = self.kind(share) == Some(Kind::Number) && self.tokens[share].unit(self.text) == b"%";
        let closed = self.is(open, b'(') && self.is(self.solid(share + 1), b')');
        (percent && closed).then_some(share)
    }
}

/// `train/val loss`, `loss (train/val)`, `loss/acc`: the names of two numbers.
fn halves(name: &str) -> Option<(String, String)> {
    let bare = |word: &str| word.trim_matches(['(', ')', '[', ']']).to_owned();
    let at = name.split_whitespace().position(|word| word.matches('/').count() == 1)?;
    let both = bare(name.split_whitespace().nth(at)?);
    let (first, second) = both.split_once('/').filter(|(a, b)| !a.is_empty() && !b.is_empty())?;
    let others: Vec<&str> = name.split_whitespace().enumerate().filter(|(k, _)| *k != at).map(|(_, w)| w).collect();
    let rest = others.join(" ");
    let whole = |half: &str| format!("{half} {rest}").trim().to_owned();
    let fits = rest.is_empty() || words::split(first).is_some() || !words::measured(&rest);
    fits.then(|| match words::split(first) {
        Some(_) => (whole(first), whole(second)),
        None => (format!("{rest} {first}").trim().to_owned(), format!("{rest} {second}").trim().to_owned()),
    })
}
