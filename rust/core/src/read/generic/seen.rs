//! What the head of a file shows: lines grouped by shape, and how their numbers behave.

use std::collections::HashMap;

use super::line::{self, Found, Line, Role};
use super::prefix::{self, Prefix};
use super::token::{self, Kind, Skeleton, Token};
use super::words::{self, Counter};
use crate::lines::legible;
use crate::number;

/// How one number of a shape behaves from line to line.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    pub count: u32,
    pub first: f64,
    pub last: f64,
    pub rises: u32,
    pub falls: u32,
    /// The number is not whole somewhere.
    pub fraction: bool,
    /// Where the epoch of the same line rose: did this number fall, or rise?
    pub restarts: u32,
    pub carries: u32,
}

impl Trace {
    pub fn add(&mut self, value: f64, epoch_rose: bool) {
        if self.count == 0 {
            self.first = value;
        } else {
            let fell = value < self.last;
            self.rises += u32::from(value > self.last);
            self.falls += u32::from(fell);
            self.restarts += u32::from(epoch_rose && fell);
            self.carries += u32::from(epoch_rose && !fell);
        }
        self.fraction |= value.fract() != 0.0 || !value.is_finite();
        self.last = value;
        self.count += 1;
    }

    pub fn changes(&self) -> bool {
        self.rises + self.falls > 0
    }

    /// It counts: whole, and rising nearly always.
    pub fn counts(&self) -> bool {
        !self.fraction && self.count >= 3 && self.rises * 10 >= (self.count - 1) * 9
    }
}

/// Lines after one of source code that are taken to belong to it.
const BESIDE: u32 = 4;

/// Lines of one shape.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub line: Line,
    pub count: u32,
    pub traces: Vec<Trace>,
    /// Split words that state lines before it spoke of.
    pub hints: HashMap<&'static str, u32>,
    pub alarm: bool,
    /// The hash of its meaning.
    pub key: u64,
    /// How many stand right below a title of a split: `Test Error:`.
    pub titled: HashMap<&'static str, u32>,
    /// How many of its lines stand beside source code.
    pub coded: u32,
    /// What its prefix adds to the shape.
    pub flags: u8,
    /// The first line, for whoever looks.
    pub sample: Vec<u8>,
}

/// Everything seen.
#[derive(Debug, Default)]
pub struct Seen {
    pub clusters: Vec<Cluster>,
    pub lines: u32,
    /// Behaviour of a number and a colon at the head of lines.
    pub head: Trace,
    cuts: HashMap<u64, usize>,
    layouts: Vec<Layout>,
    by_meaning: HashMap<u64, usize>,
    /// The cluster of each line that has one.
    order: Vec<u32>,
    /// Bars that bear neither metrics nor words, by their totals in order of appearance: how they go on.
    pub bars: Vec<(f64, Trace)>,
    hint: Option<&'static str>,
    tokens: Vec<Token>,
    epoch: f64,
    /// The split of a title, and the lines it still stands over.
    title: Option<(&'static str, u32)>,
    /// Lines that still count as beside source code.
    code: u32,
}

/// What one skeleton means, but for the literals in its names.
#[derive(Debug)]
struct Layout {
    line: Line,
    clusters: HashMap<u64, usize>,
}

/// The meaning of a line as a hash: the same names in the same order.
pub fn meaning(line: &Line, flags: u64) -> u64 {
    let mut hash = Skeleton::default();
    hash.bytes(&[u8::from(line.bar), flags as u8]);
    for found in &line.found {
        let role = match found.role {
            Role::Value => 1,
            Role::Count(counter) => 16 + code(counter),
            Role::Total(counter) => 64 + code(counter),
        };
        hash.bytes(&[role]);
        hash.bytes(found.name.as_bytes());
        hash.bytes(found.label.as_bytes());
        hash.bytes(found.unit.as_bytes());
        hash.bytes(found.kind.unwrap_or("").as_bytes());
    }
    hash.0
}

fn code(counter: Counter) -> u8 {
    match counter {
        Counter::Step(rank) => rank,
        Counter::Epoch => 20,
        Counter::Batch => 21,
        Counter::Bare => 22,
        Counter::Bar => 23,
        Counter::Rank => 24,
    }
}

/// What the prefix of a line adds to its shape.
pub fn flags(prefix: &Prefix) -> u8 {
    let stamp = match prefix.stamp {
        None => 0,
        Some((crate::time::Stamp::Wall { utc, .. }, _)) => 1 + u8::from(utc),
        Some((crate::time::Stamp::Clock { .. }, _)) => 3,
    };
    stamp + 4 * u8::from(prefix.rank.is_some())
}

/// A hash of the texts that stand in names.
pub fn literals(text: &[u8], tokens: &[Token], line: &Line) -> u64 {
    let mut hash = Skeleton::default();
    for &k in &line.literals {
        if let Some(token) = tokens.get(k as usize) {
            hash.bytes(token.text(text));
        }
    }
    hash.0
}

/// The value of a number or clock, in seconds if it is one.
pub fn amount(text: &[u8], token: &Token, name: &str) -> Option<f64> {
    let end = match token.kind {
        Kind::Clock => token.end,
        _ => token.tail,
    };
    let bytes = text.get(token.start as usize..end as usize)?;
    if let Some((value, used)) = number::decimal(text, token.start as usize)
        && used == token.end as usize
        && token.kind == Kind::Number
        && used == end as usize
    {
        return Some(value);
    }
    number::quantity(bytes, name.as_bytes()).map(|q| q.value)
}

impl Seen {
    pub fn of(head: &[u8]) -> Seen {
        let mut seen = Seen::default();
        for line in lines(head) {
            seen.add(line);
        }
        seen
    }

