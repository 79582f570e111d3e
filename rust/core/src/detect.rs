//! Finds how a source is to be read, from its leading bytes only: never its name, its size, its tail or the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memchr2;

use crate::error::{Error, Kind, Result};
use crate::format::catalogue::{Catalogue, Entry};
use crate::format::line::Line;
use crate::format::patterns::Compiler;
use crate::format::problem::nearest;
use crate::format::{Format, Score, Scratch, builtin};
use crate::grammar::Grammar;
use crate::lines::{lines, rewritten_lines};
use crate::literal::Dialect;
use crate::read::ahead::Ahead;
use crate::read::cleaned::Cleaned;
use crate::read::csv::{self, CsvPlan};
use crate::read::generic::{Learned, learn};
use crate::read::json::{self, JsonPlan};
use crate::read::jsonl::{JsonlPlan, Recognised, recognise};
use crate::read::mixed::{Mixed, Titled, left_by};
use crate::read::parts;
use crate::read::roles::Names;
use crate::read::text::TextPlan;
use crate::read::tfevents::{self, EventsPlan};
use crate::read::wandb::{self, WandbPlan};
use crate::row::{Block, PAD, Plan, Rows};
use crate::source::Encoding;
use crate::text::{clean, is_dirty};
use crate::types::Keep;
use crate::wanted::Wanted;

/// A format must claim so many lines of the head, or half of them.
const ENOUGH: u64 = 3;

/// Lines that tell most logs of another format.
const FEW: usize = 4;

/// Lines of the head that formats are tried on: a few first.
const FIRST: usize = 16;
const GLANCED: usize = 200;
const TRIED: usize = 4000;

/// Named formats in one file, at most.
const PARTS: usize = 3;

/// The readers of records.
const RECORDS: [&str; 2] = ["tfevents", "wandb"];

/// The name by which to ask for the reader of logs that no format describes.
const GENERIC: &str = "generic";

/// Finds the plan of each source of one request; what they share is compiled once.
#[derive(Debug)]
pub struct Chooser {
    way: Way,
    wanted: Wanted,
    /// The place of the format detected last: tried first for the next source, it decides nothing.
    last: AtomicUsize,
}

