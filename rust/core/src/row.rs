//! What readers make of lines: rows of slots, with what was seen on the way.
//!
//! A reader fills one [`Rows`] a block; it never looks across blocks. Whatever couples lines (steps,
//! merging, restarts, progress bars) is decided later, in file order, by one place: `collect::assemble`.

use std::sync::Arc;

use crate::types::Shape;

/// The slot of a value that is not there. A NaN that no parser yields, so that it can stand among f64 bits;
/// as i64 it is beyond any step.
pub const MISSING: u64 = 0x7FF8_0BAD_DA7A_0001;

/// One row: which shape, where its slots begin, and at which byte its line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub shape: u32,
    pub at: u32,
    pub offset: u64,
}

/// A line kept to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub offset: u64,
    pub text: String,
}

/// A few samples of something counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: u64,
    pub samples: Vec<Sample>,
}

pub const SAMPLES: usize = 3;
const SAMPLE_BYTES: usize = 300;

impl Tally {
    pub fn note(&mut self, offset: u64, line: &[u8]) {
        self.count += 1;
        if self.samples.len() < SAMPLES {
            let text = String::from_utf8_lossy(&line[..line.len().min(SAMPLE_BYTES)]).into_owned();
            self.samples.push(Sample { offset, text });
        }
    }

    /// Adds what a later stretch of the same file counted.
    pub fn absorb(&mut self, later: &Tally) {
        self.count += later.count;
        let room = SAMPLES.saturating_sub(self.samples.len());
        self.samples.extend(later.samples.iter().take(room).cloned());
    }
}

/// What a stretch of bytes held, whether it became rows or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    pub lines: u64,
    /// Lines claimed, by rule ordinal.
    pub matched: Vec<u64>,
    /// Lines that hold a literal of some rule and match none.
    pub near: Tally,
    /// Values that a rule captured and that are no number.
    pub bad: Tally,
    /// Lines longer than the limit, of which the beginning was read, and lines whose end is missing, dropped.
    pub clipped: Tally,
    /// Records that are damaged, left out.
    pub broken: Tally,
    /// Lines with bytes that are no UTF-8 in a captured text.
    pub recoded: u64,
    /// Lines that held NUL bytes (holes, mixed encodings).
    pub holes: u64,
    /// Lines equal to the one before but for their envelope.
    pub repeated: u64,
}

impl Seen {
    pub fn claim(&mut self, rule: u32) {
        self.claim_many(rule, 1);
    }

    pub fn claim_many(&mut self, rule: u32, lines: u64) {
        let at = rule as usize;
        if self.matched.len() <= at {
            self.matched.resize(at + 1, 0);
        }
        self.matched[at] += lines;
    }

    pub fn absorb(&mut self, later: &Seen) {
        self.lines += later.lines;
        for (rule, &lines) in later.matched.iter().enumerate() {
            self.claim_many(rule as u32, lines);
        }
        self.near.absorb(&later.near);
        self.bad.absorb(&later.bad);
        self.clipped.absorb(&later.clipped);
        self.broken.absorb(&later.broken);
        self.recoded += later.recoded;
        self.holes += later.holes;
        self.repeated += later.repeated;
    }
}

/// A setting that a line states (`Config: dim=512`); never part of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Setting {
    pub key: String,
    pub value: String,
}

/// The rows of one block, in line order.
#[derive(Debug, Default)]
pub struct Rows {
    pub shapes: Vec<Arc<Shape>>,
    pub heads: Vec<Head>,
    pub slots: Vec<u64>,
    pub text: Vec<u8>,
    pub settings: Vec<Setting>,
    pub seen: Seen,
    /// Which shapes are two others end to end (`collect::fuse` makes them).
    pub fused: Vec<Fused>,
    /// The last row as its reader made it.
    pub tail: Option<Head>,
    /// Which lines were claimed without a row, and which nearly: where somebody asks.
    pub marks: Option<Marks>,
}

/// Offsets of lines that became no row, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    pub quiet: Vec<u64>,
    pub near: Vec<u64>,
}

/// How much memory rows have.
#[derive(Debug, Clone, Copy, Default)]
pub struct Room {
    heads: usize,
    slots: usize,
    text: usize,
}

/// The row of `whole` is a row of `first` and, right behind it, one of `second`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fused {
    pub whole: u32,
    pub first: u32,
    pub second: u32,
}

impl Rows {
    /// Forgets the rows, keeps the memory.
    pub fn clear(&mut self) {
        self.shapes.clear();
        self.heads.clear();
        self.slots.clear();
        self.text.clear();
        self.settings.clear();
        self.fused.clear();
        self.tail = None;
        self.seen = Seen::default();
        self.marks = None;
    }