    fn add(&mut self, text: &[u8]) {
        self.lines += 1;
        self.code = if is_code(text) { BESIDE } else { self.code.saturating_sub(1) };
        let prefix = prefix::peel(text);
        let mut tokens = std::mem::take(&mut self.tokens);
        token::cut(text, prefix.rest, &mut tokens);
        match self.layout(text, &tokens, &prefix) {
            Some(layout) => {
                if self.layouts[layout].line.values().next().is_none() {
                    self.listen(text, &tokens);
                }
                let at = self.cluster(layout, text, &tokens, &prefix);
                self.note(layout, at, text, &tokens);
            }
            None => self.listen(text, &tokens),
        }
        self.tokens = tokens;
        self.title = titled(text).or(self.title.and_then(|(kind, lines)| Some((kind, lines.checked_sub(1)?))));
    }

    /// The layout of a line that holds numbers worth a look.
    fn layout(&mut self, text: &[u8], tokens: &[Token], prefix: &Prefix) -> Option<usize> {
        if !tokens.iter().any(|t| matches!(t.kind, Kind::Number | Kind::Clock)) {
            return None;
        }
        let key = token::skeleton(text, tokens) ^ u64::from(flags(prefix));
        let at = *self.cuts.entry(key).or_insert_with(|| {
            self.layouts.push(Layout { line: line::read(text, tokens), clusters: HashMap::new() });
            self.layouts.len() - 1
        });
        (!self.layouts[at].line.found.is_empty()).then_some(at)
    }

    fn cluster(&mut self, layout: usize, text: &[u8], tokens: &[Token], prefix: &Prefix) -> usize {
        let variant = literals(text, tokens, &self.layouts[layout].line);
        if let Some(&found) = self.layouts[layout].clusters.get(&variant) {
            return found;
        }
        let found = self.meant(line::read(text, tokens), prefix, text);
        self.layouts[layout].clusters.insert(variant, found);
        found
    }

    fn meant(&mut self, line: Line, prefix: &Prefix, text: &[u8]) -> usize {
        let key = meaning(&line, u64::from(flags(prefix)));
        if let Some(&at) = self.by_meaning.get(&key) {
            return at;
        }
        let traces = vec![Trace::default(); line.found.len()];
        self.clusters.push(Cluster {
            line,
            count: 0,
            traces,
            hints: HashMap::new(),
            alarm: prefix.alarm,
            key,
            titled: HashMap::new(),
            coded: 0,
            flags: flags(prefix),
            sample: text[..text.len().min(300)].to_vec(),
        });
        self.by_meaning.insert(key, self.clusters.len() - 1);
        self.clusters.len() - 1
    }

    /// A line without numbers may say what the next lines are about.
    fn listen(&mut self, text: &[u8], tokens: &[Token]) {
        let word = |t: &Token| (t.kind == Kind::Word).then(|| std::str::from_utf8(t.text(text)).unwrap_or_default());
        let said: Vec<&'static str> = tokens.iter().filter_map(word).filter_map(words::split).collect();
        if tokens.len() < 40 {
            let exact = said.iter().find(|k| matches!(**k, "val" | "dev" | "test"));
            self.hint = exact.or(said.first()).copied().or(self.hint);
        }
    }

