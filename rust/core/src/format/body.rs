//! Makes a row, or settings, of a line that a rule claims.

use crate::number::integer;
use crate::pattern::{Cache, Found};
use crate::row::{MISSING, Rows, Setting, slot_of};
use crate::types::{Holds, Keep};
use crate::wanted::Wanted;

use super::context::Context;
use super::draft::{Draft, Shapes};
use super::line::Line;
use super::meaning::Meaning;
use super::measure::{Measured, Printed};
use super::pairs::Pair;
use super::payload::Values;
use super::plain::Layouts;
use super::rule::{Capture, Into, Rule, span};

/// Memory that making rows reuses; one a reader.
#[derive(Debug, Default)]
pub struct Memory {
    cache: Cache,
    pair: Found,
    name: Vec<u8>,
    pub(super) values: Values,
    pub(super) draft: Draft,
    pub(super) shapes: Shapes,
    pub(super) layouts: Layouts,
}

impl Memory {
    /// For rows of which only some metrics are wanted.
    pub fn wanting(wanted: Wanted) -> Memory {
        let mut memory = Memory::default();
        memory.shapes.wanted = wanted;
        memory
    }
}

impl Rule {
    /// Makes a row of a line of this rule, with what the rule `found` in it and what stands `around` it; `whole` is
    /// the line with its envelopes.
    pub fn read(&self, whole: &Line<'_>, around: &Context, found: &Found, memory: &mut Memory, rows: &mut Rows) {
        rows.seen.claim(self.ordinal);
        if whole.open {
            return self.make(whole, around, &self.doubted(whole, found.clone()), memory, rows);
        }
        if self.plain && memory.layouts.add(self, whole, around, found, &mut memory.shapes, rows) {
            return;
        }
        self.make(whole, around, found, memory, rows);
    }

    fn make(&self, whole: &Line<'_>, around: &Context, found: &Found, memory: &mut Memory, rows: &mut Rows) {
        match self.into {
            Into::Nothing => {}
            Into::Config => self.settle(whole, found, memory, rows),
            Into::Rows if self.complete && !is_complete(&self.captures, found) => {}
            Into::Rows => self.row(whole, around, found, memory, rows),
        }
    }

    /// A value at the very end of a source that ends within a line may be cut: it is not taken for a whole one.
    fn doubted(&self, whole: &Line<'_>, mut found: Found) -> Found {
        for (k, capture) in self.captures.iter().enumerate() {
            let taken = match capture.meaning {
                Meaning::Context(_) | Meaning::Metric | Meaning::Text | Meaning::Value => true,
                Meaning::Kind
                | Meaning::Pairs
                | Meaning::Payload
                | Meaning::Name
                | Meaning::Unit
                | Meaning::Ignored => false,
            };
            let torn = |k: usize| span(&found, k).is_some_and(|(_, end)| whole.may_be_cut(end));
            if taken && (torn(k) || capture.unit_at.is_some_and(torn)) {
                found.slots[k] = MISSING;
                found.bad |= 1 << k;
            }
        }
        found
    }

    fn row(&self, whole: &Line<'_>, around: &Context, found: &Found, memory: &mut Memory, rows: &mut Rows) {
        self.begin(whole.data, around, found, &mut memory.draft);
        self.add_captures(whole.data, found, &mut memory.draft, rows);
        let mut bad = found.bad.count_ones();
        bad += self.add_pairs(whole, found, memory);
        bad += self.add_payload(whole.data, found, memory, rows);
        for _ in 0..bad {
            rows.seen.bad.note(whole.offset, whole.bytes());
        }
        if memory.draft.metrics == 0 && self.keep != Keep::Carry {
            return;
        }
        let shape = rows.shape(memory.shapes.of(&memory.draft, self.ordinal, self.keep));
        rows.begin(shape, whole.offset).copy_from_slice(&memory.draft.slots);
    }

