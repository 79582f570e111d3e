//! Writes a syntax tree as steps.

mod capture;

use std::sync::Arc;

use memchr::memmem;
use regex_syntax::hir::{Hir, HirKind, Look, Repetition};

use super::Capture;
use super::analyse::{self, Empty, Head, head, is_nullable};
use super::bytes::{Bytes, Table};
use super::template::{BRANCHES, Lead, Loose, Op, Split, Start, Template, Viable};

/// More steps than this are left to the automata.
const MOST_OPS: usize = 400;

/// What can't be said in steps.
#[derive(Debug)]
pub struct Unfit;

type Fit = Result<(), Unfit>;

/// What comes behind the part being compiled.
#[derive(Clone, Copy)]
struct Follow<'a> {
    head: Head,
    /// It begins with these bytes.
    literal: &'a [u8],
}

impl Template {
    /// `groups` are the ordinals of the groups that are captures.
    pub fn new(hir: &Hir, captures: &[Capture], groups: &[usize]) -> Result<Template, Unfit> {
        let mut writer = Writer { captures, groups, ops: Vec::new(), parts: Parts::default(), stays_in_line: true };
        writer.emit(hir, Follow { head: Head::END, literal: &[] })?;
        writer.push(Op::Match)?;
        let opening = opening(hir).map(|set| writer.class(set));
        let Writer { ops, parts, stays_in_line, .. } = writer;
        let Parts { loose, splits, finders, .. } = parts;
        let (total, start) = (mandatory(hir) == captures.len(), start(hir));
        let captures = captures.len();
        Ok(Template { ops, loose, splits, finders, start, opening, total, stays_in_line, captures })
    }
}

/// How many named groups every match passes through.
fn mandatory(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) | HirKind::Alternation(_) => 0,
        HirKind::Capture(group) => usize::from(group.name.is_some()) + mandatory(&group.sub),
        // A group that is passed through again may have to be put back, even if it is set for sure.
        HirKind::Repetition(_) => 0,
        HirKind::Concat(parts) => parts.iter().map(mandatory).sum(),
    }
}

pub fn start(hir: &Hir) -> Start {
    if hir.properties().look_set_prefix().contains(Look::Start) {
        return Start::Line;
    }
    if let Some(lead) = analyse::lead(hir).filter(|lead| lead.bytes.len() > 1) {
        let finder = memmem::Finder::new(&lead.bytes).into_owned();
        return Start::Lead(Box::new(Lead { finder, offset: lead.offset }));
    }
    match head(hir, Head::END) {
        Head { first, empty: Empty::Never } if first != Bytes::ALL => Start::First(first.table()),
        Head { .. } => Start::Anywhere,
    }
}

/// The class of the unlimited run that a tree begins with.
fn opening(hir: &Hir) -> Option<Bytes> {
    match hir.kind() {
        HirKind::Capture(group) => opening(&group.sub),
        HirKind::Concat(parts) => opening(parts.first()?),
        HirKind::Repetition(Repetition { max: None, sub, .. }) => Bytes::of_one(sub),
        HirKind::Repetition(_)
        | HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(_)
        | HirKind::Look(_)
        | HirKind::Alternation(_) => None,
    }
}

#[derive(Default)]
struct Parts {
    loose: Vec<Loose>,
    splits: Vec<Split>,
    classes: Vec<(Bytes, Arc<Table>)>,
    finders: Vec<memmem::Finder<'static>>,
}

struct Writer<'a> {
    captures: &'a [Capture],
    groups: &'a [usize],
    ops: Vec<Op>,
    parts: Parts,
    stays_in_line: bool,
}

