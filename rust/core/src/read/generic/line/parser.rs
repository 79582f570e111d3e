//! Walks over the tokens of a line.

use super::name::trim_joins;
use super::{Line, Role};
use crate::read::generic::token::{Kind, Token};
use crate::read::generic::words;

#[derive(Default)]
pub(super) struct Parser<'a> {
    pub(super) text: &'a [u8],
    pub(super) tokens: &'a [Token],
    pub(super) line: Line,
    /// Tokens of the name being collected.
    pub(super) pending: Option<(usize, usize)>,
    /// `:` or `=` stood after the name.
    pub(super) bound: bool,
    /// The value that ended last, while a unit or a running mean may follow it.
    pub(super) last: Option<usize>,
    /// A number that had no name before it.
    pub(super) bare: Option<usize>,
    /// The value bound by a blank in this segment: words left after it make a sentence of it.
    pub(super) loose: Option<usize>,
    pub(super) label: String,
    /// The text that names the value to come.
    pub(super) announced: Option<usize>,
    pub(super) kind: Option<&'static str>,
    pub(super) depth: u32,
    /// Sizes told: `3 x 3`.
    pub(super) sizes: u32,
}

impl<'a> Parser<'a> {
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    pub(super) fn is(&self, at: usize, mark: u8) -> bool {
        self.kind(at) == Some(Kind::Mark(mark))
    }

