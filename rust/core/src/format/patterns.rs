//! A format made of a user's own patterns: searched for anywhere in a line, each named group a column.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use memchr::memmem::Finder;
use memchr::{memchr2, memrchr, memrchr2};

use crate::error::{Error, Kind, Result};
use crate::grammar::{Hint, Pattern};
use crate::number::quantity;
use crate::pattern::{Cache, Found, Matcher, Set, Wants};
use crate::row::{Block, PAD};
use crate::text::{clean, is_dirty};
use crate::time::{Stamp, stamp};
use crate::types::{Field, Holds, Naming};
use crate::wanted::Wanted;

use super::Format;
use super::envelope::Envelopes;
use super::meaning::{Meaning, wants};
use super::measure::is_absent;
use super::rule::Rule;
use super::spec::Spec;

/// A pattern decides its types by so many matching lines at most.
const ENOUGH: usize = 50;

/// Leading bytes in which they are looked for.
const HEAD: usize = 256 << 10;

/// Patterns compiled once, and the formats they came to: sources whose leading lines type them alike share one.
#[derive(Debug)]
pub struct Compiler {
    patterns: Vec<Pattern>,
    /// Each as it is when all its groups are text.
    matchers: Vec<Matcher>,
    wanted: Wanted,
    formats: Mutex<Vec<(Types, Arc<Format>)>>,
}

/// The meaning of each named group of each pattern.
type Types = Vec<Vec<(String, Meaning)>>;

impl Compiler {
    pub fn new(patterns: &[Pattern], wanted: &Wanted) -> Result<Compiler> {
        let matchers = patterns.iter().map(texts).collect::<Result<_>>()?;
        Ok(Compiler { patterns: patterns.to_vec(), matchers, wanted: wanted.clone(), formats: Mutex::default() })
    }

    /// The format of a source; `head` are its leading bytes, which decide the types that no hint says.
    pub fn format(&self, head: &[u8]) -> Result<Arc<Format>> {
        let head = Sample::of(&head[..head.len().min(HEAD)]);
        let types: Types = self.patterns.iter().zip(&self.matchers).map(|(p, m)| types(p, m, &head)).collect();
        let Ok(mut formats) = self.formats.lock() else { return self.compile(&types).map(Arc::new) };
        if let Some((_, known)) = formats.iter().find(|(known, _)| *known == types) {
            return Ok(Arc::clone(known));
        }
        let format = Arc::new(self.compile(&types)?);
        formats.push((types, Arc::clone(&format)));
        Ok(format)
    }

    fn compile(&self, types: &Types) -> Result<Format> {
        let mut rules = Vec::new();
        for ((ordinal, pattern), types) in (0u32..).zip(&self.patterns).zip(types) {
            // A name that says a split is the kind of the rows; any other only tells the patterns apart.
            let kind = super::meaning::kind_in(&pattern.name).unwrap_or_default();
            let meaning = |name: &str| {
                let meaning = types.iter().find(|(group, _)| group == name).map_or(Meaning::Ignored, |(_, m)| *m);
                (meaning, wants_of(name, meaning, kind, &self.wanted))
            };
            rules.push(Rule::of_pattern(&pattern.regex, kind, ordinal, meaning)?);
        }
        let mut format = Format::new(Spec::default(), rules, &Arc::new(Envelopes::default()));
        format.spec.name.text = "pattern".to_owned();
        format.set = Some(Set::new(format.rules.iter().map(|rule| Arc::clone(rule.matcher())).collect()));
        Ok(format)
    }
}

/// The same for one source.
pub fn from_patterns(patterns: &[Pattern], head: &[u8], wanted: &Wanted) -> Result<Arc<Format>> {
    Compiler::new(patterns, wanted)?.format(head)
}

/// A column that nobody asked for is found but not read.
fn wants_of(name: &str, meaning: Meaning, kind: &str, wanted: &Wanted) -> Wants {
    let taken = || wanted.takes(&Field::metric(name, kind, Naming::Stored, None));
    match meaning {
        Meaning::Metric | Meaning::Text if !taken() => Wants::Skip,
        Meaning::Context(_)
        | Meaning::Metric
        | Meaning::Text
        | Meaning::Kind
        | Meaning::Pairs
        | Meaning::Payload
        | Meaning::Name
        | Meaning::Value
        | Meaning::Unit
        | Meaning::Ignored => wants(meaning),
    }
}

