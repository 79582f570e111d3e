//! One kind of line: recognises it and makes a row, or settings, of it.

use std::sync::Arc;

use crate::number::integer;
use crate::pattern::{Cache, Found, Matcher, NOWHERE};
use crate::row::{MISSING, Rows, slot_of};
use crate::types::{Holds, Keep, Naming};

use super::context::Context;
use super::draft::{Draft, Shapes};
use super::first::{Bytes, first_bytes};
use super::meaning::{Meaning, context, of_capture, unnumbered, wants};
use super::measure::{Measured, Printed};
use super::pairs::{Pair, Pairs};
use super::payload::Payload;
use super::shorthand::{Expanded, expand};
use super::spec::LineSpec;

/// A line being read: `data[start..end]` of a block, its first byte at `offset` of the source.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub data: &'a [u8],
    pub start: usize,
    pub end: usize,
    pub offset: u64,
    /// The source ends in it, without a line end: it may be cut.
    pub open: bool,
}

impl<'a> Line<'a> {
    pub fn bytes(&self) -> &'a [u8] {
        self.data.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether what ends at `at` may go on where the source does not: only more of a number stands after it.
    fn may_be_cut(&self, at: usize) -> bool {
        let rest = self.data.get(at..self.end).unwrap_or_default();
        self.open && rest.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b',' | b':' | b'+' | b'-' | b'e' | b'E'))
    }
}

/// What becomes of the lines of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Into {
    Rows,
    /// Settings of the run.
    Config,
    /// Claimed, and no more.
    Nothing,
}

/// One kind of line, compiled.
#[derive(Debug)]
pub struct Rule {
    /// Its place in the format.
    pub ordinal: u32,
    pub name: Arc<str>,
    pub keep: Keep,
    matcher: Matcher,
    first: Bytes,
    captures: Vec<Capture>,
    pairs: Option<Pairs>,
    payload: Option<Payload>,
    /// Printed name -> what it is context for.
    roles: Vec<(String, Holds)>,
    drop: Vec<String>,
    kind: Option<String>,
    into: Into,
    /// Only when the counter has reached its total.
    complete: bool,
}

#[derive(Debug)]
struct Capture {
    meaning: Meaning,
    printed: String,
    unit: String,
    /// The capture that holds its unit.
    unit_at: Option<usize>,
}

/// Memory that reading lines reuses; one a reader.
#[derive(Debug)]
pub struct Scratch {
    pub cache: Cache,
    pub found: Found,
    pair: Found,
    draft: Draft,
    shapes: Shapes,
}

impl Default for Scratch {
    fn default() -> Self {
        let (found, pair) = (Found::default(), Found::default());
        Scratch { cache: Cache::default(), found, pair, draft: Draft::default(), shapes: Shapes::default() }
    }
}

impl Rule {
    /// Compiles a rule; the error says why it can't be.
    pub fn new(spec: &LineSpec, ordinal: u32) -> Result<Rule, String> {
        let expanded = expand(&spec.regex.text)?;
        let read = |name: &str| expanded.captures.iter().find(|c| c.name == name).map(|c| c.read);
        let into = into(spec)?;
        let meaning = |name: &str| match (of_capture(name, read(name)), into) {
            // A setting is kept as it is printed.
            (Meaning::Metric, Into::Config) => Meaning::Text,
            (meaning, Into::Rows | Into::Config | Into::Nothing) => meaning,
        };
        let matcher = Matcher::new(&expanded.regex, |name| wants(meaning(name))).map_err(|e| e.to_string())?;
        let names: Vec<&str> = matcher.captures().iter().map(|c| c.name.as_str()).collect();
        let rule = Rule {
            ordinal,
            name: spec.name.text.as_str().into(),
            keep: keep(spec)?,
            first: first_bytes(matcher.text()),
            captures: names.iter().map(|name| Capture::new(name, meaning(name), &names, spec, &expanded)).collect(),
            pairs: spec.pairs.as_ref().map(|p| Pairs::new(&p.text)).transpose()?,
            payload: spec.payload.as_ref().map(|p| Payload::new(&p.text)).transpose()?,
            roles: roles(spec)?,
            drop: spec.drop.clone(),
            kind: spec.kind.as_ref().map(|w| w.text.clone()),
            into,
            complete: spec.keep.as_ref().is_some_and(|w| w.text == "complete"),
            matcher,
        };
        rule.is_sound(spec)?;
        Ok(rule)
    }

