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
    recent: [Pair; RECENT],
}

/// Places for pairs remembered in a block; a log in which many more follow each other is slow for other reasons.
const RECENT: usize = 16;

/// What two shapes are to each other when a row of one follows a row of the other.
#[derive(Debug, Clone, Copy)]
struct Pair {
    /// Both are none where nothing is remembered.
    first: u32,
    second: u32,
    may_repeat: bool,
    /// Of two rows of one shape: a slot that is the same in repeats, and seldom else; or none.
    step: u32,
    joined: Option<Joined>,
}

/// Stands for no slot.
const NO_SLOT: u32 = u32::MAX;

/// How a row is joined to the one before.
#[derive(Debug, Clone, Copy)]
struct Joined {
    whole: u32,
    /// Of the first row: its width, and where its step is.
    width: u32,
    step: u32,
}

impl Fuser {
    /// Drops repeats; fuses rows when `fuse` (the wide table needs no offset of the second line).
    pub fn settle(&mut self, rows: &mut Rows, fuse: bool) {
        rows.tail = rows.heads.last().copied();
        let mut heads = std::mem::take(&mut rows.heads);
        self.recent = [Pair::default(); RECENT];
        let kept = self.settled(&mut heads, rows, fuse);
        heads.truncate(kept);
        rows.heads = heads;
    }

    /// Moves the rows that stay to the front, some of them fused; gives how many.
    fn settled(&mut self, heads: &mut [Head], rows: &mut Rows, fuse: bool) -> usize {
        let Some(mut before) = heads.first().copied() else { return 0 };
        let (mut kept, mut i) = (1, 1);
        while i < heads.len() {
            let head = heads[i];
            i += 1;
            let pair = *self.pair(rows, before.shape, head.shape, fuse);
            let same = pair.repeats(rows, &before, &head);
            before = head;
            if same {
                rows.seen.repeated += 1;
                continue;
            }
            let last = heads[kept - 1];
            // The first row of a block stays whole: the last line of the block before may be its repeat.
            let joined = fuse && kept > 1 && last.shape != head.shape;
            match if joined { self.pair(rows, last.shape, head.shape, fuse).joins(rows, &last, &head) } else { None } {
                Some(whole) => {
                    heads[kept - 1].shape = whole;
                    if let Some(cycle) = self.cycle(rows, (last.shape, head.shape, whole)) {
                        let (count, next) = cycle.run(heads, rows, (kept, i));
                        if next > i {
                            before = heads[next - 1];
                        }
                        (kept, i) = (count, next);
                    }
                }
                None => {
                    heads[kept] = head;
                    kept += 1;
                    let (count, next) = pair.run(heads, rows, (kept, i));
                    if next > i {
                        before = heads[next - 1];
                    }
                    (kept, i) = (count, next);
                }
            }
        }
        kept
    }

    /// Whether two shapes that were just joined may go on by turns, so that nothing else need be asked.
    fn cycle(&mut self, rows: &mut Rows, (first, second, whole): (u32, u32, u32)) -> Option<Cycle> {
        let (forth, back) = (*self.pair(rows, first, second, true), *self.pair(rows, second, first, true));
        let begins = self.pair(rows, whole, first, true).joined.is_none();
        (begins && !forth.may_repeat && !back.may_repeat).then_some(Cycle { first, second, joined: forth.joined? })
    }

    #[inline]
    fn pair(&mut self, rows: &mut Rows, first: u32, second: u32, fuse: bool) -> &Pair {
        let place = first.wrapping_mul(5).wrapping_add(second) as usize % RECENT;
        if (self.recent[place].first, self.recent[place].second) != (first, second) {
            self.recent[place] = self.looked_at(rows, first, second, fuse);
        }
        &self.recent[place]
    }

    #[cold]
    fn looked_at(&mut self, rows: &mut Rows, first: u32, second: u32, fuse: bool) -> Pair {
        let (a, b) = (&rows.shapes[first as usize], &rows.shapes[second as usize]);
        let step = b.position(Holds::Step).or_else(|| b.position(Holds::Metric)).filter(|_| first == second);
        let step = step.map_or(NO_SLOT, |step| step as u32);
        let (may_repeat, may_join) = (may_repeat(a, b), fuse && may_begin(a) && may_follow(b));
        let joined = match may_join {
            true => {
                let (a, b) = (Arc::clone(a), Arc::clone(b));
                self.joined(rows, (first, &a), (second, &b))
            }
            false => None,
        };
        Pair { first, second, may_repeat, step, joined }
    }

    fn joined(&mut self, rows: &mut Rows, a: (u32, &Arc<Shape>), b: (u32, &Arc<Shape>)) -> Option<Joined> {
        // A row that has a step is never the second, one that has none never the first.
        let step = a.1.position(Holds::Step)? as u32;
        let shape = self.whole(a.1, b.1)?;
        let whole = rows.shape(&shape);
        if !rows.fused.iter().any(|fused| fused.whole == whole) {
            rows.fused.push(Fused { whole, first: a.0, second: b.0 });
        }
        Some(Joined { whole, width: a.1.fields.len() as u32, step })
    }

