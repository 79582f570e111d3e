//! The values of a stretch, a column a metric, filled in any order.

use std::sync::Arc;

use crate::collect::join::{Cell, Places};
use crate::collect::{At, Columns};
use crate::row::{MISSING, Rows};
use crate::types::Shape;

/// See the module.
#[derive(Debug, Default)]
pub struct Grid {
    columns: Vec<Vec<u64>>,
    context: [Vec<u64>; 3],
    texts: Rows,
}

impl Grid {
    /// Puts a value into a row; `rows` hold its text, where it is one.
    #[inline]
    pub fn put(&mut self, cell: &Cell, row: usize, rows: Option<&Rows>) {
        let slot = match rows {
            Some(rows) => self.texts.keep_text(rows.text_of(cell.slot).as_bytes()),
            None => cell.slot,
        };
        if self.columns.len() <= cell.series {
            self.columns.resize_with(cell.series + 1, Vec::new);
        }
        set(&mut self.columns[cell.series], row, slot);
        for (column, &slot) in self.context.iter_mut().zip(&cell.context) {
            // What the first value of a row says holds for it.
            if slot != MISSING && column.get(row).is_none_or(|&there| there == MISSING) {
                set(column, row, slot);
            }
        }
    }

    /// What is in it, a column a field of the shape, the rows in the order of their steps.
    pub fn columns(self, places: Places, shape: Arc<Shape>, at: At) -> Columns {
        let count = shape.fields.len();
        let order = places.order();
        let steps = places.steps.into_iter().map(|step| step as u64).collect();
        let mut columns: Vec<Vec<u64>> = Vec::with_capacity(count);
        columns.push(steps);
        columns.extend(self.context);
        columns.extend(self.columns);
        columns.resize_with(count, Vec::new);
        if let Some(order) = order {
            columns.iter_mut().for_each(|column| *column = ordered(column, &order));
        }
        Columns { columns, texts: Rows { shapes: vec![shape], ..self.texts }, at }
    }
}

/// The slots of rows in this order.
fn ordered(column: &[u64], order: &[usize]) -> Vec<u64> {
    match column {
        [] => Vec::new(),
        column => order.iter().map(|&row| column.get(row).copied().unwrap_or(MISSING)).collect(),
    }
}

#[inline]
fn set(column: &mut Vec<u64>, row: usize, slot: u64) {
    if row == column.len() {
        return column.push(slot);
    }
    if row > column.len() {
        column.resize(row + 1, MISSING);
    }
    column[row] = slot;
}
