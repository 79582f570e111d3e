//! Numbers, bare or quoted, and the units glued to them.

use super::lexer::is_word;
use super::{Kind, Lexer, Token};
use crate::read::generic::words;

impl Lexer<'_, '_> {
    /// A sign belongs to the number unless something stands right before it (`0-20`, `)-1`).
    pub(super) fn may_sign(&self, at: usize) -> bool {
        let next = self.byte(at + 1);
        let number = next.is_ascii_digit()
            || (next == b'.' && self.byte(at + 2).is_ascii_digit())
            || (self.not_a_number(at + 1).is_some());
        let free = match self.tokens.last().map(|t| t.kind) {
            None | Some(Kind::Blank | Kind::Wide | Kind::Bar) => true,
            Some(Kind::Mark(mark)) => !matches!(mark, b')' | b']' | b'}' | b'-' | b'+'),
            Some(Kind::Word | Kind::Number | Kind::Clock | Kind::Junk | Kind::Text | Kind::Key | Kind::Absent) => false,
        };
        number && free
    }

    /// The end of `nan` or `inf` with a unit that may be glued to it.
    pub(super) fn not_a_number(&self, at: usize) -> Option<(usize, usize)> {
        let text = self.line.get(at..)?;
        let long = [8, 3].into_iter().find(|&n| {
            text.get(..n).is_some_and(|head| {
                head.eq_ignore_ascii_case(b"infinity")
                    || head.eq_ignore_ascii_case(b"nan")
                    || head.eq_ignore_ascii_case(b"inf")
            })
        })?;
        let end = at + long;
        let tail = self.run(end, |b| is_word(b) || b == b'%' || b == b'/');
        let unit = std::str::from_utf8(&self.line[end..tail]).ok()?;
        (unit.is_empty() || matches!(unit, "ms" | "s" | "%" | "us" | "sec" | "x" | "it/s" | "s/it"))
            .then_some((end, tail))
    }

    pub(super) fn number(&mut self, start: usize, at: usize) -> usize {
        if let Some((end, tail)) = self.not_a_number(at) {
            return self.push_with(Kind::Number, start, end, tail);
        }
        if let Some(end) = self.moment(at).or_else(|| self.half_day(at)) {
            return self.push(Kind::Junk, start, end);
        }
        if let Some(end) = self.duration(at) {
            return self.push(Kind::Clock, start, end);
        }
        let end = self.digits(at);
        let next = self.byte(end);
        if next == b'.' && self.byte(end + 1).is_ascii_digit() || next == b'_' {
            return self.alnum(start, end);
        }
        let tail = self.unit_end(end);
        if self.byte(tail).is_ascii_digit() && tail > end && self.byte(tail - 1) != b'/' {
            return self.alnum(start, tail);
        }
        self.push_with(Kind::Number, start, end, tail)
    }

    /// Versions, addresses, hexadecimal, `640x640`.
    pub(super) fn alnum(&mut self, start: usize, at: usize) -> usize {
        let end = self.run(at, |b| is_word(b) || matches!(b, b'.' | b'/' | b'-' | b'~'));
        self.push(Kind::Junk, start, end)
    }

    /// The end of `1,234.5e-6`.
    pub(super) fn digits(&self, at: usize) -> usize {
        let mut end = self.run(at, |b| b.is_ascii_digit());
        while end - at <= 15 && self.thousands(at, end) {
            end += 4;
        }
        if self.byte(end) == b'.' && self.byte(end + 1) != b'.' {
            end = self.run(end + 1, |b| b.is_ascii_digit());
        }
        if self.byte(end) | 0x20 == b'e' {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            let exponent = self.run(end + 1 + sign, |b| b.is_ascii_digit());
            let unit = self
                .line
                .get(exponent..self.unit_end(exponent))
                .and_then(|u| std::str::from_utf8(u).ok())
                .unwrap_or_default();
            if exponent > end + 1 + sign && (!is_word(self.byte(exponent)) || words::unit(unit)) {
                end = exponent;
            }
        }
        end
    }

