//! Boxes: a line a metric, `| name | value |`, and a ruler above and below; one box is one row.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::seen::{amount, lines};
use super::token::{self, Kind, Token};
use super::words::{self, Counter};
use crate::row::{Rows, slot_of};
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};

/// How boxes become rows; shared by all readers of a file.
#[derive(Debug, Default)]
pub struct Boxes {
    shapes: Mutex<HashMap<Vec<String>, Arc<Shape>>>,
}

/// The box being read.
#[derive(Debug, Default)]
pub struct Open {
    offset: u64,
    group: String,
    names: Vec<String>,
    values: Vec<f64>,
}

/// A line of a box.
enum Part<'a> {
    Ruler,
    /// The name's indent, the name, and its value.
    Entry(usize, &'a str, f64),
    /// A name that stands over others.
    Group(&'a str),
    Other,
}

/// Whether the head holds boxes.
pub fn learn(head: &[u8]) -> Option<Arc<Boxes>> {
    let (mut entries, mut boxes, mut inside) = (0, 0, false);
    for line in lines(head) {
        match part(line) {
            Part::Ruler => inside = true,
            Part::Entry(..) if inside => {
                entries += 1;
                boxes += u32::from(entries == 1);
            }
            Part::Entry(..) | Part::Group(_) => {}
            Part::Other => inside = false,
        }
        if matches!(part(line), Part::Ruler) && entries > 1 {
            boxes += 1;
        }
    }
    (entries >= 3 && boxes >= 2).then(Arc::default)
}

fn part(line: &[u8]) -> Part<'_> {
    let line = line.trim_ascii();
    if is_ruler(line) {
        return Part::Ruler;
    }
    let Some((name, value)) = cells(line) else { return Part::Other };
    let indent = name.len() - name.trim_start().len();
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() || name.bytes().next().is_some_and(|b| b.is_ascii_digit()) {
        return Part::Other;
    }
    match number(value) {
        // a row of a table of splits
        Some(_) if words::split(name).is_some() => Part::Other,
        Some(value) => Part::Entry(indent, name, value),
        None if value.is_empty() => Part::Group(name),
        None => Part::Other,
    }
}

/// A line of dashes and their like.
pub fn is_ruler(line: &[u8]) -> bool {
    let drawn = |b: &u8| matches!(b, b'-' | b'=' | b'+' | b'_' | b'~' | b' ' | b'|') || *b >= 0x80;
    line.len() >= 5 && line.iter().all(drawn) && line.iter().filter(|b| !matches!(b, b' ' | b'|')).count() >= 5
}

/// The two cells of a line of a box.
fn cells(line: &[u8]) -> Option<(&str, &str)> {
    let text = std::str::from_utf8(line).ok()?;
    let bar = ['|', '│', '┃', '║'].into_iter().find(|&bar| text.starts_with(bar) && text.ends_with(bar))?;
    let inside = text.strip_prefix(bar)?.strip_suffix(bar)?;
    let (name, value) = inside.split_once(bar)?;
    (!value.contains(bar)).then_some((name, value))
}

/// A cell that is one number.
fn number(cell: &str) -> Option<f64> {
    let mut tokens = Vec::new();
    token::cut(cell.as_bytes(), 0, &mut tokens);
    let solid: Vec<&Token> = tokens.iter().filter(|t| !t.is_blank()).collect();
    match solid.as_slice() {
        [one] if matches!(one.kind, Kind::Number | Kind::Clock) => amount(cell.as_bytes(), one, ""),
        [one, unit] if one.kind == Kind::Number && unit.kind == Kind::Word => amount(cell.as_bytes(), one, ""),
        _ => None,
    }
}

impl Boxes {
    /// Reads a line; false if it belongs to no box.
    pub fn line(&self, line: &[u8], offset: u64, open: &mut Open, rows: &mut Rows) -> bool {
        match part(line) {
            Part::Ruler => self.close(open, rows),
            Part::Group(name) => open.group = name.to_owned(),
            Part::Entry(indent, name, value) => open.take(indent, name, value, offset),
            Part::Other => {
                self.close(open, rows);
                return false;
            }
        }
        true
    }

    /// Ends the box: it is a row.
    pub fn close(&self, open: &mut Open, rows: &mut Rows) {
        let Open { offset, names, values, .. } = std::mem::take(open);
        if names.is_empty() {
            return;
        }
        let lines = names.len() as u64;
        let shape = self.shape(names);
        let ordinal = rows.shape(&shape);
        let slots = rows.begin(ordinal, offset);
        for ((slot, value), field) in slots.iter_mut().zip(values).zip(&shape.fields) {
            *slot = if field.holds == Holds::Step { value as i64 as u64 } else { slot_of(value) };
        }
        rows.seen.claim_many(shape.rule, lines);
    }

    fn shape(&self, names: Vec<String>) -> Arc<Shape> {
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let made = shapes.entry(names).or_insert_with_key(|names| Arc::new(shape(names)));
        Arc::clone(made)
    }
}

impl Open {
    fn take(&mut self, indent: usize, name: &str, value: f64, offset: u64) {
        if self.names.is_empty() {
            self.offset = offset;
        }
        let name = if indent > 1 { format!("{}{name}", self.group) } else { name.to_owned() };
        self.names.push(name);
        self.values.push(value);
    }
}

fn shape(names: &[String]) -> Shape {
    let rank = |name: &String| match words::counter(name.rsplit('/').next().unwrap_or(name)) {
        Some(Counter::Step(rank)) => rank,
        Some(Counter::Epoch | Counter::Batch | Counter::Bare | Counter::Bar | Counter::Rank) | None => 0,
    };
    let step = names.iter().enumerate().rev().max_by_key(|(_, name)| rank(name)).filter(|(_, name)| rank(name) > 0);
    let epoch = names.iter().position(|name| words::counter(name) == Some(Counter::Epoch));
    let field = |(k, name): (usize, &String)| match step {
        Some((at, _)) if at == k => Field::context(Holds::Step),
        _ if epoch == Some(k) => Field::context(Holds::Epoch),
        Some(_) | None => Field::metric(name, words::split_of_name(name).unwrap_or(TRAIN), Naming::Printed, None),
    };
    let mut fields: Vec<Field> = names.iter().enumerate().map(field).collect();
    for k in 0..fields.len() {
        let twins = fields[..k].iter().filter(|f| f.holds == Holds::Metric && f.name == fields[k].name).count();
        if twins > 0 {
            fields[k] = Field::metric(&format!("{}_{}", names[k], twins + 1), TRAIN, Naming::Printed, None);
        }
    }
    let kinds: Vec<&str> = fields.iter().filter(|f| f.holds == Holds::Metric).map(|f| &*f.kind).collect();
    let kind = kinds.first().filter(|first| kinds.iter().all(|k| k == *first)).copied().unwrap_or(TRAIN);
    Shape { rule: 0, kind: kind.into(), keep: Keep::All, utc: false, guessed: false, fields }
}
