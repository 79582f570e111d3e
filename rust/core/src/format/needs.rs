//! The literals without which no line is of a format, and where they next stand.

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;
use memchr::memmem;

/// Literals of a format; a line with none of them is of no rule.
#[derive(Debug)]
pub enum Needs {
    /// Nothing is known: any line may be of a rule.
    Unknown,
    One(Box<memmem::Finder<'static>>),
    Few(Box<Searcher>),
    Many(Box<AhoCorasick>),
}

impl Needs {
    pub fn new(literals: &[String]) -> Needs {
        match literals {
            [] => Needs::Unknown,
            [one] => Needs::One(Box::new(memmem::Finder::new(one.as_bytes()).into_owned())),
            more => match Searcher::new(more) {
                Some(searcher) => Needs::Few(Box::new(searcher)),
                None => AhoCorasick::new(more).map_or(Needs::Unknown, |automaton| Needs::Many(Box::new(automaton))),
            },
        }
    }

    pub fn are_known(&self) -> bool {
        match self {
            Needs::Unknown => false,
            Needs::One(_) | Needs::Few(_) | Needs::Many(_) => true,
        }
    }

    /// Where one of them stands first at or after `from`; `from` itself, if none is known.
    #[inline]
    pub fn next(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let rest = bytes.get(from..)?;
        let at = match self {
            Needs::Unknown => (!rest.is_empty()).then_some(0),
            Needs::One(finder) => finder.find(rest),
            Needs::Few(searcher) => searcher.find(rest).map(|found| found.start()),
            Needs::Many(automaton) => automaton.find(rest).map(|found| found.start()),
        };
        at.map(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_literal_is_found_whatever_their_number() {
        let words = |count: usize| (0..count).map(|n| format!("word{n:03} ")).collect::<Vec<_>>();
        let text = b"some noise word000 and more";
        for count in [1, 2, 5, 100, 300] {
            let needs = Needs::new(&words(count));
            assert_eq!(Some(11), needs.next(text, 0), "{count}");
            assert_eq!(None, needs.next(text, 12), "{count}");
        }
        assert_eq!(Some(3), Needs::new(&[]).next(text, 3));
        assert_eq!(None, Needs::new(&[]).next(text, text.len()));
    }
}
