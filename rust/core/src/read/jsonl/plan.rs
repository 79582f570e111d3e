//! Decides from the leading lines whether a file is JSON lines, and which of its keys are the step and the time.

use std::sync::Arc;

use crate::read::dict::{Dialect, Leaf, Leaves, Value};
use crate::read::jsonl::PREFIX;
use crate::read::object::FieldMap;
use crate::read::roles::{self, Clock, Course};

/// More of the leading lines than this decide nothing.
const LINES: usize = 1000;

/// How JSON lines are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonlPlan {
    pub map: Arc<FieldMap>,
    pub dialect: Dialect,
}

/// What JSON a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognised {
    Lines(JsonlPlan),
    /// One value over many lines, or one that holds the rows in a list: not an object a row.
    Document(Document),
}

/// A JSON document, which is no log of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document;

/// Tells JSON lines from the leading bytes of a file; none for anything else.
///
/// ```
/// use fastlogs_core::read::jsonl::{Recognised, recognise};
/// let head = b"{\"step\": 1, \"loss\": 2.5}\n{\"step\": 2, \"loss\": 2.1}\n";
/// let Some(Recognised::Lines(plan)) = recognise(head) else { panic!() };
/// assert_eq!(Some("step"), plan.map.step.as_deref());
/// assert_eq!(None, recognise(b"step 1 loss 2.5\n"));
/// ```
pub fn recognise(head: &[u8]) -> Option<Recognised> {
    let count = Count::of(head, Dialect::Json);
    if count.objects == 1 && count.others == 0 && count.lists > 0 {
        return Some(Recognised::Document(Document));
    }
    if count.is_most() {
        return Some(Recognised::Lines(count.plan));
    }
    is_document(head).then_some(Recognised::Document(Document))
}

/// Tells a file of Python dicts, one a line, from its leading bytes.
pub fn recognise_dicts(head: &[u8]) -> Option<JsonlPlan> {
    let count = Count::of(head, Dialect::Python);
    count.is_most().then_some(count.plan)
}

impl JsonlPlan {
    /// The plan of a file that is read as objects a line whatever it looks like.
    pub fn decide(head: &[u8], dialect: Dialect) -> JsonlPlan {
        Count::of(head, dialect).plan
    }
}

/// What the leading lines are.
struct Count {
    objects: usize,
    others: usize,
    /// Lists left out of objects.
    lists: usize,
    plan: JsonlPlan,
}

impl Count {
    fn of(head: &[u8], dialect: Dialect) -> Count {
        let mut facts = Facts::default();
        let (mut objects, mut others, mut lists) = (0, 0, 0);
        for line in leading_lines(head) {
            match facts.note(line, dialect) {
                Some(left) => {
                    objects += 1;
                    lists += left;
                }
                None => others += 1,
            }
        }
        Count { objects, others, lists, plan: JsonlPlan { map: Arc::new(facts.map()), dialect } }
    }

    fn is_most(&self) -> bool {
        self.objects > 0 && self.objects >= 9 * self.others
    }
}

/// The lines that are no blank; the last one only if it is whole or the only one.
fn leading_lines(head: &[u8]) -> Vec<&[u8]> {
    let blank = |line: &&[u8]| line.iter().all(u8::is_ascii_whitespace);
    let mut lines: Vec<&[u8]> =
        head.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !blank(line)).take(LINES + 1).collect();
    let cut = !head.ends_with(b"\n") && lines.len() <= LINES;
    if lines.len() > 1 && (cut || lines.len() > LINES) {
        lines.pop();
    }
    lines
}

/// What the keys of the leading objects did.
#[derive(Default)]
struct Facts {
    leaves: Leaves,
    steps: Vec<(String, usize, Course)>,
    epochs: Vec<(String, usize)>,
    times: Vec<Time>,
    ranks: Vec<String>,
    words: Vec<(String, bool)>,
    epoch: Option<f64>,
}

/// A leaf that is a number or a text.
struct Entry<'a> {
    key: &'a str,
    value: Option<f64>,
    text: Option<&'a [u8]>,
}

impl<'a> Entry<'a> {
    fn of(leaf: &Leaf, leaves: &'a Leaves, line: &'a [u8]) -> Option<Self> {
        let key = std::str::from_utf8(leaves.key(leaf)).ok().filter(|_| !leaf.hidden)?;
        let text = &line[leaf.start..leaf.end];
        match leaf.value {
            Value::Number(value) => Some(Entry { key, value: Some(value), text: None }),
            Value::Quoted { .. } => Some(Entry { key, value: roles::numeric_text(text), text: Some(text) }),
            Value::Flag(_) | Value::Null => None,
        }
    }
}

struct Time {
    key: String,
    rank: usize,
    clock: Option<Clock>,
    always: bool,
}

