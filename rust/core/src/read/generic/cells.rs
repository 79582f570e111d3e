//! The cells of a row of a table.

use super::seen::amount;
use super::token::{self, Kind, Token};

/// The glyphs that stand between cells.
pub const BARS: [char; 4] = ['|', '│', '┃', '║'];

/// From where to where something stands in its line.
pub type Span = (usize, usize);

/// What stands between the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Blanks,
    Bars,
    Comma(char),
}

/// One cell of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    Number(f64),
    /// `3/10`.
    Pair(f64, f64),
    Word(&'a str),
    Absent,
}

/// The cells of a row, and the counter of the bar that may follow them.
#[derive(Debug, Default)]
pub struct Row<'a> {
    pub cells: Vec<Cell<'a>>,
    pub spans: Vec<Span>,
    pub bar: Option<(f64, f64)>,
    pub drawn: bool,
}

impl Cell<'_> {
    pub fn value(&self) -> Option<f64> {
        match *self {
            Cell::Number(value) | Cell::Pair(value, _) => Some(value),
            Cell::Word(_) | Cell::Absent => None,
        }
    }
}

impl<'a> Row<'a> {
    /// The row a line is if its cells are parted so.
    pub fn of(line: &'a [u8], tokens: &[Token], cut: Cut) -> Option<Row<'a>> {
        let row = match cut {
            Cut::Blanks => Blanks { line, tokens, row: Row::default() }.read()?,
            Cut::Bars => parted(rest(line, tokens)?.trim().trim_matches(BARS), BARS)?,
            Cut::Comma(comma) => parted(rest(line, tokens)?, [comma; 4])?,
        };
        let numbers = row.cells.iter().filter(|c| c.value().is_some()).count();
        (numbers >= if row.label().is_some() { 1 } else { 2 }).then_some(row)
    }

    /// The word a row begins with.
    pub fn label(&self) -> Option<&'a str> {
        match self.cells.first() {
            Some(Cell::Word(word)) => Some(word),
            Some(Cell::Number(_) | Cell::Pair(..) | Cell::Absent) | None => None,
        }
    }

    fn push(&mut self, cell: Cell<'a>, span: Span) {
        self.cells.push(cell);
        self.spans.push(span);
    }
}

fn rest<'a>(line: &'a [u8], tokens: &[Token]) -> Option<&'a str> {
    std::str::from_utf8(line.get(tokens.first()?.start as usize..)?).ok()
}

/// The cells between bars or commas; some may be empty.
fn parted(text: &str, marks: [char; 4]) -> Option<Row<'_>> {
    if !text.contains(marks) {
        return None;
    }
    let mut row = Row::default();
    for cell in text.split(marks) {
        row.push(whole_cell(cell.trim())?, (0, 0));
    }
    Some(row)
}

/// What a cell says that stands alone; none if it says more than one thing.
fn whole_cell(cell: &str) -> Option<Cell<'_>> {
    let mut tokens = Vec::new();
    token::cut(cell.as_bytes(), 0, &mut tokens);
    let value = |t: &Token| amount(cell.as_bytes(), t, "");
    let solid: Vec<&Token> = tokens.iter().filter(|t| !t.is_blank()).collect();
    match solid.as_slice() {
        [] => Some(Cell::Absent),
        [one] if matches!(one.kind, Kind::Number | Kind::Clock) => Some(value(one).map_or(Cell::Absent, Cell::Number)),
        [one, unit] if one.kind == Kind::Number && unit.kind == Kind::Word => value(one).map(Cell::Number),
        [now, slash, all] if now.kind == Kind::Number && slash.is(b'/') && all.kind == Kind::Number => {
            Some(Cell::Pair(value(now)?, value(all)?))
        }
        [one, ..] if one.kind == Kind::Word => Some(Cell::Word(cell)),
        [_] => Some(Cell::Absent),
        _ => None,
    }
}

/// Reads a row whose cells are parted by blanks: numbers and pairs; the first may be words.
struct Blanks<'a, 't> {
    line: &'a [u8],
    tokens: &'t [Token],
    row: Row<'a>,
}

