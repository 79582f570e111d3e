//! Reads lines like one read before: equal between their numbers, so that nothing is left to find out.
//!
//! A reader's slow path says what a line means; a mould learned from that line repeats the answer for every line
//! that differs only inside its spots. The law: where a mould reads a line, it gives the row that the slow path
//! would give. So it is of no consequence which of several fitting moulds reads a line, or in which order they are
//! tried.

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use crate::number;
use crate::row::{Block, Head, PAD, Rows, slot_of};
use crate::time::{self, Stamp};
use crate::types::Shape;

/// What stands at a spot and what its slot becomes. Whoever learns a mould answers for it: any text that the kind
/// accepts there must leave the rest of the line meaning what it meant.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A decimal, to f64 bits.
    Number,
    /// A decimal times a magnitude.
    Scaled(f64),
    /// An integer, to i64.
    Integer,
    /// A decimal that means something else, if the function finds it plausible.
    Mapped(fn(f64) -> Option<u64>),
    /// A dated stamp, to microseconds since 1970; all of a mould's are UTC or none is.
    Stamp { utc: bool },
    /// A clock without a date, to seconds.
    Clock,
    /// What stands before `until`, read by a function.
    Token { until: u8, value: fn(&[u8]) -> Option<u64> },
    /// What stands before `until`, kept as text if the function lets it.
    Text { until: u8, fits: fn(&[u8]) -> bool },
    /// A decimal times a power of ten, rounded once, to f64 bits.
    Shifted(u8),
    /// A number in some forms only, of which these are the bits.
    Formed { forms: u16, real: Real },
}

/// What a number in certain forms becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Real {
    Number,
    Integer,
    Shifted(u8),
}

/// The ways a number may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Whole,
    Fraction,
    Exponent,
    /// With a capital `E`.
    Capital,
    /// `.5` or `5.`
    Edge,
    /// `nan` or `inf`
    Word,
    MinusWhole,
    MinusFraction,
    MinusExponent,
    MinusWord,
    PlusWhole,
    PlusFraction,
    PlusExponent,
}

/// Examples of each form, for whoever must know which of them a place of a line takes.
pub const FORMS: [(Form, &[u8]); 24] = [
    (Form::Whole, b"7"),
    (Form::Whole, b"83"),
    (Form::Whole, b"408675"),
    (Form::Whole, b"123456789012"),
    (Form::Whole, b"0042"),
    (Form::Fraction, b"0.5"),
    (Form::Fraction, b"12.3456"),
    (Form::Fraction, b"1048576.25"),
    (Form::Exponent, b"1e-05"),
    (Form::Exponent, b"3.25e+08"),
    (Form::Exponent, b"2e3"),
    (Form::Capital, b"1E-05"),
    (Form::Capital, b"3.250000E+08"),
    (Form::Edge, b".5"),
    (Form::Edge, b"5."),
    (Form::Word, b"nan"),
    (Form::Word, b"inf"),
    (Form::MinusWhole, b"-3"),
    (Form::MinusFraction, b"-2.5"),
    (Form::MinusExponent, b"-1.5e-07"),
    (Form::MinusWord, b"-inf"),
    (Form::PlusWhole, b"+4"),
    (Form::PlusFraction, b"+4.5"),
    (Form::PlusExponent, b"+1e+10"),
];

const EVERY: u16 = (1 << 13) - 1;

impl Form {
    pub fn bit(self) -> u16 {
        1 << self as u16
    }

    /// The form of digits with at most one dot among them, found in one go; none for all others.
    #[inline]
    fn common(number: &[u8]) -> Option<Form> {
        let mut dots = 0;
        for byte in number {
            match byte {
                b'0'..=b'9' => {}
                b'.' => dots += 1,
                _ => return None,
            }
        }
        let inner = number.first()?.is_ascii_digit() && number.last()?.is_ascii_digit();
        match dots {
            0 => Some(Form::Whole),
            1 if inner => Some(Form::Fraction),
            _ => None,
        }
    }

