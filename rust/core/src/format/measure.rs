//! One printed value: its number and its unit, or why it has none.

use crate::number::{plain, quantity};
use crate::row::slot_of;

/// What a printed value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured<'a> {
    /// f64 bits, and the unit as printed.
    Number(u64, &'a [u8]),
    /// Words that say there is none: `N/A`, `None`, `-`.
    Absent,
    /// Anything else, and numbers with more behind them than a unit.
    Bad,
}

/// A value as a pattern found it in `data`.
#[derive(Debug, Clone, Copy)]
pub struct Printed<'a> {
    pub data: &'a [u8],
    pub value: (usize, usize),
    /// Behind the value; empty where there is none.
    pub unit: (usize, usize),
    /// What follows the value, and was not taken for a part of it.
    pub rest: (usize, usize),
}

impl<'a> Printed<'a> {
    /// Reads the value of the metric `name`.
    pub fn measure(&self, name: &[u8]) -> Measured<'a> {
        let (value, unit) = (self.bytes(self.value), self.bytes(self.unit));
        if is_absent(value) {
            return Measured::Absent;
        }
        if self.is_cut() {
            return Measured::Bad;
        }
        if let (Some(number), false) = (plain(value), is_magnitude(unit)) {
            return Measured::Number(slot_of(number), unit);
        }
        // A glued letter may be a magnitude or memory: the name decides.
        let whole = if unit.is_empty() { value } else { self.bytes((self.value.0, self.unit.1)) };
        match quantity(whole, name) {
            Some(read) => Measured::Number(slot_of(read.value), read.unit),
            None => Measured::Bad,
        }
    }

    /// Where the value and its unit end.
    pub fn last(&self) -> usize {
        self.value.1.max(self.unit.1)
    }

    /// The value as printed.
    pub fn number(&self) -> &'a [u8] {
        self.bytes(self.value)
    }

    fn bytes(&self, (start, end): (usize, usize)) -> &'a [u8] {
        self.data.get(start..end).unwrap_or_default()
    }

    /// More of a number or a word follows than the pattern took: the value would be a part of what is printed.
    fn is_cut(&self) -> bool {
        let rest = self.bytes(self.rest);
        let digit = |at: usize| rest.get(at).is_some_and(u8::is_ascii_digit);
        match rest.first() {
            Some(b'.' | b',' | b':' | b'-' | b'+') => digit(1),
            Some(byte) => byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii(),
            None => false,
        }
    }
}

fn is_magnitude(unit: &[u8]) -> bool {
    matches!(unit, [b'K' | b'M' | b'B' | b'T' | b'G' | b'k' | b'm' | b'b' | b't' | b'g'])
}

/// Words that people print where a number is missing.
pub fn is_absent(value: &[u8]) -> bool {
    const WORDS: [&[u8]; 8] = [b"", b"-", b"--", b"n/a", b"na", b"none", b"null", b"?"];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(text: &str, value: usize, unit: usize) -> Option<(f64, String)> {
        let (end, rest) = (value + unit, (value + unit, text.len()));
        let printed = Printed { data: text.as_bytes(), value: (0, value), unit: (value, end), rest };
        match printed.measure(b"loss") {
            Measured::Number(slot, unit) => Some((f64::from_bits(slot), String::from_utf8(unit.to_vec()).unwrap())),
            Measured::Absent | Measured::Bad => None,
        }
    }

    #[test]
    fn units_are_kept_beside_the_number() {
        assert_eq!(Some((15.2, "ms".into())), measured("15.2ms, next", 4, 2));
        assert_eq!(Some((98.0, "%".into())), measured("98%", 2, 1));
        assert_eq!(Some((5.0, String::new())), measured("5. The", 1, 0));
    }

    #[test]
    fn a_part_of_a_number_is_never_its_value() {
        for (text, taken) in [("1.2.3", 3), ("1.5abc", 3), ("0:12:00", 1), ("1,2", 1), ("5e", 1), ("1-2", 1), ("2µ", 1)]
        {
            assert_eq!(None, measured(text, taken, 0), "{text}");
        }
    }
}
