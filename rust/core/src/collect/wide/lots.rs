//! Memory for the columns of the next batches, taken from the system in few large pieces.

use fastlogs_simd::Column;

/// Words of a piece at most.
const MOST: usize = 8 << 20;

/// Columns with room for a batch. Each piece holds as many batches as all before it, so that at most half of what was
/// taken goes unused; the larger it is, the fewer are the faults that its first use costs.
#[derive(Debug, Default)]
pub(super) struct Lots {
    spare: Vec<Vec<Column>>,
    batches: usize,
    /// Batches are let go one by one: none may hold the memory of others.
    apart: bool,
}

impl Lots {
    pub fn apart() -> Lots {
        Lots { apart: true, ..Lots::default() }
    }

    /// So many columns with room for so many rows each; none where they are too large to be taken together.
    pub fn take(&mut self, count: usize, rows: usize) -> Vec<Column> {
        let most = if self.apart { 1 } else { MOST / (count * rows).max(1) };
        if most == 0 {
            return Vec::new();
        }
        self.spare.pop_if(|columns| columns.len() < count);
        if self.spare.is_empty() {
            let batches = self.batches.clamp(1, most);
            self.batches += batches;
            let mut all = Column::lot(count * batches, rows, true);
            self.spare.extend((0..batches).map(|_| all.split_off(all.len() - count)));
        }
        self.spare.pop().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_room_whatever_was_asked_for_before() {
        for mut lots in [Lots::default(), Lots::apart()] {
            for count in [3, 3, 3, 5, 3, 3, 4] {
                let mut columns = lots.take(count, 10);
                columns.iter_mut().for_each(|column| column.push_many(count as u64, 10));
                assert!(columns.len() >= count);
                assert!(columns.iter().all(|column| column.room() == 10 && column[..] == [count as u64; 10]));
            }
        }
    }

    #[test]
    fn what_is_too_large_is_not_taken_together() {
        assert!(Lots::default().take(1000, MOST).is_empty());
    }
}
