//! Takes terminal noise off every line, for readers that know nothing of it.

use std::sync::Arc;

use crate::lines::rewritten_lines;
use crate::row::{Block, PAD, Plan, Reader, Rows};
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

    fn longest_line(&self) -> Option<usize> {
        self.0.longest_line()
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Wiped { inner: self.0.reader(), ink: Vec::new() })
    }
}

/// Gives its reader one clean line at a time, with its place in the source.
struct Wiped {
    inner: Box<dyn Reader>,
    ink: Vec<u8>,
}

impl Reader for Wiped {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        for line in rewritten_lines(block) {
            self.ink.clear();
            clean(line.bytes(), &mut self.ink);
            if line.end < block.len {
                self.ink.push(if line.physical_end { b'\n' } else { b'\r' });
            }
            let len = self.ink.len();
            self.ink.resize(len + PAD, 0);
            self.inner.read(Block { data: &self.ink, len, offset: line.offset }, rows);
        }
    }

    fn finish(&mut self, rows: &mut Rows) {
        self.inner.finish(rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes what it is given.
    struct Notes;

    impl Reader for Notes {
        fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
            assert_eq!(block.data.len(), block.len + PAD);
            rows.seen.near.note(block.offset, block.bytes());
        }
    }

    #[test]
    fn lines_know_where_they_stood() {
        let mut rows = Rows::default();
        let mut wiped = Wiped { inner: Box::new(Notes), ink: Vec::new() };
        let mut read = |data: &[u8], offset| wiped.read(Block { data, len: data.len(), offset }, &mut rows);
        read(b"\x1b[32mone\x1b[0m\r\n", 100);
        read(b"two\x08\x08\x08mo\x1b[0mre", 114);

        let noted: Vec<_> = rows.seen.near.samples.iter().map(|s| (s.offset, s.text.as_str())).collect();
        assert_eq!(vec![(100, "one\n"), (114, "two\r"), (120, "more")], noted);
    }
}