/// What the captured values of a group were.
#[derive(Debug, Clone, Copy, Default)]
struct Course {
    seen: usize,
    numbers: usize,
    stamps: usize,
}

/// A pattern whose groups are all text, to see what they hold.
fn texts(pattern: &Pattern) -> Result<Matcher> {
    let matcher = Matcher::new(&pattern.regex, |_| Wants::Text)?;
    if matcher.captures().is_empty() {
        let what =
            format!("pattern `{}` names no group; write (?P<loss>...) around what is to be a column", pattern.regex);
        return Err(Error::new(Kind::Pattern, what));
    }
    let names: Vec<&str> = matcher.captures().iter().map(|c| c.name.as_str()).collect();
    if let Some((name, _)) = pattern.hints.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        let what =
            format!("there is a type for '{name}', but the pattern has no such group, only {}", names.join(", "));
        return Err(Error::new(Kind::Usage, what));
    }
    Ok(matcher)
}

/// The meaning of each named group.
fn types(pattern: &Pattern, matcher: &Matcher, head: &Sample<'_>) -> Vec<(String, Meaning)> {
    let courses = courses(matcher, head);
    let names: Vec<&str> = matcher.captures().iter().map(|c| c.name.as_str()).collect();
    let mut stamped = names.contains(&"wall_time");
    let mut meaning = |name: &str, course: &Course| {
        let hint = pattern.hints.iter().find(|(hinted, _)| hinted == name).map(|(_, hint)| *hint);
        let meaning = own(name, hint).unwrap_or_else(|| inferred(hint, course, stamped));
        stamped |= meaning == Meaning::Context(Holds::WallTime);
        meaning
    };
    names.iter().zip(&courses).map(|(name, course)| ((*name).to_owned(), meaning(name, course))).collect()
}

/// The groups whose names mean something; a group typed as text is text whatever its name.
fn own(name: &str, hint: Option<Hint>) -> Option<Meaning> {
    let meaning = match name {
        "step" => Meaning::Context(Holds::Step),
        "epoch" => Meaning::Context(Holds::Epoch),
        "batch" => Meaning::Context(Holds::Batch),
        "rank" => Meaning::Context(Holds::Rank),
        "wall_time" => Meaning::Context(Holds::WallTime),
        "elapsed" => Meaning::Context(Holds::Elapsed),
        "kind" => Meaning::Kind,
        _ => return None,
    };
    (hint != Some(Hint::Str)).then_some(meaning)
}

fn inferred(hint: Option<Hint>, course: &Course, stamped: bool) -> Meaning {
    match hint {
        Some(Hint::Int | Hint::Float) => Meaning::Metric,
        Some(Hint::Str) => Meaning::Text,
        Some(Hint::Datetime) => Meaning::Context(Holds::WallTime),
        None if course.stamps > 0 && course.stamps == course.seen && !stamped => Meaning::Context(Holds::WallTime),
        None if 2 * course.numbers >= course.seen => Meaning::Metric,
        None => Meaning::Text,
    }
}

fn courses(matcher: &Matcher, head: &Sample<'_>) -> Vec<Course> {
    let mut courses = vec![Course::default(); matcher.captures().len()];
    let (mut cache, mut found) = (Cache::default(), Found::default());
    let finder = matcher.literal().map(Finder::new);
    let blocks = head.blocks();
    let lines = blocks.iter().flat_map(|block| candidates(block, finder.as_ref()).map(|line| (block.data, line)));
    let matched = lines.filter(|&(data, (start, end))| {
        let matched = matcher.read(data, start, end, &mut cache, &mut found);
        if matched {
            let tokens = matcher.captures().iter().enumerate().map(|(k, c)| (found.bytes(data, k), c.name.as_bytes()));
            courses.iter_mut().zip(tokens).for_each(|(course, (token, name))| course.note(token, name));
        }
        matched
    });
    matched.take(ENOUGH).for_each(drop);
    courses
}