impl Facts {
    /// Takes note of an object, if the line is one; gives how many of its lists are left out.
    fn note(&mut self, line: &[u8], dialect: Dialect) -> Option<usize> {
        let brace = line.iter().take(PREFIX + 1).position(|&b| b == b'{')?;
        let mut leaves = std::mem::take(&mut self.leaves);
        let whole = leaves.read(line, brace, line.len(), dialect);
        let lists = leaves.lists_left;
        if whole.is_some() {
            self.note_leaves(&leaves, line);
        }
        self.leaves = leaves;
        whole.filter(|&end| super::closes(&line[end..])).map(|_| lists)
    }

    fn note_leaves(&mut self, leaves: &Leaves, line: &[u8]) {
        let entries: Vec<Entry<'_>> = leaves.list.iter().filter_map(|leaf| Entry::of(leaf, leaves, line)).collect();
        let epoch = entries.iter().find(|entry| roles::epoch_rank(entry.key).is_some()).and_then(|entry| entry.value);
        let rose = matches!((self.epoch, epoch), (Some(before), Some(now)) if now > before);
        self.epoch = epoch.or(self.epoch);
        for Entry { key, value, text } in entries {
            self.note_number(key, value, rose);
            self.note_time(key, value, text);
            if text.is_some() {
                self.note_text(key, value.is_some());
            }
        }
    }

    fn note_number(&mut self, key: &str, value: Option<f64>, epoch_rose: bool) {
        let Some(value) = value else { return };
        if let Some(rank) = roles::step_rank(key) {
            let course = match self.steps.iter_mut().position(|(known, ..)| known == key) {
                Some(at) => &mut self.steps[at].2,
                None => {
                    self.steps.push((key.to_owned(), rank, Course::default()));
                    &mut self.steps.last_mut().expect("just pushed").2
                }
            };
            course.note(value, epoch_rose);
        }
        if let Some(rank) = roles::epoch_rank(key)
            && self.epochs.iter().all(|(known, _)| known != key)
        {
            self.epochs.push((key.to_owned(), rank));
        }
        if key == "rank" && self.ranks.is_empty() {
            self.ranks.push(key.to_owned());
        }
    }

    fn note_time(&mut self, key: &str, value: Option<f64>, text: Option<&[u8]>) {
        let Some(rank) = roles::time_rank(key) else { return };
        let clock = match (value, text) {
            (_, Some(text)) if Clock::of_text(text).is_some() => Some(Clock::Stamp),
            (Some(value), _) => Clock::of_number(value),
            (None, _) => None,
        };
        match self.times.iter_mut().find(|time| time.key == key) {
            Some(time) => time.always &= time.clock == clock,
            None => self.times.push(Time { key: key.to_owned(), rank, clock, always: true }),
        }
    }

    fn note_text(&mut self, key: &str, numeric: bool) {
        match self.words.iter_mut().find(|(known, _)| known == key) {
            Some((_, always)) => *always &= numeric,
            None => self.words.push((key.to_owned(), numeric)),
        }
    }

    fn map(self) -> FieldMap {
        let candidates: Vec<(usize, &Course)> = self.steps.iter().map(|(_, rank, course)| (*rank, course)).collect();
        let step = roles::choose_step(&candidates);
        let time = self.times.iter().filter(|time| time.always && time.clock.is_some()).min_by_key(|time| time.rank);
        FieldMap {
            step: step.map(|(at, _)| self.steps[at].0.clone()),
            step_in_epoch: step.is_some_and(|(_, in_epoch)| in_epoch),
            epoch: self.epochs.iter().min_by_key(|(_, rank)| *rank).map(|(key, _)| key.clone()),
            rank: self.ranks.first().cloned(),
            time: time.and_then(|time| Some((time.key.clone(), time.clock?))),
            drop: Vec::new(),
            words: self.words.into_iter().filter(|(_, numeric)| !numeric).map(|(key, _)| key).collect(),
        }
    }
}

/// Whether the bytes begin a JSON value that goes over lines: brackets that open and close, strings, and between
/// them only what JSON has; nothing after the value.
fn is_document(head: &[u8]) -> bool {
    let text = head.trim_ascii();
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return false;
    }
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'{' | b'[' => open.push(byte),
            b'}' | b']' => {
                if open.pop() != Some(if byte == b'}' { b'{' } else { b'[' }) {
                    return false;
                }
                if open.is_empty() {
                    return at + 1 == text.len();
                }
            }
            b'"' => match string_end(text, at) {
                Some(end) => at = end,
                None => return true,
            },
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'+' | b'-' | b'.' => {}
            letter if letter.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

/// The closing quote of the string that opens at `at`.
fn string_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += 1 + memchr::memchr2(b'"', b'\\', text.get(at + 1..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 1;
    }
}
