//! Rows into tables: [`assemble`] decides what couples lines, the three collectors store what it decides.

pub mod assemble;
pub mod column;
mod columns;
pub mod counted;
pub mod curve;
pub mod fuse;
pub mod join;
pub mod long;
pub mod outline;
mod pace;
pub mod replay;
pub mod sketch;
pub mod stitch;
pub mod summary;
pub mod sums;
pub mod supply;
pub mod table;
pub mod track;
pub mod unit;
pub mod wide;

use std::sync::Arc;

pub use columns::Columns;

use crate::row::{Head, MISSING, Rows};
use crate::types::Shape;

/// Where a row stands: its context, resolved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct At {
    pub step: i64,
    /// f64 bits, or [`MISSING`]; so are the two below.
    pub epoch: u64,
    /// Microseconds as i64 bits.
    pub wall_time: u64,
    pub elapsed: u64,
    pub utc: bool,
    pub rank: i64,
    pub attempt: i32,
    /// Counts the new starts: rows of different lives never supersede each other.
    pub life: u32,
    pub offset: u64,
}

impl Default for At {
    fn default() -> Self {
        At {
            step: 0,
            epoch: MISSING,
            wall_time: MISSING,
            elapsed: MISSING,
            utc: false,
            rank: 0,
            attempt: 0,
            life: 0,
            offset: 0,
        }
    }
}

/// Where the steps of a stretch of rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steps {
    /// A slot of each row, plus what earlier epochs add.
    Slot { slot: usize, base: i64 },
    /// One more each row, the first given.
    Count { first: i64 },
}

impl Steps {
    /// The steps of the rows after the first `count`.
    pub fn after(self, count: usize) -> Self {
        match self {
            Steps::Slot { .. } => self,
            Steps::Count { first } => Steps::Count { first: first + count as i64 },
        }
    }
}

/// A stretch of rows of one shape that need no second thought: new rows, steps rising.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'a> {
    pub rows: &'a Rows,
    pub heads: &'a [Head],
    pub steps: Steps,
    /// What all of them share: epoch where the shape has none, rank, attempt, life.
    pub at: At,
}

impl Stretch<'_> {
    pub fn step(&self, row: usize) -> i64 {
        match self.steps {
            Steps::Slot { slot, base } => self.rows.slots[self.heads[row].at as usize + slot] as i64 + base,
            Steps::Count { first } => first + row as i64,
        }
    }
}

/// Stores what the assembler decides. Shapes are admitted once and named by ordinal after that.
pub trait Collector {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize;
    /// Begins a row of the table.
    fn open(&mut self, at: &At);
    /// Adds the metrics of a line to the open row of its rank.
    fn add(&mut self, shape: usize, rows: &Rows, slots: &[u64], at: &At);
    fn stretch(&mut self, shape: usize, stretch: Stretch<'_>);
    /// Adds whole rows that are there as columns, a column a field of their shape.
    fn columns(&mut self, shape: usize, columns: Columns) {
        columns.as_rows(&mut |stretch| self.stretch(shape, stretch));
    }
    /// The ordinal the next row (or value) will have.
    fn position(&self) -> u64;
    /// The run of `at` resumed at `at.step`: from `position` on its rows are newer.
    fn resume(&mut self, at: &At, position: u64);
}
