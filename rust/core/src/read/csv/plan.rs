//! Decides from the leading lines whether a file is a table, how it is cut, and what its columns are for.

use std::ops::Range;

use crate::number;
use crate::read::csv::CsvReader;
use crate::read::csv::cells::{Cut, Quoted, is_missing, is_ruler};
use crate::read::csv::columns::{Column, Use, number_of, with_comma};
use crate::read::csv::facts::Facts;
use crate::read::roles::{self, Clock, Course, Names};
use crate::row::{Plan, Reader};
use crate::types::Holds;
use crate::wanted::Wanted;

/// More of the leading records than this decide nothing.
const RECORDS: usize = 1000;

/// How a table is read.
#[derive(Debug, Clone)]
pub struct CsvPlan {
    pub name: String,
    pub cut: Cut,
    pub columns: Vec<Column>,
    /// The first record names the columns (and again after each restart).
    pub header: bool,
    pub decimal_comma: bool,
    /// The stamps carry an offset from UTC, or are seconds since 1970.
    pub utc: bool,
    pub wanted: Wanted,
}

impl Plan for CsvPlan {
    fn name(&self) -> &str {
        &self.name
    }

    fn rules(&self) -> Vec<String> {
        vec!["row".to_owned()]
    }

    fn expects_step(&self) -> bool {
        self.columns.iter().any(|column| column.used == Use::Whole(Holds::Step))
    }

    /// A quoted line end, or a second header, reaches beyond its line.
    fn splittable(&self) -> bool {
        false
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(CsvReader::new(self))
    }
}

/// Tells a table from the leading bytes of a file: a header over rows that are cut alike and are numbers for the
/// better part, or rows of nothing but numbers.
///
/// ```
/// use fastlogs_core::read::csv::recognise;
/// let plan = recognise(b"epoch,loss,step\n0,2.37,49\n0,2.23,99\n").expect("a table");
/// assert_eq!(3, plan.columns.len());
/// assert!(recognise(b"step 1, loss 2.5\nstep 2, loss 2.4\n").is_none());
/// ```
pub fn recognise(head: &[u8]) -> Option<CsvPlan> {
    CsvPlan::decide(head, &Names::default())
}

impl CsvPlan {
    /// The same with the names that a format gives.
    pub fn decide(head: &[u8], names: &Names) -> Option<CsvPlan> {
        let cuts = [Cut::Byte(b','), Cut::Byte(b'\t'), Cut::Byte(b';'), Cut::Byte(b'|'), Cut::Blanks];
        // What is no table at its beginning is none: a long log need not be cut five ways to know.
        let glance = leading(head);
        let likely = |cut: &Cut| !is_hopeless(glance, *cut) && Sheet::new(glance, *cut).is_some();
        let sheets = cuts.into_iter().filter(likely).filter_map(|cut| Sheet::new(head, cut));
        let best = sheets.max_by(|a, b| a.merit().total_cmp(&b.merit()))?;
        Some(best.plan(names))
    }
}

/// Enough leading bytes to tell a table from a log.
const GLANCE: usize = 16 << 10;

/// The whole lines among the first bytes, and no fewer than are glanced at: those of a table of thousands of columns are
/// longer than that; all of a short head.
fn leading(head: &[u8]) -> &[u8] {
    let first = &head[..head.len().min(GLANCE)];
    let whole = memchr::memrchr(b'\n', first).map_or(first.len(), |at| at + 1);
    let few = memchr::memchr_iter(b'\n', head).nth(GLANCED).map_or(head.len(), |at| at + 1);
    if head.len() <= 2 * GLANCE { head } else { &head[..whole.max(few)] }
}

