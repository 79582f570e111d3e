//! The cells of a line below a header.

use crate::read::generic::seen::amount;
use crate::read::generic::token::{Kind, Token};

/// One cell of a row.
#[derive(Clone, Copy)]
pub(super) enum Cell {
    Number(u32),
    Pair(u32, u32),
    /// From one word to another.
    Words(u32, u32),
    Absent,
}

/// The cells of a row, and the counter of the bar that may follow them.
pub(super) struct Row {
    pub cells: Vec<Cell>,
    pub bar: Option<(u32, u32)>,
    pub drawn: bool,
    /// Commas stand between them.
    pub listed: bool,
    /// Words follow the numbers.
    pub noted: bool,
}

impl Row {
    /// Numbers and pairs, blanks or bars between them; the first may be words.
    pub fn of(tokens: &[Token]) -> Option<Row> {
        let mut row = Row { cells: Vec::new(), bar: None, drawn: false, listed: false, noted: false };
        let mut k = 0;
        while k < tokens.len() && !row.drawn && !row.noted {
            k = row.take(tokens, k)?;
        }
        let numbers = row.cells.iter().filter(|c| matches!(c, Cell::Number(_) | Cell::Pair(..))).count();
        (numbers >= 2).then_some(row)
    }

    /// Takes the token at `k`; where the next begins.
    fn take(&mut self, tokens: &[Token], k: usize) -> Option<usize> {
        match tokens[k].kind {
            Kind::Blank | Kind::Wide => {}
            Kind::Number if tokens.get(k + 1).is_some_and(|t| t.kind == Kind::Bar) => {
                self.drawn = true;
                self.bar = pair_after(tokens, k + 2);
            }
            Kind::Number => return Some(self.number(tokens, k)),
            Kind::Clock => self.cells.push(Cell::Number(k as u32)),
            Kind::Absent | Kind::Mark(b'-') => self.cells.push(Cell::Absent),
            Kind::Word if self.cells.is_empty() => return Some(self.words(tokens, k)),
            Kind::Word if matches!(self.cells.as_slice(), [Cell::Number(_), _, _, ..]) => self.noted = true,
            Kind::Mark(b'|') => self.empty(tokens, k),
            Kind::Mark(b',' | b';') if !self.cells.is_empty() => self.listed = true,
            Kind::Mark(b':') if !self.cells.is_empty() && rest_is_bar(&tokens[k + 1..]) => {}
            Kind::Mark(_) | Kind::Word | Kind::Junk | Kind::Text | Kind::Key | Kind::Bar => return None,
        }
        Some(k + 1)
    }

    fn number(&mut self, tokens: &[Token], k: usize) -> usize {
        let pair = tokens.get(k + 1).is_some_and(|t| t.is(b'/')).then(|| tokens.get(k + 2)).flatten();
        match pair.filter(|t| t.kind == Kind::Number) {
            Some(_) => {
                self.cells.push(Cell::Pair(k as u32, k as u32 + 2));
                k + 3
            }
            None => {
                self.cells.push(Cell::Number(k as u32));
                k + 1
            }
        }
    }

    /// `macro avg`: words with one blank between are one cell.
    fn words(&mut self, tokens: &[Token], k: usize) -> usize {
        let kind = |k: usize| tokens.get(k).map(|t| t.kind);
        let mut last = k;
        while kind(last + 1) == Some(Kind::Blank) && kind(last + 2) == Some(Kind::Word) {
            last += 2;
        }
        self.cells.push(Cell::Words(k as u32, last as u32));
        last + 1
    }

    /// Nothing between two bars is an empty cell.
    fn empty(&mut self, tokens: &[Token], k: usize) {
        let before = tokens[..k].iter().rev().find(|t| !t.is_blank());
        if before.is_some_and(|t| t.is(b'|')) {
            self.cells.push(Cell::Absent);
        }
    }

    /// The words that begin the row.
    pub fn label<'a>(&self, line: &'a [u8], tokens: &[Token]) -> Option<&'a str> {
        let Some(Cell::Words(from, to)) = self.cells.first() else { return None };
        let (from, to) = (tokens.get(*from as usize)?, tokens.get(*to as usize)?);
        std::str::from_utf8(line.get(from.start as usize..to.end as usize)?).ok()
    }
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

pub(super) fn value_of(line: &[u8], tokens: &[Token], cell: Cell) -> Option<f64> {
    match cell {
        Cell::Number(k) | Cell::Pair(k, _) => amount(line, tokens.get(k as usize)?, ""),
        Cell::Words(..) | Cell::Absent => None,
    }
}