    fn whole(&mut self, a: &Arc<Shape>, b: &Arc<Shape>) -> Option<Arc<Shape>> {
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

/// Rows of two shapes by turns, each two of them one row.
struct Cycle {
    first: u32,
    second: u32,
    joined: Joined,
}

impl Cycle {
    /// Joins rows from the second place on while they are of this kind, to the first place on; gives both places.
    fn run(&self, heads: &mut [Head], rows: &Rows, (mut kept, mut next): (usize, usize)) -> (usize, usize) {
        let Joined { whole, width, step } = self.joined;
        while let Some(&[first, second]) = heads.get(next..next + 2) {
            let follows = first.shape == self.first && second.shape == self.second && first.at + width == second.at;
            if !follows || rows.slots[(first.at + step) as usize] == MISSING {
                break;
            }
            heads[kept] = Head { shape: whole, ..first };
            (kept, next) = (kept + 1, next + 2);
        }
        (kept, next)
    }
}

impl Default for Pair {
    fn default() -> Self {
        Pair { first: NO_SLOT, second: NO_SLOT, may_repeat: false, step: NO_SLOT, joined: None }
    }
}

impl Pair {
    #[inline]
    fn repeats(&self, rows: &Rows, before: &Head, head: &Head) -> bool {
        // Nearly always the step of the next row of a shape is another: no more need be looked at.
        let slot = |head: &Head| rows.slots[(head.at + self.step) as usize];
        self.may_repeat && (self.step == NO_SLOT || slot(before) == slot(head)) && repeats(rows, rows, before, head)
    }

    /// Keeps rows from the second place on, in the first place on, while they are of one shape and the next surely is no
    /// repeat; gives both places.
    fn run(&self, heads: &mut [Head], rows: &Rows, (mut kept, mut next): (usize, usize)) -> (usize, usize) {
        if self.first != self.second || self.step == NO_SLOT {
            return (kept, next);
        }
        let slot = |head: &Head| rows.slots[(head.at + self.step) as usize];
        let mut before = slot(&heads[next - 1]);
        while let Some(&head) = heads.get(next).filter(|head| head.shape == self.first) {
            let now = slot(&head);
            if now == before {
                break;
            }
            heads[kept] = head;
            (before, kept, next) = (now, kept + 1, next + 1);
        }
        (kept, next)
    }

    /// The shape of both rows together, if they stand together and the first has a step.
    #[inline]
    fn joins(&self, rows: &Rows, first: &Head, second: &Head) -> Option<u32> {
        let Joined { whole, width, step } = self.joined?;
        let follows = first.at + width == second.at;
        (follows && rows.slots[(first.at + step) as usize] != MISSING).then_some(whole)
    }
}

fn is_plain(field: &Field) -> bool {
    matches!(field.holds, Holds::Metric | Holds::Text)
}

fn may_begin(a: &Shape) -> bool {
    a.keep == Keep::All && &*a.kind == TRAIN && a.position(Holds::Step).is_some() && a.position(Holds::Rank).is_none()
}

fn may_follow(b: &Shape) -> bool {
    b.keep == Keep::All && b.fields.iter().all(is_plain)
}

fn fits(a: &Shape, b: &Shape) -> bool {
    let twice = |f: &Field| a.fields.iter().any(|g| is_plain(g) && f.name == g.name);
    may_begin(a) && may_follow(b) && !b.fields.iter().any(twice)
}

fn join(a: &Shape, b: &Shape) -> Shape {
    let fields = a.fields.iter().chain(&b.fields).cloned().collect();
    Shape { fields, guessed: a.guessed || b.guessed, ..a.clone() }
}

/// Whether two rows are the same line but for its envelope. Lines without any counter may well print the same
/// numbers twice and mean it, so they never are.
pub fn repeats(before: &Rows, rows: &Rows, a: &Head, b: &Head) -> bool {
    let (first, second) = (&before.shapes[a.shape as usize], &rows.shapes[b.shape as usize]);
    let other = !Arc::ptr_eq(first, second);
    if !may_repeat(first, second) {
        return false;
    }
    let same = |(f, x): (&Field, u64), (g, y): (&Field, u64)| {
        // Of one shape, too, different fields may be missing in two rows.
        let alike = std::ptr::eq(f, g) || other && f.holds == g.holds && f.name == g.name;
        alike && if f.holds == Holds::Text { before.text_of(x) == rows.text_of(y) } else { x == y }
    };
    let mut others = said(second, rows.slots_of(b));
    let all = said(first, before.slots_of(a)).all(|value| others.next().is_some_and(|other| same(value, other)));
    all && others.next().is_none()
}

fn may_repeat(first: &Arc<Shape>, second: &Arc<Shape>) -> bool {
    let counted = |f: &Field| matches!(f.holds, Holds::Step | Holds::Epoch | Holds::Batch);
    let alike = Arc::ptr_eq(first, second) || first.rule == second.rule && first.kind == second.kind;
    second.keep == Keep::All && alike && second.fields.iter().any(counted)
}

/// What a line says: the values that are there, without the stamps that its envelope may have. Readers may make
/// shapes with and without what a line leaves out.
fn said<'a>(shape: &'a Shape, slots: &'a [u64]) -> impl Iterator<Item = (&'a Field, u64)> {
    let values = shape.fields.iter().zip(slots.iter().copied());
    values.filter(|&(field, slot)| slot != MISSING && !is_stamp(field))
}

fn is_stamp(field: &Field) -> bool {
    matches!(field.holds, Holds::WallTime | Holds::Elapsed)
}
