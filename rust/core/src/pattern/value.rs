//! Reads captured bytes as what is wanted of them.

use crate::number::{Quantity, integer, plain, quantity};
use crate::row::{MISSING, slot_of};
use crate::time::{Stamp, stamp};

use super::found::Found;
use super::{Capture, Wants};

impl Found {
    /// Reads the captures that the engine only found.
    pub(super) fn settle(&mut self, data: &[u8], captures: &[Capture]) {
        while self.late != 0 {
            let at = self.late.trailing_zeros() as usize;
            self.late &= self.late - 1;
            let (start, end) = self.spans[at];
            let token = data.get(start as usize..end as usize).unwrap_or_default();
            self.settle_one(at, start, token, &captures[at]);
        }
    }

    fn settle_one(&mut self, at: usize, start: u32, token: &[u8], capture: &Capture) {
        let slot = match capture.wants {
            Wants::Number => number(token, &capture.name),
            Wants::Int => whole(token).map(|value| value as u64),
            Wants::Stamp => self.stamp(at, token),
            Wants::Quantity => self.quantity(at, start, token, &capture.name),
            Wants::Text | Wants::Skip => Some(0),
        };
        match slot {
            Some(slot) => self.slots[at] = slot,
            None => {
                self.slots[at] = MISSING;
                self.bad |= 1 << at;
            }
        }
    }

    fn stamp(&mut self, at: usize, token: &[u8]) -> Option<u64> {
        let (stamp, end) = stamp(token, 0)?;
        if end != token.len() {
            return None;
        }
        match stamp {
            Stamp::Wall { micros, utc } => {
                self.utc |= u64::from(utc) << at;
                Some(micros as u64)
            }
            Stamp::Clock { micros } => {
                self.clock |= 1 << at;
                Some(micros as u64)
            }
        }
    }

    fn quantity(&mut self, at: usize, start: u32, token: &[u8], name: &str) -> Option<u64> {
        let Quantity { value, unit } = quantity(token, name.as_bytes())?;
        let from = offset_in(token, unit);
        self.units[at] = (start + from, start + from + unit.len() as u32);
        Some(slot_of(value))
    }
}

/// Where a part of a token begins in it.
fn offset_in(token: &[u8], part: &[u8]) -> u32 {
    let at = (part.as_ptr() as usize).wrapping_sub(token.as_ptr() as usize);
    if at <= token.len() { at as u32 } else { 0 }
}

/// A number as printed; else a quantity, magnitudes and durations included.
fn number(token: &[u8], name: &str) -> Option<u64> {
    let value = plain(token).or_else(|| quantity(token, name.as_bytes()).map(|quantity| quantity.value))?;
    Some(slot_of(value))
}

/// A whole number, with or without thousands separators.
fn whole(token: &[u8]) -> Option<i64> {
    let value = match integer(token, 0) {
        Some((value, end)) if end == token.len() => Some(value),
        Some(_) => grouped(token),
        None => None,
    };
    // The one value that would look like no value.
    value.filter(|&value| value as u64 != MISSING)
}

/// `1,234,567`: one to three digits, then threes.
fn grouped(token: &[u8]) -> Option<i64> {
    let unsigned = token.strip_prefix(b"-").or(token.strip_prefix(b"+")).unwrap_or(token);
    let mut groups = unsigned.split(|&b| b == b',');
    let first = groups.next()?;
    let digits = |group: &[u8]| group.iter().all(u8::is_ascii_digit);
    if !(1..=3).contains(&first.len()) || !digits(first) || !groups.all(|group| group.len() == 3 && digits(group)) {
        return None;
    }
    let bare: Vec<u8> = token.iter().copied().filter(|&b| b != b',').collect();
    integer(&bare, 0).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_exact_or_nothing() {
        for (token, value) in [
            ("17", Some(17)),
            ("-17", Some(-17)),
            ("1,234", Some(1234)),
            ("-1,234,567", Some(-1_234_567)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("1e3", None),
            ("1.0", None),
            ("1,23", None),
            (",123", None),
            ("", None),
        ] {
            assert_eq!(value, whole(token.as_bytes()), "{token}");
        }
    }

    #[test]
    fn the_value_that_means_missing_is_bad() {
        assert_eq!(None, whole((MISSING as i64).to_string().as_bytes()));
    }
}