    /// The form a number is written in; none for the odd ones.
    pub fn of(number: &[u8]) -> Option<Form> {
        let (sign, bare) = match number.first()? {
            b'-' => (1, &number[1..]),
            b'+' => (2, &number[1..]),
            _ => (0, number),
        };
        let has = |wanted: u8| bare.contains(&wanted);
        let edge = bare.first() == Some(&b'.') || bare.last() == Some(&b'.');
        let word = matches!(bare, b"nan" | b"inf");
        let wordy = bare.first().is_none_or(u8::is_ascii_alphabetic);
        match (sign, word, wordy, edge, has(b'E'), has(b'e'), has(b'.')) {
            (0, true, ..) => Some(Form::Word),
            (1, true, ..) if bare == b"inf" => Some(Form::MinusWord),
            (_, _, true, ..) => None,
            (0, _, _, true, false, false, _) => Some(Form::Edge),
            (_, _, _, true, ..) => None,
            (0, _, _, _, true, ..) => Some(Form::Capital),
            (_, _, _, _, true, ..) => None,
            (0, _, _, _, _, true, _) => Some(Form::Exponent),
            (1, _, _, _, _, true, _) => Some(Form::MinusExponent),
            (_, _, _, _, _, true, _) => Some(Form::PlusExponent),
            (0, _, _, _, _, _, true) => Some(Form::Fraction),
            (1, _, _, _, _, _, true) => Some(Form::MinusFraction),
            (_, _, _, _, _, _, true) => Some(Form::PlusFraction),
            (0, ..) => Some(Form::Whole),
            (1, ..) => Some(Form::MinusWhole),
            _ => Some(Form::PlusWhole),
        }
    }
}

impl Real {
    #[inline]
    fn read(self, data: &[u8], at: usize) -> Option<(u64, usize)> {
        match self {
            Real::Number => number::decimal(data, at).map(|(value, end)| (slot_of(value), end)),
            Real::Integer => number::integer(data, at).map(|(value, end)| (value as u64, end)),
            Real::Shifted(power) => number::shifted(data, at, power).map(|(value, end)| (slot_of(value), end)),
        }
    }

    /// Reads a number if it is in one of the forms.
    #[inline]
    fn formed(self, forms: u16, data: &[u8], at: usize) -> Option<(u64, usize)> {
        let (bits, end) = self.read(data, at)?;
        let first = *data.get(at)?;
        // What is usual is known without a look at every byte.
        let usual = match self {
            Real::Integer => first.is_ascii_digit() && forms & Form::Whole.bit() != 0,
            Real::Number | Real::Shifted(_) => {
                forms == EVERY && f64::from_bits(bits).is_finite() && first.is_ascii_digit()
            }
        };
        let token = data.get(at..end)?;
        let fits = usual || Form::common(token).or_else(|| Form::of(token)).is_some_and(|form| forms & form.bit() != 0);
        fits.then_some((bits, end))
    }
}

impl Kind {
    /// The same kind of number, in these forms only.
    pub fn only(self, forms: u16) -> Kind {
        match self {
            Kind::Integer => Kind::Formed { forms, real: Real::Integer },
            Kind::Shifted(power) => Kind::Formed { forms, real: Real::Shifted(power) },
            _ => Kind::Formed { forms, real: Real::Number },
        }
    }
}

/// A part of the line that may differ.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    pub start: usize,
    pub end: usize,
    /// None: it is looked at, so that the line is understood, and not kept.
    pub slot: Option<usize>,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub struct Mould {
    head: Literal,
    ops: Vec<Op>,
    base: Vec<u64>,
}

/// A spot and the literal after it.
#[derive(Debug, Clone)]
struct Op {
    slot: usize,
    kind: Kind,
    then: Literal,
}

