//! Walks over a line and tells what begins where.

use super::{Kind, Lexer, Token};

/// What a symbol outside ASCII stands for, and its length: full-width marks are marks, frames separate, pictures are
/// blanks.
pub(super) fn symbol(text: &[u8]) -> Option<(Kind, usize)> {
    let (a, b, c) = (*text.first()?, *text.get(1)?, text.get(2).copied().unwrap_or(0));
    Some(match (a, b, c) {
        (0xC2, 0xB7, _) => (Kind::Mark(b'|'), 2),
        (0xEF, 0xBC, 0x9A) => (Kind::Mark(b':'), 3),
        (0xEF, 0xBC, 0x9D) => (Kind::Mark(b'='), 3),
        (0xEF, 0xBC, 0x88) | (0xE3, 0x80, 0x90) => (Kind::Mark(b'('), 3),
        (0xEF, 0xBC, 0x89) | (0xE3, 0x80, 0x91) => (Kind::Mark(b')'), 3),
        (0xEF, 0xBC, 0x8C | 0x9B) | (0xE3, 0x80, 0x81 | 0x82) => (Kind::Mark(b','), 3),
        (0xEF, 0xBD, 0x9C) | (0xE2, 0x94, 0x82 | 0x83) | (0xE2, 0x95, 0x91) | (0xE2, 0x80, 0xA2) => {
            (Kind::Mark(b'|'), 3)
        }
        (0xE2, 0x80, 0x93 | 0x94) => (Kind::Mark(b'-'), 3),
        (0xE3, 0x80, 0x80) | (0xEF, 0xB8, 0x8F) => (Kind::Blank, 3),
        // arrows, clocks, signs, frames, dingbats
        // nabla and its like are names
        (0xE2, 0x88, 0x82 | 0x86 | 0x87) => return None,
        (0xE2, 0x86..=0x95 | 0x97..=0x9F | 0xAC | 0xAD, _) if text.len() > 2 => (Kind::Wide, 3),
        (0xF0, 0x9F, _) if text.len() > 3 => (Kind::Wide, 4),
        _ => return None,
    })
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl Lexer<'_, '_> {
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.line.get(at).copied().unwrap_or(b'\n')
    }

    pub(super) fn run(&self, at: usize, holds: impl Fn(u8) -> bool) -> usize {
        at + self.line.get(at..).unwrap_or_default().iter().take_while(|&&b| holds(b)).count()
    }

    pub(super) fn push(&mut self, kind: Kind, start: usize, end: usize) -> usize {
        self.push_with(kind, start, end, end)
    }

    pub(super) fn push_with(&mut self, kind: Kind, start: usize, end: usize, tail: usize) -> usize {
        self.tokens.push(Token { kind, start: start as u32, end: end as u32, tail: tail as u32 });
        tail
    }

    pub(super) fn next(&mut self, at: usize) -> usize {
        match self.byte(at) {
            b' ' | b'\t' => self.blank(at),
            b'0'..=b'9' => self.number(at, at),
            b'+' | b'-' if self.may_sign(at) && self.deviates(at) == 0 => self.number(at, at + 1),
            b'.' if self.byte(at + 1).is_ascii_digit() => self.number(at, at),
            b'"' | b'\'' => self.quoted(at),
            b'|' if self.after_percent() => self.drawn(at),
            b'[' if self.arrow(at).is_some() => self.arrowed(at),
            b'-' if self.option(at) => self.path(at, at),
            b'/' if self.opens_path(at) => self.path(at, at),
            b'.' if self.leads(at) => self.push(Kind::Mark(b':'), at, self.run(at, |b| b == b'.')),
            b'.' if matches!(self.byte(at + 1), b'/' | b'.') => self.path(at, at),
            b'+' if self.deviates(at) > 0 => self.push(Kind::Mark(0xB1), at, at + self.deviates(at)),
            b'|' if self.norm(at).is_some() => self.magnitude(at),
            0xC2 if self.byte(at + 1) == 0xB1 => self.push(Kind::Mark(0xB1), at, at + 2),
            0xE2 if self.glyphs(at) - at >= 9 => self.drawing(at),
            b if b >= 0x80 => match symbol(self.line.get(at..).unwrap_or_default()) {
                Some((kind, len)) => self.push(kind, at, at + len),
                None => self.word(at),
            },
            b if is_word(b) => self.word(at),
            b => self.push(Kind::Mark(b), at, at + 1),
        }
    }

    /// The end of a word: letters of any script, up to a symbol; digits end a word of a script that has no capitals.
    pub(super) fn word_end(&self, at: usize) -> usize {
        let ascii = |b: u8| is_word(b) && b < 0x80;
        let mut end = self.run(at, ascii);
        while self.byte(end) >= 0x80 && symbol(self.line.get(end..).unwrap_or_default()).is_none() {
            end = self.run(end + 1, |b| b & 0xC0 == 0x80);
            if !self.byte(end).is_ascii_digit() {
                end = self.run(end, ascii);
            }
        }
        end
    }

    /// `loss ....... 0.5`: dots that lead to a number.
    fn leads(&self, at: usize) -> bool {
        let end = self.run(at, |b| b == b'.');
        let next = self.byte(self.run(end, |b| b == b' '));
        end - at > 3 && (next.is_ascii_digit() || matches!(next, b'-' | b'+'))
    }

    /// The length of `+/-`, `+-`, or of the plus in `0.5+0.1`.
    fn deviates(&self, at: usize) -> usize {
        let solid = self.tokens.iter().rev().find(|t| !t.is_blank());
        let Some(before) = solid.filter(|t| t.kind == Kind::Number && t.end == t.tail) else { return 0 };
        let rest = self.line.get(at..).unwrap_or_default();
        match rest {
            [b'+', b'/', b'-', ..] => 3,
            [b'+', b'-', ..] => 2,
            [b'+', next, ..] if next.is_ascii_digit() && before.tail as usize == at => 1,
            _ => 0,
        }
    }

    /// Where the name within `|g|` or `||proj g||` begins and ends, if a value follows.
    fn norm(&self, at: usize) -> Option<(usize, usize, usize)> {
        let bars = self.run(at, |b| b == b'|');
        let end = self.run(bars, |b| b.is_ascii_alphabetic() || matches!(b, b' ' | b'_'));
        let close = self.run(end, |b| b == b'|');
        let name = self.line.get(bars..end)?;
        let drawn = bars - at == close - end && (1..=2).contains(&(close - end));
        let named = name.first().is_some_and(|b| *b != b' ') && name.last().is_some_and(|b| *b != b' ');
        let value = self.run(close, |b| b == b' ');
        let follows = matches!(self.byte(value), b'=' | b':') || value > close && self.byte(value).is_ascii_digit();
        (drawn && named && end - bars <= 12 && follows).then_some((bars, end, close))
    }

    fn magnitude(&mut self, at: usize) -> usize {
        let (start, end, close) = self.norm(at).unwrap_or((at, at + 1, at + 1));
        self.push_with(Kind::Word, start, end, close)
    }

    pub(super) fn blank(&mut self, at: usize) -> usize {
        let end = self.run(at, |b| b == b' ' || b == b'\t');
        let narrow = end == at + 1 && self.byte(at) == b' ';
        self.push(if narrow { Kind::Blank } else { Kind::Wide }, at, end)
    }
}
