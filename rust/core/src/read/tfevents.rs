//! Reads TensorBoard event files: a row a value, each with its step and time; images and graphs are passed over.

mod form;
mod histogram;
mod hparams;
mod tags;
mod tensor;

use std::sync::Arc;

use crate::read::wire::proto::{Fields, Value, varint};
use crate::read::wire::records::{LONG, Records, Take};
use crate::row::{Block, MISSING, Plan, Reader, Rows, Seen, Setting};
use crate::types::TRAIN;
use histogram::Histogram;
use tags::{Plugin, Tags};
use tensor::Tensor;

/// What the records of an event file are, in the order of the ordinals that coverage counts them by.
const WHAT: [&str; 9] = ["scalars", "texts", "hparams", "histograms", "images", "audio", "graphs", "sessions", "other"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Scalar,
    Text,
    Hparams,
    Histogram,
    Image,
    Audio,
    Graph,
    Session,
    Other,
}

/// Which of the values are rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Table {
    /// Numbers and texts.
    #[default]
    Values,
    /// What histograms say of the values they were made of.
    Histograms,
}

impl Table {
    /// By the kind that a format names; none for what is no kind of these.
    pub fn named(kind: &str) -> Option<Table> {
        match kind {
            "train" => Some(Table::Values),
            "histogram" => Some(Table::Histograms),
            _ => None,
        }
    }
}

/// How an event file is read.
#[derive(Debug, Clone)]
pub struct EventsPlan {
    pub name: String,
    pub table: Table,
    /// What the folder says of all its metrics.
    kind: Option<Arc<str>>,
}

impl EventsPlan {
    /// Of files that say themselves what their metrics are.
    pub fn new(name: &str, table: Table) -> EventsPlan {
        EventsPlan { name: name.to_owned(), table, kind: None }
    }
}

impl Plan for EventsPlan {
    fn name(&self) -> &str {
        &self.name
    }

    fn rules(&self) -> Vec<String> {
        WHAT.map(str::to_owned).to_vec()
    }

    fn expects_step(&self) -> bool {
        true
    }

    fn splittable(&self) -> bool {
        false
    }

    fn joins_steps(&self) -> bool {
        true
    }

    fn of_kind(&self, kind: &str) -> Option<Arc<dyn Plan>> {
        Some(Arc::new(EventsPlan { kind: Some(kind.into()), ..self.clone() }))
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(EventsReader { records: Records::default(), tags: Tags::new(self.kind.clone()), table: self.table })
    }
}

/// Reads records in order; what a tag is for is said with its first value only.
struct EventsReader {
    records: Records,
    tags: Tags,
    table: Table,
}

impl Reader for EventsReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        self.tags.begin_block();
        let mut broken = std::mem::take(&mut rows.seen.broken);
        let mut events = Events { tags: &mut self.tags, rows, table: self.table };
        self.records.feed(block, &mut events, &mut broken);
        rows.seen.broken = broken;
    }

    fn finish(&mut self, rows: &mut Rows) {
        if let Some(cut) = self.records.finish() {
            rows.seen.broken.note(cut, b"the last record is cut off");
        }
    }
}

/// Where the rows of a block go.
struct Events<'a> {
    tags: &'a mut Tags,
    rows: &'a mut Rows,
    table: Table,
}

/// What a record says of all its values.
#[derive(Debug, Clone, Copy)]
struct When {
    offset: u64,
    step: i64,
    /// Microseconds, or [`MISSING`].
    time: u64,
}

impl Take for Events<'_> {
    #[inline]
    fn record(&mut self, offset: u64, data: &[u8]) {
        self.rows.seen.lines += 1;
        match self.tags.expected(data, self.rows) {
            Some((shape, varying)) => {
                let when = When { offset, step: varying.step, time: micros(varying.time) };
                self.row(shape, crate::row::slot_of(f64::from(varying.value)), when);
                claim(&mut self.rows.seen, What::Scalar);
            }
            None => self.any(offset, data),
        }
    }

    fn needless(&self, beginning: &[u8], size: usize) -> Option<u32> {
        glance(beginning, size).map(|what| what as u32)
    }

    fn passed(&mut self, what: u32) {
        self.rows.seen.lines += 1;
        self.rows.seen.claim(if what == LONG { What::Other as u32 } else { what });
    }
}

