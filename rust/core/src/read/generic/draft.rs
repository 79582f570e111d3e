//! A table while it is learned: what its columns and its first cells do.

use std::sync::Mutex;

use super::cells::{Cell, Row};
use super::grid::Grid;
use super::header::{Columns, Header, column_counter};
use super::seen::{Rose, Trace};
use super::words::{self, Counter};
use crate::types::Holds;

/// Words that begin rows, at most; more name no categories.
const LABELS: usize = 200;
/// Times a counter begins again where it counts within something.
const AGAIN: u32 = 3;

/// One header, its columns, and the rows seen below it.
pub struct Draft {
    pub header: Header,
    pub columns: Columns,
    /// How often the header stood there.
    headers: u32,
    /// No row has come since the header was seen.
    fresh: bool,
    /// The same names are measured more often by another table.
    pub sums: bool,
    pub rows: u32,
    labels: Vec<(String, u32)>,
    traces: Vec<Trace>,
    pairs: Vec<bool>,
    texts: Vec<bool>,
    /// How often a number did not rise from one row of a table to the next.
    stalls: Vec<u32>,
    bars: bool,
}

impl Draft {
    pub fn new(header: Header, columns: Columns) -> Draft {
        let width = columns.names.len();
        Draft {
            header,
            columns,
            headers: 1,
            fresh: true,
            sums: false,
            rows: 0,
            labels: Vec::new(),
            traces: vec![Trace::default(); width],
            pairs: vec![false; width],
            texts: vec![false; width],
            stalls: vec![0; width],
            bars: false,
        }
    }

    /// Its header stands there again.
    pub fn again(&mut self) {
        self.headers += 1;
        self.fresh = true;
    }

    pub fn add(&mut self, row: &Row) {
        self.rows += 1;
        self.bars |= row.drawn;
        if let Some(label) = row.label() {
            match self.labels.iter().position(|(own, _)| own == label) {
                Some(at) => self.labels[at].1 += 1,
                None if self.labels.len() < LABELS => self.labels.push((label.to_owned(), 1)),
                None => {}
            }
        }
        for (k, cell) in row.cells.iter().enumerate() {
            self.pairs[k] |= matches!(cell, Cell::Pair(..));
            self.texts[k] |= matches!(cell, Cell::Word(_));
            if let Some(value) = cell.value() {
                let stalls = !self.fresh && value <= self.traces[k].last;
                self.stalls[k] += u32::from(stalls);
                self.traces[k].add(value, Rose::default());
            }
        }
        self.fresh = false;
    }

    /// The words that begin several rows each.
    fn labels(&self) -> Vec<String> {
        self.labels.iter().filter(|(_, count)| *count >= 2).map(|(label, _)| label.clone()).collect()
    }

    /// Rows of changing numbers; those that begin with words begin with the same ones again.
    pub fn good(&self) -> bool {
        let changes = self.traces.iter().any(Trace::changes);
        let enough = self.rows >= if self.header.loose { 3 } else { 2 };
        enough && changes && if self.labels.is_empty() { self.counts() } else { self.labelled() }
    }

    fn counts(&self) -> bool {
        let measures = || !self.header.loose && self.columns.names.iter().any(|n| words::measured(n));
        // sizes in batches measure nothing
        let counted = match self.counter() {
            Some((_, Counter::Batch)) => self.columns.names.iter().any(|n| words::measured(n)),
            other => other.is_some(),
        };
        counted || self.headers >= 2 && self.headers >= self.rows && measures()
    }

    fn labelled(&self) -> bool {
        let labels = self.labels();
        let said: u32 = self.labels.iter().filter(|(_, count)| *count >= 2).map(|(_, count)| count).sum();
        let counted = labels.iter().any(|l| l.split(' ').next().is_some_and(|w| words::counter(w).is_some()));
        let splits = labels.iter().all(|l| words::split(l).is_some());
        let told = splits || !self.header.loose || self.header.spaced();
        let wide = self.columns.names.len() > 2 || labels.len() > 1;
        !labels.is_empty() && !counted && told && wide && (labels.len() == 1 || said * 2 > self.rows)
    }

    /// The column that counts, and what.
    pub fn counter(&self) -> Option<(usize, Counter)> {
        let names = self.columns.names.iter().enumerate();
        let named = names.filter_map(|(k, cell)| Some((k, column_counter(cell)?)));
        let step = named.clone().find(|(_, c)| matches!(c, Counter::Step(_)));
        let counts = |k: &usize| self.traces[*k].counts() || self.rises_within(*k);
        let rising = || (0..self.traces.len()).find(counts).map(|k| (k, Counter::Step(1)));
        step.or_else(|| named.clone().next()).or_else(rising)
    }

