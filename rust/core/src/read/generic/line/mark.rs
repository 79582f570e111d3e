//! What the marks between words and numbers do: bind, separate, label.

use super::name::trim_joins;
use super::parser::Parser;
use crate::read::generic::token::Kind;
use crate::read::generic::words::{self, Counter};

impl Parser<'_> {
    pub(super) fn mark(&mut self, at: usize, mark: u8, end: usize) -> usize {
        match mark {
            b',' | b';' | b'|' => self.separate(at),
            b':' => self.colon(at),
            b'=' => self.equals(at),
            b'-' => self.dash(at),
            b'#' => self.ordinal(at),
            b'(' | b'[' | b'{' => self.group(at, mark, end),
            b'/' => self.slash(at),
            b'*' => self.star(at),
            b'<' => self.angle(at),
            0xB1 => self.deviation(at),
            b'.' | b'!' | b'?' => {
                self.close();
                at + 1
            }
            _ => at + 1,
        }
    }

    pub(super) fn separate(&mut self, at: usize) -> usize {
        self.close();
        at + 1
    }

    /// A colon binds a number, joins `metrics:accuracy`, ends a label, or separates.
    pub(super) fn colon(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        if self.is(next, b':') || self.is(next, b'=') {
            return at + 1;
        }
        if words::names_metric(trim_joins(self.name())) && self.kind(next) == Some(Kind::Word) {
            self.announced = Some(next);
            self.forget();
            return next + 1;
        }
        if self.pending.is_some() && self.bindable(next) {
            self.bound = true;
            return at + 1;
        }
        let glued = self.before(at) == Some(Kind::Word) && self.kind(at + 1) == Some(Kind::Word);
        if glued && self.pending.is_some() {
            self.extend(at);
            return at + 1;
        }
        self.end_label();
        at + 1
    }

    pub(super) fn bindable(&self, next: usize) -> bool {
        match self.kind(next) {
            Some(Kind::Number | Kind::Clock | Kind::Absent | Kind::Junk | Kind::Text) => true,
            Some(Kind::Word) => self.wraps(next),
            Some(Kind::Mark(b'[' | b'(')) => {
                let counts = words::counter(self.name()).is_some();
                self.numeric_group(next).is_some() && (counts || !self.pair_group(next))
            }
            Some(Kind::Mark(b'"')) => self.kind(next + 1) == Some(Kind::Number),
            _ => false,
        }
    }

    /// `Train net output #0: loss`: what the colon ends says what follows is about.
    pub(super) fn end_label(&mut self) {
        let name = trim_joins(self.name()).to_owned();
        if self.bare.is_some() || name.is_empty() || words::joins(&name) {
            self.close();
            return;
        }
        self.split_in(&name);
        self.title(&name);
        self.label = name;
        self.forget();
    }

    pub(super) fn equals(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        if self.is(at + 1, b'>') {
            self.end_label();
            return at + 2;
        }
        if self.is(next, b'=') {
            return at + 1;
        }
        if self.pending.is_some() {
            self.bound = true;
        }
        at + 1
    }

    /// ` - ` separates, or binds a name to a number.
    pub(super) fn dash(&mut self, at: usize) -> usize {
        if !(self.blank_at(at + 1) && (at == 0 || self.blank_at(at - 1))) {
            return at + 1;
        }
        if self.pending.is_some() && !self.bound && self.value_at(at + 1) && self.depth == 0 {
            self.bound = true;
            return at + 1;
        }
        self.separate(at)
    }

    /// `output #0`, `#12`.
    pub(super) fn ordinal(&mut self, at: usize) -> usize {
        if self.kind(at + 1) != Some(Kind::Number) {
            return at + 1;
        }
        if self.pending.is_some() {
            self.extend(at + 1);
            self.line.literals.push(at as u32 + 1);
            return at + 2;
        }
        at + 1
    }

    /// Between words a slash belongs to the name (`samples / sec`); after a value it separates.
    pub(super) fn slash(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        if self.is_per(at) {
            self.bare = None;
            self.last = None;
            return at + 2;
        }
        match self.pending {
            Some(_) if self.kind(next) == Some(Kind::Word) && !self.bound => self.extend(at),
            Some(_) | None => self.close(),
        }
        at + 1
    }

    /// `66.4/s LR: 0.1`: a rate without a name.
    fn is_per(&self, at: usize) -> bool {
        let per = self.before(at) == Some(Kind::Number) && self.kind(at + 1) == Some(Kind::Word);
        per && self.pending.is_none() && words::unit(self.word(at + 1))
    }

    /// `4.39 * 412,771`: a factor measures nothing.
    pub(super) fn star(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        let factor = self.last.is_some() && self.kind(next) == Some(Kind::Number);
        if factor { next + 1 } else { at + 1 }
    }

    /// `<10> LL/token: -9.43`: a count at the head of the line.
    fn angle(&mut self, at: usize) -> usize {
        let counts = self.opens_line(at) && self.is_whole(at + 1) && self.is(at + 2, b'>');
        if counts {
            self.count(Counter::Bare, "", at + 1, None);
        }
        if counts { at + 3 } else { at + 1 }
    }

    /// `0.5 ± 0.1`.
    pub(super) fn deviation(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        if let (Some(last), Some(Kind::Number)) = (self.last, self.kind(next)) {
            self.second(last, next, "std");
            return next + 1;
        }
        at + 1
    }
}
