//! Reads a folder of metrics, a file each: MLflow's `ms value step` lines, DVCLive's tables, or one value a line.

use std::collections::BTreeMap;

use crate::number;
use crate::read::object::rounded;
use crate::read::roles::{self, Clock, Names};
use crate::read::sheet::{self, Series, Value};
use crate::row::{Block, Plan, Reader, Rows};
use crate::time::Stamp;
use crate::wanted::Wanted;

/// What stands around the name of a file before its lines, as `tail -v` prints it.
const BEFORE: &[u8] = b"==> ";
const BEHIND: &[u8] = b" <==";
/// What a line ends in that its file left open.
const OPEN: &[u8] = b" ...";

/// How such a folder is read.
#[derive(Debug, Clone, Default)]
pub struct PartsPlan {
    wanted: Wanted,
}

/// Tells the files of a folder, each under its name, from the leading bytes.
///
/// ```
/// use fastlogs_core::read::parts::recognise;
/// assert!(recognise(b"==> train/loss <==\n1700000000000 0.5 10\n").is_some());
/// assert!(recognise(b"step 1 loss 0.5\n").is_none());
/// ```
pub fn recognise(head: &[u8]) -> Option<PartsPlan> {
    heading(head.split(|&b| b == b'\n').next()?).map(|_| PartsPlan::default())
}

impl PartsPlan {
    pub fn wanting(self, wanted: &Wanted) -> PartsPlan {
        PartsPlan { wanted: wanted.clone() }
    }
}

impl Plan for PartsPlan {
    fn name(&self) -> &str {
        "metric-files"
    }

    fn rules(&self) -> Vec<String> {
        vec!["file".to_owned()]
    }

    fn expects_step(&self) -> bool {
        true
    }

    fn splittable(&self) -> bool {
        false
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(PartsReader { wanted: self.wanted.clone(), part: None, done: Vec::new(), utc: false })
    }
}

fn heading(line: &[u8]) -> Option<&[u8]> {
    line.trim_ascii_end().strip_prefix(BEFORE)?.strip_suffix(BEHIND)
}

/// The files in order; rows are made of equal steps when all were seen.
struct PartsReader {
    wanted: Wanted,
    part: Option<Part>,
    done: Vec<Series>,
    utc: bool,
}

/// The file at hand.
#[derive(Default)]
struct Part {
    name: String,
    /// The columns that a header names.
    header: Option<Header>,
    values: BTreeMap<String, Series>,
}

#[derive(Debug, Clone, Default)]
struct Header {
    step: Option<usize>,
    time: Option<usize>,
    /// The columns of values.
    rest: Vec<(usize, String)>,
}

/// What a line says.
struct Entry {
    step: Option<i64>,
    micros: Option<i64>,
    utc: bool,
    values: Vec<(String, Value)>,
}

impl Reader for PartsReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        let mut offset = block.offset;
        for line in block.bytes().split_inclusive(|&b| b == b'\n') {
            rows.seen.lines += 1;
            // A number that the end of its file may have cut is none.
            let text = line.trim_ascii();
            let whole = line.ends_with(b"\n") && !text.ends_with(OPEN);
            self.line(text, whole, offset, rows);
            offset += line.len() as u64;
        }
    }

    fn finish(&mut self, rows: &mut Rows) {
        self.close();
        let mut times = self.done.iter().filter_map(|series| series.times.as_ref());
        // One clock for all, or none.
        if !times.all(|times| times.iter().all(|&time| time != 0)) {
            self.done.iter_mut().for_each(|series| series.times = None);
        }
        sheet::append(&self.done, self.utc, &self.wanted, rows);
    }
}

impl PartsReader {
    fn line(&mut self, line: &[u8], whole: bool, offset: u64, rows: &mut Rows) {
        if let Some(name) = heading(line) {
            self.close();
            self.part = Some(Part { name: String::from_utf8_lossy(name).into_owned(), ..Part::default() });
            return;
        }
        let Some(part) = &mut self.part else { return };
        if line.is_empty() || part.takes_header(line) {
            return;
        }
        match part.entry(line).filter(|_| whole) {
            Some(entry) => {
                self.utc |= entry.utc;
                part.add(entry, offset);
            }
            None if whole => rows.seen.bad.note(offset, line),
            None => rows.seen.clipped.note(offset, line),
        }
    }

    fn close(&mut self) {
        let part = self.part.take().unwrap_or_default();
        self.done.extend(part.values.into_values().filter(|series| !series.values.is_empty()));
    }
}

impl Part {
    /// Names its columns, if that is what the first line does.
    fn takes_header(&mut self, line: &[u8]) -> bool {
        let cells: Vec<&[u8]> = line.split(|&b| b == b'\t' || b == b',').map(<[u8]>::trim_ascii).collect();
        let named = |cell: &&[u8]| cell.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        let first = self.values.is_empty() && self.header.is_none();
        if !first || !cells.iter().all(named) || cells.iter().any(|cell| number::plain(cell).is_some()) {
            return false;
        }
        let names = Names::default();
        let mut header = Header::default();
        for (at, cell) in cells.iter().enumerate() {
            let name = String::from_utf8_lossy(cell);
            match () {
                () if names.step(&name).is_some() => header.step = Some(at),
                () if names.time(&name).is_some() => header.time = Some(at),
                () => header.rest.push((at, name.into_owned())),
            }
        }
        // A file of one metric goes by the file's name: it says the split, the column does not.
        if let [(_, name)] = &mut header.rest[..] {
            name.clone_from(&self.name);
        }
        self.header = Some(header);
        true
    }

