//! The line that names the columns of a table, or two lines that do so together.

use super::boxes::is_ruler;
use super::cells::{BARS, Cell, Cut, Row, Span};
use super::token::{Kind, Token};
use super::words::{self, Counter};

/// Columns begin so many characters apart at most where one header line goes on in the next.
const NEAR: usize = 3;

/// Words of a header and where each stands.
type Words = Vec<(Span, String)>;

/// A line that may name columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its text.
    pub key: String,
    cut: Cut,
    cells: Words,
    words: Words,
    /// It names columns only if a row of them follows at once.
    pub loose: bool,
}

/// The names of the columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub names: Vec<String>,
    pub cut: Cut,
    /// Some columns of the header have no cell in the rows: each row is aligned anew.
    pub gaps: bool,
}

/// The counter a column is by its name.
pub fn column_counter(cell: &str) -> Option<Counter> {
    match cell {
        "#" => Some(Counter::Step(5)),
        "E" => Some(Counter::Epoch),
        "gen" | "Gen" => Some(Counter::Step(5)),
        _ => words::counter(cell).filter(|c| !matches!(c, Counter::Rank)),
    }
}

/// The cells of a header: words, blanks, a tab, a bar or a comma between them, and no number.
pub fn header(line: &[u8], tokens: &[Token]) -> Option<Header> {
    let first = tokens.first()?.start as usize;
    if is_ruler(line) {
        return None;
    }
    let text = std::str::from_utf8(line.get(first..)?).ok()?.trim_end();
    if text.trim_start().starts_with(BARS) || !text.is_ascii() && text.contains(&BARS[1..]) {
        return piped(text, first);
    }
    let tokens = undrawn(tokens);
    let free = |t: &Token| t.start == 0 || line[t.start as usize - 1].is_ascii_whitespace();
    let plain = |t: &Token| match t.kind {
        Kind::Number => !free(t),
        Kind::Clock | Kind::Text | Kind::Key | Kind::Absent | Kind::Bar => false,
        Kind::Word | Kind::Junk | Kind::Blank | Kind::Wide | Kind::Mark(_) => true,
    };
    let last = tokens.last()?;
    if !tokens.iter().all(plain) {
        return None;
    }
    let text = std::str::from_utf8(line.get(first..last.tail.max(last.end) as usize)?).ok()?.trim_end();
    match text {
        _ if text.contains('|') => piped(text, first),
        _ if text.contains(',') => parted(text, ',', first).or_else(|| spaced(text, first)),
        _ if text.contains(';') => parted(text, ';', first).or_else(|| spaced(text, first)),
        _ => spaced(text, first),
    }
}

/// The tokens before a bar and its percentage.
fn undrawn(tokens: &[Token]) -> &[Token] {
    let Some(bar) = tokens.iter().position(|t| t.kind == Kind::Bar) else { return tokens };
    let ahead = &tokens[..bar];
    let end = ahead.iter().rposition(|t| t.kind != Kind::Number && !t.is_blank()).map_or(0, |k| k + 1);
    &ahead[..end]
}

/// `name: value` and `name=value` are no columns.
fn bound(text: &str) -> bool {
    text.contains('=') || text.contains(": ") || text.ends_with(':')
}

fn piped(text: &str, from: usize) -> Option<Header> {
    let cells = cells(text.trim().trim_matches(BARS), &BARS, from);
    let filled = cells.iter().filter(|c| !c.1.is_empty()).count();
    let words = words_of(&text.replace(BARS, " "), from);
    let named = |c: &(Span, String)| c.1.is_empty() || is_name(&c.1) || grouped(&c.1);
    let fits = filled >= 2 && !bound(text) && cells.iter().all(named);
    fits.then(|| Header { key: squeezed(text), cut: Cut::Bars, cells, words, loose: false })
}

/// Several names between two bars.
fn grouped(cell: &str) -> bool {
    cell.split("  ").all(|part| part.trim().is_empty() || is_name(part.trim())) && cell.contains("  ")
}

fn parted(text: &str, comma: char, from: usize) -> Option<Header> {
    let cells = cells(text.trim_start_matches(['#', '%', ' ']), &[comma], from);
    let fits = cells.len() >= 3 && !bound(text) && cells.iter().all(|c| is_name(&c.1));
    fits.then(|| Header { key: squeezed(text), cut: Cut::Comma(comma), words: cells.clone(), cells, loose: true })
}