/// Whether the first records show that no table can come of this cut: what most logs are told by, at little cost.
fn is_hopeless(head: &[u8], cut: Cut) -> bool {
    let mut ranges = Vec::new();
    let mut first: Option<(usize, bool)> = None;
    let ended = head.split_inclusive(|b| matches!(b, b'\n' | b'\r')).filter(|line| line.ends_with(b"\n"));
    let lines = ended.map(|line| line.trim_ascii_end()).filter(|line| !line.is_empty() && !is_ruler(line));
    for line in lines.take(GLANCED) {
        // A comment may name the columns, and a quoted cell may go on.
        if line[0] == b'#' || line.contains(&b'"') {
            return false;
        }
        cut.cells(line, &mut ranges);
        let cells: Vec<&[u8]> = ranges.iter().map(|range| &line[range.clone()]).collect();
        let header = is_header(&cells);
        let (width, named) = *first.get_or_insert((cells.len(), header));
        if width < 2 {
            return true;
        }
        // Numbers may be written with a comma.
        if cut == Cut::Byte(b';') {
            return false;
        }
        // Records under a second header do not count, and tables with names may have odd ones.
        if header && cells.len() != width || named && cut != Cut::Blanks {
            return false;
        }
        if cells.len() != width || !named && cells.iter().any(|cell| !is_missing(cell) && !is_numeric(cell, false)) {
            return true;
        }
    }
    false
}

/// Records that tell most logs from tables.
const GLANCED: usize = 4;

/// The cells of one record.
type Cells = Vec<Vec<u8>>;

/// The leading records as one way of cutting makes them.
struct Sheet {
    cut: Cut,
    names: Option<Vec<String>>,
    rows: Vec<Cells>,
    decimal_comma: bool,
    numeric: f64,
}

impl Sheet {
    fn new(head: &[u8], cut: Cut) -> Option<Sheet> {
        let (mut records, comments) = records(head, cut);
        let width = records.first()?.len();
        let names = match is_header(&records[0]) {
            true => Some(texts(&records.remove(0))),
            false => comments.iter().rev().find_map(|comment| names_over(comment, cut, width)),
        };
        // What stands under a second header, as after a restart, tells nothing of these columns.
        let section = records.iter().position(|record| is_header(record)).unwrap_or(records.len());
        records.truncate(section);
        let decimal_comma = cut == Cut::Byte(b';') && uses_comma(&records);
        let numeric = numeric_share(&records, decimal_comma);
        let sheet = Sheet { cut, names, rows: records, decimal_comma, numeric };
        sheet.is_table(width).then_some(sheet)
    }

    fn is_table(&self, width: usize) -> bool {
        let odd = self.rows.iter().filter(|row| row.len() != width).count();
        let enough = match (&self.names, self.cut) {
            (None, _) => self.numeric == 1.0 && odd == 0 && self.rows.len() >= 2,
            (Some(_), Cut::Blanks) => self.numeric >= 0.9 && odd == 0,
            (Some(names), Cut::Byte(_)) => {
                let words = names.iter().all(|name| !name.contains(' '));
                let few = self.numeric >= 0.5 || (self.numeric >= 0.2 && odd == 0 && self.rows.len() >= 3);
                self.numeric > 0.6 || (few && words)
            }
        };
        // Under names and over numbers a few more rows may be torn.
        let torn = self.names.is_some() && self.cut != Cut::Blanks && self.numeric > 0.6;
        let most = (self.rows.len() / if torn { 3 } else { 10 }).max(1);
        width >= 2 && !self.rows.is_empty() && odd <= most && odd < self.rows.len() && enough
    }

    fn merit(&self) -> f64 {
        let explicit = f64::from(u8::from(self.cut != Cut::Blanks));
        self.numeric + explicit
    }

