//! Reads lines by a model: what a skeleton means is worked out once, then only numbers are read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::boxes;
use super::grid;
use super::line::{self, Line};
use super::model::Model;
use super::prefix::{self, Prefix};
use super::recipe::{Fill, Recipe, stamp_slot};
use super::seen::{amount, flags, literals};
use super::splits;
use super::spots::{Made, spots};
use super::titles::{self, Titles};
use super::token::{self, Kind, Token};
use crate::lines::{count_lines, legible};
use crate::number;
use crate::pattern::mould::Bank;
use crate::row::{Block, MISSING, Reader, Rows, slot_of};
use crate::types::Holds;

/// Skeletons remembered, at most; a file of more than that is prose.
const KNOWN: usize = 4096;

/// Reads blocks of whole lines; nothing is carried from one line to the next, but in files with boxes and headers.
pub struct Lines {
    model: Arc<Model>,
    known: HashMap<u64, Known>,
    bank: Bank,
    /// Whether lines like the last are read by moulds; the answer is the same.
    pub moulds: bool,
    tokens: Vec<Token>,
    /// The box that is open, and the headers seen last.
    open: boxes::Open,
    headers: grid::Latest,
    heads: splits::Heads,
    titles: Titles,
    /// Where the lines read last end.
    end: u64,
}

/// What one skeleton means.
struct Known {
    /// Which tokens are parts of names.
    line: Option<Box<Line>>,
    /// By the texts of those: the recipe, and which tokens fill its slots.
    variants: Vec<(u64, Option<Meant>)>,
}

#[derive(Clone)]
struct Meant {
    recipe: Arc<Recipe>,
    fills: Vec<(u32, Fill)>,
    only: Option<(u32, f64)>,
}

impl Lines {
    pub fn new(model: Arc<Model>) -> Self {
        Lines {
            model,
            known: HashMap::new(),
            bank: Bank::default(),
            moulds: true,
            tokens: Vec::new(),
            open: boxes::Open::default(),
            headers: grid::Latest::default(),
            heads: splits::Heads::new(),
            titles: Titles::default(),
            end: 0,
        }
    }

    /// Reads the line in which the source ends, and which may be cut: what stands at its very end is no value.
    fn last_line(&mut self, text: &[u8], offset: u64, rows: &mut Rows) {
        let text = &*self.plain(text);
        if self.model.drawn() {
            return rows.seen.near.note(offset, text);
        }
        let prefix = prefix::peel(text);
        let mut tokens = Vec::new();
        token::cut(text, prefix.rest, &mut tokens);
        let Some((meant, ..)) = self.meant(text, &tokens, &prefix) else { return };
        let torn = |token: u32| tokens.get(token as usize).is_some_and(|t| may_be_cut(text, t));
        let mut meant = meant.clone();
        let own: Vec<_> = meant.fills.extract_if(.., |(token, _)| torn(*token)).collect();
        let metric = |fill: &Fill| meant.recipe.shape.fields[fill.slot as usize].holds == Holds::Metric;
        if !own.is_empty() {
            rows.seen.bad.note(offset, text);
        }
        // Without its step the row would stand at another's.
        if own.iter().all(|(_, fill)| metric(fill)) {
            meant.row(text, &tokens, &prefix, offset, rows);
        }
    }

    /// The line with its numbers written in the usual way.
    fn plain<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        if self.model.dialect.is_plain() { Cow::Borrowed(text) } else { self.model.dialect.plain(text) }
    }

    /// Reads a line that no mould fits.
    fn line(&mut self, text: &[u8], offset: u64, rows: &mut Rows) {
        let text = &*self.plain(text);
        if self.model.splits.as_ref().is_some_and(|splits| splits.line(text, offset, &mut self.heads, rows)) {
            return;
        }
        if self.model.boxes.as_ref().is_some_and(|boxes| boxes.line(text, offset, &mut self.open, rows)) {
            return;
        }
        let prefix = prefix::peel(text);
        let mut tokens = std::mem::take(&mut self.tokens);
        token::cut(text, prefix.rest, &mut tokens);
        let grids = self.model.grids.as_ref();
        let taken = grids.is_some_and(|grids| grids.line(text, &tokens, offset, &mut self.headers, rows));
        if !taken {
            match tokens.iter().any(|t| matches!(t.kind, Kind::Number | Kind::Clock)) {
                true => self.row(text, &tokens, &prefix, offset, rows),
                false if self.model.titled => self.titles.text(text, &tokens),
                false => {}
            }
        }
        self.tokens = tokens;
    }

    fn row(&mut self, text: &[u8], tokens: &[Token], prefix: &Prefix, offset: u64, rows: &mut Rows) {
        let Some((meant, literals, asked)) = self.meant(text, tokens, prefix) else { return };
        if !meant.row(text, tokens, prefix, offset, rows) || meant.only.is_some() || meant.recipe.ahead != 0.0 {
            return;
        }
        let recipe = Arc::clone(&meant.recipe);
        let spots = spots(&Made {
            text,
            tokens,
            prefix,
            fills: &meant.fills,
            literals,
            asked,
            stamp: recipe.stamp,
            shape: &recipe.shape,
        });
        if let (Some(spots), true, true) =
            (spots, self.moulds && !self.model.sequential() && self.model.dialect.is_plain(), self.bank.misses())
        {
            let mut base = vec![MISSING; recipe.shape.fields.len()];
            if let (Some(slot), Some(rank)) = (recipe.rank, prefix.rank) {
                base[slot] = rank as u64;
            }
            self.bank.learn(text, &spots, &base, &recipe.shape);
        }
    }

    fn meant(&mut self, text: &[u8], tokens: &[Token], prefix: &Prefix) -> Option<(&Meant, &[u32], &[u32])> {
        let key = token::skeleton(text, tokens) ^ u64::from(flags(prefix)) ^ (u64::from(prefix.alarm) << 8);
        if self.known.len() >= KNOWN && !self.known.contains_key(&key) {
            self.known.clear();
        }
        let known = self.known.entry(key).or_insert_with(|| {
            let line = line::read(text, tokens);
            Known { line: (!line.found.is_empty()).then(|| Box::new(line)), variants: Vec::new() }
        });
        let Some(line) = known.line.as_deref() else {
            if self.model.titled {
                self.titles.text(text, tokens);
            }
            return None;
        };
        let title = self.model.titled.then(|| self.titles.line(line)).flatten();
        let variant = literals(text, tokens, line) ^ titles::sign(title);
        let at = match known.variants.iter().position(|(v, _)| *v == variant) {
            Some(at) => at,
            None => {
                if known.variants.len() >= KNOWN {
                    known.variants.clear();
                }
                let mut own = line::read(text, tokens);
                titles::settle(&mut own, title);
                let recipe = self.model.recipe_of(&own, prefix);
                known.variants.push((variant, recipe.map(|recipe| Meant::new(recipe, &own))));
                known.variants.len() - 1
            }
        };
        let line = known.line.as_deref();
        let literals = line.map_or(&[][..], |line| &line.literals);
        let asked = line.map_or(&[][..], |line| &line.asked);
        Some((known.variants[at].1.as_ref()?, literals, asked))
    }
}

