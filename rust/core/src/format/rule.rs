//! One kind of line, compiled: recognises it, and knows what its parts mean.

use std::sync::Arc;

use crate::pattern::{Cache, Found, Matcher, NOWHERE, Tier, Wants};
use crate::types::{Holds, Keep, Naming};

use super::first::{Bytes, first_bytes};
use super::line::Line;
use super::meaning::{Meaning, context, of_capture, unnumbered, wants};
use super::pairs::Pairs;
use super::payload::Payload;
use super::problem::{Page, Problem};
use super::shorthand::{Expanded, expand};
use super::spec::{LineSpec, Spot, Word};

/// Why a rule, or an envelope, can't be compiled, and which words of its file are to blame.
#[derive(Debug, Clone)]
pub struct Wrong {
    why: String,
    spot: Spot,
}

impl Wrong {
    pub fn new(why: &str, word: &Word) -> Wrong {
        Wrong { why: why.to_owned(), spot: word.spot.clone() }
    }

    pub fn problem(&self, page: Page<'_>, what: &str) -> Problem {
        // An error of a pattern speaks of the pattern as written out: what it says of the place is said by the mark.
        let why = self
            .why
            .strip_prefix("pattern `")
            .and_then(|rest| rest.split_once("`: "))
            .map_or(self.why.as_str(), |(_, why)| why);
        let (why, place) = why.split_once(" (character ").unwrap_or((why, ""));
        let near =
            place.split_once("near `").and_then(|(_, near)| near.strip_suffix("`)")).filter(|near| !near.is_empty());
        let own = page.text.get(self.spot.clone()).unwrap_or_default();
        let spot = near.and_then(|near| own.rfind(near).map(|at| (self.spot.start + at, near.len())));
        let spot = spot.map_or(self.spot.clone(), |(start, len)| start..start + len);
        page.problem(spot, what, why, "")
    }
}

/// What becomes of the lines of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Into {
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
    pub(super) matcher: Arc<Matcher>,
    first: Bytes,
    pub(super) captures: Vec<Capture>,
    pub(super) naming: Naming,
    pub(super) pairs: Option<Pairs>,
    pub(super) payload: Option<Payload>,
    /// Printed name -> what it is context for.
    roles: Vec<(String, Holds)>,
    drop: Vec<String>,
    pub(super) kind: Option<String>,
    pub(super) into: Into,
    /// Only when the counter has reached its total.
    pub(super) complete: bool,
    /// Its rows are its captures and no more: no words of the line decide about their shape.
    pub(super) plain: bool,
}

#[derive(Debug)]
pub(super) struct Capture {
    pub meaning: Meaning,
    pub printed: String,
    pub unit: String,
    /// The capture that holds its unit.
    pub unit_at: Option<usize>,
}

impl Rule {
    /// Compiles a rule of a format file; the error says why it can't be.
    pub fn new(spec: &LineSpec, ordinal: u32) -> Result<Rule, Wrong> {
        let blame = |why: String| Wrong::new(&why, &spec.regex);
        let expanded = expand(&spec.regex.text).map_err(blame)?;
        let read = |name: &str| expanded.captures.iter().find(|c| c.name == name).map(|c| c.read);
        let into = into(spec)?;
        let meaning = |name: &str| match (of_capture(name, read(name)), into) {
            // A setting is kept as it is printed.
            (Meaning::Metric, Into::Config) => Meaning::Text,
            (meaning, Into::Rows | Into::Config | Into::Nothing) => meaning,
        };
        let matcher = Matcher::new(&expanded.regex, |name| wants(meaning(name))).map_err(|e| blame(e.to_string()))?;
        let names: Vec<&str> = matcher.captures().iter().map(|c| c.name.as_str()).collect();
        let captures = names.iter().map(|name| Capture::new(name, meaning(name), &names, spec, &expanded)).collect();
        let mut rule = Rule {
            ordinal,
            name: spec.name.text.as_str().into(),
            keep: keep(spec)?,
            first: first_bytes(matcher.tree()),
            captures,
            naming: Naming::Printed,
            pairs: compiled(&spec.pairs, Pairs::new)?,
            payload: compiled(&spec.payload, Payload::new)?,
            roles: roles(spec).map_err(blame)?,
            drop: spec.drop.clone(),
            kind: spec.kind.as_ref().map(|w| w.text.clone()),
            into,
            complete: spec.keep.as_ref().is_some_and(|w| w.text == "complete"),
            plain: false,
            matcher: Arc::new(matcher),
        };
        rule.is_sound(spec).map_err(blame)?;
        if let Some(word) = spec.carry.iter().find(|word| !rule.captures.iter().any(|c| c.printed == word.text)) {
            return Err(Wrong::new(&format!("the regex does not capture '{}'", word.text), word));
        }
        rule.plain = rule.is_plain();
        Ok(rule)
    }

