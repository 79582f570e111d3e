//! Reads lines of text by the rules of a format.

use std::sync::Arc;

use memchr::{memrchr, memrchr2};

use crate::format::body::Memory;
use crate::format::context::Context;
use crate::format::line::Line;
use crate::format::{Format, Scratch};
use crate::lines::{glance, legible, rewritten_lines};
use crate::pattern::mould::Pool;
use crate::pattern::{self, Found, Lines, Set};
use crate::read::probe::{Learner, Slow};
use crate::row::{Block, PAD, Plan, Reader, Rows};
use crate::text::clean;
use crate::types::{Holds, Shape, TRAIN};
use crate::wanted::Wanted;

/// Bytes without any literal that are still run through a line at a time.
const SPARSE: usize = 512;

/// Lines without a match after which the rest of a block is searched, not run through.
const MISSES: usize = 8;

/// The leading bytes that decide whether lines state their step.
const HEAD: usize = 16 << 10;

/// So many of them are looked at in one go.
const SOME: usize = 2 << 10;

/// How a source of one text format is read.
#[derive(Debug, Clone)]
pub struct TextPlan {
    format: Arc<Format>,
    wanted: Wanted,
    moulds: Pool,
    expects_step: bool,
}

impl TextPlan {
    /// Decides from the leading bytes whether train lines state their step.
    pub fn new(format: Arc<Format>, head: &[u8]) -> TextPlan {
        let head = &head[..head.len().min(HEAD)];
        let moulds = format.moulds.clone();
        let plan = TextPlan { format, wanted: Wanted::default(), moulds, expects_step: false };
        TextPlan { expects_step: plan.states_step(head), ..plan }
    }

    /// Whether a train line states its step: some lines are looked at, then some more, as most often the first does.
    fn states_step(&self, head: &[u8]) -> bool {
        let mut padded = head.to_vec();
        padded.resize(head.len() + PAD, 0);
        let (mut rows, mut reader, mut at) = (Rows::default(), self.text_reader(), 0);
        let stated = |shape: &Arc<Shape>| *shape.kind == *TRAIN && shape.position(Holds::Step).is_some();
        while at < head.len() {
            let some = head.get(at..at + SOME).and_then(|some| memrchr(b'\n', some));
            let end = some.map_or(head.len(), |k| at + k + 1);
            reader.read(Block { data: &padded[at..], len: end - at, offset: at as u64 }, &mut rows);
            if rows.shapes.iter().any(stated) {
                return true;
            }
            at = end;
        }
        false
    }

    /// Marks all metrics but these as not asked for.
    pub fn wanting(self, wanted: Wanted) -> TextPlan {
        // What is learned of a line says what was asked for, so only readers that ask for the same may share it.
        let moulds = if wanted.everything() { self.moulds } else { Pool::default() };
        TextPlan { wanted, moulds, ..self }
    }

