//! Decides from the leading lines whether a file is JSON lines, and which of its keys are the step and the time.

use std::sync::Arc;

use hashbrown::HashMap;
use memchr::memchr;

use crate::lines::lines;
use crate::literal::{Dialect, Leaf, Leaves, Value};
use crate::read::jsonl::{JsonlReader, PREFIX};
use crate::read::object::FieldMap;
use crate::read::roles::{self, Clock, Course, Names};
use crate::row::{Block, Plan, Reader};
use crate::wanted::Wanted;

/// More of the leading lines than this decide nothing.
const LINES: usize = 1000;

/// How JSON lines are read.
#[derive(Debug, Clone)]
pub struct JsonlPlan {
    pub name: String,
    pub map: Arc<FieldMap>,
    pub dialect: Dialect,
    pub wanted: Wanted,
}

impl Plan for JsonlPlan {
    fn name(&self) -> &str {
        &self.name
    }

    fn rules(&self) -> Vec<String> {
        vec!["object".to_owned()]
    }

    fn expects_step(&self) -> bool {
        self.map.step.is_some() && !self.map.step_in_epoch
    }

    fn splittable(&self) -> bool {
        true
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(JsonlReader::new(self))
    }
}

/// What JSON a file holds.
#[derive(Debug, Clone)]
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
/// assert!(recognise(b"step 1 loss 2.5\n").is_none());
/// ```
pub fn recognise(head: &[u8]) -> Option<Recognised> {
    let count = Count::while_most(head, Dialect::Json);
    if count.objects == 1 && count.others == 0 && count.lists > 0 {
        return Some(Recognised::Document(Document));
    }
    // An object that goes on over lines may hold one a line: they are not the rows, its lists are.
    let inside = count.first_is_other && head.trim_ascii_start().first() == Some(&b'{') && is_document(head);
    if count.is_most() && !inside {
        return Some(Recognised::Lines(count.plan));
    }
    is_document(head).then_some(Recognised::Document(Document))
}

/// Tells a file of Python dicts, one a line, from its leading bytes.
pub fn recognise_dicts(head: &[u8]) -> Option<JsonlPlan> {
    let count = Count::while_most(head, Dialect::Python);
    count.is_most().then_some(count.plan)
}

impl JsonlPlan {
    /// The plan of a file that is read as objects a line whatever it looks like.
    pub fn decide(head: &[u8], dialect: Dialect, names: &Names) -> JsonlPlan {
        Count::of(head, dialect, names).plan
    }
}

/// What the keys are for of the objects that stand at these places of a text.
pub fn map_of(text: &[u8], places: &[(usize, usize)], names: &Names) -> FieldMap {
    let mut facts = Facts { names: names.clone(), ..Facts::default() };
    for &(start, end) in places.iter().take(LINES) {
        let mut leaves = std::mem::take(&mut facts.leaves);
        if leaves.read(text, start, end, Dialect::Json).is_some() {
            facts.note_leaves(&leaves, text);
        }
        facts.leaves = leaves;
    }
    facts.map()
}

/// What the leading lines are.
struct Count {
    objects: usize,
    others: usize,
    first_is_other: bool,
    /// Lists left out of objects.
    lists: usize,
    plan: JsonlPlan,
}

impl Count {
    fn of(head: &[u8], dialect: Dialect, names: &Names) -> Count {
        Count::up_to(usize::MAX, head, dialect, names)
    }

    /// The same where the lines may yet be objects for the most part; what they hold is of no use where they are not.
    fn while_most(head: &[u8], dialect: Dialect) -> Count {
        Count::up_to(LINES / 10, head, dialect, &Names::default())
    }

    /// Ends at more than so many lines that are no object.
    fn up_to(most_others: usize, head: &[u8], dialect: Dialect, names: &Names) -> Count {
        let mut facts = Facts { names: names.clone(), ..Facts::default() };
        let (mut objects, mut others, mut lists) = (0, 0, 0);
        let mut first_is_other = false;
        for line in leading_lines(head) {
            match facts.note(line, dialect) {
                Some(left) => {
                    objects += 1;
                    lists += left;
                }
                None => {
                    first_is_other |= objects == 0;
                    others += 1;
                }
            }
            if others > most_others {
                break;
            }
        }
        let name = match dialect {
            Dialect::Json => "jsonl",
            Dialect::Python => "python-dicts",
        };
        let map = Arc::new(facts.map());
        let plan = JsonlPlan { name: name.to_owned(), map, dialect, wanted: Wanted::default() };
        Count { objects, others, first_is_other, lists, plan }
    }

    fn is_most(&self) -> bool {
        self.objects > 0 && self.objects >= 9 * self.others
    }
}

/// The lines that are no blank; the last one only if it is whole or the only one.
fn leading_lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = Block { data: head, len: head.len(), offset: 0 };
    let filled = lines(whole).map(|line| &head[line.start..line.end]).filter(|line| !line.trim_ascii().is_empty());
    let (mut rest, ended, mut first) = (filled.peekable(), head.ends_with(b"\n"), true);
    let next = move || {
        let line = rest.next()?;
        let alone = std::mem::take(&mut first);
        (alone || ended || rest.peek().is_some()).then_some(line)
    };
    std::iter::from_fn(next).take(LINES)
}

/// What the keys of the leading objects did.
#[derive(Default)]
struct Facts {
    names: Names,
    leaves: Leaves,
    keys: Vec<KeyFacts>,
    places: HashMap<String, usize>,
    joint: Option<u8>,
    epoch: Option<f64>,
}

