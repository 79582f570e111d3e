//! Formats as data: what a log's lines look like and what they mean, read from TOML.
//!
//! A [`Format`] is one TOML file compiled. A line is tried against its rules as it stands; if none claims it, one
//! [envelope](envelope) is taken off and the rules are tried again, until a rule claims it or no envelope is left.

pub mod body;
pub mod builtin;
pub mod catalogue;
pub mod context;
mod draft;
pub mod envelope;
mod first;
mod grams;
pub mod keys;
pub mod line;
pub mod meaning;
mod measure;
pub mod needs;
mod pairs;
pub mod patterns;
mod payload;
mod plain;
pub mod problem;
pub mod rule;
pub mod shorthand;
pub mod spec;

use std::sync::Arc;

use crate::error::{Error, Kind, Result};
use crate::pattern::mould::Pool;
use crate::pattern::{Cache, Found, Matcher, Set, Wants};
use crate::row::Rows;

use body::Memory;
use context::Context;
use envelope::{DEEPEST, Envelopes};
use line::Line;
use needs::Needs;
use problem::{Page, Problem};
use rule::Rule;
use spec::Spec;

/// One kind of log, compiled.
#[derive(Debug)]
pub struct Format {
    pub spec: Spec,
    pub rules: Vec<Rule>,
    envelopes: Arc<Envelopes>,
    /// What readers have learned of its lines.
    pub moulds: Pool,
    /// A line with none of these is of no rule.
    pub needs: Needs,
    /// The rules a line can be of, by its first byte, in order.
    by_byte: Vec<Vec<u16>>,
    /// A line that only this format prints, where its reader is code.
    sign: Option<Matcher>,
    /// Of a user's patterns: they are searched for anywhere in a line, and nothing is taken off it.
    pub set: Option<Set>,
}

/// Memory that reading lines reuses; one a reader.
#[derive(Debug, Default)]
pub struct Scratch {
    pub cache: Cache,
    pub found: Found,
    pub memory: Memory,
}

fn sign(word: &spec::Word) -> Result<Matcher, rule::Wrong> {
    let regex = shorthand::expand(&word.text).map_err(|why| rule::Wrong::new(&why, word))?.regex;
    Matcher::new(&regex, |_| Wants::Skip).map_err(|why| rule::Wrong::new(&why.to_string(), word))
}

/// What a format makes of a sample: how much of it is its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    pub lines: u64,
    pub bytes: u64,
    /// Lines that are not blank.
    pub total: u64,
}

impl Format {
    /// Compiles the text of a format file; all its mistakes at once.
    pub fn compile(page: Page<'_>, envelopes: &Arc<Envelopes>) -> Result<Format, Vec<Problem>> {
        let spec = spec::parse(page)?;
        let mut problems = Vec::new();
        let mut rules = Vec::new();
        let told = |wrong: rule::Wrong| vec![wrong.problem(page, "this sign can't be used")];
        let sign = spec.sign.as_ref().map(sign).transpose().map_err(told)?;
        for (ordinal, line) in (0u32..).zip(&spec.lines) {
            match Rule::new(line, ordinal) {
                Ok(rule) => rules.push(rule),
                Err(wrong) => problems.push(wrong.problem(page, &format!("rule '{}' can't be used", line.name.text))),
            }
        }
        let format = Format { sign, ..Format::new(spec, rules, envelopes) };
        if problems.is_empty() { Ok(format) } else { Err(problems) }
    }

    /// The same for a caller who wants one error.
    pub fn from_toml(text: &str, file: &str) -> Result<Format> {
        Format::compile(Page { file, text }, builtin::envelopes()).map_err(|problems| {
            let told: Vec<String> = problems.iter().map(Problem::to_string).collect();
            Error::new(Kind::Format, told.join("\n")).at(file)
        })
    }

    fn new(spec: Spec, rules: Vec<Rule>, envelopes: &Arc<Envelopes>) -> Format {
        let of = |byte: u8| (0u16..).zip(&rules).filter(|(_, rule)| rule.may_begin(byte)).map(|(k, _)| k).collect();
        let by_byte = (0..=u8::MAX).map(of).collect();
        let needs = Needs::new(&spec.needs);
        Format {
            needs,
            by_byte,
            rules,
            envelopes: Arc::clone(envelopes),
            moulds: Pool::default(),
            spec,
            sign: None,
            set: None,
        }
    }

    pub fn name(&self) -> &str {
        &self.spec.name.text
    }

    /// Whether the line is one that only this format prints.
    pub fn is_signed_by(&self, line: &Line<'_>, scratch: &mut Scratch) -> bool {
        let Some(sign) = &self.sign else { return false };
        let named = self.needs.next(line.bytes(), 0).is_some();
        named && sign.read(line.data, line.start, line.end, &mut scratch.cache, &mut scratch.found)
    }

