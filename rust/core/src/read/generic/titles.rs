//! Titles: lines that say which split the results right below them are of, and measure nothing themselves.

use super::line::{Line, Role};
use super::token::{Kind, Skeleton, Token};
use super::words::{self, Counter};
use crate::types::TRAIN;

/// Longer lines are no titles.
const LONGEST: usize = 80;

/// The split of the title that lines stand under.
#[derive(Debug, Clone, Copy, Default)]
pub struct Titles {
    under: Option<&'static str>,
}

impl Titles {
    /// A line without numbers: a title (`Validation:`, `--> EVAL PERFORMANCE`), a drawing, or other text, which ends one.
    pub fn text(&mut self, text: &[u8], tokens: &[Token]) {
        let said = said(text, tokens);
        if let Some(kind) = said.filter(|_| text.len() <= LONGEST) {
            self.under = Some(kind).filter(|k| *k != TRAIN);
        } else if tokens.iter().any(|t| matches!(t.kind, Kind::Word | Kind::Text | Kind::Key)) {
            self.under = None;
        }
    }

    /// A line with numbers: the split it is of because of where it stands; a line that counts ends the title.
    pub fn line(&mut self, line: &Line) -> Option<&'static str> {
        let counts = line.counts().any(|f| f.role != Role::Count(Counter::Rank));
        match line.values().next() {
            Some(_) if counts && !line.bar => self.under = None,
            Some(_) => return self.under.filter(|_| !line.bar && line.kind.is_none()),
            None if counts && (!line.bar || line.kind.is_some()) => self.under = line.kind.filter(|k| *k != TRAIN),
            None => {}
        }
        None
    }
}

/// What a title adds to the shape of the lines below it.
pub fn sign(title: Option<&'static str>) -> u64 {
    let mut hash = Skeleton(0);
    hash.bytes(title.unwrap_or_default().as_bytes());
    hash.0
}

/// Gives a line the split of the title above it, if there is one.
pub fn settle(line: &mut Line, title: Option<&'static str>) {
    let Some(kind) = title else { return };
    line.kind = Some(kind);
    // how fast it learns is no result
    line.found
        .iter_mut()
        .filter(|f| f.kind.is_none() && !words::learning_rate(&f.name))
        .for_each(|f| f.kind = Some(kind));
}

/// The split that a few words name: `Evaluating on test set...`. A noun says it better than a verb.
fn said(text: &[u8], tokens: &[Token]) -> Option<&'static str> {
    let word = |t: &Token| std::str::from_utf8(t.text(text)).unwrap_or_default();
    let all: Vec<&str> = tokens.iter().filter(|t| t.kind == Kind::Word).map(word).collect();
    let split = || all.iter().filter_map(|w| words::split(w));
    let kind = split().find(|k| *k != "eval").or_else(|| split().next())?;
    let begins = all.first().is_some_and(|first| words::split(first).is_some());
    let plain = tokens.iter().all(|t| !matches!(t.kind, Kind::Text | Kind::Key | Kind::Junk | Kind::Absent));
    (plain && all.len() <= if begins { 5 } else { 3 }).then_some(kind)
}