    /// Notes how the numbers of a line go on; its layout says where they stand, its cluster what they are.
    fn note(&mut self, layout: usize, at: usize, text: &[u8], tokens: &[Token]) {
        let line = &self.layouts[layout].line;
        let value = |f: &Found| tokens.get(f.token as usize).and_then(|t| amount(text, t, &f.name));
        let epoch = line.found.iter().find(|f| f.role == Role::Count(Counter::Epoch)).and_then(value);
        let rose = epoch.is_some_and(|e| e > self.epoch);
        self.epoch = epoch.unwrap_or(self.epoch);
        let cluster = &mut self.clusters[at];
        cluster.count += 1;
        cluster.coded += u32::from(self.code > 0);
        for (found, trace) in line.found.iter().zip(&mut cluster.traces) {
            if let Some(value) = value(found) {
                trace.add(value, rose);
            }
        }
        if let Some(value) = head_count(line, tokens).and_then(value) {
            self.head.add(value, false);
        }
        let bar = bare_bar(line).and_then(|(now, total)| Some((value(&line.found[now])?, value(&line.found[total])?)));
        if let Some((now, total)) = bar {
            let at = self.bars.iter().position(|(t, _)| *t == total).unwrap_or_else(|| {
                self.bars.push((total, Trace::default()));
                self.bars.len() - 1
            });
            self.bars[at].1.add(now, false);
        }
        if let Some((kind, _)) = self.title {
            *cluster.titled.entry(kind).or_default() += 1;
        }
        if let Some(hint) = self.hint {
            *cluster.hints.entry(hint).or_default() += 1;
        }
        self.order.push(at as u32);
    }

    /// In how many of the stretches between lines of the given clusters each cluster stands.
    pub fn gaps(&self, counted: &[bool]) -> Vec<u32> {
        let mut gaps = vec![0; self.clusters.len()];
        let mut last = vec![u32::MAX; self.clusters.len()];
        let mut gap = 0;
        for &at in &self.order {
            let at = at as usize;
            gap += u32::from(counted[at]);
            gaps[at] += u32::from(last[at] != gap);
            last[at] = gap;
        }
        gaps
    }
}

/// The halves of the counter of a bar that says nothing else.
pub fn bare_bar(line: &Line) -> Option<(usize, usize)> {
    let bare = line.bar && line.label.is_empty() && line.residue == 0 && line.found.len() == 2;
    let pair = matches!(line.found.as_slice(), [a, b] if matches!((a.role, b.role), (Role::Count(_), Role::Total(_))));
    (bare && pair).then_some((0, 1))
}

/// The nameless number that begins a line, if a colon ends it.
pub fn head_count<'a>(line: &'a Line, tokens: &[Token]) -> Option<&'a Found> {
    let first = line.found.first()?;
    let leads = first.token as usize <= usize::from(tokens.first().is_some_and(Token::is_blank));
    let bare = first.role == Role::Count(Counter::Bare) && leads;
    let paired = line.found.get(1).is_some_and(|f| matches!(f.role, Role::Total(_)) && f.token <= first.token + 3);
    (bare && !paired).then_some(first)
}

/// The split that a title of a few words ending in a colon names.
fn titled(text: &[u8]) -> Option<(&'static str, u32)> {
    if !text.trim_ascii_end().ends_with(b":") {
        return None;
    }
    let text = text.get(prefix::peel(text).rest..)?.trim_ascii();
    let words = std::str::from_utf8(text).ok()?.strip_suffix(':')?;
    let few =
        words.len() < 40 && words.split_whitespace().count() <= 3 && !words.contains(|c: char| c.is_ascii_digit());
    let kind = words.split_whitespace().find_map(words::split).filter(|_| few)?;
    Some((kind, 2))
}

impl Cluster {
    /// Lines that always stand below a split's title are about that split.
    fn settle_on(&mut self, kind: &'static str) {
        self.line.kind = Some(kind);
        self.line.found.iter_mut().filter(|f| f.kind.is_none()).for_each(|f| f.kind = Some(kind));
    }

    pub fn settle(&mut self) {
        let always = self.titled.iter().find(|(_, lines)| **lines == self.count).map(|(kind, _)| *kind);
        if let Some(kind) = always.filter(|_| self.line.kind.is_none()) {
            self.settle_on(kind);
        }
    }
}

/// Whether a line is source code: a word that begins a statement, and what ends one.
fn is_code(text: &[u8]) -> bool {
    const BEGIN: [&[u8]; 18] = [
        b"def ",
        b"class ",
        b"return",
        b"if ",
        b"elif ",
        b"else",
        b"for ",
        b"while ",
        b"print(",
        b"self.",
        b"fn ",
        b"let ",
        b"function ",
        b"const ",
        b"public ",
        b"export ",
        b"with ",
        b"async ",
    ];
    let text = text.trim_ascii();
    let begins = BEGIN.iter().any(|word| text.starts_with(word));
    let ends = matches!(text.last(), Some(b':' | b'{' | b';' | b')' | b'('));
    let drawn = [&b"import "[..], b"#include", b"#SBATCH", b"#!/"].iter().any(|word| text.starts_with(word));
    drawn || begins && ends || text.starts_with(b"self.") || text.starts_with(b"from ") && contains(text, b" import ")
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(text, word).is_some()
}

/// The lines of a text; a carriage return ends one too.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let filled = text.split(|&b| b == b'\n' || b == b'\r').filter(|line| !line.is_empty());
    filled.map(|line| &line[..legible(line, 0, line.len())])
}