    fn entry(&self, line: &[u8]) -> Option<Entry> {
        match &self.header {
            Some(header) => header.entry(line),
            None => self.stored(line),
        }
    }

    /// MLflow's `ms value step`, with a data set behind it or not; `ms value` of old; `step value`; a value alone.
    fn stored(&self, line: &[u8]) -> Option<Entry> {
        let words: Vec<&[u8]> = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        let whole = |word: &[u8]| number::plain(word).and_then(rounded);
        let moment =
            |word: &[u8]| number::plain(word).and_then(|ms| Clock::Millis.micros(ms)).map(|micros| micros as i64);
        let (micros, value, step) = match *words {
            [time, value, step, ..] => (Some(moment(time)?), value, Some(whole(step)?)),
            [time, value] if moment(time).is_some() => (moment(time), value, None),
            [step, value] => (None, value, Some(whole(step)?)),
            [value] => (None, value, None),
            [] => return None,
        };
        let value = Value::Number(number::plain(value)?);
        Some(Entry { step, micros, utc: micros.is_some(), values: vec![(self.name.clone(), value)] })
    }

    fn add(&mut self, entry: Entry, offset: u64) {
        for (name, value) in entry.values {
            let series = self.values.entry(name.clone()).or_insert_with(|| Series { name, ..Series::default() });
            series.values.push(value);
            series.offsets.push(offset);
            if let Some(step) = entry.step {
                series.steps.get_or_insert_default().push(step);
            }
            if let Some(micros) = entry.micros {
                series.times.get_or_insert_default().push(micros);
            }
            // Either every line says its step and its time, or none does.
            let len = series.values.len();
            series.steps.take_if(|steps| steps.len() != len);
            series.times.take_if(|times| times.len() != len);
        }
    }
}

impl Header {
    fn entry(&self, line: &[u8]) -> Option<Entry> {
        let cells: Vec<&[u8]> = line.split(|&b| b == b'\t' || b == b',').map(<[u8]>::trim_ascii).collect();
        let step = match self.step {
            Some(at) => Some(cells.get(at).and_then(|cell| number::plain(cell)).and_then(rounded)?),
            None => None,
        };
        let (micros, utc) =
            self.time.and_then(|at| moment(cells.get(at)?)).map_or((None, false), |(at, utc)| (Some(at), utc));
        let value = |(at, name): &(usize, String)| {
            let cell = cells.get(*at)?;
            let text = || Value::Text(cell.to_vec());
            Some((name.clone(), roles::numeric_text(cell).map_or_else(text, Value::Number)))
        };
        let values: Option<Vec<_>> = self.rest.iter().map(value).collect();
        Some(Entry { step, micros, utc, values: values? })
    }
}

/// A time as a number or a stamp: microseconds, and whether they are of UTC.
fn moment(cell: &[u8]) -> Option<(i64, bool)> {
    if let Some(Stamp::Wall { micros, utc }) = roles::whole_stamp(cell) {
        return Some((micros, utc));
    }
    let value = number::plain(cell)?;
    Clock::of_number(value).and_then(|clock| clock.micros(value)).map(|micros| (micros as i64, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::show::{listing, read_in_blocks, read_whole};

    fn rows(text: &str) -> Vec<String> {
        let plan = recognise(text.as_bytes()).expect("files");
        let found = read_whole(&mut *plan.reader(), text.as_bytes());
        listing(&found).iter().map(|row| row.split_once(' ').expect("an offset").1.to_owned()).collect()
    }

    #[test]
    fn each_way_to_store_a_metric() {
        for (text, wanted) in [
            (
                "==> loss <==\n1700000000000 0.5 10\n1700000001000 nan 20\n==> val/loss <==\n1700000001500 0.75 20 ds 1a2b\n",
                &[
                    "train: Step=10, WallTime=1700000000000000, loss=0.5",
                    "train: Step=20, WallTime=1700000001500000, loss=NaN, val/loss[val]=0.75",
                ][..],
            ),
            (
                "==> train/loss <==\nstep\tloss\n0\t0.5\n1\t0.25\n==> eval/loss <==\nstep\tloss\n1\t0.75\n",
                &["train: Step=0, train/loss=0.5", "train: Step=1, train/loss=0.25, eval/loss[val]=0.75"],
            ),
            (
                "==> loss <==\ntimestamp\tstep\tloss\n1700000000000\t0\t0.5\n",
                &["train: Step=0, WallTime=1700000000000000, loss=0.5"],
            ),
            ("==> loss <==\n0.5\n0.25\n==> acc <==\n0.75\n", &["train: loss=0.5, acc=0.75", "train: loss=0.25"]),
        ] {
            assert_eq!(wanted, rows(text), "{text}");
        }
    }

    #[test]
    fn any_split_at_line_ends_gives_the_same() {
        let text =
            "==> loss <==\n1700000000000 0.5 10\nbroken\n1700000001000 0.25 20\n==> acc <==\n1700000001500 0.75 20\n";
        let plan = recognise(text.as_bytes()).expect("files");
        let whole = read_whole(&mut *plan.reader(), text.as_bytes());
        let ends = crate::read::show::line_ends(text.as_bytes());
        assert_eq!(listing(&whole), listing(&read_in_blocks(&mut *plan.reader(), text.as_bytes(), &ends)));
        assert_eq!((1, 2), (whole.seen.bad.count, whole.heads.len()));
    }
}
