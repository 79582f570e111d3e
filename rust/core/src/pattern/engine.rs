//! Runs a template over a line, step by step, in the order of preference of the pattern.

use memchr::memchr;
use regex_syntax::hir::Look;

use crate::number::{decimal, integer};
use crate::row::{MISSING, slot_of};

use super::bytes::{Table, is_word};
use super::found::Found;
use super::template::{Loose, Number, Op, Reading, Split, Start, Template};

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Match,
    /// Proved: there is no match.
    Fail,
    /// Too much work; the automata shall decide.
    Unknown,
}

/// A line within its data.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// What stands before and behind may be looked at, but is not the line.
    pub data: &'a [u8],
    pub start: usize,
    pub end: usize,
    /// The line may end before `end`: where its first line end stands.
    pub open: bool,
}

/// Memory of a run: choices still open, and what to put back when one is taken up.
#[derive(Debug, Default)]
pub struct Trail {
    choices: Vec<Choice>,
    undo: Vec<Undo>,
    work: usize,
}

/// A step that can still be taken otherwise.
#[derive(Debug)]
struct Choice {
    op: u16,
    /// Branches left (splits), else unused.
    left: u8,
    /// Where to go on from.
    at: usize,
    /// The least (greedy runs) or the start (lazy ones).
    bound: usize,
    undo: usize,
}

#[derive(Debug)]
struct Undo {
    capture: u8,
    late: bool,
    slot: u64,
    span: (u32, u32),
}

impl Template {
    /// The leftmost-first match of the line; values that can be read at once are.
    #[inline]
    pub fn read(&self, line: Line<'_>, trail: &mut Trail, found: &mut Found) -> Verdict {
        trail.work = 32 * (line.end - line.start) + 4096;
        match &self.start {
            Start::Line => self.attempt(line, line.start, trail, found),
            Start::Lead { finder, offset } => self.from_lead(line, finder, *offset, trail, found),
            Start::First(first) => self.from_first(line, first, trail, found),
            Start::Anywhere => self.from_anywhere(line, trail, found),
        }
    }

    /// The match that begins where the line does, if its template stays in the line; the line's end need not be
    /// known. False proves nothing.
    #[inline]
    pub fn read_here(&self, data: &[u8], start: usize, end: usize, trail: &mut Trail, found: &mut Found) -> bool {
        trail.work = 4096;
        let line = Line { data, start, end, open: true };
        self.stays_in_line && self.attempt(line, start, trail, found) == Verdict::Match
    }

    fn from_lead(
        &self,
        line: Line<'_>,
        finder: &memchr::memmem::Finder<'_>,
        offset: usize,
        trail: &mut Trail,
        found: &mut Found,
    ) -> Verdict {
        // Most lines that match do so from their start.
        let mut from = line.start;
        let verdict = self.attempt(line, from, trail, found);
        if verdict != Verdict::Fail {
            return verdict;
        }
        loop {
            let search = from + 1 + offset;
            let hit = line.data.get(search..line.end).and_then(|rest| finder.find(rest));
            let Some(hit) = hit else { return Verdict::Fail };
            from = search + hit - offset;
            let verdict = self.attempt(line, from, trail, found);
            if verdict != Verdict::Fail {
                return verdict;
            }
        }
    }

    fn from_first(&self, line: Line<'_>, first: &Table, trail: &mut Trail, found: &mut Found) -> Verdict {
        let mut from = line.start;
        while let Some(at) = line.data[from..line.end].iter().position(|&b| first[usize::from(b)]) {
            let verdict = self.attempt(line, from + at, trail, found);
            if verdict != Verdict::Fail {
                return verdict;
            }
            from = self.next_start(line, from + at);
        }
        Verdict::Fail
    }

    fn from_anywhere(&self, line: Line<'_>, trail: &mut Trail, found: &mut Found) -> Verdict {
        let mut from = line.start;
        while from <= line.end {
            let verdict = self.attempt(line, from, trail, found);
            if verdict != Verdict::Fail {
                return verdict;
            }
            from = self.next_start(line, from);
        }
        Verdict::Fail
    }