fn cells(text: &str, marks: &[char], from: usize) -> Words {
    text.split(marks).map(|c| ((from, from), c.trim().to_owned())).collect()
}

/// Words with two blanks or a tab between them; one is enough where a row follows at once or the first word counts.
fn spaced(text: &str, from: usize) -> Option<Header> {
    let between = if text.contains('\t') { "\t" } else { "  " };
    let place = |c: &str| from + c.as_ptr() as usize - text.as_ptr() as usize;
    let span = |c: &str| ((place(c), place(c) + c.len()), c.trim_end_matches(':').to_owned());
    let cells: Words = text.split(between).map(str::trim).filter(|c| !c.is_empty()).map(span).collect();
    let words = words_of(text, from);
    let uncommented = text.trim_start_matches(['#', '%', ' ']);
    let counted = (words.len() >= 3 || cells.len() == 2)
        && uncommented.split_whitespace().next().is_some_and(|w| column_counter(w).is_some());
    let named = cells.iter().all(|c| is_name(&c.1)) || counted && words.iter().all(|w| is_name(&w.1));
    let loose = cells.len() < 3 && (!counted || bound(text));
    let fits = if loose {
        words.len() >= 2 && words.len() <= 30 && !bound(text) && words.iter().all(|w| is_name(&w.1))
    } else {
        named
    };
    fits.then(|| Header { key: squeezed(text), cut: Cut::Blanks, cells, words, loose })
}

fn words_of(text: &str, from: usize) -> Words {
    let place = |w: &str| from + w.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|w| ((place(w), place(w) + w.len()), w.to_owned())).collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_name(cell: &str) -> bool {
    let first = cell.chars().next();
    first.is_some_and(|c| c.is_alphabetic() || matches!(c, '#' | '%' | '('))
        && cell.len() <= 30
        && cell.split(' ').count() <= 4
}

impl Header {
    /// This line with the names of the one above it, if both name the same columns.
    pub fn below(self, above: Option<&Header>) -> Header {
        let Some(above) = above.filter(|above| above.cut == self.cut) else { return self };
        // A header that is drawn again, as a bar draws it, names what it named.
        if above.key == self.key {
            return above.clone();
        }
        let own = if self.cut == Cut::Bars { texts(&self.cells) } else { self.under(above) };
        let names = above.cells.iter().zip(&own).map(|((at, a), b)| (*at, format!("{a} {b}").trim().to_owned()));
        let names: Words = names.collect();
        let few = above.cells.len() < if self.cut == Cut::Bars { 2 } else { 3 };
        if few || own.len() != above.cells.len() || names.iter().any(|n| n.1.is_empty()) {
            return self;
        }
        Header { words: names.clone(), cells: names, loose: false, ..self }
    }

    /// The words of this line in the columns of the one above; each column has some, and begins beside it.
    fn under(&self, above: &Header) -> Vec<String> {
        let mut cells = vec![String::new(); above.cells.len()];
        for ((start, _), word) in &self.words {
            let apart = |k: &usize| above.cells[*k].0.0.abs_diff(*start);
            let Some(nearest) = (0..cells.len()).min_by_key(apart) else { return Vec::new() };
            if cells[nearest].is_empty() && apart(&nearest) > NEAR {
                return Vec::new();
            }
            cells[nearest] = format!("{} {word}", cells[nearest]).trim().to_owned();
        }
        if cells.iter().all(|c| !c.is_empty()) { cells } else { Vec::new() }
    }

    /// Whether wide blanks or bars part its names.
    pub fn spaced(&self) -> bool {
        self.cells.len() >= 2
    }

    /// What parts the cells of the rows: tried in this order.
    pub fn cuts(&self) -> &[Cut] {
        match self.cut {
            Cut::Bars => &[Cut::Bars, Cut::Blanks],
            Cut::Comma(',') => &[Cut::Comma(',')],
            Cut::Comma(_) => &[Cut::Comma(';')],
            Cut::Blanks => &[Cut::Blanks],
        }
    }

    /// The names of the cells of a row, if this is its header; `exact` where each name must have its cell.
    pub fn columns(&self, row: &Row, cut: Cut, exact: bool) -> Option<Columns> {
        let width = row.cells.len();
        let lists = [&self.cells[..], &self.words[..], uncommented(&self.cells), uncommented(&self.words)];
        let corner = |names: &&&[(Span, String)]| row.label().is_some() && names.len() + 1 == width;
        let complete = |names: &Vec<String>| names.iter().skip(usize::from(row.label().is_some())).all(|n| is_name(n));
        let same = lists.iter().filter(|names| names.len() == width).map(|names| texts(names));
        let less = lists.iter().filter(corner).map(|names| [vec![String::new()], texts(names)].concat());
        let whole = same.chain(less).find(complete).map(|names| Columns { names, cut, gaps: false });
        whole.or_else(|| {
            let wide = self.cells.len() >= 3 && self.cut == Cut::Blanks && cut == Cut::Blanks;
            let names = aligned(&self.words, row).filter(|_| !exact && wide)?;
            Some(Columns { names, cut, gaps: true })
        })
    }
}