impl Events<'_> {
    /// A record of any kind.
    fn any(&mut self, offset: u64, data: &[u8]) {
        let mut when = When { offset, step: 0, time: MISSING };
        let mut fields = Fields::of(data);
        let mut what = None;
        for (number, value) in fields.by_ref() {
            match (number, value) {
                (1, Value::Fixed64(bits)) => when.time = micros(f64::from_bits(bits)),
                (2, Value::Varint(step)) => when.step = step as i64,
                (5, Value::Bytes(summary)) => self.summary(summary, when),
                (7, Value::Bytes(session)) => what = Some(self.session(session, when)),
                (3, Value::Bytes(_)) => what = Some(self.version(when)),
                (4 | 8 | 9, Value::Bytes(_)) => what = Some(What::Graph),
                _ => {}
            }
        }
        if !fields.is_whole() {
            self.rows.seen.bad.note(offset, b"no event");
        }
        what.into_iter().for_each(|what| claim(&mut self.rows.seen, what));
        self.tags.learn(data);
    }

    fn summary(&mut self, summary: &[u8], when: When) {
        for (number, value) in Fields::of(summary) {
            if let (1, Value::Bytes(value)) = (number, value) {
                let what = self.value(value, when);
                claim(&mut self.rows.seen, what);
            }
        }
    }

    fn value(&mut self, value: &[u8], when: When) -> What {
        let parts = Parts::of(value);
        if let (Some(bits), None) = (parts.simple, parts.metadata) {
            return self.number(parts.tag, f64::from(f32::from_bits(bits)), when);
        }
        if let Some(metadata) = parts.metadata {
            self.tags.describe(parts.tag, metadata);
        }
        let plugin = self.tags.plugin(parts.tag);
        if let (Plugin::Hparams, Some(metadata)) = (plugin, parts.metadata) {
            let settings = &mut self.rows.settings;
            hparams::settings(metadata, &mut |key, value| settings.push(Setting { key, value }));
        }
        match (plugin, parts.simple, parts.rest) {
            (_, None, Rest::Other(what)) => what,
            (Plugin::Hparams, ..) => What::Hparams,
            (_, None, Rest::Histogram(proto)) => self.histogram(parts.tag, when, || Histogram::of_proto(proto)),
            (_, Some(bits), _) => self.number(parts.tag, f64::from(f32::from_bits(bits)), when),
            (plugin, None, Rest::Tensor(tensor)) => self.tensor(parts.tag, plugin, &Tensor::of(tensor), when),
            (_, None, Rest::Nothing) => What::Other,
        }
    }

    fn tensor(&mut self, tag: &[u8], plugin: Plugin, tensor: &Tensor<'_>, when: When) -> What {
        match plugin {
            Plugin::Text => match tensor.text() {
                Some(text) => self.text(tag, &text, when),
                None => What::Other,
            },
            Plugin::Scalars | Plugin::Unknown => match tensor.number() {
                Some(number) => self.number(tag, number, when),
                None => What::Other,
            },
            Plugin::Histograms => self.histogram(tag, when, || Histogram::of_tensor(tensor)),
            Plugin::Images => What::Image,
            Plugin::Audio => What::Audio,
            Plugin::Graphs => What::Graph,
            Plugin::Hparams => What::Hparams,
            Plugin::Other => What::Other,
        }
    }

    #[inline]
    fn number(&mut self, tag: &[u8], value: f64, when: When) -> What {
        if self.table != Table::Values {
            return What::Scalar;
        }
        let shape = self.tags.metric(tag, self.rows);
        self.row(shape, crate::row::slot_of(value), when);
        What::Scalar
    }

    /// A text of step 0 describes the run: it is a setting, as programs log their arguments.
    fn text(&mut self, tag: &[u8], text: &[u8], when: When) -> What {
        if when.step == 0 {
            let value = String::from_utf8_lossy(text).into_owned();
            self.rows.settings.push(Setting { key: String::from_utf8_lossy(tag).into_owned(), value });
            return What::Text;
        }
        if self.table != Table::Values {
            return What::Text;
        }
        let slot = self.rows.keep_text(text);
        let shape = self.tags.text(tag, self.rows);
        self.row(shape, slot, when);
        What::Text
    }

    /// One that cannot be read is told.
    fn histogram(&mut self, tag: &[u8], when: When, read: impl FnOnce() -> Option<Histogram>) -> What {
        if self.table == Table::Histograms {
            match read() {
                Some(histogram) => {
                    let shape = self.tags.histogram(tag, self.rows);
                    let slots = self.rows.begin(shape, when.offset);
                    slots[..2].copy_from_slice(&[when.step as u64, when.time]);
                    slots[2..].copy_from_slice(&histogram.slots());
                }
                None => self.rows.seen.bad.note(when.offset, b"no histogram"),
            }
        }
        What::Histogram
    }

    #[inline]
    fn row(&mut self, shape: u32, slot: u64, when: When) {
        self.rows.push(shape, when.offset, [when.step as u64, when.time, slot]);
    }

    /// A program has begun, or begun again, to write.
    fn session(&mut self, session: &[u8], when: When) -> What {
        let starts = Fields::of(session).any(|field| field == (1, Value::Varint(1)));
        if starts {
            let shape = self.tags.session(self.rows);
            self.rows.begin(shape, when.offset)[0] = when.step as u64;
        }
        What::Session
    }

    /// Every file begins with its version; where it is not the first, another one is read behind it.
    fn version(&mut self, when: When) -> What {
        let shape = self.tags.session(self.rows);
        self.rows.begin(shape, when.offset);
        What::Session
    }
}