    /// The next place worth a try after one failed. Whatever a run could have been followed by from a later start
    /// within it, it could from this one.
    fn next_start(&self, line: Line<'_>, from: usize) -> usize {
        match &self.opening {
            Some(class) => run(&line.data[..line.end], from, class, usize::MAX).max(from + 1),
            None => from + 1,
        }
    }

    /// Tries the one start.
    #[inline]
    fn attempt(&self, line: Line<'_>, from: usize, trail: &mut Trail, found: &mut Found) -> Verdict {
        trail.choices.clear();
        trail.undo.clear();
        if self.total {
            found.resize(self.captures);
        } else {
            found.reset(self.captures);
        }
        let mut state = State { template: self, line, text: &line.data[..line.end], trail, found };
        match state.go(from) {
            Some(end) => {
                (found.start, found.end) = (from, end);
                Verdict::Match
            }
            None if trail.work == 0 => Verdict::Unknown,
            None => Verdict::Fail,
        }
    }
}

/// A try under way.
struct State<'a, 'm> {
    template: &'a Template,
    line: Line<'a>,
    /// The data up to the end of the line.
    text: &'a [u8],
    trail: &'m mut Trail,
    found: &'m mut Found,
}

/// Where a run of a class ends that begins at `at` and has `max` bytes at most.
#[inline]
fn run(text: &[u8], at: usize, class: &Table, max: usize) -> usize {
    let limit = text.len().min(at.saturating_add(max));
    text.get(at..limit).map_or(at, |rest| at + rest.iter().position(|&b| !class[usize::from(b)]).unwrap_or(rest.len()))
}

