//! Reads the cut of one line: which numbers are values or counters, and what they are called.

use super::token::Token;
use super::words::{self, Counter};
use parser::Parser;

mod counted;
mod dictionary;
mod group;
mod mark;
mod name;
mod number;
mod pair;
mod parser;
mod segment;
#[cfg(test)]
mod tests;
mod zip;

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
    /// Names that were given a word: `mode=train`.
    pub assigned: u32,
    /// Numbers of which something else is made where they are whole.
    pub asked: Vec<u32>,
    /// The first words that say what the line is about: `Summary`.
    pub label: String,
    /// Those words stand in brackets: `[lfw]`.
    pub tagged: bool,
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
    let mut line = parser.line;
    // the sizes of layers describe a model, those of files a transfer
    if parser.sizes > 1 || moves_bytes(&line) {
        line.found.clear();
    }
    part_twice(&mut line);
    share_split(&mut line);
    share_in_segments(&mut line, tokens);
    line
}

/// Whether a line tells of little but bytes: `12% (144/1200), 1.25 MiB | 1.15 MiB/s`.
fn moves_bytes(line: &Line) -> bool {
    let bytes = |f: &&Found| f.bind == Bind::After && words::size(&f.name);
    let sizes = line.values().filter(bytes).count();
    sizes > 0 && line.values().count() <= sizes + 1 && !line.values().any(|f| words::measured(&f.name))
}

/// `Train Loss: 0.5 Acc: 0.8 | Val Loss: 0.6 Acc: 0.7`: a name said twice is of the split told last before it.
fn part_twice(line: &mut Line) {
    let named: Vec<String> = line.values().map(|f| f.name.clone()).collect();
    let twice = |name: &String| named.iter().filter(|other| *other == name).count() > 1;
    let mut told = None;
    for found in line.found.iter_mut().filter(|f| f.role == Role::Value) {
        told = found.kind.filter(|_| words::split_of_name(&found.name).is_some()).or(told);
        if found.kind.is_none() && twice(&found.name) {
            found.kind = told;
        }
    }
}

/// `train RMSE 0.5, MAPE 3 || valid RMSE 0.6, MAPE 4`: a split that begins a segment is that of what it measures.
fn share_in_segments(line: &mut Line, tokens: &[Token]) {
    let segment = |f: &Found| tokens[..f.token as usize].iter().filter(|t| t.is(b'|') || t.is(b';')).count();
    let mut said: Option<(usize, &'static str)> = None;
    let mut last = None;
    for k in 0..line.found.len() {
        let found = &line.found[k];
        let (at, own) = (segment(found), words::split_of_name(&found.name));
        let begins = last.replace(at) != Some(at);
        match own.filter(|_| found.role == Role::Value) {
            Some(kind) if begins => said = Some((at, kind)),
            Some(_) => said = None,
            None => {
                let kind = said.filter(|(begun, _)| *begun == at).map(|(_, kind)| kind);
                let shares = found.role == Role::Value && found.kind.is_none() && words::measured(&found.name);
                line.found[k].kind = if shares { kind } else { found.kind };
            }
        }
    }
}

/// `Val Loss: 0.5 Acc: 0.8`: the split of the first name is that of the others, where none says another.
fn share_split(line: &mut Line) {
    let mut values = line.found.iter_mut().filter(|f| f.role == Role::Value);
    let Some(kind) = values.next().and_then(|first| first.kind.filter(|_| words::split_of_name(&first.name).is_some()))
    else {
        return;
    };
    let mut others: Vec<&mut Found> = values.collect();
    if others.iter().all(|f| f.kind.is_none() || f.kind == Some(kind)) {
        others.iter_mut().filter(|f| words::measured(&f.name)).for_each(|f| f.kind = Some(kind));
    }
}
