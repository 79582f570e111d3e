//! Runs a template over a line, step by step, in the order of preference of the pattern.

mod at_once;
mod choice;
mod step;

use super::bytes::Table;
use super::found::Found;
use super::template::{Lead, Start, Template};

pub use choice::Trail;
use step::{State, run};

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Match,
    /// Proved: there is no match.
    Fail,
    /// Too much work; the automata shall decide.
    Unknown,
}

/// A line within its data.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// What stands before and behind may be looked at, but is not the line.
    pub data: &'a [u8],
    pub start: usize,
    pub end: usize,
    /// The line may end before `end`: where its first line end stands.
    pub open: bool,
}

impl Template {
    /// The leftmost-first match of the line; values that can be read at once are.
    #[inline]
    pub fn read(&self, line: Line<'_>, trail: &mut Trail, found: &mut Found) -> Verdict {
        trail.work = 32 * (line.end - line.start) + 4096;
        match &self.start {
            Start::Line => self.attempt(line, line.start, trail, found),
            Start::Lead(lead) => self.at_leads(line, lead, trail, found),
            Start::First(first) => self.at_firsts(line, first, trail, found),
            Start::Anywhere => self.anywhere(line, trail, found),
        }
    }

    /// The match that begins where the line does, if its template stays in the line; the line's end need not be
    /// known. False proves nothing.
    #[inline]
    pub fn read_here(&self, data: &[u8], start: usize, end: usize, trail: &mut Trail, found: &mut Found) -> bool {
        trail.work = 4096;
        let line = Line { data, start, end, open: true };
        self.stays_in_line && self.attempt(line, start, trail, found) == Verdict::Match
    }

    fn at_leads(&self, line: Line<'_>, lead: &Lead, trail: &mut Trail, found: &mut Found) -> Verdict {
        // Most lines that match do so from their start.
        let mut from = line.start;
        let verdict = self.attempt(line, from, trail, found);
        if verdict != Verdict::Fail {
            return verdict;
        }
        loop {
            let search = from + 1 + lead.offset;
            let hit = line.data.get(search..line.end).and_then(|rest| lead.finder.find(rest));
            let Some(hit) = hit else { return Verdict::Fail };
            from = search + hit - lead.offset;
            let verdict = self.attempt(line, from, trail, found);
            if verdict != Verdict::Fail {
                return verdict;
            }
        }
    }

    fn at_firsts(&self, line: Line<'_>, first: &Table, trail: &mut Trail, found: &mut Found) -> Verdict {
        let mut from = line.start;
        while let Some(at) = line.data[from..line.end].iter().position(|&b| first[usize::from(b)]) {
            let verdict = self.attempt(line, from + at, trail, found);
            if verdict != Verdict::Fail {
                return verdict;
            }
            from = self.next_start(line, from + at);
        }
        Verdict::Fail
    }

    fn anywhere(&self, line: Line<'_>, trail: &mut Trail, found: &mut Found) -> Verdict {
        let mut from = line.start;
        while from <= line.end {
            let verdict = self.attempt(line, from, trail, found);
            if verdict != Verdict::Fail {
                return verdict;
            }
            from = self.next_start(line, from);
        }
        Verdict::Fail
    }

    /// The next place worth a try after one failed. Whatever a run could have been followed by from a later start
    /// within it, it could from this one.
    fn next_start(&self, line: Line<'_>, from: usize) -> usize {
        match &self.opening {
            Some(class) => run(&line.data[..line.end], from, class, usize::MAX).max(from + 1),
            None => from + 1,
        }
    }

    /// Tries the one start.
    #[inline]
    fn attempt(&self, line: Line<'_>, from: usize, trail: &mut Trail, found: &mut Found) -> Verdict {
        trail.clear();
        if self.total {
            found.resize(self.captures);
        } else {
            found.reset(self.captures);
        }
        let mut state = State { template: self, line, text: &line.data[..line.end], trail, found };
        match state.go(from) {
            Some(end) => {
                (found.start, found.end) = (from, end);
                Verdict::Match
            }
            None if trail.work == 0 => Verdict::Unknown,
            None => Verdict::Fail,
        }
    }
}
