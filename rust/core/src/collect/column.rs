//! A growing column of the wide table: numbers or texts, with nulls that cost nothing until there is one.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray};
use arrow_buffer::{BooleanBufferBuilder, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use bytes::Bytes;
use fastlogs_simd::Column;

use crate::collect::supply::Supply;
use crate::row::MISSING;

/// Which rows of a column hold something. No bits are kept while all do.
#[derive(Debug, Default)]
struct Presence {
    len: usize,
    bits: Option<BooleanBufferBuilder>,
}

impl Presence {
    fn push(&mut self, count: usize, present: bool) {
        if !present && self.bits.is_none() {
            let mut bits = BooleanBufferBuilder::new(self.len + count);
            bits.append_n(self.len, true);
            self.bits = Some(bits);
        }
        if let Some(bits) = &mut self.bits {
            bits.append_n(count, present);
        }
        self.len += count;
    }

    fn take(&mut self) -> Option<NullBuffer> {
        self.len = 0;
        self.bits.take().map(|mut bits| NullBuffer::new(bits.finish()))
    }
}

/// 64-bit values: f64 bits or i64, as the one who reads them knows.
#[derive(Debug, Default)]
pub struct Words {
    values: Column,
    presence: Presence,
}

impl Words {
    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn values(&self) -> &[u64] {
        &self.values
    }

    /// Memory for a whole batch at once: growing by doubling would touch each page twice.
    pub fn make_room(&mut self, supply: &mut Supply) {
        if self.values.room() == 0 {
            self.values = supply.column();
        }
    }

    pub fn push(&mut self, slot: u64) {
        self.values.push(slot);
        self.presence.push(1, slot != MISSING);
    }

    pub fn push_many(&mut self, slot: u64, count: usize) {
        self.values.push_many(slot, count);
        self.presence.push(count, slot != MISSING);
    }

    /// Appends `count` slots, each `stride` after the one before; gives how many are there.
    pub fn push_strided(&mut self, slots: &[u64], stride: usize, count: usize, supply: &mut Supply) -> u64 {
        self.make_room(supply);
        let from = self.values.len();
        let mut missing = false;
        let first = slots.chunks(stride.max(1)).map(|row| row[0]);
        self.values.extend(count, first.inspect(|&slot| missing |= slot == MISSING));
        if !missing {
            self.presence.push(count, true);
            return count as u64;
        }
        let mut there = 0;
        for at in from..from + count {
            let present = self.values[at] != MISSING;
            there += u64::from(present);
            self.presence.push(1, present);
        }
        there
    }

    /// Multiplies what was appended since `from`.
    pub fn scale(&mut self, from: usize, factor: f64) {
        for slot in &mut self.values[from..] {
            if *slot != MISSING {
                *slot = (f64::from_bits(*slot) * factor).to_bits();
            }
        }
    }

    pub fn extend(&mut self, values: impl ExactSizeIterator<Item = i64>, supply: &mut Supply) {
        self.make_room(supply);
        let (from, most) = (self.values.len(), values.len());
        self.values.extend(most, values.map(|v| v as u64));
        self.presence.push(self.values.len() - from, true);
    }

    /// Nulls up to `len` rows.
    pub fn pad(&mut self, len: usize, supply: &mut Supply) {
        self.make_room(supply);
        if len > self.values.len() {
            self.push_many(MISSING, len - self.values.len());
        }
    }

    fn take(&mut self) -> (Buffer, usize, Option<NullBuffer>) {
        let values = std::mem::take(&mut self.values);
        let len = values.len();
        (Buffer::from(Bytes::from_owner(values)), len, self.presence.take())
    }

    pub fn take_f64(&mut self) -> ArrayRef {
        let (buffer, len, nulls) = self.take();
        Arc::new(Float64Array::new(ScalarBuffer::new(buffer, 0, len), nulls))
    }

    pub fn take_i64(&mut self) -> ArrayRef {
        let (buffer, len, nulls) = self.take();
        Arc::new(Int64Array::new(ScalarBuffer::new(buffer, 0, len), nulls))
    }

    /// Naive here; the schema adds the zone when the stamps had one.
    pub fn take_time(&mut self, utc: bool) -> ArrayRef {
        let (buffer, len, nulls) = self.take();
        let array = TimestampMicrosecondArray::new(ScalarBuffer::new(buffer, 0, len), nulls);
        if utc { Arc::new(array.with_timezone("UTC")) } else { Arc::new(array) }
    }
}

/// Texts, with nulls.
#[derive(Debug)]
pub struct Texts {
    ends: Vec<i32>,
    bytes: Vec<u8>,
    presence: Presence,
}

impl Default for Texts {
    fn default() -> Self {
        Texts { ends: vec![0], bytes: Vec::new(), presence: Presence::default() }
    }
}

impl Texts {
    pub fn len(&self) -> usize {
        self.presence.len
    }

    pub fn is_empty(&self) -> bool {
        self.presence.len == 0
    }

    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    pub fn push(&mut self, text: Option<&str>) {
        self.bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
        self.ends.push(i32::try_from(self.bytes.len()).unwrap_or(i32::MAX));
        self.presence.push(1, text.is_some());
    }

    pub fn pad(&mut self, len: usize) {
        while self.len() < len {
            self.push(None);
        }
    }

    pub fn take(&mut self) -> ArrayRef {
        let taken = std::mem::take(self);
        let mut presence = taken.presence;
        let nulls = presence.take();
        let offsets = OffsetBuffer::new(ScalarBuffer::from(taken.ends));
        Arc::new(StringArray::new(offsets, Buffer::from_vec(taken.bytes), nulls))
    }
}
