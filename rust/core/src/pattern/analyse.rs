//! What can be known of a pattern before any line is seen: how it may begin, and what every match contains.

use regex_syntax::hir::{Hir, HirKind, Look};

use super::bytes::Bytes;

/// Where something may match without taking a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Empty {
    Never,
    /// Only at the end of the line.
    AtEnd,
    /// Where some assertion holds.
    Maybe,
    Always,
}

/// How something may begin: its first bytes (at least all that are possible), and whether it may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub first: Bytes,
    pub empty: Empty,
}

impl Head {
    /// Nothing more to match.
    pub const END: Head = Head { first: Bytes::NONE, empty: Empty::Always };

    pub fn or(self, other: Head) -> Head {
        Head { first: self.first | other.first, empty: self.empty.max(other.empty) }
    }

    /// An assertion or a part that may be empty, and what follows it.
    fn then(self, follow: Head) -> Head {
        match self.empty {
            Empty::Never => self,
            Empty::AtEnd | Empty::Maybe | Empty::Always => {
                Head { first: self.first | follow.first, empty: self.empty.min(follow.empty) }
            }
        }
    }

    /// Whether a run of `class` that could end here or earlier must end where it can't go on: wherever it is
    /// ended earlier, this can't begin.
    pub fn stops(&self, class: &Bytes) -> bool {
        match self.empty {
            // The longest run succeeds, and it is the one preferred.
            Empty::Always => true,
            Empty::Never | Empty::AtEnd => !self.first.meets(class),
            Empty::Maybe => false,
        }
    }
}

/// How `hir` followed by something that begins with `follow` may begin.
pub fn head(hir: &Hir, follow: Head) -> Head {
    match hir.kind() {
        HirKind::Empty => follow,
        HirKind::Literal(literal) => Head { first: Bytes::of(&literal.0[..1]), empty: Empty::Never },
        HirKind::Class(class) => Head { first: Bytes::of_class(class).unwrap_or(Bytes::ALL), empty: Empty::Never },
        HirKind::Look(look) => look_head(*look).then(follow),
        HirKind::Capture(capture) => head(&capture.sub, follow),
        HirKind::Concat(parts) => parts.iter().rev().fold(follow, |follow, part| head(part, follow)),
        HirKind::Alternation(parts) => {
            let nothing = Head { first: Bytes::NONE, empty: Empty::Never };
            parts.iter().fold(nothing, |sum, part| sum.or(head(part, follow)))
        }
        HirKind::Repetition(repetition) => {
            // A body that may be empty lets what follows show through by itself.
            let body = head(&repetition.sub, follow);
            if repetition.min == 0 { body.or(follow) } else { body }
        }
    }
}

fn look_head(look: Look) -> Head {
    let empty = match look {
        Look::End => Empty::AtEnd,
        Look::Start
        | Look::StartLF
        | Look::EndLF
        | Look::StartCRLF
        | Look::EndCRLF
        | Look::WordAscii
        | Look::WordAsciiNegate
        | Look::WordUnicode
        | Look::WordUnicodeNegate
        | Look::WordStartAscii
        | Look::WordEndAscii
        | Look::WordStartUnicode
        | Look::WordEndUnicode
        | Look::WordStartHalfAscii
        | Look::WordEndHalfAscii
        | Look::WordStartHalfUnicode
        | Look::WordEndHalfUnicode => Empty::Maybe,
    };
    Head { first: Bytes::NONE, empty }
}

/// Whether `hir` can match without taking a byte.
pub fn is_nullable(hir: &Hir) -> bool {
    hir.properties().minimum_len() == Some(0)
}

/// A stretch of a pattern, for the search of literals.
#[derive(Debug, Clone)]
enum Piece {
    Exact(Vec<u8>),
    /// One of these is in it.
    AnyOf(Vec<Vec<u8>>),
    Gap {
        min: usize,
        max: Option<usize>,
    },
}

/// Literals so alternative are not worth a search.
const MOST_ALTERNATIVES: usize = 8;

/// A set of literals of which every match contains at least one; empty when there is no such set.
pub fn required(hir: &Hir) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    flatten(hir, &mut pieces);
    let sets = joined(pieces).into_iter().filter_map(|piece| match piece {
        Piece::Exact(bytes) => Some(vec![bytes]),
        Piece::AnyOf(set) => Some(set),
        Piece::Gap { .. } => None,
    });
    sets.max_by_key(|set| set_worth(set)).unwrap_or_default()
}

/// A literal that stands at a fixed distance from the start of every match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    pub offset: usize,
    pub bytes: Vec<u8>,
}

