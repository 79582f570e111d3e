//! What the columns of a table are for, and what their cells become.

use std::sync::Arc;

use crate::number;
use crate::read::csv::cells::is_missing;
use crate::read::object::{kind_of_row, rounded, set_apart};
use crate::read::roles::{self, Clock};
use crate::row::{Rows, slot_of};
use crate::time::Stamp;
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};
use crate::wanted::Wanted;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Blank so far: its first cell will tell.
    Open,
    Metric,
    Text,
    /// Step, batch or rank: an integer.
    Whole(Holds),
    /// Epoch, or seconds.
    Context(Holds),
    Time(Clock),
    /// Names the kind of the row.
    Split,
    Drop,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub used: Use,
    pub unit: String,
    /// So many digits behind a point, and a number is whole though nothing ends it; none where that is not known.
    pub decimals: Option<usize>,
}

impl Column {
    pub fn new(name: &str, used: Use) -> Self {
        Column { name: name.to_owned(), used, unit: String::new(), decimals: None }
    }
}

/// A cell as its column takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    Missing,
    Slot(u64),
    /// Not what the column holds.
    Bad,
}

/// How a cell of nothing but a number is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bare {
    Decimal,
    Whole,
    /// Not at once: it may be something else.
    No,
}

impl Bare {
    /// The slot of the number at `at`, and where it ends.
    #[inline]
    pub fn read(self, data: &[u8], at: usize) -> Option<(u64, usize)> {
        match self {
            Bare::Decimal => number::decimal(data, at).map(|(value, end)| (slot_of(value), end)),
            Bare::Whole => number::integer(data, at).map(|(value, end)| (value as u64, end)),
            Bare::No => None,
        }
    }
}

/// The columns in force, and the shapes of their rows.
#[derive(Debug, Clone)]
pub struct Table {
    pub columns: Vec<Column>,
    pub decimal_comma: bool,
    wanted: Wanted,
    utc: bool,
    /// For each column its slot, if it has one.
    slots: Vec<Option<usize>>,
    /// For each column whether anybody asked for it.
    asked: Vec<bool>,
    bare: Vec<Bare>,
    swift: bool,
    /// By kind; the first is that of rows that name none.
    shapes: Vec<(&'static str, Arc<Shape>)>,
}

impl Table {
    pub fn new(columns: Vec<Column>, decimal_comma: bool, utc: bool, wanted: Wanted) -> Self {
        let mut table = Table {
            columns,
            decimal_comma,
            wanted,
            utc,
            slots: Vec::new(),
            asked: Vec::new(),
            bare: Vec::new(),
            swift: false,
            shapes: Vec::new(),
        };
        table.lay_out();
        table
    }

    /// Gives every column that has a use its slot.
    fn lay_out(&mut self) {
        self.slots.clear();
        let mut count = 0;
        for column in &self.columns {
            let has_slot = !matches!(column.used, Use::Open | Use::Split | Use::Drop);
            self.slots.push(has_slot.then_some(count));
            count += usize::from(has_slot);
        }
        let shape = self.shape_of(TRAIN);
        self.asked = self.slots.iter().map(|slot| slot.is_some_and(|slot| shape.fields[slot].wanted)).collect();
        self.shapes = vec![(TRAIN, shape)];
        let bare = |(column, asked): (&Column, &bool)| match column.used {
            Use::Metric if *asked && column.unit.is_empty() => Bare::Decimal,
            Use::Context(_) => Bare::Decimal,
            Use::Whole(_) => Bare::Whole,
            Use::Open | Use::Metric | Use::Text | Use::Time(_) | Use::Split | Use::Drop => Bare::No,
        };
        self.bare = self.columns.iter().zip(&self.asked).map(bare).collect();
        let splits = self.columns.iter().any(|column| column.used == Use::Split);
        self.swift = self.is_settled() && !splits && self.bare.iter().any(|bare| *bare != Bare::No);
    }

    fn shape_of(&self, row_kind: &str) -> Arc<Shape> {
        let mut fields: Vec<Field> = self.columns.iter().filter_map(|column| self.field(column, row_kind)).collect();
        set_apart(&mut fields);
        let kind = kind_of_row(&fields, row_kind);
        Arc::new(Shape { rule: 0, kind, keep: Keep::All, utc: self.utc, guessed: false, fields })
    }

    fn field(&self, column: &Column, row_kind: &str) -> Option<Field> {
        let kind = roles::kind_of_key(&column.name).unwrap_or(row_kind);
        let mut field = match column.used {
            Use::Open | Use::Split | Use::Drop => return None,
            Use::Metric => Field::metric(&column.name, kind, Naming::Stored, Some(&column.unit)),
            Use::Text => Field::text(&column.name, kind, Naming::Stored),
            Use::Whole(holds) | Use::Context(holds) => Field::context(holds),
            Use::Time(_) => Field::context(Holds::WallTime),
        };
        let measured = matches!(column.used, Use::Metric | Use::Text);
        field.wanted = !measured || self.wanted.takes(&field);
        Some(field)
    }

