//! Walks over a line and tells what begins where.

use super::{Kind, Lexer, Token};

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
            b'+' | b'-' if self.may_sign(at) => self.number(at, at + 1),
            b'.' if self.byte(at + 1).is_ascii_digit() => self.number(at, at),
            b'"' | b'\'' => self.quoted(at),
            b'|' if self.after_percent() => self.drawn(at),
            b'[' if self.arrow(at).is_some() => self.arrowed(at),
            b'-' if self.option(at) => self.path(at, at),
            b'/' if self.opens_path(at) => self.path(at, at),
            b'.' if matches!(self.byte(at + 1), b'/' | b'.') => self.path(at, at),
            0xC2 if self.byte(at + 1) == 0xB1 => self.push(Kind::Mark(0xB1), at, at + 2),
            0xE2 if self.glyphs(at) - at >= 9 => self.drawing(at),
            b if is_word(b) => self.word(at),
            b => self.push(Kind::Mark(b), at, at + 1),
        }
    }

    pub(super) fn blank(&mut self, at: usize) -> usize {
        let end = self.run(at, |b| b == b' ' || b == b'\t');
        let narrow = end == at + 1 && self.byte(at) == b' ';
        self.push(if narrow { Kind::Blank } else { Kind::Wide }, at, end)
    }
}
