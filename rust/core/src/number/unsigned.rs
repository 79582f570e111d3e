//! The decimals without a sign: a way for short ones, which nearly all are, one for long ones, one for hard ones.
//!
//! A pair that ends at 0 stands for no number: an option of a pair would go by way of memory.

use super::digits::{POWERS, Parts, eight_of, exponent, few, first_word, is_end, leading, non_digits, parts, unrolled};
use super::form::{Form, Forms};
use super::round;

/// What stands for no number, and for one in a form that is not asked for.
const NONE: (f64, usize) = (0.0, 0);

/// The digits of a number up to an exponent, if it has one.
#[derive(Clone, Copy)]
struct Written {
    mantissa: u64,
    /// How many of its digits stand behind the dot.
    fraction: usize,
    form: Form,
    /// Where the digits end, and the byte there.
    end: usize,
    next: u8,
}

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
                    return match whole::<WHOLE>(data, at, word, ends) {
                        Ok(written) => value(data, at, written, forms, power),
                        Err(mantissa) => longer(data, at, (mantissa, WHOLE), forms, power),
                    };
                }
            });
        }
    }
    long(data, at, forms, power)
}

/// The same for numbers of which each is as long as it likes: the digits are counted, as no guess would hold.
#[inline(always)]
pub fn counted(data: &[u8], at: usize, forms: Forms) -> (f64, usize) {
    if let Some(word) = first_word(data, at) {
        let whole = leading(non_digits(word));
        if let (1..=6, Some(tail)) = (whole, first_word(data, at + whole + 1))
            && byte(word, whole) == b'.'
        {
            let (begun, start) = (u64::from(few(word, whole)), at + whole + 1);
            let len = leading(non_digits(tail));
            if matches!(len, 1..=7) {
                let mantissa = begun * POWERS[len] + u64::from(few(tail, len));
                let (end, next) = (start + len, byte(tail, len));
                return value(data, at, Written { mantissa, fraction: len, form: Form::Fraction, end, next }, forms, 0);
            }
            if len == 8 {
                return many(data, at, (begun * 100_000_000 + u64::from(eight_of(tail)), whole, 8), forms, 0);
            }
        }
    }
    guessed(data, at, forms)
}

#[inline(never)]
fn guessed(data: &[u8], at: usize, forms: Forms) -> (f64, usize) {
    unsigned(data, at, forms, 0)
}