    fn plan(self, names: &Names) -> CsvPlan {
        let width = self.rows.first().map_or(0, Vec::len);
        let header = self.names.is_some();
        let titles = self.names.unwrap_or_else(|| (0..width).map(|i| format!("c{i}")).collect());
        let mut facts: Vec<Facts> = titles.iter().map(|_| Facts::default()).collect();
        let epoch_at = titles.iter().position(|title| names.epoch(title).is_some());
        let mut epoch = None;
        for row in &self.rows {
            let now = epoch_at.and_then(|at| row.get(at)).and_then(|cell| number::plain(cell));
            let rose = matches!((epoch, now), (Some(before), Some(now)) if now > before);
            epoch = now.or(epoch);
            for ((facts, cell), title) in facts.iter_mut().zip(row).zip(&titles) {
                facts.note(cell, title, self.decimal_comma, rose);
            }
        }
        let mut columns: Vec<Column> = titles.iter().zip(&facts).map(|(title, facts)| facts.column(title)).collect();
        assign(&mut columns, &facts, names);
        let utc = columns.iter().zip(&facts).any(|(column, facts)| match column.used {
            Use::Time(Clock::Stamp) => facts.utc,
            Use::Time(_) => true,
            Use::Open | Use::Metric | Use::Text | Use::Whole(_) | Use::Context(_) | Use::Split | Use::Drop => false,
        });
        let name = "csv".to_owned();
        let wanted = Wanted::default();
        CsvPlan { name, cut: self.cut, columns, header, decimal_comma: self.decimal_comma, utc, wanted }
    }
}

/// Gives the columns whose name and behaviour have a meaning their role.
fn assign(columns: &mut [Column], facts: &[Facts], names: &Names) {
    let steps: Vec<(usize, usize)> =
        columns.iter().enumerate().filter_map(|(i, c)| Some((i, names.step(&c.name)?))).collect();
    let courses: Vec<(usize, &Course)> =
        steps.iter().filter(|&&(i, _)| facts[i].is_number()).map(|&(i, rank)| (rank, &facts[i].course)).collect();
    let kept: Vec<usize> = steps.iter().map(|&(i, _)| i).filter(|&i| facts[i].is_number()).collect();
    if let Some((at, in_epoch)) = roles::choose_step(&courses) {
        columns[kept[at]].used = Use::Whole(if in_epoch { Holds::Batch } else { Holds::Step });
    }
    let numbers = |i: usize| facts[i].is_number();
    take(columns, |name, i| names.epoch(name).filter(|_| numbers(i)), |_| Use::Context(Holds::Epoch));
    take(columns, |name, i| names.rank(name).filter(|_| facts[i].is_whole()), |_| Use::Whole(Holds::Rank));
    take(
        columns,
        |name, i| names.elapsed(name, &facts[i].course).filter(|_| numbers(i)),
        |_| Use::Context(Holds::Elapsed),
    );
    take(columns, |name, i| names.time(name).filter(|_| facts[i].times()), |i| facts[i].time_use());
    take(
        columns,
        |name, i| facts[i].splits().then_some(0).filter(|_| roles::names_split(name.as_bytes())),
        |_| Use::Split,
    );
    columns.iter_mut().filter(|c| names.drop.contains(&c.name)).for_each(|c| c.used = Use::Drop);
}

/// Gives the likeliest column that is still a plain one a use.
fn take(columns: &mut [Column], rank: impl Fn(&str, usize) -> Option<usize>, used: impl Fn(usize) -> Use) {
    let plain = columns.iter().enumerate().filter(|(_, c)| matches!(c.used, Use::Metric | Use::Text | Use::Open));
    let best = plain.filter_map(|(i, c)| Some((rank(&c.name, i)?, i))).min();
    if let Some((_, i)) = best {
        columns[i].used = used(i);
    }
}

/// The names a comment gives to so many columns: cut as they are, or by commas, blanks, or two blanks.
fn names_over(comment: &[u8], cut: Cut, width: usize) -> Option<Vec<String>> {
    let mut ranges = Vec::new();
    let mut by = |cut: Cut| {
        cut.cells(comment, &mut ranges);
        owned(comment, &ranges)
    };
    let wide = || {
        let cells = std::str::from_utf8(comment).unwrap_or_default().split("  ");
        cells.map(|cell| cell.trim().as_bytes().to_vec()).filter(|cell| !cell.is_empty()).collect::<Cells>()
    };
    let fits = |cells: &Cells| cells.len() == width && is_header(cells);
    let cut = [cut, Cut::Byte(b','), Cut::Blanks].into_iter().map(&mut by).find(fits);
    cut.or_else(|| Some(wide()).filter(fits)).map(|cells| texts(&cells))
}

