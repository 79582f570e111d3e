//! A stretch between separators: its name, the unit that ends it, and what its words leave behind.

use super::name::trim_joins;
use super::parser::Parser;
use super::{Bind, Role};
use crate::read::generic::token::Kind;
use crate::read::generic::words;

impl Parser<'_> {
    /// A unit stands right after a number and is not itself the name of what follows.
    pub(super) fn is_unit(&self, at: usize) -> bool {
        if self.last.is_none() && self.bare.is_none() || !words::unit(self.word(at)) && !self.ends_like_unit(at) {
            return false;
        }
        let next = self.solid(at + 1);
        match self.kind(next) {
            Some(Kind::Number | Kind::Clock | Kind::Mark(b':' | b'=')) => false,
            Some(Kind::Word) if self.last.is_none() => false,
            _ => self.last.is_some(),
        }
    }

    /// `74.2 mm,`: a short word right behind a number, and a separator.
    fn ends_like_unit(&self, at: usize) -> bool {
        let number = at.checked_sub(2).and_then(|k| self.tokens.get(k)).filter(|t| t.kind == Kind::Number);
        let plain = number.is_some_and(|t| t.unit(self.text).is_empty());
        let short = self.word(at).len() <= 3 && self.word(at).bytes().all(|b| b.is_ascii_lowercase());
        let ends = matches!(self.kind(self.solid(at + 1)), Some(Kind::Mark(b',' | b'|' | b';')));
        plain && short && ends && !words::joins(self.word(at))
    }

    pub(super) fn set_unit(&mut self, at: usize) {
        let unit = self.word(at).trim_end_matches('.').to_owned();
        if let Some(found) = self.last.take().and_then(|k| self.line.found.get_mut(k))
            && found.unit.is_empty()
        {
            found.unit = unit;
        }
    }

    /// Ends a segment: words that named nothing are a label, a split, or the rest of a sentence.
    pub(super) fn close(&mut self) {
        let name = self.name();
        if !name.is_empty() && !self.name_after(name) {
            self.leave(name);
        }
        self.forget();
        self.loose = None;
    }

    /// `0.001 rate,`: the name follows its value.
    pub(super) fn name_after(&mut self, name: &str) -> bool {
        let Some(token) = self.bare.take() else { return false };
        let name = trim_joins(name);
        // `22.6 s`, `1.3 K`: nobody says of what
        if words::magnitude(name) || matches!(name, "s" | "ms" | "h" | "m") {
            return true;
        }
        if name.is_empty() || words::joins(name) || self.line.bar || self.depth > 0 {
            return false;
        }
        let name = name.to_owned();
        self.add(Role::Value, &name, Bind::After, token);
        true
    }

    pub(super) fn leave(&mut self, name: &str) {
        let count = name.split_whitespace().filter(|w| w.bytes().any(|b| b.is_ascii_alphanumeric())).count() as u32;
        // `Losses {'ner': 325.2}`
        let heads = count == 1 && self.line.found.is_empty() && words::measured(name);
        if !heads && (count > 3 || !self.split_in(name)) {
            self.line.residue += count;
        }
        self.unsay();
        self.title(name);
    }

    /// Words before the first number say what the line is about.
    pub(super) fn title(&mut self, name: &str) {
        if self.line.label.is_empty() && self.line.found.is_empty() {
            self.line.label = name.to_owned();
        }
    }

    /// Whether words name a split; what follows is about it. A noun (`test`) says it better than a verb (`evaluating`).
    pub(super) fn split_in(&mut self, name: &str) -> bool {
        let said = || name.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(words::split);
        let Some(kind) = said().find(|k| *k != "eval").or_else(|| said().next()) else { return false };
        self.kind = Some(kind);
        self.line.kind = self.line.kind.or(Some(kind));
        true
    }

    /// `stalled 1 times`: a number in the middle of a sentence.
    pub(super) fn unsay(&mut self) {
        let Some(loose) = self.loose.take() else { return };
        if loose + 1 == self.line.found.len() && !words::measured(&self.line.found[loose].name) {
            self.line.found.pop();
            self.line.residue += 1;
        }
    }

    pub(super) fn forget(&mut self) {
        self.pending = None;
        self.bound = false;
        self.last = None;
        self.bare = None;
    }

    /// `2005.9 SPS. Loss 134.9`: the name behind a number ends with its sentence.
    fn ends_sentence(&self, at: usize) -> bool {
        let stopped = self.bare.is_some() && self.name().ends_with('.');
        stopped && self.word(at).starts_with(|c: char| c.is_uppercase())
    }

    pub(super) fn extend(&mut self, at: usize) {
        if self.ends_sentence(at) {
            self.close();
        }
        self.pending = Some((self.pending.map_or(at, |(from, _)| from), at + 1));
    }
}