/// The first literal behind a prefix of fixed width.
pub fn lead(hir: &Hir) -> Option<Lead> {
    let mut pieces = Vec::new();
    flatten(hir, &mut pieces);
    let mut offset = 0;
    let mut best: Option<Lead> = None;
    for piece in joined(pieces) {
        match piece {
            Piece::Exact(bytes) => {
                let better = best.as_ref().is_none_or(|lead| worth(&lead.bytes) < worth(&bytes));
                offset += bytes.len();
                if better {
                    best = Some(Lead { offset: offset - bytes.len(), bytes });
                }
            }
            Piece::Gap { min, max: Some(max) } if min == max => offset += min,
            Piece::Gap { .. } | Piece::AnyOf(_) => break,
        }
    }
    best
}

fn flatten(hir: &Hir, pieces: &mut Vec<Piece>) {
    let gap = |hir: &Hir| Piece::Gap {
        min: hir.properties().minimum_len().unwrap_or(0),
        max: hir.properties().maximum_len(),
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => pieces.push(Piece::Exact(literal.0.to_vec())),
        HirKind::Class(_) => pieces.push(gap(hir)),
        HirKind::Capture(capture) => flatten(&capture.sub, pieces),
        HirKind::Concat(parts) => parts.iter().for_each(|part| flatten(part, pieces)),
        HirKind::Repetition(repetition) if repetition.min == 0 => pieces.push(gap(hir)),
        HirKind::Repetition(repetition) => {
            // What is repeated stands there at least once; more of it is as good as unknown.
            flatten(&repetition.sub, pieces);
            if repetition.max != Some(1) {
                pieces.push(Piece::Gap { min: 0, max: None });
            }
        }
        HirKind::Alternation(parts) => {
            let sets: Vec<_> = parts.iter().map(required).collect();
            let known = sets.iter().all(|set| !set.is_empty());
            let mut union: Vec<_> = sets.into_iter().flatten().collect();
            union.sort();
            union.dedup();
            match known && union.len() <= MOST_ALTERNATIVES {
                true => pieces.push(Piece::AnyOf(union)),
                false => pieces.push(gap(hir)),
            }
        }
    }
}

/// Joins the literals that stand side by side.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Exact(head)), Piece::Exact(tail)) => head.extend(tail),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

fn set_worth(set: &[Vec<u8>]) -> u32 {
    set.iter().map(|literal| worth(literal)).min().unwrap_or(0) / set.len().max(1) as u32
}

/// How much a literal narrows a search: long and rare is best.
pub fn worth(literal: &[u8]) -> u32 {
    literal.iter().take(16).map(|&b| rarity(b)).sum()
}

/// How seldom a byte is met in logs, roughly.
pub fn rarity(byte: u8) -> u32 {
    match byte {
        b' ' | b'0' => 2,
        b'1'..=b'9' | b'.' | b'e' | b't' | b'a' | b'o' | b'n' | b'i' | b's' | b'r' | b'l' => 3,
        b'c' | b'd' | b'm' | b'p' | b'u' | b'g' | b':' | b',' | b'/' | b'-' | b'_' => 4,
        b'a'..=b'z' | b'=' | b'[' | b']' | b'\'' | b'"' | b'(' | b')' => 5,
        b'A'..=b'Z' => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::parse;
    use super::*;

    fn literals(pattern: &str) -> Vec<String> {
        let hir = parse(pattern).expect("valid").hir;
        required(&hir).into_iter().map(|literal| String::from_utf8(literal).expect("text")).collect()
    }

    #[test]
    fn the_best_literal_is_found_wherever_it_stands() {
        for (pattern, literal) in [
            (r"Step: (?P<s>\d+), Loss: (?P<l>[\d.]+)", vec![", Loss: "]),
            (r"(?P<ts>\S+) INFO (step=)(?P<s>\d+)", vec![" INFO step="]),
            (r"(?:train|val) loss \d", vec![" loss "]),
            (r"(?:train|valid)\d", vec!["train", "valid"]),
            (r"(?:ab){2,}x?", vec!["ab"]),
            (r"\d+ ?(?:abc)?", vec![]),
            (r"(?i)loss", vec![]),
            (r"(?:a|\d)", vec![]),
        ] {
            assert_eq!(literal, literals(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_lead_stands_at_a_fixed_distance() {
        let lead = |pattern: &str| lead(&parse(pattern).expect("valid").hir).map(|lead| (lead.offset, lead.bytes));

        assert_eq!(Some((0, b"Step: ".to_vec())), lead(r"Step: \d+, Loss"));
        assert_eq!(Some((5, b" INFO step=".to_vec())), lead(r"\d\d:\d\d INFO step=\d+ loss"));
        assert_eq!(None, lead(r"\d+ INFO"));
    }

    #[test]
    fn heads_say_what_may_come_first() {
        let hir = parse(r"(?:a|b*)c?").expect("valid").hir;

        let head = head(&hir, Head { first: Bytes::of(b"z"), empty: Empty::AtEnd });

        assert_eq!(Head { first: Bytes::of(b"abcz"), empty: Empty::AtEnd }, head);
    }
}
