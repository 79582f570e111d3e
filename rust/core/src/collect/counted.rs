//! Whose rows are counted where nothing states a step: the train rows, or, where a source has none, all of them.

use crate::row::{Head, MISSING, Rows};
use crate::types::Holds;

/// Rows of other kinds that wait for a train row, at most.
const MOST: usize = 1000;

#[derive(Debug)]
pub enum Counted {
    /// No train row was seen: these rows of other kinds wait for one, with the state lines between them.
    Unknown(Rows),
    Train,
    All,
}

impl Counted {
    pub fn everything(&self) -> bool {
        matches!(self, Counted::All)
    }

    /// Whether no more rows may wait.
    pub fn is_full(&self) -> bool {
        matches!(self, Counted::Unknown(waiting) if waiting.heads.len() >= MOST)
    }

    /// Has a state line wait where rows before it do.
    pub fn keep_between(&mut self, rows: &Rows, head: &Head) -> bool {
        let Counted::Unknown(waiting) = self else { return false };
        let waits = !waiting.heads.is_empty();
        if waits {
            keep(waiting, rows, head);
        }
        waits
    }
}

/// Copies a row behind others, so that its block may go.
pub fn keep(kept: &mut Rows, rows: &Rows, head: &Head) {
    let shape = &rows.shapes[head.shape as usize];
    let ordinal = kept.shape(shape);
    kept.begin(ordinal, head.offset);
    let begins = kept.slots.len() - shape.fields.len();
    for (k, (field, &slot)) in shape.fields.iter().zip(rows.slots_of(head)).enumerate() {
        let text = field.holds == Holds::Text && slot != MISSING;
        kept.slots[begins + k] = if text { kept.keep_text(rows.text_of(slot).as_bytes()) } else { slot };
    }
}

/// A row by itself, to be kept while its block goes.
pub fn alone(rows: &Rows, head: &Head) -> (Rows, Head) {
    let mut kept = Rows::default();
    keep(&mut kept, rows, head);
    (kept, Head { shape: 0, at: 0, offset: head.offset })
}