    pub(super) fn words(&self, from: usize, to: usize) -> &'a str {
        let (Some(first), Some(last)) = (self.tokens.get(from), to.checked_sub(1).and_then(|k| self.tokens.get(k)))
        else {
            return "";
        };
        let bytes = self.text.get(first.start as usize..last.end as usize).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }

    pub(super) fn word(&self, at: usize) -> &'a str {
        self.words(at, at + 1)
    }

    /// The next token that is no blank.
    pub(super) fn solid(&self, mut at: usize) -> usize {
        while self.tokens.get(at).is_some_and(Token::is_blank) {
            at += 1;
        }
        at
    }

    pub(super) fn before(&self, at: usize) -> Option<Kind> {
        at.checked_sub(1).and_then(|k| self.kind(k))
    }

    pub(super) fn blank_at(&self, at: usize) -> bool {
        matches!(self.kind(at), None | Some(Kind::Blank | Kind::Wide))
    }

    /// Whether a value stands at the next solid token.
    pub(super) fn value_at(&self, at: usize) -> bool {
        matches!(self.kind(self.solid(at)), Some(Kind::Number | Kind::Clock))
    }

    /// Whether the line begins at `at`.
    pub(super) fn opens_line(&self, at: usize) -> bool {
        self.solid(0) == at && self.depth == 0
    }

    /// Whether a number is printed as counters are; what is made of it holds for those alone that are as it is.
    pub(super) fn is_whole(&mut self, at: usize) -> bool {
        let whole = self.tokens.get(at).is_some_and(|t| t.is_whole(self.text));
        if !self.line.asked.contains(&(at as u32)) {
            self.line.asked.push(at as u32);
        }
        whole
    }

    pub(super) fn name(&self) -> &'a str {
        self.pending.map_or("", |(from, to)| self.words(from, to))
    }

    /// Reads tokens from `at` to `end`.
    pub(super) fn stretch(&mut self, mut at: usize, end: usize) {
        while at < end {
            at = self.step(at, end).max(at + 1);
        }
    }

    pub(super) fn step(&mut self, at: usize, end: usize) -> usize {
        let Some(kind) = self.kind(at) else { return at + 1 };
        match kind {
            Kind::Blank => at + 1,
            Kind::Wide => self.wide(at),
            Kind::Word => self.text_word(at),
            Kind::Number => self.number(at, end),
            Kind::Clock => self.clock(at),
            Kind::Bar => self.bar(at),
            Kind::Absent | Kind::Junk | Kind::Text => self.other(at),
            Kind::Key if self.bound => self.other(at),
            Kind::Key => self.key(at),
            Kind::Mark(mark) => self.mark(at, mark, end),
        }
    }

    /// `'entropy_loss': -1102.8,`: a line of a dictionary that was printed over several.
    fn key(&mut self, at: usize) -> usize {
        self.close();
        self.extend(at);
        at + 1
    }

    /// Two blanks end a name, unless its value follows.
    pub(super) fn wide(&mut self, at: usize) -> usize {
        let next = self.solid(at);
        let goes_on = self.value_at(at) || matches!(self.kind(next), Some(Kind::Mark(b':' | b'=' | b'[' | b'(')));
        if !goes_on && !self.bound {
            self.close();
        }
        at + 1
    }

    pub(super) fn text_word(&mut self, at: usize) -> usize {
        if self.wraps(at)
            && let Some(next) = self.wrapped(at)
        {
            return next;
        }
        if self.bound {
            return self.assigned(at);
        }
        if self.pending.is_none() && self.is_unit(at) {
            self.set_unit(at);
            return at + 1;
        }
        self.extend(at);
        // `2005.9 SPS. Loss 0.5`
        if self.bare.is_some() && self.word(at).ends_with('.') && words::rate(self.name()) {
            self.close();
        }
        at + 1
    }

    /// `mode=train`: words given to a name measure nothing, but may say the split, or name what comes.
    pub(super) fn assigned(&mut self, at: usize) -> usize {
        self.line.assigned += 1;
        self.announce(at);
        if let Some(kind) = words::split(self.word(at)) {
            self.kind = Some(kind);
            self.line.kind = self.line.kind.or(Some(kind));
        }
        self.forget();
        at + 1
    }

    pub(super) fn bar(&mut self, at: usize) -> usize {
        self.line.bar = true;
        self.close();
        at + 1
    }

    pub(super) fn clock(&mut self, at: usize) -> usize {
        let (name, bind) = self.take_name();
        if !name.is_empty() {
            self.add(Role::Value, &name, bind, at);
            self.last = None;
        }
        at + 1
    }

    /// `metric=accuracy value=0.5`: the name of what is measured is itself a value.
    fn announce(&mut self, at: usize) {
        if words::names_metric(trim_joins(self.name())) {
            self.announced = Some(at);
        }
    }

    /// `'loss' 0.5`, `('epoch', 3, 'loss', 0.5)`: quoted text right before a number is its name.
    fn quoted_name(&mut self, at: usize) -> Option<usize> {
        let next = self.solid(at + 1);
        let listed = self.depth > 0 && self.is(next, b',');
        let binds = listed || self.is(next, b'=') || self.is(next, b':');
        let value = if binds { self.solid(next + 1) } else { next };
        let quoted = matches!(self.kind(at), Some(Kind::Text | Kind::Key));
        if self.bound || !quoted || !is_name(self.word(at)) || self.kind(value) != Some(Kind::Number) {
            return None;
        }
        self.close();
        if self.kind(at) == Some(Kind::Text) {
            self.line.literals.push(at as u32);
        }
        self.extend(at);
        self.bound = true;
        Some(value)
    }

    /// Text where a value might stand: the name it is given to measures nothing.
    pub(super) fn other(&mut self, at: usize) -> usize {
        if let Some(value) = self.quoted_name(at) {
            return value;
        }
        if self.bound && self.kind(at) == Some(Kind::Text) {
            self.announce(at);
        }
        if self.bound || self.pending.is_some() && self.kind(at) == Some(Kind::Absent) {
            self.forget();
        } else {
            self.close();
        }
        at + 1
    }
}

/// A few words that could name a number: no request of a server, no sentence.
fn is_name(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let marks = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '@' | ':' | '=' | '.' | '%' | '(' | ')');
    let plain = text.chars().all(|c| marks(c) || c == '/' && words == 1);
    text.starts_with(char::is_alphabetic) && words <= 3 && plain
}
