//! The values of a stretch, a column a metric, filled in any order.

use crate::collect::join::Cell;
use crate::row::{Head, MISSING, Rows};

/// Step, epoch, time and time elapsed stand before the metrics.
const CONTEXT: usize = 4;

/// See the module.
#[derive(Debug, Default)]
pub struct Grid {
    columns: Vec<Vec<u64>>,
    context: [Vec<u64>; 3],
    texts: Rows,
}

impl Grid {
    /// Puts a value into a row; `rows` hold its text, where it is one.
    #[inline]
    pub fn put(&mut self, cell: &Cell, row: usize, rows: Option<&Rows>) {
        let slot = match rows {
            Some(rows) => self.texts.keep_text(rows.text_of(cell.slot).as_bytes()),
            None => cell.slot,
        };
        if self.columns.len() <= cell.series {
            self.columns.resize_with(cell.series + 1, Vec::new);
        }
        set(&mut self.columns[cell.series], row, slot);
        for (column, &slot) in self.context.iter_mut().zip(&cell.context) {
            // What the first value of a row says holds for it.
            if slot != MISSING && column.get(row).is_none_or(|&there| there == MISSING) {
                set(column, row, slot);
            }
        }
    }

    /// Its texts go where its rows will be.
    pub fn with_texts_in(mut self, rows: &mut Rows) -> Grid {
        rows.text = std::mem::take(&mut self.texts.text);
        self
    }

    /// Writes these rows, all in one shape, instead of those that were there.
    pub fn write(&self, order: &[usize], steps: &[i64], series: usize, rows: &mut Rows) {
        let width = CONTEXT + series;
        rows.heads.clear();
        rows.slots.clear();
        rows.slots.resize(width * order.len(), MISSING);
        for (k, &row) in order.iter().enumerate() {
            rows.heads.push(Head { shape: 0, at: (k * width) as u32, offset: 0 });
            rows.slots[k * width] = steps[row] as u64;
        }
        for (place, column) in self.context.iter().chain(&self.columns).enumerate() {
            for (k, &row) in order.iter().enumerate() {
                if let Some(&slot) = column.get(row) {
                    rows.slots[k * width + 1 + place] = slot;
                }
            }
        }
    }
}

#[inline]
fn set(column: &mut Vec<u64>, row: usize, slot: u64) {
    if row == column.len() {
        return column.push(slot);
    }
    if row > column.len() {
        column.resize(row + 1, MISSING);
    }
    column[row] = slot;
}
