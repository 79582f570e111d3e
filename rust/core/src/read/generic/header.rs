//! The line that names the columns of a table, or two lines that do so together.

use super::boxes::is_ruler;
use super::token::{Kind, Token};
use super::words::{self, Counter};

/// Columns begin so many characters apart at most where one header line goes on in the next.
const NEAR: usize = 3;

/// A line that may name columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub cells: Vec<String>,
    starts: Vec<usize>,
    piped: bool,
    text: String,
}

/// The counter a column is by its name.
pub fn column_counter(cell: &str) -> Option<Counter> {
    match cell {
        "#" => Some(Counter::Step(5)),
        "E" => Some(Counter::Epoch),
        _ => words::counter(cell).filter(|c| !matches!(c, Counter::Rank)),
    }
}

/// The cells of a header: words, two blanks, a tab or a bar between them, and no number.
pub fn header(line: &[u8], tokens: &[Token]) -> Option<Header> {
    let bar = tokens.iter().position(|t| t.kind == Kind::Bar).map_or(tokens.len(), |bar| bar.saturating_sub(1));
    let tokens = &tokens[..bar];
    let free = |t: &Token| t.start == 0 || line[t.start as usize - 1].is_ascii_whitespace();
    let plain = |t: &Token| match t.kind {
        Kind::Number => !free(t),
        Kind::Clock | Kind::Text | Kind::Key | Kind::Absent | Kind::Bar => false,
        Kind::Word | Kind::Junk | Kind::Blank | Kind::Wide | Kind::Mark(_) => true,
    };
    let (first, last) = (tokens.first()?, tokens.last()?);
    if !tokens.iter().all(plain) || is_ruler(line) {
        return None;
    }
    let text = std::str::from_utf8(line.get(first.start as usize..last.tail as usize)?).ok()?.trim_end();
    // in `(hh:mm:ss)` a colon binds nothing
    let binds = |t: &Token| t.is(b'=') || t.is(b':') && !line.get(t.end as usize).is_some_and(u8::is_ascii_alphabetic);
    let bound = tokens.iter().any(binds);
    let drawn = ['|', '│', '┃', '║'].into_iter().find(|&bar| text.contains(bar));
    match drawn {
        Some(_) if bound => None,
        Some(bar) => piped(text, bar).or_else(|| spaced(&text.replace(bar, " "))),
        None => listed(text).filter(|_| !bound).or_else(|| spaced(text)).or_else(|| worded(text).filter(|_| !bound)),
    }
}

fn piped(text: &str, bar: char) -> Option<Header> {
    let inner = text.trim();
    let cells: Vec<String> = inner.trim_matches(bar).split(bar).map(|c| c.trim().to_owned()).collect();
    let filled = cells.iter().filter(|c| !c.is_empty()).count();
    let fits = filled >= 2 && cells.iter().all(|c| c.is_empty() || is_name(c));
    fits.then(|| Header { starts: Vec::new(), cells, piped: true, text: text.to_owned() })
}

fn spaced(text: &str) -> Option<Header> {
    let between = if text.contains('\t') { "\t" } else { "  " };
    let (starts, cells): (Vec<usize>, Vec<String>) = text
        .split(between)
        .filter(|c| !c.trim().is_empty())
        .map(|c| (c.trim_start().as_ptr() as usize - text.as_ptr() as usize, c.trim().trim_end_matches(':').to_owned()))
        .unzip();
    fits(&cells).then(|| Header { starts, cells, piped: false, text: text.to_owned() })
}

/// `# epoch, loss, acc`: commas or semicolons between names.
fn listed(text: &str) -> Option<Header> {
    let mark = [',', ';'].into_iter().find(|&mark| text.contains(mark))?;
    let cells = text.trim_start_matches(['#', '%', ' ']).split(mark).map(|c| c.trim().to_owned());
    let cells: Vec<String> = cells.collect();
    fits(&cells).then(|| Header { starts: Vec::new(), cells, piped: false, text: text.to_owned() })
}

