//! Matches lines against patterns and reads the captured values in place.
//!
//! The meaning of a pattern is what the `regex` crate gives in bytes mode on the line without its terminator;
//! every faster tier agrees with that or gives up to the next one.
//!
//! ```
//! use fastlogs_core::pattern::{Cache, Found, Matcher, Wants};
//!
//! let line = b"Step: 7, Loss: 11.02";
//! let wants = |name: &str| if name == "step" { Wants::Int } else { Wants::Number };
//! let matcher = Matcher::new(r"Step: (?P<step>\d+), Loss: (?P<loss>[\d.]+)", wants)?;
//! let (mut cache, mut found) = (Cache::default(), Found::default());
//! assert!(matcher.read(line, 0, line.len(), &mut cache, &mut found));
//! assert_eq!(found.slots, [7, 11.02f64.to_bits()]);
//! # Ok::<(), fastlogs_core::error::Error>(())
//! ```

mod analyse;
mod bits;
mod bytes;
mod compile;
mod definition;
mod engine;
mod found;
pub mod mould;
mod proof;
mod search;
mod set;
mod syntax;
mod template;
mod value;

use std::sync::{Arc, OnceLock};

use regex_syntax::hir::{Hir, HirKind};

use crate::error::{Error, Kind, Result};

use definition::Definition;
use engine::{Line, Verdict};
pub use found::{Cache, Found, NOWHERE};
pub use set::{Lines, Scratch, Set};
use template::{Lead, Start, Template};

/// How the bytes of a capture are read into a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wants {
    /// A number as printed, magnitudes (`1.6M`) and durations included; f64 bits.
    Number,
    /// A whole number that fits i64, thousands separators allowed.
    Int,
    /// The bytes themselves: only their span is given.
    Text,
    /// A time stamp: microseconds.
    Stamp,
    /// A number whose unit is wanted too.
    Quantity,
    /// Nothing, but for whether it took part.
    Skip,
}

/// A named group of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    pub name: String,
    pub wants: Wants,
}

/// The ways of matching, fastest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// A flat list of steps that parse numbers in place.
    Template,
    /// One forward pass of an automaton.
    OnePass,
    /// The regex engine itself.
    Regex,
}

/// More named groups than this have no bit in [`Found::bad`].
const MOST_CAPTURES: usize = 64;

/// One compiled pattern; immutable, shared by all threads.
#[derive(Debug)]
pub struct Matcher {
    text: String,
    captures: Vec<Capture>,
    literals: Vec<Vec<u8>>,
    definition: Arc<Definition>,
    best: Tier,
    /// Made when first needed: most patterns of a catalogue never are.
    plan: OnceLock<Plan>,
}

/// The fastest way that a pattern allows.
#[derive(Debug)]
enum Plan {
    Template(Box<Template>),
    /// Tried before each occurrence of the literal; at the start of the line without one.
    OnePass(Option<Box<Lead>>),
    Regex,
}

impl Matcher {
    /// Compiles a pattern; `wants` says how each named group is read. Refused are look-around, back-references
    /// and patterns that would need too much memory.
    pub fn new(pattern: &str, wants: impl Fn(&str) -> Wants) -> Result<Matcher> {
        Matcher::with_tier(pattern, wants, Tier::Template)
    }

    /// The same, kept from the tiers before `best`: for tests that hold them against each other.
    pub fn with_tier(pattern: &str, wants: impl Fn(&str) -> Wants, best: Tier) -> Result<Matcher> {
        let syntax = syntax::parse(pattern)?;
        let mut named = Vec::new();
        named_groups(&syntax.hir, &mut named);
        named.sort();
        named.dedup();
        if named.len() > MOST_CAPTURES {
            return Err(too_many(pattern, named.len()));
        }
        let groups = named.iter().map(|(group, _)| *group).collect();
        let captures = named.into_iter().map(|(_, name)| Capture { wants: wants(&name), name }).collect();
        let definition = Arc::new(Definition::new(pattern, syntax.hir, groups)?);
        let literals = analyse::required(definition.hir());
        Ok(Matcher { text: syntax.text, captures, literals, definition, best, plan: OnceLock::new() })
    }

    /// The same pattern with its captures read otherwise.
    pub fn reading(&self, wants: impl Fn(&str) -> Wants) -> Matcher {
        let other = |capture: &Capture| Capture { wants: wants(&capture.name), name: capture.name.clone() };
        Matcher {
            text: self.text.clone(),
            captures: self.captures.iter().map(other).collect(),
            literals: self.literals.clone(),
            definition: Arc::clone(&self.definition),
            best: self.best,
            plan: OnceLock::new(),
        }
    }

    /// The named groups, in order.
    pub fn captures(&self) -> &[Capture] {
        &self.captures
    }

    /// The pattern as meant: to be read with Unicode off.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The pattern as a tree.
    pub fn tree(&self) -> &Hir {
        self.definition.hir()
    }

