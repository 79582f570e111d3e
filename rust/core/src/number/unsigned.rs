//! The decimals without a sign: a way for short ones, which nearly all are, one for long ones, one for hard ones.
//!
//! A pair that ends at 0 stands for no number: an option of a pair would go by way of memory.

use super::digits::{Parts, exponent, few, first_word, is_end, non_digits, parts, parts_on, unrolled};
use super::form::{Form, Forms};
use super::round;

/// What stands for no number, and for one in a form that is not asked for.
const NONE: (f64, usize) = (0.0, 0);

/// Reads the number at `at`, in one of the forms, times `10^power`.
///
/// There is a branch for each length, not a shift by a counted one: the processor guesses where the number ends and
/// goes on with what follows it, rather than wait for the count. Columns seldom change their width, so it guesses well.
/// The branch taken says what form it is.
#[inline(always)]
pub fn unsigned(data: &[u8], at: usize, forms: Forms, power: u8) -> (f64, usize) {
    if let Some(word) = first_word(data, at) {
        let ends = non_digits(word);
        if !is_end(ends, 0) {
            unrolled!(WHOLE in [1 2 3 4 5 6] {
                if is_end(ends, WHOLE) {
                    return whole::<WHOLE>(data, at, word, ends, (forms, power));
                }
            });
        }
    }
    long(data, at, forms, power)
}

/// The number whose first WHOLE bytes are digits and the next is not.
#[inline(always)]
fn whole<const WHOLE: usize>(data: &[u8], at: usize, word: u64, ends: u64, asked: (Forms, u8)) -> (f64, usize) {
    if byte(word, WHOLE) != b'.' {
        let next = byte(word, WHOLE);
        return short(data, at, at + WHOLE, next, (few(word, WHOLE), 0), Form::Whole, asked);
    }
    unrolled!(LEN in [2 3 4 5 6 7] {
        if WHOLE < LEN && is_end(ends, LEN) {
            let form = if LEN == WHOLE + 1 { Form::Edge } else { Form::Fraction };
            let digits = (squeezed::<WHOLE, LEN>(word), LEN - WHOLE - 1);
            return short(data, at, at + LEN, byte(word, LEN), digits, form, asked);
        }
    });
    let mantissa = squeezed::<WHOLE, 8>(word);
    match data.get(at + 8).copied().unwrap_or_default() {
        b'0'..=b'9' => long_fraction(data, at, at + WHOLE, mantissa, asked.0, asked.1),
        next => short(data, at, at + 8, next, (mantissa, 7 - WHOLE), Form::Fraction, asked),
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

/// The value of a mantissa, so many digits of it behind the dot, before the byte `next`, which may begin an exponent.
#[inline(always)]
fn short(
    data: &[u8],
    start: usize,
    end: usize,
    next: u8,
    (mantissa, fraction): (u32, usize),
    form: Form,
    (forms, power): (Forms, u8),
) -> (f64, usize) {
    if next | 0x20 == b'e' {
        return scaled(data, start, end, (mantissa, fraction), forms, power);
    }
    if !forms.has(form) {
        return NONE;
    }
    if power == 0 {
        return (f64::from(mantissa) / round::TENS[fraction], end);
    }
    match round::nearest(u64::from(mantissa), i64::from(power) - fraction as i64) {
        Some(value) => (value, end),
        None => NONE,
    }
}

/// A short mantissa before an `e` at `at`.
#[inline(never)]
fn scaled(
    data: &[u8],
    start: usize,
    at: usize,
    (mantissa, fraction): (u32, usize),
    forms: Forms,
    power: u8,
) -> (f64, usize) {
    let (exponent, end) = exponent(data, at);
    let form = match data.get(at) {
        _ if end == at => Form::of(&data[start..end]),
        Some(b'E') => Some(Form::Capital),
        _ => Some(Form::Exponent),
    };
    if !forms.take(form) {
        return NONE;
    }
    match round::nearest(u64::from(mantissa), exponent - fraction as i64 + i64::from(power)) {
        Some(value) => (value, end),
        None if power == 0 => hard(data, start, end),
        None => NONE,
    }
}

/// A number of eight bytes and more, whose first eight have a dot.
#[inline(never)]
fn long_fraction(data: &[u8], start: usize, dot: usize, mantissa: u32, forms: Forms, power: u8) -> (f64, usize) {
    let parts = parts_on(data, start, dot, start + 8, u64::from(mantissa));
    value(data, start, &parts, forms, power)
}

/// Any number.
#[inline(never)]
pub fn long(data: &[u8], at: usize, forms: Forms, power: u8) -> (f64, usize) {
    match parts(data, at) {
        Some(parts) => value(data, at, &parts, forms, power),
        None if power == 0 => named(data, at, forms).unwrap_or(NONE),
        None => NONE,
    }
}

#[inline(always)]
fn value(data: &[u8], at: usize, parts: &Parts, forms: Forms, power: u8) -> (f64, usize) {
    if forms != Forms::ANY && !forms.take(form(data, at, parts)) {
        return NONE;
    }
    match if parts.exact { round::nearest(parts.mantissa, parts.scale + i64::from(power)) } else { None } {
        Some(value) => (value, parts.end),
        None if power == 0 => hard(data, at, parts.end),
        None => NONE,
    }
}

/// The form of a number taken apart; none for the odd ones.
#[inline]
fn form(data: &[u8], at: usize, parts: &Parts) -> Option<Form> {
    let edge = data[at] == b'.' || data[parts.digits - 1] == b'.';
    match (parts.end > parts.digits, edge) {
        (true, _) if data[at] == b'.' => None,
        (true, _) if data[parts.digits] == b'E' => Some(Form::Capital),
        (true, _) => Some(Form::Exponent),
        (false, true) => Some(Form::Edge),
        (false, false) if parts.digits - at > parts.count => Some(Form::Fraction),
        (false, false) => Some(Form::Whole),
    }
}

/// What takes more bits. Kept apart, so that the end of an easy number never waits for its value.
#[cold]
fn hard(data: &[u8], at: usize, end: usize) -> (f64, usize) {
    fast_float2::parse(&data[at..end]).map_or(NONE, |value| (value, end))
}

/// The numbers written in letters.
fn named(data: &[u8], at: usize, forms: Forms) -> Option<(f64, usize)> {
    let text = data.get(at..)?;
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let small = text.iter().take(3).all(u8::is_ascii_lowercase);
    let odd = forms == Forms::ANY;
    match () {
        () if begins(b"nan") => (odd || small && forms.has(Form::Word)).then_some((f64::NAN, at + 3)),
        () if begins(b"infinity") => odd.then_some((f64::INFINITY, at + 8)),
        () if begins(b"inf") => (odd || small && forms.has_infinite()).then_some((f64::INFINITY, at + 3)),
        () => None,
    }
}
