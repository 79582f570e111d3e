//! Makes rows of objects: which leaf is the step, which a metric, and the moulds of lines that look alike.

mod take;

use std::sync::Arc;

use hashbrown::HashMap;

use crate::literal::{Dialect, Leaves};
use crate::pattern::mould::Spot;
use crate::read::roles::{self, Clock};
use crate::row::{MISSING, Rows, Setting};
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};
use crate::wanted::Wanted;
pub use take::rounded;
use take::{Role, Take, bits, quoted, spot_kind, take};

/// What the keys that are no metrics are for. Keys are as stored, nested ones joined with a dot, or with `joint`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldMap {
    pub step: Option<String>,
    /// The step begins anew with every epoch.
    pub step_in_epoch: bool,
    pub epoch: Option<String>,
    pub rank: Option<String>,
    pub time: Option<(String, Clock)>,
    /// Seconds since the run began.
    pub elapsed: Option<String>,
    pub drop: Vec<String>,
    /// Keys whose values are words even where one looks like a number.
    pub words: Vec<String>,
    /// Keys that go by another name.
    pub named: Vec<(String, String)>,
    pub joint: Option<u8>,
}

impl FieldMap {
    fn role(&self, key: &[u8]) -> Role {
        let is = |name: &Option<String>| name.as_deref().is_some_and(|name| name.as_bytes() == key);
        let among = |names: &[String]| names.iter().any(|name| name.as_bytes() == key);
        match &self.time {
            _ if is(&self.step) => Role::Step,
            _ if is(&self.epoch) => Role::Epoch,
            _ if is(&self.rank) => Role::Rank,
            _ if is(&self.elapsed) => Role::Elapsed,
            Some((name, clock)) if name.as_bytes() == key => Role::Time(*clock),
            _ if among(&self.drop) || self.setting(key).is_some() => Role::Drop,
            _ if roles::names_split(key) => Role::Split,
            _ if among(&self.words) => Role::Word,
            _ => Role::Metric,
        }
    }

    fn setting<'k>(&self, key: &'k [u8]) -> Option<&'k [u8]> {
        roles::setting(key, self.joint.unwrap_or(b'.'))
    }

    fn name_of<'k>(&'k self, key: &'k str) -> &'k str {
        self.named.iter().find(|(known, _)| known == key).map_or(key, |(_, name)| name)
    }

    fn step_holds(&self) -> Holds {
        if self.step_in_epoch { Holds::Batch } else { Holds::Step }
    }
}

/// What lines of the same keys and the same sorts of values have in common.
#[derive(Debug)]
struct Reading {
    shape: Arc<Shape>,
    /// For each leaf its slot, if it has one.
    slots: Vec<Option<usize>>,
    /// Nothing but context: no row.
    empty: bool,
}

/// Fields that a rule found around an object, before those of the object itself.
#[derive(Debug, Clone)]
pub struct Given {
    /// Tells apart what else differs for lines of equal objects: two of the same number give equal fields.
    pub number: u32,
    pub kind: Arc<str>,
    pub keep: Keep,
    pub fields: Vec<Field>,
}

impl Default for Given {
    fn default() -> Self {
        Given { number: 0, kind: TRAIN.into(), keep: Keep::All, fields: Vec::new() }
    }
}

/// Objects state their settings again and again; so far into a source they are looked for.
const SETTINGS_END: u64 = 64 << 10;

/// Readings beyond this are forgotten: objects of ever new keys must not fill the memory.
const READINGS: usize = 4096;

/// Makes rows of the objects of one rule.
pub struct Objects {
    map: Arc<FieldMap>,
    dialect: Dialect,
    rule: u32,
    naming: Naming,
    wanted: Wanted,
    leaves: Leaves,
    takes: Vec<Take>,
    signature: Vec<u8>,
    readings: HashMap<Vec<u8>, Arc<Reading>>,
    text: Vec<u8>,
}

