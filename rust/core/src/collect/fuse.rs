//! Settles what a block can settle by itself, in parallel: drops repeated lines, and makes one row of a line with
//! a step and the step-less lines that belong to it.
//!
//! Both give exactly what the assembler would do row by row; it splits a fused row again where that is not so.

use std::collections::HashMap;
use std::sync::Arc;

use crate::row::{Fused, Head, MISSING, Rows};
use crate::types::{Field, Holds, Keep, Shape, TRAIN};

/// Remembers which shapes fuse, so that a pair is looked at once.
#[derive(Debug, Default)]
pub struct Fuser {
    pairs: HashMap<(usize, usize), Option<Arc<Shape>>>,
    /// Keeps every shape in `pairs` alive, so that no address is used twice.
    seen: Vec<Arc<Shape>>,
    /// What pairs of ordinals came to in this block: mostly the same ones follow each other.
    recent: Vec<(u32, u32, Option<u32>)>,
}

/// Pairs remembered in a block; a log in which more follow each other is slow for other reasons.
const RECENT: usize = 16;

impl Fuser {
    /// Drops repeats; fuses rows when `fuse` (the wide table needs no offset of the second line).
    pub fn settle(&mut self, rows: &mut Rows, fuse: bool) {
        rows.tail = rows.heads.last().copied();
        let mut heads = std::mem::take(&mut rows.heads);
        self.recent.clear();
        drop_repeats(&mut heads, rows);
        if fuse {
            self.fuse(&mut heads, rows);
        }
        rows.heads = heads;
    }

    fn fuse(&mut self, heads: &mut Vec<Head>, rows: &mut Rows) {
        let mut kept = usize::from(!heads.is_empty());
        for i in 1..heads.len() {
            let cur = heads[i];
            // The first row of a block stays whole: the last line of the block before may be its repeat.
            let fused = if kept > 1 { self.joined(rows, heads[kept - 1], cur) } else { None };
            match fused {
                Some(shape) => heads[kept - 1].shape = shape,
                None => {
                    heads[kept] = cur;
                    kept += 1;
                }
            }
        }
        heads.truncate(kept);
    }

    fn joined(&mut self, rows: &mut Rows, first: Head, second: Head) -> Option<u32> {
        // A row that has a step is never the second, one that has none never the first.
        if first.shape == second.shape {
            return None;
        }
        let key = (first.shape, second.shape);
        let whole = match self.recent.iter().rev().find(|(a, b, _)| (*a, *b) == key) {
            Some((_, _, known)) => *known,
            None => self.remember(rows, key),
        }?;
        let a = &rows.shapes[first.shape as usize];
        let step = first.at as usize + a.position(Holds::Step)?;
        let follows = first.at as usize + a.fields.len() == second.at as usize;
        (follows && rows.slots[step] != MISSING).then_some(whole)
    }

    #[cold]
    fn remember(&mut self, rows: &mut Rows, (first, second): (u32, u32)) -> Option<u32> {
        let (a, b) = (Arc::clone(&rows.shapes[first as usize]), Arc::clone(&rows.shapes[second as usize]));
        let whole = self.pair(&a, &b).map(|whole| {
            let ordinal = rows.shape(&whole);
            rows.fused.push(Fused { whole: ordinal, first, second });
            ordinal
        });
        if self.recent.len() == RECENT {
            self.recent.remove(0);
        }
        self.recent.push((first, second, whole));
        whole
    }

    fn pair(&mut self, a: &Arc<Shape>, b: &Arc<Shape>) -> Option<Arc<Shape>> {
        let key = (Arc::as_ptr(a) as usize, Arc::as_ptr(b) as usize);
        if let Some(known) = self.pairs.get(&key) {
            return known.clone();
        }
        let whole = fits(a, b).then(|| Arc::new(join(a, b)));
        self.seen.extend([Arc::clone(a), Arc::clone(b)]);
        self.pairs.insert(key, whole.clone());
        whole
    }
}

fn fits(a: &Shape, b: &Shape) -> bool {
    let plain = |f: &Field| matches!(f.holds, Holds::Metric | Holds::Text);
    a.keep == Keep::All
        && b.keep == Keep::All
        && &*a.kind == TRAIN
        && a.position(Holds::Step).is_some()
        && a.position(Holds::Rank).is_none()
        && b.fields.iter().all(plain)
        && !b.fields.iter().any(|f| a.fields.iter().any(|g| plain(g) && f.name == g.name))
}

fn join(a: &Shape, b: &Shape) -> Shape {
    let fields = a.fields.iter().chain(&b.fields).cloned().collect();
    Shape { fields, guessed: a.guessed || b.guessed, ..a.clone() }
}

fn drop_repeats(heads: &mut Vec<Head>, rows: &mut Rows) {
    let steps: Vec<Option<usize>> = rows.shapes.iter().map(|shape| shape.position(Holds::Step)).collect();
    // Nearly always the step of the next row of a shape is another: no more need be looked at.
    let differ = |a: &Head, b: &Head| {
        let moved = |k: usize| rows.slots[a.at as usize + k] != rows.slots[b.at as usize + k];
        a.shape == b.shape && steps[b.shape as usize].is_some_and(moved)
    };
    let mut before: Option<Head> = None;
    let mut repeated = 0;
    heads.retain(|head| {
        let same = before.is_some_and(|b| !differ(&b, head) && repeats(rows, rows, &b, head));
        repeated += u64::from(same);
        before = Some(*head);
        !same
    });
    rows.seen.repeated += repeated;
}

/// Whether two rows are the same line but for its envelope. Lines without any counter may well print the same
/// numbers twice and mean it, so they never are.
pub fn repeats(before: &Rows, rows: &Rows, a: &Head, b: &Head) -> bool {
    let (first, second) = (&before.shapes[a.shape as usize], &rows.shapes[b.shape as usize]);
    let other = !Arc::ptr_eq(first, second);
    if second.keep != Keep::All || other && (first.rule != second.rule || !alike(first, second)) {
        return false;
    }
    let same = |((field, x), (_, y)): ((&Field, u64), (&Field, u64))| match field.holds == Holds::Text {
        true if x != MISSING && y != MISSING => before.text_of(x) == rows.text_of(y),
        true | false => x == y,
    };
    let counted = |f: &Field| matches!(f.holds, Holds::Step | Holds::Epoch | Holds::Batch);
    let (x, y) = (before.slots_of(a), rows.slots_of(b));
    body(first, x).zip(body(second, y)).all(same) && second.fields.iter().any(counted)
}

/// Whether lines of two shapes may be one line in two envelopes.
fn alike(a: &Shape, b: &Shape) -> bool {
    let bare = |f: &&Field| !is_stamp(f);
    a.kind == b.kind && a.fields.iter().filter(bare).eq(b.fields.iter().filter(bare))
}

/// What a line says, without the stamps that its envelope may have.
fn body<'a>(shape: &'a Shape, slots: &'a [u64]) -> impl Iterator<Item = (&'a Field, u64)> {
    shape.fields.iter().zip(slots.iter().copied()).filter(|(field, _)| !is_stamp(field))
}

fn is_stamp(field: &Field) -> bool {
    matches!(field.holds, Holds::WallTime | Holds::Elapsed)
}
