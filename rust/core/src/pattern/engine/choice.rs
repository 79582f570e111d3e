//! Steps that can be taken in several ways: the preferred one first, the others kept for when it comes to nothing.

use memchr::memchr;

use super::super::template::{Loose, Op, Split};
use super::step::{State, run};

/// Memory of a run: choices still open, and what to put back when one is taken up.
#[derive(Debug, Default)]
pub struct Trail {
    choices: Vec<Choice>,
    undo: Vec<Undo>,
    pub work: usize,
}

/// A step that can still be taken otherwise.
#[derive(Debug)]
struct Choice {
    op: u16,
    /// Branches left (splits), else unused.
    left: u8,
    /// Where to go on from.
    at: usize,
    /// The least (greedy runs) or the start (lazy ones).
    bound: usize,
    undo: usize,
}

#[derive(Debug)]
struct Undo {
    capture: u8,
    late: bool,
    slot: u64,
    span: (u32, u32),
}

impl Trail {
    pub fn clear(&mut self) {
        self.choices.clear();
        self.undo.clear();
    }
}

impl State<'_, '_> {
    /// Keeps what a capture was, if that may be needed again.
    #[inline(always)]
    pub fn remember(&mut self, capture: u8) {
        if !self.template.total && !self.trail.choices.is_empty() {
            let at = usize::from(capture);
            let late = self.found.late >> capture & 1 == 1;
            self.trail.undo.push(Undo { capture, late, slot: self.found.slots[at], span: self.found.spans[at] });
        }
    }

    pub fn greedy(&mut self, pc: usize, at: usize, loose: u16) -> Option<usize> {
        let Loose { class, min, max, .. } = &self.template.loose[usize::from(loose)];
        let end = run(self.text, at, class, *max as usize);
        self.spend(end - at);
        let least = at + *min as usize;
        if end < least { None } else { self.give_back(pc, loose, end, least) }
    }

    /// Ends a greedy run at `high` or before, but not before `least`, where what follows may begin.
    fn give_back(&mut self, pc: usize, loose: u16, high: usize, least: usize) -> Option<usize> {
        let follow = &self.template.loose[usize::from(loose)].follow;
        let may_end = |at: usize| match self.text.get(at) {
            Some(&b) => follow.first[usize::from(b)],
            None => follow.at_end,
        };
        let end = (least..=high).rev().find(|&at| may_end(at));
        self.spend(high - end.unwrap_or(least));
        if let Some(end) = end.filter(|&end| end > least) {
            self.choose(pc, 0, end - 1, least);
        }
        end
    }

    pub fn lazy(&mut self, pc: usize, at: usize, loose: u16) -> Option<usize> {
        let Loose { class, min, .. } = &self.template.loose[usize::from(loose)];
        let low = self.run(at, class, *min, *min)?;
        self.grow(pc, loose, low, at)
    }

    /// Ends a lazy run that began at `start` at `low` or later, where what follows may begin.
    fn grow(&mut self, pc: usize, loose: u16, low: usize, start: usize) -> Option<usize> {
        let Loose { class, max, follow, .. } = &self.template.loose[usize::from(loose)];
        let max = *max as usize;
        let may_go_on = |at: usize| at - start < max && self.text.get(at).is_some_and(|&b| class[usize::from(b)]);
        let may_end = |at: usize| self.text.get(at).map_or(follow.at_end, |&b| follow.first[usize::from(b)]);
        let mut end = low;
        while !may_end(end) && may_go_on(end) {
            end += 1;
        }
        let (ends, longer) = (may_end(end), may_go_on(end));
        self.spend(end - low);
        if ends && longer {
            self.choose(pc, 0, end + 1, start);
        }
        ends.then_some(end)
    }

    pub fn until(&mut self, pc: usize, at: usize, (finder, newline, min): (u16, bool, u32)) -> Option<usize> {
        let low = at.saturating_add(min as usize);
        let least = self.text.get(at..low)?;
        if !newline && memchr(b'\n', least).is_some() {
            return None;
        }
        self.reach(pc, (finder, newline), low)
    }

    /// Ends a lazy run before the next occurrence of a literal at `low` or later.
    fn reach(&mut self, pc: usize, (finder, newline): (u16, bool), low: usize) -> Option<usize> {
        let rest = self.text.get(low..)?;
        let gap = self.template.finders[usize::from(finder)].find(rest);
        self.spend(gap.unwrap_or(rest.len()));
        let gap = gap.filter(|&gap| newline || memchr(b'\n', &rest[..gap]).is_none())?;
        if newline || rest[gap] != b'\n' {
            self.choose(pc, 0, low + gap + 1, 0);
        }
        Some(low + gap)
    }

    /// The step to go on at.
    pub fn split(&mut self, pc: usize, at: usize, split: u16) -> Option<usize> {
        let Split { viable, at_end, .. } = &self.template.splits[usize::from(split)];
        let branches = self.text.get(at).map_or(*at_end, |&b| viable[usize::from(b)]);
        self.branch(pc, at, split, branches)
    }

    /// Takes the first of the branches that are left.
    #[inline]
    fn branch(&mut self, pc: usize, at: usize, split: u16, branches: u8) -> Option<usize> {
        if branches == 0 {
            return None;
        }
        let others = branches & (branches - 1);
        if others != 0 {
            self.choose(pc, others, at, 0);
        }
        let first = branches.trailing_zeros() as usize;
        Some(usize::from(self.template.splits[usize::from(split)].targets[first]))
    }

    fn choose(&mut self, pc: usize, left: u8, at: usize, bound: usize) {
        let undo = self.trail.undo.len();
        self.trail.choices.push(Choice { op: pc as u16, left, at, bound, undo });
    }

    /// Counts work that the length of the line alone does not bound.
    #[inline]
    fn spend(&mut self, work: usize) {
        self.trail.work = self.trail.work.saturating_sub(work);
    }

    /// Takes up the last choice left open, and says where to go on with which step; none when there is none left, or
    /// too much was tried.
    #[cold]
    pub fn resume(&mut self, from: usize, failed: usize) -> Option<(usize, usize)> {
        self.spend(1 + failed.saturating_sub(from));
        while self.trail.work > 0 {
            let Choice { op, left, at, bound, undo } = self.trail.choices.pop()?;
            self.spend(1);
            self.put_back(undo);
            let pc = usize::from(op);
            let next = match self.template.ops[pc] {
                Op::Split(split) => self.branch(pc, at, split, left).map(|target| (at, target)),
                Op::Greedy(loose) => self.give_back(pc, loose, at, bound).map(|end| (end, pc + 1)),
                Op::Lazy(loose) => self.grow(pc, loose, at, bound).map(|end| (end, pc + 1)),
                Op::Until { finder, newline, .. } => self.reach(pc, (finder, newline), at).map(|end| (end, pc + 1)),
                Op::Short { .. }
                | Op::Middle { .. }
                | Op::Long(_)
                | Op::Run { .. }
                | Op::Taken { .. }
                | Op::Number(_)
                | Op::Open(_)
                | Op::Close { .. }
                | Op::Jump(_)
                | Op::Assert(_)
                | Op::Match => None,
            };
            if next.is_some() {
                return next;
            }
        }
        None
    }

    fn put_back(&mut self, undo: usize) {
        while self.trail.undo.len() > undo {
            let Some(Undo { capture, late, slot, span }) = self.trail.undo.pop() else { return };
            let at = usize::from(capture);
            self.found.slots[at] = slot;
            self.found.spans[at] = span;
            self.found.late = self.found.late & !(1 << capture) | u64::from(late) << capture;
        }
    }
}
