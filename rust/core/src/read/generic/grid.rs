//! Tables with a header: the names stand once, rows of numbers below them.

use std::sync::Arc;

use super::header::{Header, column_counter, header};
use super::prefix;
use super::seen::{Rose, Trace, amount, lines};
use super::token::{self, Kind, Token};
use super::words::{self, Counter};
use crate::row::{MISSING, Rows, slot_of};
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};

/// One header and how the rows below it are read.
#[derive(Debug)]
pub struct Grid {
    /// The last line of the header.
    key: Vec<String>,
    cells: Vec<String>,
    /// The word that begins the rows, where the first column has words.
    label: Option<String>,
    slots: Vec<Option<(usize, bool)>>,
    totals: Option<usize>,
    bar: Option<(usize, usize)>,
    shape: Arc<Shape>,
}

/// The tables of one file.
#[derive(Debug, Default)]
pub struct Grids {
    grids: Vec<Grid>,
}

/// A header while it is learned.
struct Draft {
    key: Vec<String>,
    cells: Vec<String>,
    rows: u32,
    words: Vec<String>,
    traces: Vec<Trace>,
    pairs: Vec<bool>,
    bars: bool,
}

/// One cell of a row.
#[derive(Clone, Copy)]
enum Cell {
    Number(u32),
    Pair(u32, u32),
    Word(u32),
    Absent,
}

/// The cells of a row, and the counter of the bar that may follow them.
struct Row {
    cells: Vec<Cell>,
    bar: Option<(u32, u32)>,
    drawn: bool,
}

/// The tables of the head; their rules are counted from `rule`.
pub fn learn(head: &[u8], rule: u32) -> Option<Arc<Grids>> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut latest: Vec<usize> = Vec::new();
    let mut tokens = Vec::new();
    let mut above: Option<Header> = None;
    for line in lines(head) {
        let rest = prefix::peel(line).rest;
        token::cut(line, rest, &mut tokens);
        let found = header(line, &tokens);
        let before = std::mem::replace(&mut above, found.clone());
        if let Some(found) = found {
            let Some(names) = found.names(before.as_ref()) else { continue };
            above = Some(found.so_far(&names));
            let at = drafts.iter().position(|d| d.key == found.cells && d.cells == names).unwrap_or_else(|| {
                drafts.push(Draft::new(found.cells, names));
                drafts.len() - 1
            });
            latest.retain(|&k| k != at && drafts[k].cells.len() != drafts[at].cells.len());
            latest.push(at);
        } else if let Some(row) = row(&tokens)
            && let Some(&at) = latest.iter().find(|&&k| drafts[k].cells.len() == row.cells.len())
        {
            drafts[at].add(line, &tokens, &row);
        }
    }
    let counted = drafts.iter().any(|d| d.good() && d.counter().is_some());
    let grids: Vec<Grid> =
        drafts.iter().filter(|d| d.good()).zip(rule..).filter_map(|(d, rule)| d.grid(counted, rule)).collect();
    (!grids.is_empty()).then(|| Arc::new(Grids { grids }))
}

/// The cells of a row: numbers and pairs, blanks or bars between them; the first may be a word.
fn row(tokens: &[Token]) -> Option<Row> {
    let mut row = Row { cells: Vec::new(), bar: None, drawn: false };
    let mut k = 0;
    while k < tokens.len() {
        let token = &tokens[k];
        match token.kind {
            Kind::Blank | Kind::Wide => {}
            Kind::Number if tokens.get(k + 1).is_some_and(|t| t.kind == Kind::Bar) => {
                row.drawn = true;
                row.bar = pair_after(tokens, k + 2);
                break;
            }
            Kind::Number => {
                let pair = tokens.get(k + 1).is_some_and(|t| t.is(b'/')).then(|| tokens.get(k + 2)).flatten();
                match pair.filter(|t| t.kind == Kind::Number) {
                    Some(_) => {
                        row.cells.push(Cell::Pair(k as u32, k as u32 + 2));
                        k += 2;
                    }
                    None => row.cells.push(Cell::Number(k as u32)),
                }
            }
            Kind::Clock => row.cells.push(Cell::Number(k as u32)),
            Kind::Absent => row.cells.push(Cell::Absent),
            Kind::Mark(b'-') => row.cells.push(Cell::Absent),
            Kind::Word if row.cells.is_empty() => row.cells.push(Cell::Word(k as u32)),
            Kind::Mark(b'|') => {}
            Kind::Mark(b':') if !row.cells.is_empty() && rest_is_bar(&tokens[k + 1..]) => {}
            Kind::Mark(_) | Kind::Word | Kind::Junk | Kind::Text | Kind::Key | Kind::Bar => return None,
        }
        k += 1;
    }
    let numbers = row.cells.iter().filter(|c| matches!(c, Cell::Number(_) | Cell::Pair(..))).count();
    (numbers >= 2).then_some(row)
}

