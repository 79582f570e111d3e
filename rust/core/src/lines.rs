//! Cuts a block into lines: `\n`, `\r\n` and a lone `\r` all end one.
//!
//! A lone `\r` ends a line because progress bars rewrite theirs with it, and so do runs of backspaces
//! in lines that are [dirty](crate::text::is_dirty).

use memchr::{memchr, memchr_iter, memchr2, memrchr2};

use crate::row::Block;

/// One line, as positions in its block, so that parsers may look into the padding after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The block's bytes, padding included.
    pub data: &'a [u8],
    pub start: usize,
    /// Where the terminator stands, or the text ends, or damaged bytes begin that stand alone before it.
    pub end: usize,
    /// Of the line's first byte, in the source.
    pub offset: u64,
    /// Ended by `\n` or the end of the text: what follows stands below it and does not rewrite it.
    pub physical_end: bool,
}

impl<'a> Line<'a> {
    pub fn bytes(&self) -> &'a [u8] {
        &self.data[self.start..self.end]
    }
}

/// The lines of a block.
///
/// ```
/// use fastlogs_core::{lines::lines, row::Block};
/// let data = b"one\r\ntwo\rthree";
/// let block = Block { data, len: data.len(), offset: 100 };
/// let found: Vec<_> = lines(block).map(|line| (line.offset, line.bytes())).collect();
/// assert_eq!(vec![(100, &b"one"[..]), (105, b"two"), (109, b"three")], found);
/// ```
pub fn lines(block: Block<'_>) -> Lines<'_> {
    Lines { block, at: 0 }
}

#[derive(Debug, Clone)]
pub struct Lines<'a> {
    block: Block<'a>,
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    #[inline]
    fn next(&mut self) -> Option<Line<'a>> {
        let (start, text) = (self.at, self.block.bytes());
        if start >= text.len() {
            return None;
        }
        let end = memchr2(b'\n', b'\r', &text[start..]).map_or(text.len(), |k| start + k);
        let pair = text[end..].starts_with(b"\r\n");
        self.at = end + 1 + usize::from(pair);
        let physical_end = pair || text.get(end) != Some(&b'\r');
        let end = legible(text, start, end);
        Some(Line { data: self.block.data, start, end, offset: self.block.offset + start as u64, physical_end })
    }
}

/// Where a line ends without the damaged bytes that stand alone, behind a blank, at its end.
#[inline]
pub fn legible(data: &[u8], start: usize, end: usize) -> usize {
    let line = &data[start..end];
    if line.last().is_none_or(u8::is_ascii) {
        return end;
    }
    let rest = line.iter().rev().take_while(|byte| !byte.is_ascii()).count();
    let (said, tail) = line.split_at(line.len() - rest);
    match said.last() {
        Some(b' ') if std::str::from_utf8(tail).is_err() => start + said.trim_ascii_end().len(),
        _ => end,
    }
}

/// The lines of a block that holds control bytes: where two or more backspaces take text back, a line ends too.
pub fn rewritten_lines(block: Block<'_>) -> impl Iterator<Item = Line<'_>> {
    lines(block).flat_map(|line| States { line, at: line.start, done: false })
}

/// What a line showed in turn, between runs of backspaces.
struct States<'a> {
    line: Line<'a>,
    at: usize,
    done: bool,
}

impl<'a> Iterator for States<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.done {
            return None;
        }
        let (start, end) = (self.at, self.line.end);
        let offset = self.line.offset + (start - self.line.start) as u64;
        let state = Line { start, offset, ..self.line };
        let Some((from, to)) = erasure(&self.line.data[start..end]) else {
            self.done = true;
            return Some(state);
        };
        self.at = start + to;
        self.done = self.at == end;
        let physical_end = self.done && self.line.physical_end;
        Some(Line { end: start + from, physical_end, ..state })
    }
}

/// The first run of two or more backspaces.
fn erasure(text: &[u8]) -> Option<(usize, usize)> {
    let mut from = memchr(b'\x08', text)?;
    loop {
        let run = text[from..].iter().take_while(|&&b| b == b'\x08').count();
        if run >= 2 {
            return Some((from, from + run));
        }
        from += run;
        from += memchr(b'\x08', &text[from..])?;
    }
}