impl Objects {
    pub fn new(map: Arc<FieldMap>, dialect: Dialect, rule: u32, naming: Naming, wanted: Wanted) -> Self {
        let leaves = Leaves::joined_by(map.joint);
        Objects {
            map,
            dialect,
            rule,
            naming,
            wanted,
            leaves,
            takes: Vec::new(),
            signature: Vec::new(),
            readings: HashMap::new(),
            text: Vec::new(),
        }
    }

    /// Appends the row of the object whose brace is at `start`; the caller fills the slots of the given fields,
    /// which come first. The position after the object and what became of it; none if there is no object.
    pub fn row(
        &mut self,
        data: &[u8],
        start: usize,
        end: usize,
        offset: u64,
        given: &Given,
        rows: &mut Rows,
    ) -> Option<(usize, Made)> {
        let after = self.leaves.read(data, start, end, self.dialect)?;
        self.classify(data);
        if offset < SETTINGS_END {
            self.settings(data, rows);
        }
        let reading = self.reading(given);
        if reading.empty && given.fields.is_empty() {
            return Some((after, Made::Nothing));
        }
        self.fill(&reading, data, offset, rows);
        Some((after, Made::Row))
    }

    fn settings(&self, data: &[u8], rows: &mut Rows) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for leaf in self.leaves.list.iter().filter(|leaf| !leaf.hidden) {
            let Some(key) = self.map.setting(self.leaves.key(leaf)) else { continue };
            rows.settings.push(Setting { key: text(key), value: text(&data[leaf.start..leaf.end]) });
        }
    }

    fn classify(&mut self, data: &[u8]) {
        self.takes.clear();
        for leaf in &self.leaves.list {
            let role = if leaf.hidden { Role::Drop } else { self.map.role(self.leaves.key(leaf)) };
            let text = quoted(leaf, data, &mut self.text);
            self.takes.push(take(role, leaf, text, data, self.map.step_holds()));
        }
    }

    /// The reading of lines like this one, made at the first.
    fn reading(&mut self, given: &Given) -> Arc<Reading> {
        self.sign(given);
        if let Some(known) = self.readings.get(&self.signature) {
            return Arc::clone(known);
        }
        if self.readings.len() >= READINGS {
            self.readings.clear();
        }
        let reading = Arc::new(self.new_reading(given));
        self.readings.insert(self.signature.clone(), Arc::clone(&reading));
        reading
    }

    /// Writes down all that decides the reading.
    fn sign(&mut self, given: &Given) {
        self.signature.clear();
        self.signature.extend_from_slice(&given.number.to_le_bytes());
        for (leaf, take) in self.leaves.list.iter().zip(&self.takes) {
            let key = self.leaves.key(leaf);
            self.signature.extend_from_slice(&(key.len() as u32).to_le_bytes());
            self.signature.extend_from_slice(key);
            self.signature.extend_from_slice(&take.code());
        }
    }

    fn new_reading(&self, given: &Given) -> Reading {
        let split = self.takes.iter().find_map(|take| take.split());
        let row_kind = split.unwrap_or(&given.kind);
        let last_of = self.last_of_keys();
        let mut fields = given.fields.clone();
        let mut slots = Vec::with_capacity(self.takes.len());
        for (i, (leaf, take)) in self.leaves.list.iter().zip(&self.takes).enumerate() {
            let key = self.leaves.key(leaf);
            let counts = !leaf.hidden && last_of.get(key) == Some(&i);
            let field = if counts { self.field(key, *take, row_kind) } else { None };
            slots.push(field.is_some().then_some(fields.len()));
            fields.extend(field);
        }
        set_apart(&mut fields);
        let empty = !fields.iter().any(|f| matches!(f.holds, Holds::Metric | Holds::Text));
        let kind = kind_of_row(&fields, row_kind);
        let utc = self.takes.iter().any(|t| matches!(t, Take::Moment(_) | Take::Stamp { utc: true }));
        let shape = Shape { rule: self.rule, kind, keep: given.keep, utc, guessed: false, fields };
        Reading { shape: Arc::new(shape), slots, empty }
    }

    /// Of a key that an object bears twice the last one counts.
    fn last_of_keys(&self) -> HashMap<&[u8], usize> {
        let shown = self.leaves.list.iter().enumerate().filter(|(_, leaf)| !leaf.hidden);
        shown.map(|(i, leaf)| (self.leaves.key(leaf), i)).collect()
    }

    fn field(&self, key: &[u8], take: Take, row_kind: &str) -> Option<Field> {
        let stored = String::from_utf8_lossy(key);
        let key = self.map.name_of(&stored);
        let kind = roles::kind_of_key(key).unwrap_or(row_kind);
        let mut field = match take {
            Take::Nothing | Take::Split(_) => return None,
            Take::Number | Take::OddNumber => Field::metric(key, kind, self.naming, None),
            Take::Seconds => Field::metric(key, kind, self.naming, Some("s")),
            Take::Text | Take::Word | Take::NoSplit | Take::OddText => Field::text(key, kind, self.naming),
            Take::Integer(holds) | Take::Context(holds) => Field::context(holds),

            Take::Moment(_) | Take::Stamp { .. } => Field::context(Holds::WallTime),
            Take::ClockOfDay => Field::context(Holds::Elapsed),
        };
        let measured = matches!(field.holds, Holds::Metric | Holds::Text);
        field.wanted = !measured || self.wanted.takes(&field);
        Some(field)
    }

    fn fill(&mut self, reading: &Reading, data: &[u8], offset: u64, rows: &mut Rows) {
        let shape = rows.shape(&reading.shape);
        let at = rows.slots.len();
        rows.begin(shape, offset);
        for ((leaf, take), slot) in self.leaves.list.iter().zip(&self.takes).zip(&reading.slots) {
            let Some(slot) = *slot else { continue };
            let wanted = reading.shape.fields[slot].wanted;
            rows.slots[at + slot] = if wanted { bits(*take, leaf, data, &mut self.text, rows) } else { 0 };
        }
    }

    /// The row just made as a mould wants it: its spots, counted from `start`, and what the other slots keep. None
    /// where a value is written in a way that no mould repeats.
    pub fn spots(&self, start: usize, rows: &Rows, spots: &mut Vec<Spot>, base: &mut Vec<u64>) -> Option<Arc<Shape>> {
        let head = rows.heads.last()?;
        let reading = self.readings.get(&self.signature)?;
        base.clear();
        base.extend_from_slice(rows.slots_of(head));
        spots.clear();
        for ((leaf, take), slot) in self.leaves.list.iter().zip(&self.takes).zip(&reading.slots) {
            let Some(kind) = spot_kind(*take, leaf)? else { continue };
            let slot = slot.filter(|&slot| reading.shape.fields[slot].wanted);
            if let Some(slot) = slot {
                base[slot] = MISSING;
            }
            spots.push(Spot { start: leaf.start - start, end: leaf.end - start, slot, kind });
        }
        Some(Arc::clone(&reading.shape))
    }

    /// The leaves of the object read last.
    pub fn leaves(&self) -> &Leaves {
        &self.leaves
    }
}

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    Row,
    /// It holds no metric.
    Nothing,
}

/// Val if all its metrics are, or test.
pub fn kind_of_row(fields: &[Field], row_kind: &str) -> Arc<str> {
    let mut kinds = fields.iter().filter(|f| f.holds == Holds::Metric).map(|f| &f.kind);
    let first = kinds.next();
    match first {
        Some(first) if row_kind == TRAIN && **first != *TRAIN && kinds.all(|kind| **kind != *TRAIN) => {
            Arc::clone(first)
        }
        _ => row_kind.into(),
    }
}

/// Two numbers of one name are two columns.
pub fn set_apart(fields: &mut [Field]) {
    for i in 1..fields.len() {
        let (before, after) = fields.split_at_mut(i);
        let taken = |name: &str| before.iter().any(|f| !f.name.is_empty() && *f.name == *name);
        let mut count = 2;
        let mut name = after[0].name.to_string();
        while taken(&name) {
            name = format!("{}_{count}", after[0].name);
            count += 1;
        }
        after[0].name = name.into();
    }
}