    /// A count that begins again where its header does.
    fn rises_within(&self, k: usize) -> bool {
        let trace = &self.traces[k];
        let begins = trace.falls > 0 && trace.falls < self.headers && trace.rises > trace.falls;
        let named = !self.columns.names[k].eq_ignore_ascii_case("id");
        begins && named && !trace.fraction && self.stalls[k] * 10 <= trace.count
    }

    /// It counts within something, and is no run that was begun again.
    fn restarts(&self, k: usize) -> bool {
        self.rises_within(k) && self.traces[k].falls >= AGAIN
    }

    /// What it counts, and what it measures.
    fn told(&self) -> (Vec<Holds>, Vec<&String>) {
        let of = |k| self.context(k);
        let names = self.columns.names.iter().enumerate();
        (
            (0..self.traces.len()).filter_map(of).collect(),
            names.filter(|(k, _)| of(*k).is_none()).map(|(_, name)| name).collect(),
        )
    }

    /// Whether it says once an epoch what the other says more often.
    pub fn sums_up(&self, other: &Draft) -> bool {
        let ((own, names), (finer, others)) = (self.told(), other.told());
        let fine = |h: &Holds| matches!(h, Holds::Step | Holds::Batch);
        let once = own.contains(&Holds::Epoch) && !own.iter().any(fine) && !self.bars;
        once && (other.bars || finer.iter().any(fine)) && names.iter().any(|name| others.contains(name))
    }

    /// What a column holds, if it is no metric.
    fn context(&self, k: usize) -> Option<Holds> {
        let (at, _) = self.counter()?;
        let names = &self.columns.names;
        let epochs = names.iter().any(|n| column_counter(n) == Some(Counter::Epoch));
        let own = column_counter(&names[k]);
        match own {
            Some(Counter::Epoch) => Some(Holds::Epoch),
            Some(Counter::Batch) if epochs => Some(Holds::Batch),
            _ if at == k && self.restarts(k) && !epochs => Some(Holds::Batch),
            _ if at == k => Some(Holds::Step),
            _ => None,
        }
    }

    /// How its rows are read; `counted` where another table of the file counts.
    pub fn grid(&self, counted: bool, rule: u32) -> Option<Grid> {
        let split = if self.counter().is_none() && self.labels().len() < 2 && counted { Some("val") } else { None };
        let skipped = |k: usize, name: &str| {
            k == 0 && !self.labels.is_empty() || words::estimate(name) || self.texts[k] && self.traces[k].count == 0
        };
        let columns = self.columns.names.iter().enumerate();
        let columns: Vec<Option<(String, Option<Holds>)>> =
            columns.map(|(k, name)| (!skipped(k, name)).then(|| (self.name(k), self.context(k)))).collect();
        columns.iter().flatten().any(|(_, holds)| holds.is_none()).then(|| {
            let totals = (0..columns.len()).find(|&k| self.pairs[k] && self.context(k) == Some(Holds::Epoch));
            Grid {
                header: self.header.clone(),
                columns: self.columns.clone(),
                fields: columns,
                labels: self.labels(),
                totals,
                bars: self.bars,
                split,
                sums: self.sums,
                rule,
                shapes: Mutex::default(),
            }
        })
    }

    /// What a column is called: `Box(P  R  mAP50)` names a group where other columns bear the same names.
    fn name(&self, k: usize) -> String {
        let names = &self.columns.names;
        let bare = |name: &str| name.trim_end_matches(')').rsplit('(').next().unwrap_or_default().to_owned();
        let twins = names.iter().filter(|n| bare(n) == bare(&names[k])).count() > 1;
        let opens = |n: &&String| n.contains('(') && !n.contains(')');
        let group =
            names[..=k].iter().rposition(|n| opens(&n)).filter(|&g| !names[g..k].iter().any(|n| n.contains(')')));
        match group.and_then(|g| names[g].split('(').next()) {
            Some(group) if twins || group_twins(names, &bare) => format!("{group} {}", bare(&names[k])),
            _ => names[k].clone(),
        }
    }
}

/// Whether two groups of columns bear the same names.
fn group_twins(names: &[String], bare: &dyn Fn(&str) -> String) -> bool {
    let opened: Vec<String> = names.iter().filter(|n| n.contains('(') && !n.contains(')')).map(|n| bare(n)).collect();
    opened.iter().enumerate().any(|(k, name)| opened[..k].contains(name))
}
