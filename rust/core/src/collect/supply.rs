//! Memory for columns, taken from the system in few large pieces: the larger they are, the fewer are the faults that
//! their first use costs.

use fastlogs_simd::Column;

/// Columns that a first piece has room for.
const COLUMNS: usize = 16;

/// Words of the memory that one huge page is.
const HUGE: usize = 256 << 10;

/// Words of a piece at most, for a table that is kept and for one of many.
pub const LARGE: usize = 8 << 20;
pub const SMALL: usize = 512 << 10;

/// Columns of so many rows each. A piece is as large as all before it together, so that at most half goes unused.
#[derive(Debug, Default)]
pub struct Supply {
    rows: usize,
    most: usize,
    taken: usize,
    free: Column,
}

impl Supply {
    /// `most` words are taken at once at most, but for one batch.
    pub fn new(rows: usize, most: usize) -> Supply {
        Supply::default().of(rows, most)
    }

    /// The same memory for columns of other lengths.
    pub fn of(self, rows: usize, most: usize) -> Supply {
        Supply { rows, most, ..self }
    }

    pub fn set_rows(&mut self, rows: usize) {
        self.rows = rows;
    }

    pub fn column(&mut self) -> Column {
        if self.free.room() < self.rows {
            // What was made of it may be gone by now: memory used again costs no fault.
            self.free.rewind();
        }
        if self.free.room() < self.rows {
            let piece = self.taken.min(self.most).max(self.rows.saturating_mul(COLUMNS));
            let piece = if piece < HUGE { piece } else { piece.next_multiple_of(HUGE) };
            self.free = Column::large(piece);
            self.taken += piece;
        }
        self.free.carve(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_nobody_has_any_more_is_used_again() {
        let mut supply = Supply::new(1000, SMALL);
        let first: Vec<Column> = (0..COLUMNS).map(|_| supply.column()).collect();
        let taken = supply.taken;
        drop(first);
        let mut again: Vec<Column> = (0..COLUMNS).map(|_| supply.column()).collect();
        assert_eq!(taken, supply.taken);
        let more = supply.column();
        assert!(supply.taken > taken && more.room() == 1000);
        again.iter_mut().zip(0..).for_each(|(column, k)| column.push_many(k, 1000));
        assert!(again.iter().zip(0..).all(|(column, k)| column.iter().all(|&word| word == k)));
    }

    #[test]
    fn every_column_has_its_room_to_itself() {
        for most in [0, 1000, LARGE] {
            let mut supply = Supply::new(10, most);
            let mut columns: Vec<Column> = (0..100).map(|_| supply.column()).collect();
            supply = supply.of(7, most);
            columns.extend((0..100).map(|_| supply.column()));
            for (k, column) in columns.iter_mut().enumerate() {
                column.push_many(k as u64, if k < 100 { 10 } else { 7 });
            }
            assert!(columns.iter().enumerate().all(|(k, column)| column.iter().all(|&word| word == k as u64)));
            assert_eq!(1700, columns.iter().map(|column| column.len()).sum::<usize>());
        }
    }
}
