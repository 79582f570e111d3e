//! What a number is: a value of the name before or after it, a counter, or nothing.

use super::name::{trim_joins, value_name};
use super::parser::Parser;
use super::{Bind, Found, Role};
use crate::read::generic::token::Kind;
use crate::read::generic::words::{self, Counter};

/// A current count, its total, and where the pair ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) now: usize,
    pub(super) total: Option<usize>,
    pub(super) end: usize,
}

impl Parser<'_> {
    /// The name collected so far, trimmed of the words that only join it, and what binds it.
    pub(super) fn take_name(&mut self) -> (String, Bind) {
        let bind = if self.bound { Bind::Strong } else { Bind::Blank };
        let name = match trim_joins(self.name()) {
            // `in 11.9s`
            join if bind == Bind::Blank && words::joins(join) => String::new(),
            name => name.to_owned(),
        };
        self.pending = None;
        self.bound = false;
        (name, bind)
    }

    pub(super) fn number(&mut self, at: usize, end: usize) -> usize {
        if self.belongs_to_name(at) {
            self.line.literals.push(at as u32);
            self.extend(at);
            return at + 1;
        }
        if self.kind(at + 1) == Some(Kind::Bar) || self.percent_of_bar(at, end) {
            self.close();
            return at + 1;
        }
        if let Some(next) = self.glued_counter(at) {
            return next;
        }
        let pair = self.pair(at, end);
        if let Some(next) = self.counted_first(at, pair) {
            return next;
        }
        let (name, bind) = self.take_name();
        if name.is_empty() {
            return self.nameless(at, pair);
        }
        self.named(at, pair, &name, bind)
    }

    /// `23% 7000/30000 [06:48<20:32`: the percentage only repeats the pair after it.
    pub(super) fn percent_of_bar(&self, at: usize, end: usize) -> bool {
        let next = self.solid(at + 1);
        let percent = self.tokens[at].unit(self.text) == b"%";
        percent && self.kind(next) == Some(Kind::Number) && self.pair(next, end).is_some()
    }

    /// `AP .5: 0.93`, `top 5: 0.9`: a bind and a value follow, and what stands before counts nothing.
    pub(super) fn belongs_to_name(&self, at: usize) -> bool {
        let Some((from, to)) = self.pending else { return false };
        let next = self.solid(at + 1);
        let binds =
            matches!(self.kind(next), Some(Kind::Mark(b':' | b'='))) && self.tokens[at].unit(self.text).is_empty();
        let last = self.words(to - 1, to);
        let counts = words::counter(self.words(from, to)).or_else(|| words::counter(last)).is_some();
        binds && !self.bound && self.value_at(next + 1) && !counts && !self.sums(at, next)
    }

    /// `CE 4.147 + KD 15.158 = 19.305`: a term of a sum is no part of a name.
    fn sums(&self, at: usize, next: usize) -> bool {
        let pointed = self.tokens[at].text(self.text);
        let large = pointed.contains(&b'.') && !matches!(pointed.first(), Some(b'0' | b'.'));
        large && self.is(next, b'=') && next > at + 1
    }

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
        let glued = unit.is_empty() && self.is(at + 1, b'-') && self.kind(word) == Some(Kind::Word);
        let counter = words::counter(self.word(word)).filter(|_| glued)?;
        self.close();
        let name = self.word(word);
        self.count(counter, name, at, None);
        Some(word + 1)
    }

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

    pub(super) fn named(&mut self, at: usize, pair: Option<Pair>, name: &str, bind: Bind) -> usize {
        if let Some(counter) = words::counter(name).filter(|_| !self.measures_round(at, name)) {
            return self.named_counter(at, pair, name, counter);
        }
        if let Some(next) = self.counted_before_colon(at, pair, name, bind) {
            return next;
        }
        if let Some(next) = self.counter_in_phrase(at, pair, name) {
            return next;
        }
        // `Train: 0 [260/1938]`: a split bears the epoch's number
        if pair.is_none() && words::split(name).is_some() && self.pair_group(self.solid(at + 1)) {
            self.kind = words::split(name);
            self.line.kind = self.line.kind.or(self.kind);
            self.count(Counter::Epoch, "epoch", at, None);
            return at + 1;
        }
        match pair {
            Some(pair) if self.measures_both(&pair) => self.values_of_pair(&pair, name, bind),
            Some(pair) if words::measured(name) || self.rates(&pair) => self.value_of_pair(&pair, name, bind),
            Some(pair) => {
                if bind == Bind::Blank {
                    self.leave(name);
                }
                self.count(Counter::Bare, name, pair.now, pair.total);
                pair.end
            }
            None => {
                self.last = self.add(Role::Value, name, bind, at);
                self.loose = self.last.filter(|_| bind == Bind::Blank);
                at + 1
            }
        }
    }

    /// `round 9.109e+02`: what also counts, but is no whole number here.
    fn measures_round(&self, at: usize, name: &str) -> bool {
        name == "round" && self.tokens[at].text(self.text).contains(&b'.')
    }

    /// `adaround iter 250: rec 0.01`: words of their own before a counting one, and a colon behind the count.
    fn counted_before_colon(&mut self, at: usize, pair: Option<Pair>, name: &str, bind: Bind) -> Option<usize> {
        let (about, counted) = name.rsplit_once(' ')?;
        let colon = self.solid(pair.map_or(at + 1, |p| p.end));
        let fits = bind == Bind::Blank && self.is(colon, b':') && !self.value_at(colon + 1) && self.is_whole(at);
        let counter = words::counter(counted).filter(|_| fits && self.opened())?;
        self.leave(about);
        Some(self.named_counter(at, pair, counted, counter))
    }

    /// Whether nothing was found yet.
    fn opened(&self) -> bool {
        self.line.found.is_empty()
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

    /// `10559/11089 tok/s` is two rates, no counter.
    pub(super) fn rates(&self, pair: &Pair) -> bool {
        let next = self.solid(pair.end);
        self.kind(next) == Some(Kind::Word) && words::unit(self.word(next)) && self.word(next).contains('/')
    }

    /// `0.45 / 0.39` is two measurements: nothing counts in fractions.
    fn measures_both(&self, pair: &Pair) -> bool {
        let pointed = |at: usize| self.tokens[at].text(self.text).contains(&b'.');
        pair.total.is_some_and(|total| pointed(pair.now) && pointed(total))
    }

    fn values_of_pair(&mut self, pair: &Pair, name: &str, bind: Bind) -> usize {
        let next = self.value_of_pair(pair, name, bind);
        if let (Some(first), Some(other)) = (self.last, pair.total) {
            self.second(first, other, "2");
        }
        next
    }

    pub(super) fn value_of_pair(&mut self, pair: &Pair, name: &str, bind: Bind) -> usize {
        let found = self.add(Role::Value, name, bind, pair.now);
        self.last = found;
        pair.end
    }

    pub(super) fn nameless(&mut self, at: usize, pair: Option<Pair>) -> usize {
        match pair {
            Some(pair) if self.rates(&pair) => {
                self.bare = Some(pair.now);
                pair.end
            }
            Some(pair) => {
                let counter = if self.line.bar { Counter::Bar } else { Counter::Bare };
                self.count(counter, "", pair.now, pair.total);
                pair.end
            }
            None => self.single(at),
        }
    }

    /// A number alone: a counter at the head of the line (`90: learn`), else a value whose name may follow.
    pub(super) fn single(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        let plain = self.tokens[at].unit(self.text).is_empty();
        let head = self.opens_line(at) && plain;
        let first = !self.line.found.iter().any(|f| f.role == Role::Value);
        if head && (self.is(next, b':') || self.is(next, b'|')) {
            self.count(Counter::Bare, "", at, None);
            return next + 1;
        }
        // `12      train loss=0.307`
        if head && self.is_whole(at) && self.kind(at + 1) == Some(Kind::Wide) && self.names_value(next) {
            self.count(Counter::Bare, "", at, None);
            return next;
        }
        // `1|25|Loss: 0.5`
        if first && plain && self.is(next, b'|') && next == at + 1 && self.line.has_count() {
            self.count(Counter::Bare, "", at, None);
            return next + 1;
        }
        if self.goes_on(at)
            && let Some(last) = self.last.take()
        {
            self.second(last, at, "2");
            return at + 1;
        }
        self.last = None;
        self.bare = Some(at);
        at + 1
    }

    /// Whether words stand at `at` that a value is bound to.
    fn names_value(&self, at: usize) -> bool {
        let named = (at..self.tokens.len()).find(|&k| !matches!(self.kind(k), Some(Kind::Word | Kind::Blank)));
        let Some(bind) = named.filter(|&k| k > at) else { return false };
        (self.is(bind, b'=') || self.is(bind, b':')) && self.value_at(bind + 1)
    }

    /// `Train loss 100 0.5`: a second number right behind a value.
    fn goes_on(&self, at: usize) -> bool {
        let first = self.last.and_then(|k| self.line.found.get(k)).filter(|f| f.role == Role::Value);
        let next = self.solid(at + 1);
        let rated = self.kind(next) == Some(Kind::Word) && words::unit(self.word(next));
        first.is_some_and(|f| f.bind == Bind::Blank && f.token as usize + 2 == at && f.unit.is_empty())
            && self.tokens[at].unit(self.text).is_empty()
            && !rated
            && !self.line.bar
    }

    pub(super) fn count(&mut self, counter: Counter, name: &str, now: usize, total: Option<usize>) {
        let bind = if name.is_empty() { Bind::Place } else { Bind::Strong };
        if counter == Counter::Rank && total.is_some() {
            return;
        }
        if let Some(kind) = name.split_whitespace().find_map(words::split) {
            self.kind = Some(kind);
            self.line.kind = self.line.kind.or(Some(kind));
        }
        self.add(Role::Count(counter), name, bind, now);
        if let Some(total) = total {
            self.add(Role::Total(counter), name, bind, total);
        }
        self.forget();
    }

    pub(super) fn add(&mut self, role: Role, name: &str, bind: Bind, token: usize) -> Option<usize> {
        if role == Role::Value && words::estimate(name) {
            return None;
        }
        let unit = String::from_utf8_lossy(self.tokens[token].unit(self.text)).into_owned();
        let label = self.label.clone();
        let whole = format!("{label} {name}");
        let name = if role == Role::Value && words::statistic(name) && !label.is_empty() { &whole } else { name };
        let (name, kind) = match role {
            Role::Value => value_name(&self.called(name), self.kind),
            Role::Count(_) | Role::Total(_) => (name.to_owned(), self.kind),
        };
        self.line.found.push(Found { role, name, label, kind, unit, bind, token: token as u32 });
        Some(self.line.found.len() - 1)
    }

    /// What a value is called: what was announced, where its own name says no more than `value`.
    fn called(&mut self, name: &str) -> String {
        let Some(announced) = self.announced.filter(|_| words::names_value(name)) else { return name.to_owned() };
        self.announced = None;
        if self.kind(announced) == Some(Kind::Text) {
            self.line.literals.push(announced as u32);
        }
        self.word(announced).to_owned()
    }

    pub(super) fn second(&mut self, first: usize, token: usize, suffix: &str) {
        let Some(found) = self.line.found.get(first).cloned() else { return };
        if found.role != Role::Value {
            return;
        }
        let unit = String::from_utf8_lossy(self.tokens[token].unit(self.text)).into_owned();
        let name = format!("{}_{suffix}", found.name);
        self.line.found.push(Found { name, unit, token: token as u32, ..found });
    }
}
