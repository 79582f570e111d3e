//! Tables turned on their side: a header of splits, `Training | Validation`, and a line a metric below it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::prefix;
use super::seen::{amount, lines};
use super::token::{self, Kind, Token};
use super::words;
use crate::row::{MISSING, Rows, slot_of};
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};

/// The name of a line, and the splits above it.
type Key = (String, Vec<&'static str>);

/// How such tables become rows; shared by all readers of a file.
#[derive(Debug, Default)]
pub struct Splits {
    rule: u32,
    shapes: Mutex<HashMap<Key, Arc<Shape>>>,
}

/// The splits of the header seen last, while its table goes on.
pub type Heads = Vec<&'static str>;

/// Whether the head holds such tables.
pub fn learn(head: &[u8], rule: u32) -> Option<Arc<Splits>> {
    let mut open = Heads::new();
    let (mut rows, mut tables) = (0, 0);
    for line in lines(head) {
        let text = rest(line);
        match header(text) {
            Some(heads) => open = heads,
            None if open.is_empty() => {}
            None => match row(text, open.len()) {
                Some(_) => rows += 1,
                None => {
                    tables += u32::from(rows > 0);
                    open.clear();
                }
            },
        }
    }
    (rows >= 2 && tables + u32::from(!open.is_empty()) >= 2)
        .then(|| Arc::new(Splits { rule, shapes: Mutex::default() }))
}

fn rest(line: &[u8]) -> &str {
    std::str::from_utf8(line.get(prefix::peel(line).rest..).unwrap_or_default()).unwrap_or_default()
}

/// The splits a header names, and nothing else.
fn header(text: &str) -> Option<Heads> {
    let cells = text.split(['|', '│', '┃']).flat_map(|part| part.split("  ")).map(str::trim).filter(|c| !c.is_empty());
    let heads: Option<Heads> = cells.map(words::split).collect();
    heads.filter(|heads| heads.len() >= 2)
}

/// The name and the values of a line below a header of so many splits.
fn row(text: &str, width: usize) -> Option<(&str, Vec<Option<f64>>)> {
    let mut cells: Vec<&str> = match text.contains('|') {
        true => text.trim().trim_matches('|').split('|').map(str::trim).collect(),
        false => text.split("  ").map(str::trim).filter(|c| !c.is_empty()).collect(),
    };
    if cells.len() != width + 1 {
        return None;
    }
    let name = cells.remove(0);
    let values: Option<Vec<Option<f64>>> = cells.into_iter().map(value).collect();
    (name.starts_with(char::is_alphabetic) && name.split(' ').count() <= 4).then_some((name, values?))
}

/// A cell that is one number, or says that there is none.
fn value(cell: &str) -> Option<Option<f64>> {
    let mut tokens: Vec<Token> = Vec::new();
    token::cut(cell.as_bytes(), 0, &mut tokens);
    match tokens.as_slice() {
        [one] if matches!(one.kind, Kind::Number | Kind::Clock) => Some(amount(cell.as_bytes(), one, "")),
        [one] if matches!(one.kind, Kind::Absent | Kind::Mark(b'-')) => Some(None),
        _ => None,
    }
}

impl Splits {
    /// Reads a line; false if it belongs to no such table. `heads` are the splits of the header seen last.
    pub fn line(&self, line: &[u8], offset: u64, heads: &mut Heads, rows: &mut Rows) -> bool {
        let text = rest(line);
        if let Some(found) = header(text) {
            *heads = found;
            return true;
        }
        if heads.is_empty() {
            return false;
        }
        let Some((name, values)) = row(text, heads.len()) else {
            heads.clear();
            return false;
        };
        self.row(name, heads, &values, offset, rows);
        true
    }

    fn row(&self, name: &str, heads: &Heads, values: &[Option<f64>], offset: u64, rows: &mut Rows) {
        let shape = rows.shape(&self.shape(name, heads));
        let slots = rows.begin(shape, offset);
        for (slot, value) in slots.iter_mut().zip(values) {
            *slot = value.map_or(MISSING, slot_of);
        }
        rows.seen.claim(self.rule);
    }

    fn shape(&self, name: &str, heads: &Heads) -> Arc<Shape> {
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let made = shapes.entry((name.to_owned(), heads.clone())).or_insert_with(|| {
            let field = |kind: &&'static str| Field::metric(name, kind, Naming::Printed, None);
            let mut fields: Vec<Field> = Vec::new();
            for field in heads.iter().map(field) {
                // Of two columns of one split the first is read.
                if fields.iter().all(|f| f.name != field.name || f.holds != Holds::Metric) {
                    fields.push(field);
                }
            }
            Arc::new(Shape { rule: self.rule, kind: TRAIN.into(), keep: Keep::All, utc: false, guessed: false, fields })
        });
        Arc::clone(made)
    }
}
