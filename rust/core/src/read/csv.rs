//! Reads tables of text: comma, tab, semicolon, bar or blanks between the cells, with or without quotes.

mod cells;
mod columns;
mod facts;
mod plan;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use cells::Cut;
pub use columns::{Column, Use};
pub use plan::{CsvPlan, recognise};

use crate::literal::{Dialect, Leaves};
use crate::row::{Block, PAD, Reader, Rows, Setting};
use crate::types::TRAIN;
use cells::{Quoted, is_missing, is_ruler};
use columns::{Cell, Table};
use facts::decimals;
use plan::is_name;

/// A quoted cell that goes on for longer is taken for a stray quote.
const OPEN_BYTES: usize = 64 << 10;

/// After so many stray quotes none is believed to reach beyond its line.
const STRAYS: u32 = 16;

/// Reads a table in order.
pub struct CsvReader {
    cut: Cut,
    header: Option<Vec<String>>,
    table: Table,
    quoted: Quoted,
    /// A record that is not yet whole, and where it begins.
    open: Vec<u8>,
    open_at: u64,
    strays: u32,
    ranges: Vec<Range<usize>>,
}

impl CsvReader {
    pub fn new(plan: &CsvPlan) -> Self {
        let delimiter = match plan.cut {
            Cut::Byte(delimiter) => delimiter,
            Cut::Blanks => b' ',
        };
        let names = || plan.columns.iter().map(|column| column.name.clone()).collect();
        CsvReader {
            cut: plan.cut,
            header: plan.header.then(names),
            table: Table::new(plan.columns.clone(), plan.decimal_comma, plan.utc, plan.wanted.clone()),
            quoted: Quoted::new(delimiter),
            open: Vec::new(),
            open_at: 0,
            strays: 0,
            ranges: Vec::new(),
        }
    }

    /// Reads the record at `start`; gives where the next one begins.
    fn record(&mut self, block: &Block<'_>, start: usize, rows: &mut Rows) -> usize {
        if let Some(next) = self.swift(block, start, rows) {
            return next;
        }
        let end = memchr::memchr2(b'\n', b'\r', &block.data[start..block.len]).map_or(block.len, |k| start + k);
        let line = &block.data[start..end];
        let offset = block.offset + start as u64;
        if self.cut != Cut::Blanks && line.contains(&b'"') && line.first() != Some(&b'#') {
            return self.quotes(block, start, end, rows);
        }
        rows.seen.lines += 1;
        let blank = line.iter().all(u8::is_ascii_whitespace) || is_ruler(line);
        match line.first() {
            Some(b'#') => self.comment(line, rows),
            Some(_) if !blank => {
                let mut ranges = std::mem::take(&mut self.ranges);
                self.cut.cells(line, &mut ranges);
                // The end of the source may have cut a row short, and its last number with it.
                let open = end == block.len;
                let cut_nowhere = open && self.ends_whole(line, &ranges);
                match ranges.pop_if(|last| open && last.start < last.end && !cut_nowhere) {
                    Some(_) if ranges.len() + 1 < self.table.columns.len() => rows.seen.near.note(offset, line),
                    Some(last) => {
                        rows.seen.bad.note(offset, &line[last]);
                        self.row(line, &ranges, line, offset, rows)
                    }
                    None => self.row(line, &ranges, line, offset, rows),
                }
                self.ranges = ranges;
            }
            Some(_) | None => {}
        }
        after_line(block, end)
    }

    /// Whether the last cell of the last line has all its digits: as many behind the point as its column ever has.
    fn ends_whole(&self, line: &[u8], ranges: &[Range<usize>]) -> bool {
        let (Some(last), Some(column)) = (ranges.last(), self.table.columns.last()) else { return false };
        let all = ranges.len() == self.table.columns.len();
        all && column.decimals.is_some_and(|most| decimals(&line[last.clone()]).is_some_and(|found| found >= most))
    }

    /// Reads a line of plain cells, as many as there are columns; gives up at anything else.
    fn swift(&mut self, block: &Block<'_>, start: usize, rows: &mut Rows) -> Option<usize> {
        let Cut::Byte(delimiter) = self.cut else { return None };
        if delimiter == b'|' || !self.table.is_swift() {
            return None;
        }
        let before = (rows.slots.len(), rows.text.len(), rows.seen.recoded);
        let shape = rows.shape(self.table.shape(TRAIN));
        rows.begin(shape, block.offset + start as u64);
        let found = self.swift_cells(block, start, delimiter, before.0, rows);
        if found.is_none() {
            rows.heads.pop();
            rows.slots.truncate(before.0);
            rows.text.truncate(before.1);
            rows.seen.recoded = before.2;
            return None;
        }
        rows.seen.lines += 1;
        rows.seen.claim(0);
        found.map(|end| after_line(block, end))
    }