    /// A rule that is no more than a pattern: each group is a column of its name.
    pub fn of_pattern(pattern: &Matcher, kind: &str, ordinal: u32, meaning: impl Fn(&str) -> (Meaning, Wants)) -> Rule {
        let matcher = pattern.reading(|name| meaning(name).1);
        let capture = |name: &str| Capture {
            meaning: meaning(name).0,
            printed: name.to_owned(),
            unit: String::new(),
            unit_at: None,
        };
        let mut rule = Rule {
            ordinal,
            name: if kind.is_empty() { "pattern".into() } else { kind.into() },
            keep: Keep::All,
            first: first_bytes(matcher.tree()),
            captures: matcher.captures().iter().map(|c| capture(&c.name)).collect(),
            naming: Naming::Stored,
            pairs: None,
            payload: None,
            roles: Vec::new(),
            drop: Vec::new(),
            kind: Some(kind.to_owned()).filter(|kind| !kind.is_empty()),
            into: Into::Rows,
            complete: false,
            plain: false,
            matcher: Arc::new(matcher),
        };
        rule.plain = rule.is_plain();
        rule
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
        let unknown = |word: &&String| !self.matcher.captures().iter().any(|c| c.name == **word);
        if let Some(word) = spec.names.keys().find(unknown) {
            return Err(format!("'names' speaks of '{word}', which the regex does not capture"));
        }
        Ok(())
    }

    fn is_plain(&self) -> bool {
        let plain = |c: &Capture| match c.meaning {
            Meaning::Context(Holds::WallTime) => false,
            Meaning::Context(holds) => self.only(holds),
            Meaning::Metric | Meaning::Text => c.unit_at.is_none(),
            Meaning::Ignored => true,
            Meaning::Kind | Meaning::Pairs | Meaning::Payload | Meaning::Name | Meaning::Value | Meaning::Unit => false,
        };
        self.into == Into::Rows && !self.complete && self.captures.iter().all(plain)
    }

    fn only(&self, holds: Holds) -> bool {
        self.captures.iter().filter(|c| c.meaning == Meaning::Context(holds)).count() == 1
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

    pub fn matcher(&self) -> &Arc<Matcher> {
        &self.matcher
    }

    pub fn tier(&self) -> Tier {
        self.matcher.tier()
    }

    /// Whether the line is of this rule; what it captured is left in `found`.
    #[inline]
    pub fn claims(&self, line: &Line<'_>, cache: &mut Cache, found: &mut Found) -> bool {
        self.matcher.read(line.data, line.start, line.end, cache, found)
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

    pub(super) fn capture_of(&self, meaning: Meaning) -> Option<usize> {
        self.captures.iter().position(|c| c.meaning == meaning)
    }

    /// Where in the line the capture of that meaning stands.
    pub(super) fn stretch(&self, meaning: Meaning, found: &Found) -> Option<(usize, usize)> {
        span(found, self.capture_of(meaning)?)
    }
}

/// Where a capture stands, if it took part.
pub(super) fn span(found: &Found, capture: usize) -> Option<(usize, usize)> {
    let &(start, end) = found.spans.get(capture).filter(|s| **s != NOWHERE)?;
    Some((start as usize, end as usize))
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

fn compiled<T>(word: &Option<Word>, new: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Wrong> {
    word.as_ref().map(|word| new(&word.text).map_err(|why| Wrong::new(&why, word))).transpose()
}

fn keep(spec: &LineSpec) -> Result<Keep, Wrong> {
    let word = spec.keep.as_ref().map_or("all", |w| w.text.as_str());
    match (word, spec.carry.is_empty()) {
        (_, false) => Ok(Keep::Carry),
        ("all" | "complete", true) => Ok(Keep::All),
        ("last", true) => Ok(Keep::Last),
        (other, true) => {
            let why = format!("keep is all, last or complete, not '{other}'");
            Err(Wrong::new(&why, spec.keep.as_ref().unwrap_or(&spec.regex)))
        }
    }
}

fn into(spec: &LineSpec) -> Result<Into, Wrong> {
    match spec.into.as_ref().map_or("rows", |w| w.text.as_str()) {
        "rows" => Ok(Into::Rows),
        "config" => Ok(Into::Config),
        word if word.starts_with("event:") => Ok(Into::Nothing),
        other => {
            let why = format!("into is rows, config or event:<kind>, not '{other}'");
            Err(Wrong::new(&why, spec.into.as_ref().unwrap_or(&spec.regex)))
        }
    }
}

fn roles(spec: &LineSpec) -> Result<Vec<(String, Holds)>, String> {
    let role = |(printed, word): (&String, &String)| match context(word) {
        Some(Meaning::Context(holds)) => Ok((printed.clone(), holds)),
        Some(_) | None => Err(format!("roles says '{printed}' is '{word}'; a role is step, epoch, batch, rank ...")),
    };
    spec.roles.iter().map(role).collect()
}