impl Writer<'_> {
    fn push(&mut self, op: Op) -> Fit {
        if self.ops.len() >= MOST_OPS {
            return Err(Unfit);
        }
        self.ops.push(op);
        Ok(())
    }

    /// The step to be written next.
    fn here(&self) -> u16 {
        self.ops.len() as u16
    }

    fn class(&mut self, set: Bytes) -> Arc<Table> {
        self.stays_in_line &= !set.meets(&Bytes::of(b"\r\n"));
        if let Some((_, table)) = self.parts.classes.iter().find(|(known, _)| *known == set) {
            return Arc::clone(table);
        }
        let table: Arc<Table> = Arc::from(set.table());
        self.parts.classes.push((set, Arc::clone(&table)));
        table
    }

    fn viable(&mut self, head: &Head) -> Viable {
        let anywhere = matches!(head.empty, Empty::Maybe | Empty::Always);
        let first = if anywhere { Bytes::ALL } else { head.first };
        // Such a choice can't be made where the end is not known.
        self.stays_in_line &= head.empty != Empty::AtEnd;
        Viable { first: first.table(), at_end: head.empty != Empty::Never }
    }

    fn emit(&mut self, hir: &Hir, follow: Follow<'_>) -> Fit {
        match hir.kind() {
            HirKind::Empty => Ok(()),
            HirKind::Literal(literal) => self.literal(&literal.0),
            HirKind::Class(class) => {
                let class = self.class(Bytes::of_class(class).ok_or(Unfit)?);
                self.push(Op::Run { class, min: 1, max: 1 })
            }
            HirKind::Look(look) => self.assertion(*look),
            HirKind::Capture(group) => self.group(group, follow),
            HirKind::Concat(parts) => self.concat(parts, follow),
            HirKind::Alternation(branches) => self.branches(&branches.iter().collect::<Vec<_>>(), follow),
            HirKind::Repetition(repetition) => self.repetition(repetition, follow),
        }
    }

    fn literal(&mut self, bytes: &[u8]) -> Fit {
        let word = |part: &[u8]| part.iter().rev().fold(0, |word: u64, &b| word << 8 | u64::from(b));
        let len = bytes.len();
        self.stays_in_line &= !Bytes::of(bytes).meets(&Bytes::of(b"\r\n"));
        self.push(match len {
            0..=8 => {
                let mask = if len == 8 { u64::MAX } else { (1 << (8 * len)) - 1 };
                Op::Short { want: word(bytes), mask, len: len as u32 }
            }
            9..=16 => Op::Middle { first: word(&bytes[..8]), last: word(&bytes[len - 8..]), len: len as u32 },
            _ => Op::Long(bytes.into()),
        })
    }

    fn assertion(&mut self, look: Look) -> Fit {
        match look {
            Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::WordAscii | Look::WordAsciiNegate => {
                self.push(Op::Assert(look))
            }
            Look::StartCRLF
            | Look::EndCRLF
            | Look::WordUnicode
            | Look::WordUnicodeNegate
            | Look::WordStartAscii
            | Look::WordEndAscii
            | Look::WordStartUnicode
            | Look::WordEndUnicode
            | Look::WordStartHalfAscii
            | Look::WordEndHalfAscii
            | Look::WordStartHalfUnicode
            | Look::WordEndHalfUnicode => Err(Unfit),
        }
    }

    fn concat(&mut self, parts: &[Hir], follow: Follow<'_>) -> Fit {
        let mut follows = vec![follow];
        for part in parts.iter().skip(1).rev() {
            let behind = follows[follows.len() - 1];
            follows.push(Follow { head: head(part, behind.head), literal: prefix(part) });
        }
        parts.iter().zip(follows.iter().rev()).try_for_each(|(part, follow)| self.emit(part, *follow))
    }

    fn branches(&mut self, branches: &[&Hir], follow: Follow<'_>) -> Fit {
        let heads: Vec<Head> = branches.iter().map(|branch| head(branch, follow.head)).collect();
        if branches.len() > BRANCHES {
            let (these, others) = heads.split_at(BRANCHES - 1);
            let rest = others.iter().fold(others[0], |sum, head| sum.or(*head));
            let heads: Vec<Head> = these.iter().copied().chain([rest]).collect();
            return self.split(&heads, |writer, at| match branches.get(at).filter(|_| at < BRANCHES - 1) {
                Some(branch) => writer.emit(branch, follow),
                None => writer.branches(&branches[BRANCHES - 1..], follow),
            });
        }
        self.split(&heads, |writer, at| writer.emit(branches[at], follow))
    }

    /// Writes branches, each of which goes on behind the last.
    fn split(&mut self, heads: &[Head], mut branch: impl FnMut(&mut Self, usize) -> Fit) -> Fit {
        let split = self.open_split(heads)?;
        let mut jumps = Vec::new();
        for at in 0..heads.len() {
            self.parts.splits[split].targets[at] = self.here();
            branch(self, at)?;
            if at + 1 < heads.len() {
                jumps.push(self.ops.len());
                self.push(Op::Jump(0))?;
            }
        }
        let end = self.here();
        jumps.into_iter().for_each(|jump| self.ops[jump] = Op::Jump(end));
        Ok(())
    }

    /// Writes a split whose targets are still to be set.
    fn open_split(&mut self, heads: &[Head]) -> Result<usize, Unfit> {
        let mut split = Split { viable: Box::new([0; 256]), at_end: 0, targets: [0; BRANCHES] };
        for (at, head) in heads.iter().enumerate() {
            let viable = self.viable(head);
            split.at_end |= u8::from(viable.at_end) << at;
            split.viable.iter_mut().zip(viable.first.iter()).for_each(|(bits, &on)| *bits |= u8::from(on) << at);
        }
        self.push(Op::Split(self.parts.splits.len() as u16))?;
        self.parts.splits.push(split);
        Ok(self.parts.splits.len() - 1)
    }

    fn repetition(&mut self, repetition: &Repetition, follow: Follow<'_>) -> Fit {
        if let Some(set) = Bytes::of_one(&repetition.sub) {
            return self.run(set, repetition, follow);
        }
        if repetition.max == Some(1) && repetition.min == 0 {
            return self.optional(repetition, follow, |writer| writer.emit(&repetition.sub, follow));
        }
        if is_nullable(&repetition.sub) {
            return Err(Unfit);
        }
        let sub = &repetition.sub;
        let again = Follow { head: head(sub, follow.head).or(follow.head), literal: &[] };
        for left in (0..repetition.min).rev() {
            let behind = if left > 0 { Follow { head: head(sub, again.head), literal: &[] } } else { again };
            self.emit(sub, behind)?;
        }
        match repetition.max {
            None => self.endless(repetition, again, follow),
            Some(max) => self.at_most(repetition, max - repetition.min, again, follow),
        }
    }

    fn optional(&mut self, of: &Repetition, follow: Follow<'_>, body: impl FnOnce(&mut Self) -> Fit) -> Fit {
        let (taken, skipped) = if of.greedy { (0, 1) } else { (1, 0) };
        let mut heads = [follow.head; 2];
        heads[taken] = head(&of.sub, follow.head);
        let split = self.open_split(&heads)?;
        self.parts.splits[split].targets[taken] = self.here();
        body(self)?;
        self.parts.splits[split].targets[skipped] = self.here();
        Ok(())
    }

    fn endless(&mut self, of: &Repetition, again: Follow<'_>, follow: Follow<'_>) -> Fit {
        let top = self.here();
        self.optional(of, Follow { head: follow.head, literal: &[] }, |writer| {
            writer.emit(&of.sub, again)?;
            writer.push(Op::Jump(top))
        })
    }

    /// Up to `count` more, each within the one before.
    fn at_most(&mut self, of: &Repetition, count: u32, again: Follow<'_>, follow: Follow<'_>) -> Fit {
        if count == 0 {
            return Ok(());
        }
        self.optional(of, Follow { head: follow.head, literal: &[] }, |writer| {
            writer.emit(&of.sub, again)?;
            writer.at_most(of, count - 1, again, follow)
        })
    }

    fn run(&mut self, set: Bytes, of: &Repetition, follow: Follow<'_>) -> Fit {
        let (min, max) = (of.min, of.max.unwrap_or(u32::MAX));
        let class = self.class(set);
        if min == max {
            return self.push(Op::Run { class, min, max });
        }
        if !of.greedy && follow.head.empty == Empty::Always {
            return self.push(Op::Run { class, min, max: min });
        }
        if follow.head.stops(&set) {
            return self.push(Op::Run { class, min, max });
        }
        let jumps = !of.greedy && of.max.is_none() && !follow.literal.is_empty();
        if let Some(newline) = any_but_newline(&set).filter(|_| jumps) {
            self.parts.finders.push(memmem::Finder::new(follow.literal).into_owned());
            let finder = self.parts.finders.len() as u16 - 1;
            return self.push(Op::Until { finder, newline, min });
        }
        let follow = self.viable(&follow.head);
        self.parts.loose.push(Loose { class, min, max, follow });
        let at = self.parts.loose.len() as u16 - 1;
        self.push(if of.greedy { Op::Greedy(at) } else { Op::Lazy(at) })
    }
}

/// For a class that holds every byte, or every byte but the newline: whether it holds the newline.
fn any_but_newline(set: &Bytes) -> Option<bool> {
    match (set.len(), set.has(b'\n')) {
        (256, _) => Some(true),
        (255, false) => Some(false),
        (_, _) => None,
    }
}

/// The bytes that every match of a tree begins with.
fn prefix(hir: &Hir) -> &[u8] {
    match hir.kind() {
        HirKind::Literal(literal) => &literal.0,
        HirKind::Capture(group) => prefix(&group.sub),
        HirKind::Concat(parts) => parts.first().map_or(&[], prefix),
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) | HirKind::Alternation(_) => &[],
    }
}
