//! Numbers as logs print them, read exactly: every value is the correctly rounded one.

mod digits;
mod duration;
mod form;
mod quantity;
mod round;
mod unit;
mod unsigned;
mod width;

#[cfg(test)]
mod tests;

pub use form::{FORMS, Form, Forms};
pub use quantity::{Quantity, quantity};
pub use round::ten;
pub use unit::convert;
pub use width::{SPAN, Span, Way, Width};

use digits::{eight_of, few, first_word, is_end, non_digits, sign, unrolled};
use unsigned::{counted, unsigned};

/// Reads `[+-]?(digits[.digits*]|.digits)([eE][+-]?digits)?` at `at`, or `nan`, `inf`, `infinity` in any case with an
/// optional sign. Gives the correctly rounded value and the position after it.
///
/// `5.` takes its dot; `1e` and `1e+` end before the `e`. What follows is the caller's to judge: `nanms` gives a NaN
/// and 3, `1.2.3` gives 1.2. It is fastest where eight bytes or more stand after the number, as the
/// [`PAD`](crate::row::PAD) of a block sees to, and right wherever the bytes end.
///
/// ```
/// use fastlogs_core::number::decimal;
/// assert_eq!(decimal(b"loss 10.4500 | ", 5), Some((10.45, 12)));
/// assert_eq!(decimal(b"8.19e-08,", 0), Some((8.19e-8, 8)));
/// ```
#[inline]
pub fn decimal(data: &[u8], at: usize) -> Option<(f64, usize)> {
    formed(data, at, Forms::ANY)
}

/// Reads a decimal like [`decimal`] if it is written in one of these forms; finding out which costs nothing.
///
/// ```
/// use fastlogs_core::number::{Form, Forms, formed};
/// let fractions = Forms::of_bits(Form::Fraction.bit());
/// assert_eq!(formed(b"0.25", 0, fractions), Some((0.25, 4)));
/// assert_eq!(formed(b"25", 0, fractions), None);
/// ```
#[inline(always)]
pub fn formed(data: &[u8], at: usize, forms: Forms) -> Option<(f64, usize)> {
    let (value, end) = formed_pair(data, at, forms);
    (end > 0).then_some((value, end))
}

/// The same; a pair that ends at 0 stands for no number.
#[inline(always)]
pub(crate) fn formed_pair(data: &[u8], at: usize, forms: Forms) -> (f64, usize) {
    match data.get(at) {
        None => (0.0, 0),
        Some(b'-' | b'+') => signed(data, at, forms, 0),
        Some(_) => unsigned(data, at, forms, 0),
    }
}

/// The same as [`formed_pair`], quicker where each number is as long as it likes.
#[inline(always)]
pub(crate) fn counted_pair(data: &[u8], at: usize, forms: Forms) -> (f64, usize) {
    match data.get(at) {
        None => (0.0, 0),
        Some(b'-' | b'+') => signed(data, at, forms, 0),
        Some(_) => counted(data, at, forms),
    }
}

/// Reads a decimal like [`formed`] and multiplies it by `10^power`, rounding once. None where that is hard, and for
/// `nan` and `inf`, unless the power is 0.
pub fn shifted(data: &[u8], at: usize, power: u8, forms: Forms) -> Option<(f64, usize)> {
    let (value, end) = match data.get(at)? {
        b'-' | b'+' => signed(data, at, forms, power),
        _ => unsigned(data, at, forms, power),
    };
    (end > 0).then_some((value, end))
}

#[inline(never)]
fn signed(data: &[u8], at: usize, forms: Forms, power: u8) -> (f64, usize) {
    match data.get(at) {
        Some(b'-') => {
            let (value, end) = unsigned(data, at + 1, forms.behind_minus(), power);
            (-value, end)
        }
        _ => unsigned(data, at + 1, forms.behind_plus(), power),
    }
}

/// Reads `[+-]?digits` at `at`; none when it does not fit.
#[inline(always)]
pub fn integer(data: &[u8], at: usize) -> Option<(i64, usize)> {
    let (value, end) = integer_pair(data, at);
    (end > 0).then_some((value, end))
}

/// The same; a pair that ends at 0 stands for none.
#[inline(always)]
pub(crate) fn integer_pair(data: &[u8], at: usize) -> (i64, usize) {
    if let Some(word) = first_word(data, at) {
        let ends = non_digits(word);
        // A branch for each length, as in `unsigned`.
        if !is_end(ends, 0) {
            unrolled!(LEN in [1 2 3 4 5 6 7] {
                if is_end(ends, LEN) {
                    return (i64::from(few(word, LEN)), at + LEN);
                }
            });
            if !data.get(at + 8).is_some_and(u8::is_ascii_digit) {
                return (i64::from(eight_of(word)), at + 8);
            }
        }
    }
    long_integer(data, at)
}

/// The value of a token that is a number and nothing else.
pub fn plain(token: &[u8]) -> Option<f64> {
    decimal(token, 0).filter(|&(_, end)| end == token.len()).map(|(value, _)| value)
}

#[inline(never)]
fn long_integer(data: &[u8], at: usize) -> (i64, usize) {
    let (negative, start) = sign(data, at);
    let text = data.get(start..).unwrap_or_default();
    let len = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let add = |value: i64, digit: &u8| {
        let digit = i64::from(digit - b'0');
        value.checked_mul(10)?.checked_add(if negative { -digit } else { digit })
    };
    match text[..len].iter().try_fold(0, add) {
        Some(value) if len > 0 => (value, start + len),
        _ => (0, 0),
    }
}