impl<'a> Blanks<'a, '_> {
    fn read(mut self) -> Option<Row<'a>> {
        let mut k = self.title();
        while let Some(token) = self.tokens.get(k) {
            if token.kind == Kind::Number && self.draws(k + 1) {
                self.row.drawn = true;
                self.row.bar = self.pair_after(k + 1);
                break;
            }
            // words after the last number remark on the row
            if token.kind == Kind::Word && self.row.cells.len() > 2 && self.tokens[k - 1].kind == Kind::Wide {
                break;
            }
            k = self.cell(k)?;
        }
        Some(self.row)
    }

    fn kind(&self, k: usize) -> Option<Kind> {
        self.tokens.get(k).map(|t| t.kind)
    }

    fn value(&self, k: usize) -> Option<f64> {
        amount(self.line, self.tokens.get(k)?, "")
    }

    /// Takes the words before the first wide blank, or the first word; gives the token behind them.
    fn title(&mut self) -> usize {
        let solid = self.tokens.iter().position(|t| !t.is_blank()).unwrap_or(0);
        let wide = (solid..self.tokens.len()).find(|&k| self.tokens[k].kind == Kind::Wide).unwrap_or(0);
        let words = self.tokens.get(solid..wide).unwrap_or_default();
        let plain = |t: &Token| matches!(t.kind, Kind::Word | Kind::Blank | Kind::Number | Kind::Mark(b'!' | b'*'));
        let begins =
            words.first().is_some_and(|t| t.kind != Kind::Number) && words.iter().any(|t| t.kind == Kind::Word);
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return solid };
        let label = std::str::from_utf8(&self.line[first.start as usize..last.tail as usize]);
        match label {
            Ok(label) if begins && words.iter().all(plain) => {
                self.row.push(Cell::Word(label), (first.start as usize, last.tail as usize));
                wide
            }
            _ => solid,
        }
    }

    /// Reads what stands at a token; gives the one behind it.
    fn cell(&mut self, k: usize) -> Option<usize> {
        let token = self.tokens.get(k)?;
        let span = (token.start as usize, token.tail.max(token.end) as usize);
        match token.kind {
            Kind::Blank | Kind::Wide | Kind::Mark(b'|') => {}
            Kind::Number if self.pair(k) => {
                self.row.push(Cell::Pair(self.value(k)?, self.value(k + 2)?), span);
                return Some(k + 3);
            }
            Kind::Number if self.minutes(k) => {
                self.row.push(Cell::Number(self.value(k)? * 60.0 + self.value(k + 2)?), span);
                return Some(k + 3);
            }
            Kind::Number | Kind::Clock => self.row.push(self.value(k).map_or(Cell::Absent, Cell::Number), span),
            Kind::Absent | Kind::Mark(b'-') => self.row.push(Cell::Absent, span),
            Kind::Word if self.row.cells.is_empty() => {
                self.row.push(Cell::Word(std::str::from_utf8(token.text(self.line)).ok()?), span);
            }
            Kind::Mark(b':') if !self.row.cells.is_empty() && self.bar_follows(k + 1) => {}
            Kind::Mark(_) | Kind::Word | Kind::Junk | Kind::Text | Kind::Key | Kind::Bar => return None,
        }
        Some(k + 1)
    }

    fn pair(&self, k: usize) -> bool {
        self.kind(k) == Some(Kind::Number)
            && self.kind(k + 1) == Some(Kind::Mark(b'/'))
            && self.kind(k + 2) == Some(Kind::Number)
    }

    /// `0:00.1`.
    fn minutes(&self, k: usize) -> bool {
        [Kind::Number, Kind::Mark(b':'), Kind::Number]
            .iter()
            .enumerate()
            .all(|(n, kind)| self.kind(k + n) == Some(*kind))
            && !self.draws(k + 3)
    }

    /// The next token but for one blank.
    fn behind_blank(&self, k: usize) -> usize {
        if self.kind(k) == Some(Kind::Blank) { k + 1 } else { k }
    }

    fn draws(&self, k: usize) -> bool {
        self.kind(self.behind_blank(k)) == Some(Kind::Bar)
    }

    fn bar_follows(&self, k: usize) -> bool {
        let k = self.behind_blank(k);
        self.kind(k) == Some(Kind::Number) && self.draws(k + 1)
    }

    /// The counter behind the bar that stands at a token or right behind it.
    fn pair_after(&self, k: usize) -> Option<(f64, f64)> {
        let bar = self.behind_blank(k);
        let at = (bar + 1..self.tokens.len())
            .find(|&k| !matches!(self.tokens[k].kind, Kind::Blank | Kind::Wide | Kind::Bar))?;
        self.pair(at).then_some((self.value(at)?, self.value(at + 2)?))
    }
}
