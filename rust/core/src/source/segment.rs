//! Reads one plain file in segments, each by whichever thread likes.

use crate::error::Result;
use crate::source::buffer::Buffer;
use crate::source::codec::Damage;
use crate::source::cut::Cutter;
use crate::source::ends::Rules;
use crate::source::feed::Feed;
use crate::source::open::FileFeed;

/// A file that can be read from anywhere: regular, not compressed, not UTF-16. Clones share the handle.
#[derive(Clone)]
pub struct PlainFile {
    feed: FileFeed,
    rules: Rules,
    /// Where the text begins: after a byte order mark.
    start: u64,
}

impl PlainFile {
    pub(crate) fn new(feed: FileFeed, rules: Rules, start: u64) -> Self {
        PlainFile { feed, rules, start }
    }

    /// The size seen at open, which is what will be read.
    pub fn size(&self) -> u64 {
        self.feed.size()
    }

    /// How many segments of that many bytes the file has.
    pub fn segments(&self, block_bytes: usize) -> u64 {
        self.size().div_ceil(block_bytes.max(1) as u64)
    }

    /// The lines that begin within `index * block_bytes .. (index + 1) * block_bytes`.
    pub fn segment(&self, index: u64, block_bytes: usize) -> Segment {
        let size = block_bytes.max(1) as u64;
        let end = index.saturating_add(1).saturating_mul(size).min(self.size());
        let begin = index.saturating_mul(size).min(end);
        let seeking = begin > self.start;
        let from = if seeking { begin - 1 } else { self.start.min(self.size()) };
        let cutter = Cutter::new(self.feed.from(from), self.rules, from).within(end, seeking);
        Segment { cutter, size: block_bytes }
    }
}

/// One stretch of a file. All its lines are one block, but where a hole or a line too long stands among them.
pub struct Segment {
    cutter: Cutter<FileFeed>,
    size: usize,
}

impl Segment {
    /// Fills the buffer with the next block; false when there is none.
    pub fn next(&mut self, buffer: &mut Buffer) -> Result<bool> {
        self.cutter.next(self.size, buffer)
    }

    /// Asked at the end: whether the file became shorter, or its last line is still being written.
    pub fn damage(&self) -> Option<Damage> {
        self.cutter.feed().damage()
    }
}