/// Names, three at least, or two if the first counts.
fn fits(cells: &[String]) -> bool {
    let counted = cells.first().is_some_and(|first| column_counter(first).is_some());
    (cells.len() >= 3 || cells.len() == 2 && counted) && cells.iter().all(|c| is_name(c))
}

/// `epoch loss acc`: one blank is enough where the first word counts.
fn worded(text: &str) -> Option<Header> {
    let named = text.trim_start_matches(['#', '%', ' ']);
    let cells: Vec<String> = named.split_whitespace().map(str::to_owned).collect();
    let counted = cells.first().is_some_and(|first| column_counter(first).is_some());
    (counted && fits(&cells)).then(|| Header { starts: Vec::new(), cells, piped: false, text: text.to_owned() })
}

fn is_name(cell: &str) -> bool {
    let first = cell.chars().next();
    first.is_some_and(|c| c.is_alphabetic() || matches!(c, '#' | '%' | '('))
        && cell.len() <= 30
        && cell.split(' ').count() <= 4
}

impl Header {
    /// What the columns may be called; which of it holds, the width of the rows tells: all of it, without the mark of a
    /// comment, each word a column, or with a column of labels before it.
    pub fn readings(&self, names: Vec<String>) -> Vec<Vec<String>> {
        let mark = names.first().is_some_and(|first| matches!(first.as_str(), "#" | "%" | "//" | "##"));
        let bare = names.get(1..).filter(|cells| mark && fits(cells)).map(<[String]>::to_vec);
        let words: Vec<String> =
            names.join(" ").trim_start_matches(['#', '%', ' ']).split(' ').map(str::to_owned).collect();
        let words = (!self.piped && words.iter().all(|w| is_name(w))).then_some(words);
        let labelled = std::iter::once(String::new()).chain(names.iter().cloned()).collect();
        let mut readings = vec![names];
        for reading in bare.into_iter().chain(words).chain([labelled]) {
            if readings.iter().all(|known| known.len() != reading.len()) {
                readings.push(reading);
            }
        }
        readings
    }

    /// The names of the columns, if `above` is the line before; none where a column has no name.
    pub fn names(&self, above: Option<&Header>) -> Option<Vec<String>> {
        // A header that is drawn again, as a bar draws it, names what it named.
        let again = above.filter(|above| above.text == self.text);
        let cells = again.map_or(&self.cells, |above| &above.cells);
        let joined = above.filter(|_| again.is_none()).and_then(|above| self.joined(above));
        joined.or_else(|| cells.iter().all(|c| !c.is_empty()).then(|| cells.clone()))
    }

    /// This line and those above it, for the next.
    pub fn so_far(&self, names: &[String]) -> Header {
        Header { cells: names.to_vec(), ..self.clone() }
    }

    /// Both lines together, column by column.
    fn joined(&self, above: &Header) -> Option<Vec<String>> {
        if self.piped != above.piped {
            return None;
        }
        let own = if self.piped { self.cells.clone() } else { self.under(above)? };
        let names = above.cells.iter().zip(&own).map(|(a, b)| format!("{a} {b}").trim().to_owned());
        let names: Vec<String> = names.collect();
        (own.len() == above.cells.len() && names.iter().all(|n| !n.is_empty())).then_some(names)
    }

    /// The words of this line in the columns of the one above; each column has some, and begins beside it.
    fn under(&self, above: &Header) -> Option<Vec<String>> {
        let mut cells = vec![String::new(); above.starts.len()];
        for word in self.text.split_whitespace() {
            let start = word.as_ptr() as usize - self.text.as_ptr() as usize;
            let nearest = (0..cells.len()).min_by_key(|&k| above.starts[k].abs_diff(start))?;
            if cells[nearest].is_empty() && above.starts[nearest].abs_diff(start) > NEAR {
                return None;
            }
            cells[nearest] = format!("{} {word}", cells[nearest]).trim().to_owned();
        }
        cells.iter().all(|c| !c.is_empty()).then_some(cells)
    }
}
