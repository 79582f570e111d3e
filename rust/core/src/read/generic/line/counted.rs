//! Numbers that count, wherever the word stands that says what.

use super::Bind;
use super::pair::Pair;
use super::parser::Parser;
use crate::read::generic::token::Kind;
use crate::read::generic::words::{self, Counter};

impl Parser<'_> {
    /// `1epoch`, `0-epoch`.
    pub(super) fn glued_counter(&mut self, at: usize) -> Option<usize> {
        let unit = std::str::from_utf8(self.tokens[at].unit(self.text)).unwrap_or_default();
        if let (true, Some(counter)) = (unit.len() > 2, words::counter(unit)) {
            self.close();
            self.count(counter, unit, at, None);
            return Some(at + 1);
        }
        // `3轮`
        if unit.is_empty() && self.kind(at + 1) == Some(Kind::Word) {
            let name = self.word(at + 1);
            let counter = words::counter(name).filter(|_| !name.is_ascii())?;
            self.close();
            self.count(counter, name, at, None);
            return Some(at + 2);
        }
        let word = at + 2;
        let glued = unit.is_empty() && self.is(at + 1, b'-');
        // `1-50batch`: the last of them is the place
        let last = self.tokens.get(word).filter(|t| glued && t.kind == Kind::Number).map(|t| t.unit(self.text));
        if last.and_then(|unit| std::str::from_utf8(unit).ok()).is_some_and(|u| words::counter(u).is_some()) {
            self.close();
            return Some(word);
        }
        let glued = glued && self.kind(word) == Some(Kind::Word);
        let counter = words::counter(self.word(word)).filter(|_| glued)?;
        self.close();
        let name = self.word(word);
        self.count(counter, name, at, None);
        Some(word + 1)
    }

    /// `Validation loss 50: 3.36`: where nothing else counts, a number between what is measured and its colon does.
    pub(super) fn counts_behind_name(&self, at: usize) -> bool {
        let Some((_, to)) = self.pending.filter(|_| !self.bound && self.line.found.is_empty()) else { return false };
        let binds = |at: usize| {
            let next = self.solid(at + 1);
            self.kind(at) == Some(Kind::Number) && self.is(next, b':') && self.value_at(next + 1)
        };
        let others =
            (at + 1..self.tokens.len()).any(|k| binds(k) || self.before(k) == Some(Kind::Word) && self.is(k, b':'));
        let plain = self.tokens[at].unit(self.text).is_empty();
        plain && binds(at) && !others && words::falls_or_rises(self.word(to - 1))
    }

    /// `Steps 10240 @ ...`: at the head of a line many are a count.
    pub(super) fn leading_count(&self, at: usize, name: &str, bind: Bind) -> Option<Counter> {
        let first = self.line.found.is_empty() && bind == Bind::Blank && self.word(self.solid(0)) == name;
        let one = name.strip_suffix('s').filter(|_| first && self.blank_at(at - 1))?;
        words::counter(one).filter(|counter| matches!(counter, Counter::Step(_)))
    }

    /// `adaround iter 250: rec 0.5`: the words at the head of a line end in what counts.
    pub(super) fn counter_behind_words(&mut self, at: usize, pair: Option<Pair>, name: &str) -> Option<usize> {
        let (before, counted) = name.rsplit_once(' ')?;
        let end = self.solid(pair.map_or(at + 1, |p| p.end));
        let counter = words::counter(counted).filter(|c| matches!(c, Counter::Step(5..) | Counter::Epoch))?;
        let few = before.split(' ').count() <= 2 && self.line.found.is_empty() && !words::measured(before);
        if !few || !self.is(end, b':') || self.is(self.solid(at.saturating_sub(1)), b':') {
            return None;
        }
        self.leave(before);
        Some(self.named_counter(at, pair, counted, counter))
    }

    /// `validation loss at iteration 1000`: the counter comes last, what it is told of before.
    pub(super) fn counter_in_phrase(&mut self, at: usize, pair: Option<Pair>, name: &str) -> Option<usize> {
        let (before, counted) = [" at ", " for ", " after ", " on "].into_iter().find_map(|by| name.rsplit_once(by))?;
        let counter = words::counter(counted)?;
        if before.split_whitespace().any(|w| w.eq_ignore_ascii_case("best")) {
            return None;
        }
        self.leave(before);
        Some(self.named_counter(at, pair, counted, counter))
    }

    /// `Loss at step 100: 0.5`, `Score at iteration 10 is 0.5`: the value of the words before stands behind the count.
    pub(super) fn counted_first(&mut self, at: usize, pair: Option<Pair>) -> Option<usize> {
        let (from, to) = self.pending.filter(|_| !self.bound)?;
        let after = |k: &usize| matches!(self.word(*k), "at" | "for" | "after" | "on");
        let joint = (from + 1..to).rev().find(after)?;
        let counted = self.words(joint + 1, to);
        let counter = words::counter(counted)?;
        let bind = self.solid(pair.map_or(at + 1, |p| p.end));
        let binds = self.is(bind, b':') || self.is(bind, b'=') || matches!(self.word(bind), "is" | "was");
        if !binds || !self.value_at(bind + 1) || self.words(from, joint).to_ascii_lowercase().contains("best") {
            return None;
        }
        self.named_counter(at, pair, counted, counter);
        let named = self.words(from, joint);
        // `Train loss at step 5` after `at`: the split is the name's
        self.kind = self.kind.filter(|_| words::split_of_name(named).is_none());
        self.pending = Some((from, joint));
        self.bound = true;
        Some(bind + 1)
    }

    pub(super) fn named_counter(&mut self, at: usize, pair: Option<Pair>, name: &str, counter: Counter) -> usize {
        match pair {
            Some(pair) => {
                self.count(counter, name, pair.now, pair.total);
                pair.end
            }
            None => {
                self.count(counter, name, at, None);
                at + 1
            }
        }
    }
}
