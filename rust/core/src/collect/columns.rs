//! Whole rows as columns: what joining values by their steps makes.

use crate::collect::{At, Steps, Stretch};
use crate::row::{Head, MISSING, Rows};

/// Rows handed on at once.
const ROWS: usize = 1024;

/// Columns of slots, as the fields of a shape say, the step first. Where one is shorter than that its rest is missing.
#[derive(Debug)]
pub struct Columns {
    pub columns: Vec<Vec<u64>>,
    /// The texts that slots stand for, and the shape.
    pub texts: Rows,
    /// What all rows share.
    pub at: At,
}

impl Columns {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// Gives the rows one behind the other.
    pub fn as_rows(mut self, each: &mut dyn FnMut(Stretch<'_>)) {
        let (width, mut rows) = (self.columns.len(), std::mem::take(&mut self.texts));
        let all: Vec<usize> = (0..self.rows()).collect();
        for part in all.chunks(ROWS) {
            rows.heads.clear();
            rows.slots.clear();
            for (k, &row) in part.iter().enumerate() {
                rows.heads.push(Head { shape: 0, at: (k * width) as u32, offset: 0 });
                rows.slots.extend(self.columns.iter().map(|column| column.get(row).copied().unwrap_or(MISSING)));
            }
            each(Stretch { rows: &rows, heads: &rows.heads, steps: Steps::Slot { slot: 0, base: 0 }, at: self.at });
        }
    }
}