impl Mould {
    /// `base` is the row where no spot fills it. None if the line, its spots and their kinds do not go together:
    /// the mould must read its own line.
    pub fn learn(line: &[u8], spots: &[Spot], base: &[u64]) -> Option<Mould> {
        let text = |start: usize, end: usize| line.get(start..end).and_then(Literal::new);
        let head = text(0, spots.first().map_or(line.len(), |s| s.start))?;
        let ends = spots.iter().skip(1).map(|s| s.start).chain([line.len()]);
        let op = |(spot, end): (&Spot, usize)| {
            Some(Op { slot: spot.slot.unwrap_or(usize::MAX), kind: spot.kind, then: text(spot.end, end)? })
        };
        let ops = spots.iter().zip(ends).map(op).collect::<Option<Vec<_>>>()?;
        let mould = Mould { head, ops, base: base.to_vec() };
        mould.reads_itself(line).then_some(mould)
    }

    fn reads_itself(&self, line: &[u8]) -> bool {
        let mut padded = line.to_vec();
        padded.resize(line.len() + PAD, 0);
        let mut slots = self.base.clone();
        self.read(&padded, 0, line.len(), &mut slots, &mut Vec::new()) == Some(line.len())
    }

    /// The row before its spots are filled.
    pub fn base(&self) -> &[u64] {
        &self.base
    }

    /// Reads the line at `start` of a block whose bytes end at `end`, [`PAD`] more behind them. Gives where the
    /// line ends; none if it does not fit, and then `slots` and `text` may have been touched.
    #[inline]
    pub fn read(&self, data: &[u8], start: usize, end: usize, slots: &mut [u64], text: &mut Vec<u8>) -> Option<usize> {
        let mut at = self.head.after(data, start)?;
        for op in &self.ops {
            let (bits, spot_end) = op.value(data, at, text)?;
            if let Some(slot) = slots.get_mut(op.slot) {
                *slot = bits;
            }
            at = op.then.after(data, spot_end)?;
        }
        let line_ends = at == end || (at < end && matches!(data[at], b'\n' | b'\r'));
        line_ends.then_some(at)
    }
}

impl Op {
    #[inline]
    fn value(&self, data: &[u8], at: usize, text: &mut Vec<u8>) -> Option<(u64, usize)> {
        match self.kind {
            Kind::Number => number::decimal(data, at).map(|(value, end)| (slot_of(value), end)),
            Kind::Integer => number::integer(data, at).map(|(value, end)| (value as u64, end)),
            Kind::Formed { forms, real } => real.formed(forms, data, at),
            kind => rare(kind, data, at, text, self.slot != usize::MAX),
        }
    }
}

/// The kinds that are not the bulk of any log.
#[inline(never)]
fn rare(kind: Kind, data: &[u8], at: usize, kept: &mut Vec<u8>, wanted: bool) -> Option<(u64, usize)> {
    match kind {
        Kind::Number => number::decimal(data, at).map(|(value, end)| (slot_of(value), end)),
        Kind::Integer => number::integer(data, at).map(|(value, end)| (value as u64, end)),
        Kind::Shifted(power) => Real::Shifted(power).read(data, at),
        Kind::Formed { forms, real } => real.formed(forms, data, at),
        Kind::Scaled(by) => number::decimal(data, at).map(|(value, end)| (slot_of(value * by), end)),
        Kind::Mapped(of) => number::decimal(data, at).and_then(|(value, end)| Some((of(value)?, end))),
        Kind::Stamp { utc } => match time::stamp(data, at)? {
            (Stamp::Wall { micros, utc: stamped }, end) => (stamped == utc).then_some((micros as u64, end)),
            (Stamp::Clock { .. }, _) => None,
        },
        Kind::Clock => match time::stamp(data, at)? {
            (Stamp::Clock { micros }, end) => Some((slot_of(micros as f64 / 1e6), end)),
            (Stamp::Wall { .. }, _) => None,
        },
        Kind::Token { until, value } => {
            let token = before(data, at, until)?;
            Some((value(token)?, at + token.len()))
        }
        Kind::Text { until, fits } => {
            let token = before(data, at, until)?;
            let clean = token.is_ascii() || std::str::from_utf8(token).is_ok();
            let bits = if wanted { keep(token, kept) } else { 0 };
            (clean && fits(token)).then_some((bits, at + token.len()))
        }
    }
}