/// A format of the catalogue, and its place.
type Known = (usize, &'static Arc<Format>);

#[derive(Debug)]
enum Way {
    Detect,
    Generic,
    Format(Arc<Format>),
    Patterns(Compiler),
}

impl Chooser {
    /// An error says what is wrong with the grammar, before any source is opened.
    pub fn new(grammar: &Grammar, wanted: Wanted) -> Result<Chooser> {
        let way = match grammar {
            Grammar::Detect => Way::Detect,
            Grammar::Named(name) if name == GENERIC => Way::Generic,
            Grammar::Named(name) => Way::Format(Arc::clone(builtin::format(name).ok_or_else(|| unknown(name))?)),
            Grammar::Toml { text, file } => Way::Format(Arc::new(Format::from_toml(text, file)?)),
            Grammar::Patterns(patterns) => Way::Patterns(Compiler::new(patterns, &wanted)?),
        };
        Ok(Chooser { way, wanted, last: AtomicUsize::new(usize::MAX) })
    }

    /// How the source that begins with `head` is read; none when nothing in it is recognised. `ahead` keeps what the
    /// chosen plan makes of the head, where that came to be known.
    pub fn choose(&self, head: &[u8], ahead: &mut Ahead) -> Result<Option<Arc<dyn Plan>>> {
        ahead.forget();
        if let (Way::Detect | Way::Generic, Some(plan)) = (&self.way, records(head, &self.wanted)) {
            return Ok(Some(plan));
        }
        if self.wants_records() || !is_dirty(head) {
            return self.choose_clean(head, ahead);
        }
        let plan = self.choose_clean(&without_noise(head), ahead)?;
        ahead.forget();
        // NULs alone are no terminal's: what they separate must stay apart.
        let drawn = memchr2(b'\x1b', b'\x08', head).is_some();
        Ok(plan.map(|plan| if drawn { Arc::new(Cleaned(plan)) } else { plan }))
    }

    /// Records are no text: what looks like a terminal's noise in them is theirs.
    fn wants_records(&self) -> bool {
        matches!(&self.way, Way::Format(format) if RECORDS.contains(&format.spec.reader.text.as_str()))
    }

    fn choose_clean(&self, head: &[u8], ahead: &mut Ahead) -> Result<Option<Arc<dyn Plan>>> {
        match &self.way {
            Way::Detect => Ok(self.detect(head, ahead)),
            Way::Generic => Ok(generic(head)),
            Way::Format(format) => plan_of(format, head, &self.wanted).map(Some),
            Way::Patterns(compiler) => Ok(Some(text(&compiler.format(head)?, head, &self.wanted))),
        }
    }

    fn detect(&self, head: &[u8], ahead: &mut Ahead) -> Option<Arc<dyn Plan>> {
        match by_form(head, &self.wanted) {
            Form::Other => {}
            Form::Read(plan) => return Some(plan),
            Form::Unread => return None,
        }
        if let Some(plan) = self.as_last(head, ahead) {
            return Some(plan);
        }
        let Some((place, format)) = best_format(head) else { return unnamed(head) };
        self.last.store(place, Ordering::Relaxed);
        Some(with_the_rest(text(format, head, &self.wanted), head, &self.wanted, ahead))
    }

    /// By the format detected last, where it takes every line and no other that would be preferred to it does: then
    /// it is the best, and leaves nothing to others.
    fn as_last(&self, head: &[u8], ahead: &mut Ahead) -> Option<Arc<dyn Plan>> {
        let place = self.last.load(Ordering::Relaxed);
        let format = Catalogue::builtin().entries.get(place)?.format()?;
        // Only whole lines of undamaged text are to a reader what they are to a score.
        let takes_some = takes_all(format, &lines_of(leading(head, FEW)));
        if !takes_some || !matches!(head.last(), Some(b'\n' | b'\r')) || std::str::from_utf8(head).is_err() {
            return None;
        }
        let plan = text(format, head, &self.wanted);
        ahead.read(plan.as_ref(), head);
        if ahead.takes_all() && !has_rival((place, format), leading(head, GLANCED)) {
            return Some(plan);
        }
        ahead.forget();
        None
    }
}

/// Whether some line is not blank, and all such are the format's.
fn takes_all(format: &Format, lines: &[&[u8]]) -> bool {
    let score = format.score_over(1, lines);
    score.is_some_and(|score| score.lines == score.total)
}

/// Whether a format behind this one in the catalogue takes all lines as well: it would be preferred.
fn has_rival((place, own): Known, text: &[u8]) -> bool {
    let lines = lines_of(text);
    let first = lines.iter().copied().find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let padded = [first, &[0; PAD]].concat();
    let line = Line { data: &padded, start: 0, end: first.len(), offset: 0, open: false };
    let mut scratch = Scratch::default();
    let beginnings = own.beginnings(&line, &mut scratch);
    let mut takes = |format: &Format| format.takes_at(&beginnings, &line, &mut scratch) && takes_all(format, &lines);
    let mut likely = Catalogue::builtin().likely(first).filter(|(k, entry)| *k > place && entry.has_rules());
    likely.any(|(_, entry)| entry.format().is_some_and(|format| takes(format)))
}

fn lines_of(text: &[u8]) -> Vec<&[u8]> {
    lines(whole(text)).map(|line| &text[line.start..line.end]).collect()
}

/// What a source is that no reader takes, where that is known by name.
///
/// ```
/// use fastlogs_core::detect::unread;
/// assert_eq!(Some("JSON document"), unread(b"{\n  \"epoch\": 3,\n  \"loss\": 0.5\n}\n"));
/// assert_eq!(None, unread(b"nothing here\n"));
/// ```
pub fn unread(head: &[u8]) -> Option<&'static str> {
    matches!(recognise(head), Some(Recognised::Document(_))).then_some("JSON document")
}

/// The logs of records, which are told by how they begin.
fn records(head: &[u8], wanted: &Wanted) -> Option<Arc<dyn Plan>> {
    if Encoding::sniff(head).0 != Encoding::Binary {
        return None;
    }
    match head.starts_with(wandb::MAGIC) {
        true => Some(wandb("wandb", wandb::Table::History, wanted)),
        false => Some(Arc::new(EventsPlan::new("tfevents", tfevents::Table::Values))),
    }
}

fn wandb(name: &str, table: wandb::Table, wanted: &Wanted) -> Arc<dyn Plan> {
    Arc::new(WandbPlan { name: name.to_owned(), table, wanted: wanted.clone() })
}

