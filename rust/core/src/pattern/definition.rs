//! The regex engine proper: what every faster way of matching must agree with.

use std::sync::OnceLock;

use regex_automata::dfa::onepass;
use regex_automata::meta;
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::error::{Error, Kind, Result};

use super::engine::Line;
use super::found::Found;
use super::syntax::brief;

const NFA_BYTES: usize = 4 << 20;
const ONE_PASS_BYTES: usize = 1 << 20;
const LAZY_DFA_BYTES: usize = 2 << 20;

/// Patterns of at most this many states surely compile within the limits, so that can wait until it is needed.
const LIGHT: u64 = 4_000;

/// A pattern as the `regex` crate understands it.
#[derive(Debug)]
pub struct Definition {
    hir: Hir,
    /// The ordinals of the named groups.
    groups: Vec<usize>,
    regex: OnceLock<meta::Regex>,
    one_pass: OnceLock<Option<onepass::DFA>>,
}

/// What searching writes to.
#[derive(Debug)]
pub struct Engine {
    regex: meta::Cache,
    one_pass: Option<onepass::Cache>,
    slots: Vec<Option<NonMaxUsize>>,
}

impl Definition {
    pub fn new(pattern: &str, hir: Hir, groups: Vec<usize>) -> Result<Self> {
        let made = Definition { hir, groups, regex: OnceLock::new(), one_pass: OnceLock::new() };
        if weight(&made.hir) > LIGHT {
            let regex = compiled(&made.hir).ok_or_else(|| too_big(pattern))?;
            // Nobody else holds it yet, so it can't be set already.
            let _ = made.regex.set(regex);
        }
        Ok(made)
    }

    pub fn hir(&self) -> &Hir {
        &self.hir
    }

    pub fn groups(&self) -> &[usize] {
        &self.groups
    }

    fn regex(&self) -> &meta::Regex {
        self.regex.get_or_init(|| compiled(&self.hir).expect("light patterns are far below the size limits"))
    }

    fn one_pass(&self) -> Option<&onepass::DFA> {
        self.one_pass.get_or_init(|| one_pass(&self.hir)).as_ref()
    }

    /// Whether an anchored search can be done in one pass with captures.
    pub fn is_one_pass(&self) -> bool {
        self.one_pass().is_some()
    }

    pub fn engine(&self) -> Engine {
        let regex = self.regex();
        Engine {
            regex: regex.create_cache(),
            one_pass: self.one_pass.get().and_then(Option::as_ref).map(onepass::DFA::create_cache),
            slots: vec![None; regex.group_info().slot_len()],
        }
    }

    /// The leftmost-first match in the line; spans are left in `found`, values still to be read.
    pub fn search(&self, line: Line<'_>, engine: &mut Engine, found: &mut Found) -> bool {
        let input = Input::new(&line.data[line.start..line.end]);
        let matched = self.regex().search_slots_with(&mut engine.regex, &input, &mut engine.slots);
        if matched.is_some() {
            self.hand_over(line.start, engine, found);
        }
        matched.is_some()
    }

    /// The match that begins exactly at `from`, if there is one.
    pub fn try_at(&self, line: Line<'_>, from: usize, engine: &mut Engine, found: &mut Found) -> bool {
        let Some(dfa) = self.one_pass() else { return false };
        let cache = engine.one_pass.get_or_insert_with(|| dfa.create_cache());
        let input = Input::new(&line.data[line.start..line.end]).range(from - line.start..).anchored(Anchored::Yes);
        let matched = matches!(dfa.try_search_slots(cache, &input, &mut engine.slots), Ok(Some(_)));
        if matched {
            self.hand_over(line.start, engine, found);
        }
        matched
    }

    fn hand_over(&self, base: usize, engine: &Engine, found: &mut Found) {
        found.reset(self.groups.len());
        let span = |group: usize| {
            let at = |slot: usize| engine.slots.get(slot).copied().flatten().map(|at| base + at.get());
            at(2 * group).zip(at(2 * group + 1))
        };
        (found.start, found.end) = span(0).unwrap_or((base, base));
        for (capture, &group) in self.groups.iter().enumerate() {
            if let Some((start, end)) = span(group) {
                found.spans[capture] = (start as u32, end as u32);
                found.late |= 1 << capture;
            }
        }
    }
}

fn compiled(hir: &Hir) -> Option<meta::Regex> {
    let config = meta::Config::new()
        .utf8_empty(false)
        .nfa_size_limit(Some(NFA_BYTES))
        .onepass_size_limit(Some(ONE_PASS_BYTES))
        .hybrid_cache_capacity(LAZY_DFA_BYTES);
    meta::Builder::new().configure(config).build_from_hir(hir).ok()
}

fn one_pass(hir: &Hir) -> Option<onepass::DFA> {
    let config = thompson::Config::new().utf8(false).nfa_size_limit(Some(NFA_BYTES));
    let nfa = thompson::Compiler::new().configure(config).build_from_hir(hir).ok()?;
    let config = onepass::Config::new().size_limit(Some(ONE_PASS_BYTES));
    onepass::Builder::new().configure(config).build_from_nfa(nfa).ok()
}

fn too_big(pattern: &str) -> Error {
    let why = "it would take too much memory (large repeat counts multiply); use smaller counts, or `+` and `*`";
    Error::new(Kind::Pattern, format!("pattern `{}`: {why}", brief(pattern)))
}

/// About how many states a pattern has when its counted repeats are written out.
fn weight(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Bytes(_)) => 2,
        HirKind::Class(Class::Unicode(class)) => 8 * class.ranges().len() as u64,
        HirKind::Capture(capture) => 2 + weight(&capture.sub),
        HirKind::Repetition(repetition) => {
            let copies = u64::from(repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1));
            copies.saturating_mul(weight(&repetition.sub).saturating_add(1))
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().fold(1, |sum, part| sum.saturating_add(weight(part)))
        }
    }
}
