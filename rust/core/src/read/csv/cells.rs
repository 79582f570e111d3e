//! Cuts one record of a table into cells.

use std::ops::Range;

use csv_core::ReadRecordResult;

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Byte(u8),
    /// Any run of blanks and tabs.
    Blanks,
}

/// Words that stand for no value.
const NOTHING: [&str; 11] = ["", "-", "--", "None", "none", "null", "NULL", "NA", "N/A", "n/a", "<NA>"];

pub fn is_missing(cell: &[u8]) -> bool {
    cell.is_empty() || (cell.len() <= 4 && NOTHING.iter().any(|word| word.as_bytes() == cell))
}

/// A line drawn under a header: `---  ---`, `|:--|--:|`.
pub fn is_ruler(line: &[u8]) -> bool {
    line.contains(&b'-') && line.iter().all(|b| matches!(b, b'-' | b'=' | b'+' | b'|' | b':' | b' ' | b'\t'))
}

impl Cut {
    /// The cells of a line without quotes, blanks around them left out.
    pub fn cells(self, line: &[u8], cells: &mut Vec<Range<usize>>) {
        cells.clear();
        match self {
            Cut::Byte(b'|') => {
                let inner = within_pipes(line);
                split(line, inner, b'|', cells);
            }
            Cut::Byte(delimiter) => split(line, 0..line.len(), delimiter, cells),
            Cut::Blanks => words(line, cells),
        }
    }
}

/// Tables of people have a bar at both ends.
fn within_pipes(line: &[u8]) -> Range<usize> {
    let all = trimmed(line, 0..line.len());
    let start = all.start + usize::from(line.get(all.start) == Some(&b'|'));
    let end = all.end - usize::from(all.end > start && line[all.end - 1] == b'|');
    start..end
}

fn split(line: &[u8], within: Range<usize>, delimiter: u8, cells: &mut Vec<Range<usize>>) {
    let mut start = within.start;
    for at in memchr::memchr_iter(delimiter, &line[within.clone()]) {
        cells.push(trimmed(line, start..within.start + at));
        start = within.start + at + 1;
    }
    cells.push(trimmed(line, start..within.end));
}

fn words(line: &[u8], cells: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(start) = line[at..].iter().position(|b| !b.is_ascii_whitespace()).map(|k| at + k) {
        at = line[start..].iter().position(u8::is_ascii_whitespace).map_or(line.len(), |k| start + k);
        cells.push(start..at);
    }
}

pub fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let cell = &text[range.clone()];
    let start = cell.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(cell.len());
    let end = cell.iter().rposition(|b| !b.is_ascii_whitespace()).map_or(start, |k| k + 1);
    range.start + start..range.start + end
}

/// Reads a record with quotes, which may go over lines and blocks.
pub struct Quoted {
    core: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    used: usize,
    count: usize,
}

impl Quoted {
    pub fn new(delimiter: u8) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Quoted { core, text: vec![0; 256], ends: vec![0; 32], used: 0, count: 0 }
    }

    /// Begins a record.
    pub fn begin(&mut self) {
        self.core.reset();
        self.used = 0;
        self.count = 0;
    }

    /// Takes more of the record; gives how many bytes belong to it once it is whole. No bytes: the source is over.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Option<usize> {
        let len = bytes.len();
        loop {
            let (text, ends) = (&mut self.text[self.used..], &mut self.ends[self.count..]);
            let (result, read, written, found) = self.core.read_record(bytes, text, ends);
            bytes = &bytes[read..];
            self.used += written;
            self.count += found;
            match result {
                ReadRecordResult::InputEmpty => return None,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return Some(len - bytes.len()),
            }
        }
    }

    /// The cells of the record just read, in [`text`](Self::text).
    pub fn cells(&self, cells: &mut Vec<Range<usize>>) {
        cells.clear();
        let mut start = 0;
        for &end in &self.ends[..self.count] {
            cells.push(trimmed(&self.text, start..end));
            start = end;
        }
    }

    /// How many cells it has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Its bytes, and how many of them are the record's; to be given back before the next.
    pub fn lend(&mut self) -> (Vec<u8>, usize) {
        (std::mem::take(&mut self.text), self.used)
    }

    pub fn take_back(&mut self, text: Vec<u8>) {
        self.text = text;
    }

    pub fn text(&self) -> &[u8] {
        &self.text[..self.used]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(cut: Cut, line: &str) -> Vec<&str> {
        let mut ranges = Vec::new();
        cut.cells(line.as_bytes(), &mut ranges);
        ranges.into_iter().map(|r| &line[r]).collect()
    }

    #[test]
    fn cells_of_lines() {
        assert_eq!(vec!["a", "b c", "", "d"], cells(Cut::Byte(b','), " a , b c,,d "));
        assert_eq!(vec![""], cells(Cut::Byte(b','), ""));
        assert_eq!(vec!["a", "b"], cells(Cut::Byte(b'|'), "| a | b |"));
        assert_eq!(vec!["a", "b"], cells(Cut::Byte(b'|'), "a|b"));
        assert_eq!(vec![""], cells(Cut::Byte(b'|'), "|"));
        assert_eq!(vec!["1", "2"], cells(Cut::Blanks, "  1 \t2 "));
        assert!(cells(Cut::Blanks, "  ").is_empty());
    }

    #[test]
    fn quotes_in_pieces() {
        let record = b"1,\"a \"\"b\"\"\n, c\",2\r\nnext";
        for cut in 0..record.len() - 5 {
            let mut quoted = Quoted::new(b',');
            quoted.begin();
            let first = if cut == 0 { None } else { quoted.feed(&record[..cut]) };
            assert_eq!(None, first);
            assert!(quoted.feed(&record[cut..]).is_some());
            let mut ranges = Vec::new();
            quoted.cells(&mut ranges);
            let cells: Vec<_> = ranges.into_iter().map(|r| &quoted.text()[r]).collect();
            assert_eq!(vec![&b"1"[..], b"a \"b\"\n, c", b"2"], cells);
        }
    }
}
