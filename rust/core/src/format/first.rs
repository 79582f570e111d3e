//! Which bytes a match can begin with: what lets a line be refused by one look.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A set of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes([bool; 256]);

impl Bytes {
    const NONE: Bytes = Bytes([false; 256]);
    const ALL: Bytes = Bytes([true; 256]);

    #[inline]
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    fn add(&mut self, other: &Bytes) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }

    fn only(byte: u8) -> Bytes {
        let mut bytes = Bytes::NONE;
        bytes.0[usize::from(byte)] = true;
        bytes
    }
}

/// The bytes a line can begin with that the pattern matches; all, where it may begin anywhere or match nothing.
pub fn first_bytes(pattern: &Hir) -> Bytes {
    let anchored = pattern.properties().look_set_prefix().contains(regex_syntax::hir::Look::Start);
    match begin(pattern) {
        (bytes, false) if anchored => bytes,
        _ => Bytes::ALL,
    }
}

/// The first bytes, and whether the expression can also match without taking a byte.
fn begin(hir: &Hir) -> (Bytes, bool) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (Bytes::NONE, true),
        HirKind::Literal(literal) => literal.0.first().map_or((Bytes::NONE, true), |&b| (Bytes::only(b), false)),
        HirKind::Class(class) => (of_class(class), false),
        HirKind::Capture(capture) => begin(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (bytes, empty) = begin(&repetition.sub);
            (bytes, empty || repetition.min == 0)
        }
        HirKind::Concat(parts) => {
            let mut bytes = Bytes::NONE;
            for part in parts {
                let (more, empty) = begin(part);
                bytes.add(&more);
                if !empty {
                    return (bytes, false);
                }
            }
            (bytes, true)
        }
        HirKind::Alternation(parts) => {
            parts.iter().map(begin).fold((Bytes::NONE, false), |(mut all, any), (one, empty)| {
                all.add(&one);
                (all, any || empty)
            })
        }
    }
}

fn of_class(class: &Class) -> Bytes {
    let Class::Bytes(class) = class else { return Bytes::ALL };
    let mut bytes = Bytes::NONE;
    for range in class.ranges() {
        (range.start()..=range.end()).for_each(|b| bytes.add(&Bytes::only(b)));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Matcher, Wants};

    fn first_of(pattern: &str) -> Bytes {
        first_bytes(Matcher::new(pattern, |_| Wants::Skip).unwrap().tree())
    }

    fn listed(pattern: &str) -> String {
        let bytes = first_of(pattern);
        (b' '..=b'~').filter(|&b| bytes.has(b)).map(char::from).collect()
    }

    #[test]
    fn first_bytes_are_those_a_match_can_begin_with() {
        assert_eq!("S", listed("^Step: "));
        assert_eq!(" [", listed(r"^ *\[Validation\]"));
        assert_eq!("-0123456789", listed("^(?P<rank>-?[0-9]+): "));
        assert_eq!("SW", listed("^(?:Warm|Step)"));
    }

    #[test]
    fn a_pattern_that_may_begin_anywhere_refuses_no_byte() {
        assert_eq!(Bytes::ALL, first_of("Step: "));
        assert_eq!(Bytes::ALL, first_of("^a*"));
        assert_eq!(Bytes::ALL, first_of("^(?u:[█▏])"));
    }
}