    /// Every match contains one of these; none when nothing is sure to be in a match.
    pub fn literals(&self) -> &[Vec<u8>] {
        &self.literals
    }

    /// The one literal that every match contains.
    pub fn literal(&self) -> Option<&[u8]> {
        match self.literals() {
            [literal] => Some(literal),
            _ => None,
        }
    }

    pub fn tier(&self) -> Tier {
        match self.plan() {
            Plan::Template(_) => Tier::Template,
            Plan::OnePass(_) => Tier::OnePass,
            Plan::Regex => Tier::Regex,
        }
    }

    /// How this pattern is matched, for people.
    pub fn explain(&self) -> String {
        let literals: Vec<_> =
            self.literals.iter().map(|literal| format!("{:?}", literal.escape_ascii().to_string())).collect();
        let search = match literals.is_empty() {
            true => "every line is tried (no literal is sure to be in a match)".to_owned(),
            false => format!("lines with {} are tried", literals.join(" or ")),
        };
        let way = match self.plan() {
            Plan::Template(template) => format!("by a template of {} steps", template.ops.len()),
            Plan::OnePass(_) => "by a one-pass automaton".to_owned(),
            Plan::Regex => "by the regex engine".to_owned(),
        };
        format!("{search}, {way}")
    }

    fn plan(&self) -> &Plan {
        self.plan.get_or_init(|| plan(&self.definition, &self.captures, self.best))
    }

    /// Finds the leftmost-first match in the line `data[start..end]` and reads its captures. The line has no
    /// terminator; bytes of `data` after it are not looked at as text.
    #[inline]
    pub fn read(&self, data: &[u8], start: usize, end: usize, cache: &mut Cache, found: &mut Found) -> bool {
        debug_assert!(end <= u32::MAX as usize, "blocks are far smaller than 4 GiB");
        let line = Line { data, start, end, open: false };
        let matched = match self.plan() {
            Plan::Template(template) => match template.read(line, &mut cache.trail, found) {
                Verdict::Match => true,
                Verdict::Fail => false,
                Verdict::Unknown => self.search(line, cache, found),
            },
            Plan::OnePass(lead) => self.pass(line, lead.as_deref(), cache, found),
            Plan::Regex => self.search(line, cache, found),
        };
        if matched && found.late != 0 {
            found.settle(data, &self.captures);
        }
        matched
    }

    /// The same for a line that begins at `start` and ends at the first line end before `limit`, if the match begins
    /// where the line does and is found in one go. False proves nothing.
    #[inline]
    pub(crate) fn read_here(
        &self,
        data: &[u8],
        start: usize,
        limit: usize,
        cache: &mut Cache,
        found: &mut Found,
    ) -> bool {
        let Plan::Template(template) = self.plan() else { return false };
        let matched = template.read_here(data, start, limit, &mut cache.trail, found);
        if matched && found.late != 0 {
            found.settle(data, &self.captures);
        }
        matched
    }

    #[cold]
    fn search(&self, line: Line<'_>, cache: &mut Cache, found: &mut Found) -> bool {
        self.definition.search(line, cache.engine(&self.definition), found)
    }

    fn pass(&self, line: Line<'_>, lead: Option<&Lead>, cache: &mut Cache, found: &mut Found) -> bool {
        let engine = cache.engine(&self.definition);
        let Some(Lead { finder, offset }) = lead else {
            return self.definition.try_at(line, line.start, engine, found);
        };
        let mut search = line.start + offset;
        while let Some(hit) = line.data.get(search..line.end).and_then(|rest| finder.find(rest)) {
            if self.definition.try_at(line, search + hit - offset, engine, found) {
                return true;
            }
            search += hit + 1;
        }
        false
    }
}

fn plan(definition: &Definition, captures: &[Capture], best: Tier) -> Plan {
    let template = (best == Tier::Template).then(|| Template::new(definition.hir(), captures, definition.groups()));
    if let Some(Ok(template)) = template {
        return Plan::Template(Box::new(template));
    }
    if best == Tier::Regex {
        return Plan::Regex;
    }
    match compile::start(definition.hir()) {
        Start::Line if definition.is_one_pass() => Plan::OnePass(None),
        Start::Lead(lead) if definition.is_one_pass() => Plan::OnePass(Some(lead)),
        Start::Line | Start::Lead(_) | Start::First(_) | Start::Anywhere => Plan::Regex,
    }
}

fn named_groups(hir: &Hir, named: &mut Vec<(usize, String)>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
        HirKind::Repetition(repetition) => named_groups(&repetition.sub, named),
        HirKind::Capture(capture) => {
            named.extend(capture.name.as_ref().map(|name| (capture.index as usize, name.to_string())));
            named_groups(&capture.sub, named);
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| named_groups(part, named));
        }
    }
}

fn too_many(pattern: &str, count: usize) -> Error {
    let text = syntax::brief(pattern);
    Error::new(Kind::Pattern, format!("pattern `{text}` has {count} named groups; at most {MOST_CAPTURES} can be read"))
}

#[cfg(test)]
mod tests;