/// What one key did.
struct KeyFacts {
    key: String,
    course: Course,
    clock: Option<Clock>,
    always_clock: bool,
    words: bool,
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

impl Facts {
    /// Takes note of an object, if the line is one; gives how many of its lists are left out.
    fn note(&mut self, line: &[u8], dialect: Dialect) -> Option<usize> {
        let brace = memchr(b'{', &line[..line.len().min(PREFIX + 1)])?;
        let mut leaves = std::mem::take(&mut self.leaves);
        let mut whole = leaves.read(line, brace, line.len(), dialect);
        if self.joint.is_none() && whole.is_some() {
            self.joint = roles::joint_of(leaves.list.iter().map(|leaf| leaves.key(leaf)));
            if self.joint.is_some() {
                leaves = Leaves::joined_by(self.joint);
                whole = leaves.read(line, brace, line.len(), dialect);
            }
        }
        let lists = leaves.lists_left;
        if whole.is_some() {
            self.note_leaves(&leaves, line);
        }
        self.leaves = leaves;
        whole.filter(|&end| super::closes(&line[end..])).map(|_| lists)
    }

    fn note_leaves(&mut self, leaves: &Leaves, line: &[u8]) {
        let entries: Vec<Entry<'_>> = leaves.list.iter().filter_map(|leaf| Entry::of(leaf, leaves, line)).collect();
        let epoch = entries.iter().find(|entry| self.names.epoch(entry.key).is_some()).and_then(|entry| entry.value);
        let rose = matches!((self.epoch, epoch), (Some(before), Some(now)) if now > before);
        self.epoch = epoch.or(self.epoch);
        for entry in &entries {
            self.of_key(entry.key).note(entry, rose);
        }
    }

    fn of_key(&mut self, key: &str) -> &mut KeyFacts {
        let next = self.keys.len();
        let at = *self.places.entry_ref(key).or_insert(next);
        if at == next {
            let key = key.to_owned();
            let new = KeyFacts { key, course: Course::default(), clock: None, always_clock: true, words: false };
            self.keys.push(new);
        }
        &mut self.keys[at]
    }

    /// The key whose name is likeliest for a role.
    fn likeliest(&self, rank: impl Fn(&KeyFacts) -> Option<usize>) -> Option<&KeyFacts> {
        let ranked = self.keys.iter().filter_map(|facts| Some((rank(facts)?, facts)));
        ranked.min_by_key(|(rank, _)| *rank).map(|(_, facts)| facts)
    }

    fn map(&self) -> FieldMap {
        let ranked = |facts: &'_ KeyFacts| self.names.step(&facts.key);
        let candidates: Vec<(usize, &KeyFacts)> = self.keys.iter().filter_map(|f| Some((ranked(f)?, f))).collect();
        let courses: Vec<(usize, &Course)> = candidates.iter().map(|(rank, f)| (*rank, &f.course)).collect();
        let step = roles::choose_step(&courses);
        let number = |facts: &KeyFacts, rank: Option<usize>| rank.filter(|_| facts.course.seen > 0);
        let time = self.likeliest(|f| self.names.time(&f.key).filter(|_| f.clock.is_some() && f.always_clock));
        let name = |facts: &KeyFacts| facts.key.clone();
        FieldMap {
            step: step.map(|(at, _)| name(candidates[at].1)),
            step_in_epoch: step.is_some_and(|(_, in_epoch)| in_epoch),
            epoch: self.likeliest(|f| number(f, self.names.epoch(&f.key))).map(name),
            rank: self.likeliest(|f| number(f, self.names.rank(&f.key))).map(name),
            time: time.and_then(|f| Some((name(f), f.clock?))),
            elapsed: self.likeliest(|f| number(f, self.names.elapsed(&f.key, &f.course))).map(name),
            drop: self.names.drop.clone(),
            words: self.keys.iter().filter(|f| f.words).map(name).collect(),
            named: Vec::new(),
            joint: self.joint,
        }
    }
}

impl KeyFacts {
    fn note(&mut self, entry: &Entry<'_>, epoch_rose: bool) {
        let clock = match (entry.value, entry.text) {
            (_, Some(text)) if Clock::of_text(text).is_some() => Some(Clock::Stamp),
            (Some(value), _) => Clock::of_number(value),
            (None, _) => None,
        };
        self.always_clock &= clock.is_some() && self.clock.is_none_or(|known| Some(known) == clock);
        self.clock = clock.or(self.clock);
        match entry.value {
            Some(value) => self.course.note(value, epoch_rose),
            None => self.words |= entry.text.is_some_and(|text| roles::seconds(text).is_none()),
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

#[cfg(test)]
mod early_tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn giving_up_early_changes_no_answer(lines in proptest::collection::vec(any::<bool>(), 1..1200), share in 0usize..20) {
            let line = |(k, other): (usize, &bool)| if *other && k % 20 < share { "step 1\n" } else { "{\"a\": 1}\n" };
            let text: String = lines.iter().enumerate().map(line).collect();
            let whole = Count::of(text.as_bytes(), Dialect::Json, &Names::default());
            let early = Count::while_most(text.as_bytes(), Dialect::Json);
            prop_assert_eq!(whole.is_most(), early.is_most());
            prop_assert_eq!(whole.first_is_other, early.first_is_other);
        }
    }
}