/// The leading records, and the comments before them.
fn records(head: &[u8], cut: Cut) -> (Vec<Cells>, Vec<&[u8]>) {
    let mut found = Vec::new();
    let mut comments = Vec::new();
    let mut ranges = Vec::new();
    let mut kept: Option<Quoted> = None;
    let mut at = 0;
    while at < head.len() && found.len() < RECORDS {
        let end = memchr::memchr2(b'\n', b'\r', &head[at..]).map_or(head.len(), |k| at + k);
        let line = &head[at..end];
        let whole = end < head.len() || found.len() <= 1;
        if line.first() == Some(&b'#') {
            let text = line[1..].trim_ascii_end();
            comments.extend(found.is_empty().then_some(text));
        } else if let (Cut::Byte(delimiter), true) = (cut, line.contains(&b'"')) {
            let quoted = kept.get_or_insert_with(|| Quoted::new(delimiter));
            quoted.begin();
            let Some(used) = quoted.feed(&head[at..]) else { break };
            quoted.cells(&mut ranges);
            found.push(owned(quoted.text(), &ranges));
            at += used;
            continue;
        } else if !line.iter().all(u8::is_ascii_whitespace) && !is_ruler(line) && whole {
            cut.cells(line, &mut ranges);
            found.push(owned(line, &ranges));
        }
        at = end + 1;
    }
    (found, comments)
}

fn owned(text: &[u8], ranges: &[Range<usize>]) -> Cells {
    ranges.iter().map(|range| text[range.clone()].to_vec()).collect()
}

fn texts(cells: &[Vec<u8>]) -> Vec<String> {
    let named =
        |cell: &Vec<u8>| if cell.is_empty() { "index".to_owned() } else { String::from_utf8_lossy(cell).into() };
    cells.iter().map(named).collect()
}

/// Names, every one; only the first may be blank, over a row index.
fn is_header(cells: &[impl AsRef<[u8]>]) -> bool {
    let named = |(i, cell): (usize, &[u8])| is_name(cell) || (i == 0 && cell.is_empty());
    cells.len() >= 2 && cells.iter().map(AsRef::as_ref).enumerate().all(named)
}

/// What could stand over a column.
pub fn is_name(cell: &[u8]) -> bool {
    let text = cell.len() <= 120 && cell.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    let binds = cell.contains(&b'=') || cell.contains(&b'{') || memchr::memmem::find(cell, b": ").is_some();
    text && !binds && !cell.ends_with(b":") && number::plain(cell).is_none() && !is_missing(cell)
}

fn uses_comma(rows: &[Cells]) -> bool {
    let cells = || rows.iter().flatten();
    let commas = cells().filter(|cell| cell.contains(&b',') && with_comma(cell).is_some()).count();
    let dots = cells().filter(|cell| cell.contains(&b'.') && number::plain(cell).is_some()).count();
    commas > 0 && dots == 0
}

fn numeric_share(rows: &[Cells], decimal_comma: bool) -> f64 {
    let (mut filled, mut numeric) = (0u64, 0u64);
    for cell in rows.iter().flatten().filter(|cell| !is_missing(cell)) {
        filled += 1;
        numeric += u64::from(is_numeric(cell, decimal_comma));
    }
    if filled == 0 { 0.0 } else { numeric as f64 / filled as f64 }
}

fn is_numeric(cell: &[u8], decimal_comma: bool) -> bool {
    number_of(cell, "", decimal_comma).is_some_and(|(_, unit)| !unit.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CUTS: [Cut; 5] = [Cut::Byte(b','), Cut::Byte(b'\t'), Cut::Byte(b';'), Cut::Byte(b'|'), Cut::Blanks];

    proptest! {
        #[test]
        fn what_is_hopeless_is_no_table(text in "([a-c.]{0,2}|[0-9.]{1,3}|[#,;| \t\"-]|\n|\r\n){0,30}", cut in 0usize..5) {
            let cut = CUTS[cut];
            if is_hopeless(text.as_bytes(), cut) {
                prop_assert!(Sheet::new(text.as_bytes(), cut).is_none(), "{text:?} {cut:?}");
            }
        }
    }
}