/// What stands before `until`; none where an escape or the end of the line comes first.
fn before(data: &[u8], at: usize, until: u8) -> Option<&[u8]> {
    let rest = data.get(at..)?;
    let len = rest.iter().position(|&b| b == until || b == b'\\' || b < b' ')?;
    (rest[len] == until).then(|| &rest[..len])
}

fn keep(token: &[u8], kept: &mut Vec<u8>) -> u64 {
    let start = kept.len() as u64;
    kept.extend_from_slice(token);
    start << 32 | token.len() as u64
}

/// Bytes that must stand as they are, compared eight at a time.
#[derive(Debug, Clone)]
enum Literal {
    /// Up to 8 bytes: one word under a mask.
    Short {
        len: usize,
        word: u64,
        mask: u64,
    },
    /// 9 to 16 bytes: the first and the last word, which may overlap.
    Middle {
        len: usize,
        words: [u64; 2],
    },
    /// 17 to 32 bytes: the first two words and the last two.
    Long {
        len: usize,
        words: [u64; 4],
    },
    Any(Box<[u8]>),
}

impl Literal {
    /// None for text that no single line can hold.
    fn new(text: &[u8]) -> Option<Literal> {
        if text.iter().any(|b| matches!(b, b'\n' | b'\r')) {
            return None;
        }
        let len = text.len();
        let word = |at| word(text, at);
        Some(match len {
            0..=8 => {
                let mut padded = [0; 8];
                padded[..len].copy_from_slice(text);
                let mask = u64::MAX.checked_shr(64 - 8 * len as u32).unwrap_or(0);
                Literal::Short { len, word: u64::from_le_bytes(padded), mask }
            }
            9..=16 => Literal::Middle { len, words: [word(0)?, word(len - 8)?] },
            17..=32 => Literal::Long { len, words: [word(0)?, word(8)?, word(len - 16)?, word(len - 8)?] },
            _ => Literal::Any(text.into()),
        })
    }

    /// The position after the literal, if it stands at `at`.
    #[inline]
    fn after(&self, data: &[u8], at: usize) -> Option<usize> {
        match self {
            Literal::Short { len, word: wanted, mask } => ((word(data, at)? ^ wanted) & mask == 0).then_some(at + len),
            Literal::Middle { len, words } => {
                let text = data.get(at..at + len)?;
                let odd = (word(text, 0)? ^ words[0]) | (word(text, len - 8)? ^ words[1]);
                (odd == 0).then_some(at + len)
            }
            Literal::Long { len, words } => {
                let text = data.get(at..at + len)?;
                let first = (word(text, 0)? ^ words[0]) | (word(text, 8)? ^ words[1]);
                let last = (word(text, len - 16)? ^ words[2]) | (word(text, len - 8)? ^ words[3]);
                (first | last == 0).then_some(at + len)
            }
            Literal::Any(wanted) => {
                let end = at + wanted.len();
                (data.get(at..end)? == &**wanted).then_some(end)
            }
        }
    }
}

