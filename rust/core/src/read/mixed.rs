//! Several formats in one file: what one leaves the next reads, and what all leave the generic reader.

use std::sync::Arc;

use memchr::memchr2;

use crate::lines::count_lines;
use crate::row::{Block, Head, MISSING, Marks, Plan, Reader, Rows, Tally};
use crate::types::{Holds, Shape};

/// Shapes that are known by another number, at most.
const KNOWN: usize = 4096;

/// Bytes from .. to of a block.
pub type Stretch = (usize, usize);

/// Plans that read one file together, the first choice first.
pub struct Mixed {
    parts: Vec<Arc<dyn Plan>>,
    name: String,
}

impl Mixed {
    pub fn new(parts: Vec<Arc<dyn Plan>>) -> Mixed {
        let names: Vec<&str> = parts.iter().map(|part| part.name()).collect();
        let name = names.join(" + ");
        Mixed { parts, name }
    }
}

impl Plan for Mixed {
    fn name(&self) -> &str {
        &self.name
    }

    fn rules(&self) -> Vec<String> {
        self.parts.iter().flat_map(|part| part.rules()).collect()
    }

    fn expects_step(&self) -> bool {
        self.parts.iter().any(|part| part.expects_step())
    }

    fn splittable(&self) -> bool {
        self.parts.iter().all(|part| part.splittable())
    }

    fn reader(&self) -> Box<dyn Reader> {
        let mut base = 0;
        let part = |plan: &Arc<dyn Plan>| {
            let begins = base;
            base += plan.rules().len() as u32;
            Part { reader: plan.reader(), base: begins, rows: Rows::default(), known: Vec::new() }
        };
        Box::new(Together { parts: self.parts.iter().map(part).collect() })
    }
}

struct Together {
    parts: Vec<Part>,
}

struct Part {
    reader: Box<dyn Reader>,
    /// The ordinal of its first rule.
    base: u32,
    rows: Rows,
    /// Its shapes, and what they are among those of all parts.
    known: Vec<(Arc<Shape>, Arc<Shape>)>,
}

impl Reader for Together {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        let mut left = vec![(0, block.len)];
        let (lines, first) = (rows.seen.lines + count_lines(block.bytes()), rows.heads.len());
        let mut claimed = Vec::new();
        let mut near = Near::default();
        for part in &mut self.parts {
            part.read(&block, &left, &mut near);
            let own = self::claimed(&part.rows);
            left = without(&block, &left, &own);
            claimed.extend(own);
            part.give(rows);
        }
        rows.seen.lines = lines;
        near.tell(&mut claimed, &mut rows.seen.near);
        rows.heads[first..].sort_by_key(|head| head.offset);
    }

    fn finish(&mut self, rows: &mut Rows) {
        for part in &mut self.parts {
            part.rows.clear();
            part.reader.finish(&mut part.rows);
            part.give(rows);
        }
    }
}

impl Part {
    fn read(&mut self, block: &Block<'_>, left: &[Stretch], near: &mut Near) {
        self.rows.clear();
        self.rows.marks = Some(Marks::default());
        for &(start, end) in left {
            let part = Block { data: &block.data[start..], len: end - start, offset: block.offset + start as u64 };
            self.reader.read(part, &mut self.rows);
        }
        near.note(&mut self.rows);
    }

    /// Hands its rows over.
    fn give(&mut self, rows: &mut Rows) {
        let mut ordinals = vec![None; self.rows.shapes.len()];
        for at in 0..self.rows.heads.len() {
            let head = self.rows.heads[at];
            let shape = head.shape as usize;
            let ordinal = match ordinals[shape] {
                Some(ordinal) => ordinal,
                None => rows.shape(&self.shape(shape)),
            };
            ordinals[shape] = Some(ordinal);
            hand_over(&self.rows, head, ordinal, rows);
        }
        rows.settings.append(&mut self.rows.settings);
        let mut seen = std::mem::take(&mut self.rows.seen);
        let matched = std::mem::take(&mut seen.matched);
        rows.seen.absorb(&seen);
        for (rule, &lines) in (self.base..).zip(&matched) {
            rows.seen.claim_many(rule, lines);
        }
        self.rows.clear();
    }

