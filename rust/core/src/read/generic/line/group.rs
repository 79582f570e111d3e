//! What stands in brackets: counters, tags, units, running means, lists, dictionaries, or a clause of its own.

use super::Role;
use super::name::trim_joins;
use super::number::Pair;
use super::parser::Parser;
use crate::read::generic::token::{Kind, Token};
use crate::read::generic::words::{self, Counter};

impl Parser<'_> {
    /// Where the bracket at `at` closes.
    pub(super) fn closing(&self, at: usize, end: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (k, token) in self.tokens.iter().enumerate().take(end).skip(at) {
            match token.kind {
                Kind::Mark(b'(' | b'[' | b'{') => depth += 1,
                Kind::Mark(b')' | b']' | b'}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(k);
                    }
                }
                _ => {}
            }
        }
        None
    }

    pub(super) fn group(&mut self, at: usize, mark: u8, end: usize) -> usize {
        let Some(close) = self.closing(at, end) else { return self.unclosed(at, mark, end) };
        if mark == b'{' {
            return self.dictionary(at, close);
        }
        if self.is_name_part(at, close) {
            return self.take_into_name(at, close);
        }
        if self.last.is_some() && !self.bound && self.pending.is_none() && self.after_value(at, close) {
            return close + 1;
        }
        if self.bound {
            return self.list(at, close);
        }
        if self.numeric_group(at).is_some() {
            return self.counters(at, close);
        }
        if self.is_repr(at, close) || self.is_record(at, close) {
            self.close();
            return close + 1;
        }
        self.clause(at, close)
    }

    /// A bracket never closed: what it holds is read as if it were not there.
    pub(super) fn unclosed(&mut self, at: usize, mark: u8, end: usize) -> usize {
        if mark == b'{' && self.kind(self.solid(at + 1)) == Some(Kind::Key) {
            return self.dictionary(at, end);
        }
        if !self.bound {
            self.close();
        }
        at + 1
    }

    /// `time(s): 1.5`, `AP @[ IoU=0.50 ] = 0.3`: a bind and a value follow the bracket.
    pub(super) fn is_name_part(&self, at: usize, close: usize) -> bool {
        let next = self.solid(close + 1);
        let binds = matches!(self.kind(next), Some(Kind::Mark(b':' | b'='))) && self.value_at(next + 1);
        let holds_pair = self.pair_group(at);
        self.pending.is_some() && !self.bound && binds && !holds_pair && !self.counts_itself(at)
    }

    /// `Epoch [3]: 0.5`: the name counts, so the bracket holds its count.
    pub(super) fn counts_itself(&self, at: usize) -> bool {
        words::counter(self.name()).is_some() && self.numeric_group(at).is_some()
    }

    pub(super) fn take_into_name(&mut self, at: usize, close: usize) -> usize {
        let numbers =
            (at..close).filter(|&k| matches!(self.kind(k), Some(Kind::Number | Kind::Clock | Kind::Junk | Kind::Text)));
        let numbers: Vec<u32> = numbers.map(|k| k as u32).collect();
        self.line.literals.extend(numbers);
        self.extend(close);
        close + 1
    }

    /// `[ms]` is a unit, `(0.143)` a running mean, `(28.8%)` says the same in another way.
    pub(super) fn after_value(&mut self, at: usize, close: usize) -> bool {
        let inside: Vec<usize> = (at + 1..close).filter(|&k| !self.tokens[k].is_blank()).collect();
        match inside.as_slice() {
            [one] if self.kind(*one) == Some(Kind::Word) && words::unit(self.word(*one)) => {
                self.set_unit(*one);
                true
            }
            [one] if self.kind(*one) == Some(Kind::Number) => {
                if let Some(last) = self.last.filter(|&last| self.is_running(last, *one)) {
                    self.second(last, *one, "avg");
                }
                true
            }
            [one] if self.kind(*one) == Some(Kind::Word) => words::split(self.word(*one)).is_none(),
            [] => true,
            many => many.iter().all(|&k| !matches!(self.kind(k), Some(Kind::Mark(b'=' | b':')))),
        }
    }

    /// A running mean bears the unit of its value or none: `0.61 (12.3s)` is another measurement.
    fn is_running(&self, last: usize, token: usize) -> bool {
        let unit = self.tokens[token].unit(self.text);
        unit.is_empty() || unit != b"%" && self.line.found.get(last).is_some_and(|f| f.unit.as_bytes() == unit)
    }

    /// `lr=[0.0003]`, `mom=[(0.9, 0.999)]`.
    pub(super) fn list(&mut self, at: usize, close: usize) -> usize {
        if let Some(wrapped) = (at + 1..close).find(|&k| self.wraps(k)) {
            self.wrapped(wrapped);
            self.forget();
            return close + 1;
        }
        self.list_of(at, close);
        close + 1
    }

    /// `tensor(`, `np.float32(`, `array([`: how a number is shown that is no plain one.
    pub(super) fn wraps(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Word) && words::wrapper(self.word(at)) && self.is(at + 1, b'(')
    }

    /// What such a showing holds, as if it stood there alone; what follows the numbers describes them.
    pub(super) fn wrapped(&mut self, at: usize) -> Option<usize> {
        let close = self.closing(at + 1, self.tokens.len())?;
        let first = self.solid(at + 2);
        let (from, to) = match self.is(first, b'[') {
            true => (first, self.closing(first, close)?),
            false => (at + 1, (first..close).find(|&k| self.is(k, b',')).unwrap_or(close)),
        };
        if self.pending.is_some() {
            self.bound = true;
            self.list_of(from, to);
        }
        Some(close + 1)
    }

    fn list_of(&mut self, at: usize, close: usize) -> usize {
        let (name, bind) = self.take_name();
        let inside = &self.tokens[at..=close];
        let numbers: Vec<usize> = (at..close).filter(|&k| self.kind(k) == Some(Kind::Number)).collect();
        let other = inside.iter().any(|t| matches!(t.kind, Kind::Word | Kind::Text | Kind::Key | Kind::Junk));
        if name.is_empty() || other || numbers.len() > 8 {
            self.forget();
            return close + 1;
        }
        let counter = words::counter(&name);
        match (numbers.as_slice(), counter) {
            ([one], None) => {
                self.last = self.add(Role::Value, &name, bind, *one);
            }
            (_, Some(counter)) => {
                // `Epoch: [0]  [ 10/59143]`
                let pair = numbers.first().and_then(|&n| self.pair(n, close)).map(|p| (p.now, p.total));
                if let Some((now, total)) = pair.or(numbers.first().map(|&n| (n, None))) {
                    self.count(counter, &name, now, total);
                }
            }
            (many, None) => {
                for (k, &token) in many.iter().enumerate() {
                    self.add(Role::Value, &format!("{name}_{k}"), bind, token);
                }
                self.last = None;
            }
        }
        close + 1
    }

    /// The first number of a bracket that holds whole numbers, slashes and percentages only.
    pub(super) fn numeric_group(&self, at: usize) -> Option<usize> {
        let close = self.closing(at, self.tokens.len())?;
        let inside = self.tokens.get(at + 1..close)?;
        let fits = |t: &Token| {
            matches!(t.kind, Kind::Number | Kind::Blank | Kind::Wide)
                || matches!(t.kind, Kind::Mark(b'/' | b'-' | b'(' | b')' | b'[' | b']' | b',' | b'%'))
        };
        let first = inside.iter().position(|t| t.kind == Kind::Number)?;
        inside.iter().all(fits).then_some(at + 1 + first)
    }

    /// Whether a bracket with a counter pair stands at `at`.
    pub(super) fn pair_group(&self, at: usize) -> bool {
        let opens = matches!(self.kind(at), Some(Kind::Mark(b'[' | b'(')));
        let Some(first) = self.numeric_group(at).filter(|_| opens) else { return false };
        self.is(self.solid(first + 1), b'/')
    }

    /// `[12/300]`, `[3]`, `(4/178643)`, `[0-20]`; the words before it may say what it counts.
    pub(super) fn counters(&mut self, at: usize, close: usize) -> usize {
        let glued = self.before(at) == Some(Kind::Word);
        let name = trim_joins(self.name()).to_owned();
        let first = self.solid(at + 1);
        self.depth += 1;
        let pair = self.pair(first, close);
        self.depth -= 1;
        let commas = (at..close).any(|k| self.is(k, b','));
        if commas && self.opens_line(at) && name.is_empty() {
            return self.places(at, close);
        }
        if commas || self.kind(first) != Some(Kind::Number) {
            self.close();
            return close + 1;
        }
        let Pair { now, total, .. } = pair.unwrap_or(Pair { now: first, total: None, end: close });
        match words::counter(&name) {
            // `gpu(0)`
            Some(Counter::Rank) if self.is(at, b'(') => self.close(),
            Some(counter) => self.count(counter, &name, now, total),
            // `Linear(256)`, `gpu(0)`: an argument
            None if glued && !name.is_empty() && total.is_none() && pair.is_none() => self.close(),
            None => {
                self.close();
                self.bare_count(now, total, close);
            }
        }
        close + 1
    }

    /// `[1,  2000] loss: 0.5`: the epoch and the place in it; more numbers, or others, are a list.
    fn places(&mut self, at: usize, close: usize) -> usize {
        let inside: Vec<usize> = (at + 1..close).filter(|&k| !self.tokens[k].is_blank()).collect();
        self.close();
        if let [epoch, comma, place] = inside[..]
            && self.is(comma, b',')
            && self.is_whole(epoch)
            && self.is_whole(place)
        {
            self.count(Counter::Bare, "", epoch, None);
            self.count(Counter::Bare, "", place, None);
        }
        close + 1
    }

    pub(super) fn bare_count(&mut self, now: usize, total: Option<usize>, close: usize) {
        let values = self.line.values().count();
        let unit = !self.tokens[now].unit(self.text).is_empty();
        // after a value, a number in brackets is a remark
        if unit || (values > 0 && total.is_none()) {
            return;
        }
        let counter = if self.line.bar { Counter::Bar } else { Counter::Bare };
        self.count(counter, "", now, total);
        if self.is(self.solid(close + 1), b':') {
            self.label.clear();
        }
    }

    /// `Namespace(lr=0.1)`, `Linear(in_features=3)`: how a thing is written down, not what was measured.
    pub(super) fn is_repr(&self, at: usize, close: usize) -> bool {
        let glued = self.before(at) == Some(Kind::Word) && self.is(at, b'(');
        glued && (at..close).any(|k| self.is(k, b'='))
    }

    /// `(last best: 222.4)`: a remark about an earlier line.
    pub(super) fn is_record(&self, at: usize, close: usize) -> bool {
        self.line.values().next().is_some() && (at..close).any(|k| self.word(k).eq_ignore_ascii_case("best"))
    }

    /// Anything else is read on its own: `[Epoch 1/3]`, `(epoch: 13, iters: 4)`, `[valid]`.
    pub(super) fn clause(&mut self, at: usize, close: usize) -> usize {
        let words_only =
            (at + 1..close).all(|k| matches!(self.kind(k), Some(Kind::Word | Kind::Blank | Kind::Mark(b'-' | b'_'))));
        if words_only {
            return self.tag(at, close);
        }
        // `tot_loss[loss=0.5]`: the word before says what the pairs are about
        let glued = self.before(at) == Some(Kind::Word) && !self.bound;
        let about = self.name().to_owned();
        let label = glued.then(|| std::mem::replace(&mut self.label, about));
        if glued {
            self.forget();
        }
        self.close();
        self.depth += 1;
        let residue = self.line.residue;
        self.stretch(at + 1, close);
        self.close();
        if let Some(label) = label {
            self.label = label;
        }
        // remarks in brackets make no sentence of the line
        self.line.residue = residue;
        self.depth -= 1;
        close + 1
    }

    /// `[valid]`, `Epoch(train)`; after any other word a remark that its name keeps.
    pub(super) fn tag(&mut self, at: usize, close: usize) -> usize {
        let words = self.words(at + 1, close);
        let kind = words.split(|c: char| !c.is_ascii_alphanumeric()).find_map(words::split);
        let counts = words::counter(self.name()).is_some();
        if let Some(kind) = kind {
            self.kind = Some(kind);
            self.line.kind = self.line.kind.or(Some(kind));
            self.label.clear();
        } else if self.pending.is_some() && !self.is(at, b'[') {
            self.extend(close);
            return close + 1;
        } else if self.line.label.is_empty() && self.pending.is_none() {
            self.line.label = words.to_owned();
        }
        if !counts {
            self.close();
        }
        close + 1
    }
}