    /// Begins the row with its context: what the rule captured, then what only the envelopes say.
    pub(super) fn begin(&self, data: &[u8], around: &Context, found: &Found, draft: &mut Draft) {
        let kind = self.capture_of(Meaning::Kind).and_then(|k| found.bytes(data, k));
        let kind = kind.or(self.kind.as_ref().map(|k| k.as_bytes()));
        let stamp = self.capture_of(Meaning::Context(Holds::WallTime)).filter(|&k| found.slots[k] != MISSING);
        let utc = stamp.map_or(around.utc, |k| found.utc >> k & 1 == 1);
        draft.begin(self.ordinal, utc, kind);
        for (k, capture) in self.captures.iter().enumerate() {
            match capture.meaning {
                Meaning::Context(Holds::WallTime) => add_stamp(draft, found, k),
                Meaning::Context(holds) => add_context(draft, holds, found, k, &self.captures),
                Meaning::Metric
                | Meaning::Text
                | Meaning::Kind
                | Meaning::Pairs
                | Meaning::Payload
                | Meaning::Name
                | Meaning::Value
                | Meaning::Unit
                | Meaning::Ignored => {}
            }
        }
        around.slots().for_each(|(holds, slot)| draft.context(holds, slot));
    }

    pub(super) fn add_captures(&self, data: &[u8], found: &Found, draft: &mut Draft, rows: &mut Rows) {
        for (k, capture) in self.captures.iter().enumerate() {
            match capture.meaning {
                Meaning::Metric => {
                    let unit = capture.unit_at.and_then(|u| found.bytes(data, u)).unwrap_or(capture.unit.as_bytes());
                    draft.metric(capture.printed.as_bytes(), unit, self.naming, found.slots[k]);
                }
                Meaning::Text => draft.text(capture.printed.as_bytes(), self.naming, text_slot(data, found, k, rows)),
                Meaning::Value => self.add_value(data, k, found, draft),
                Meaning::Context(_)
                | Meaning::Kind
                | Meaning::Pairs
                | Meaning::Payload
                | Meaning::Name
                | Meaning::Unit
                | Meaning::Ignored => {}
            }
        }
    }

    /// A number whose name the line itself says.
    fn add_value(&self, data: &[u8], value: usize, found: &Found, draft: &mut Draft) {
        let capture = &self.captures[value];
        let name = self.capture_of(Meaning::Name).and_then(|k| found.bytes(data, k));
        let name = name.unwrap_or(capture.printed.as_bytes());
        let Some(place) = span(found, value).filter(|_| found.slots[value] != MISSING) else { return };
        let unit = capture.unit_at.and_then(|k| span(found, k)).unwrap_or((place.1, place.1));
        let printed = Printed { data, value: place, unit, rest: (0, 0) };
        let (slot, unit) = match printed.measure(name) {
            Measured::Number(slot, unit) => (slot, unit),
            Measured::Absent | Measured::Bad => (MISSING, &b""[..]),
        };
        let unit = if unit.is_empty() { capture.unit.as_bytes() } else { unit };
        draft.metric(name, unit, self.naming, slot);
    }

    /// Adds the pairs of the line; gives how many could not be read.
    fn add_pairs(&self, whole: &Line<'_>, found: &Found, memory: &mut Memory) -> u32 {
        let Some(pairs) = &self.pairs else { return 0 };
        let Some(stretch) = self.stretch(Meaning::Pairs, found) else { return 0 };
        let Memory { cache, pair, name, draft, .. } = memory;
        let mut bad = 0;
        pairs.each(whole.data, stretch, (cache, pair), |pair| {
            let torn = whole.may_be_cut(pair.printed.last());
            bad += u32::from(!self.add_pair(pair.full_name(name), &pair, torn, draft));
        });
        bad
    }

    /// Adds a pair to the row; false if its value can't be read.
    fn add_pair(&self, name: &[u8], pair: &Pair<'_>, torn: bool, draft: &mut Draft) -> bool {
        if self.drops(name) {
            return true;
        }
        let measured = if torn { Measured::Bad } else { pair.printed.measure(name) };
        let (slot, unit) = match measured {
            Measured::Number(slot, unit) => (slot, unit),
            Measured::Absent | Measured::Bad => (MISSING, &b""[..]),
        };
        match self.role(name) {
            Some(holds) if !draft.has(holds) => {
                let slot = if torn { MISSING } else { context_slot(holds, pair.printed.number(), slot) };
                draft.context(holds, slot);
                return slot != MISSING;
            }
            Some(_) => {}
            None => {
                let unit = if unit.is_empty() { pair.unit.as_bytes() } else { unit };
                draft.metric(name, unit, self.naming, slot);
            }
        }
        measured != Measured::Bad
    }

