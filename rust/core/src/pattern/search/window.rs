//! Chooses the short byte strings to search for: few, rare, and standing in all literals together.

use memchr::memmem;

use super::super::analyse::rarity;
use super::group::Member;

/// Bytes of a literal that a packed search looks at.
const WINDOW: usize = 4;

/// A window at least so rare may stand for several literals.
const RARE: u32 = 13;

/// A byte string and the literals it stands for.
pub type Part = (Vec<u8>, Vec<Member>);

/// A group of one, with the whole literal as its part.
pub fn alone(literal: &[u8], matcher: usize) -> Part {
    (literal.to_vec(), vec![Member { literal: literal.to_vec(), matcher, offset: 0 }])
}

/// Few short windows that together stand in all literals: the one most literals share first, else each its rarest.
pub fn shared(literals: &[(Vec<u8>, usize)]) -> Vec<Part> {
    let mut left: Vec<&(Vec<u8>, usize)> = literals.iter().collect();
    let mut groups = Vec::new();
    while let Some((literal, _)) = left.first() {
        let width = literal.len().min(WINDOW);
        let window = common_window(&left).unwrap_or_else(|| rarest_window(literal, width).to_vec());
        let offset = |literal: &[u8]| memmem::find(literal, &window);
        let (these, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|(literal, _)| offset(literal).is_some());
        let member = |(literal, matcher): &(Vec<u8>, usize)| Member {
            literal: literal.clone(),
            matcher: *matcher,
            offset: offset(literal).unwrap_or(0),
        };
        let members = these.into_iter().map(member).collect();
        groups.push((window, members));
        left = others;
    }
    groups
}

/// The window that most of the literals share, two at least; the rarest of several.
fn common_window(literals: &[&(Vec<u8>, usize)]) -> Option<Vec<u8>> {
    let mut all: Vec<&[u8]> = Vec::new();
    for (literal, _) in literals {
        let mut windows: Vec<&[u8]> = literal.windows(WINDOW).collect();
        windows.sort();
        windows.dedup();
        all.extend(windows);
    }
    all.sort();
    let runs = all.chunk_by(|a, b| a == b).filter(|run| run.len() > 1 && rareness(run[0]) >= RARE);
    runs.max_by_key(|run| (run.len(), rareness(run[0]))).map(|run| run[0].to_vec())
}

fn rarest_window(literal: &[u8], width: usize) -> &[u8] {
    literal.windows(width.max(1)).max_by_key(|window| rareness(window)).unwrap_or(literal)
}

fn rareness(window: &[u8]) -> u32 {
    window.iter().map(|&b| rarity(b)).sum()
}
