//! Where the numbers of a tensor lie: shape, strides, and the place of the first.

use std::ops::Range;

/// A way through memory. Strides may be negative, or zero where a number is repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    axes: Vec<Axis>,
    first: usize,
    len: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    count: usize,
    stride: isize,
}

impl Layout {
    /// Through `cells` numbers of memory; nothing where the way would leave them.
    pub fn new(shape: &[usize], strides: &[isize], first: usize, cells: usize) -> Option<Self> {
        let len = shape.iter().try_fold(1usize, |len, count| len.checked_mul(*count))?;
        let axes = shape.iter().zip(strides).map(|(&count, &stride)| Axis { count, stride });
        // An axis of one number leads nowhere.
        let axes: Vec<Axis> = axes.filter(|axis| axis.count != 1).collect();
        let layout = Self { axes, first, len };
        layout.stays(cells).then_some(layout)
    }

    /// Number after number.
    pub fn dense(len: usize) -> Self {
        Self { axes: vec![Axis { count: len, stride: 1 }], first: 0, len }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn stays(&self, cells: usize) -> bool {
        if self.len == 0 {
            return true;
        }
        let mut ends = (self.first as i128, self.first as i128);
        for axis in &self.axes {
            let reach = (axis.count as i128 - 1) * axis.stride as i128;
            ends = (ends.0 + reach.min(0), ends.1 + reach.max(0));
        }
        ends.0 >= 0 && ends.1 < cells as i128
    }

    /// Whether the numbers follow one another.
    pub fn is_dense(&self) -> bool {
        let mut next = 1;
        self.axes.iter().rev().all(|axis| {
            let follows = axis.stride == next;
            next = next.saturating_mul(axis.count as isize);
            follows
        })
    }

    /// Two ways of one shape and the same strides, with their axes in the order of memory; a way that is dense but for
    /// that order then is dense.
    pub fn aligned(mut self, mut other: Self) -> (Self, Self) {
        if self.axes == other.axes {
            self.axes.sort_by_key(|axis| std::cmp::Reverse(axis.stride.unsigned_abs()));
            other.axes.clone_from(&self.axes);
        }
        (self, other)
    }

    /// The numbers from one place to another, in the order of the last axis first.
    pub fn gather<E: Copy>(&self, cells: &[E], range: Range<usize>, into: &mut Vec<E>) {
        into.clear();
        let last = self.axes.last().copied().unwrap_or(Axis { count: 1, stride: 0 });
        let mut at = range.start;
        while at < range.end {
            let (row, column) = (at / last.count, at % last.count);
            let count = (last.count - column).min(range.end - at);
            let start = self.row(row) + column as isize * last.stride;
            into.extend((0..count as isize).filter_map(|i| cells.get((start + i * last.stride) as usize)));
            at += count;
        }
    }

    /// Where a row along the last axis begins.
    fn row(&self, mut row: usize) -> isize {
        let mut place = self.first as isize;
        for axis in self.axes.iter().rev().skip(1) {
            place += (row % axis.count) as isize * axis.stride;
            row /= axis.count;
        }
        place
    }

    /// The numbers of a dense way.
    pub fn slice<'a, E>(&self, cells: &'a [E], range: Range<usize>) -> &'a [E] {
        cells.get(self.first + range.start..self.first + range.end).unwrap_or_default()
    }
}
