//! What an envelope says about the line in it.

use crate::row::MISSING;
use crate::types::Holds;

/// Slots of a line's envelopes, [`MISSING`] where they say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    pub wall_time: u64,
    pub elapsed: u64,
    pub rank: u64,
    /// The stamp carried an offset from UTC.
    pub utc: bool,
}

impl Default for Context {
    fn default() -> Self {
        Context { wall_time: MISSING, elapsed: MISSING, rank: MISSING, utc: false }
    }
}

impl Context {
    /// The slots that are there, with what they hold.
    pub fn slots(&self) -> impl Iterator<Item = (Holds, u64)> {
        let all = [(Holds::WallTime, self.wall_time), (Holds::Elapsed, self.elapsed), (Holds::Rank, self.rank)];
        all.into_iter().filter(|(_, slot)| *slot != MISSING)
    }

    #[inline]
    pub fn slot(&self, holds: Holds) -> u64 {
        match holds {
            Holds::WallTime => self.wall_time,
            Holds::Elapsed => self.elapsed,
            Holds::Rank => self.rank,
            Holds::Step
            | Holds::Epoch
            | Holds::Epochs
            | Holds::Batch
            | Holds::Batches
            | Holds::Metric
            | Holds::Text => MISSING,
        }
    }

    /// Which slots are there, as one number below [`Context::WAYS`].
    pub fn way(&self) -> usize {
        let bit = |slot: u64, bit: usize| if slot == MISSING { 0 } else { bit };
        bit(self.wall_time, 1) + bit(self.elapsed, 2) + bit(self.rank, 4) + if self.utc { 8 } else { 0 }
    }

    pub const WAYS: usize = 16;
}
