//! What a number is: a value of the name before or after it, a counter, or nothing.

use super::name::{trim_joins, value_name};
use super::pair::Pair;
use super::parser::Parser;
use super::{Bind, Found, Role};
use crate::read::generic::token::Kind;
use crate::read::generic::words::{self, Counter};

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
        if let Some(next) = self.size(at) {
            return next;
        }
        if self.counts_behind_name(at) {
            let name = self.pending;
            self.count(Counter::Step(3), "step", at, None);
            self.pending = name;
            return at + 1;
        }
        if self.belongs_to_name(at) || self.is_index(at) {
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

    /// `AP .5: 0.93`, `top 5: 0.9`: a bind and a value follow, and what stands before counts nothing.
    pub(super) fn belongs_to_name(&self, at: usize) -> bool {
        let Some((from, to)) = self.pending else { return false };
        let next = self.solid(at + 1);
        let binds =
            matches!(self.kind(next), Some(Kind::Mark(b':' | b'='))) && self.tokens[at].unit(self.text).is_empty();
        let last = self.words(to - 1, to);
        let counts = words::counter(self.words(from, to)).or_else(|| words::counter(last)).is_some();
        // `a 1.5 + b 2.5 = 4.0`
        let summed =
            from > 0 && (0..from).rev().find(|&k| !self.tokens[k].is_blank()).is_some_and(|k| self.is(k, b'+'));
        binds && !self.bound && self.value_at(next + 1) && !counts && !summed
    }

    /// `class 0 acc 0.5`: a number behind a word for parts, and what is measured of the part.
    fn is_index(&self, at: usize) -> bool {
        let Some((_, to)) = self.pending.filter(|_| !self.bound) else { return false };
        let next = self.solid(at + 1);
        let measured = self.kind(next) == Some(Kind::Word) && words::measured(self.word(next));
        words::part(self.word(to - 1)) && self.tokens[at].unit(self.text).is_empty() && measured && next > at + 1
    }

    /// `3 x 3`, `416 x 416 x 32`: the size of something.
    fn size(&mut self, at: usize) -> Option<usize> {
        let by = |at: usize| {
            let next = self.solid(at + 1);
            let times = self.kind(next) == Some(Kind::Word) && matches!(self.word(next), "x" | "X" | "×");
            let second = self.solid(next + 1);
            (times && self.kind(second) == Some(Kind::Number)).then_some(second)
        };
        let mut last = by(at)?;
        while let Some(next) = by(last) {
            last = next;
        }
        self.forget();
        self.sizes += 1;
        Some(last + 1)
    }

    pub(super) fn named(&mut self, at: usize, pair: Option<Pair>, name: &str, bind: Bind) -> usize {
        // `up 3 days`, `epochs=100`
        let lasts = words::long_time(self.word(self.solid(at + 1)));
        let planned =
            pair.is_none() && self.before(at) == Some(Kind::Mark(b'=')) && name.eq_ignore_ascii_case("epochs");
        let counter = words::counter(name).or_else(|| self.leading_count(at, name, bind));
        if let Some(counter) = counter.filter(|_| !lasts && !planned) {
            return self.named_counter(at, pair, name, counter);
        }
        if let Some(next) = self.counter_behind_words(at, pair, name) {
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
            None if bind == Bind::Strong && words::measured(name) && self.row_of(at).len() > 2 => {
                self.values_of_row(at, name)
            }
            None => {
                self.last = self.add(Role::Value, name, bind, at);
                self.loose = self.last.filter(|_| bind == Bind::Blank);
                at + 1
            }
        }
    }

    /// The numbers from `at` on with nothing but blanks between.
    fn row_of(&self, at: usize) -> Vec<usize> {
        let mut row = vec![at];
        let mut next = self.solid(at + 1);
        while self.kind(next) == Some(Kind::Number) && self.blank_at(next - 1) {
            row.push(next);
            next = self.solid(next + 1);
        }
        row
    }

    /// `MAPE [%]: 1.11  2.44  3.06`: a list without brackets.
    fn values_of_row(&mut self, at: usize, name: &str) -> usize {
        let row = self.row_of(at);
        for (k, &token) in row.iter().enumerate().filter(|_| row.len() <= 8) {
            self.add(Role::Value, &format!("{name}_{k}"), Bind::Strong, token);
        }
        self.last = None;
        row.last().map_or(at, |last| last + 1)
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
        if self.is_lone_value(at) {
            self.add(Role::Value, "unnamed", Bind::Blank, at);
            return at + 1;
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

    /// `2000/ 200000: 3.0962`: all that stands behind a count, and no word says what it is.
    fn is_lone_value(&self, at: usize) -> bool {
        let bare = |role| matches!(role, Role::Count(Counter::Bare) | Role::Total(Counter::Bare));
        let counted = !self.line.found.is_empty() && self.line.found.iter().all(|f| bare(f.role));
        let colon = (0..at).rev().find(|&k| !self.tokens[k].is_blank()).is_some_and(|k| self.is(k, b':'));
        let last = self.solid(at + 1) >= self.tokens.len();
        counted && colon && last && self.line.residue == 0 && self.line.label.is_empty() && !self.line.bar
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
        let nameless = || !name.contains(char::is_alphanumeric);
        if role == Role::Value && (words::estimate(name) || nameless()) {
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
