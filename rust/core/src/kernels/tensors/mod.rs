//! Tensors beside what they were: sums over all of their numbers, made on several threads in one pass.
//!
//! A tensor is cut into blocks of one length, and the sums of blocks are joined in the order of a tree that depends on
//! their number alone: the result is the same to the last bit on any number of threads.

mod cells;
mod join;
mod layout;

pub use cells::{Cells, CellsMut};
pub use fastlogs_simd::{BOUNDS, Brain, Half, Sums, Wanted};
pub use join::joined;
pub use layout::Layout;

use std::sync::{Mutex, PoisonError};
use std::thread;

/// Numbers in a block: its two halves fit a second-level cache.
const BLOCK: usize = 1 << 14;

/// Blocks that a thread takes at a time.
const TAKEN: usize = 8;

/// A tensor where it lies.
pub struct Tensor<'a> {
    pub cells: Cells<'a>,
    pub layout: Layout,
}

/// What a tensor is held against.
pub enum Before<'a> {
    /// Zeros: then the sums are of the tensor itself.
    Nothing,
    Kept(Tensor<'a>),
    /// A dense copy, which afterwards is equal to the tensor.
    Refreshed(CellsMut<'a>),
}

pub struct Pair<'a> {
    pub new: Tensor<'a>,
    pub before: Before<'a>,
}

/// One block of work, and where its sums go.
struct Block<'p> {
    new: &'p Tensor<'p>,
    start: usize,
    len: usize,
    before: Beside<'p>,
    into: &'p mut Sums,
}

enum Beside<'p> {
    Nothing,
    Kept(&'p Tensor<'p>),
    Refreshed(CellsMut<'p>),
}

/// The sums of each pair. Those of equal shape only: the caller sees to it, and a shorter side ends the pair.
pub fn measure(pairs: &mut [Pair<'_>], wanted: Wanted<'_>, threads: usize) -> Vec<Sums> {
    let mut found: Vec<Vec<Sums>> =
        pairs.iter().map(|pair| vec![Sums::EMPTY; pair.new.layout.len().div_ceil(BLOCK)]).collect();
    let blocks: Vec<Block<'_>> = pairs.iter_mut().zip(&mut found).flat_map(|(pair, into)| blocks(pair, into)).collect();
    let threads = threads.min(blocks.len().div_ceil(TAKEN));
    let left = Mutex::new(blocks.into_iter());
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| work(&left, wanted));
        }
        work(&left, wanted);
    });
    found.iter().map(|sums| joined(sums)).collect()
}

/// Takes blocks until there are none.
fn work<'p>(left: &Mutex<impl Iterator<Item = Block<'p>>>, wanted: Wanted<'_>) {
    loop {
        let taken: Vec<Block<'p>> = left.lock().unwrap_or_else(PoisonError::into_inner).by_ref().take(TAKEN).collect();
        if taken.is_empty() {
            return;
        }
        for mut block in taken {
            *block.into = cells::sums(block.new, block.start..block.start + block.len, &mut block.before, wanted);
        }
    }
}

fn blocks<'p>(pair: &'p mut Pair<'_>, into: &'p mut [Sums]) -> Vec<Block<'p>> {
    let Pair { new, before } = pair;
    let (new, total) = (&*new, new.layout.len());
    let mut beside = beside(before, into.len());
    let spans = (0..total).step_by(BLOCK).map(|start| (start, BLOCK.min(total - start)));
    into.iter_mut()
        .zip(spans)
        .map(|(into, (start, len))| Block { new, start, len, before: beside.next().unwrap_or(Beside::Nothing), into })
        .collect()
}

/// What each block of a tensor is held against.
fn beside<'p>(before: &'p mut Before<'_>, blocks: usize) -> Box<dyn Iterator<Item = Beside<'p>> + 'p> {
    match before {
        Before::Nothing => Box::new(std::iter::empty()),
        Before::Kept(tensor) => {
            let tensor = &*tensor;
            Box::new((0..blocks).map(move |_| Beside::Kept(tensor)))
        }
        Before::Refreshed(cells) => Box::new(cells.cut(BLOCK).into_iter().map(Beside::Refreshed)),
    }
}

#[cfg(test)]
mod tests;