/// The lines that hold a literal; all of them where there is none.
fn candidates(block: &Block<'_>, literal: Option<&Finder<'_>>) -> impl Iterator<Item = (usize, usize)> {
    let bytes = block.bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let hit = at + literal.map_or(Some(0), |literal| literal.find(rest))?;
        let start = memrchr2(b'\n', b'\r', &bytes[at..hit]).map_or(at, |k| at + k + 1);
        let end = memchr2(b'\n', b'\r', &bytes[hit..]).map_or(bytes.len(), |k| hit + k);
        at = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
        Some((start, end))
    })
}

impl Course {
    fn note(&mut self, token: Option<&[u8]>, name: &[u8]) {
        let Some(token) = token.filter(|token| !is_absent(token)) else { return };
        self.seen += 1;
        self.numbers += usize::from(quantity(token, name).is_some());
        self.stamps += usize::from(matches!(stamp(token, 0), Some((Stamp::Wall { .. }, end)) if end == token.len()));
    }
}

/// The head without terminal noise, in blocks that have their padding: only its end is copied for that.
struct Sample<'a> {
    text: Cow<'a, [u8]>,
    /// Where its last lines begin.
    tail_at: usize,
    tail: Vec<u8>,
}

impl<'a> Sample<'a> {
    fn of(head: &'a [u8]) -> Self {
        let text = if is_dirty(head) { Cow::Owned(cleaned(head)) } else { Cow::Borrowed(head) };
        let tail_at = memrchr(b'\n', &text[..text.len().saturating_sub(PAD)]).map_or(0, |k| k + 1);
        let mut tail = text[tail_at..].to_vec();
        tail.resize(tail.len() + PAD, 0);
        Sample { text, tail_at, tail }
    }

    fn blocks(&self) -> [Block<'_>; 2] {
        let front = Block { data: &self.text, len: self.tail_at, offset: 0 };
        [front, Block { data: &self.tail, len: self.tail.len() - PAD, offset: self.tail_at as u64 }]
    }
}

fn cleaned(head: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(head.len());
    head.split_inclusive(|&b| b == b'\n').for_each(|line| clean(line, &mut out));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &[u8] = b"ts=2026-01-26T10:00:00Z level=info msg=\"train step\" step=1 loss=0.5 mem=1.5G\n\
        ts=2026-01-26T10:00:01Z level=info msg=\"train step\" step=2 loss=N/A mem=1.5G\n";

    fn pattern(regex: &str) -> Pattern {
        Pattern { name: String::new(), regex: regex.to_owned(), hints: Vec::new() }
    }

    fn meanings(pattern: &Pattern) -> Vec<Meaning> {
        types(pattern, &texts(pattern).unwrap(), &Sample::of(LINES)).into_iter().map(|(_, meaning)| meaning).collect()
    }

    #[test]
    fn types_are_what_the_leading_lines_show() {
        let regex = r"ts=(?P<ts>\S+) level=(?P<level>\S+) .* step=(?P<step>\d+) loss=(?P<loss>\S+) mem=(?P<mem>\S+)";

        let wanted = vec![
            Meaning::Context(Holds::WallTime),
            Meaning::Text,
            Meaning::Context(Holds::Step),
            Meaning::Metric,
            Meaning::Metric,
        ];
        assert_eq!(wanted, meanings(&pattern(regex)));
    }

    #[test]
    fn a_hint_goes_before_what_is_seen() {
        let mut hinted = pattern(r"step=(?P<step>\d+) loss=(?P<loss>\S+)");
        hinted.hints = vec![("step".into(), Hint::Str), ("loss".into(), Hint::Float)];
        assert_eq!(vec![Meaning::Text, Meaning::Metric], meanings(&hinted));

        hinted.hints = vec![("los".into(), Hint::Float)];
        assert!(texts(&hinted).is_err());
    }

    #[test]
    fn a_pattern_without_named_groups_says_what_to_write() {
        let error = from_patterns(&[pattern(r"step=(\d+)")], LINES, &Wanted::default()).unwrap_err();

        assert!(error.to_string().contains("(?P<loss>"), "{error}");
    }
}
