//! A spot of a mould and the literal after it.

use crate::number::{self, Forms, Span, Way, Width, ten};
use crate::row::slot_of;

use super::kind::{Kind, Read, Real};
use super::literal::Literal;

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Op {
    /// Beyond all slots where the spot is only looked at.
    pub slot: usize,
    read: Read,
    pub then: Literal,
    guess: Guess,
    /// What a number here becomes; none where none is guessed: there is none, or what follows could go on with it.
    real: Option<Real>,
    /// Guesses that failed, and the lines read when they were counted last.
    failed: u32,
    since: u32,
}

/// What is tried first: that the number is written as the last one was, or that it is written anyhow.
#[derive(Debug, Clone, Copy)]
enum Guess {
    None,
    Integer(Width),
    /// Its digits over this, and times this.
    Over(Width, f64),
    Times(Width, f64),
    Split(Width, f64),
    Exponent(Width, [u8; 2], u8),
    Any(Forms),
}

impl Guess {
    /// That the next number is written like this one.
    fn alike(number: &[u8], real: Real) -> Option<Guess> {
        let width = Width::of(number)?;
        let power = match real {
            Real::Number => 0,
            Real::Shifted(power) => power,
            Real::Integer => return matches!(width.way(), Way::Short).then_some(Guess::Integer(width)),
        };
        let (over, times) = (width.fraction().checked_sub(power), power.checked_sub(width.fraction()));
        match (width.way(), over, times) {
            (Way::Short, Some(over), _) => Some(Guess::Over(width, ten(over)?)),
            (Way::Short, None, Some(times)) => Some(Guess::Times(width, ten(times)?)),
            (Way::Split, Some(over), _) => Some(Guess::Split(width, ten(over)?)),
            (Way::Exponent(begins), ..) => Some(Guess::Exponent(width, begins, power)),
            _ => None,
        }
    }

    /// The slot and how long the number is.
    #[inline(always)]
    fn read(&self, span: &Span) -> Option<(u64, usize)> {
        Some(match self {
            Guess::Over(width, over) => ((width.short(span)? as i64 as f64 / over).to_bits(), width.bytes()),
            Guess::Integer(width) => (width.short(span)?, width.bytes()),
            Guess::Split(width, over) => ((width.split(span)? as i64 as f64 / over).to_bits(), width.bytes()),
            Guess::Exponent(width, begins, power) => (width.exponent(span, *begins, *power)?.to_bits(), width.bytes()),
            Guess::Times(width, times) => ((width.short(span)? as i64 as f64 * times).to_bits(), width.bytes()),
            Guess::None | Guess::Any(_) => return None,
        })
    }
}

/// Guesses that fail before it is judged whether so many did.
const FAILED: u32 = 64;

/// Of so many reads one may fail.
const LUCK: u32 = 8;

impl Op {
    /// `next` is the byte behind the spot.
    pub fn new(slot: Option<usize>, kind: Kind, then: Literal, next: u8) -> Op {
        let apart = !next.is_ascii_digit() && !matches!(next, b'.' | b'e' | b'E');
        let (slot, read) = (slot.unwrap_or(usize::MAX), Read::from(kind));
        Op { slot, real: read.real().filter(|_| apart), read, then, guess: Guess::None, failed: 0, since: 0 }
    }

    /// Reads the spot at `at` as guessed, and gives its slot and what `then` makes of the place behind it: none where
    /// the guess is wrong, and [`Op::anew`] must read.
    #[inline(always)]
    pub fn quick<T>(&self, data: &[u8], at: usize, then: impl Fn(usize) -> Option<T>) -> Option<(u64, T)> {
        if let Guess::Any(forms) = self.guess {
            let (value, end) = number::counted_pair(data, at, forms);
            return if end > 0 { Some((slot_of(value), then(end)?)) } else { None };
        }
        let (bits, len) = self.guess.read(data.get(at..)?.first_chunk()?)?;
        Some((bits, then(at + len)?))
    }

    /// Reads the spot without a guess, and gives its slot and where the literal after it ends.
    #[inline(never)]
    pub fn slow(&mut self, data: &[u8], at: usize, text: &mut Vec<u8>, reads: u32) -> Option<(u64, usize)> {
        let (bits, end) = match self.real {
            Some(_) => self.anew(data, at, text, reads),
            None => self.read.value(data, at, text, self.slot != usize::MAX),
        };
        if end > 0 { Some((bits, self.then.after(data, end)?)) } else { None }
    }

    /// Reads the spot without a guess, and guesses that the next is alike; `reads` counts the lines.
    #[inline(never)]
    pub fn anew(&mut self, data: &[u8], at: usize, text: &mut Vec<u8>, reads: u32) -> (u64, usize) {
        let (bits, end) = self.read.value(data, at, text, self.slot != usize::MAX);
        if let (Some(real), true, 1..) = (self.real, !matches!(self.guess, Guess::Any(_)), end) {
            self.guess = data.get(at..end).and_then(|number| Guess::alike(number, real)).unwrap_or(Guess::None);
            self.fail(reads);
        }
        (bits, end)
    }

    /// One more guess in vain: after too many the number is taken for one that is never written alike.
    fn fail(&mut self, reads: u32) {
        self.failed += 1;
        if self.failed < FAILED {
            return;
        }
        if let (Read::Decimal(forms), true) = (self.read, reads.wrapping_sub(self.since) < LUCK * FAILED) {
            self.guess = Guess::Any(forms);
        }
        (self.failed, self.since) = (0, reads);
    }
}
