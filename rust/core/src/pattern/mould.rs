//! Reads lines like one read before: equal between their numbers, so that nothing is left to find out.
//!
//! A reader's slow path says what a line means; a mould learned from that line repeats the answer for every line
//! that differs only inside its spots. The law: where a mould reads a line, it gives the row that the slow path
//! would give. So it is of no consequence which of several fitting moulds reads a line, or in which order they are
//! tried.

mod alike;
mod bank;
mod kind;
mod literal;
mod op;
mod pool;
#[cfg(test)]
mod tests;

pub use alike::Alike;
pub use bank::{Bank, MOULDS};
pub use kind::{Kind, Real};
pub use pool::Pool;

use literal::Literal;
use op::Op;

use crate::row::PAD;

/// A part of the line that may differ.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    pub start: usize,
    pub end: usize,
    /// None: it is looked at, so that the line is understood, and not kept.
    pub slot: Option<usize>,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub struct Mould {
    head: Literal,
    /// Spots, each with the literal after it but for the last one.
    ops: Vec<Op>,
    last: Option<Op>,
    tail: Literal,
    base: Vec<u64>,
    /// The spots fill every slot.
    whole: bool,
    /// Lines tried.
    reads: u32,
}

/// The literal that ends a line and begins the next one.
#[derive(Debug, Clone)]
struct Bridge {
    literal: Literal,
    /// How much of it is in the first line.
    tail: usize,
}

/// How a line fits.
#[derive(Debug, Clone, Copy)]
struct Fit {
    end: usize,
    /// Where the head of the next line ends, if it is the one that the bridge leads to; else 0.
    ahead: usize,
}

impl Mould {
    /// `base` is the row where no spot fills it. None if the line, its spots and their kinds do not go together:
    /// the mould must read its own line.
    pub fn learn(line: &[u8], spots: &[Spot], base: &[u64]) -> Option<Mould> {
        let text = |start: usize, end: usize| line.get(start..end).and_then(Literal::new);
        let head = text(0, spots.first().map_or(line.len(), |s| s.start))?;
        let ends = spots.iter().skip(1).map(|s| s.start).chain([line.len()]);
        let op = |(spot, end): (&Spot, usize)| {
            let next = line.get(spot.end).copied().unwrap_or(b'\n');
            Some(Op::new(spot.slot, spot.kind, text(spot.end, end)?, next))
        };
        let mut ops = spots.iter().zip(ends).map(op).collect::<Option<Vec<_>>>()?;
        let whole = (0..base.len()).all(|slot| ops.iter().any(|op| op.slot == slot));
        let mut last = ops.pop();
        let tail = last.as_mut().map(|op| std::mem::take(&mut op.then)).unwrap_or_default();
        let mut mould = Mould { head, ops, last, tail, base: base.to_vec(), whole, reads: 0 };
        mould.reads_itself(line).then_some(mould)
    }

    fn reads_itself(&mut self, line: &[u8]) -> bool {
        let mut padded = line.to_vec();
        padded.resize(line.len() + PAD, 0);
        let mut slots = self.base.clone();
        self.read(&padded, 0, line.len(), &mut slots, &mut Vec::new()) == Some(line.len())
    }

    /// The row before its spots are filled.
    pub fn base(&self) -> &[u64] {
        &self.base
    }

    /// None where it would be long.
    fn bridge(&self, next: &Mould) -> Option<Bridge> {
        let text = [self.tail.short()?, b"\n".to_vec(), next.head.short()?].concat();
        Some(Bridge { literal: Literal::of(&text), tail: self.tail.len() })
    }

    /// Reads the line at `start` of a block whose bytes end at `end`, [`PAD`] more behind them. Gives where the
    /// line ends; none if it does not fit. Whatever was in `slots` is gone, and `text` may have grown.
    #[inline]
    pub fn read(
        &mut self,
        data: &[u8],
        start: usize,
        end: usize,
        slots: &mut [u64],
        text: &mut Vec<u8>,
    ) -> Option<usize> {
        let at = self.head.after(data, start)?;
        self.read_on(data, (at, end), slots, text, None).map(|fit| fit.end)
    }

    /// The same behind the head.
    #[inline(always)]
    fn read_on(
        &mut self,
        data: &[u8],
        (mut at, end): (usize, usize),
        slots: &mut [u64],
        text: &mut Vec<u8>,
        bridge: Option<&Bridge>,
    ) -> Option<Fit> {
        if !self.whole {
            slots.copy_from_slice(&self.base);
        }
        self.reads = self.reads.wrapping_add(1);
        for op in &mut self.ops {
            let found = op.quick(data, at, |end| op.then.after(data, end));
            let (bits, next) = match found {
                Some(found) => found,
                None => op.slow(data, at, text, self.reads)?,
            };
            keep(slots, op.slot, bits);
            at = next;
        }
        let ends = Ends { end, tail: &self.tail, bridge };
        let Some(op) = &mut self.last else { return ends.fit(data, at) };
        let (bits, fit) = match op.quick(data, at, |end| ends.fit(data, end)) {
            Some(found) => found,
            None => ends.slow(op, data, at, text, self.reads)?,
        };
        keep(slots, op.slot, bits);
        Some(fit)
    }
}

#[inline(always)]
fn keep(slots: &mut [u64], slot: usize, bits: u64) {
    if let Some(kept) = slots.get_mut(slot) {
        *kept = bits;
    }
}

/// How a line may end behind its last spot.
struct Ends<'a> {
    end: usize,
    tail: &'a Literal,
    bridge: Option<&'a Bridge>,
}

impl Ends<'_> {
    #[inline(always)]
    fn fit(&self, data: &[u8], at: usize) -> Option<Fit> {
        if let Some(Bridge { literal, tail }) = self.bridge
            && let Some(ahead) = literal.after(data, at)
            && at + tail < self.end
        {
            return Some(Fit { end: at + tail, ahead });
        }
        self.fit_again(data, at)
    }

    /// The same where the last spot is not as was guessed.
    #[inline(never)]
    fn slow(&self, op: &mut Op, data: &[u8], at: usize, text: &mut Vec<u8>, reads: u32) -> Option<(u64, Fit)> {
        let (bits, end) = op.anew(data, at, text, reads);
        if end > 0 { Some((bits, self.fit(data, end)?)) } else { None }
    }

    /// Without the next line.
    #[inline(never)]
    fn fit_again(&self, data: &[u8], at: usize) -> Option<Fit> {
        let at = self.tail.after(data, at)?;
        let line_ends = at == self.end || (at < self.end && matches!(data[at], b'\n' | b'\r'));
        line_ends.then_some(Fit { end: at, ahead: 0 })
    }
}
