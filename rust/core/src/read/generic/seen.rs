//! What the head of a file shows: lines grouped by shape, and how their numbers behave.

use std::collections::HashMap;

use super::line::{self, Bind, Found, Line, Role};
use super::prefix::{self, Prefix};
use super::titles::{self, Titles};
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
    /// It rose where the epoch that other lines state had risen.
    pub paced: u32,
    /// Falls to a value that it did not fall to before.
    pub strays: u32,
    floor: f64,
}

/// How the epoch stands against that of the line of this shape before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rose {
    /// On the line itself.
    pub own: bool,
    /// By other lines.
    pub lent: bool,
}

impl Trace {
    pub fn add(&mut self, value: f64, epoch: Rose) {
        if self.count == 0 {
            (self.first, self.floor) = (value, value);
        } else {
            let (rose, fell) = (value > self.last, value < self.last);
            self.rises += u32::from(rose);
            self.falls += u32::from(fell);
            self.restarts += u32::from(epoch.own && fell);
            self.carries += u32::from(epoch.own && !fell);
            self.paced += u32::from(epoch.lent && rose);
            self.strays += u32::from(fell && value != self.floor);
            self.floor = if fell { value } else { self.floor };
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

    /// It tells things apart, as a process number does: it goes up and down to ever new values.
    pub fn strays(&self) -> bool {
        self.fraction || self.count >= 8 && self.strays * 4 > self.count
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
    /// A title above its lines says which split they are of.
    pub titled: bool,
    /// The epoch at its last line.
    epoch: f64,
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
    titles: Titles,
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
    // `teacher | loss: 0.5`: where nothing counts, the first word may tell who is measured
    if line.counts().next().is_none() && !line.label.contains(char::is_whitespace) {
        hash.bytes(line.label.as_bytes());
    }
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
                let title = self.titles.line(&self.layouts[layout].line);
                let at = self.cluster(layout, title, text, &tokens, &prefix);
                self.note(layout, at, text, &tokens);
            }
            None => {
                self.listen(text, &tokens);
                self.titles.text(text, &tokens);
            }
        }
        self.tokens = tokens;
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

    fn cluster(
        &mut self,
        layout: usize,
        title: Option<&'static str>,
        text: &[u8],
        tokens: &[Token],
        prefix: &Prefix,
    ) -> usize {
        let variant = literals(text, tokens, &self.layouts[layout].line) ^ titles::sign(title);
        if let Some(&found) = self.layouts[layout].clusters.get(&variant) {
            return found;
        }
        let mut line = line::read(text, tokens);
        titles::settle(&mut line, title);
        let found = self.meant(line, prefix, text);
        self.clusters[found].titled |= title.is_some();
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
            titled: false,
            epoch: 0.0,
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
        let own = epoch.is_some_and(|e| e > self.epoch);
        self.epoch = epoch.unwrap_or(self.epoch);
        let cluster = &mut self.clusters[at];
        let rose = Rose { own, lent: epoch.is_none() && self.epoch > cluster.epoch };
        cluster.epoch = self.epoch;
        cluster.count += 1;
        cluster.coded += u32::from(self.code > 0);
        for (found, trace) in line.found.iter().zip(&mut cluster.traces) {
            if let Some(value) = value(found) {
                trace.add(value, rose);
            }
        }
        if let Some(value) = head_count(line, tokens).and_then(value) {
            self.head.add(value, Rose::default());
        }
        let bar = bare_bar(line).and_then(|(now, total)| Some((value(&line.found[now])?, value(&line.found[total])?)));
        if let Some((now, total)) = bar {
            let at = self.bars.iter().position(|(t, _)| *t == total).unwrap_or_else(|| {
                self.bars.push((total, Trace::default()));
                self.bars.len() - 1
            });
            self.bars[at].1.add(now, Rose::default());
        }
        if let Some(hint) = self.hint {
            *cluster.hints.entry(hint).or_default() += 1;
        }
        self.order.push(at as u32);
    }

    /// Where in the file the first and the last line of a cluster stand.
    pub fn reach(&self, at: usize) -> Option<(usize, usize)> {
        let is = |k: &u32| *k as usize == at;
        Some((self.order.iter().position(is)?, self.order.iter().rposition(is)?))
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

impl Cluster {
    /// `Running generation 3`: a title whose only number counts is a state, whatever words stand before the count.
    pub fn settle(&mut self) {
        let (line, trace) = (&mut self.line, &self.traces);
        let ([found], [trace]) = (line.found.as_mut_slice(), trace.as_slice()) else { return };
        let title =
            found.role == Role::Value && found.bind == Bind::Blank && found.unit.is_empty() && line.residue <= 3;
        let counter = words::counter(found.name.rsplit(' ').next().unwrap_or_default());
        if let Some(counter @ (Counter::Epoch | Counter::Step(_))) = counter.filter(|_| title && trace.counts()) {
            found.role = Role::Count(counter);
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