fn texts(words: &[(Span, String)]) -> Vec<String> {
    words.iter().map(|(_, word)| word.clone()).collect()
}

/// The words after the mark of a comment.
fn uncommented(words: &[(Span, String)]) -> &[(Span, String)] {
    match words.split_first() {
        Some((first, rest)) if matches!(first.1.as_str(), "#" | "%") => rest,
        _ => words,
    }
}

/// How many characters two stretches share; fewer than none where they stand apart.
fn overlap(a: Span, b: Span) -> isize {
    a.1.min(b.1) as isize - a.0.max(b.0) as isize
}

/// The names of cells by where they stand: each word names the cell nearest to it, with the words it is joined to.
fn aligned(words: &[(Span, String)], row: &Row) -> Option<Vec<String>> {
    let nearest = |word: &(Span, String)| (0..row.spans.len()).max_by_key(|&k| overlap(row.spans[k], word.0));
    let cells: Vec<usize> = words.iter().map(nearest).collect::<Option<_>>()?;
    let mut taken = 0;
    let name = |(k, span): (usize, &Span)| {
        let own = |w: &usize| cells[*w] == k;
        let best = (0..words.len()).filter(own).max_by_key(|&w| overlap(*span, words[w].0))?;
        let joined = |a: usize, b: usize| words[b].0.0 == words[a].0.1 + 1;
        let first = (0..best).rev().take_while(|&w| own(&w) && joined(w, w + 1)).last().unwrap_or(best);
        let last = (best + 1..words.len()).take_while(|w| own(w) && joined(w - 1, *w)).last().unwrap_or(best);
        taken += last + 1 - first;
        let near = overlap(*span, words[best].0) >= -(NEAR as isize);
        near.then(|| texts(&words[first..=last]).join(" "))
    };
    let names: Vec<String> = row.spans.iter().enumerate().map(name).collect::<Option<_>>()?;
    (names.len() >= 3 && taken * 2 > words.len() && row.cells.iter().skip(1).all(|c| !matches!(c, Cell::Word(_))))
        .then_some(names)
}

#[cfg(test)]
mod tests {
    use super::super::token;
    use super::*;

    fn columns(header_line: &str, line: &str) -> Vec<String> {
        let (mut above, mut tokens) = (Vec::new(), Vec::new());
        token::cut(header_line.as_bytes(), 0, &mut above);
        token::cut(line.as_bytes(), 0, &mut tokens);
        let Some(header) = header(header_line.as_bytes(), &above) else { return Vec::new() };
        let named = |&cut: &Cut| header.columns(&Row::of(line.as_bytes(), &tokens, cut)?, cut, false);
        header.cuts().iter().find_map(named).map_or(Vec::new(), |c| c.names)
    }

    #[test]
    fn names_stand_over_their_cells() {
        assert_eq!(columns("iter,loss,acc", "1,0.5,0.25"), ["iter", "loss", "acc"]);
        assert_eq!(columns("# round mean loss", "     1   0.5 0.25"), ["round", "mean", "loss"]);
        assert_eq!(columns("Id  Step | ret | etc.", "0  1e3 | 2.5 | 3.0"), ["Id", "Step", "ret", "etc."]);
        assert_eq!(columns("| a | b |", "| 1 |   |"), Vec::<String>::new());
        assert_eq!(columns("| a | b | c |", "| 1 |   | 2.5% |"), ["a", "b", "c"]);
        assert_eq!(
            columns("Iter Calls   best value  step size", "   1    12 1.234567e+03   4.5e-01"),
            ["Iter", "Calls", "best value", "step size"]
        );
        assert_eq!(columns("  it    cost    note", "   1   0.125"), Vec::<String>::new());
        assert_eq!(columns("  it    cost   gain    note", "   1   0.125    0.5"), ["it", "cost", "gain"]);
        assert_eq!(columns("Region          Dice", "Region 3      0.75"), ["Region", "Dice"]);
    }
}
