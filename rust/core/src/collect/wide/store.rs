//! The cells of one metric.

use arrow_array::ArrayRef;

use crate::collect::column::{Texts, Words};
use crate::collect::supply::Supply;

#[derive(Debug)]
pub(super) enum Store {
    Numbers(Words),
    Texts(Texts),
}

impl Store {
    pub fn new(text: bool) -> Store {
        if text { Store::Texts(Texts::default()) } else { Store::Numbers(Words::default()) }
    }

    pub fn take(&mut self, len: usize, supply: &mut Supply) -> Option<ArrayRef> {
        match self {
            Store::Numbers(words) if words.is_empty() => None,
            Store::Numbers(words) => {
                words.pad(len, supply);
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
