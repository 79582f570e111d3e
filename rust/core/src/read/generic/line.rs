//! Reads the cut of one line: which numbers are values or counters, and what they are called.

use super::token::{Kind, Token};
use super::words::{self, Counter};

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Value,
    /// The current half of a counter, or all of it.
    Count(Counter),
    /// The total half.
    Total(Counter),
}

/// What ties a value to its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bind {
    /// `=`, `:` or a quoted key.
    Strong,
    /// A blank: `loss 0.5`.
    Blank,
    /// The name follows: `0.5 avg loss`.
    After,
    /// A counter by its place.
    Place,
}

/// One number of a line and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Found {
    pub role: Role,
    pub name: String,
    /// What stands before the name: `Train net output #0`.
    pub label: String,
    pub kind: Option<&'static str>,
    pub unit: String,
    pub bind: Bind,
    pub token: u32,
}

/// What a line says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub found: Vec<Found>,
    /// The split the whole line is about.
    pub kind: Option<&'static str>,
    /// It draws a progress bar.
    pub bar: bool,
    /// Words that belong to no name: how much of a sentence the line is.
    pub residue: u32,
    /// Numbers and texts that are parts of names: `AP .5`, `output #0`, `"key": "eval_accuracy"`.
    pub literals: Vec<u32>,
    /// The first words that say what the line is about: `Summary`.
    pub label: String,
}

impl Line {
    pub fn values(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(|f| f.role == Role::Value)
    }

    pub fn counts(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(|f| f.role != Role::Value)
    }

    pub fn has_count(&self) -> bool {
        self.counts().any(|f| !matches!(f.role, Role::Count(Counter::Rank)))
    }
}

/// Reads the tokens of `text`.
pub fn read(text: &[u8], tokens: &[Token]) -> Line {
    let mut parser = Parser { text, tokens, ..Parser::default() };
    parser.stretch(0, tokens.len());
    parser.close();
    parser.line
}

#[derive(Default)]
pub(super) struct Parser<'a> {
    pub(super) text: &'a [u8],
    pub(super) tokens: &'a [Token],
    pub(super) line: Line,
    /// Tokens of the name being collected.
    pending: Option<(usize, usize)>,
    /// `:` or `=` stood after the name.
    bound: bool,
    /// The value that ended last, while a unit or a running mean may follow it.
    last: Option<usize>,
    /// A number that had no name before it.
    bare: Option<usize>,
    /// The value bound by a blank in this segment: words left after it make a sentence of it.
    loose: Option<usize>,
    label: String,
    kind: Option<&'static str>,
    depth: u32,
}

impl<'a> Parser<'a> {
    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    fn is(&self, at: usize, mark: u8) -> bool {
        self.kind(at) == Some(Kind::Mark(mark))
    }