/// Where the line around `at` begins and ends, without its terminator; `at` is a byte of the line.
#[inline]
pub fn line_at(data: &[u8], len: usize, at: usize) -> (usize, usize) {
    let start = memrchr2(b'\n', b'\r', &data[..at]).map_or(0, |k| k + 1);
    let end = memchr2(b'\n', b'\r', &data[at..len]).map_or(len, |k| at + k);
    (start, end)
}

/// How many `\n` lines there are; an unterminated last one counts. What ends with a lone `\r` counts with what follows,
/// so that the counts of blocks add up wherever they were cut.
pub fn count_lines(text: &[u8]) -> u64 {
    let unended = text.last().is_some_and(|&b| b != b'\n' && b != b'\r');
    memchr_iter(b'\n', text).count() as u64 + u64::from(unended)
}

/// The same count, and whether the text is [dirty](crate::text::is_dirty), in one go.
///
/// ```
/// assert_eq!((2, false), fastlogs_core::lines::glance(b"one\ntwo"));
/// assert_eq!((1, true), fastlogs_core::lines::glance(b"\x1b[1mone\n"));
/// ```
pub fn glance(text: &[u8]) -> (u64, bool) {
    let unended = text.last().is_some_and(|&b| b != b'\n' && b != b'\r');
    let (ends, dirty) = fastlogs_simd::glance(text);
    (ends as u64 + u64::from(unended), dirty)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &[u8]) -> Vec<(u64, &[u8], bool)> {
        let block = Block { data: text, len: text.len(), offset: 7 };
        lines(block).map(|l| (l.offset, l.bytes(), l.physical_end)).collect()
    }

    /// Python's universal newlines, a byte at a time.
    fn obvious(text: &[u8]) -> Vec<Vec<u8>> {
        let text = String::from_utf8_lossy(text).replace("\r\n", "\n").replace('\r', "\n");
        let mut out: Vec<Vec<u8>> = text.split('\n').map(|l| l.as_bytes().to_vec()).collect();
        if out.last().is_some_and(Vec::is_empty) {
            out.pop();
        }
        out
    }

    #[test]
    fn a_rewritten_line_is_told_from_a_finished_one() {
        let found = cut(b"10%\r20%\r\n\ndone");

        let expected: Vec<(u64, &[u8], bool)> =
            vec![(7, b"10%", false), (11, b"20%", true), (16, b"", true), (17, b"done", true)];
        assert_eq!(expected, found);
    }

    #[test]
    fn runs_of_backspaces_end_a_state_and_single_ones_do_not() {
        let text = b"ab\x08c\x08\x08\x08next\x08\x08\nlast";
        let block = Block { data: text, len: text.len(), offset: 0 };

        let found: Vec<_> = rewritten_lines(block).map(|l| (l.offset, l.bytes(), l.physical_end)).collect();

        let expected: Vec<(u64, &[u8], bool)> = vec![(0, b"ab\x08c", false), (7, b"next", true), (14, b"last", true)];
        assert_eq!(expected, found);
    }

    #[test]
    fn a_hit_finds_its_line() {
        let text = b"one\r\ntwo\rthree";
        assert_eq!((0, 3), line_at(text, text.len(), 1));
        assert_eq!((5, 8), line_at(text, text.len(), 7));
        assert_eq!((9, 14), line_at(text, text.len(), 13));
    }

    #[test]
    fn unterminated_lines_count() {
        assert_eq!([0, 1, 1, 2], [&b""[..], b"a", b"a\n", b"\na"].map(count_lines));
    }

    proptest! {
        #[test]
        fn lines_are_universal_newlines(text in "[ab\r\n]{0,40}") {
            let found: Vec<Vec<u8>> = cut(text.as_bytes()).into_iter().map(|(_, l, _)| l.to_vec()).collect();
            prop_assert_eq!(obvious(text.as_bytes()), found);
        }

        #[test]
        fn states_cover_the_line_in_order(text in "[a\x08\r\n]{0,40}") {
            let block = Block { data: text.as_bytes(), len: text.len(), offset: 0 };
            let mut at = 0;
            for state in rewritten_lines(block) {
                prop_assert!(state.offset >= at && state.offset == state.start as u64);
                prop_assert!(!state.bytes().windows(2).any(|w| w == b"\x08\x08"));
                at = state.end as u64;
            }
            let kept: usize = rewritten_lines(block).map(|l| l.bytes().iter().filter(|&&b| b == b'a').count()).sum();
            prop_assert_eq!(text.matches('a').count(), kept);
        }
    }
}
