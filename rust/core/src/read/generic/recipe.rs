//! How the lines of one meaning become rows.

use std::sync::Arc;

use super::line::Found;
use super::tables::Apart;
use super::words;
use crate::time::Stamp;
use crate::types::{Field, Holds, Naming, Shape, TRAIN};

/// What becomes of one number of a line: which of those found it is, and its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    pub found: u32,
    pub slot: u32,
    pub whole: bool,
}

/// How the lines of one meaning become rows.
#[derive(Debug)]
pub struct Recipe {
    pub shape: Arc<Shape>,
    pub fills: Vec<Fill>,
    pub stamp: Option<usize>,
    pub rank: Option<usize>,
    /// The number that must have this value, or the line is no row.
    pub only: Option<(u32, f64)>,
    /// What is added to the epoch: the line speaks of what stands above it.
    pub ahead: f64,
}

impl Recipe {
    /// The epoch that a line lends.
    pub fn later(&self, epoch: u64) -> u64 {
        if self.ahead == 0.0 { epoch } else { crate::row::slot_of(f64::from_bits(epoch) + self.ahead) }
    }
}

pub fn stamp_of(flags: u8) -> Option<Holds> {
    match flags & 3 {
        0 => None,
        3 => Some(Holds::Elapsed),
        _ => Some(Holds::WallTime),
    }
}

/// A recipe while it is made.
#[derive(Default)]
pub struct Sketch {
    pub fields: Vec<Field>,
    pub fills: Vec<Fill>,
}

impl Sketch {
    pub fn field(&mut self, field: Field) -> usize {
        self.fields.push(field);
        self.fields.len() - 1
    }

    pub fn fill(&mut self, found: usize, field: Field, whole: bool) {
        let slot = self.field(field) as u32;
        self.fills.push(Fill { found: found as u32, slot, whole });
    }

    pub fn metric(&mut self, k: usize, (found, name): (&Found, &str), apart: Option<&Apart>, row_kind: &str) {
        let kind = match (apart, found.kind) {
            (Some(Apart::Kind(_)), None | Some(TRAIN)) => row_kind,
            (_, kind) => kind.unwrap_or(TRAIN),
        };
        let (name, kind) = match apart {
            Some(Apart::Label(label)) => (format!("{label} {name}"), kind),
            // `train_time` bears its split, which tells it from no other table
            Some(Apart::Kind(own)) if kind == row_kind && words::split_of_name(name) == Some(TRAIN) => {
                (format!("{own} {name}"), TRAIN)
            }
            _ => (name.to_owned(), kind),
        };
        // a magnitude is applied, the rest is kept
        let probe = format!("1{}", found.unit);
        let unit = crate::number::quantity(probe.as_bytes(), found.name.as_bytes());
        let unit = unit.map_or(found.unit.as_bytes(), |q| q.unit);
        let unit = std::str::from_utf8(unit).ok().filter(|u| !u.is_empty());
        let field = Field::metric(&name, kind, Naming::Printed, unit);
        let taken = |fields: &[Field], name: &str| fields.iter().any(|f| f.holds == Holds::Metric && &*f.name == name);
        let others = (2..100).map(|n| format!("{name}_{n}"));
        let names = [format!("{} {name}", found.label)].into_iter().filter(|_| !found.label.is_empty()).chain(others);
        let mut fields = names.map(|name| Field::metric(&name, kind, Naming::Printed, unit));
        let field = match taken(&self.fields, &field.name) {
            true => fields.find(|f| !taken(&self.fields, &f.name)).unwrap_or(field),
            false => field,
        };
        if self.fields.iter().all(|f| f.holds != Holds::Metric || f.name != field.name) {
            self.fill(k, field, false);
        }
    }
}

/// The slot of a stamp.
pub fn stamp_slot(stamp: Stamp) -> u64 {
    match stamp {
        Stamp::Wall { micros, .. } => micros as u64,
        Stamp::Clock { micros } => crate::row::slot_of(micros as f64 / 1e6),
    }
}
