//! Numbers as logs print them, read exactly: every value is the correctly rounded one.

mod digits;
mod duration;
mod quantity;
mod round;
mod unit;
mod unsigned;

#[cfg(test)]
mod tests;

pub use quantity::{Quantity, quantity};
pub use unit::convert;

use digits::{few, first_word, is_end, non_digits, sign, unrolled};
use unsigned::{long, unsigned};

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
    let (value, end) = match data.get(at)? {
        b'-' => negated(long(data, at + 1)),
        b'+' => long(data, at + 1),
        _ => unsigned(data, at),
    };
    (end > 0).then_some((value, end))
}

/// Reads `[+-]?digits` at `at`; none when it does not fit.
#[inline]
pub fn integer(data: &[u8], at: usize) -> Option<(i64, usize)> {
    if let Some(word) = first_word(data, at) {
        let ends = non_digits(word);
        // A branch for each length, as in `unsigned`.
        if !is_end(ends, 0) {
            unrolled!(LEN in [1 2 3 4 5 6 7] {
                if is_end(ends, LEN) {
                    return Some((i64::from(few(word, LEN)), at + LEN));
                }
            });
        }
    }
    long_integer(data, at)
}

/// The value of a token that is a number and nothing else.
pub fn plain(token: &[u8]) -> Option<f64> {
    decimal(token, 0).filter(|&(_, end)| end == token.len()).map(|(value, _)| value)
}

/// Reads a decimal like [`decimal`] and multiplies it by `10^power`, rounding once. None where that is hard, and for
/// `nan` and `inf`.
pub fn shifted(data: &[u8], at: usize, power: u8) -> Option<(f64, usize)> {
    let (minus, start) = digits::sign(data, at);
    let parts = digits::parts(data, start).filter(|parts| parts.exact)?;
    let value = round::nearest(parts.mantissa, parts.scale + i64::from(power))?;
    Some((if minus { -value } else { value }, parts.end))
}

fn negated((value, end): (f64, usize)) -> (f64, usize) {
    (-value, end)
}

fn long_integer(data: &[u8], at: usize) -> Option<(i64, usize)> {
    let (negative, start) = sign(data, at);
    let text = data.get(start..)?;
    let len = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let add = |value: i64, digit: &u8| {
        let digit = i64::from(digit - b'0');
        value.checked_mul(10)?.checked_add(if negative { -digit } else { digit })
    };
    let value = text[..len].iter().try_fold(0, add)?;
    (len > 0).then_some((value, start + len))
}