    fn words(&self, from: usize, to: usize) -> &'a str {
        let (Some(first), Some(last)) = (self.tokens.get(from), to.checked_sub(1).and_then(|k| self.tokens.get(k)))
        else {
            return "";
        };
        let bytes = self.text.get(first.start as usize..last.end as usize).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }

    fn word(&self, at: usize) -> &'a str {
        self.words(at, at + 1)
    }

    /// The next token that is no blank.
    fn solid(&self, mut at: usize) -> usize {
        while self.tokens.get(at).is_some_and(Token::is_blank) {
            at += 1;
        }
        at
    }

    fn before(&self, at: usize) -> Option<Kind> {
        at.checked_sub(1).and_then(|k| self.kind(k))
    }

    fn blank_at(&self, at: usize) -> bool {
        matches!(self.kind(at), None | Some(Kind::Blank | Kind::Wide))
    }

    /// Whether a value stands at the next solid token.
    fn value_at(&self, at: usize) -> bool {
        matches!(self.kind(self.solid(at)), Some(Kind::Number | Kind::Clock))
    }

    fn name(&self) -> &'a str {
        self.pending.map_or("", |(from, to)| self.words(from, to))
    }

    /// Reads tokens from `at` to `end`.
    fn stretch(&mut self, mut at: usize, end: usize) {
        while at < end {
            at = self.step(at, end).max(at + 1);
        }
    }

    fn step(&mut self, at: usize, end: usize) -> usize {
        let Some(kind) = self.kind(at) else { return at + 1 };
        match kind {
            Kind::Blank => at + 1,
            Kind::Wide => self.wide(at),
            Kind::Word => self.text_word(at),
            Kind::Number => self.number(at, end),
            Kind::Clock => self.clock(at),
            Kind::Bar => self.bar(at),
            Kind::Absent | Kind::Junk | Kind::Text => self.other(at),
            Kind::Key => self.other(at),
            Kind::Mark(mark) => self.mark(at, mark, end),
        }
    }

    /// Two blanks end a name, unless its value follows.
    fn wide(&mut self, at: usize) -> usize {
        let next = self.solid(at);
        let goes_on = self.value_at(at) || matches!(self.kind(next), Some(Kind::Mark(b':' | b'=' | b'[' | b'(')));
        if !goes_on && !self.bound {
            self.close();
        }
        at + 1
    }

    fn text_word(&mut self, at: usize) -> usize {
        if self.bound {
            return self.assigned(at);
        }
        if self.pending.is_none() && self.is_unit(at) {
            self.set_unit(at);
            return at + 1;
        }
        self.extend(at);
        at + 1
    }

    /// `mode=train`: words given to a name measure nothing, but may say the split.
    fn assigned(&mut self, at: usize) -> usize {
        if let Some(kind) = words::split(self.word(at)) {
            self.kind = Some(kind);
            self.line.kind = self.line.kind.or(Some(kind));
        }
        self.forget();
        at + 1
    }

    fn extend(&mut self, at: usize) {
        self.pending = Some((self.pending.map_or(at, |(from, _)| from), at + 1));
    }

    /// A unit stands right after a number and is not itself the name of what follows.
    fn is_unit(&self, at: usize) -> bool {
        if self.last.is_none() && self.bare.is_none() || !words::unit(self.word(at)) {
            return false;
        }
        let next = self.solid(at + 1);
        match self.kind(next) {
            Some(Kind::Number | Kind::Clock | Kind::Mark(b':' | b'=')) => false,
            Some(Kind::Word) if self.last.is_none() => false,
            _ => self.last.is_some(),
        }
    }

    fn set_unit(&mut self, at: usize) {
        let unit = self.word(at).trim_end_matches('.').to_owned();
        if let Some(found) = self.last.take().and_then(|k| self.line.found.get_mut(k))
            && found.unit.is_empty()
        {
            found.unit = unit;
        }
    }

    /// Ends a segment: words that named nothing are a label, a split, or the rest of a sentence.
    fn close(&mut self) {
        let name = self.name();
        if !name.is_empty() && !self.name_after(name) {
            self.leave(name);
        }
        self.forget();
        self.loose = None;
    }

    /// `0.001 rate,`: the name follows its value.
    fn name_after(&mut self, name: &str) -> bool {
        let Some(token) = self.bare.take() else { return false };
        let name = trim_joins(name);
        if name.is_empty() || words::joins(name) || self.line.bar || self.depth > 0 {
            return false;
        }
        let name = name.to_owned();
        self.add(Role::Value, &name, Bind::After, token);
        true
    }

    fn leave(&mut self, name: &str) {
        let count = name.split_whitespace().filter(|w| w.bytes().any(|b| b.is_ascii_alphanumeric())).count() as u32;
        if count > 3 || !self.split_in(name) {
            self.line.residue += count;
        }
        self.unsay();
        self.title(name);
    }

    /// Words before the first number say what the line is about.
    fn title(&mut self, name: &str) {
        if self.line.label.is_empty() && self.line.found.is_empty() {
            self.line.label = name.to_owned();
        }
    }

    /// Whether words name a split; what follows is about it. A noun (`test`) says it better than a verb (`evaluating`).
    fn split_in(&mut self, name: &str) -> bool {
        let said = || name.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(words::split);
        let Some(kind) = said().find(|k| *k != "eval").or_else(|| said().next()) else { return false };
        self.kind = Some(kind);
        self.line.kind = self.line.kind.or(Some(kind));
        true
    }

    /// `stalled 1 times`: a number in the middle of a sentence.
    fn unsay(&mut self) {
        let Some(loose) = self.loose.take() else { return };
        if loose + 1 == self.line.found.len() && !words::measured(&self.line.found[loose].name) {
            self.line.found.pop();
            self.line.residue += 1;
        }
    }

    fn forget(&mut self) {
        self.pending = None;
        self.bound = false;
        self.last = None;
        self.bare = None;
    }

    fn mark(&mut self, at: usize, mark: u8, end: usize) -> usize {
        match mark {
            b',' | b';' | b'|' => self.separate(at),
            b':' => self.colon(at),
            b'=' => self.equals(at),
            b'-' => self.dash(at),
            b'#' => self.ordinal(at),
            b'(' | b'[' | b'{' => self.group(at, mark, end),
            b'/' => self.slash(at),
            b'*' => self.star(at),
            0xB1 => self.deviation(at),
            b'.' | b'!' | b'?' => {
                self.close();
                at + 1
            }
            _ => at + 1,
        }
    }

    fn separate(&mut self, at: usize) -> usize {
        self.close();
        at + 1
    }

    /// A colon binds a number, joins `metrics:accuracy`, ends a label, or separates.
    fn colon(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        if self.is(next, b':') || self.is(next, b'=') {
            return at + 1;
        }
        if self.pending.is_some() && self.bindable(next) {
            self.bound = true;
            return at + 1;
        }
        let glued = self.before(at) == Some(Kind::Word) && self.kind(at + 1) == Some(Kind::Word);
        if glued && self.pending.is_some() {
            self.extend(at);
            return at + 1;
        }
        self.end_label();
        at + 1
    }

    fn bindable(&self, next: usize) -> bool {
        match self.kind(next) {
            Some(Kind::Number | Kind::Clock | Kind::Absent | Kind::Junk | Kind::Text) => true,
            Some(Kind::Mark(b'[' | b'(')) => {
                let counts = words::counter(self.name()).is_some();
                self.numeric_group(next).is_some() && (counts || !self.pair_group(next))
            }
            Some(Kind::Mark(b'"')) => self.kind(next + 1) == Some(Kind::Number),
            _ => false,
        }
    }

    /// `Train net output #0: loss`: what the colon ends says what follows is about.
    fn end_label(&mut self) {
        let name = self.name().to_owned();
        if self.bare.is_some() || name.is_empty() {
            self.close();
            return;
        }
        self.split_in(&name);
        self.title(&name);
        self.label = name;
        self.forget();
    }

    fn equals(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        if self.is(at + 1, b'>') {
            self.end_label();
            return at + 2;
        }
        if self.is(next, b'=') {
            return at + 1;
        }
        if self.pending.is_some() {
            self.bound = true;
        }
        at + 1
    }

    /// ` - ` separates, or binds a name to a number.
    fn dash(&mut self, at: usize) -> usize {
        if !(self.blank_at(at + 1) && (at == 0 || self.blank_at(at - 1))) {
            return at + 1;
        }
        if self.pending.is_some() && !self.bound && self.value_at(at + 1) && self.depth == 0 {
            self.bound = true;
            return at + 1;
        }
        self.separate(at)
    }

    /// `output #0`, `#12`.
    fn ordinal(&mut self, at: usize) -> usize {
        if self.kind(at + 1) != Some(Kind::Number) {
            return at + 1;
        }
        if self.pending.is_some() {
            self.extend(at + 1);
            self.line.literals.push(at as u32 + 1);
            return at + 2;
        }
        at + 1
    }

    /// Between words a slash belongs to the name (`samples / sec`); after a value it separates.
    fn slash(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        match self.pending {
            Some(_) if self.kind(next) == Some(Kind::Word) && !self.bound => self.extend(at),
            Some(_) | None => self.close(),
        }
        at + 1
    }

    /// `4.39 * 412,771`: a factor measures nothing.
    fn star(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        let factor = self.last.is_some() && self.kind(next) == Some(Kind::Number);
        if factor { next + 1 } else { at + 1 }
    }

    /// `0.5 ± 0.1`.
    fn deviation(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        if let (Some(last), Some(Kind::Number)) = (self.last, self.kind(next)) {
            self.second(last, next, "std");
            return next + 1;
        }
        at + 1
    }

    fn second(&mut self, first: usize, token: usize, suffix: &str) {
        let Some(found) = self.line.found.get(first).cloned() else { return };
        if found.role != Role::Value {
            return;
        }
        let unit = String::from_utf8_lossy(self.tokens[token].unit(self.text)).into_owned();
        let name = format!("{}_{suffix}", found.name);
        self.line.found.push(Found { name, unit, token: token as u32, ..found });
    }

    fn bar(&mut self, at: usize) -> usize {
        self.line.bar = true;
        self.close();
        at + 1
    }

    fn clock(&mut self, at: usize) -> usize {
        let (name, bind) = self.take_name();
        if !name.is_empty() {
            self.add(Role::Value, &name, bind, at);
            self.last = None;
        }
        at + 1
    }

    /// Text where a value might stand: the name it is given to measures nothing.
    fn other(&mut self, at: usize) -> usize {
        if self.bound || self.pending.is_some() && self.kind(at) == Some(Kind::Absent) {
            self.forget();
        } else {
            self.close();
        }
        at + 1
    }

    /// The name collected so far, trimmed of the words that only join it, and what binds it.
    fn take_name(&mut self) -> (String, Bind) {
        let bind = if self.bound { Bind::Strong } else { Bind::Blank };
        let name = match trim_joins(self.name()) {
            // `in 11.9s`
            join if bind == Bind::Blank && words::joins(join) => String::new(),
            name => name.to_owned(),
        };
        self.pending = None;
        self.bound = false;
        (name, bind)
    }

    fn number(&mut self, at: usize, end: usize) -> usize {
        if self.belongs_to_name(at) {
            self.line.literals.push(at as u32);
            self.extend(at);
            return at + 1;
        }
        if self.kind(at + 1) == Some(Kind::Bar) || self.percent_of_bar(at, end) {
            self.close();
            return at + 1;
        }
        if let Some(next) = self.glued_counter(at) {
            return next;
        }
        let pair = self.pair(at, end);
        let (name, bind) = self.take_name();
        if name.is_empty() {
            return self.nameless(at, pair);
        }
        self.named(at, pair, &name, bind)
    }

    /// `23% 7000/30000 [06:48<20:32`: the percentage only repeats the pair after it.
    fn percent_of_bar(&self, at: usize, end: usize) -> bool {
        let next = self.solid(at + 1);
        let percent = self.tokens[at].unit(self.text) == b"%";
        percent && self.kind(next) == Some(Kind::Number) && self.pair(next, end).is_some()
    }

    /// `AP .5: 0.93`, `top 5: 0.9`: a bind and a value follow, and what stands before counts nothing.
    fn belongs_to_name(&self, at: usize) -> bool {
        let Some((from, to)) = self.pending else { return false };
        let next = self.solid(at + 1);
        let binds =
            matches!(self.kind(next), Some(Kind::Mark(b':' | b'='))) && self.tokens[at].unit(self.text).is_empty();
        binds && !self.bound && self.value_at(next + 1) && words::counter(self.words(from, to)).is_none()
    }

    /// `1epoch`, `0-epoch`.
    fn glued_counter(&mut self, at: usize) -> Option<usize> {
        let unit = std::str::from_utf8(self.tokens[at].unit(self.text)).unwrap_or_default();
        if let (true, Some(counter)) = (unit.len() > 2, words::counter(unit)) {
            self.close();
            self.count(counter, unit, at, None);
            return Some(at + 1);
        }
        let word = at + 2;
        let glued = unit.is_empty() && self.is(at + 1, b'-') && self.kind(word) == Some(Kind::Word);
        let counter = words::counter(self.word(word)).filter(|_| glued)?;
        self.close();
        let name = self.word(word);
        self.count(counter, name, at, None);
        Some(word + 1)
    }

    /// The other half of `12/300`, `12 of 300`, `0-20`, and where it ends.
    fn pair(&self, at: usize, end: usize) -> Option<Pair> {
        let mark = self.solid(at + 1);
        let second = self.solid(mark + 1);
        if second >= end || self.kind(second) != Some(Kind::Number) || !self.tokens[at].unit(self.text).is_empty() {
            return None;
        }
        if self.is(mark, b'/') {
            let third = self.solid(second + 1);
            let last = self.solid(third + 1);
            let triple = self.is(third, b'/') && self.kind(last) == Some(Kind::Number);
            let end = if triple { last + 1 } else { second + 1 };
            return Some(Pair { now: at, total: (!triple).then_some(second), end });
        }
        if self.kind(mark) == Some(Kind::Word) && self.word(mark) == "of" {
            return Some(Pair { now: at, total: Some(second), end: second + 1 });
        }
        let range = self.is(mark, b'-') && mark == at + 1 && second == mark + 1 && self.depth > 0;
        range.then_some(Pair { now: second, total: None, end: second + 1 })
    }

    fn named(&mut self, at: usize, pair: Option<Pair>, name: &str, bind: Bind) -> usize {
        if let Some(counter) = words::counter(name) {
            return self.named_counter(at, pair, name, counter);
        }
        if let Some(next) = self.counter_in_phrase(at, pair, name) {
            return next;
        }
        // `Train: 0 [260/1938]`: a split bears the epoch's number
        if pair.is_none() && words::split(name).is_some() && self.pair_group(self.solid(at + 1)) {
            self.kind = words::split(name);
            self.line.kind = self.line.kind.or(self.kind);
            self.count(Counter::Epoch, "epoch", at, None);
            return at + 1;
        }
        match pair {
            Some(pair) if words::measured(name) || self.rates(&pair) => self.value_of_pair(&pair, name, bind),
            Some(pair) => {
                if bind == Bind::Blank {
                    self.leave(name);
                }
                self.count(Counter::Bare, name, pair.now, pair.total);
                pair.end
            }
            None => {
                self.last = self.add(Role::Value, name, bind, at);
                self.loose = self.last.filter(|_| bind == Bind::Blank);
                at + 1
            }
        }
    }

    /// `validation loss at iteration 1000`: the counter comes last, what it is told of before.
    fn counter_in_phrase(&mut self, at: usize, pair: Option<Pair>, name: &str) -> Option<usize> {
        let (before, counted) = [" at ", " for ", " after ", " on "].into_iter().find_map(|by| name.rsplit_once(by))?;
        let counter = words::counter(counted)?;
        if before.split_whitespace().any(|w| w.eq_ignore_ascii_case("best")) {
            return None;
        }
        self.leave(before);
        Some(self.named_counter(at, pair, counted, counter))
    }

    fn named_counter(&mut self, at: usize, pair: Option<Pair>, name: &str, counter: Counter) -> usize {
        match pair {
            Some(pair) => {
                self.count(counter, name, pair.now, pair.total);
                pair.end
            }
            None => {
                self.count(counter, name, at, None);
                at + 1
            }
        }
    }

    /// `10559/11089 tok/s` is two rates, no counter.
    fn rates(&self, pair: &Pair) -> bool {
        let next = self.solid(pair.end);
        self.kind(next) == Some(Kind::Word) && words::unit(self.word(next)) && self.word(next).contains('/')
    }

    fn value_of_pair(&mut self, pair: &Pair, name: &str, bind: Bind) -> usize {
        let found = self.add(Role::Value, name, bind, pair.now);
        self.last = found;
        pair.end
    }

    fn nameless(&mut self, at: usize, pair: Option<Pair>) -> usize {
        match pair {
            Some(pair) if self.rates(&pair) => {
                self.bare = Some(pair.now);
                pair.end
            }
            Some(pair) => {
                let counter = if self.line.bar { Counter::Bar } else { Counter::Bare };
                self.count(counter, "", pair.now, pair.total);
                pair.end
            }
            None => self.single(at),
        }
    }

    /// A number alone: a counter at the head of the line (`90: learn`), else a value whose name may follow.
    fn single(&mut self, at: usize) -> usize {
        let next = self.solid(at + 1);
        let plain = self.tokens[at].unit(self.text).is_empty();
        let head = self.solid(0) == at && self.depth == 0 && plain;
        let first = !self.line.found.iter().any(|f| f.role == Role::Value);
        if head && (self.is(next, b':') || self.is(next, b'|')) {
            self.count(Counter::Bare, "", at, None);
            return next + 1;
        }
        // `1|25|Loss: 0.5`
        if first && plain && self.is(next, b'|') && next == at + 1 && self.line.has_count() {
            self.count(Counter::Bare, "", at, None);
            return next + 1;
        }
        self.last = None;
        self.bare = Some(at);
        at + 1
    }

    fn count(&mut self, counter: Counter, name: &str, now: usize, total: Option<usize>) {
        let bind = if name.is_empty() { Bind::Place } else { Bind::Strong };
        if counter == Counter::Rank && total.is_some() {
            return;
        }
        if let Some(kind) = name.split_whitespace().find_map(words::split) {
            self.kind = Some(kind);
            self.line.kind = self.line.kind.or(Some(kind));
        }
        self.add(Role::Count(counter), name, bind, now);
        if let Some(total) = total {
            self.add(Role::Total(counter), name, bind, total);
        }
        self.forget();
    }

    pub(super) fn add(&mut self, role: Role, name: &str, bind: Bind, token: usize) -> Option<usize> {
        if role == Role::Value && words::estimate(name) {
            return None;
        }
        let unit = String::from_utf8_lossy(self.tokens[token].unit(self.text)).into_owned();
        let label = self.label.clone();
        let (name, kind) = match role {
            Role::Value => value_name(name, self.kind),
            Role::Count(_) | Role::Total(_) => (name.to_owned(), self.kind),
        };
        self.line.found.push(Found { role, name, label, kind, unit, bind, token: token as u32 });
        Some(self.line.found.len() - 1)
    }
}