    /// Memory for as many rows as others have, so that it need not grow.
    pub fn reserve_like(&mut self, others: &Room) {
        // Not a word more: two that each made a little more room than the other would grow without end.
        self.heads.reserve_exact(others.heads);
        self.slots.reserve_exact(others.slots);
        self.text.reserve_exact(others.text);
    }

    pub fn room(&self) -> Room {
        Room { heads: self.heads.capacity(), slots: self.slots.capacity(), text: self.text.capacity() }
    }

    /// The ordinal of a shape here; the last ones used are looked at first.
    #[inline]
    pub fn shape(&mut self, shape: &Arc<Shape>) -> u32 {
        match self.shapes.iter().rposition(|s| Arc::ptr_eq(s, shape)) {
            Some(at) => at as u32,
            None => self.add_shape(shape),
        }
    }

    /// The same, where it was `known` before.
    #[inline]
    pub fn shape_near(&mut self, shape: &Arc<Shape>, known: &mut u32) -> u32 {
        if !self.shapes.get(*known as usize).is_some_and(|s| Arc::ptr_eq(s, shape)) {
            *known = self.shape(shape);
        }
        *known
    }

    #[cold]
    fn add_shape(&mut self, shape: &Arc<Shape>) -> u32 {
        self.shapes.push(Arc::clone(shape));
        (self.shapes.len() - 1) as u32
    }

    /// Begins a row whose slots are all missing, and lends them to be filled.
    #[inline]
    pub fn begin(&mut self, shape: u32, offset: u64) -> &mut [u64] {
        let at = self.slots.len();
        let width = self.shapes[shape as usize].fields.len();
        self.heads.push(Head { shape, at: at as u32, offset });
        self.slots.resize(at + width, MISSING);
        &mut self.slots[at..]
    }

    /// Appends a row of these slots, as many as its shape has.
    #[inline]
    pub fn push<const N: usize>(&mut self, shape: u32, offset: u64, slots: [u64; N]) {
        debug_assert_eq!(N, self.shapes[shape as usize].fields.len());
        self.heads.push(Head { shape, at: self.slots.len() as u32, offset });
        self.slots.extend_from_slice(&slots);
    }

    /// Takes back the row begun last.
    #[inline]
    pub fn undo(&mut self) {
        if let Some(head) = self.heads.pop() {
            self.slots.truncate(head.at as usize);
        }
    }

    /// Keeps a text and gives the slot that stands for it.
    pub fn keep_text(&mut self, bytes: &[u8]) -> u64 {
        let start = self.text.len() as u64;
        self.text.extend_from_slice(bytes);
        start << 32 | bytes.len() as u64
    }

    /// The text a slot stands for, damaged bytes replaced.
    pub fn text_of(&self, slot: u64) -> std::borrow::Cow<'_, str> {
        let (start, len) = ((slot >> 32) as usize, (slot & 0xffff_ffff) as usize);
        String::from_utf8_lossy(&self.text[start..start + len])
    }

    pub fn slots_of(&self, head: &Head) -> &[u64] {
        let at = head.at as usize;
        &self.slots[at..at + self.shapes[head.shape as usize].fields.len()]
    }
}

/// The slot of a measured number. A NaN of any payload becomes the one NaN, so that none looks like [`MISSING`].
#[inline]
pub fn slot_of(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

/// Bytes after the last line of a block that may be looked at but mean nothing.
pub const PAD: usize = 64;

/// Whole lines to read: `data[..len]` ends at a line end or at the end of the source, [`PAD`] zeros follow.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    pub data: &'a [u8],
    pub len: usize,
    pub offset: u64,
}

impl<'a> Block<'a> {
    pub fn bytes(&self) -> &'a [u8] {
        &self.data[..self.len]
    }
}

/// Bytes in, rows out. One reader a thread; those that can't be split see all blocks in order.
pub trait Reader: Send {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows);

    /// The source is at its end.
    fn finish(&mut self, _rows: &mut Rows) {}
}

/// How the lines of one source are read: decided once, from its leading bytes, and shared by all threads.
pub trait Plan: Send + Sync {
    /// The format's name.
    fn name(&self) -> &str;
    /// The rules, in order of their ordinals, for the coverage.
    fn rules(&self) -> Vec<String>;
    /// Whether some train line states its step: rows before the first then stand at 0.
    fn expects_step(&self) -> bool;
    /// Whether blocks may be read by different readers.
    fn splittable(&self) -> bool;
    /// Whether the source keeps one metric at a time: its values are joined by their steps, wherever they stand.
    fn joins_steps(&self) -> bool {
        false
    }
    /// The same for a source whose folder says of what kind its metrics are; none where the lines alone say it.
    fn of_kind(&self, _kind: &str) -> Option<Arc<dyn Plan>> {
        None
    }
    /// Where lines mean nothing, how long one may be before it is clipped.
    fn longest_line(&self) -> Option<usize> {
        None
    }
    fn reader(&self) -> Box<dyn Reader>;
}
