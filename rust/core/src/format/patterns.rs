//! A format made of a user's own patterns: searched for anywhere in a line, each named group a column.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use memchr::memrchr;

use crate::error::{Error, Kind, Result};
use crate::grammar::{Hint, Pattern};
use crate::number::quantity;
use crate::pattern::{Matcher, Scratch, Set, Wants};
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
    texts: Set,
    wanted: Wanted,
    formats: Mutex<Vec<(Types, Arc<Format>)>>,
}

/// The meaning of each named group of each pattern.
type Types = Vec<Vec<(String, Meaning)>>;

impl Compiler {
    pub fn new(patterns: &[Pattern], wanted: &Wanted) -> Result<Compiler> {
        let matchers = patterns.iter().map(|pattern| texts(pattern).map(Arc::new)).collect::<Result<_>>()?;
        let texts = Set::new(matchers);
        Ok(Compiler { patterns: patterns.to_vec(), texts, wanted: wanted.clone(), formats: Mutex::default() })
    }

    /// The format of a source; `head` are its leading bytes, which decide the types that no hint says.
    pub fn format(&self, head: &[u8]) -> Result<Arc<Format>> {
        let head = Sample::of(&head[..head.len().min(HEAD)]);
        let (courses, matchers) = (courses(&self.texts, &head), self.texts.matchers());
        let of_each = self.patterns.iter().zip(matchers).zip(&courses);
        let types: Types = of_each.map(|((pattern, matcher), courses)| types(pattern, matcher, courses)).collect();
        let Ok(mut formats) = self.formats.lock() else { return Ok(Arc::new(self.compile(&types))) };
        if let Some((_, known)) = formats.iter().find(|(known, _)| *known == types) {
            return Ok(Arc::clone(known));
        }
        let format = Arc::new(self.compile(&types));
        formats.push((types, Arc::clone(&format)));
        Ok(format)
    }

    fn compile(&self, types: &Types) -> Format {
        let mut rules = Vec::new();
        let each = self.patterns.iter().zip(self.texts.matchers());
        for ((ordinal, (pattern, matcher)), types) in (0u32..).zip(each).zip(types) {
            // A name that says a split is the kind of the rows; any other only tells the patterns apart.
            let kind = super::meaning::kind_in(&pattern.name).unwrap_or_default();
            let meaning = |name: &str| {
                let meaning = types.iter().find(|(group, _)| group == name).map_or(Meaning::Ignored, |(_, m)| *m);
                (meaning, wants_of(name, meaning, kind, &self.wanted))
            };
            rules.push(Rule::of_pattern(matcher, kind, ordinal, meaning));
        }
        let mut format = Format::new(Spec::default(), rules, &Arc::new(Envelopes::default()));
        format.spec.name.text = "pattern".to_owned();
        format.set = Some(self.texts.reading(format.rules.iter().map(|rule| Arc::clone(rule.matcher())).collect()));
        format
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
fn types(pattern: &Pattern, matcher: &Matcher, courses: &[Course]) -> Vec<(String, Meaning)> {
    let names: Vec<&str> = matcher.captures().iter().map(|c| c.name.as_str()).collect();
    let mut stamped = names.contains(&"wall_time");
    let mut meaning = |name: &str, course: &Course| {
        let hint = pattern.hints.iter().find(|(hinted, _)| hinted == name).map(|(_, hint)| *hint);
        let meaning = own(name, hint).unwrap_or_else(|| inferred(hint, course, stamped));
        stamped |= meaning == Meaning::Context(Holds::WallTime);
        meaning
    };
    names.iter().zip(courses).map(|(name, course)| ((*name).to_owned(), meaning(name, course))).collect()
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

/// What the groups of each pattern hold in its first lines.
fn courses(set: &Set, head: &Sample<'_>) -> Vec<Vec<Course>> {
    let matchers = set.matchers();
    let mut courses: Vec<_> = matchers.iter().map(|m| vec![Course::default(); m.captures().len()]).collect();
    let mut left = vec![ENOUGH; matchers.len()];
    let mut scratch = Scratch::default();
    for block in head.blocks() {
        set.sample(block, &mut left, &mut scratch, &mut |index, found| {
            for (k, (course, capture)) in courses[index].iter_mut().zip(matchers[index].captures()).enumerate() {
                course.note(found.bytes(block.data, k), capture.name.as_bytes());
            }
        });
    }
    courses
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
        let set = Set::new(vec![Arc::new(texts(pattern).unwrap())]);
        let courses = courses(&set, &Sample::of(LINES));
        types(pattern, &set.matchers()[0], &courses[0]).into_iter().map(|(_, meaning)| meaning).collect()
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
