//! What a table's columns are, values apart: found by a survey, relied on by a second pass.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_schema::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};

use crate::collect::At;
use crate::collect::stitch::{Resume, Stitch};
use crate::error::{Error, Kind, Result};
use crate::row::MISSING;
use crate::types::Field;

/// More metric columns than this are refused: such logs are read long.
pub const MOST_COLUMNS: usize = 1000;

/// Columns only guessed at need at least so many values.
pub const RECURS: u64 = 3;

/// A text longer than this is cut: it is no measurement.
const LONGEST_TEXT: usize = 4096;

/// What is known of a metric column, values apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    pub name: Arc<str>,
    pub printed: Arc<str>,
    pub kind: Arc<str>,
    pub unit: Option<Arc<str>>,
    pub text: bool,
    /// No format states it, it was only seen.
    pub guessed: bool,
    pub count: u64,
    /// Where its first value stands: the row, and the place in it. Columns are in this order.
    pub first: Option<(u64, usize)>,
}

/// What a survey finds out and a second pass relies on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    pub metrics: Vec<Meaning>,
    pub stitch: Stitch,
    pub ranks: bool,
    pub attempts: bool,
    pub epochs: bool,
    pub wall_times: bool,
    pub utc: bool,
    pub elapsed: bool,
    /// Rows of the sources united so far, more or less: what orders the columns of later ones behind theirs.
    span: u64,
}

impl Meaning {
    /// Notes values of which the first stands at `row`.
    #[inline]
    pub fn note(&mut self, count: u64, row: impl FnOnce() -> u64, place: usize) {
        self.count += count;
        if self.first.is_none() && count > 0 {
            self.first = Some((row(), place));
        }
    }
}

impl Outline {
    /// The metric columns that are really there: a line may leave out what its rule knows.
    pub fn columns(&self) -> impl Iterator<Item = (usize, &Meaning)> {
        let there = |(_, m): &(usize, &Meaning)| m.count >= if m.guessed { RECURS } else { 1 };
        let mut columns: Vec<(usize, &Meaning)> = self.metrics.iter().enumerate().filter(there).collect();
        columns.sort_by_key(|(_, m)| m.first);
        columns.into_iter()
    }

    pub fn time_type(&self) -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, self.utc.then(|| "UTC".into()))
    }

    /// The context columns, in their order: name and type.
    pub fn context(&self) -> Vec<(&'static str, DataType)> {
        let mut columns = vec![("step", DataType::Int64)];
        let optional = [
            (self.ranks, "rank", DataType::Int64),
            (self.attempts, "attempt", DataType::Int64),
            (self.epochs, "epoch", DataType::Float64),
            (self.wall_times, "wall_time", self.time_type()),
            (self.elapsed, "elapsed", DataType::Float64),
        ];
        columns.extend(optional.into_iter().filter(|(there, _, _)| *there).map(|(_, name, kind)| (name, kind)));
        columns
    }

    /// The ordinal of a metric, a new one where the name is new.
    pub fn place(&mut self, field: &Field, text: bool, guessed: bool) -> usize {
        let known = self.metrics.iter().position(|m| m.name == field.name && m.text == text);
        let at = known.unwrap_or_else(|| {
            self.metrics.push(Meaning::of(field, text, guessed));
            self.metrics.len() - 1
        });
        let meaning = &mut self.metrics[at];
        meaning.guessed &= guessed;
        if meaning.unit.is_none() {
            meaning.unit = field.unit.clone();
        }
        at
    }

    /// Notes which context a row has.
    pub fn note(&mut self, at: &At) {
        self.attempts |= at.attempt != 0;
        self.epochs |= at.epoch != MISSING;
        self.wall_times |= at.wall_time != MISSING;
        self.utc |= at.utc && at.wall_time != MISSING;
        self.elapsed |= at.elapsed != MISSING;
    }

    pub fn note_resume(&mut self, resume: Resume) {
        self.stitch.note(resume);
    }

    /// The schema of the wide table, a `run` column first when asked for.
    pub fn schema(&self, run: bool) -> Result<SchemaRef> {
        let mut fields: Vec<ArrowField> = Vec::new();
        if run {
            fields.push(ArrowField::new("run", crate::collect::table::words(), false));
        }
        fields.extend(self.context().into_iter().map(|(name, kind)| ArrowField::new(name, kind, name != "step")));
        let mut names = HashSet::new();
        let metrics: Vec<_> = self.columns().map(|(_, meaning)| apart(meaning.arrow_field(), &mut names)).collect();
        if metrics.len() > MOST_COLUMNS {
            let what = format!(
                "wanted a wide table of at most {MOST_COLUMNS} metrics, found {}; ask for some with metrics=[...], or use layout=\"long\"",
                metrics.len()
            );
            return Err(Error::new(Kind::Usage, what));
        }
        fields.extend(metrics);
        Ok(Arc::new(Schema::new(fields)))
    }

    /// Adds the columns another source has.
    pub fn unite(&mut self, other: &Outline) {
        for theirs in &other.metrics {
            match self.metrics.iter_mut().find(|m| m.name == theirs.name && m.text == theirs.text) {
                Some(ours) => {
                    ours.guessed &= theirs.guessed;
                    ours.count += theirs.count;
                }
                None => {
                    // Behind all that the sources before it have.
                    let first = theirs.first.map(|(row, place)| (row.saturating_add(self.span), place));
                    self.metrics.push(Meaning { first, ..theirs.clone() });
                }
            }
        }
        self.span = self.span.saturating_add(1 << 40);
        self.ranks |= other.ranks;
        self.attempts |= other.attempts;
        self.epochs |= other.epochs;
        self.wall_times |= other.wall_times;
        self.utc |= other.utc;
        self.elapsed |= other.elapsed;
    }
}

impl Meaning {
    fn of(field: &Field, text: bool, guessed: bool) -> Self {
        Meaning {
            name: Arc::clone(&field.name),
            printed: Arc::clone(&field.printed),
            kind: Arc::clone(&field.kind),
            unit: field.unit.clone(),
            text,
            guessed,
            count: 0,
            first: None,
        }
    }

    fn arrow_field(&self) -> ArrowField {
        let kind = if self.text { DataType::Utf8 } else { DataType::Float64 };
        let mut notes = HashMap::from([("kind".to_owned(), self.kind.to_string())]);
        notes.insert("printed".to_owned(), self.printed.to_string());
        if let Some(unit) = &self.unit {
            notes.insert("unit".to_owned(), unit.to_string());
        }
        ArrowField::new(&*self.name, kind, true).with_metadata(notes)
    }
}

/// A column of a name that another has: numbers in one source, words in the next.
fn apart(field: ArrowField, names: &mut HashSet<String>) -> ArrowField {
    let mut name = field.name().clone();
    while !names.insert(name.clone()) {
        name.push('_');
    }
    field.with_name(name)
}

pub fn cut_text(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
