//! A pattern as a flat list of steps, where every choice that can be made at once is made at once.

use std::sync::Arc;

use memchr::memmem;
use regex_syntax::hir::Look;

use super::bytes::Table;

/// One step. Steps are taken in order unless they say otherwise.
#[derive(Debug)]
pub enum Op {
    /// A literal of at most 8 bytes.
    Short {
        want: u64,
        mask: u64,
        len: u32,
    },
    /// A literal of 9 to 16 bytes: its first and last eight.
    Middle {
        first: u64,
        last: u64,
        len: u32,
    },
    Long(Box<[u8]>),
    /// As many bytes of a class as there are; fewer would never do.
    Run {
        class: Arc<Table>,
        min: u32,
        max: u32,
    },
    /// The same with nothing else in a capture.
    Taken {
        capture: u8,
        late: bool,
        class: Arc<Table>,
        min: u32,
        max: u32,
    },
    /// As many bytes of a class as there are, or fewer.
    Greedy(u16),
    /// As few bytes of a class as will do.
    Lazy(u16),
    /// As few bytes as will do before a literal, seldom or never refused by the class.
    Until {
        finder: u16,
        newline: bool,
        min: u32,
    },
    /// A capture that holds a number: read at once, or else by the steps that follow.
    Number(Box<Number>),
    Open(u8),
    Close {
        capture: u8,
        late: bool,
    },
    Split(u16),
    Jump(u16),
    Assert(Look),
    Match,
}

/// A run that may have to end elsewhere than where its class does.
#[derive(Debug)]
pub struct Loose {
    pub class: Arc<Table>,
    pub min: u32,
    pub max: u32,
    pub follow: Viable,
}

/// Where something may begin.
#[derive(Debug)]
pub struct Viable {
    pub first: Box<Table>,
    pub at_end: bool,
}

/// Branches in order of preference, with the bytes at which each may begin.
#[derive(Debug)]
pub struct Split {
    pub viable: Box<[u8; 256]>,
    pub at_end: u8,
    pub targets: [u16; BRANCHES],
}

/// Branches of one split: one bit each.
pub const BRANCHES: usize = 8;

/// What a numeric capture is read as at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Int,
    /// Digits only, as f64.
    Whole,
    Decimal,
    /// Nothing is read; only where the number ends matters.
    Skip,
}

/// A capture whose body takes numbers whole, as proved.
#[derive(Debug)]
pub struct Number {
    pub capture: u8,
    pub reading: Reading,
    /// Bytes such a number may begin with.
    pub first: Table,
    /// All bytes of the body: behind the number none may stand.
    pub alphabet: Table,
    /// What has to be looked at because the body does not take it.
    pub no_lower: bool,
    pub no_upper: bool,
    pub no_leading_dot: bool,
    pub no_trailing_dot: bool,
    pub needs_dot: bool,
    /// Any of these three.
    pub dots_matter: bool,
    /// The step behind the capture.
    pub after: u16,
}

/// A literal at a fixed distance from the start of a match.
#[derive(Debug)]
pub struct Lead {
    pub finder: memmem::Finder<'static>,
    pub offset: usize,
}

/// Where matches may begin.
#[derive(Debug)]
pub enum Start {
    /// Only at the start of the line.
    Line,
    /// Before a literal.
    Lead(Box<Lead>),
    /// At one of these bytes.
    First(Box<Table>),
    Anywhere,
}

/// A pattern as steps.
#[derive(Debug)]
pub struct Template {
    pub ops: Vec<Op>,
    pub loose: Vec<Loose>,
    pub splits: Vec<Split>,
    pub finders: Vec<memmem::Finder<'static>>,
    pub start: Start,
    /// The class of an unlimited run that every match begins with: where one try failed, none within the run can do.
    pub opening: Option<Arc<Table>>,
    /// Every match sets every capture.
    pub total: bool,
    /// No step can take a line end, so a match from the start of a line stays within it.
    pub stays_in_line: bool,
    pub captures: usize,
}