    fn is_sound(&self, spec: &LineSpec) -> Result<(), String> {
        let has = |meaning: Meaning| self.captures.iter().any(|c| c.meaning == meaning);
        let both = |capture: bool, key: bool, word: &str| match (capture, key) {
            (true, false) => Err(format!("the regex captures '{word}', but there is no key '{word}'")),
            (false, true) => Err(format!("there is a key '{word}', but the regex captures no '{word}'")),
            (true, true) | (false, false) => Ok(()),
        };
        both(has(Meaning::Pairs), self.pairs.is_some(), "pairs")?;
        both(has(Meaning::Payload), self.payload.is_some(), "payload")?;
        if has(Meaning::Value) && !has(Meaning::Name) && spec.metric.is_none() {
            return Err("the regex captures 'value' but not its name: add metric = \"...\"".to_owned());
        }
        let wanting = spec.carry.iter().find(|w| !self.captures.iter().any(|c| c.printed == w.text));
        match wanting {
            Some(word) => Err(format!("'carry' names '{}', which the regex does not capture", word.text)),
            None => Ok(()),
        }
    }

    /// Whether a line that begins with `byte` can be of this rule.
    #[inline]
    pub fn may_begin(&self, byte: u8) -> bool {
        self.first.has(byte)
    }

    /// The literals one of which stands in each of its lines, as far as they are known.
    pub fn literals(&self) -> &[Vec<u8>] {
        self.matcher.literals()
    }

    pub fn tier(&self) -> crate::pattern::Tier {
        self.matcher.tier()
    }

    /// Whether the line is of this rule; what it captured is left in `scratch`.
    #[inline]
    pub fn claims(&self, line: &Line<'_>, scratch: &mut Scratch) -> bool {
        self.matcher.read(line.data, line.start, line.end, &mut scratch.cache, &mut scratch.found)
    }

    /// Makes a row of the line just [claimed](Rule::claims); `whole` is the line with its envelopes.
    pub fn read(&self, whole: &Line<'_>, around: &Context, scratch: &mut Scratch, rows: &mut Rows) {
        rows.seen.claim(self.ordinal);
        if whole.open {
            self.doubt(whole, &mut scratch.found);
        }
        match self.into {
            Into::Nothing => {}
            Into::Config => self.settle(whole, scratch, rows),
            Into::Rows if self.complete && !is_complete(&self.captures, &scratch.found) => {}
            Into::Rows => self.row(whole, around, scratch, rows),
        }
    }