fn rest_is_bar(tokens: &[Token]) -> bool {
    let mut solid = tokens.iter().filter(|t| !t.is_blank());
    solid.next().is_some_and(|t| t.kind == Kind::Number) && solid.next().is_some_and(|t| t.kind == Kind::Bar)
}

fn pair_after(tokens: &[Token], from: usize) -> Option<(u32, u32)> {
    let at = (from..tokens.len()).find(|&k| !tokens[k].is_blank())?;
    let kind = |k: usize| tokens.get(k).map(|t| t.kind);
    let pair =
        kind(at) == Some(Kind::Number) && kind(at + 1) == Some(Kind::Mark(b'/')) && kind(at + 2) == Some(Kind::Number);
    pair.then_some((at as u32, at as u32 + 2))
}

fn word_of<'a>(line: &'a [u8], tokens: &[Token], row: &Row) -> Option<&'a str> {
    match row.cells.first() {
        Some(Cell::Word(k)) => std::str::from_utf8(tokens.get(*k as usize)?.text(line)).ok(),
        Some(Cell::Number(_) | Cell::Pair(..) | Cell::Absent) | None => None,
    }
}

fn value_of(line: &[u8], tokens: &[Token], cell: Cell) -> Option<f64> {
    match cell {
        Cell::Number(k) | Cell::Pair(k, _) => amount(line, tokens.get(k as usize)?, ""),
        Cell::Word(_) | Cell::Absent => None,
    }
}

impl Draft {
    fn new(key: Vec<String>, cells: Vec<String>) -> Draft {
        let width = cells.len();
        Draft {
            key,
            cells,
            rows: 0,
            words: Vec::new(),
            traces: vec![Trace::default(); width],
            pairs: vec![false; width],
            bars: false,
        }
    }

    fn add(&mut self, line: &[u8], tokens: &[Token], row: &Row) {
        self.rows += 1;
        self.bars |= row.drawn;
        self.words.extend(word_of(line, tokens, row).map(str::to_owned));
        for (k, &cell) in row.cells.iter().enumerate() {
            self.pairs[k] |= matches!(cell, Cell::Pair(..));
            if let Some(value) = value_of(line, tokens, cell) {
                self.traces[k].add(value, Rose::default());
            }
        }
    }

    /// The word most rows begin with.
    fn label(&self) -> Option<&String> {
        let count = |word: &&String| self.words.iter().filter(|w| w == word).count();
        self.words.iter().max_by_key(count).filter(|word| count(word) >= 2)
    }

    /// Rows of changing numbers; those that begin with words begin with the same.
    fn good(&self) -> bool {
        let changes = self.traces.iter().any(Trace::changes);
        let worded = !self.words.is_empty();
        self.rows >= 2 && changes && if worded { self.label().is_some() } else { self.counter().is_some() }
    }

    /// The column that counts, and what.
    fn counter(&self) -> Option<(usize, Counter)> {
        let named = self.cells.iter().enumerate().filter_map(|(k, cell)| Some((k, column_counter(cell)?)));
        let step = named.clone().find(|(_, c)| matches!(c, Counter::Step(_)));
        let rising = || (0..self.cells.len()).find(|&k| self.traces[k].counts()).map(|k| (k, Counter::Step(1)));
        step.or_else(|| named.clone().next()).or_else(rising)
    }