/// The records of a format that names their reader, and which of them are rows.
fn records_of(format: &Format, head: &[u8], wanted: &Wanted) -> Result<Arc<dyn Plan>> {
    let found = records(head, wanted).filter(|plan| plan.name() == format.spec.reader.text);
    let kind = format.spec.fields.kind.first();
    let (table, events) =
        (kind.and_then(|kind| wandb::Table::named(kind)), kind.and_then(|kind| tfevents::Table::named(kind)));
    match (found, table, events) {
        (Some(plan), Some(table), _) if plan.name() == "wandb" => Ok(wandb(format.name(), table, wanted)),
        (Some(plan), _, Some(table)) if plan.name() == "tfevents" => {
            Ok(Arc::new(EventsPlan::new(format.name(), table)))
        }
        (Some(plan), _, _) => Ok(plan),
        (None, _, _) => {
            let what = format!("wanted the records of format '{}', found none", format.name());
            Err(Error::new(Kind::Unknown, what))
        }
    }
}

/// How one source is read.
pub fn choose(grammar: &Grammar, head: &[u8], wanted: &Wanted) -> Result<Option<Arc<dyn Plan>>> {
    Chooser::new(grammar, wanted.clone())?.choose(head, &mut Ahead::default())
}

/// The head as its readers will see it: no colours, no overwritten states.
fn without_noise(head: &[u8]) -> Vec<u8> {
    let mut padded = head.to_vec();
    padded.resize(head.len() + PAD, 0);
    let mut out = Vec::with_capacity(head.len());
    for line in rewritten_lines(Block { data: &padded, len: head.len(), offset: 0 }) {
        clean(line.bytes(), &mut out);
        out.push(b'\n');
    }
    out
}

fn unknown(name: &str) -> Error {
    let names: Vec<&str> = Catalogue::builtin().entries.iter().map(Entry::name).collect();
    let near = nearest(name, &names).map(|near| format!("did you mean '{near}'? ")).unwrap_or_default();
    Error::new(Kind::Unknown, format!("no format '{name}'; {near}'fastlogs formats list' names them all"))
}

fn plan_of(format: &Arc<Format>, head: &[u8], wanted: &Wanted) -> Result<Arc<dyn Plan>> {
    match format.spec.reader.text.as_str() {
        "text" => Ok(text(format, head, wanted)),
        "generic" => match generic(head) {
            Some(plan) => Ok(Arc::new(Titled { name: format.name().to_owned(), plan })),
            None => Err(Error::new(Kind::Unknown, format!("nothing in it recurs as in format '{}'", format.name()))),
        },
        "jsonl" => Ok(jsonl(JsonlPlan::decide(head, Dialect::Json, &names(format)), wanted)),
        "csv" => match CsvPlan::decide(head, &names(format)) {
            Some(plan) => Ok(csv(plan, wanted)),
            None => Err(Error::new(
                Kind::Unknown,
                format!("wanted a table of text for format '{}', found no columns", format.name()),
            )),
        },
        "tfevents" | "wandb" => records_of(format, head, wanted),
        "json" => match JsonPlan::decide(head, &names(format)) {
            Some(plan) => Ok(Arc::new(plan.wanting(wanted))),
            None => Err(Error::new(
                Kind::Unknown,
                format!("wanted a JSON document for format '{}', found none that holds a log", format.name()),
            )),
        },
        other => Err(Error::new(
            Kind::Format,
            format!(
                "wanted reader \"text\", \"generic\", \"jsonl\", \"json\", \"csv\", \"tfevents\" or \"wandb\", found \"{other}\""
            ),
        )),
    }
}

/// The roles a format gives to keys or columns.
fn names(format: &Format) -> Names {
    let fields = format.spec.fields.clone();
    Names {
        step: fields.step,
        epoch: fields.epoch,
        time: fields.time,
        elapsed: fields.elapsed,
        rank: fields.rank,
        drop: fields.drop,
    }
}

fn text(format: &Arc<Format>, head: &[u8], wanted: &Wanted) -> Arc<dyn Plan> {
    Arc::new(TextPlan::new(Arc::clone(format), head).wanting(wanted.clone()))
}

fn jsonl(plan: JsonlPlan, wanted: &Wanted) -> Arc<dyn Plan> {
    Arc::new(JsonlPlan { wanted: wanted.clone(), ..plan })
}

