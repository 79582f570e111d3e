//! Moulds that readers of one plan share.

use std::sync::{Arc, Mutex};

use super::Mould;
use super::bank::{Bank, MOULDS};
use crate::types::Shape;

/// What readers of one plan have learned. It changes how fast a line is read, never what is read.
#[derive(Debug, Clone, Default)]
pub struct Pool(Arc<Mutex<Vec<Kept>>>);

type Kept = (Arc<Mould>, Arc<Shape>);

/// Moulds kept for readers to come.
const POOLED: usize = 16;

impl Pool {
    /// Gives the shape as those before it have it: rows of one shape go into a table together, whoever learned them.
    pub fn keep(&self, mould: &Arc<Mould>, shape: Arc<Shape>) -> Arc<Shape> {
        let Ok(mut all) = self.0.lock() else { return shape };
        let known = all.iter().find(|(_, known)| *known == shape);
        let shape = known.map_or(shape, |(_, known)| Arc::clone(known));
        if all.len() < POOLED {
            all.push((Arc::clone(mould), Arc::clone(&shape)));
        }
        shape
    }

    /// A bank that begins with what other readers have learned.
    pub fn bank(&self) -> Bank {
        let mut bank = Bank::default();
        if let Ok(all) = self.0.lock() {
            all.iter().take(MOULDS).for_each(|(mould, shape)| bank.add(mould, shape));
        }
        bank
    }
}
