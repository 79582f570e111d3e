//! Reads the number of a capture at once, where the template's proof allows it.

use crate::number::{decimal, integer};
use crate::row::{MISSING, slot_of};

use super::super::template::{Number, Reading};
use super::step::{State, word};

impl State<'_, '_> {
    /// The number at `at` and its end, if it is spelt as the body is proved to take it; else the next steps decide.
    #[inline]
    pub fn at_once(&self, at: usize, number: &Number) -> Option<(u64, usize)> {
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
