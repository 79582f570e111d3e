//! The moulds of one reader, the one that followed the last one last time tried first.

use std::sync::Arc;

use super::{Bridge, Fit, Mould, Spot};
use crate::row::{Block, Head, MISSING, Rows};
use crate::types::Shape;

/// Moulds beyond this are not kept: lines of so many sorts are better read by their meaning.
pub const MOULDS: usize = 8;

/// Lines without a mould between two that are learned once the bank is full.
const PATIENCE: u32 = 64;

/// See the module.
#[derive(Debug, Default)]
pub struct Bank {
    entries: Vec<Entry>,
    last: usize,
    oldest: usize,
    missed: u32,
}

#[derive(Debug)]
struct Entry {
    mould: Arc<Mould>,
    /// What it has become here by reading lines; none before the first.
    own: Option<Mould>,
    shape: Arc<Shape>,
    /// Of the shape in the rows filled last.
    ordinal: u32,
    /// Which mould read the line after this one's, and what leads from one to the other.
    next: usize,
    bridge: Option<Bridge>,
    /// Lines read and not yet claimed.
    unclaimed: u64,
}

/// How far a run of lines went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Where the first line begins that was not read.
    pub at: usize,
    /// Where the last one read ended.
    pub end: usize,
    pub lines: u64,
}

/// Rows being filled: their slots go on with some that are not yet used.
struct Filling<'a> {
    rows: &'a mut Rows,
    used: usize,
    first: usize,
}

impl Bank {
    /// Reads the line at `at` if a mould fits: appends its row, `offset` the place of its line in the file, claims
    /// it for the shape's rule, and gives where the line ends.
    pub fn read(&mut self, block: &Block<'_>, at: usize, offset: u64, rows: &mut Rows) -> Option<usize> {
        let shifted = Block { offset: offset.wrapping_sub(at as u64), ..*block };
        let run = self.some(&shifted, at, 1, rows);
        (run.lines > 0).then_some(run.end)
    }

    /// The same for the lines from `at` on, as long as moulds fit.
    pub fn run(&mut self, block: &Block<'_>, at: usize, rows: &mut Rows) -> Run {
        self.some(block, at, u64::MAX, rows)
    }

    fn some(&mut self, block: &Block<'_>, at: usize, most: u64, rows: &mut Rows) -> Run {
        let mut run = Run { at, end: at, lines: 0 };
        if self.entries.is_empty() {
            return run;
        }
        let first = rows.slots.len();
        let mut filling = Filling { rows, used: first, first };
        let mut ahead = 0;
        while run.lines < most && run.at < block.len {
            let Some(fit) = self.one(block, (run.at, ahead), &mut filling) else { break };
            let at = if fit.ahead > 0 { fit.end + 1 } else { next_line(block, fit.end) };
            ahead = fit.ahead;
            run = Run { at, end: fit.end, lines: run.lines + 1 };
        }
        let Filling { rows, used, .. } = filling;
        rows.slots.truncate(used);
        for entry in self.entries.iter_mut().filter(|entry| entry.unclaimed > 0) {
            rows.seen.claim_many(entry.shape.rule, std::mem::take(&mut entry.unclaimed));
        }
        run
    }

    /// Reads one line by the mould that is guessed, else by any; `ahead` is where its head ends if that is known.
    #[inline(always)]
    fn one(&mut self, block: &Block<'_>, (at, ahead): (usize, usize), filling: &mut Filling<'_>) -> Option<Fit> {
        let guess = self.entries[self.last].next;
        let entry = &mut self.entries[guess];
        let begun = if ahead > 0 { Some(ahead) } else { entry.mould.head.after(block.data, at) };
        if let Some(begun) = begun
            && let Some(fit) = entry.read(block, (at, begun), filling)
        {
            self.last = guess;
            return Some(fit);
        }
        self.other(guess, block, at, filling)
    }

    #[cold]
    fn other(&mut self, guess: usize, block: &Block<'_>, at: usize, filling: &mut Filling<'_>) -> Option<Fit> {
        let mut others = self.entries.iter_mut().enumerate().filter(|(which, _)| *which != guess);
        let (which, fit) = others.find_map(|(which, entry)| Some((which, entry.try_read(block, at, filling)?)))?;
        self.follow(which);
        // What its bridge led to is known, but not yet which bridge it has.
        Some(Fit { ahead: 0, ..fit })
    }

