//! Holds one example line against what the file says of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex_automata::hybrid::dfa::DFA;
use regex_automata::nfa::thompson;
use regex_automata::{Anchored, Input};

use crate::detect::choose;
use crate::format::context::Context;
use crate::format::envelope::Envelope;
use crate::format::keys::{Value, Values, Word};
use crate::format::line::Line;
use crate::format::problem::{Page, Problem};
use crate::format::shorthand::expand;
use crate::format::spec::{EnvelopeSpec, Example};
use crate::format::{Format, Scratch};
use crate::grammar::Grammar;
use crate::pattern::{Cache, Found};
use crate::read::text::TextReader;
use crate::row::{Block, Head, MISSING, Reader, Rows};
use crate::time::{Stamp, stamp};
use crate::types::{Field, Holds, TRAIN};
use crate::wanted::Wanted;

use super::padded;

/// An example line and the format it is of.
pub struct Sample<'a> {
    pub page: Page<'a>,
    pub format: &'a Arc<Format>,
    pub line: &'a Word,
}

impl Sample<'_> {
    fn problem(&self, what: String, note: impl Into<String>, help: &str) -> Problem {
        self.page.problem(self.line.spot.clone(), what, note, help)
    }

    /// The example is claimed by the rule it names, and by no other.
    pub fn claimed_by(&self, is: &Word) -> Option<Problem> {
        let text = &self.line.text;
        let Some(rule) = self.format.spec.lines.iter().find(|line| line.name.text == is.text) else {
            let rules: Vec<&str> = self.format.spec.lines.iter().map(|line| line.name.text.as_str()).collect();
            let what = format!("an example is of rule '{}', which there is not", is.text);
            return Some(self.problem(what, "is = ... wants a rule", &format!("the rules are: {}", rules.join(" "))));
        };
        if self.format.needs.next(text.as_bytes(), 0).is_none() {
            let what = "an example holds none of the literals in 'needs'".to_owned();
            return Some(self.problem(what, "would be skipped", "add a literal of it to 'needs'"));
        }
        let padded = padded(text);
        let line = Line { data: &padded, start: 0, end: text.len(), offset: 0, open: false };
        let claimants = self.format.claimants(&line, &mut Scratch::default());
        match claimants.as_slice() {
            [] => {
                let what = format!("format '{}': an example gives nothing", self.format.name());
                let (at, note) = self.stop(&rule.regex.text, &rule.name.text);
                let spot = self.line.spot.clone();
                let spot = at.map_or(spot.clone(), |at| spot.start + at..spot.end);
                Some(self.page.problem(spot, what, note, "change the rule's regex, or move the line under [[reject]]"))
            }
            [one] if **one == *is.text => None,
            [one] => {
                let what = format!("an example of rule '{}' is claimed by rule '{one}'", is.text);
                Some(self.problem(what, "claimed by another rule", "make that rule stricter, or correct 'is'"))
            }
            many => {
                let what = format!("an example is claimed by {} rules: {}", many.len(), many.join(" "));
                Some(self.problem(what, "must be claimed by one", "make the others stricter"))
            }
        }
    }

    /// Where in the file's line the rule stops matching, and what to say there. The place is unknown where the line
    /// is not written as it is, or an envelope stands before it.
    fn stop(&self, regex: &str, rule: &str) -> (Option<usize>, String) {
        let written = self.page.text.get(self.line.spot.clone()).unwrap_or_default();
        let quotes = written.find(self.line.text.as_str());
        let reach = expand(regex).ok().and_then(|expanded| reach(&expanded.regex, self.line.text.as_bytes()));
        match (quotes, reach) {
            (Some(quotes), Some(reach)) if reach > 0 => {
                (Some(quotes + reach), format!("rule '{rule}' matches up to here"))
            }
            (Some(_) | None, _) => (None, format!("rule '{rule}' does not match")),
        }
    }

    /// The row equals what the example says.
    pub fn row(&self, example: &Example) -> Option<Problem> {
        let what = wrong(&self.rows(), example)?;
        Some(self.problem(what, "gives another row", "correct the example or the rule"))
    }

    fn rows(&self) -> Rows {
        let text = format!("{}\n", self.line.text);
        let padded = padded(&text);
        let mut rows = Rows::default();
        let block = Block { data: &padded, len: text.len(), offset: 0 };
        TextReader::new(Arc::clone(self.format)).read(block, &mut rows);
        rows
    }
}

