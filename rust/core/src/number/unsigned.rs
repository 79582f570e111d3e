//! The decimals without a sign: a way for short ones, which nearly all are, one for long ones, one for hard ones.
//!
//! A pair that ends at 0 stands for no number: an option of a pair would go by way of memory.

use super::digits::{Parts, exponent, few, first_word, is_end, non_digits, parts, parts_on, unrolled};
use super::round;

/// Reads the number at `at`.
///
/// There is a branch for each length, not a shift by a counted one: the processor guesses where the number ends and
/// goes on with what follows it, rather than wait for the count. Columns seldom change their width, so it guesses well.
#[inline]
pub fn unsigned(data: &[u8], at: usize) -> (f64, usize) {
    if let Some(word) = first_word(data, at) {
        let ends = non_digits(word);
        if !is_end(ends, 0) {
            unrolled!(WHOLE in [1 2 3 4 5 6] {
                if is_end(ends, WHOLE) {
                    return whole::<WHOLE>(data, at, word, ends);
                }
            });
        }
    }
    long(data, at)
}

/// The number whose first WHOLE bytes are digits and the next is not.
#[inline(always)]
fn whole<const WHOLE: usize>(data: &[u8], at: usize, word: u64, ends: u64) -> (f64, usize) {
    if byte(word, WHOLE) != b'.' {
        return short(data, at, at + WHOLE, byte(word, WHOLE), few(word, WHOLE), 0);
    }
    unrolled!(LEN in [2 3 4 5 6 7] {
        if WHOLE < LEN && is_end(ends, LEN) {
            return short(data, at, at + LEN, byte(word, LEN), squeezed::<WHOLE, LEN>(word), LEN - WHOLE - 1);
        }
    });
    let mantissa = squeezed::<WHOLE, 8>(word);
    match data.get(at + 8).copied().unwrap_or_default() {
        b'0'..=b'9' => long_fraction(data, at, at + WHOLE, mantissa),
        next => short(data, at, at + 8, next, mantissa, 7 - WHOLE),
    }
}

#[inline(always)]
fn byte(word: u64, at: usize) -> u8 {
    (word >> (8 * at)) as u8
}

/// The digits of the first LEN bytes without the dot that is at WHOLE.
#[inline(always)]
fn squeezed<const WHOLE: usize, const LEN: usize>(word: u64) -> u32 {
    let before_dot = (1u64 << (8 * WHOLE)) - 1;
    few((word & before_dot) | ((word >> 8) & !before_dot), LEN - 1)
}

/// The value of a mantissa before the byte `next`, which may begin an exponent.
#[inline(always)]
fn short(data: &[u8], start: usize, end: usize, next: u8, mantissa: u32, fraction: usize) -> (f64, usize) {
    if next | 0x20 == b'e' {
        return scaled(data, start, end, mantissa, fraction);
    }
    (f64::from(mantissa) / round::TENS[fraction], end)
}

#[inline(never)]
fn scaled(data: &[u8], start: usize, at: usize, mantissa: u32, fraction: usize) -> (f64, usize) {
    let (exponent, end) = exponent(data, at);
    match round::nearest(u64::from(mantissa), exponent - fraction as i64) {
        Some(value) => (value, end),
        None => hard(data, start, end),
    }
}

/// A number of eight bytes and more, whose first eight have a dot.
#[inline(never)]
fn long_fraction(data: &[u8], start: usize, dot: usize, mantissa: u32) -> (f64, usize) {
    value(data, start, &parts_on(data, start, dot, start + 8, u64::from(mantissa)))
}

/// Any number.
#[inline(never)]
pub fn long(data: &[u8], at: usize) -> (f64, usize) {
    match parts(data, at) {
        Some(parts) => value(data, at, &parts),
        None => named(data, at).unwrap_or((0.0, 0)),
    }
}

#[inline(always)]
fn value(data: &[u8], at: usize, parts: &Parts) -> (f64, usize) {
    match if parts.exact { round::nearest(parts.mantissa, parts.scale) } else { None } {
        Some(value) => (value, parts.end),
        None => hard(data, at, parts.end),
    }
}

/// What takes more bits. Kept apart, so that the end of an easy number never waits for its value.
#[cold]
fn hard(data: &[u8], at: usize, end: usize) -> (f64, usize) {
    fast_float2::parse(&data[at..end]).map_or((0.0, 0), |value| (value, end))
}

/// The numbers written in letters.
fn named(data: &[u8], at: usize) -> Option<(f64, usize)> {
    let text = data.get(at..)?;
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    match () {
        () if begins(b"nan") => Some((f64::NAN, at + 3)),
        () if begins(b"infinity") => Some((f64::INFINITY, at + 8)),
        () if begins(b"inf") => Some((f64::INFINITY, at + 3)),
        () => None,
    }
}
