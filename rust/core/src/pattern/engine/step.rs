//! The steps of a try, one after the other.

use regex_syntax::hir::Look;

use super::super::bytes::{Table, is_word};
use super::super::found::Found;
use super::super::template::{Op, Template};
use super::Line;
use super::choice::Trail;

/// A try under way.
pub struct State<'a, 'm> {
    pub template: &'a Template,
    pub line: Line<'a>,
    /// The data up to the end of the line.
    pub text: &'a [u8],
    pub trail: &'m mut Trail,
    pub found: &'m mut Found,
}

/// Where a run of a class ends that begins at `at` and has `max` bytes at most.
#[inline]
pub fn run(text: &[u8], at: usize, class: &Table, max: usize) -> usize {
    let limit = text.len().min(at.saturating_add(max));
    text.get(at..limit).map_or(at, |rest| at + rest.iter().position(|&b| !class[usize::from(b)]).unwrap_or(rest.len()))
}

/// The eight bytes at `at`, as many as there are.
#[inline]
pub fn word(data: &[u8], at: usize) -> u64 {
    match data.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => short_word(data, at),
    }
}

#[cold]
fn short_word(data: &[u8], at: usize) -> u64 {
    data.get(at..).unwrap_or_default().iter().take(8).rev().fold(0, |word, &b| word << 8 | u64::from(b))
}

impl State<'_, '_> {
    /// Where the match that begins at `from` ends.
    pub fn go(&mut self, from: usize) -> Option<usize> {
        let (mut at, mut pc) = (from, 0);
        loop {
            let next = match &self.template.ops[pc] {
                Op::Short { want, mask, len } => self.short(at, *want, *mask, *len as usize),
                Op::Middle { first, last, len } => self.middle(at, *first, *last, *len as usize),
                Op::Long(bytes) => self.long(at, bytes),
                Op::Run { class, min, max } => self.run(at, class, *min, *max),
                Op::Taken { capture, late, class, min, max } => {
                    let end = self.run(at, class, *min, *max);
                    if let Some(end) = end {
                        self.set(*capture, 0, *late, (at, end));
                    }
                    end
                }
                Op::Number(number) => {
                    if let Some((slot, end)) = self.at_once(at, number) {
                        self.set(number.capture, slot, false, (at, end));
                        (at, pc) = (end, usize::from(number.after));
                        continue;
                    }
                    Some(at)
                }
                Op::Greedy(loose) => self.greedy(pc, at, *loose),
                Op::Lazy(loose) => self.lazy(pc, at, *loose),
                Op::Until { finder, newline, min } => self.until(pc, at, (*finder, *newline, *min)),
                Op::Open(capture) => self.open(at, *capture),
                Op::Close { capture, late } => self.close(at, *capture, *late),
                Op::Split(split) => match self.split(pc, at, *split) {
                    Some(target) => {
                        pc = target;
                        continue;
                    }
                    None => None,
                },
                Op::Jump(target) => {
                    pc = usize::from(*target);
                    continue;
                }
                Op::Assert(look) => self.holds(at, *look).then_some(at),
                Op::Match => return Some(at),
            };
            (at, pc) = match next {
                Some(end) => (end, pc + 1),
                None => self.resume(from, at)?,
            };
        }
    }

    #[inline]
    fn short(&self, at: usize, want: u64, mask: u64, len: usize) -> Option<usize> {
        let same = (word(self.line.data, at) ^ want) & mask == 0;
        (same && at + len <= self.line.end).then_some(at + len)
    }

    #[inline]
    fn middle(&self, at: usize, first: u64, last: u64, len: usize) -> Option<usize> {
        let end = at + len;
        let same = word(self.line.data, at) == first && word(self.line.data, end - 8) == last;
        (same && end <= self.line.end).then_some(end)
    }

    fn long(&self, at: usize, bytes: &[u8]) -> Option<usize> {
        let end = at + bytes.len();
        self.text.get(at..end).is_some_and(|text| text == bytes).then_some(end)
    }

    #[inline]
    pub(super) fn run(&self, at: usize, class: &Table, min: u32, max: u32) -> Option<usize> {
        let end = run(self.text, at, class, max as usize);
        (end - at >= min as usize).then_some(end)
    }

    /// Keeps what a capture is, and what it was if that may be needed again.
    #[inline(always)]
    fn set(&mut self, capture: u8, slot: u64, late: bool, (start, end): (usize, usize)) {
        self.remember(capture);
        let at = usize::from(capture);
        self.found.spans[at] = (start as u32, end as u32);
        self.found.slots[at] = slot;
        self.found.late = self.found.late & !(1 << capture) | u64::from(late) << capture;
    }

    fn open(&mut self, at: usize, capture: u8) -> Option<usize> {
        self.remember(capture);
        self.found.spans[usize::from(capture)].0 = at as u32;
        Some(at)
    }

    fn close(&mut self, at: usize, capture: u8, late: bool) -> Option<usize> {
        let (start, _) = self.found.spans[usize::from(capture)];
        self.set(capture, 0, late, (start as usize, at));
        Some(at)
    }

    fn holds(&self, at: usize, look: Look) -> bool {
        let before = (at > self.line.start).then(|| self.line.data[at - 1]);
        let behind = self.text.get(at).copied();
        let boundary = before.is_some_and(is_word) != behind.is_some_and(is_word);
        match look {
            Look::Start => before.is_none(),
            Look::End => behind.is_none_or(|b| self.line.open && matches!(b, b'\r' | b'\n')),
            Look::StartLF => before.is_none_or(|b| b == b'\n'),
            Look::EndLF => behind.is_none_or(|b| b == b'\n'),
            Look::WordAscii => boundary,
            Look::WordAsciiNegate => !boundary,
            // The compiler lets no others through.
            Look::StartCRLF
            | Look::EndCRLF
            | Look::WordUnicode
            | Look::WordUnicodeNegate
            | Look::WordStartAscii
            | Look::WordEndAscii
            | Look::WordStartUnicode
            | Look::WordEndUnicode
            | Look::WordStartHalfAscii
            | Look::WordEndHalfAscii
            | Look::WordStartHalfUnicode
            | Look::WordEndHalfUnicode => false,
        }
    }
}
