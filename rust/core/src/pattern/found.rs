//! What a match gives, and the memory that matching reuses.

use std::sync::Arc;

use crate::row::MISSING;

use super::definition::{Definition, Engine};
use super::engine::Trail;

/// The span of a capture that took no part in the match.
pub const NOWHERE: (u32, u32) = (u32::MAX, u32::MAX);

/// The values of one matched line; reused from line to line.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// A slot a capture: f64 bits (Number, Quantity), i64 (Int, Stamp), 0 (Text and Skip, when present), or MISSING.
    pub slots: Vec<u64>,
    /// Where in the data each capture stands, [`NOWHERE`] if it took no part.
    pub spans: Vec<(u32, u32)>,
    /// Where the unit of each Quantity stands; empty spans when there is none.
    pub units: Vec<(u32, u32)>,
    /// One bit a capture: it took part but can't be read as wanted (its slot is MISSING).
    pub bad: u64,
    /// One bit a Stamp capture: a clock without a date.
    pub clock: u64,
    /// One bit a Stamp capture: it carried an offset from UTC, already applied.
    pub utc: u64,
    /// The extent of the whole match in the data.
    pub start: usize,
    pub end: usize,
    /// Captures whose slots are still to be read from their spans.
    pub(super) late: u64,
}

impl Found {
    /// The bytes of a capture that took part.
    pub fn bytes<'a>(&self, data: &'a [u8], capture: usize) -> Option<&'a [u8]> {
        let &(start, end) = self.spans.get(capture)?;
        data.get(start as usize..end as usize)
    }

    /// Makes room for `count` captures, none of which took part yet.
    #[inline]
    pub(super) fn reset(&mut self, count: usize) {
        self.resize(count);
        self.slots.fill(MISSING);
        self.spans.fill(NOWHERE);
    }

    /// Makes room for `count` captures that are all going to be written.
    #[inline]
    pub(super) fn resize(&mut self, count: usize) {
        if self.slots.len() != count {
            self.slots.resize(count, MISSING);
            self.spans.resize(count, NOWHERE);
            self.units.resize(count, (0, 0));
        }
        (self.bad, self.clock, self.utc, self.late) = (0, 0, 0, 0);
    }
}

/// Memory of the engines; one a thread, for any number of matchers.
#[derive(Debug, Default)]
pub struct Cache {
    pub(super) trail: Trail,
    engines: Vec<(Arc<Definition>, Engine)>,
}

impl Cache {
    /// The engine memory of a definition; the one used last is found first.
    pub(super) fn engine(&mut self, definition: &Arc<Definition>) -> &mut Engine {
        let at = match self.engines.iter().rposition(|(owner, _)| Arc::ptr_eq(owner, definition)) {
            Some(at) => at,
            None => {
                self.engines.push((Arc::clone(definition), definition.engine()));
                self.engines.len() - 1
            }
        };
        let last = self.engines.len() - 1;
        self.engines.swap(at, last);
        &mut self.engines[last].1
    }
}
