//! Reads JSON lines: one object a line, with or without a few words before it; or Python dicts in the same way.

mod plan;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(super) use plan::map_of;
pub use plan::{Document, JsonlPlan, Recognised, recognise, recognise_dicts};

use crate::literal::Dialect;
use crate::pattern::mould::{Bank, Spot};
use crate::read::object::{Given, Made, Objects};
use crate::row::{Block, Reader, Rows};
use crate::types::Naming;

/// At most so many bytes may stand before the brace.
pub const PREFIX: usize = 120;

/// Reads line by line: any split at line ends gives the same rows.
pub struct JsonlReader {
    /// What an object that could not be read would have begun with.
    near: &'static [u8],
    objects: Objects,
    given: Given,
    bank: Bank,
    spots: Vec<Spot>,
    base: Vec<u64>,
}

impl JsonlReader {
    pub fn new(plan: &JsonlPlan) -> Self {
        JsonlReader {
            near: match plan.dialect {
                Dialect::Json => b"{\"",
                Dialect::Python => b"{'",
            },
            objects: Objects::new(Arc::clone(&plan.map), plan.dialect, 0, Naming::Stored, plan.wanted.clone()),
            given: Given::default(),
            bank: Bank::default(),
            spots: Vec::new(),
            base: Vec::new(),
        }
    }

    /// Reads the line at `start` that no mould fits as it stands; gives where it ends.
    fn line(&mut self, block: &Block<'_>, start: usize, rows: &mut Rows) -> usize {
        let end = line_end(block, start);
        let line = &block.data[start..end];
        if line.iter().all(u8::is_ascii_whitespace) {
            return end;
        }
        let offset = block.offset + start as u64;
        let brace = line.iter().take(PREFIX + 1).position(|&b| b == b'{');
        let made = brace.and_then(|brace| self.object(block, start + brace, end, offset, rows));
        if made.is_none() && memchr::memmem::find(line, self.near).is_some() {
            rows.seen.near.note(offset, line);
        }
        end
    }

    fn object(&mut self, block: &Block<'_>, brace: usize, end: usize, offset: u64, rows: &mut Rows) -> Option<()> {
        if brace as u64 + block.offset > offset && self.bank.read(block, brace, offset, rows).is_some() {
            return Some(());
        }
        let before = (rows.heads.len(), rows.slots.len(), rows.text.len());
        let (after, made) = self.objects.row(block.data, brace, end, offset, &self.given, rows)?;
        if !closes(&block.data[after..end]) {
            rows.heads.truncate(before.0);
            rows.slots.truncate(before.1);
            rows.text.truncate(before.2);
            return None;
        }
        rows.seen.claim(0);
        if made == Made::Row {
            self.learn(&block.data[brace..end], brace, rows);
        }
        Some(())
    }

    fn learn(&mut self, line: &[u8], brace: usize, rows: &Rows) {
        if !self.bank.misses() {
            return;
        }
        if let Some(shape) = self.objects.spots(brace, rows, &mut self.spots, &mut self.base) {
            self.bank.learn(line, &self.spots, &self.base, &shape);
        }
    }
}

impl Reader for JsonlReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        let mut at = 0;
        while at < block.len {
            let run = self.bank.run(&block, at, rows);
            rows.seen.lines += run.lines;
            at = run.at;
            if at < block.len {
                let end = self.line(&block, at, rows);
                rows.seen.lines += 1;
                at = next_line(&block, end);
            }
        }
    }
}

/// What may stand after an object: nothing, or what is between the elements of a list.
fn closes(rest: &[u8]) -> bool {
    rest.iter().all(|b| matches!(b, b' ' | b'\t' | b',' | b']'))
}

fn line_end(block: &Block<'_>, start: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &block.data[start..block.len]).map_or(block.len, |len| start + len)
}

/// Where the line after the one that ends at `end` begins.
fn next_line(block: &Block<'_>, end: usize) -> usize {
    let pair = block.data[end..block.len].starts_with(b"\r\n");
    end + if pair { 2 } else { 1 }
}