#[inline]
fn claim(seen: &mut Seen, what: What) {
    seen.claim(what as u32);
}

/// What a value of a summary is made of.
struct Parts<'a> {
    tag: &'a [u8],
    simple: Option<u32>,
    metadata: Option<&'a [u8]>,
    rest: Rest<'a>,
}

enum Rest<'a> {
    Nothing,
    Tensor(&'a [u8]),
    Histogram(&'a [u8]),
    Other(What),
}

impl<'a> Parts<'a> {
    #[inline]
    fn of(value: &'a [u8]) -> Parts<'a> {
        let mut parts = Parts { tag: b"", simple: None, metadata: None, rest: Rest::Nothing };
        for (number, value) in Fields::of(value) {
            match (number, value) {
                (1, Value::Bytes(tag)) => parts.tag = tag,
                (2, Value::Fixed32(bits)) => parts.simple = Some(bits),
                (4, Value::Bytes(_)) => parts.rest = Rest::Other(What::Image),
                (3, Value::Bytes(_)) => parts.rest = Rest::Other(What::Histogram),
                (5, Value::Bytes(proto)) => parts.rest = Rest::Histogram(proto),
                (6, Value::Bytes(_)) => parts.rest = Rest::Other(What::Audio),
                (8, Value::Bytes(tensor)) => parts.rest = Rest::Tensor(tensor),
                (9, Value::Bytes(metadata)) => parts.metadata = Some(metadata),
                _ => {}
            }
        }
        parts
    }
}

/// What a record of so many bytes holds that begins so, where that is nothing to read: a graph, or one image and its tag,
/// with nothing behind it.
fn glance(beginning: &[u8], size: usize) -> Option<What> {
    let mut ahead = Ahead { rest: beginning, left: size, field: 0 };
    loop {
        match ahead.next()? {
            (4 | 8 | 9, 0) => return Some(What::Graph),
            (5, 0) => break,
            _ => ahead.skip()?,
        }
    }
    if ahead.next()? != (1, 0) || ahead.next()?.0 != 1 {
        return None;
    }
    ahead.skip()?;
    match ahead.next()? {
        (4, 0) => Some(What::Image),
        (6, 0) => Some(What::Audio),
        _ => None,
    }
}

/// Walks into a message of which only the beginning is there.
struct Ahead<'a> {
    rest: &'a [u8],
    /// Bytes to the end of the message, those included that are not there.
    left: usize,
    /// The length of the field entered last.
    field: usize,
}

impl Ahead<'_> {
    /// Enters the next field of bytes, over numbers; gives which one, and how many bytes follow it.
    fn next(&mut self) -> Option<(u32, usize)> {
        loop {
            let before = self.rest.len();
            let mut inside = self.rest;
            let key = varint(&mut inside)?;
            if key & 7 == 2 {
                let length = usize::try_from(varint(&mut inside)?).ok()?;
                self.left = self.left.checked_sub(before - inside.len())?;
                self.rest = inside;
                self.field = length;
                return Some((u32::try_from(key >> 3).ok()?, self.left.checked_sub(length)?));
            }
            let mut fields = Fields::of(self.rest);
            fields.next()?;
            self.left = self.left.checked_sub(before - fields.left())?;
            self.rest = &self.rest[before - fields.left()..];
        }
    }

    /// Leaves the field entered last, if its end is there.
    fn skip(&mut self) -> Option<()> {
        self.rest = self.rest.get(self.field..)?;
        self.left -= self.field;
        Some(())
    }
}

/// Microseconds of seconds since 1970, rounded; none of what is no time.
#[inline]
fn micros(seconds: f64) -> u64 {
    if seconds.is_nan() || seconds.abs() >= 1e11 {
        return MISSING;
    }
    let exact = seconds * 1e6;
    let whole = exact as i64;
    // As `round`, which processors without SSE 4.1 call a function for.
    let rest = exact - whole as f64;
    (whole + i64::from(rest >= 0.5) - i64::from(rest <= -0.5)) as u64
}

/// The kind that a folder gives the files in it, as Keras and estimators name them.
///
/// ```
/// use fastlogs_core::read::tfevents::kind_of_folder;
/// assert_eq!(Some("val"), kind_of_folder("logs/validation/events.out.tfevents.1.host"));
/// assert_eq!(None, kind_of_folder("logs/train/events.out.tfevents.1.host"));
/// ```
pub fn kind_of_folder(path: &str) -> Option<&'static str> {
    let folder = path.rsplit(['/', '\\']).nth(1)?;
    crate::read::roles::kind_of_word(folder.as_bytes()).filter(|&kind| kind != TRAIN)
}

#[cfg(test)]
mod tests;
