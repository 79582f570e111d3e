//! Reads lines of text by the rules of a format.

use std::sync::Arc;

use memchr::memrchr2;

use crate::format::body::Memory;
use crate::format::context::Context;
use crate::format::line::Line;
use crate::format::{Format, Scratch};
use crate::lines::{count_lines, rewritten_lines};
use crate::pattern::{Found, Lines, Set};
use crate::row::{Block, PAD, Plan, Reader, Rows};
use crate::text::{clean, is_dirty};
use crate::types::{Holds, Shape, TRAIN};
use crate::wanted::Wanted;

/// How a source of one text format is read.
#[derive(Debug, Clone)]
pub struct TextPlan {
    format: Arc<Format>,
    wanted: Wanted,
    expects_step: bool,
}

impl TextPlan {
    /// Decides from the leading bytes whether train lines state their step.
    pub fn new(format: Arc<Format>, head: &[u8]) -> TextPlan {
        let mut padded = head.to_vec();
        padded.resize(head.len() + PAD, 0);
        let mut rows = Rows::default();
        let plan = TextPlan { format, wanted: Wanted::default(), expects_step: false };
        plan.text_reader().read(Block { data: &padded, len: head.len(), offset: 0 }, &mut rows);
        let stated = |shape: &Arc<Shape>| *shape.kind == *TRAIN && shape.position(Holds::Step).is_some();
        TextPlan { expects_step: rows.shapes.iter().any(stated), ..plan }
    }

    /// Marks all but these metrics as not asked for.
    pub fn wanting(self, wanted: Wanted) -> TextPlan {
        TextPlan { wanted, ..self }
    }

    fn text_reader(&self) -> TextReader {
        let memory = Memory::wanting(self.wanted.clone());
        let scratch = Scratch { memory, ..Scratch::default() };
        TextReader { format: Arc::clone(&self.format), scratch, ink: Vec::new() }
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
        Box::new(self.text_reader())
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

    /// The same for patterns that are searched for anywhere in a line.
    fn search(&mut self, set: &Set, block: &Block<'_>, rows: &mut Rows) {
        let Scratch { memory, search, .. } = &mut self.scratch;
        let format = &self.format;
        if !is_dirty(block.bytes()) {
            let open_at = if ends_line(block) { usize::MAX } else { block.len };
            let mut claims = Claims { format, data: block.data, offset: block.offset, open_at, memory, rows };
            return set.scan(*block, search, &mut claims);
        }
        for line in rewritten_lines(*block) {
            self.ink.clear();
            clean(line.bytes(), &mut self.ink);
            let end = self.ink.len();
            self.ink.resize(end + PAD, 0);
            let open_at = if line.end == block.len { end } else { usize::MAX };
            let mut claims = Claims { format, data: &self.ink, offset: line.offset, open_at, memory, rows };
            set.line(&self.ink, 0, end, search, &mut claims);
        }
    }
}

fn ends_line(block: &Block<'_>) -> bool {
    matches!(block.bytes().last(), None | Some(b'\n' | b'\r'))
}

/// Makes rows of the lines that patterns claim.
struct Claims<'a> {
    format: &'a Format,
    data: &'a [u8],
    /// Of the first byte of the data.
    offset: u64,
    /// A line that ends here may be cut.
    open_at: usize,
    memory: &'a mut Memory,
    rows: &'a mut Rows,
}


impl Lines for Claims<'_> {
    fn claimed(&mut self, matcher: usize, start: usize, end: usize, found: &Found) {
        let offset = self.offset + start as u64;
        let line = Line { data: self.data, start, end, offset, open: end == self.open_at };
        self.format.rules[matcher].read(&line, &Context::default(), found, self.memory, self.rows);
    }

    fn near(&mut self, start: usize, end: usize) {
        let line = self.data.get(start..end).unwrap_or_default();
        self.rows.seen.near.note(self.offset + start as u64, line);
    }
}

impl Reader for TextReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        rows.seen.lines += count_lines(block.bytes());
        let format = Arc::clone(&self.format);
        match &format.set {
            Some(set) => self.search(set, &block, rows),
            None if is_dirty(block.bytes()) => self.dirty(&block, rows),
            None => self.clear(&block, rows),
        }
    }
}

#[cfg(test)]
mod tests;