    /// The shape of rows of a kind.
    pub fn shape(&mut self, kind: &'static str) -> &Arc<Shape> {
        let at = self.shapes.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
            self.shapes.push((kind, self.shape_of(kind)));
            self.shapes.len() - 1
        });
        &self.shapes[at].1
    }

    pub fn slot(&self, column: usize) -> Option<usize> {
        self.slots[column]
    }

    /// How a bare number in the column is read.
    #[inline]
    pub fn bare(&self, column: usize) -> Bare {
        self.bare[column]
    }

    /// Whether lines may be read without looking whether they are a header or name a kind.
    pub fn is_swift(&self) -> bool {
        self.swift
    }

    /// Whether every column is known to be for something.
    pub fn is_settled(&self) -> bool {
        self.columns.iter().all(|column| column.used != Use::Open)
    }

    /// Learns from the first row in which a column is not blank what it holds.
    pub fn settle<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>) {
        let mut changed = false;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            if column.used == Use::Open && !is_missing(cell) {
                let number = number_of(cell, &column.name, self.decimal_comma);
                column.used = if number.is_some() { Use::Metric } else { Use::Text };
                column.unit = number.map_or(String::new(), |(_, unit)| unit.to_owned());
                changed = true;
            }
        }
        if changed {
            self.lay_out();
        }
    }

    /// Takes a new header: columns known by name keep their use.
    pub fn rename(&mut self, names: &[&str]) {
        let known = std::mem::take(&mut self.columns);
        let kept = |name: &&str| known.iter().find(|column| column.name == **name).cloned();
        self.columns = names.iter().map(|name| kept(name).unwrap_or_else(|| Column::new(name, Use::Open))).collect();
        self.lay_out();
    }

    /// The kind of a row, if a cell names one.
    pub fn kind<'c>(&self, mut cells: impl Iterator<Item = &'c [u8]>) -> Option<&'static str> {
        let split = self.columns.iter().position(|column| column.used == Use::Split)?;
        cells.nth(split).and_then(roles::kind_of_word)
    }

    /// What a cell becomes; text goes to the rows' if it was asked for.
    pub fn read(&self, column: usize, cell: &[u8], rows: &mut Rows) -> Cell {
        let asked = self.asked[column];
        let Column { used, name, unit, decimals: _ } = &self.columns[column];
        if is_missing(cell) {
            return Cell::Missing;
        }
        let slot = match *used {
            Use::Open | Use::Split | Use::Drop => return Cell::Missing,
            Use::Text if !asked => Some(0),
            Use::Text => {
                rows.seen.recoded += u64::from(std::str::from_utf8(cell).is_err());
                Some(rows.keep_text(cell))
            }
            Use::Metric => {
                let number = number_of(cell, name, self.decimal_comma);
                number
                    .filter(|(_, found)| *found == unit.as_str())
                    .map(|(value, _)| if asked { slot_of(value) } else { 0 })
            }
            Use::Context(_) => context(cell, name, self.decimal_comma),
            Use::Whole(_) => whole(cell).map(|value| value as u64),
            Use::Time(Clock::Stamp) => wall(cell),
            Use::Time(clock) => number::plain(cell).and_then(|value| clock.micros(value)),
        };
        slot.map_or(Cell::Bad, Cell::Slot)
    }
}

/// An epoch, or seconds: a number, a duration or a time of day.
fn context(cell: &[u8], name: &str, decimal_comma: bool) -> Option<u64> {
    match roles::whole_stamp(cell) {
        Some(Stamp::Clock { micros }) => Some(slot_of(micros as f64 / 1e6)),
        Some(Stamp::Wall { .. }) | None => number_of(cell, name, decimal_comma).map(|(value, _)| slot_of(value)),
    }
}

fn wall(cell: &[u8]) -> Option<u64> {
    match roles::whole_stamp(cell)? {
        Stamp::Wall { micros, .. } => Some(micros as u64),
        Stamp::Clock { .. } => None,
    }
}

/// `10`, and `10.0` where a tool made floats of integers.
fn whole(cell: &[u8]) -> Option<i64> {
    match number::integer(cell, 0) {
        Some((value, end)) if end == cell.len() => Some(value),
        Some(_) | None => number::plain(cell).and_then(rounded),
    }
}

/// A cell as a number with its unit: plain, with a decimal comma, a flag, or a quantity.
pub fn number_of<'c>(cell: &'c [u8], name: &str, decimal_comma: bool) -> Option<(f64, &'c str)> {
    let comma = || decimal_comma.then(|| with_comma(cell)).flatten();
    if let Some(value) = number::plain(cell).or_else(|| flag(cell)).or_else(comma) {
        return Some((value, ""));
    }
    let quantity = number::quantity(cell, name.as_bytes())?;
    let unit = std::str::from_utf8(quantity.unit).ok()?;
    let unit_like = unit.chars().next().is_none_or(|first| first.is_alphabetic() || matches!(first, '%' | '°'));
    unit_like.then_some((quantity.value, unit))
}

fn flag(cell: &[u8]) -> Option<f64> {
    match cell {
        b"True" | b"true" | b"TRUE" => Some(1.0),
        b"False" | b"false" | b"FALSE" => Some(0.0),
        _ => None,
    }
}

/// `0,25`.
pub fn with_comma(cell: &[u8]) -> Option<f64> {
    let comma = cell.iter().position(|&b| b == b',')?;
    let mut dotted = cell.to_vec();
    dotted[comma] = b'.';
    number::plain(&dotted)
}
