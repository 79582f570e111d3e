//! Numbers with what is glued to them: thousands, magnitudes, units, durations.

use super::{decimal, duration, unit};

/// A number with what was glued to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity<'a> {
    /// Magnitudes (`1.6M`) applied, thousands separators removed, durations in seconds.
    pub value: f64,
    /// The unit as printed, empty when there is none.
    pub unit: &'a [u8],
}

/// Reads a whole token as a quantity, or none: never another number than the printed one.
///
/// - `10.45`, `-3e-5`, `+5`, `.5`, `5.`, `nan`, `-inf`: as [`decimal`] reads them.
/// - `1,234`, `1,234,567.5`: thousands, by threes from a first group without a leading zero (`0,123` is no number).
/// - `1.6M`, `10k`, `3B`, `76K tok/s`, `1.2kit/s`: a glued K, k, M, B or T is applied, unless a word of `name` speaks of
///   memory; then it is the unit, as `G`, `GB` and `GiB` always are.
/// - `98%`, `703.1 ms`, `0.83x`, `3 furlongs`: a unit glued or after one blank is given back as printed. A unit is one
///   of a table, or up to 12 letters with `/` between them; `nan` and `inf` take one of the table only (`info`, `nanny`).
/// - `0:32:48`, `12:34` (minutes and seconds), `9 days, 21:39:23`, `1-02:03:04`, `4h 33m`,
///   `1 hour, 19 minutes and 54.41 seconds`: seconds, unit `s`. One number with a unit of time, `4h`, stays as printed.
/// - Empty, `None`, `null`, `N/A`, `NA`, `-`, `3abc123`, `1e`, `12/300`, dates: none.
///
/// ```
/// use fastlogs_core::number::{Quantity, quantity};
/// assert_eq!(quantity(b"1.6M", b"tokens"), Some(Quantity { value: 1.6e6, unit: b"" }));
/// assert_eq!(quantity(b"1.6M", b"gpu_mem"), Some(Quantity { value: 1.6, unit: b"M" }));
/// ```
pub fn quantity<'a>(token: &'a [u8], name: &[u8]) -> Option<Quantity<'a>> {
    let token = token.trim_ascii();
    let (value, end) = decimal(token, 0)?;
    let (number, rest) = token.split_at_checked(end)?;
    match rest.first() {
        None => Some(Quantity { value, unit: b"" }),
        Some(b',') => grouped(token, name),
        Some(_) if rest.iter().any(u8::is_ascii_digit) => in_seconds(token),
        Some(_) => measured(number, value, rest, name),
    }
}

fn in_seconds(token: &[u8]) -> Option<Quantity<'_>> {
    duration::seconds(token).map(|value| Quantity { value, unit: b"s" })
}

/// A number with what follows it.
fn measured<'a>(number: &[u8], value: f64, rest: &'a [u8], name: &[u8]) -> Option<Quantity<'a>> {
    let after_blank = rest.strip_prefix(b" ");
    let named = number.last().is_some_and(u8::is_ascii_alphabetic);
    if let (None, false, Some((power, unit))) = (after_blank, named, unit::magnitude(rest, name)) {
        return Some(Quantity { value: multiplied(number, power)?, unit });
    }
    let unit = after_blank.unwrap_or(rest);
    let is_unit = if named { unit::is_known(unit) } else { unit::is_unit(unit) };
    is_unit.then_some(Quantity { value, unit })
}

/// `1,234.5`, with or without what may follow a number.
fn grouped<'a>(token: &'a [u8], name: &[u8]) -> Option<Quantity<'a>> {
    let start = usize::from(token.first().is_some_and(|b| matches!(b, b'-' | b'+')));
    let len = token.get(start..)?.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b',' | b'.')).count();
    let (number, rest) = token.split_at_checked(start + len)?;
    let mut halves = number[start..].splitn(2, |&b| b == b'.');
    let (whole, fraction) = (halves.next()?, halves.next().unwrap_or(b"0"));
    if !is_grouped(whole) || fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = multiplied(number, 0)?;
    if rest.is_empty() { Some(Quantity { value, unit: b"" }) } else { measured(number, value, rest, name) }
}

/// Whether digits stand by threes, and no decimal comma is meant.
fn is_grouped(whole: &[u8]) -> bool {
    let mut groups = whole.split(|&b| b == b',');
    let first = groups.next().unwrap_or_default();
    matches!(first.len(), 1..=3) && first[0] != b'0' && groups.all(|group| group.len() == 3)
}

/// The value of a number times a power of ten, rounded once, its thousands separators left out.
fn multiplied(number: &[u8], power: u8) -> Option<f64> {
    let mut text = [0; 64];
    let mut len = 0;
    let digits = number.iter().filter(|&&b| b != b',');
    for &byte in digits.chain([b'e', b'0' + power / 10, b'0' + power % 10].iter()) {
        *text.get_mut(len)? = byte;
        len += 1;
    }
    decimal(&text, 0).filter(|&(_, end)| end == len).map(|(value, _)| value)
}

#[cfg(test)]
#[path = "quantity_tests.rs"]
mod tests;