    fn text_reader(&self) -> TextReader {
        let memory = Memory::wanting(self.wanted.clone());
        let scratch = Scratch { memory, ..Scratch::default() };
        let rules =
            Rules { format: Arc::clone(&self.format), scratch, search: pattern::Scratch::default(), open: false };
        TextReader { rules, learner: Learner::new(&self.moulds), ink: Vec::new() }
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

/// The rules of a format, one line at a time: what a line means.
#[derive(Debug)]
struct Rules {
    format: Arc<Format>,
    scratch: Scratch,
    /// Of the search for a user's patterns.
    search: pattern::Scratch,
    /// The line ends with its source, and may have been meant longer.
    open: bool,
}

impl Slow for Rules {
    fn line(&mut self, data: &[u8], start: usize, end: usize, offset: u64, rows: &mut Rows) {
        match &self.format.set {
            Some(set) => {
                let open_at = if self.open { end } else { usize::MAX };
                let memory = &mut self.scratch.memory;
                let from = offset.wrapping_sub(start as u64);
                let mut claims = Claims { format: &self.format, data, offset: from, open_at, memory, rows };
                set.line(data, start, end, &mut self.search, &mut claims);
            }
            None => {
                let line = Line { data, start, end, offset, open: self.open };
                self.format.read_line(&line, &mut self.scratch, rows);
            }
        }
    }
}

/// Reads line by line: any split at line ends gives the same rows.
#[derive(Debug)]
pub struct TextReader {
    rules: Rules,
    learner: Learner,
    /// A line without its terminal noise, and the padding after it.
    ink: Vec<u8>,
}

impl TextReader {
    /// The same rows without any mould: what the moulds are held to.
    pub fn plain(format: Arc<Format>) -> TextReader {
        let rules = Rules { format, scratch: Scratch::default(), search: pattern::Scratch::default(), open: false };
        TextReader { rules, learner: Learner::never(), ink: Vec::new() }
    }

    pub fn new(format: Arc<Format>) -> TextReader {
        let moulds = format.moulds.clone();
        TextPlan { format, wanted: Wanted::default(), moulds, expects_step: false }.text_reader()
    }

    /// Lines without terminal noise: where one was read by a mould the next is tried at once, else the next that
    /// holds a literal is looked for.
    fn clear(&mut self, block: &Block<'_>, rows: &mut Rows) {
        let bytes = block.bytes();
        // A last line without its end is never left to a mould: it may have been meant longer.
        let whole = memrchr2(b'\n', b'\r', bytes).map_or(0, |k| k + 1);
        let ended = Block { len: whole, ..*block };
        let mut at = 0;
        let mut dense = true;
        while at < block.len {
            if dense {
                at = self.learner.bank.run(&ended, at, rows).at;
                if at == block.len {
                    return;
                }
            }
            let Some(hit) = self.rules.format.needs.next(bytes, at) else { return };
            let start = memrchr2(b'\n', b'\r', &bytes[at..hit]).map_or(at, |k| at + k + 1);
            let end = memchr::memchr2(b'\n', b'\r', &bytes[hit..]).map_or(block.len, |k| hit + k);
            // Where lines without a literal lie between, most are: trying each would cost more than looking.
            dense = start == at || start - at < SPARSE;
            let offset = block.offset + start as u64;
            let quick = start != at && start < whole && self.learner.bank.read(&ended, start, offset, rows).is_some();
            if !quick {
                self.rules.open = end == block.len;
                let legible = legible(block.data, start, end);
                self.learner.line(&mut self.rules, (block.data, start, legible), offset, rows);
            }
            at = next_line(bytes, end);
        }
    }

    fn dirty(&mut self, block: &Block<'_>, rows: &mut Rows) {
        for line in rewritten_lines(*block) {
            self.ink.clear();
            clean(line.bytes(), &mut self.ink);
            let end = self.ink.len();
            self.ink.resize(end + PAD, 0);
            self.rules.open = line.end == block.len;
            let bare = Block { data: &self.ink, len: end, offset: line.offset };
            if self.rules.open || self.learner.bank.read(&bare, 0, line.offset, rows).is_none() {
                let legible = legible(&self.ink, 0, end);
                self.learner.line(&mut self.rules, (&self.ink, 0, legible), line.offset, rows);
            }
        }
    }

    /// Patterns that are searched for anywhere in a line: by moulds while they fit, else from literal to literal.
    fn search(&mut self, set: &Set, block: &Block<'_>, rows: &mut Rows) {
        let bytes = block.bytes();
        let whole = memrchr2(b'\n', b'\r', bytes).map_or(0, |k| k + 1);
        let ended = Block { len: whole, ..*block };
        let (mut at, mut missed) = (0, 0);
        while at < whole && missed < MISSES && !self.learner.is_hopeless() {
            let run = self.learner.bank.run(&ended, at, rows);
            if run.lines > 0 {
                (at, missed) = (run.at, 0);
                continue;
            }
            let offset = block.offset + at as u64;
            let end = memchr::memchr2(b'\n', b'\r', &bytes[at..whole]).map_or(whole, |k| at + k);
            let before = rows.heads.len();
            self.rules.open = false;
            self.learner.line(&mut self.rules, (block.data, at, end), offset, rows);
            missed = if rows.heads.len() > before { 0 } else { missed + 1 };
            at = next_line(bytes, end);
        }
        self.scan(set, Block { data: &block.data[at..], len: block.len - at, offset: block.offset + at as u64 }, rows);
    }

    fn scan(&mut self, set: &Set, rest: Block<'_>, rows: &mut Rows) {
        let Rules { format, scratch: Scratch { memory, .. }, search, .. } = &mut self.rules;
        let open_at = if ends_line(&rest) { usize::MAX } else { rest.len };
        let mut claims = Claims { format, data: rest.data, offset: rest.offset, open_at, memory, rows };
        set.scan(rest, search, &mut claims);
    }
}

/// Where the line after the one that ends at `end` begins.
fn next_line(bytes: &[u8], end: usize) -> usize {
    let pair = bytes.get(end..end + 2) == Some(b"\r\n");
    (end + if pair { 2 } else { 1 }).min(bytes.len())
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
        let (lines, dirty) = glance(block.bytes());
        rows.seen.lines += lines;
        let format = Arc::clone(&self.rules.format);
        match &format.set {
            _ if dirty => self.dirty(&block, rows),
            Some(set) => self.search(set, &block, rows),
            None => self.clear(&block, rows),
        }
    }
}

#[cfg(test)]
mod tests;
