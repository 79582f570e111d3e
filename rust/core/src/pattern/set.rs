//! Many matchers over a block: for each line the first one that matches.

use std::sync::Arc;

use memchr::{memchr2, memrchr2};

use crate::row::Block;

use super::bits::Bits;
use super::search::{Cursors, Search};
use super::{Cache, Found, Matcher};

/// Matchers in order of precedence.
#[derive(Debug)]
pub struct Set {
    matchers: Vec<Arc<Matcher>>,
    search: Arc<Search>,
    /// Matchers without a literal: every line has to be tried.
    always: Bits,
}

/// Memory that scanning reuses; one a thread, for any number of sets.
#[derive(Debug, Default)]
pub struct Scratch {
    cache: Cache,
    found: Found,
    cursors: Cursors,
    bits: Bits,
    /// By matcher: the one that claimed the line after its last.
    followers: Vec<usize>,
}

/// What becomes of the lines of a block.
pub trait Lines {
    /// `data[start..end]` is claimed by the matcher of that index.
    fn claimed(&mut self, matcher: usize, start: usize, end: usize, found: &Found);

    /// The line holds a literal of some matcher, but none matches.
    fn near(&mut self, start: usize, end: usize);
}

impl Set {
    pub fn new(matchers: Vec<Arc<Matcher>>) -> Set {
        let mut literals = Vec::new();
        let mut always = Bits::default();
        always.clear(matchers.len());
        for (index, matcher) in matchers.iter().enumerate() {
            // A literal with a line end in it is in no line; such a matcher is simply tried.
            let in_lines = |literal: &Vec<u8>| memchr2(b'\n', b'\r', literal).is_none();
            match matcher.literals() {
                [] => always.add(index),
                all if all.iter().all(in_lines) => {
                    literals.extend(all.iter().map(|literal| (literal.clone(), index)));
                }
                _ => always.add(index),
            }
        }
        Set { search: Arc::new(Search::new(&literals)), matchers, always }
    }

    /// The same with other matchers of the same patterns, which read their captures otherwise.
    pub fn reading(&self, matchers: Vec<Arc<Matcher>>) -> Set {
        Set { search: Arc::clone(&self.search), always: self.always.clone(), matchers }
    }

    /// Hands over lines with each matcher that matches there, so many of each as are `left` to it.
    pub fn sample(
        &self,
        block: Block<'_>,
        left: &mut [usize],
        scratch: &mut Scratch,
        act: &mut dyn FnMut(usize, &Found),
    ) {
        self.search.restart(&mut scratch.cursors);
        let text = block.bytes();
        let mut start = 0;
        while start < text.len() && left.iter().any(|&left| left > 0) {
            if !self.always.iter().any(|index| left[index] > 0) {
                let Some(hit) = self.search.next(text, start, &mut scratch.cursors) else { return };
                start = memrchr2(b'\n', b'\r', &text[start..hit]).map_or(start, |at| start + at + 1);
            }
            let end = line_end(text, start);
            let Scratch { cache, found, cursors, bits, .. } = scratch;
            self.candidates(text, (start, end), cursors, bits);
            for index in bits.iter() {
                if left[index] > 0 && self.matchers[index].read(block.data, start, end, cache, found) {
                    left[index] -= 1;
                    act(index, found);
                }
            }
            start = next_line(text, end);
        }
    }

    /// Collects the matchers that may match a line; says whether any has a literal there.
    fn candidates(&self, text: &[u8], line: (usize, usize), cursors: &mut Cursors, bits: &mut Bits) -> bool {
        bits.clear(self.matchers.len());
        self.search.collect(text, line, self.matchers.len(), cursors, bits);
        let holds_literal = !bits.is_empty();
        bits.join(&self.always);
        holds_literal
    }

    pub fn matchers(&self) -> &[Arc<Matcher>] {
        &self.matchers
    }

    /// Hands over every line of the block that some matcher claims, in order, and every near miss. Lines end with
    /// `\n`, `\r` or both.
    pub fn scan(&self, block: Block<'_>, scratch: &mut Scratch, lines: &mut impl Lines) {
        self.search.restart(&mut scratch.cursors);
        scratch.followers.clear();
        scratch.followers.extend(0..self.matchers.len());
        if self.always.is_empty() {
            self.scan_hits(block, scratch, lines);
        } else {
            self.scan_all(block, scratch, lines);
        }
    }