    /// Gives where the line ends.
    #[inline]
    fn swift_cells(
        &self,
        block: &Block<'_>,
        start: usize,
        delimiter: u8,
        slots_at: usize,
        rows: &mut Rows,
    ) -> Option<usize> {
        let data = block.data;
        let last = self.table.columns.len() - 1;
        let mut at = start;
        for column in 0..=last {
            let ends = |at: usize| match data[at] {
                b'\n' | b'\r' => column == last,
                byte if byte == delimiter => column < last,
                // A number that the end of the source may have cut is left to `record`.
                _ => false,
            };
            let (cell, end) = match self.table.bare(column).read(data, at) {
                Some((bits, end)) if end <= block.len && ends(end) => (Cell::Slot(bits), end),
                Some(_) | None => {
                    let len = data[at..block.len].iter().position(|&b| b == delimiter || b == b'\n' || b == b'\r');
                    let end = len.map_or(block.len, |len| at + len);
                    let cell = data[at..end].trim_ascii();
                    let odd = !ends(end) || (column == 0 && cell.first() == Some(&b'#')) || cell.contains(&b'"');
                    if odd {
                        return None;
                    }
                    (self.table.read(column, cell, rows), end)
                }
            };
            match (cell, self.table.slot(column)) {
                (Cell::Bad, _) => return None,
                (Cell::Slot(bits), Some(slot)) => rows.slots[slots_at + slot] = bits,
                (Cell::Slot(_), None) | (Cell::Missing, _) => {}
            }
            at = end + 1;
        }
        Some(at - 1)
    }

    /// Reads a record with quotes, which may be longer than its line.
    fn quotes(&mut self, block: &Block<'_>, start: usize, end: usize, rows: &mut Rows) -> usize {
        self.quoted.begin();
        let reach = (start + OPEN_BYTES).min(block.len);
        let believed = self.strays < STRAYS;
        let limit = if believed { reach } else { after_line(block, end).min(block.len) };
        match self.quoted.feed(&block.data[start..limit]) {
            Some(used) => {
                let next = after_return(block.data, start + used, block.len);
                self.quoted_row(&block.data[start..next], block.offset + start as u64, rows);
                next
            }
            None if believed && reach == block.len => {
                self.open.extend_from_slice(&block.data[start..block.len]);
                self.open_at = block.offset + start as u64;
                block.len
            }
            None => self.stray(block, start, end, rows),
        }
    }

    /// The line is no record of its own, nor the beginning of one.
    fn stray(&mut self, block: &Block<'_>, start: usize, end: usize, rows: &mut Rows) -> usize {
        self.strays += 1;
        rows.seen.lines += 1;
        rows.seen.near.note(block.offset + start as u64, &block.data[start..end]);
        after_line(block, end)
    }

    /// Goes on at `start` with the record that is open; gives where the next one begins.
    fn reopen(&mut self, block: &Block<'_>, start: usize, rows: &mut Rows) -> usize {
        let reach = (start + OPEN_BYTES.saturating_sub(self.open.len())).min(block.len);
        match self.quoted.feed(&block.data[start..reach]) {
            Some(used) => {
                let next = after_return(block.data, start + used, block.len);
                self.open.extend_from_slice(&block.data[start..next]);
                let record = std::mem::take(&mut self.open);
                self.quoted_row(&record, self.open_at, rows);
                next
            }
            None => {
                self.open.extend_from_slice(&block.data[start..reach]);
                if self.open.len() >= OPEN_BYTES {
                    return self.give_up(block, reach, rows);
                }
                reach
            }
        }
    }

    /// The open record was none: its first line is counted, the rest is read anew with what follows in the block.
    fn give_up(&mut self, block: &Block<'_>, taken: usize, rows: &mut Rows) -> usize {
        let mut bytes = std::mem::take(&mut self.open);
        let offset = self.open_at;
        let rest = memchr::memchr2(b'\n', b'\r', &block.data[taken..block.len]);
        let next = rest.map_or(block.len, |k| taken + k + 1);
        bytes.extend_from_slice(&block.data[taken..next]);
        let len = bytes.len();
        bytes.resize(len + PAD, 0);
        let again = Block { data: &bytes, len, offset };
        let end = memchr::memchr2(b'\n', b'\r', &bytes[..len]).unwrap_or(len);
        let mut at = self.stray(&again, 0, end, rows);
        while at < len {
            at = self.record(&again, at, rows);
        }
        next
    }

    fn quoted_row(&mut self, record: &[u8], offset: u64, rows: &mut Rows) {
        let breaks = memchr::memchr_iter(b'\n', record).count().max(1);
        rows.seen.lines += breaks as u64;
        let mut ranges = std::mem::take(&mut self.ranges);
        self.quoted.cells(&mut ranges);
        let (text, used) = self.quoted.lend();
        self.row(&text[..used], &ranges, record.trim_ascii_end(), offset, rows);
        self.quoted.take_back(text);
        self.ranges = ranges;
    }