/// How many bytes of the line some match of the pattern could begin with.
fn reach(pattern: &str, line: &[u8]) -> Option<usize> {
    let syntax = regex_automata::util::syntax::Config::new().unicode(false).utf8(false);
    let dfa = DFA::builder().syntax(syntax).thompson(thompson::Config::new().utf8(false)).build(pattern).ok()?;
    let mut cache = dfa.create_cache();
    let mut state = dfa.start_state_forward(&mut cache, &Input::new(line).anchored(Anchored::Yes)).ok()?;
    for (at, &byte) in line.iter().enumerate() {
        state = dfa.next_state(&mut cache, state, byte).ok()?;
        if state.is_dead() {
            return Some(at);
        }
    }
    Some(line.len())
}

/// An example of a format whose reader is code.
pub fn record(page: Page<'_>, line: &Word, example: &Example) -> Option<Problem> {
    let wanted = example.rows.unwrap_or(1);
    let what = match record_rows(page, &line.text) {
        Some(mut rows) if rows.heads.len() == wanted => {
            rows.heads.drain(..wanted.saturating_sub(1));
            wrong(&rows, example)?
        }
        Some(rows) => format!("an example wants {wanted} rows, found {}", rows.heads.len()),
        None => "an example is not recognised".to_owned(),
    };
    Some(page.problem(line.spot.clone(), what, "gives another row", "correct the example, or [fields]"))
}

/// The rows of a text by the reader that the format names; none where that reader refuses the text.
pub fn record_rows(page: Page<'_>, text: &str) -> Option<Rows> {
    let text = format!("{}\n", text.trim_end());
    let grammar = Grammar::Toml { text: page.text.to_owned(), file: page.file.to_owned() };
    let plan = choose(&grammar, text.as_bytes(), &Wanted::default()).ok().flatten()?;
    let (padded, mut rows, mut reader) = (padded(&text), Rows::default(), plan.reader());
    reader.read(Block { data: &padded, len: text.len(), offset: 0 }, &mut rows);
    reader.finish(&mut rows);
    Some(rows)
}

/// What is wrong about the rows of an example, if anything is.
fn wrong(rows: &Rows, example: &Example) -> Option<String> {
    if rows.seen.bad.count > 0 {
        return Some(format!("{} values of an example can't be read", rows.seen.bad.count));
    }
    let config: BTreeMap<String, String> = rows.settings.iter().map(|s| (s.key.clone(), s.value.clone())).collect();
    if config != example.config {
        return Some(format!("wanted config {:?}, found {config:?}", example.config));
    }
    let told = Told::of(rows);
    differs("at", &wanted_context(&example.at), &told.at)
        .or_else(|| differs("row", &example.row, &told.row))
        .or_else(|| units_differ(&example.units, &told.units))
}

/// What a line gave, in the words of an example.
#[derive(Debug, Default)]
struct Told {
    at: Values,
    row: Values,
    units: BTreeMap<String, String>,
}

impl Told {
    fn of(rows: &Rows) -> Told {
        let mut told = Told::default();
        for head in &rows.heads {
            told.add(rows, head);
        }
        told
    }

    fn add(&mut self, rows: &Rows, head: &Head) {
        let shape = &rows.shapes[head.shape as usize];
        if *shape.kind != *TRAIN {
            self.at.insert("kind".into(), Value::Text(shape.kind.to_string()));
        }
        for (field, &slot) in shape.fields.iter().zip(rows.slots_of(head)).filter(|(_, slot)| **slot != MISSING) {
            self.add_field(rows, field, slot);
        }
    }

    fn add_field(&mut self, rows: &Rows, field: &Field, slot: u64) {
        let name = field.name.to_string();
        match field.holds {
            Holds::Metric => {
                self.row.insert(name.clone(), Value::Number(f64::from_bits(slot)));
                self.units.extend(field.unit.as_ref().map(|unit| (name, unit.to_string())));
            }
            Holds::Text => {
                self.row.insert(name, Value::Text(rows.text_of(slot).into_owned()));
            }
            Holds::Step
            | Holds::Epoch
            | Holds::Epochs
            | Holds::Batch
            | Holds::Batches
            | Holds::WallTime
            | Holds::Elapsed
            | Holds::Rank => {
                self.at.insert(word(field.holds).into(), Value::Number(number(field.holds, slot)));
            }
        }
    }
}