    /// The same for the one line `data[start..end]`, which has no line end.
    pub fn line(&self, data: &[u8], start: usize, end: usize, scratch: &mut Scratch, lines: &mut impl Lines) {
        self.search.restart(&mut scratch.cursors);
        self.judge(data, &data[..end], (start, end), scratch, lines);
    }

    /// Tries every line.
    fn scan_all(&self, block: Block<'_>, scratch: &mut Scratch, lines: &mut impl Lines) {
        let text = block.bytes();
        let mut start = 0;
        while start < text.len() {
            let end = line_end(text, start);
            self.judge(block.data, text, (start, end), scratch, lines);
            start = next_line(text, end);
        }
    }

    /// Tries lines that hold a literal. While every line is claimed, the matcher is guessed and tried at once, the
    /// search only asked whether one of higher precedence could come before it.
    fn scan_hits(&self, block: Block<'_>, scratch: &mut Scratch, lines: &mut impl Lines) {
        let text = block.bytes();
        let (mut start, mut last, mut dense) = (0, 0, false);
        while start < text.len() {
            if dense {
                let guess = scratch.followers[last];
                if let Some(end) = self.claims(block, start, guess, scratch) {
                    lines.claimed(guess, start, end, &scratch.found);
                    (start, last) = (next_line(text, end), guess);
                    continue;
                }
            }
            let Some(hit) = self.search.next(text, start, &mut scratch.cursors) else { return };
            let from = memrchr2(b'\n', b'\r', &text[start..hit]).map_or(start, |at| start + at + 1);
            let end = line_end(text, hit);
            let winner = self.judge(block.data, text, (from, end), scratch, lines);
            if let Some(winner) = winner {
                scratch.followers[last] = winner;
                last = winner;
            }
            dense = winner.is_some() && from == start;
            start = next_line(text, end);
        }
    }

    /// The end of the line if the guessed matcher claims it, and surely no other of higher precedence does.
    #[inline]
    fn claims(&self, block: Block<'_>, start: usize, guess: usize, scratch: &mut Scratch) -> Option<usize> {
        let Scratch { cache, found, cursors, bits, .. } = scratch;
        let (matcher, text) = (&self.matchers[guess], block.bytes());
        let at_once = matcher.read_here(block.data, start, text.len(), cache, found);
        let end = line_end(text, if at_once { found.end } else { start });
        if !at_once && !matcher.read(block.data, start, end, cache, found) {
            return None;
        }
        if guess > 0 {
            bits.clear(self.matchers.len());
            self.search.collect(text, (start, end), guess, cursors, bits);
            if !bits.is_empty() {
                return None;
            }
        }
        Some(end)
    }

    /// Hands the line to the first of the matchers that may match it and does.
    fn judge(
        &self,
        data: &[u8],
        text: &[u8],
        (start, end): (usize, usize),
        scratch: &mut Scratch,
        lines: &mut impl Lines,
    ) -> Option<usize> {
        let Scratch { cache, found, cursors, bits, .. } = scratch;
        let holds_literal = self.candidates(text, (start, end), cursors, bits);
        let winner = bits.iter().find(|&index| self.matchers[index].read(data, start, end, cache, found));
        match winner {
            Some(index) => lines.claimed(index, start, end, found),
            None if holds_literal => lines.near(start, end),
            None => {}
        }
        winner
    }
}

#[inline]
fn line_end(text: &[u8], from: usize) -> usize {
    if let Some(b'\n') = text.get(from) {
        return from;
    }
    text.get(from..).and_then(|rest| memchr2(b'\n', b'\r', rest)).map_or(text.len(), |at| from + at)
}

#[inline]
fn next_line(text: &[u8], end: usize) -> usize {
    end + if text.get(end) == Some(&b'\r') && text.get(end + 1) == Some(&b'\n') { 2 } else { 1 }
}

#[cfg(test)]
mod tests;
