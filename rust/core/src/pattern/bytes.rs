//! Sets of bytes.

use std::ops::BitOr;

use regex_syntax::hir::{Class, Hir, HirKind};

/// A set of bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bytes([u64; 4]);

/// The same set, quick to ask.
pub type Table = [bool; 256];

impl Bytes {
    pub const NONE: Bytes = Bytes([0; 4]);
    pub const ALL: Bytes = Bytes([u64::MAX; 4]);

    pub fn of(bytes: &[u8]) -> Bytes {
        let mut set = Bytes::NONE;
        bytes.iter().for_each(|&b| set.add(b));
        set
    }

    /// The bytes of a class; none when it holds characters of several bytes.
    pub fn of_class(class: &Class) -> Option<Bytes> {
        let mut set = Bytes::NONE;
        match class {
            Class::Bytes(class) => class.iter().for_each(|range| set.add_range(range.start(), range.end())),
            Class::Unicode(class) => {
                for range in class.iter() {
                    let (start, end) = (u8::try_from(range.start()).ok()?, u8::try_from(range.end()).ok()?);
                    if end >= 0x80 {
                        return None;
                    }
                    set.add_range(start, end);
                }
            }
        }
        Some(set)
    }

    /// The bytes of a tree that stands for exactly one byte.
    pub fn of_one(hir: &Hir) -> Option<Bytes> {
        match hir.kind() {
            HirKind::Class(class) => Bytes::of_class(class),
            HirKind::Literal(literal) if literal.0.len() == 1 => Some(Bytes::of(&literal.0)),
            HirKind::Literal(_)
            | HirKind::Empty
            | HirKind::Look(_)
            | HirKind::Repetition(_)
            | HirKind::Capture(_)
            | HirKind::Concat(_)
            | HirKind::Alternation(_) => None,
        }
    }

    pub fn add(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    fn add_range(&mut self, start: u8, end: u8) {
        (start..=end).for_each(|b| self.add(b));
    }

    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    pub fn meets(&self, other: &Bytes) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    pub fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    pub fn table(&self) -> Box<Table> {
        let mut table = Box::new([false; 256]);
        (0..=255u8).for_each(|b| table[usize::from(b)] = self.has(b));
        table
    }
}

impl BitOr for Bytes {
    type Output = Bytes;

    fn bitor(self, other: Bytes) -> Bytes {
        Bytes(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }
}

/// Word bytes, as `\b` understands them.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
