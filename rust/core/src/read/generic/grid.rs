//! Tables with a header: the names stand once, rows of numbers below them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::boxes::is_ruler;
use super::cells::{Cell, Row};
use super::draft::Draft;
use super::header::{Columns, Header, header};
use super::prefix;
use super::seen::lines;
use super::token::{self, Kind, Token};
use super::words;
use crate::row::{MISSING, Rows, slot_of};
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};

/// Headers whose rows may still come, at most.
const OPEN: usize = 8;

/// The split a table is about, and the words its row begins with.
pub type Key = (Option<&'static str>, String);

/// One header and how the rows below it are read.
#[derive(Debug)]
pub struct Grid {
    pub(super) header: Header,
    pub(super) columns: Columns,
    /// What each column is called, and what it holds if it is no metric.
    pub(super) fields: Vec<Option<(String, Option<Holds>)>>,
    /// The words that begin the rows, where the first column has words.
    pub(super) labels: Vec<String>,
    /// The column whose pairs bear a total.
    pub(super) totals: Option<usize>,
    pub(super) bars: bool,
    pub(super) split: Option<&'static str>,
    /// It says once an epoch what another table says more often.
    pub(super) sums: bool,
    pub(super) rule: u32,
    pub(super) shapes: Mutex<HashMap<Key, Arc<Laid>>>,
}

/// The shape of the rows of one label, and the slots of their cells.
#[derive(Debug)]
pub struct Laid {
    shape: Arc<Shape>,
    slots: Vec<Option<usize>>,
}

/// The tables of one file.
#[derive(Debug, Default)]
pub struct Grids {
    grids: Vec<Grid>,
}

/// The headers seen last, each with the split its title named.
#[derive(Debug, Default)]
pub struct Latest {
    open: Vec<(usize, Option<&'static str>)>,
    title: Option<&'static str>,
}

/// The tables of the head; their rules are counted from `rule`.
pub fn learn(head: &[u8], rule: u32) -> Option<Arc<Grids>> {
    let mut learner = Learner::default();
    for line in lines(head) {
        learner.line(line);
    }
    let mut drafts = learner.drafts;
    drafts.retain(Draft::good);
    for k in 0..drafts.len() {
        drafts[k].sums = drafts.iter().any(|other| drafts[k].sums_up(other));
    }
    let counted = drafts.iter().any(|d| d.counter().is_some());
    let grids: Vec<Grid> = drafts.iter().zip(rule..).filter_map(|(d, rule)| d.grid(counted, rule)).collect();
    (!grids.is_empty()).then(|| Arc::new(Grids { grids }))
}

/// What the lines of the head have shown so far.
#[derive(Default)]
struct Learner {
    drafts: Vec<Draft>,
    /// The latest last.
    open: Vec<Header>,
    above: Option<Header>,
    tokens: Vec<Token>,
}

impl Learner {
    fn line(&mut self, line: &[u8]) {
        let mut tokens = std::mem::take(&mut self.tokens);
        token::cut(line, prefix::peel(line).rest, &mut tokens);
        match header(line, &tokens) {
            Some(found) => self.header(found),
            None if is_drawn(line) => {}
            None => {
                self.above = None;
                self.row(line, &tokens);
                let drafts = &self.drafts;
                self.open.retain(|h| !h.loose || drafts.iter().any(|d| d.header.key == h.key));
            }
        }
        self.tokens = tokens;
    }

    fn header(&mut self, found: Header) {
        let found = found.below(self.above.as_ref());
        for draft in self.drafts.iter_mut().filter(|d| d.header.key == found.key) {
            draft.again();
        }
        self.open.retain(|h| h.key != found.key);
        if self.open.len() >= OPEN {
            self.open.remove(0);
        }
        self.above = Some(found.clone());
        self.open.push(found);
    }

    /// Adds a row to the table of the latest header that names its cells.
    fn row(&mut self, line: &[u8], tokens: &[Token]) {
        for (age, header) in self.open.iter().rev().enumerate() {
            for &cut in header.cuts() {
                let Some(row) = Row::of(line, tokens, cut) else { continue };
                let Some(columns) = header.columns(&row, cut, age > 0) else { continue };
                let known = self.drafts.iter().position(|d| d.header.key == header.key && d.columns == columns);
                let at = known.unwrap_or_else(|| {
                    self.drafts.push(Draft::new(header.clone(), columns));
                    self.drafts.len() - 1
                });
                self.drafts[at].add(&row);
                return;
            }
        }
    }
}

/// A ruler, or marks alone.
fn is_drawn(line: &[u8]) -> bool {
    is_ruler(line) || !line.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
}

/// The split that a line of a few words names, and nothing else.
fn titled(line: &[u8], tokens: &[Token]) -> Option<&'static str> {
    let mut words = tokens.iter().filter(|t| !t.is_blank() && !matches!(t.kind, Kind::Mark(_)));
    let first = words.next().filter(|t| t.kind == Kind::Word)?;
    let few = words.clone().count() <= 1 && words.all(|t| t.kind == Kind::Word);
    words::split(std::str::from_utf8(first.text(line)).ok()?).filter(|_| few)
}

impl Grids {
    pub fn titles(&self) -> impl Iterator<Item = String> {
        self.grids.iter().map(|grid| grid.columns.names.join(", "))
    }

    /// Reads a line; false if it is neither a header nor a row of a table. `latest` are the headers seen last.
    pub fn line(&self, line: &[u8], tokens: &[Token], offset: u64, latest: &mut Latest, rows: &mut Rows) -> bool {
        if let Some(found) = header(line, tokens)
            && self.grids.iter().any(|g| g.header.key == found.key)
        {
            self.open(&found.key, latest);
            return true;
        }
        if !is_drawn(line) {
            latest.title = titled(line, tokens);
        }
        latest.open.iter().rev().any(|&(at, split)| self.grids[at].take(line, tokens, split, offset, rows))
    }

    fn open(&self, key: &str, latest: &mut Latest) {
        latest.open.retain(|&(at, _)| self.grids[at].header.key != key);
        let split = latest.title;
        let own = (0..self.grids.len()).filter(|&at| self.grids[at].header.key == key);
        latest.open.extend(own.map(|at| (at, split)));
        let over = latest.open.len().saturating_sub(OPEN);
        latest.open.drain(..over);
    }
}

impl Grid {
    fn take(&self, line: &[u8], tokens: &[Token], split: Option<&'static str>, offset: u64, rows: &mut Rows) -> bool {
        let Some(row) = Row::of(line, tokens, self.columns.cut).filter(|row| self.fits(row)) else { return false };
        let label = row.label().unwrap_or_default();
        if !label.is_empty() && !self.labels.iter().any(|l| l == label) {
            return self.labels.len() > 1;
        }
        let laid = self.laid(split, label);
        let ordinal = rows.shape(&laid.shape);
        let slots = rows.begin(ordinal, offset);
        for (slot, cell) in laid.slots.iter().zip(&row.cells) {
            let Some(slot) = *slot else { continue };
            slots[slot] = cell.value().map_or(MISSING, |value| filled(value, laid.shape.fields[slot].holds));
        }
        if let (Some(total), Some(slot)) = (self.totals, laid.shape.position(Holds::Epochs))
            && let Some(Cell::Pair(_, all)) = row.cells.get(total)
        {
            slots[slot] = slot_of(*all);
        }
        if let (true, Some((now, all))) = (self.bars, row.bar) {
            let end = laid.shape.fields.len();
            slots[end - 2] = filled(now, Holds::Batch);
            slots[end - 1] = filled(all, Holds::Batches);
        }
        rows.seen.claim(self.rule);
        true
    }

    fn fits(&self, row: &Row) -> bool {
        let gaps = || self.header.columns(row, self.columns.cut, false).is_some_and(|c| c == self.columns);
        row.cells.len() == self.columns.names.len()
            && row.drawn == self.bars
            && row.label().is_some() != self.labels.is_empty()
            && (!self.columns.gaps || gaps())
    }

    fn laid(&self, split: Option<&'static str>, label: &str) -> Arc<Laid> {
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let made = shapes.entry((split, label.to_owned())).or_insert_with(|| Arc::new(self.lay(split, label)));
        Arc::clone(made)
    }

    fn lay(&self, title: Option<&'static str>, label: &str) -> Laid {
        let own = words::split(label);
        let split = match own.or(title).or(self.split).unwrap_or(TRAIN) {
            TRAIN if self.sums => "epoch".to_owned(),
            split if self.sums => format!("{split}_epoch"),
            split => split.to_owned(),
        };
        let mut fields: Vec<Field> = Vec::new();
        let mut slots = Vec::new();
        for column in &self.fields {
            let field = column.as_ref().map(|(name, holds)| match holds {
                Some(holds) => Field::context(*holds),
                None => self.metric(name, &split, label),
            });
            let taken = |f: &Field| fields.iter().any(|o: &Field| o.name == f.name && o.holds == f.holds);
            let field = field.filter(|f| !taken(f));
            slots.push(field.as_ref().map(|_| fields.len()));
            fields.extend(field);
        }
        fields.extend(self.totals.map(|_| Field::context(Holds::Epochs)));
        if self.bars {
            fields.extend([Field::context(Holds::Batch), Field::context(Holds::Batches)]);
        }
        let keep = if self.bars { Keep::Last } else { Keep::All };
        let shape = Shape { rule: self.rule, kind: split.as_str().into(), keep, utc: false, guessed: false, fields };
        Laid { shape: Arc::new(shape), slots }
    }

    /// A column of one category bears its name too.
    fn metric(&self, name: &str, split: &str, label: &str) -> Field {
        let kind = words::split_of_name(name).unwrap_or(split);
        let bare = self.labels.len() < 2 || words::split(label).is_some();
        let bare = bare || words::whole(label);
        match () {
            () if bare => Field::metric(name, kind, Naming::Printed, None),
            () if name.eq_ignore_ascii_case("value") => Field::metric(label, kind, Naming::Printed, None),
            () => Field::metric(&format!("{label} {name}"), kind, Naming::Printed, None),
        }
    }
}

/// A value as the slot of a column holds it.
fn filled(value: f64, holds: Holds) -> u64 {
    match holds {
        Holds::Step | Holds::Batch | Holds::Batches if value.fract() == 0.0 => value as i64 as u64,
        Holds::Step | Holds::Batch | Holds::Batches => MISSING,
        _ => slot_of(value),
    }
}