    fn grid(&self, counted: bool, rule: u32) -> Option<Grid> {
        let counter = self.counter();
        let kind = if counter.is_none() && counted { "val" } else { TRAIN };
        let mut fields = Vec::new();
        let mut slots = Vec::new();
        let mut totals = None;
        for (k, cell) in self.cells.iter().enumerate() {
            let epoch = column_counter(cell) == Some(Counter::Epoch);
            let field = match () {
                () if k == 0 && !self.words.is_empty() || words::estimate(cell) => None,
                () if epoch => Some(Field::context(Holds::Epoch)),
                () if counter.is_some_and(|(at, _)| at == k) => Some(Field::context(Holds::Step)),
                () => Some(Field::metric(cell, words::split_of_name(cell).unwrap_or(kind), Naming::Printed, None)),
            };
            let taken = |f: &Field| fields.iter().any(|o: &Field| o.name == f.name && o.holds == f.holds);
            let field = field.filter(|f| !taken(f));
            slots.push(field.as_ref().map(|f| (fields.len(), f.holds == Holds::Step)));
            let with_total = epoch && self.pairs[k] && field.is_some();
            fields.extend(field);
            if with_total {
                totals = Some(fields.len());
                fields.push(Field::context(Holds::Epochs));
            }
        }
        let bar = self.bars.then(|| {
            fields.extend([Field::context(Holds::Batch), Field::context(Holds::Batches)]);
            (fields.len() - 2, fields.len() - 1)
        });
        let keep = if self.bars { Keep::Last } else { Keep::All };
        let shape = Shape { rule, kind: kind.into(), keep, utc: false, guessed: false, fields };
        let metrics = shape.fields.iter().any(|f| f.holds == Holds::Metric);
        let label = self.label().cloned();
        metrics.then(|| Grid {
            key: self.key.clone(),
            cells: self.cells.clone(),
            label,
            slots,
            totals,
            bar,
            shape: Arc::new(shape),
        })
    }
}

impl Grids {
    pub fn titles(&self) -> impl Iterator<Item = String> {
        self.grids.iter().map(|grid| grid.cells.join(", "))
    }

    /// Reads a line; false if it is neither a header nor a row of a table. `latest` are the headers seen last.
    pub fn line(&self, line: &[u8], tokens: &[Token], offset: u64, latest: &mut Vec<usize>, rows: &mut Rows) -> bool {
        if let Some(Header { cells, .. }) = header(line, tokens) {
            let Some(at) = self.grids.iter().position(|g| g.key == cells) else { return false };
            let width = self.grids[at].cells.len();
            latest.retain(|&k| k != at && self.grids[k].cells.len() != width);
            latest.push(at);
            return true;
        }
        if latest.is_empty() {
            return false;
        }
        let Some(row) = row(tokens) else { return false };
        let grid = latest.iter().map(|&k| &self.grids[k]).find(|g| g.cells.len() == row.cells.len());
        grid.is_some_and(|grid| grid.take(line, tokens, &row, offset, rows))
    }
}

impl Grid {
    fn take(&self, line: &[u8], tokens: &[Token], row: &Row, offset: u64, rows: &mut Rows) -> bool {
        if self.label.as_deref() != word_of(line, tokens, row) || (row.drawn != self.bar.is_some()) {
            return false;
        }
        let shape = rows.shape(&self.shape);
        let slots = rows.begin(shape, offset);
        for (slot, &cell) in self.slots.iter().zip(&row.cells) {
            let Some((slot, whole)) = *slot else { continue };
            slots[slot] = match value_of(line, tokens, cell) {
                Some(value) if whole && value.fract() == 0.0 => value as i64 as u64,
                Some(value) if !whole => slot_of(value),
                Some(_) | None => MISSING,
            };
            if let (Some(totals), Cell::Pair(_, total)) = (self.totals, cell) {
                slots[totals] = value_of(line, tokens, Cell::Number(total)).map_or(MISSING, slot_of);
            }
        }
        if let (Some((now, total)), Some((a, b))) = (self.bar, row.bar) {
            let whole = |k| value_of(line, tokens, Cell::Number(k)).map_or(MISSING, |v| v as i64 as u64);
            slots[now] = whole(a);
            slots[total] = whole(b);
        }
        rows.seen.claim(self.shape.rule);
        true
    }
}