fn csv(plan: CsvPlan, wanted: &Wanted) -> Arc<dyn Plan> {
    Arc::new(CsvPlan { wanted: wanted.clone(), ..plan })
}

/// What a text is by its form, whatever its words.
enum Form {
    Read(Arc<dyn Plan>),
    /// A document that holds no log.
    Unread,
    Other,
}

fn by_form(head: &[u8], wanted: &Wanted) -> Form {
    if let Some(plan) = parts::recognise(head) {
        return Form::Read(Arc::new(plan.wanting(wanted)));
    }
    if let Some(plan) = json::recognise(head) {
        return Form::Read(Arc::new(plan.wanting(wanted)));
    }
    match recognise(head) {
        Some(Recognised::Lines(plan)) => return Form::Read(jsonl(plan, wanted)),
        Some(Recognised::Document(_)) => return Form::Unread,
        None => {}
    }
    csv::recognise(head).map_or(Form::Other, |plan| Form::Read(csv(plan, wanted)))
}

/// Together with what reads the lines that the format leaves: other formats, then the generic reader.
fn with_the_rest(first: Arc<dyn Plan>, head: &[u8], wanted: &Wanted, ahead: &mut Ahead) -> Arc<dyn Plan> {
    ahead.read(first.as_ref(), head);
    let mut left = ahead.left();
    let mut parts = vec![first];
    while parts.len() < PARTS {
        let next = best_of(leading(&left, TRIED)).filter(|(score, _)| score.lines >= ENOUGH);
        let Some((_, (_, format))) = next else { break };
        if parts.iter().any(|part| part.name() == format.name()) {
            break;
        }
        let part = text(format, &left, wanted);
        left = left_of(part.as_ref(), &left);
        parts.push(part);
    }
    // It learns from all lines, as those that are taken say which others measure something.
    parts.extend(has_numbers(&left).then(|| unnamed(head)).flatten().filter(|plan| gives_rows(plan.as_ref(), &left)));
    match parts.as_slice() {
        [one] => Arc::clone(one),
        _ => {
            ahead.forget();
            Arc::new(Mixed::new(parts))
        }
    }
}

/// Whether enough lines to be a table hold a number.
fn has_numbers(left: &[u8]) -> bool {
    let numbered = |line: &crate::lines::Line<'_>| line.bytes().iter().any(u8::is_ascii_digit);
    lines(whole(left)).filter(numbered).count() as u64 >= ENOUGH
}

fn gives_rows(plan: &dyn Plan, text: &[u8]) -> bool {
    let mut padded = text.to_vec();
    padded.resize(text.len() + PAD, 0);
    let (mut rows, mut reader) = (Rows::default(), plan.reader());
    reader.read(Block { data: &padded, len: text.len(), offset: 0 }, &mut rows);
    reader.finish(&mut rows);
    rows.heads.iter().any(|head| rows.shapes[head.shape as usize].keep != Keep::Carry)
}

fn left_of(plan: &dyn Plan, head: &[u8]) -> Vec<u8> {
    let mut padded = head.to_vec();
    padded.resize(head.len() + PAD, 0);
    left_by(plan, Block { data: &padded, len: head.len(), offset: 0 })
}

/// The generic reader, by the name of the format whose sign the head bears.
fn unnamed(head: &[u8]) -> Option<Arc<dyn Plan>> {
    let plan = generic(head)?;
    match signed(head) {
        Some(format) => Some(Arc::new(Titled { name: format.name().to_owned(), plan })),
        None => Some(plan),
    }
}

/// The format whose sign stands first in the head.
fn signed(head: &[u8]) -> Option<&'static Arc<Format>> {
    let likely = Catalogue::builtin().likely(head).filter(|(_, entry)| entry.top.sign.is_some());
    let formats: Vec<_> = likely.filter_map(|(_, entry)| entry.format()).collect();
    if formats.is_empty() {
        return None;
    }
    let mut padded = head.to_vec();
    padded.resize(head.len() + PAD, 0);
    let mut scratch = Scratch::default();
    lines(Block { data: &padded, len: head.len(), offset: 0 }).find_map(|line| {
        let line = Line { data: line.data, start: line.start, end: line.end, offset: line.offset, open: false };
        formats.iter().find(|format| format.is_signed_by(&line, &mut scratch)).copied()
    })
}

