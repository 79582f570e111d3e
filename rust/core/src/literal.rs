//! Walks one JSON object or the `repr` of one Python dict, leaf by leaf, without building a tree.

mod escape;
#[cfg(test)]
mod tests;
mod walk;

use std::ops::Range;

pub use escape::unescape;
use walk::Walk;

/// How the object is written. Numbers are read alike in both, and generously: `nan`, `inf`, `.5`, `+1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Json,
    /// Single quotes, `None`, `True`, tuples, `np.float64(0.1)`, `tensor(0.5)`.
    Python,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Number(f64),
    Flag(bool),
    Null,
    /// The text between quotes; `escaped` where it holds a backslash and must be decoded.
    Quoted {
        quote: u8,
        escaped: bool,
    },
}

/// One value, wherever it is nested.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    key: Range<usize>,
    pub value: Value,
    /// Where the number stands, or the text within its quotes.
    pub start: usize,
    pub end: usize,
    /// Part of a list that is no short list of numbers: understood, but no value of its own.
    pub hidden: bool,
}

/// The leaves of an object in the order they are written; nested keys are joined with a dot unless told otherwise.
#[derive(Debug, Default)]
pub struct Leaves {
    pub list: Vec<Leaf>,
    keys: Vec<u8>,
    path: Vec<u8>,
    joint: Option<u8>,
    /// Lists that are no short lists of numbers.
    pub lists_left: usize,
}

/// Longer lists are data, not metrics.
pub const LIST: usize = 16;

impl Leaves {
    /// Reads the object whose brace is at `start`; nothing from `end` on belongs to it. Gives the position after
    /// its closing brace; none if it is not one.
    ///
    /// ```
    /// use fastlogs_core::literal::{Dialect, Leaves, Value};
    /// let mut leaves = Leaves::default();
    /// let line = b"{'loss': 2.31, 'lr': {'head': np.float64(0.1)}}";
    /// assert_eq!(Some(line.len()), leaves.read(line, 0, line.len(), Dialect::Python));
    /// let found: Vec<_> = leaves.list.iter().map(|leaf| (leaves.key(leaf), leaf.value)).collect();
    /// assert_eq!(vec![(&b"loss"[..], Value::Number(2.31)), (b"lr.head", Value::Number(0.1))], found);
    /// ```
    pub fn read(&mut self, data: &[u8], start: usize, end: usize, dialect: Dialect) -> Option<usize> {
        self.list.clear();
        self.keys.clear();
        self.path.clear();
        self.lists_left = 0;
        let mut walk = Walk::new(data.get(..end)?, start, dialect, self);
        walk.object()?;
        Some(walk.at)
    }

    /// With another joint between nested keys.
    pub fn joined_by(joint: Option<u8>) -> Leaves {
        Leaves { joint, ..Leaves::default() }
    }

    pub fn key(&self, leaf: &Leaf) -> &[u8] {
        &self.keys[leaf.key.clone()]
    }

    fn push(&mut self, value: Value, start: usize, end: usize) {
        let key_start = self.keys.len();
        self.keys.extend_from_slice(&self.path);
        self.list.push(Leaf { key: key_start..self.keys.len(), value, start, end, hidden: false });
    }

    /// Makes the path one key longer; gives what to cut it back to.
    fn enter(&mut self, key: impl FnOnce(&mut Vec<u8>)) -> usize {
        let before = self.path.len();
        if before > 0 {
            self.path.push(self.joint.unwrap_or(b'.'));
        }
        key(&mut self.path);
        before
    }
}

/// Gives each key and value of a payload; false if it is not an object of that dialect, whatever was given before.
pub fn pairs(payload: &[u8], dialect: Dialect, mut each: impl FnMut(&[u8], Value)) -> bool {
    let mut leaves = Leaves::default();
    let whole = leaves.read(payload, 0, payload.len(), dialect).is_some();
    leaves.list.iter().filter(|leaf| whole && !leaf.hidden).for_each(|leaf| each(leaves.key(leaf), leaf.value));
    whole
}
