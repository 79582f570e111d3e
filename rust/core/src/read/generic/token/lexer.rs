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

    pub(super) fn blank(&mut self, at: usize) -> usize {
        let end = self.run(at, |b| b == b' ' || b == b'\t');
        let narrow = end == at + 1 && self.byte(at) == b' ';
        self.push(if narrow { Kind::Blank } else { Kind::Wide }, at, end)
    }
}