fn word(holds: Holds) -> &'static str {
    match holds {
        Holds::Step => "step",
        Holds::Epoch => "epoch",
        Holds::Epochs => "epochs",
        Holds::Batch => "done",
        Holds::Batches => "all",
        Holds::WallTime => "wall_time",
        Holds::Elapsed => "elapsed",
        Holds::Rank => "rank",
        Holds::Metric => "metric",
        Holds::Text => "text",
    }
}

fn number(holds: Holds, slot: u64) -> f64 {
    match holds {
        Holds::Step | Holds::Batch | Holds::Batches | Holds::WallTime | Holds::Rank => slot as i64 as f64,
        Holds::Epoch | Holds::Epochs | Holds::Elapsed | Holds::Metric | Holds::Text => f64::from_bits(slot),
    }
}

/// Stamps of an example as numbers, other words for the same thing as one.
fn wanted_context(at: &Values) -> Values {
    let micros = |text: &str| match stamp(text.as_bytes(), 0) {
        Some((Stamp::Wall { micros, .. } | Stamp::Clock { micros }, _)) => Value::Number(micros as f64),
        None => Value::Text(text.to_owned()),
    };
    let one = |(name, value): (&String, &Value)| match (name.as_str(), value) {
        ("wall_time", Value::Text(text)) => (name.clone(), micros(text)),
        ("batch", value) => ("done".to_owned(), value.clone()),
        (_, value) => (name.clone(), value.clone()),
    };
    at.iter().map(one).collect()
}

/// The first thing in which two tables differ, in words.
fn differs(which: &str, wanted: &Values, found: &Values) -> Option<String> {
    let same = |a: &Value, b: &Value| match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Number(_) | Value::Text(_) | Value::Other(_), _) => false,
    };
    let missing = wanted.iter().find(|(name, value)| !found.get(*name).is_some_and(|other| same(value, other)));
    if let Some((name, value)) = missing {
        return Some(format!("{which}: wanted {name} = {}, found {}", shown(Some(value)), shown(found.get(name))));
    }
    let more = found.iter().find(|(name, _)| !wanted.contains_key(*name));
    more.map(|(name, value)| format!("{which}: {name} = {} is not in the example", shown(Some(value))))
}

fn shown(value: Option<&Value>) -> String {
    match value {
        Some(Value::Number(number)) => format!("{number}"),
        Some(Value::Text(text)) => format!("'{text}'"),
        Some(Value::Other(what)) => (*what).to_owned(),
        None => "nothing".to_owned(),
    }
}

/// Units are compared where the example says any.
fn units_differ(wanted: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> Option<String> {
    if wanted.is_empty() || wanted == found {
        return None;
    }
    Some(format!("wanted units {wanted:?}, found {found:?}"))
}

/// All mistakes of an envelope's examples.
pub fn peeled(page: Page<'_>, spec: &EnvelopeSpec, envelope: &Envelope) -> Vec<Problem> {
    let mut problems = Vec::new();
    if spec.examples.is_empty() {
        problems.push(page.whole("an envelope has no example", "add an [[example]] with line and rest"));
    }
    for example in &spec.examples {
        for line in &example.lines {
            let (rest, context) = taken_off(envelope, &line.text);
            let wrong = if rest.as_deref() != Some(example.rest.as_str()) {
                Some(format!("wanted the rest '{}', found {}", example.rest, rest.unwrap_or("no match".into())))
            } else {
                differs("at", &wanted_context(&example.at), &said(&context))
            };
            problems.extend(wrong.map(|what| page.problem(line.spot.clone(), what, "leaves something else", "")));
        }
    }
    for line in spec.rejects.iter().flat_map(|reject| &reject.lines) {
        if taken_off(envelope, &line.text).0.is_some() {
            problems.push(page.problem(line.spot.clone(), "a rejected line is peeled", "must be left alone", ""));
        }
    }
    problems
}

fn taken_off(envelope: &Envelope, text: &str) -> (Option<String>, Context) {
    let padded = padded(text);
    let mut context = Context::default();
    let mut found = Found::default();
    let memory = (&mut Cache::default(), &mut found);
    let rest = envelope.peel(&padded, (0, text.len()), memory, &mut context);
    (rest.map(|at| text[at..].to_owned()), context)
}

fn said(context: &Context) -> Values {
    context.slots().map(|(holds, slot)| (word(holds).to_owned(), Value::Number(number(holds, slot)))).collect()
}
