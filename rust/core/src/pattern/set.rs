//! Many matchers over a block: for each line the first one that matches.

use std::sync::Arc;

use memchr::{memchr2, memmem};

use crate::row::Block;

use super::{Cache, Found, Matcher};

/// Matchers in order of precedence.
#[derive(Debug)]
pub struct Set {
    matchers: Vec<Arc<Matcher>>,
    finders: Vec<Vec<memmem::Finder<'static>>>,
}

/// Memory that scanning reuses; one a thread.
#[derive(Debug, Default)]
pub struct Scratch {
    pub cache: Cache,
    pub found: Found,
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
        let finders = matchers
            .iter()
            .map(|matcher| matcher.literals().iter().map(|literal| memmem::Finder::new(literal).into_owned()).collect())
            .collect();
        Set { matchers, finders }
    }

    pub fn matchers(&self) -> &[Arc<Matcher>] {
        &self.matchers
    }

    /// Hands over every line of the block that some matcher claims, in order, and every near miss.
    pub fn scan(&self, block: Block<'_>, scratch: &mut Scratch, lines: &mut impl Lines) {
        let data = block.bytes();
        let mut start = 0;
        while start < data.len() {
            let end = memchr2(b'\n', b'\r', &data[start..]).map_or(data.len(), |at| start + at);
            self.line(block.data, start, end, scratch, lines);
            start = end + if data[end..].starts_with(b"\r\n") { 2 } else { 1 };
        }
    }

    /// The same for one line, `data[start..end]`.
    pub fn line(&self, data: &[u8], start: usize, end: usize, scratch: &mut Scratch, lines: &mut impl Lines) {
        let Scratch { cache, found } = scratch;
        let winner = self.matchers.iter().position(|matcher| matcher.read(data, start, end, cache, found));
        match winner {
            Some(index) => lines.claimed(index, start, end, found),
            None if self.is_near(&data[start..end]) => lines.near(start, end),
            None => {}
        }
    }

    fn is_near(&self, line: &[u8]) -> bool {
        self.finders.iter().flatten().any(|finder| finder.find(line).is_some())
    }
}
