//! A header while it is learned: what its columns do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::row::{Cell, Row, value_of};
use super::{Grid, Kinds, Rows as Shapes, Slots};
use crate::read::generic::header::column_counter;
use crate::read::generic::seen::Trace;
use crate::read::generic::token::Token;
use crate::read::generic::words::{self, Counter};
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};

/// So many columns at the end may be left out, where words may stand.
const NOTES: usize = 2;

/// Labels of one table, at most.
const LABELS: usize = 100;

pub(super) struct Draft {
    pub key: Vec<String>,
    pub cells: Vec<String>,
    headers: u32,
    rows: u32,
    /// How often each label began a row.
    labels: BTreeMap<String, u32>,
    traces: Vec<Trace>,
    pairs: Vec<bool>,
    bars: bool,
    listed: Option<bool>,
    /// The splits of titles above the header.
    titles: BTreeSet<Option<&'static str>>,
}

impl Draft {
    pub fn new(key: Vec<String>, cells: Vec<String>) -> Draft {
        let width = cells.len();
        Draft {
            key,
            cells,
            headers: 0,
            rows: 0,
            labels: BTreeMap::new(),
            traces: vec![Trace::default(); width],
            pairs: vec![false; width],
            bars: false,
            listed: None,
            titles: BTreeSet::new(),
        }
    }

    pub fn open(&mut self) {
        self.headers += 1;
    }

    /// A row of as many cells, with commas between them if the others have them.
    pub fn fits(&self, row: &Row) -> bool {
        let headless = self.cells[0].is_empty() && !matches!(row.cells[0], Cell::Words(..));
        self.cells.len() == row.cells.len() && !row.noted && !headless && self.listed.is_none_or(|l| l == row.listed)
    }

    /// A row that lacks the last cells, of a table that counts.
    pub fn fits_short(&self, row: &Row) -> bool {
        is_short(&self.cells, row)
    }

    pub fn add(&mut self, line: &[u8], tokens: &[Token], row: &Row, title: Option<&'static str>) {
        self.rows += 1;
        self.titles.insert(title);
        self.listed = Some(row.listed);
        self.bars |= row.drawn;
        if let Some(label) = row.label(line, tokens)
            && (self.labels.len() < LABELS || self.labels.contains_key(label))
        {
            *self.labels.entry(label.to_owned()).or_default() += 1;
        }
        for (k, &cell) in row.cells.iter().enumerate() {
            self.pairs[k] |= matches!(cell, Cell::Pair(..));
            if let Some(value) = value_of(line, tokens, cell) {
                self.traces[k].add(value, false);
            }
        }
    }

    /// The words that begin rows: those that recur, if all do and they measure; else the one that most begin with.
    fn labels(&self) -> Vec<&String> {
        let most = self.labels.iter().max_by_key(|(_, count)| **count).filter(|(_, count)| **count >= 2);
        let recur = self.labels.len() > 1 && self.labels.values().all(|count| *count >= 2);
        let splits = self.labels.keys().all(|label| words::split(label).is_some());
        let all = recur && (splits || self.measures());
        if all { self.labels.keys().collect() } else { most.map(|(label, _)| label).into_iter().collect() }
    }

    fn measures(&self) -> bool {
        self.cells.iter().any(|cell| words::measured(cell))
    }

    /// Rows of changing numbers; those that begin with words begin with the same.
    pub fn good(&self) -> bool {
        let changes = self.traces.iter().any(Trace::changes);
        let sized = matches!(self.counter(), Some((_, Counter::Batch))) && !self.measures();
        let told = if self.labels.is_empty() { self.counter().is_some() && !sized } else { !self.labels().is_empty() };
        self.rows >= 2 && changes && told
    }

    /// The column that counts, and what.
    pub fn counter(&self) -> Option<(usize, Counter)> {
        let named = self.cells.iter().enumerate().filter_map(|(k, cell)| Some((k, column_counter(cell)?)));
        let step = named.clone().find(|(_, c)| matches!(c, Counter::Step(_)));
        let rising = || (0..self.cells.len()).find(|&k| self.counts(k)).map(|k| (k, Counter::Step(1)));
        step.or_else(|| named.clone().next()).or_else(rising)
    }