    fn add_payload(&self, data: &[u8], found: &Found, memory: &mut Memory, rows: &mut Rows) -> u32 {
        let Some(payload) = self.payload else { return 0 };
        let Some(stretch) = self.stretch(Meaning::Payload, found) else { return 0 };
        payload.add(data, stretch, self, memory, rows)
    }

    /// Makes settings of the line: each capture, each pair, each key of the payload.
    fn settle(&self, whole: &Line<'_>, found: &Found, memory: &mut Memory, rows: &mut Rows) {
        let data = whole.data;
        for (k, capture) in self.captures.iter().enumerate() {
            let own = matches!(capture.meaning, Meaning::Metric | Meaning::Text | Meaning::Context(_));
            if let (true, Some(value)) = (own && found.slots[k] != MISSING, found.bytes(data, k)) {
                rows.settings.push(setting(capture.printed.as_bytes(), value));
            }
        }
        if let (Some(pairs), Some(stretch)) = (&self.pairs, self.stretch(Meaning::Pairs, found)) {
            let Memory { cache, pair, .. } = memory;
            pairs.each(data, stretch, (cache, pair), |pair| {
                let (start, end) = (pair.printed.value.0, pair.printed.last());
                if !whole.may_be_cut(end) {
                    rows.settings.push(setting(pair.name, data.get(start..end).unwrap_or_default()));
                }
            });
        }
        if let (Some(payload), Some(stretch)) = (self.payload, self.stretch(Meaning::Payload, found)) {
            payload.settle(data, stretch, memory, rows);
        }
    }
}

pub(super) fn text_slot(data: &[u8], found: &Found, capture: usize, rows: &mut Rows) -> u64 {
    let text = found.bytes(data, capture).filter(|_| found.slots[capture] != MISSING);
    text.map_or(MISSING, |text| {
        rows.seen.recoded += u64::from(std::str::from_utf8(text).is_err());
        rows.keep_text(text)
    })
}

/// A stamp with a date is the time, one without is seconds since midnight.
fn add_stamp(draft: &mut Draft, found: &Found, k: usize) {
    let slot = found.slots[k];
    if slot == MISSING {
        return;
    }
    if found.clock >> k & 1 == 1 {
        draft.context(Holds::Elapsed, slot_of(slot as i64 as f64 / 1e6));
    } else {
        draft.context(Holds::WallTime, slot);
    }
}

/// A context capture; where the line leaves it out, another group for the same thing may still have it.
fn add_context(draft: &mut Draft, holds: Holds, found: &Found, k: usize, all: &[Capture]) {
    let slot = found.slots[k];
    let later = all.iter().skip(k + 1).any(|c| c.meaning == Meaning::Context(holds));
    if slot != MISSING || !later {
        draft.context(holds, slot);
    }
}

fn is_complete(captures: &[Capture], found: &Found) -> bool {
    let of = |holds| captures.iter().position(|c| c.meaning == Meaning::Context(holds)).map(|k| found.slots[k]);
    of(Holds::Batch) == of(Holds::Batches)
}

/// The slot of a context that a pair or a payload says; `number` are the bits of its number.
pub(super) fn context_slot(holds: Holds, printed: &[u8], number: u64) -> u64 {
    match holds {
        Holds::Step | Holds::Batch | Holds::Batches | Holds::Rank => match integer(printed, 0) {
            Some((value, end)) if end == printed.len() => value as u64,
            Some(_) | None => whole(f64::from_bits(number)).filter(|_| number != MISSING).unwrap_or(MISSING),
        },
        Holds::Epoch | Holds::Epochs | Holds::Elapsed | Holds::WallTime | Holds::Metric | Holds::Text => number,
    }
}

/// A whole number that was printed as a decimal (`1e3`, `100.0`), where f64 holds it exactly.
fn whole(value: f64) -> Option<u64> {
    let exact = value.fract() == 0.0 && value.abs() < 9e15;
    exact.then_some(value as i64 as u64)
}

fn setting(key: &[u8], value: &[u8]) -> Setting {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    Setting { key: text(key), value: text(value) }
}