#[inline]
fn word(data: &[u8], at: usize) -> Option<u64> {
    data.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// Moulds beyond this are not kept: lines of so many sorts are better read by their meaning.
pub const MOULDS: usize = 8;

/// Lines without a mould between two that are learned once the bank is full.
const PATIENCE: u32 = 64;

/// The moulds of one reader, the one that followed the last one last time tried first.
#[derive(Debug, Default)]
pub struct Bank {
    entries: Vec<Entry>,
    last: usize,
    oldest: usize,
    missed: u32,
}

#[derive(Debug)]
struct Entry {
    mould: Mould,
    shape: Arc<Shape>,
    /// Of the shape in the rows filled last.
    ordinal: u32,
    /// Which mould read the line after this one's.
    next: usize,
}

/// Moulds that readers of one plan share. It changes how fast a line is read, never what is read.
#[derive(Debug, Clone, Default)]
pub struct Pool(Arc<Mutex<Vec<Kept>>>);

type Kept = (Mould, Arc<Shape>);

/// Moulds kept for readers to come.
const POOLED: usize = 16;

impl Pool {
    pub fn keep(&self, mould: &Mould, shape: &Arc<Shape>) {
        if let Ok(mut all) = self.0.lock()
            && all.len() < POOLED
        {
            all.push((mould.clone(), Arc::clone(shape)));
        }
    }

    /// A bank that begins with what other readers have learned.
    pub fn bank(&self) -> Bank {
        let mut bank = Bank::default();
        if let Ok(all) = self.0.lock() {
            all.iter().take(MOULDS).for_each(|(mould, shape)| bank.add(mould.clone(), shape));
        }
        bank
    }
}

impl Bank {
    /// Reads the line at `at` if a mould fits: appends its row, `offset` the place of its line in the file, claims
    /// it for the shape's rule, and gives where the line ends.
    #[inline]
    pub fn read(&mut self, block: &Block<'_>, at: usize, offset: u64, rows: &mut Rows) -> Option<usize> {
        let guess = self.entries.get(self.last)?.next;
        match self.try_one(guess, block, at, offset, rows) {
            Some(end) => Some(end),
            None => self.try_others(guess, block, at, offset, rows),
        }
    }

    fn try_others(
        &mut self,
        guess: usize,
        block: &Block<'_>,
        at: usize,
        offset: u64,
        rows: &mut Rows,
    ) -> Option<usize> {
        (0..self.entries.len()).filter(|&i| i != guess).find_map(|i| self.try_one(i, block, at, offset, rows))
    }

    #[inline]
    fn try_one(&mut self, which: usize, block: &Block<'_>, at: usize, offset: u64, rows: &mut Rows) -> Option<usize> {
        let entry = self.entries.get_mut(which)?;
        let (slot_at, text_at) = (rows.slots.len(), rows.text.len());
        rows.slots.extend_from_slice(&entry.mould.base);
        let Some(end) = entry.mould.read(block.data, at, block.len, &mut rows.slots[slot_at..], &mut rows.text) else {
            rows.slots.truncate(slot_at);
            rows.text.truncate(text_at);
            return None;
        };
        let shape = entry.ordinal_in(rows);
        rows.heads.push(Head { shape, at: slot_at as u32, offset });
        rows.seen.claim(entry.shape.rule);
        self.follow(which);
        Some(end)
    }

    #[inline]
    fn follow(&mut self, which: usize) {
        if let Some(last) = self.entries.get_mut(self.last) {
            last.next = which;
        }
        self.last = which;
    }

    /// Whether the line just missed is worth learning: a full bank waits for a few more, as they may not come again.
    pub fn misses(&mut self) -> bool {
        self.missed += 1;
        self.entries.len() < MOULDS || self.missed >= PATIENCE
    }

    /// Learns a line that the slow path has read.
    pub fn learn(&mut self, line: &[u8], spots: &[Spot], base: &[u64], shape: &Arc<Shape>) {
        self.missed = 0;
        if let Some(mould) = Mould::learn(line, spots, base) {
            self.add(mould, shape);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds a mould, in the place of the oldest where there is no room.
    pub fn add(&mut self, mould: Mould, shape: &Arc<Shape>) {
        self.missed = 0;
        let next = self.entries.len() % MOULDS;
        let entry = Entry { mould, shape: Arc::clone(shape), ordinal: 0, next };
        if self.entries.len() < MOULDS {
            self.entries.push(entry);
            self.follow(next);
        } else {
            self.entries[self.oldest] = Entry { next: self.oldest, ..entry };
            self.follow(self.oldest);
            self.oldest = (self.oldest + 1) % MOULDS;
        }
    }
}

impl Entry {
    #[inline]
    fn ordinal_in(&mut self, rows: &mut Rows) -> u32 {
        let known = rows.shapes.get(self.ordinal as usize).is_some_and(|s| Arc::ptr_eq(s, &self.shape));
        if !known {
            self.ordinal = rows.shape(&self.shape);
        }
        self.ordinal
    }
}