/// A current count, its total, and where the pair ends.
#[derive(Debug, Clone, Copy)]
struct Pair {
    now: usize,
    total: Option<usize>,
    end: usize,
}

/// Cuts the words that only join a name to its sentence: `finished with loss` is `loss`.
fn trim_joins(name: &str) -> &str {
    let mut kept = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '/' | '-'));
    loop {
        let last = kept.rsplit(char::is_whitespace).next().unwrap_or_default();
        if last.len() == kept.len() || !words::joins(last) {
            break;
        }
        kept = kept[..kept.len() - last.len()].trim_end();
    }
    let begins = kept
        .split_whitespace()
        .filter(|w| words::joins(w) && !matches!(*w, "on" | "of" | "per" | "in" | "at" | "for" | "to" | "a" | "and"))
        .map(|w| w.as_ptr() as usize + w.len() - kept.as_ptr() as usize)
        .rfind(|&end| end < kept.len());
    let kept = begins.map_or(kept, |at| kept[at..].trim_start());
    kept.split_once(' ').map_or(kept, |(first, rest)| if words::joins(first) { rest.trim_start() } else { kept })
}

/// A name tells its split at its head (`val_loss`), its end (`loss val`), or after `on` (`loss on dev set`).
fn value_name(name: &str, kind: Option<&'static str>) -> (String, Option<&'static str>) {
    if let Some(own) = words::split_of_name(name) {
        return (name.to_owned(), Some(own));
    }
    if let Some((measured, rest)) = name.split_once(" on ")
        && let Some(own) = rest.split_whitespace().find_map(words::split)
    {
        return (measured.trim().to_owned(), Some(own));
    }
    if let Some((measured, last)) = name.rsplit_once([' ', '/', '_'])
        && let Some(own) = words::split(last)
    {
        return (measured.trim().to_owned(), Some(own));
    }
    (name.to_owned(), kind)
}

mod group;

#[cfg(test)]
mod tests;