    fn follow(&mut self, which: usize) {
        if self.last < self.entries.len() && which < self.entries.len() {
            let bridge = self.entries[self.last].mould.bridge(&self.entries[which].mould);
            let last = &mut self.entries[self.last];
            (last.next, last.bridge) = (which, bridge);
        }
        self.last = which;
    }

    /// Whether the line just missed is worth learning: a full bank waits for a few more, as they may not come again.
    pub fn misses(&mut self) -> bool {
        self.missed += 1;
        self.entries.len() < MOULDS || self.missed >= PATIENCE
    }

    /// Learns a line that the slow path has read.
    pub fn learn(&mut self, line: &[u8], spots: &[Spot], base: &[u64], shape: &Arc<Shape>) {
        self.missed = 0;
        if let Some(mould) = Mould::learn(line, spots, base) {
            self.add(&Arc::new(mould), shape);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds a mould, in the place of the oldest where there is no room.
    pub fn add(&mut self, mould: &Arc<Mould>, shape: &Arc<Shape>) {
        self.missed = 0;
        let next = self.entries.len() % MOULDS;
        let shape = Arc::clone(shape);
        let entry = Entry { mould: Arc::clone(mould), own: None, shape, ordinal: 0, next, bridge: None, unclaimed: 0 };
        if self.entries.len() < MOULDS {
            self.entries.push(entry);
            self.follow(next);
        } else {
            self.put(Entry { next: self.oldest, ..entry });
        }
    }

    /// Exchanges the oldest mould for another: what led to it leads nowhere.
    fn put(&mut self, entry: Entry) {
        let place = self.oldest;
        self.entries[place] = entry;
        self.entries.iter_mut().filter(|entry| entry.next == place).for_each(|entry| entry.bridge = None);
        self.follow(place);
        self.oldest = (place + 1) % MOULDS;
    }
}

impl Entry {
    #[inline(never)]
    fn try_read(&mut self, block: &Block<'_>, at: usize, filling: &mut Filling<'_>) -> Option<Fit> {
        let begun = self.mould.head.after(block.data, at)?;
        self.read(block, (at, begun), filling)
    }

    /// Reads a line as a row, if the mould fits; its head ends at `begun`.
    #[inline(always)]
    fn read(&mut self, block: &Block<'_>, (at, begun): (usize, usize), filling: &mut Filling<'_>) -> Option<Fit> {
        let (width, kept) = (self.mould.base.len(), filling.rows.text.len());
        let (slots, text) = filling.room(width);
        let mould = match &mut self.own {
            Some(mould) => mould,
            none => begun_with(none, &self.mould),
        };
        let fit = mould.read_on(block.data, (begun, block.len), slots, text, self.bridge.as_ref());
        let Some(fit) = fit else {
            filling.rows.text.truncate(kept);
            return None;
        };
        let shape = self.ordinal_in(filling.rows);
        let head = Head { shape, at: filling.used as u32, offset: block.offset.wrapping_add(at as u64) };
        filling.rows.heads.push(head);
        filling.used += width;
        self.unclaimed += 1;
        Some(fit)
    }

    #[inline]
    fn ordinal_in(&mut self, rows: &mut Rows) -> u32 {
        let known = rows.shapes.get(self.ordinal as usize).is_some_and(|s| Arc::ptr_eq(s, &self.shape));
        if !known {
            self.ordinal = rows.shape(&self.shape);
        }
        self.ordinal
    }
}

#[cold]
fn begun_with<'a>(own: &'a mut Option<Mould>, mould: &Mould) -> &'a mut Mould {
    own.insert(mould.clone())
}

impl Filling<'_> {
    /// The slots of the next row, with whatever is in them, and the texts.
    #[inline]
    fn room(&mut self, width: usize) -> (&mut [u64], &mut Vec<u8>) {
        if self.rows.slots.len() < self.used + width {
            self.grow(width);
        }
        let Rows { slots, text, .. } = &mut *self.rows;
        (&mut slots[self.used..self.used + width], text)
    }

    /// Room for as many rows again as the run has had.
    #[cold]
    fn grow(&mut self, width: usize) {
        let more = (self.used - self.first).max(width);
        self.rows.slots.resize(self.used + more, MISSING);
    }
}

/// Where the line after the one that ends at `end` begins.
#[inline]
fn next_line(block: &Block<'_>, end: usize) -> usize {
    let pair = block.data.get(end) == Some(&b'\r') && end + 1 < block.len && block.data.get(end + 1) == Some(&b'\n');
    (end + if pair { 2 } else { 1 }).min(block.len)
}
