//! The drawings of progress bars.

use super::{Kind, Lexer, Token};

impl Lexer<'_, '_> {
    pub(super) fn after_percent(&self) -> bool {
        let number = |t: &Token| t.kind == Kind::Number && self.line.get(t.end as usize) == Some(&b'%');
        self.tokens.last().is_some_and(number)
    }

    /// `|███▏     |` after a percentage.
    pub(super) fn drawn(&mut self, at: usize) -> usize {
        let inside =
            self.run(at + 1, |b| b >= 0x80 || matches!(b, b' ' | b'#' | b'=' | b'>' | b'-' | b'.' | b'0'..=b'9'));
        match self.byte(inside) {
            b'|' => self.push(Kind::Bar, at, inside + 1),
            // a bar cut off by the end of the line
            b'\n' if inside > at + 1 => self.push(Kind::Bar, at, inside),
            _ => self.push(Kind::Mark(b'|'), at, at + 1),
        }
    }

    /// The end of `[====>.....]`.
    pub(super) fn arrow(&self, at: usize) -> Option<usize> {
        let end = self.run(at + 1, |b| matches!(b, b'=' | b'>' | b'.' | b'-' | b'#' | b' ' | b'*'));
        let drawn = self.run(at + 1, |b| matches!(b, b'=' | b'>' | b'.' | b'-' | b'#' | b'*'));
        (self.byte(end) == b']' && end - at > 5 && (drawn > at + 1 || end - at > 9)).then_some(end + 1)
    }

    pub(super) fn arrowed(&mut self, at: usize) -> usize {
        let end = self.arrow(at).unwrap_or(at + 1);
        self.push(Kind::Bar, at, end)
    }

    /// The end of a run of box-drawing and block glyphs.
    pub(super) fn glyphs(&self, at: usize) -> usize {
        let mut end = at;
        while self.byte(end) == 0xE2 && matches!(self.byte(end + 1), 0x94..=0x96) {
            end += 3;
        }
        end.min(self.line.len())
    }

    pub(super) fn drawing(&mut self, at: usize) -> usize {
        let end = self.glyphs(at).max(at + 1);
        self.push(Kind::Bar, at, end)
    }
}