    /// A shape of its own as one of all parts.
    fn shape(&mut self, at: usize) -> Arc<Shape> {
        let own = &self.rows.shapes[at];
        if let Some((_, shape)) = self.known.iter().find(|(known, _)| Arc::ptr_eq(known, own)) {
            return Arc::clone(shape);
        }
        if self.known.len() >= KNOWN {
            self.known.clear();
        }
        let shape = Arc::new(Shape { rule: own.rule + self.base, ..Shape::clone(own) });
        self.known.push((Arc::clone(own), Arc::clone(&shape)));
        shape
    }
}

/// Where the lines begin that became rows or settings, in order.
pub fn claimed(rows: &Rows) -> Vec<u64> {
    let quiet = rows.marks.iter().flat_map(|marks| &marks.quiet);
    let mut claimed: Vec<u64> = rows.heads.iter().map(|head| head.offset).chain(quiet.copied()).collect();
    claimed.sort_unstable();
    claimed.dedup();
    claimed
}

fn hand_over(from: &Rows, head: Head, ordinal: u32, rows: &mut Rows) {
    let fields = &from.shapes[head.shape as usize].fields;
    rows.begin(ordinal, head.offset);
    let begins = rows.slots.len() - fields.len();
    for (k, (field, &slot)) in fields.iter().zip(from.slots_of(&head)).enumerate() {
        let text = field.holds == Holds::Text && slot != MISSING && field.wanted;
        rows.slots[begins + k] = if text { rows.keep_text(from.text_of(slot).as_bytes()) } else { slot };
    }
}

/// Lines that one part nearly claimed: near misses only if no other part claims them.
#[derive(Default)]
struct Near {
    offsets: Vec<u64>,
    told: Tally,
}

impl Near {
    fn note(&mut self, rows: &mut Rows) {
        self.offsets.extend(rows.marks.iter().flat_map(|marks| &marks.near));
        self.told.absorb(&std::mem::take(&mut rows.seen.near));
    }

    fn tell(mut self, claimed: &mut [u64], near: &mut Tally) {
        claimed.sort_unstable();
        self.offsets.sort_unstable();
        self.offsets.dedup();
        self.offsets.retain(|offset| claimed.binary_search(offset).is_err());
        self.told.samples.retain(|sample| self.offsets.binary_search(&sample.offset).is_ok());
        near.absorb(&Tally { count: self.offsets.len() as u64, samples: self.told.samples });
    }
}

/// The stretches without the lines that begin at `claimed`, which are in order.
pub fn without(block: &Block<'_>, left: &[Stretch], claimed: &[u64]) -> Vec<Stretch> {
    let bytes = block.bytes();
    let mut claimed = claimed.iter().map(|offset| (offset - block.offset) as usize).peekable();
    let mut rest = Vec::new();
    for &(start, end) in left {
        let mut at = start;
        while let Some(begins) = claimed.next_if(|begins| *begins < end) {
            if begins > at {
                rest.push((at, begins));
            }
            at = at.max(next_line(bytes, begins).min(end));
        }
        if at < end {
            rest.push((at, end));
        }
    }
    rest
}

/// Where the line after the one at `at` begins.
fn next_line(bytes: &[u8], at: usize) -> usize {
    let end = memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |k| at + k);
    (end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 }).min(bytes.len())
}

/// What of the leading bytes a plan leaves.
pub fn left_by(plan: &dyn Plan, block: Block<'_>) -> Vec<u8> {
    let mut part = Part { reader: plan.reader(), base: 0, rows: Rows::default(), known: Vec::new() };
    part.read(&block, &[(0, block.len)], &mut Near::default());
    let left = without(&block, &[(0, block.len)], &claimed(&part.rows));
    left.iter().flat_map(|&(start, end)| &block.bytes()[start..end]).copied().collect()
}

/// A plan that goes by the name of a format.
pub struct Titled {
    pub name: String,
    pub plan: Arc<dyn Plan>,
}

impl Plan for Titled {
    fn name(&self) -> &str {
        &self.name
    }

    fn rules(&self) -> Vec<String> {
        self.plan.rules()
    }

    fn expects_step(&self) -> bool {
        self.plan.expects_step()
    }

    fn splittable(&self) -> bool {
        self.plan.splittable()
    }

    fn reader(&self) -> Box<dyn Reader> {
        self.plan.reader()
    }
}

#[cfg(test)]
mod tests;
