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
mod pool;
#[cfg(test)]
mod tests;

pub use alike::Alike;
pub use bank::{Bank, MOULDS};
pub use kind::{Kind, Real};
pub use pool::Pool;

use kind::Read;
use literal::Literal;

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
    ops: Vec<Op>,
    base: Vec<u64>,
    /// The spots fill every slot.
    whole: bool,
}

/// A spot and the literal after it.
#[derive(Debug, Clone)]
struct Op {
    slot: usize,
    read: Read,
    then: Literal,
}

impl Mould {
    /// `base` is the row where no spot fills it. None if the line, its spots and their kinds do not go together:
    /// the mould must read its own line.
    pub fn learn(line: &[u8], spots: &[Spot], base: &[u64]) -> Option<Mould> {
        let text = |start: usize, end: usize| line.get(start..end).and_then(Literal::new);
        let head = text(0, spots.first().map_or(line.len(), |s| s.start))?;
        let ends = spots.iter().skip(1).map(|s| s.start).chain([line.len()]);
        let op = |(spot, end): (&Spot, usize)| {
            Some(Op { slot: spot.slot.unwrap_or(usize::MAX), read: spot.kind.into(), then: text(spot.end, end)? })
        };
        let ops = spots.iter().zip(ends).map(op).collect::<Option<Vec<_>>>()?;
        let whole = (0..base.len()).all(|slot| ops.iter().any(|op| op.slot == slot));
        let mould = Mould { head, ops, base: base.to_vec(), whole };
        mould.reads_itself(line).then_some(mould)
    }

    fn reads_itself(&self, line: &[u8]) -> bool {
        let mut padded = line.to_vec();
        padded.resize(line.len() + PAD, 0);
        let mut slots = self.base.clone();
        self.read(&padded, 0, line.len(), &mut slots, &mut Vec::new()) == Some(line.len())
    }

    /// The row before its spots are filled.
    pub fn base(&self) -> &[u64] {
        &self.base
    }

    /// Reads the line at `start` of a block whose bytes end at `end`, [`PAD`] more behind them. Gives where the
    /// line ends; none if it does not fit. Whatever was in `slots` is gone, and `text` may have grown.
    #[inline]
    pub fn read(&self, data: &[u8], start: usize, end: usize, slots: &mut [u64], text: &mut Vec<u8>) -> Option<usize> {
        let mut at = self.head.after(data, start)?;
        if !self.whole {
            slots.copy_from_slice(&self.base);
        }
        for op in &self.ops {
            let (bits, spot_end) = op.read.value(data, at, text, op.slot != usize::MAX);
            if spot_end == 0 {
                return None;
            }
            if let Some(slot) = slots.get_mut(op.slot) {
                *slot = bits;
            }
            at = op.then.after(data, spot_end)?;
        }
        let line_ends = at == end || (at < end && matches!(data[at], b'\n' | b'\r'));
        line_ends.then_some(at)
    }
}