/// The eight bytes at `at`, as many as there are.
#[inline]
fn word(data: &[u8], at: usize) -> u64 {
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
    fn go(&mut self, from: usize) -> Option<usize> {
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
    fn run(&self, at: usize, class: &Table, min: u32, max: u32) -> Option<usize> {
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

    #[inline(always)]
    fn remember(&mut self, capture: u8) {
        if !self.template.total && !self.trail.choices.is_empty() {
            let at = usize::from(capture);
            let late = self.found.late >> capture & 1 == 1;
            self.trail.undo.push(Undo { capture, late, slot: self.found.slots[at], span: self.found.spans[at] });
        }
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

    /// The number at `at` and its end, if it is spelt as the body is proved to take it; else the next steps decide.
    #[inline]
    fn at_once(&self, at: usize, number: &Number) -> Option<(u64, usize)> {
        let begins = *self.text.get(at)?;
        if !number.first[usize::from(begins)] {
            return None;
        }
        let (slot, end) = self.value(at, number, begins)?;
        // A number that goes on behind the line, or where the body would go on, is not this one.
        let ends = match self.text.get(end) {
            Some(&behind) => !number.alphabet[usize::from(behind)],
            None => end == self.line.end,
        };
        ends.then_some((slot, end))
    }

    #[inline]
    fn value(&self, at: usize, number: &Number, begins: u8) -> Option<(u64, usize)> {
        match number.reading {
            Reading::Int => {
                let (value, end) = integer(self.line.data, at)?;
                Some((Some(value as u64).filter(|&slot| slot != MISSING)?, end))
            }
            Reading::Whole => {
                let (value, end) = integer(self.line.data, at)?;
                Some((slot_of(exact(value, begins == b'-')?), end))
            }
            Reading::Decimal | Reading::Skip => {
                let (value, end) = decimal(self.line.data, at)?;
                let right = value.is_finite() && self.is_spelt_right(at, end, number);
                right.then(|| (if number.reading == Reading::Skip { 0 } else { slot_of(value) }, end))
            }
        }
    }

    /// Whether the body takes all that the number up to `end` has.
    #[inline]
    fn is_spelt_right(&self, at: usize, end: usize, number: &Number) -> bool {
        let Some(text) = self.text.get(at..end) else { return false };
        let letters_matter = number.no_lower || number.no_upper;
        let wrong_letter = letters_matter && self.has_letter(at, end) && has_wrong_letter(number, text);
        let wrong_dot = number.dots_matter && is_misdotted(number, text);
        !wrong_letter && !wrong_dot
    }

    /// Whether a number has an exponent, looked at eight bytes at a time.
    #[inline]
    fn has_letter(&self, at: usize, end: usize) -> bool {
        let mut from = at;
        while end - from > 8 {
            if word(self.line.data, from) & LETTERS != 0 {
                return true;
            }
            from += 8;
        }
        word(self.line.data, from) << ((64 - 8 * (end - from)) & 63) & LETTERS != 0
    }

    fn greedy(&mut self, pc: usize, at: usize, loose: u16) -> Option<usize> {
        let Loose { class, min, max, .. } = &self.template.loose[usize::from(loose)];
        let end = run(self.text, at, class, *max as usize);
        self.spend(end - at);
        let least = at + *min as usize;
        if end < least { None } else { self.give_back(pc, loose, end, least) }
    }

    /// Ends a greedy run at `high` or before, but not before `least`, where what follows may begin.
    fn give_back(&mut self, pc: usize, loose: u16, high: usize, least: usize) -> Option<usize> {
        let follow = &self.template.loose[usize::from(loose)].follow;
        let may_end = |at: usize| match self.text.get(at) {
            Some(&b) => follow.first[usize::from(b)],
            None => follow.at_end,
        };
        let end = (least..=high).rev().find(|&at| may_end(at));
        self.spend(high - end.unwrap_or(least));
        if let Some(end) = end.filter(|&end| end > least) {
            self.choose(pc, 0, end - 1, least);
        }
        end
    }

    fn lazy(&mut self, pc: usize, at: usize, loose: u16) -> Option<usize> {
        let Loose { class, min, .. } = &self.template.loose[usize::from(loose)];
        let low = self.run(at, class, *min, *min)?;
        self.grow(pc, loose, low, at)
    }

    /// Ends a lazy run that began at `start` at `low` or later, where what follows may begin.
    fn grow(&mut self, pc: usize, loose: u16, low: usize, start: usize) -> Option<usize> {
        let Loose { class, max, follow, .. } = &self.template.loose[usize::from(loose)];
        let max = *max as usize;
        let may_go_on = |at: usize| at - start < max && self.text.get(at).is_some_and(|&b| class[usize::from(b)]);
        let may_end = |at: usize| self.text.get(at).map_or(follow.at_end, |&b| follow.first[usize::from(b)]);
        let mut end = low;
        while !may_end(end) && may_go_on(end) {
            end += 1;
        }
        let (ends, longer) = (may_end(end), may_go_on(end));
        self.spend(end - low);
        if ends && longer {
            self.choose(pc, 0, end + 1, start);
        }
        ends.then_some(end)
    }

    fn until(&mut self, pc: usize, at: usize, (finder, newline, min): (u16, bool, u32)) -> Option<usize> {
        let low = at.saturating_add(min as usize);
        let least = self.text.get(at..low)?;
        if !newline && memchr(b'\n', least).is_some() {
            return None;
        }
        self.reach(pc, (finder, newline), low)
    }

    /// Ends a lazy run before the next occurrence of a literal at `low` or later.
    fn reach(&mut self, pc: usize, (finder, newline): (u16, bool), low: usize) -> Option<usize> {
        let rest = self.text.get(low..)?;
        let gap = self.template.finders[usize::from(finder)].find(rest);
        self.spend(gap.unwrap_or(rest.len()));
        let gap = gap.filter(|&gap| newline || memchr(b'\n', &rest[..gap]).is_none())?;
        if newline || rest[gap] != b'\n' {
            self.choose(pc, 0, low + gap + 1, 0);
        }
        Some(low + gap)
    }

    /// The step to go on at.
    fn split(&mut self, pc: usize, at: usize, split: u16) -> Option<usize> {
        let Split { viable, at_end, .. } = &self.template.splits[usize::from(split)];
        let branches = self.text.get(at).map_or(*at_end, |&b| viable[usize::from(b)]);
        self.branch(pc, at, split, branches)
    }

    /// Takes the first of the branches that are left.
    #[inline]
    fn branch(&mut self, pc: usize, at: usize, split: u16, branches: u8) -> Option<usize> {
        if branches == 0 {
            return None;
        }
        let others = branches & (branches - 1);
        if others != 0 {
            self.choose(pc, others, at, 0);
        }
        let first = branches.trailing_zeros() as usize;
        Some(usize::from(self.template.splits[usize::from(split)].targets[first]))
    }

    fn choose(&mut self, pc: usize, left: u8, at: usize, bound: usize) {
        let undo = self.trail.undo.len();
        self.trail.choices.push(Choice { op: pc as u16, left, at, bound, undo });
    }

    /// Counts work that the length of the line alone does not bound.
    #[inline]
    fn spend(&mut self, work: usize) {
        self.trail.work = self.trail.work.saturating_sub(work);
    }

    /// Takes up the last choice left open, and says where to go on with which step; none when there is none left, or
    /// too much was tried.
    #[cold]
    fn resume(&mut self, from: usize, failed: usize) -> Option<(usize, usize)> {
        self.spend(1 + failed.saturating_sub(from));
        while self.trail.work > 0 {
            let Choice { op, left, at, bound, undo } = self.trail.choices.pop()?;
            self.spend(1);
            self.put_back(undo);
            let pc = usize::from(op);
            let next = match self.template.ops[pc] {
                Op::Split(split) => self.branch(pc, at, split, left).map(|target| (at, target)),
                Op::Greedy(loose) => self.give_back(pc, loose, at, bound).map(|end| (end, pc + 1)),
                Op::Lazy(loose) => self.grow(pc, loose, at, bound).map(|end| (end, pc + 1)),
                Op::Until { finder, newline, .. } => self.reach(pc, (finder, newline), at).map(|end| (end, pc + 1)),
                Op::Short { .. }
                | Op::Middle { .. }
                | Op::Long(_)
                | Op::Run { .. }
                | Op::Taken { .. }
                | Op::Number(_)
                | Op::Open(_)
                | Op::Close { .. }
                | Op::Jump(_)
                | Op::Assert(_)
                | Op::Match => None,
            };
            if next.is_some() {
                return next;
            }
        }
        None
    }

    fn put_back(&mut self, undo: usize) {
        while self.trail.undo.len() > undo {
            let Some(Undo { capture, late, slot, span }) = self.trail.undo.pop() else { return };
            let at = usize::from(capture);
            self.found.slots[at] = slot;
            self.found.spans[at] = span;
            self.found.late = self.found.late & !(1 << capture) | u64::from(late) << capture;
        }
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

/// The f64 of a whole number, if it has one; a negative nought is not among the whole numbers.
#[inline]
fn exact(value: i64, negative: bool) -> Option<f64> {
    (value.unsigned_abs() <= 1 << 53 && !(negative && value == 0)).then_some(value as f64)
}

/// Digits, dots and signs have this bit off, letters have it on.
const LETTER: u8 = 0x40;
const LETTERS: u64 = u64::from_le_bytes([LETTER; 8]);

#[cold]
fn has_wrong_letter(number: &Number, text: &[u8]) -> bool {
    (number.no_lower && text.contains(&b'e')) || (number.no_upper && text.contains(&b'E'))
}

/// Whether a dot is missing or stands where the body takes none.
fn is_misdotted(number: &Number, text: &[u8]) -> bool {
    let trailing = || {
        let mut pairs = text.windows(2);
        text.ends_with(b".") || pairs.any(|pair| pair[0] == b'.' && pair[1] & LETTER != 0)
    };
    (number.no_trailing_dot && trailing())
        || (number.needs_dot && !text.contains(&b'.'))
        || (number.no_leading_dot && matches!(text, [b'+' | b'-', b'.', ..] | [b'.', ..]))
}
