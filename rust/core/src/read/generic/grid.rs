//! Tables with a header: the names stand once, rows of numbers below them.

use std::sync::Arc;

use super::header::{Header, header};
use super::prefix;
use super::seen::lines;
use super::token::{self, Kind, Token};
use super::words;
use crate::row::{MISSING, Rows as Out, slot_of};
use crate::types::Shape;
use draft::{Draft, is_short};
use row::{Cell, Row, value_of};

mod draft;
mod row;

/// What rows become, by the words that begin them and the split above the header.
type Rows = Vec<(Option<String>, Option<&'static str>, Arc<Shape>)>;

/// Which field each column fills, and whether with a whole number.
type Slots = Vec<Option<(usize, bool)>>;

/// One header and how the rows below it are read.
#[derive(Debug)]
pub struct Grid {
    /// The last line of the header.
    key: Vec<String>,
    cells: Vec<String>,
    slots: Slots,
    kinds: Kinds,
    listed: bool,
    shapes: Rows,
}

/// Where counters have their slots.
#[derive(Debug, Default)]
struct Kinds {
    totals: Option<usize>,
    bar: Option<(usize, usize)>,
}

/// The tables of one file.
#[derive(Debug, Default)]
pub struct Grids {
    grids: Vec<Grid>,
}

/// The headers seen last, and the split that a title above them names.
#[derive(Debug, Default)]
pub struct Latest {
    grids: Vec<usize>,
    title: Option<&'static str>,
}

impl Latest {
    /// Of headers of equal width the last holds.
    fn push(&mut self, at: usize, width: impl Fn(usize) -> usize) {
        self.grids.retain(|&k| k != at && width(k) != width(at));
        self.grids.push(at);
    }
}

/// The tables of the head; their rules are counted from `rule`.
pub fn learn(head: &[u8], rule: u32) -> Option<Arc<Grids>> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut latest = Latest::default();
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
            for cells in found.readings(names) {
                let at = drafts.iter().position(|d| d.key == found.cells && d.cells == cells).unwrap_or_else(|| {
                    drafts.push(Draft::new(found.cells.clone(), cells));
                    drafts.len() - 1
                });
                drafts[at].open();
                latest.push(at, |k| drafts[k].cells.len());
            }
        } else if let Some(row) = Row::of(&tokens) {
            let exact = latest.grids.iter().find(|&&k| drafts[k].fits(&row));
            let taken = exact.or_else(|| latest.grids.iter().find(|&&k| drafts[k].fits_short(&row)));
            if let Some(&at) = taken {
                drafts[at].add(line, &tokens, &row, latest.title);
            }
        } else {
            latest.title = title(line, &tokens).or(latest.title.filter(|_| tokens.iter().all(is_drawn)));
        }
    }
    let counted = drafts.iter().any(|d| d.good() && d.counter().is_some());
    let grids: Vec<Grid> =
        drafts.iter().filter(|d| d.good()).zip(rule..).filter_map(|(d, rule)| d.grid(counted, rule)).collect();
    (!grids.is_empty()).then(|| Arc::new(Grids { grids }))
}

/// A ruler, or nothing.
fn is_drawn(token: &Token) -> bool {
    token.is_blank() || matches!(token.kind, Kind::Bar | Kind::Mark(_) | Kind::Junk)
}

/// The split that is all a line says.
fn title(line: &[u8], tokens: &[Token]) -> Option<&'static str> {
    let mut said = tokens.iter().filter(|t| !is_drawn(t));
    let (Some(word), None) = (said.next(), said.next()) else { return None };
    let text = std::str::from_utf8(word.text(line)).ok().filter(|_| word.kind == Kind::Word)?;
    words::split(text)
}

impl Grids {
    pub fn titles(&self) -> impl Iterator<Item = String> {
        self.grids.iter().map(|grid| grid.cells.join(", "))
    }

    /// Reads a line; false if it is neither a header nor a row of a table. `latest` are the headers seen last.
    pub fn line(&self, line: &[u8], tokens: &[Token], offset: u64, latest: &mut Latest, rows: &mut Out) -> bool {
        if let Some(Header { cells, .. }) = header(line, tokens) {
            let mut known = false;
            for (at, _) in self.grids.iter().enumerate().filter(|(_, g)| g.key == cells) {
                latest.push(at, |k| self.grids[k].cells.len());
                known = true;
            }
            return known;
        }
        let Some(row) = Row::of(tokens) else {
            latest.title = title(line, tokens).or(latest.title.filter(|_| tokens.iter().all(is_drawn)));
            return false;
        };
        let grids = || latest.grids.iter().map(|&k| &self.grids[k]);
        let exact = grids().find(|g| g.cells.len() == row.cells.len() && !row.noted);
        let grid = exact.or_else(|| grids().find(|g| is_short(&g.cells, &row)));
        grid.is_some_and(|grid| grid.take(line, tokens, &row, (offset, latest.title), rows))
    }
}

impl Grid {
    /// What a row becomes that begins with such words.
    fn shape(&self, label: Option<&str>, title: Option<&'static str>) -> Option<&Arc<Shape>> {
        let labelled = || self.shapes.iter().filter(|(own, ..)| own.as_deref() == label);
        let titled = labelled().find(|(_, own, _)| *own == title);
        titled.or_else(|| labelled().next()).map(|(.., shape)| shape)
    }

    fn take(
        &self,
        line: &[u8],
        tokens: &[Token],
        row: &Row,
        (offset, title): (u64, Option<&'static str>),
        rows: &mut Out,
    ) -> bool {
        if row.drawn != self.kinds.bar.is_some() || row.listed != self.listed {
            return false;
        }
        let Some(shape) = self.shape(row.label(line, tokens), title) else { return false };
        let ordinal = rows.shape(shape);
        let slots = rows.begin(ordinal, offset);
        for (slot, &cell) in self.slots.iter().zip(&row.cells) {
            let Some((slot, whole)) = *slot else { continue };
            slots[slot] = match value_of(line, tokens, cell) {
                Some(value) if whole && value.fract() == 0.0 => value as i64 as u64,
                Some(value) if !whole => slot_of(value),
                Some(_) | None => MISSING,
            };
            if let (Some(totals), Cell::Pair(_, total)) = (self.kinds.totals, cell) {
                slots[totals] = value_of(line, tokens, Cell::Number(total)).map_or(MISSING, slot_of);
            }
        }
        if let (Some((now, total)), Some((a, b))) = (self.kinds.bar, row.bar) {
            let whole = |k| value_of(line, tokens, Cell::Number(k)).map_or(MISSING, |v| v as i64 as u64);
            slots[now] = whole(a);
            slots[total] = whole(b);
        }
        rows.seen.claim(shape.rule);
        true
    }
}
