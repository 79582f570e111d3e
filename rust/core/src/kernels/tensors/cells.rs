//! Numbers of any type, and the sums of one block of them.

use super::layout::Layout;
use super::{Beside, Tensor};
use fastlogs_simd::{Brain, Element, Half, Sums, Wanted, sums as kernel};
use std::ops::Range;

/// The memory a tensor lies in.
#[derive(Clone, Copy)]
pub enum Cells<'a> {
    F32(&'a [f32]),
    F64(&'a [f64]),
    Half(&'a [Half]),
    Brain(&'a [Brain]),
}

/// Memory that may be written.
pub enum CellsMut<'a> {
    F32(&'a mut [f32]),
    F64(&'a mut [f64]),
    Half(&'a mut [Half]),
    Brain(&'a mut [Brain]),
}

impl CellsMut<'_> {
    pub fn len(&self) -> usize {
        match self {
            CellsMut::F32(cells) => cells.len(),
            CellsMut::F64(cells) => cells.len(),
            CellsMut::Half(cells) => cells.len(),
            CellsMut::Brain(cells) => cells.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Pieces of one length, the last perhaps shorter.
    pub fn cut(&mut self, len: usize) -> Vec<CellsMut<'_>> {
        match self {
            CellsMut::F32(cells) => cells.chunks_mut(len).map(CellsMut::F32).collect(),
            CellsMut::F64(cells) => cells.chunks_mut(len).map(CellsMut::F64).collect(),
            CellsMut::Half(cells) => cells.chunks_mut(len).map(CellsMut::Half).collect(),
            CellsMut::Brain(cells) => cells.chunks_mut(len).map(CellsMut::Brain).collect(),
        }
    }
}

/// The sums of the numbers in a range; what is refreshed is equal to them afterwards.
pub(super) fn sums(new: &Tensor<'_>, range: Range<usize>, before: &mut Beside<'_>, wanted: Wanted<'_>) -> Sums {
    match (new.cells, before) {
        (Cells::F32(cells), Beside::Nothing) => alone(cells, &new.layout, range, wanted),
        (Cells::F64(cells), Beside::Nothing) => alone(cells, &new.layout, range, wanted),
        (Cells::Half(cells), Beside::Nothing) => alone(cells, &new.layout, range, wanted),
        (Cells::Brain(cells), Beside::Nothing) => alone(cells, &new.layout, range, wanted),
        (Cells::F32(cells), Beside::Refreshed(CellsMut::F32(old))) => refreshed(cells, &new.layout, range, old, wanted),
        (Cells::F64(cells), Beside::Refreshed(CellsMut::F64(old))) => refreshed(cells, &new.layout, range, old, wanted),
        (Cells::Half(cells), Beside::Refreshed(CellsMut::Half(old))) => {
            refreshed(cells, &new.layout, range, old, wanted)
        }
        (Cells::Brain(cells), Beside::Refreshed(CellsMut::Brain(old))) => {
            refreshed(cells, &new.layout, range, old, wanted)
        }
        // The binding refuses to refresh another type; then nothing is measured.
        (_, Beside::Refreshed(_)) => Sums::EMPTY,
        (_, Beside::Kept(old)) => kept(new, range, old, wanted),
    }
}

fn alone<E: Element>(cells: &[E], layout: &Layout, range: Range<usize>, wanted: Wanted<'_>) -> Sums {
    kernel(there(cells, layout, range, &mut Vec::new()), &[], wanted)
}

fn refreshed<E: Element>(cells: &[E], layout: &Layout, range: Range<usize>, old: &mut [E], wanted: Wanted<'_>) -> Sums {
    let mut gathered = Vec::new();
    let new = there(cells, layout, range, &mut gathered);
    let found = kernel(new, old, wanted);
    old.copy_from_slice(new);
    found
}

/// Of two tensors; of different types by way of doubles.
fn kept(new: &Tensor<'_>, range: Range<usize>, old: &Tensor<'_>, wanted: Wanted<'_>) -> Sums {
    match (new.cells, old.cells) {
        (Cells::F32(a), Cells::F32(b)) => beside(a, &new.layout, b, &old.layout, range, wanted),
        (Cells::F64(a), Cells::F64(b)) => beside(a, &new.layout, b, &old.layout, range, wanted),
        (Cells::Half(a), Cells::Half(b)) => beside(a, &new.layout, b, &old.layout, range, wanted),
        (Cells::Brain(a), Cells::Brain(b)) => beside(a, &new.layout, b, &old.layout, range, wanted),
        (Cells::F32(_) | Cells::F64(_) | Cells::Half(_) | Cells::Brain(_), _) => {
            kernel(&widened(new, range.clone()), &widened(old, range), wanted)
        }
    }
}

fn beside<E: Element>(
    new: &[E],
    layout: &Layout,
    old: &[E],
    old_layout: &Layout,
    range: Range<usize>,
    wanted: Wanted<'_>,
) -> Sums {
    let (mut gathered, mut old_gathered) = (Vec::new(), Vec::new());
    let new = there(new, layout, range.clone(), &mut gathered);
    kernel(new, there(old, old_layout, range, &mut old_gathered), wanted)
}

/// Numbers in a row: where they lie, or gathered.
fn there<'a, E: Element>(cells: &'a [E], layout: &Layout, range: Range<usize>, gathered: &'a mut Vec<E>) -> &'a [E] {
    if layout.is_dense() {
        return layout.slice(cells, range);
    }
    layout.gather(cells, range, gathered);
    gathered
}

fn widened(tensor: &Tensor<'_>, range: Range<usize>) -> Vec<f64> {
    match tensor.cells {
        Cells::F32(cells) => wide(there(cells, &tensor.layout, range, &mut Vec::new())),
        Cells::F64(cells) => wide(there(cells, &tensor.layout, range, &mut Vec::new())),
        Cells::Half(cells) => wide(there(cells, &tensor.layout, range, &mut Vec::new())),
        Cells::Brain(cells) => wide(there(cells, &tensor.layout, range, &mut Vec::new())),
    }
}

fn wide<E: Element>(values: &[E]) -> Vec<f64> {
    values.iter().map(|value| value.wide()).collect()
}
