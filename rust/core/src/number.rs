//! Numbers as logs print them, read exactly: every value is the correctly rounded one.

mod digits;
mod round;
mod unsigned;

#[cfg(test)]
mod tests;

use digits::{few, first_word, non_digits, sign};
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
        let len = (ends.trailing_zeros() >> 3) as usize;
        if len.wrapping_sub(1) < 7 {
            return Some((i64::from(few(word, len)), at + len));
        }
    }
    long_integer(data, at)
}

/// The value of a token that is a number and nothing else.
pub fn plain(token: &[u8]) -> Option<f64> {
    decimal(token, 0).filter(|&(_, end)| end == token.len()).map(|(value, _)| value)
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

/// A number with what was glued to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity<'a> {
    /// Magnitudes (`1.6M`) applied, thousands separators removed, durations in seconds.
    pub value: f64,
    /// The unit as printed, empty when there is none.
    pub unit: &'a [u8],
}

/// Reads a whole token as a quantity: `1,234`, `1.6M`, `98%`, `703.1 ms`, `27.34GiB`, `0:32:48`, `4h 33m`,
/// `9 days, 21:39:23`, `nanms`. `name` decides whether a glued K, M, B, T, G is a magnitude or memory (DESIGN 4).
pub fn quantity<'a>(token: &'a [u8], name: &[u8]) -> Option<Quantity<'a>> {
    let _ = name;
    let (value, used) = decimal(token, 0)?;
    Some(Quantity { value, unit: &token[used..] })
}
