//! Words, with the marks inside them, and paths.

use super::lexer::{is_word, symbol};
use super::{Kind, Lexer};

impl Lexer<'_, '_> {
    /// `--lr`: an option of a command, no name.
    pub(super) fn option(&self, at: usize) -> bool {
        let free = matches!(self.tokens.last().map(|t| t.kind), None | Some(Kind::Blank | Kind::Wide));
        free && self.byte(at + 1) == b'-' && self.byte(at + 2).is_ascii_alphabetic()
    }

    pub(super) fn word(&mut self, at: usize) -> usize {
        if let Some((end, tail)) = self.not_a_number(at).filter(|&(_, tail)| self.has_value(tail)) {
            return self.push_with(Kind::Number, at, end, tail);
        }
        let mut end = self.word_end(at);
        if let Some(digits) = self.counted(at, end) {
            self.push(Kind::Word, at, digits);
            let number = self.run(digits, |b| b == b'_');
            return self.number(number, number);
        }
        while self.glues(at, end) {
            let skipped = 1 + usize::from(self.byte(end) == b'@' && self.byte(end + 1) == b'.');
            end = self.word_end(end + skipped);
        }
        let text = &self.line[at..end];
        if self.is_path(text) {
            return self.path(at, end);
        }
        if matches!(text, b"None" | b"null" | b"N/A" | b"n/a" | b"NA" | b"none") {
            return self.push(Kind::Absent, at, end);
        }
        // an abbreviation keeps its full stop
        if self.byte(end) == b'.' && matches!(self.byte(end + 1), b' ' | b':' | b'\t' | b',' | b'=') {
            end += 1;
        }
        self.push(Kind::Word, at, end)
    }

    /// Whether the mark at `end` is inside a word: `s0.loss`, `Tok/s`, `Train-acc`, `ndcg@10`, `mAP@.5`, `training's`.
    pub(super) fn glues(&self, start: usize, end: usize) -> bool {
        let (mark, next) = (self.byte(end), self.byte(end + 1));
        let letter_before = end > start && is_word(self.byte(end - 1));
        match mark {
            b'.' | b'/' | b'\'' | b'&' | b'+' => letter_before && is_word(next) && next != 0xC2,
            b'-' => letter_before && is_word(next),
            b'@' => letter_before && (is_word(next) || next == b'.' && self.byte(end + 2).is_ascii_digit()),
            _ => false,
        }
    }

    /// Where the digits begin that are glued to a counting word: `epoch001`, `iter_100`.
    pub(super) fn counted(&self, at: usize, end: usize) -> Option<usize> {
        let letters = self.run(at, |b| b.is_ascii_alphabetic());
        let digits = self.run(letters, |b| b == b'_');
        let all = digits < end && self.run(digits, |b| b.is_ascii_digit()) == end && digits - letters <= 1;
        let free = !matches!(self.byte(end), b'.' | b'/' | b'-' | b'_') || matches!(self.byte(end + 1), b' ' | b'\n');
        let word = self.line.get(at..letters)?;
        const COUNTING: [&[u8]; 6] = [b"epoch", b"ep", b"iter", b"step", b"iteration", b"batch"];
        let counts = COUNTING.iter().any(|w| w.eq_ignore_ascii_case(word));
        (all && free && counts).then_some(letters)
    }

    pub(super) fn is_path(&self, text: &[u8]) -> bool {
        let slashes = text.iter().filter(|&&b| b == b'/').count();
        let stamped = text.windows(6).any(|w| w.iter().all(u8::is_ascii_digit));
        if slashes > 0 && stamped {
            return true;
        }
        let dot = text.iter().rposition(|&b| b == b'.');
        let extension = dot.is_some_and(|d| {
            (2..=6).contains(&(text.len() - d)) && text[d + 1..].iter().all(u8::is_ascii_alphanumeric)
        });
        slashes >= 1
            && extension
            && dot > text.iter().rposition(|&b| b == b'/')
            && self.byte(dot.unwrap_or(0)) != 0
            && text[dot.map_or(0, |d| d + 1)..].iter().any(u8::is_ascii_alphabetic)
    }

    pub(super) fn opens_path(&self, at: usize) -> bool {
        let free = matches!(self.tokens.last().map(|t| t.kind), None | Some(Kind::Blank | Kind::Wide | Kind::Mark(_)));
        free && (self.byte(at + 1).is_ascii_alphabetic() || self.byte(at + 1) == b'/')
    }

    pub(super) fn path(&mut self, start: usize, at: usize) -> usize {
        let ends = |b: u8| matches!(b, b' ' | b'\t' | b',' | b';' | b'"' | b'\'' | b')' | b']' | b'|' | b'=');
        let marked = |end: &usize| self.byte(*end) >= 0x80 && symbol(&self.line[*end..]).is_some();
        let all = self.run(at, |b| !ends(b));
        let end = (at..all).find(marked).unwrap_or(all);
        self.push(Kind::Junk, start, end.max(start + 1))
    }
}
