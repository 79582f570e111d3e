//! Reads lines of text by the rules of a format.

use std::sync::Arc;

use memchr::memrchr2;

use crate::format::Format;
use crate::format::rule::{Line, Scratch};
use crate::lines::{count_lines, rewritten_lines};
use crate::row::{Block, PAD, Plan, Reader, Rows};
use crate::text::{clean, is_dirty};
use crate::types::{Holds, TRAIN};

/// How a source of one text format is read.
#[derive(Debug, Clone)]
pub struct TextPlan {
    format: Arc<Format>,
    expects_step: bool,
}

impl TextPlan {
    /// Decides from the leading bytes whether train lines state their step.
    pub fn new(format: Arc<Format>, head: &[u8]) -> TextPlan {
        let mut padded = head.to_vec();
        padded.resize(head.len() + PAD, 0);
        let mut rows = Rows::default();
        TextReader::new(Arc::clone(&format)).read(Block { data: &padded, len: head.len(), offset: 0 }, &mut rows);
        let expects_step =
            rows.shapes.iter().any(|shape| *shape.kind == *TRAIN && shape.position(Holds::Step).is_some());
        TextPlan { format, expects_step }
    }
}

impl Plan for TextPlan {
    fn name(&self) -> &str {
        self.format.name()
    }

    fn rules(&self) -> Vec<String> {
        self.format.rules.iter().map(|rule| rule.name.to_string()).collect()
    }

    fn expects_step(&self) -> bool {
        self.expects_step
    }

    fn splittable(&self) -> bool {
        true
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(TextReader::new(Arc::clone(&self.format)))
    }
}

/// Reads line by line: any split at line ends gives the same rows.
#[derive(Debug)]
pub struct TextReader {
    format: Arc<Format>,
    scratch: Scratch,
    /// A line without its terminal noise, and the padding after it.
    ink: Vec<u8>,
}

impl TextReader {
    pub fn new(format: Arc<Format>) -> TextReader {
        TextReader { format, scratch: Scratch::default(), ink: Vec::new() }
    }

    /// Lines without terminal noise: from one that holds a literal to the next.
    fn clear(&mut self, block: &Block<'_>, rows: &mut Rows) {
        let bytes = block.bytes();
        let mut at = 0;
        while let Some(hit) = self.format.needs.next(bytes, at) {
            let start = memrchr2(b'\n', b'\r', &bytes[at..hit]).map_or(at, |k| at + k + 1);
            let end = memchr::memchr2(b'\n', b'\r', &bytes[hit..]).map_or(block.len, |k| hit + k);
            let offset = block.offset + start as u64;
            let line = Line { data: block.data, start, end, offset, open: end == block.len };
            self.format.read_line(&line, &mut self.scratch, rows);
            at = end + 1;
        }
    }

    fn dirty(&mut self, block: &Block<'_>, rows: &mut Rows) {
        for line in rewritten_lines(*block) {
            self.ink.clear();
            clean(line.bytes(), &mut self.ink);
            let end = self.ink.len();
            self.ink.resize(end + PAD, 0);
            let open = line.end == block.len;
            let line = Line { data: &self.ink, start: 0, end, offset: line.offset, open };
            self.format.read_line(&line, &mut self.scratch, rows);
        }
    }
}

impl Reader for TextReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        rows.seen.lines += count_lines(block.bytes());
        if is_dirty(block.bytes()) { self.dirty(&block, rows) } else { self.clear(&block, rows) }
    }
}

#[cfg(test)]
mod tests;
