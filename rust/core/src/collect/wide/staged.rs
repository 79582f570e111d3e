//! Rows that later lines may still join.

use crate::collect::At;
use crate::collect::wide::Wide;
use crate::collect::wide::store::Store;

/// Rows of other ranks that may wait for a slow one before it is left behind.
const MOST_OPEN: usize = 4096;

/// A row that later lines may still join.
#[derive(Debug)]
pub(super) struct Staged {
    pub at: At,
    pub closed: bool,
    /// Column, slot, place in the row.
    values: Vec<(usize, u64, usize)>,
    texts: Vec<(usize, String, usize)>,
}

impl Staged {
    pub fn new(at: At) -> Staged {
        Staged { at, closed: false, values: Vec::new(), texts: Vec::new() }
    }

    pub fn push(&mut self, column: usize, slot: u64) {
        if !self.values.iter().any(|(c, _, _)| *c == column) {
            self.values.push((column, slot, self.values.len() + self.texts.len()));
        }
    }

    pub fn push_text(&mut self, column: usize, text: String) {
        self.texts.push((column, text, self.values.len() + self.texts.len()));
    }
}

impl Wide {
    /// Moves closed rows at the head of the queue into the columns.
    pub(super) fn drain(&mut self) {
        while self.staged.front().is_some_and(|s| s.closed) || self.staged.len() > MOST_OPEN {
            if let Some(staged) = self.staged.pop_front() {
                self.settle(staged);
            }
        }
    }

    /// Puts a closed staged row into the columns.
    fn settle(&mut self, staged: Staged) {
        self.context(&staged.at);
        let row = self.len;
        for (column, slot, place) in staged.values {
            self.outline.metrics[column].note(1, || self.before + row as u64, place);
            if let (Store::Numbers(words), true) = (&mut self.columns[column], self.store) {
                words.pad(row, &mut self.supply);
                words.push(slot);
            }
        }
        for (column, text, place) in staged.texts {
            self.outline.metrics[column].note(1, || self.before + row as u64, place);
            if let (Store::Texts(texts), true) = (&mut self.columns[column], self.store) {
                texts.pad(row);
                texts.push(Some(&text));
            }
        }
        self.grow(1);
    }
}