    pub(super) fn thousands(&self, at: usize, end: usize) -> bool {
        let first = self.run(at, |b| b.is_ascii_digit()) - at;
        first <= 3
            && self.byte(at) != b'0'
            && self.byte(end) == b','
            && self.run(end + 1, |b| b.is_ascii_digit()) == end + 4
            && !self.inside_list()
    }

    /// Within `[1,200,300]` a comma separates.
    pub(super) fn inside_list(&self) -> bool {
        self.tokens.iter().rev().take(3).any(|t| t.is(b'[') || t.is(b'('))
    }

    pub(super) fn unit_end(&self, end: usize) -> usize {
        let first = self.byte(end);
        if first == b'%' {
            return end + 1;
        }
        if !first.is_ascii_alphabetic() {
            // a Greek mu
            return if first == 0xC2 && self.byte(end + 1) == 0xB5 { self.run(end, is_word) } else { end };
        }
        let letters = self.run(end, |b| b.is_ascii_alphabetic());
        if self.byte(letters) == b'/' && self.byte(letters + 1).is_ascii_alphabetic() {
            return self.run(letters + 1, |b| b.is_ascii_alphabetic());
        }
        letters
    }

    pub(super) fn quoted(&mut self, at: usize) -> usize {
        let quote = self.byte(at);
        let opens = self.tokens.last().is_none_or(|t| matches!(t.kind, Kind::Blank | Kind::Wide | Kind::Mark(_)));
        let inside = self.line.get(at + 1..).unwrap_or_default();
        let close = memchr::memchr(quote, inside).map(|n| at + 1 + n);
        match close {
            Some(close) if opens => self.quote(at + 1, close),
            _ => self.push(Kind::Mark(quote), at, at + 1),
        }
    }

    pub(super) fn quote(&mut self, start: usize, close: usize) -> usize {
        let after = self.run(close + 1, |b| b == b' ');
        let kind = if self.byte(after) == b':' {
            Kind::Key
        } else if self.quoted_number(start, close) {
            Kind::Number
        } else {
            match self.duration(start) {
                Some(end) if end == close => Kind::Clock,
                _ => Kind::Text,
            }
        };
        match kind {
            Kind::Number => {
                self.push(Kind::Mark(b'"'), start - 1, start);
                self.push(Kind::Number, start, close);
                self.push(Kind::Mark(b'"'), close, close + 1)
            }
            _ => self.push_with(kind, start, close, close + 1),
        }
    }

    pub(super) fn quoted_number(&self, start: usize, close: usize) -> bool {
        let sign = usize::from(matches!(self.byte(start), b'-' | b'+'));
        let named = self.not_a_number(start + sign).is_some_and(|(end, tail)| end == close && tail == close);
        let digits = self.byte(start + sign).is_ascii_digit() || self.byte(start + sign) == b'.';
        named || digits && close > start && self.digits(start + sign) == close
    }

    /// Whether the `nan` that ends at `tail` is a value: in `number of nan iterations` it is a word.
    pub(super) fn has_value(&self, tail: usize) -> bool {
        let goes_on = self.byte(tail) == b' ' && self.byte(tail + 1).is_ascii_alphabetic();
        let mut solid = self.tokens.iter().rev().filter(|t| !t.is_blank());
        let bound = |t: &Token| matches!(t.kind, Kind::Mark(b':' | b'=' | b',' | b'(' | b'['));
        let before = solid.next();
        let joined = |t: &Token| {
            t.kind == Kind::Word && !words::joins(std::str::from_utf8(t.text(self.line)).unwrap_or_default())
        };
        // `Speed (samples/sec) nan | GPU 3 MB`
        let ends = matches!(self.byte(tail + self.run(tail, |b| b == b' ') - tail), b'|' | b',' | b';');
        let closed = |t: &Token| t.is(b')') && ends;
        before.is_some_and(|t| {
            bound(t)
                || closed(t)
                || joined(t) && !goes_on
                || joined(t) && words::measured(std::str::from_utf8(t.text(self.line)).unwrap_or_default())
        })
    }
}