    /// Whether a column rises always, but where a new header stands.
    fn counts(&self, k: usize) -> bool {
        let trace = &self.traces[k];
        let within = trace.rises + trace.falls + 1 == trace.count && trace.falls < self.headers;
        trace.counts() || k == 0 && !trace.fraction && trace.count >= 3 && trace.rises > trace.falls && within
    }

    pub fn grid(&self, counted: bool, rule: u32) -> Option<Grid> {
        let counter = self.counter();
        let kind = if counter.is_none() && counted { "val" } else { TRAIN };
        let labels = self.labels();
        let mut shapes = Shapes::new();
        let mut slots = Slots::new();
        let mut kinds = Kinds::default();
        for title in &self.titles {
            let several = labels.len() > 1;
            let named = labels.iter().map(|label| Some(*label)).chain(labels.is_empty().then_some(None));
            for label in named {
                let split = label.and_then(|label| words::split(label)).or(*title);
                let prefix = label.filter(|label| several && split.is_none() && !words::whole(label));
                let fields;
                (fields, slots, kinds) = self.fields(split.unwrap_or(kind), prefix);
                let keep = if self.bars { Keep::Last } else { Keep::All };
                let kind = split.unwrap_or(kind).into();
                let shape = Shape { rule, kind, keep, utc: false, guessed: false, fields };
                shapes.push((label.cloned(), *title, Arc::new(shape)));
            }
        }
        let metrics = shapes.iter().any(|(.., shape)| shape.fields.iter().any(|f| f.holds == Holds::Metric));
        let listed = self.listed == Some(true);
        let (key, cells) = (self.key.clone(), self.cells.clone());
        metrics.then_some(Grid { key, cells, slots, kinds, listed, shapes })
    }

    /// The fields of a row, which of them each column fills, and where counters have theirs.
    fn fields(&self, kind: &str, prefix: Option<&String>) -> (Vec<Field>, Slots, Kinds) {
        let counter = self.counter();
        let (mut fields, mut slots, mut kinds) = (Vec::new(), Vec::new(), Kinds::default());
        for (k, cell) in self.cells.iter().enumerate() {
            let epoch = column_counter(cell) == Some(Counter::Epoch);
            let name = prefix.map_or(cell.clone(), |prefix| format!("{prefix} {cell}"));
            let field = match () {
                () if k == 0 && !self.labels.is_empty() || words::estimate(cell) => None,
                () if epoch => Some(Field::context(Holds::Epoch)),
                () if counter.is_some_and(|(at, _)| at == k) => Some(Field::context(Holds::Step)),
                () if self.traces[k].count == 0 => None,
                () => Some(Field::metric(&name, words::split_of_name(cell).unwrap_or(kind), Naming::Printed, None)),
            };
            let taken = |f: &Field| fields.iter().any(|o: &Field| o.name == f.name && o.holds == f.holds);
            let field = field.filter(|f| !taken(f));
            slots.push(field.as_ref().map(|f| (fields.len(), f.holds == Holds::Step)));
            let with_total = epoch && self.pairs[k] && field.is_some();
            fields.extend(field);
            if with_total {
                kinds.totals = Some(fields.len());
                fields.push(Field::context(Holds::Epochs));
            }
        }
        if self.bars {
            fields.extend([Field::context(Holds::Batch), Field::context(Holds::Batches)]);
            kinds.bar = Some((fields.len() - 2, fields.len() - 1));
        }
        (fields, slots, kinds)
    }
}

/// Whether a row lacks the last cells of a table that counts.
pub(super) fn is_short(cells: &[String], row: &Row) -> bool {
    let missing = cells.len().saturating_sub(row.cells.len());
    let counted = column_counter(&cells[0]).is_some() && matches!(row.cells.first(), Some(Cell::Number(_)));
    let notes = cells.last().is_some_and(|last| !words::measured(last));
    (1..=NOTES).contains(&missing) && row.cells.len() >= 3 && counted && notes && !row.listed && !row.drawn
}