/// The number whose first WHOLE bytes are digits and the next is not; the first seven digits where it is longer.
#[inline(always)]
fn whole<const WHOLE: usize>(data: &[u8], at: usize, word: u64, ends: u64) -> Result<Written, u64> {
    let written = |mantissa: u32, fraction: usize, form: Form, len: usize, next: u8| {
        Ok(Written { mantissa: u64::from(mantissa), fraction, form, end: at + len, next })
    };
    if byte(word, WHOLE) != b'.' {
        return written(few(word, WHOLE), 0, Form::Whole, WHOLE, byte(word, WHOLE));
    }
    unrolled!(LEN in [2 3 4 5 6 7] {
        if WHOLE < LEN && is_end(ends, LEN) {
            let form = if LEN == WHOLE + 1 { Form::Edge } else { Form::Fraction };
            return written(squeezed::<WHOLE, LEN>(word), LEN - WHOLE - 1, form, LEN, byte(word, LEN));
        }
    });
    let mantissa = squeezed::<WHOLE, 8>(word);
    match data.get(at + 8).copied().unwrap_or_default() {
        b'0'..=b'9' => Err(u64::from(mantissa)),
        next => written(mantissa, 7 - WHOLE, Form::Fraction, 8, next),
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

/// What is written by a mantissa of 15 digits at most, unless an exponent follows.
#[inline(always)]
fn value(data: &[u8], start: usize, written: Written, forms: Forms, power: u8) -> (f64, usize) {
    let Written { mantissa, fraction, form, end, next } = written;
    if next | 0x20 == b'e' {
        return scaled(data, start, written, forms, power);
    }
    if !forms.has(form) {
        return NONE;
    }
    if power == 0 {
        // Both are exact, so the one operation rounds correctly; by way of i64, which is the cheap conversion.
        return (mantissa as i64 as f64 / round::TENS[fraction], end);
    }
    round::nearest(mantissa, i64::from(power) - fraction as i64).map_or(NONE, |value| (value, end))
}

/// The same where an exponent follows.
#[inline(never)]
fn scaled(data: &[u8], start: usize, written: Written, forms: Forms, power: u8) -> (f64, usize) {
    rounded(data, start, written, (forms, power), round::nearest)
}

/// The same of any mantissa, where an exponent may follow.
#[inline(always)]
fn rounded(
    data: &[u8],
    start: usize,
    written: Written,
    (forms, power): (Forms, u8),
    round: impl Fn(u64, i64) -> Option<f64>,
) -> (f64, usize) {
    let (exponent, end) = exponent(data, written.end);
    let form = match written.next {
        _ if end == written.end => written.form,
        b'E' => Form::Capital,
        _ => Form::Exponent,
    };
    // An edge before an exponent is odd.
    let odd = written.form == Form::Edge && form != Form::Edge;
    if !forms.take((!odd).then_some(form)) {
        return NONE;
    }
    match round(written.mantissa, exponent - written.fraction as i64 + i64::from(power)) {
        Some(value) => (value, end),
        None if power == 0 => hard(data, start, end),
        None => NONE,
    }
}

/// A number of more than eight bytes, of which the dot and seven digits are read.
#[inline(always)]
fn longer(data: &[u8], at: usize, (mantissa, whole): (u64, usize), forms: Forms, power: u8) -> (f64, usize) {
    if let Some(word) = first_word(data, at + 8) {
        // A count, where the other branches guess: the last digits of a long number come and go.
        let len = leading(non_digits(word));
        if len < 8 {
            let mantissa = mantissa * POWERS[len] + u64::from(few(word, len));
            let (fraction, end, next) = (7 - whole + len, at + 8 + len, byte(word, len));
            return value(data, at, Written { mantissa, fraction, form: Form::Fraction, end, next }, forms, power);
        }
        let mantissa = mantissa * 100_000_000 + u64::from(eight_of(word));
        return many(data, at, (mantissa, whole, 15 - whole), forms, power);
    }
    long(data, at, forms, power)
}

/// A number of which so many digits are read, before the dot and behind it, and more may follow.
#[inline(never)]
fn many(
    data: &[u8],
    at: usize,
    (mut mantissa, whole, mut fraction): (u64, usize, usize),
    forms: Forms,
    power: u8,
) -> (f64, usize) {
    while let Some(word) = first_word(data, at + whole + 1 + fraction) {
        let len = leading(non_digits(word));
        // Nineteen digits fit 64 bits.
        if whole + fraction + len > 19 {
            break;
        }
        if len == 8 {
            mantissa = mantissa * 100_000_000 + u64::from(eight_of(word));
            fraction += 8;
            continue;
        }
        let mantissa = mantissa * POWERS[len] + u64::from(few(word, len));
        let (fraction, end, next) = (fraction + len, at + whole + 1 + fraction + len, byte(word, len));
        let written = Written { mantissa, fraction, form: Form::Fraction, end, next };
        // Not by the quicker way for small mantissas: which way it is, nobody could guess.
        return rounded(data, at, written, (forms, power), round::by_product);
    }
    long(data, at, forms, power)
}

/// Any number.
#[inline(never)]
pub fn long(data: &[u8], at: usize, forms: Forms, power: u8) -> (f64, usize) {
    match parts(data, at) {
        Some(parts) => of_parts(data, at, &parts, forms, power),
        None if power == 0 => named(data, at, forms).unwrap_or(NONE),
        None => NONE,
    }
}

fn of_parts(data: &[u8], at: usize, parts: &Parts, forms: Forms, power: u8) -> (f64, usize) {
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
        (true, true) => None,
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