    /// Makes a row of cells, unless they are a header.
    fn row(&mut self, text: &[u8], ranges: &[Range<usize>], line: &[u8], offset: u64, rows: &mut Rows) {
        let cells = || ranges.iter().map(|range| &text[range.clone()]);
        if self.take_header(text, ranges) {
            return rows.seen.claim(0);
        }
        let width = self.table.columns.len();
        if cells().skip(width).any(|cell| !cell.is_empty()) {
            return rows.seen.bad.note(offset, line);
        }
        if !self.table.is_settled() {
            self.table.settle(cells());
        }
        let kind = self.table.kind(cells()).unwrap_or(TRAIN);
        let shape = rows.shape(self.table.shape(kind));
        let at = rows.slots.len();
        rows.begin(shape, offset);
        for (column, cell) in cells().take(width).enumerate() {
            match (self.table.read(column, cell, rows), self.table.slot(column)) {
                (Cell::Slot(bits), Some(slot)) => rows.slots[at + slot] = bits,
                (Cell::Bad, _) => rows.seen.bad.note(offset, cell),
                (Cell::Slot(_), None) | (Cell::Missing, _) => {}
            }
        }
        rows.seen.claim(0);
        if ranges.len() < width {
            rows.seen.bad.note(offset, line);
        }
    }

    /// Whether the cells are the header, again or anew.
    fn take_header(&mut self, text: &[u8], ranges: &[Range<usize>]) -> bool {
        let Some(header) = &self.header else { return false };
        let cells = || ranges.iter().enumerate().map(|(i, range)| title(i, &text[range.clone()]));
        if ranges.len() == header.len() && cells().zip(header).all(|(cell, name)| *cell == **name) {
            return true;
        }
        let named = ranges.len() >= 2 && ranges.iter().skip(1).all(|range| is_name(&text[range.clone()]));
        let known = cells().filter(|cell| header.iter().any(|name| **name == **cell)).count();
        if !named || known * 2 < header.len().min(ranges.len()) || known == 0 {
            return false;
        }
        let names: Vec<String> = cells().map(|cell| cell.into_owned()).collect();
        let words: Vec<&str> = names.iter().map(String::as_str).collect();
        self.table.rename(&words);
        self.header = Some(names);
        true
    }

    /// A comment may hold settings: `#{"t_start": 1614619328.3, "env_id": "Acrobot-v1"}`.
    fn comment(&self, line: &[u8], rows: &mut Rows) {
        let Some(brace) = line.iter().position(|&b| b == b'{') else { return };
        let mut leaves = Leaves::default();
        if leaves.read(line, brace, line.len(), Dialect::Json).is_none() {
            return;
        }
        for leaf in leaves.list.iter().filter(|leaf| !leaf.hidden) {
            let key = String::from_utf8_lossy(leaves.key(leaf)).into_owned();
            let value = String::from_utf8_lossy(&line[leaf.start..leaf.end]).into_owned();
            rows.settings.push(Setting { key, value });
        }
    }
}

impl Reader for CsvReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        let mut at = 0;
        while at < block.len {
            at = if self.open.is_empty() { self.record(&block, at, rows) } else { self.reopen(&block, at, rows) };
        }
    }

    fn finish(&mut self, rows: &mut Rows) {
        while !self.open.is_empty() {
            let closed = memchr::memchr_iter(b'"', &self.open).count().is_multiple_of(2);
            let whole = closed && self.quoted.feed(&[]).is_some();
            if whole && self.quoted.count() >= self.table.columns.len() {
                let record = std::mem::take(&mut self.open);
                self.quoted_row(&record, self.open_at, rows);
            } else {
                let empty = Block { data: &[0; PAD], len: 0, offset: 0 };
                self.give_up(&empty, 0, rows);
            }
        }
    }
}

fn title(at: usize, cell: &[u8]) -> std::borrow::Cow<'_, str> {
    if at == 0 && is_missing(cell) { "index".into() } else { String::from_utf8_lossy(cell) }
}

/// Where the line after the one that ends at `end` begins.
fn after_line(block: &Block<'_>, end: usize) -> usize {
    let pair = block.data[end..block.len].starts_with(b"\r\n");
    (end + if pair { 2 } else { 1 }).min(block.len)
}

/// csv-core ends a record at the first byte of `\r\n`.
fn after_return(data: &[u8], at: usize, len: usize) -> usize {
    let pair = at > 0 && at < len && data[at - 1] == b'\r' && data[at] == b'\n';
    at + usize::from(pair)
}