    /// The rule that claims the line, and what its envelopes said; what it captured is left in `scratch`.
    pub fn claim(&self, line: &Line<'_>, scratch: &mut Scratch) -> Option<(&Rule, Context)> {
        let mut context = Context::default();
        let mut inner = *line;
        for _ in 0..=DEEPEST {
            if let Some(rule) = self.claim_bare(&inner, scratch) {
                return Some((rule, context));
            }
            let memory = (&mut scratch.cache, &mut scratch.found);
            inner.start = self.envelopes.peel(line.data, (inner.start, line.end), memory, &mut context)?;
        }
        None
    }

    /// All rules that claim the line where the first one does: one, if the format is sound.
    pub fn claimants(&self, line: &Line<'_>, scratch: &mut Scratch) -> Vec<Arc<str>> {
        let mut context = Context::default();
        let mut inner = *line;
        for _ in 0..=DEEPEST {
            let all: Vec<_> = self
                .rules
                .iter()
                .filter(|rule| rule.claims(&inner, &mut scratch.cache, &mut scratch.found))
                .map(|r| Arc::clone(&r.name))
                .collect();
            if !all.is_empty() {
                return all;
            }
            let memory = (&mut scratch.cache, &mut scratch.found);
            match self.envelopes.peel(line.data, (inner.start, line.end), memory, &mut context) {
                Some(rest) => inner.start = rest,
                None => break,
            }
        }
        Vec::new()
    }

    fn claim_bare(&self, line: &Line<'_>, scratch: &mut Scratch) -> Option<&Rule> {
        let byte = *line.data.get(line.start..line.end)?.first()?;
        let few = self.by_byte.get(usize::from(byte))?;
        few.iter()
            .map(|&k| &self.rules[usize::from(k)])
            .find(|rule| rule.claims(line, &mut scratch.cache, &mut scratch.found))
    }

    /// Reads one line: its row, or a note why there is none. False if no rule claims it.
    pub fn read_line(&self, line: &Line<'_>, scratch: &mut Scratch, rows: &mut Rows) -> bool {
        if self.needs.next(line.bytes(), 0).is_none() {
            return false;
        }
        match self.claim(line, scratch) {
            Some((rule, context)) => {
                let before = rows.heads.len();
                rule.read(line, &context, &scratch.found, &mut scratch.memory, rows);
                if let (Some(marks), true) = (&mut rows.marks, rows.heads.len() == before) {
                    marks.quiet.push(line.offset);
                }
                true
            }
            None => {
                if self.needs.are_known() {
                    rows.seen.near.note(line.offset, line.bytes());
                    if let Some(marks) = &mut rows.marks {
                        marks.near.push(line.offset);
                    }
                }
                false
            }
        }
    }

    /// Where the line begins for rules: as it stands, and without each of its envelopes.
    pub fn beginnings(&self, line: &Line<'_>, scratch: &mut Scratch) -> Vec<usize> {
        let mut context = Context::default();
        let peel = |&at: &usize| {
            let memory = (&mut scratch.cache, &mut scratch.found);
            self.envelopes.peel(line.data, (at, line.end), memory, &mut context)
        };
        std::iter::successors(Some(line.start), peel).take(DEEPEST + 1).collect()
    }

    /// The same as [`takes`](Self::takes) where the beginnings are known: formats of the catalogue share them.
    pub fn takes_at(&self, beginnings: &[usize], line: &Line<'_>, scratch: &mut Scratch) -> bool {
        let mut claimed = |&start: &usize| self.claim_bare(&Line { start, ..*line }, scratch).is_some();
        self.needs.next(line.bytes(), 0).is_some() && beginnings.iter().any(&mut claimed)
    }

    /// Whether one of its rules claims the line.
    pub fn takes(&self, line: &Line<'_>, scratch: &mut Scratch) -> bool {
        self.needs.next(line.bytes(), 0).is_some() && self.claim(line, scratch).is_some()
    }

    /// How much of the sample its rules claim.
    pub fn score(&self, lines: &[&[u8]]) -> Score {
        self.score_over(0, lines).unwrap_or_default()
    }

    /// The same, if so many lines are claimed; found out as early as may be.
    pub fn score_over(&self, least: u64, lines: &[&[u8]]) -> Option<Score> {
        let mut score = Score::default();
        let (mut scratch, mut padded) = (Scratch::default(), Vec::new());
        let filled = |line: &&&[u8]| !line.trim_ascii().is_empty();
        let mut left = lines.iter().filter(filled).count() as u64;
        for bytes in lines.iter().filter(filled) {
            if score.lines + left < least {
                return None;
            }
            left -= 1;
            score.total += 1;
            padded.clear();
            padded.extend_from_slice(bytes);
            padded.resize(bytes.len() + crate::row::PAD, 0);
            let line = Line { data: &padded, start: 0, end: bytes.len(), offset: 0, open: false };
            if self.takes(&line, &mut scratch) {
                score.lines += 1;
                score.bytes += bytes.len() as u64;
            }
        }
        (score.lines >= least).then_some(score)
    }
}
