//! How the numbers of a tag are written: the bytes that are the same in all its records, and the few that are not.
//!
//! A record of one number is `time, step, summary { value { tag, number } }`, and the number is its end. Whoever knows
//! one of them knows the next of that tag by comparing its bytes, without walking its fields.

use super::tags::Plugin;
use super::tensor::Tensor;
use crate::read::wire::proto::{Fields, Value, varint};

/// Where the step begins, behind a time and two keys.
const STEP: usize = 10;

/// The bytes of the number.
const NUMBER: usize = 4;

/// What differs from record to record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Varying {
    pub time: f64,
    pub step: i64,
    pub value: f32,
}

/// See the module. Until one is known nothing is like it.
#[derive(Debug, Default)]
pub struct Form {
    /// Of the whole record; 0 where none is known.
    length: usize,
    /// What stands between step and number.
    middle: Vec<u8>,
}

impl Form {
    /// The form of a record that is one number of that tag and nothing else; none known where it is not.
    pub fn new(record: &[u8], tag: &[u8], plugin: Plugin) -> Form {
        match parts(record) {
            Some((_, middle)) if ends_with_number(middle, record, tag, plugin) => {
                Form { length: record.len(), middle: middle.to_vec() }
            }
            Some(_) | None => Form::default(),
        }
    }

    /// What the record says, if it has this form.
    #[inline]
    pub fn of(&self, record: &[u8]) -> Option<Varying> {
        if record.len() != self.length {
            return None;
        }
        let (step, middle) = parts(record)?;
        let time = f64::from_le_bytes(*record.get(1..)?.first_chunk()?);
        let value = f32::from_le_bytes(*record.last_chunk()?);
        (middle == self.middle).then_some(Varying { time, step, value })
    }
}

/// The step, and what stands between it and the last four bytes.
#[inline]
fn parts(record: &[u8]) -> Option<(i64, &[u8])> {
    let (head, mut rest) = record.split_at_checked(STEP)?;
    if head[0] != 0x09 || head[STEP - 1] != 0x10 {
        return None;
    }
    let step = varint(&mut rest)?;
    Some((step as i64, rest.get(..rest.len().checked_sub(NUMBER)?)?))
}

/// Whether all there is behind the step is a value of that tag, and the number its end.
fn ends_with_number(middle: &[u8], record: &[u8], tag: &[u8], plugin: Plugin) -> bool {
    let behind = &record[record.len() - NUMBER - middle.len()..];
    let value = only(5, behind).and_then(|summary| only(1, summary)).unwrap_or_default();
    let mut fields = Fields::of(value);
    if fields.next() != Some((1, Value::Bytes(tag))) {
        return false;
    }
    let number = fields.next();
    let whole = fields.is_whole();
    match number {
        Some((2, Value::Fixed32(_))) => whole,
        Some((8, Value::Bytes(tensor))) => {
            let meant = matches!(plugin, Plugin::Scalars | Plugin::Unknown);
            whole && meant && Tensor::of(tensor).ends_with_its_number()
        }
        Some(_) | None => false,
    }
}

/// The bytes of the only field.
fn only(number: u32, message: &[u8]) -> Option<&[u8]> {
    let mut fields = Fields::of(message);
    match fields.next() {
        Some((found, Value::Bytes(bytes))) if found == number && fields.is_whole() => Some(bytes),
        Some(_) | None => None,
    }
}
