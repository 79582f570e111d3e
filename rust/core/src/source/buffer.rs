//! The memory of a block, and what its stretch of text had besides.

use crate::error::{Error, Result};
use crate::row::{Block, PAD, Tally};
use crate::source::feed::{Feed, grow};

/// What a buffer's stretch of text had that its block does not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lost {
    /// Holes jumped over.
    pub holes: u64,
    /// Lines whose end is missing (a hole, damage), dropped: half a number would be a wrong one.
    pub torn: Tally,
    /// Lines longer than the limit, of which the block has the beginning.
    pub clipped: Tally,
}

/// A block's memory, to be used again and again.
#[derive(Debug, Default)]
pub struct Buffer {
    pub(super) data: Vec<u8>,
    start: usize,
    len: usize,
    offset: u64,
    pub lost: Lost,
}

impl Buffer {
    pub fn new() -> Self {
        Buffer::default()
    }

    pub fn block(&self) -> Block<'_> {
        Block { data: self.data.get(self.start..).unwrap_or_default(), len: self.len, offset: self.offset }
    }

    /// How much memory it holds.
    pub fn capacity(&self) -> usize {
        self.data.capacity()
    }

    pub(super) fn clear(&mut self) {
        (self.start, self.len) = (0, 0);
        self.lost = Lost::default();
    }

    /// Fills it from a feed with so many bytes, or with all there are before it fails; gives how many.
    pub(super) fn fill(&mut self, size: usize, offset: u64, feed: &mut dyn Feed) -> Result<(usize, Option<Error>)> {
        grow(&mut self.data, size + PAD)?;
        let (mut have, mut failed) = (0, None);
        while have < size && failed.is_none() {
            match feed.read(&mut self.data[have..size]) {
                Ok(0) => break,
                Ok(count) => have += count,
                Err(error) => failed = Some(error),
            }
        }
        self.close(0, have, offset)?;
        Ok((have, failed))
    }

    /// Hands over `data[start..end]`.
    pub(super) fn close(&mut self, start: usize, end: usize, offset: u64) -> Result<()> {
        grow(&mut self.data, end + PAD)?;
        self.data[end..end + PAD].fill(0);
        (self.start, self.len, self.offset) = (start, end - start, offset);
        Ok(())
    }
}