impl Meant {
    fn new(recipe: Arc<Recipe>, line: &Line) -> Meant {
        let token = |fill: &Fill| Some((line.found.get(fill.found as usize)?.token, *fill));
        let fills = recipe.fills.iter().filter_map(token).collect();
        let only = recipe.only.and_then(|(found, value)| Some((line.found.get(found as usize)?.token, value)));
        Meant { recipe, fills, only }
    }

    fn row(&self, text: &[u8], tokens: &[Token], prefix: &Prefix, offset: u64, rows: &mut Rows) -> bool {
        if let Some((token, wanted)) = self.only {
            let value = tokens.get(token as usize).and_then(|t| amount(text, t, ""));
            if value != Some(wanted) {
                return false;
            }
        }
        let shape = rows.shape(&self.recipe.shape);
        let slots = rows.begin(shape, offset);
        if let (Some(slot), Some((stamp, _))) = (self.recipe.stamp, prefix.stamp) {
            slots[slot] = stamp_slot(stamp);
        }
        if let (Some(slot), Some(rank)) = (self.recipe.rank, prefix.rank) {
            slots[slot] = rank as u64;
        }
        let mut any = false;
        for (token, fill) in &self.fills {
            let field = &self.recipe.shape.fields[fill.slot as usize];
            let slot = tokens
                .get(*token as usize)
                .and_then(|t| if fill.whole { whole(text, t) } else { amount(text, t, &field.printed).map(slot_of) });
            let slot = if field.holds == Holds::Epoch { slot.map(|s| self.recipe.later(s)) } else { slot };
            slots[fill.slot as usize] = slot.unwrap_or(MISSING);
            any |= slots[fill.slot as usize] != MISSING;
        }
        if any {
            rows.seen.claim(self.recipe.shape.rule);
        } else {
            rows.undo();
        }
        any
    }
}

/// Whether the token may have gone on behind the end: only more of a number stands after it.
fn may_be_cut(text: &[u8], token: &Token) -> bool {
    let goes_on = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b',' | b':' | b'+' | b'-' | b'e' | b'E');
    let end = token.end.max(token.tail) as usize;
    text.get(end..).unwrap_or_default().iter().all(goes_on) && text.last() != Some(&b'%')
}

/// A whole number, written as one or not.
fn whole(text: &[u8], token: &Token) -> Option<u64> {
    if let Some((value, _)) = number::integer(text, token.start as usize).filter(|&(_, end)| end == token.tail as usize)
    {
        return Some(value as u64);
    }
    let value = amount(text, token, "")?;
    (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64 as u64)
}

impl Reader for Lines {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        let text = block.bytes();
        if block.offset != self.end {
            // other readers took the lines between
            self.titles = Titles::default();
        }
        self.end = block.offset + text.len() as u64;
        if let Some((shape, epoch)) = self.model.start.as_ref().filter(|_| block.offset == 0) {
            let shape = rows.shape(shape);
            rows.begin(shape, 0)[0] = slot_of(*epoch);
        }
        rows.seen.lines += count_lines(text);
        let whole = memchr::memrchr2(b'\n', b'\r', text).map_or(0, |n| n + 1);
        let (data, rest) = text.split_at(whole);
        let mut at = 0;
        while at < data.len() {
            let offset = block.offset + at as u64;
            let end = match self.bank.read(&block, at, offset, rows) {
                Some(end) => end,
                None => {
                    let end = memchr::memchr2(b'\n', b'\r', &data[at..]).map_or(data.len(), |n| at + n);
                    if end > at {
                        self.line(&data[at..legible(data, at, end)], offset, rows);
                    }
                    end
                }
            };
            at = end + 1;
        }
        if !rest.is_empty() {
            self.last_line(rest, block.offset + whole as u64, rows);
        }
    }

    fn finish(&mut self, rows: &mut Rows) {
        if let Some(boxes) = &self.model.boxes {
            boxes.close(&mut self.open, rows);
        }
    }
}
