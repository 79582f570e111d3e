//! The cells of one metric.

use arrow_array::ArrayRef;
use fastlogs_simd::Column;

use crate::collect::column::{Texts, Words};

#[derive(Debug)]
pub(super) enum Store {
    Numbers(Words),
    Texts(Texts),
}

impl Store {
    pub fn new(text: bool) -> Store {
        if text { Store::Texts(Texts::default()) } else { Store::Numbers(Words::default()) }
    }

    /// Gives it memory for the next batch.
    pub fn give(&mut self, column: Column) {
        if let Store::Numbers(words) = self {
            words.give(column);
        }
    }

    pub fn take(&mut self, len: usize, batch: usize) -> Option<ArrayRef> {
        match self {
            Store::Numbers(words) if words.is_empty() => None,
            Store::Numbers(words) => {
                words.pad(len, batch);
                Some(words.take_f64())
            }
            Store::Texts(texts) if texts.is_empty() => None,
            Store::Texts(texts) => {
                texts.pad(len);
                Some(texts.take())
            }
        }
    }
}
