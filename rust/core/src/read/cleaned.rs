//! Takes terminal noise off whole blocks, for readers that know nothing of it.

use std::sync::Arc;

use crate::lines::rewritten_lines;
use crate::row::{Block, PAD, Plan, Reader, Rows, Tally};
use crate::text::clean;

/// A plan for a source whose leading bytes hold terminal noise.
pub struct Cleaned(pub Arc<dyn Plan>);

impl Plan for Cleaned {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn rules(&self) -> Vec<String> {
        self.0.rules()
    }

    fn expects_step(&self) -> bool {
        self.0.expects_step()
    }

    fn splittable(&self) -> bool {
        self.0.splittable()
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Wiped { inner: self.0.reader(), ink: Ink::default() })
    }
}

/// The lines of a block as a reader wants them.
#[derive(Default)]
struct Ink {
    bytes: Vec<u8>,
    /// Where each line begins: here, and in the source.
    starts: Vec<(u64, u64)>,
}

impl Ink {
    /// Cleans a block line by line; what is rewritten within a line ends with a `\r`.
    fn clean(&mut self, block: Block<'_>) -> Block<'_> {
        self.bytes.clear();
        self.starts.clear();
        for line in rewritten_lines(block) {
            self.starts.push((block.offset + self.bytes.len() as u64, line.offset));
            clean(line.bytes(), &mut self.bytes);
            if line.end < block.len {
                self.bytes.push(if line.physical_end { b'\n' } else { b'\r' });
            }
        }
        let len = self.bytes.len();
        self.bytes.resize(len + PAD, 0);
        Block { data: &self.bytes, len, offset: block.offset }
    }

    /// Where the line stands in the source whose cleaned text begins at `offset`.
    fn origin(&self, offset: u64) -> u64 {
        let line = self.starts.partition_point(|&(start, _)| start <= offset);
        line.checked_sub(1).map_or(offset, |line| self.starts[line].1)
    }
}

/// Gives its reader clean blocks, and its rows their places in the source.
struct Wiped {
    inner: Box<dyn Reader>,
    ink: Ink,
}

impl Reader for Wiped {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        let before = rows.heads.len();
        self.inner.read(self.ink.clean(block), rows);
        for head in &mut rows.heads[before..] {
            head.offset = self.ink.origin(head.offset);
        }
        let place = |tally: &mut Tally| {
            let new = tally.samples.iter_mut().filter(|sample| sample.offset >= block.offset);
            new.for_each(|sample| sample.offset = self.ink.origin(sample.offset));
        };
        place(&mut rows.seen.near);
        place(&mut rows.seen.bad);
    }

    fn finish(&mut self, rows: &mut Rows) {
        self.inner.finish(rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_where_they_stood() {
        let data = b"\x1b[32mone\x1b[0m\r\ntwo\x08\x08\x08more\rlast\x1b[m";
        let mut ink = Ink::default();
        let block = ink.clean(Block { data, len: data.len(), offset: 100 });

        assert_eq!(b"one\ntwo\rmore\rlast", block.bytes());
        assert_eq!(vec![(100, 100), (104, 114), (108, 120), (113, 125)], ink.starts);
        assert_eq!([100, 114, 114, 125], [100, 104, 107, 113].map(|at| ink.origin(at)));
    }
}