/// The reader of logs that no format describes.
fn generic(head: &[u8]) -> Option<Arc<dyn Plan>> {
    learn(head).map(|model| Arc::new(Learned(model)) as Arc<dyn Plan>)
}

/// The format that claims most of the head, if any claims enough. Few lines do where most of them are one format's.
fn best_format(head: &[u8]) -> Option<Known> {
    let first = leading(head, GLANCED);
    let glance = best_of(first).filter(|(score, _)| 2 * score.lines >= score.total);
    glance.or_else(|| best_of(leading(head, TRIED))).map(|(_, known)| known)
}

/// The first lines, so many at most.
fn leading(head: &[u8], count: usize) -> &[u8] {
    let end = lines(whole(head)).take(count).last().map_or(0, |line| line.end);
    &head[..end]
}

fn whole(head: &[u8]) -> Block<'_> {
    Block { data: head, len: head.len(), offset: 0 }
}

fn best_of(head: &[u8]) -> Option<(Score, Known)> {
    let lines = lines_of(head);
    let first = &lines[..lines.len().min(FIRST)];
    let likely = Catalogue::builtin().likely(head).filter(|(_, entry)| entry.has_rules());
    let formats = likely.filter_map(|(k, entry)| Some((k, entry.format()?)));
    // The likeliest first: the others are seen early to be worse.
    let mut formats: Vec<_> = formats.map(|(k, format)| (format.score(first).lines, k, format)).collect();
    formats.sort_by_key(|&(lines, k, _)| (std::cmp::Reverse(lines), k));
    let mut best: Option<(Score, usize, &'static Arc<Format>)> = None;
    for (_, k, format) in formats {
        let least = best.map_or(1, |(score, _, _)| score.lines);
        let score = format.score_over(least, &lines);
        let better =
            |score: &Score| best.is_none_or(|(b, at, _)| (score.lines, score.bytes, k) > (b.lines, b.bytes, at));
        best = score.filter(better).map(|score| (score, k, format)).or(best);
    }
    let best = best.filter(|(score, ..)| score.lines >= ENOUGH || 2 * score.lines >= score.total);
    best.map(|(score, k, format)| (score, (k, format)))
}

/// How much of the leading lines a format would claim, and the first line that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub name: String,
    pub lines: u64,
    /// Lines that are not blank, of those looked at.
    pub total: u64,
    pub rule: String,
    pub line: String,
}

/// The formats of text that claim some of the leading lines, the likeliest first; what is chosen may be another, as a
/// table or JSON is told by its form.
pub fn candidates(head: &[u8]) -> Vec<Candidate> {
    let head = if is_dirty(head) { without_noise(head) } else { head.to_vec() };
    let head = leading(&head, TRIED);
    let mut padded = head.to_vec();
    padded.resize(head.len() + PAD, 0);
    let block = Block { data: &padded, len: head.len(), offset: 0 };
    let likely = Catalogue::builtin().likely(head);
    let mut all: Vec<Candidate> = likely.filter_map(|(_, entry)| candidate(entry.format()?, block)).collect();
    all.sort_by(|a, b| (b.lines, &a.name).cmp(&(a.lines, &b.name)));
    all
}

fn candidate(format: &Format, block: Block<'_>) -> Option<Candidate> {
    let mut scratch = Scratch::default();
    let mut found =
        Candidate { name: format.name().to_owned(), lines: 0, total: 0, rule: String::new(), line: String::new() };
    for line in lines(block).filter(|line| !line.bytes().trim_ascii().is_empty()) {
        found.total += 1;
        let inner = Line { data: line.data, start: line.start, end: line.end, offset: line.offset, open: false };
        let Some(rule) = claimant(format, &inner, &mut scratch) else { continue };
        found.lines += 1;
        if found.lines == 1 {
            (found.rule, found.line) = (rule, String::from_utf8_lossy(line.bytes()).into_owned());
        }
    }
    (found.lines > 0).then_some(found)
}

/// The rule that claims the line, or `sign` where it is the sign of its format.
fn claimant(format: &Format, line: &Line<'_>, scratch: &mut Scratch) -> Option<String> {
    format.needs.next(line.bytes(), 0)?;
    match format.is_signed_by(line, scratch) {
        true => Some("sign".to_owned()),
        false => format.claim(line, scratch).map(|(rule, _)| rule.name.to_string()),
    }
}