    /// A value at the very end of a source that ends within a line may be cut: it is not taken for a whole one.
    fn doubt(&self, whole: &Line<'_>, found: &mut Found) {
        let torn = |k: usize| found.spans.get(k).is_some_and(|s| *s != NOWHERE && whole.may_be_cut(s.1 as usize));
        let mut torn_ones = Vec::new();
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
            if taken && (torn(k) || capture.unit_at.is_some_and(torn)) {
                torn_ones.push(k);
            }
        }
        for k in torn_ones {
            found.slots[k] = MISSING;
            found.bad |= 1 << k;
        }
    }

    fn row(&self, whole: &Line<'_>, around: &Context, scratch: &mut Scratch, rows: &mut Rows) {
        self.begin(whole.data, around, scratch);
        let mut bad = scratch.found.bad.count_ones();
        self.add_captures(whole.data, scratch, rows);
        bad += self.add_pairs(whole, scratch);
        bad += self.add_payload(whole.data, scratch, rows);
        for _ in 0..bad {
            rows.seen.bad.note(whole.offset, whole.bytes());
        }
        if scratch.draft.metrics == 0 && self.keep != Keep::Carry {
            return;
        }
        let shape = rows.shape(scratch.shapes.of(&scratch.draft, self.ordinal, self.keep));
        rows.begin(shape, whole.offset).copy_from_slice(&scratch.draft.slots);
    }

    /// Begins the row with its context: what the rule captured, then what only the envelopes say.
    fn begin(&self, data: &[u8], around: &Context, scratch: &mut Scratch) {
        let Scratch { found, draft, .. } = scratch;
        let at = |meaning: Meaning| self.captures.iter().position(|c| c.meaning == meaning);
        let kind = at(Meaning::Kind).and_then(|k| found.bytes(data, k)).or(self.kind.as_ref().map(|k| k.as_bytes()));
        let stamp = at(Meaning::Context(Holds::WallTime)).filter(|&k| found.slots[k] != MISSING);
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

    fn add_captures(&self, data: &[u8], scratch: &mut Scratch, rows: &mut Rows) {
        let Scratch { found, draft, .. } = scratch;
        for (k, capture) in self.captures.iter().enumerate() {
            match capture.meaning {
                Meaning::Metric => {
                    let unit = capture.unit_at.and_then(|u| found.bytes(data, u)).unwrap_or(capture.unit.as_bytes());
                    draft.metric(capture.printed.as_bytes(), unit, Naming::Printed, found.slots[k]);
                }
                Meaning::Text => {
                    let text = found.bytes(data, k).filter(|_| found.slots[k] != MISSING);
                    let slot = text.map_or(MISSING, |text| rows.keep_text(text));
                    draft.text(capture.printed.as_bytes(), Naming::Printed, slot);
                }
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
    fn add_value(&self, data: &[u8], value: usize, found: &mut Found, draft: &mut Draft) {
        let capture = &self.captures[value];
        let name = self.captures.iter().position(|c| c.meaning == Meaning::Name).and_then(|k| found.bytes(data, k));
        let name = name.unwrap_or(capture.printed.as_bytes());
        let span = |k: usize| found.spans.get(k).filter(|s| **s != NOWHERE).map(|s| (s.0 as usize, s.1 as usize));
        let Some(place) = span(value).filter(|_| found.slots[value] != MISSING) else { return };
        let unit = capture.unit_at.and_then(span).unwrap_or((place.1, place.1));
        let printed = Printed { data, value: place, unit, rest: (0, 0) };
        let (slot, unit) = match printed.measure(name) {
            Measured::Number(slot, unit) => (slot, unit),
            Measured::Absent | Measured::Bad => (MISSING, &b""[..]),
        };
        let unit = if unit.is_empty() { capture.unit.as_bytes() } else { unit };
        draft.metric(name, unit, Naming::Printed, slot);
    }

    fn add_pairs(&self, whole: &Line<'_>, scratch: &mut Scratch) -> u32 {
        let Some(pairs) = &self.pairs else { return 0 };
        let Some(span) = self.stretch(Meaning::Pairs, &scratch.found) else { return 0 };
        let Scratch { cache, pair, draft, .. } = scratch;
        let mut bad = 0;
        let mut name = Vec::new();
        pairs.each(whole.data, span, (cache, pair), |found| {
            name.clear();
            name.extend_from_slice(found.name);
            if !found.word.is_empty() {
                name.push(b' ');
                name.extend_from_slice(found.word.as_bytes());
            }
            let torn = whole.may_be_cut(found.printed.last());
            bad += u32::from(!self.add_pair(&name, &found, torn, draft));
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
                let (from, to) = pair.printed.value;
                let printed = pair.printed.data.get(from..to).unwrap_or_default();
                let slot = if torn { MISSING } else { context_slot(holds, printed, slot) };
                draft.context(holds, slot);
                return slot != MISSING;
            }
            Some(_) => {}
            None => {
                let unit = if unit.is_empty() { pair.unit.as_bytes() } else { unit };
                draft.metric(name, unit, Naming::Printed, slot);
            }
        }
        measured != Measured::Bad
    }

    fn add_payload(&self, data: &[u8], scratch: &mut Scratch, rows: &mut Rows) -> u32 {
        let Some(payload) = &self.payload else { return 0 };
        let Some(span) = self.stretch(Meaning::Payload, &scratch.found) else { return 0 };
        payload.add(data, span, self, &mut scratch.draft, rows)
    }

    fn stretch(&self, meaning: Meaning, found: &Found) -> Option<(usize, usize)> {
        let at = self.captures.iter().position(|c| c.meaning == meaning)?;
        let &(start, end) = found.spans.get(at).filter(|s| **s != NOWHERE)?;
        Some((start as usize, end as usize))
    }

    pub(super) fn drops(&self, name: &[u8]) -> bool {
        self.drop.iter().any(|d| d.as_bytes() == name)
    }

    /// What a printed name is context for; `step` and `epoch` always are.
    pub(super) fn role(&self, name: &[u8]) -> Option<Holds> {
        let said = self.roles.iter().find(|(printed, _)| printed.as_bytes() == name).map(|(_, holds)| *holds);
        said.or(match name {
            b"step" => Some(Holds::Step),
            b"epoch" => Some(Holds::Epoch),
            _ => None,
        })
    }

    /// Makes settings of the line: each capture, each pair, each key of the payload.
    fn settle(&self, whole: &Line<'_>, scratch: &mut Scratch, rows: &mut Rows) {
        let data = whole.data;
        let Scratch { cache, found, pair, .. } = scratch;
        for (k, capture) in self.captures.iter().enumerate() {
            let own = matches!(capture.meaning, Meaning::Metric | Meaning::Text | Meaning::Context(_));
            if let (true, Some(value)) = (own && found.slots[k] != MISSING, found.bytes(data, k)) {
                rows.settings.push(setting(capture.printed.as_bytes(), value));
            }
        }
        if let (Some(pairs), Some(span)) = (&self.pairs, self.stretch(Meaning::Pairs, found)) {
            pairs.each(data, span, (cache, pair), |pair| {
                let (start, end) = (pair.printed.value.0, pair.printed.last());
                if !whole.may_be_cut(end) {
                    rows.settings.push(setting(pair.name, data.get(start..end).unwrap_or_default()));
                }
            });
        }
        if let (Some(payload), Some(span)) = (self.payload, self.stretch(Meaning::Payload, found)) {
            payload.settle(data, span, rows);
        }
    }
}

impl Capture {
    fn new(name: &str, meaning: Meaning, all: &[&str], spec: &LineSpec, expanded: &Expanded) -> Capture {
        let short = expanded.captures.iter().find(|c| c.name == name);
        let value = meaning == Meaning::Value;
        let default = if value { spec.metric.as_ref().map_or("", |w| w.text.as_str()) } else { unnumbered(name) };
        let unit_name = if value { "unit".to_owned() } else { format!("{name}_unit") };
        Capture {
            meaning,
            printed: spec.names.get(name).map_or(default, String::as_str).to_owned(),
            unit: short.and_then(|c| c.unit.clone()).unwrap_or_default(),
            unit_at: all.iter().position(|other| *other == unit_name),
        }
    }
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

fn setting(key: &[u8], value: &[u8]) -> crate::row::Setting {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    crate::row::Setting { key: text(key), value: text(value) }
}

fn keep(spec: &LineSpec) -> Result<Keep, String> {
    let word = spec.keep.as_ref().map_or("all", |w| w.text.as_str());
    match (word, spec.carry.is_empty()) {
        (_, false) => Ok(Keep::Carry),
        ("all" | "complete", true) => Ok(Keep::All),
        ("last", true) => Ok(Keep::Last),
        (other, true) => Err(format!("keep is all, last or complete, not '{other}'")),
    }
}

fn into(spec: &LineSpec) -> Result<Into, String> {
    match spec.into.as_ref().map_or("rows", |w| w.text.as_str()) {
        "rows" => Ok(Into::Rows),
        "config" => Ok(Into::Config),
        word if word.starts_with("event:") => Ok(Into::Nothing),
        other => Err(format!("into is rows, config or event:<kind>, not '{other}'")),
    }
}

fn roles(spec: &LineSpec) -> Result<Vec<(String, Holds)>, String> {
    let role = |(printed, word): (&String, &String)| match context(word) {
        Some(Meaning::Context(holds)) => Ok((printed.clone(), holds)),
        Some(_) | None => Err(format!("roles says '{printed}' is '{word}'; a role is step, epoch, batch, rank ...")),
    };
    spec.roles.iter().map(role).collect()
}
