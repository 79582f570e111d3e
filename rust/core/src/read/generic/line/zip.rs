//! Several names and as many numbers: `d_loss, g_loss: 0.1, 0.2`; and numbers shown within what holds them.

use super::parser::Parser;
use super::{Bind, Role};
use crate::read::generic::token::Kind;
use crate::read::generic::words;

impl Parser<'_> {
    /// At the comma behind the first of several names.
    pub(super) fn zipped(&mut self, at: usize) -> Option<usize> {
        let first = self.pending.filter(|_| !self.bound && self.bare.is_none())?;
        let (names, bind) = self.names_from(first, at)?;
        let (numbers, end) = self.numbers_from(bind + 1)?;
        if names.len() != numbers.len() || names.iter().any(|n| words::counter(self.words(n.0, n.1)).is_some()) {
            return None;
        }
        for ((from, to), token) in names.into_iter().zip(numbers) {
            self.add(Role::Value, self.words(from, to), Bind::Strong, token);
        }
        self.forget();
        Some(end)
    }

    /// The names between commas, and the mark that binds them.
    fn names_from(&self, first: (usize, usize), mut at: usize) -> Option<(Vec<(usize, usize)>, usize)> {
        let mut names = vec![first];
        while self.is(at, b',') {
            let from = self.solid(at + 1);
            let mut to = from;
            while self.kind(self.solid(to)) == Some(Kind::Word) {
                to = self.solid(to) + 1;
            }
            names.push((from, to));
            at = self.solid(to);
            if to == from {
                return None;
            }
        }
        if self.is(at, b')') || self.is(at, b']') {
            at = self.solid(at + 1);
        }
        (self.is(at, b':') || self.is(at, b'=')).then_some((names, at))
    }

    /// The numbers between commas, and where they end.
    fn numbers_from(&self, at: usize) -> Option<(Vec<usize>, usize)> {
        let opens = |at: usize| self.is(at, b'(') || self.is(at, b'[');
        let mut at = self.solid(at);
        let wrapped = opens(at);
        if wrapped {
            at = self.solid(at + 1);
        }
        let mut numbers = Vec::new();
        while self.kind(at) == Some(Kind::Number) {
            numbers.push(at);
            let next = self.solid(at + 1);
            if !self.is(next, b',') {
                return Some((numbers, next + usize::from(wrapped)));
            }
            at = self.solid(next + 1);
        }
        None
    }

    /// `<tf.Tensor: shape=(), dtype=float32, numpy=0.5>`.
    pub(super) fn shown(&mut self, at: usize) -> Option<usize> {
        let tensor = self.kind(at + 1) == Some(Kind::Word) && words::wrapper(self.word(at + 1));
        let end = (at..self.tokens.len()).find(|&k| self.is(k, b'>')).filter(|_| tensor && self.pending.is_some())?;
        let held = (at..end).find(|&k| self.word(k) == "numpy" && self.is(k + 1, b'='))? + 2;
        if self.kind(held) != Some(Kind::Number) {
            return None;
        }
        self.bound = true;
        let (name, bind) = self.take_name();
        self.last = self.add(Role::Value, &name, bind, held);
        Some(end + 1)
    }
}
