//! The commonest shapes of lines, numbers aside: what to show of a log in which nothing was recognised.

use std::collections::HashMap;

use crate::row::Sample;
use crate::text::clean;

/// More lines than this tell nothing new.
const LINES: usize = 20_000;
const SHOWN: usize = 3;
const LONGEST: usize = 120;

/// The commonest line shapes of a text, numbers as `<n>`, commonest first; each with where it first stands.
///
/// ```
/// use fastlogs_core::shapes::commonest;
/// let shapes = commonest(b"took 3 apples\ntook 14 apples\nbye\n");
/// assert_eq!("took <n> apples", shapes[0].text);
/// ```
pub fn commonest(text: &[u8]) -> Vec<Sample> {
    let mut counts: HashMap<String, (usize, u64)> = HashMap::new();
    let mut offset = 0;
    for line in text.split_inclusive(|b| matches!(b, b'\n' | b'\r')).take(LINES) {
        let shape = shape(line);
        if !shape.is_empty() {
            counts.entry(shape).or_insert((0, offset)).0 += 1;
        }
        offset += line.len() as u64;
    }
    let mut ranked: Vec<(String, (usize, u64))> = counts.into_iter().collect();
    ranked.sort_by(|(_, (n, at)), (_, (m, other))| m.cmp(n).then(at.cmp(other)));
    ranked.into_iter().take(SHOWN).map(|(text, (_, offset))| Sample { offset, text }).collect()
}

fn shape(line: &[u8]) -> String {
    let mut cleaned = Vec::new();
    clean(&line[..line.len().min(4 * LONGEST)], &mut cleaned);
    let text = String::from_utf8_lossy(&cleaned);
    let mut shape = String::new();
    let mut in_number = false;
    for c in text.trim().chars().take(LONGEST) {
        let goes_on = c.is_ascii_digit() || in_number && matches!(c, '.' | ',' | ':');
        if goes_on && !in_number {
            shape.push_str("<n>");
        } else if !goes_on {
            shape.push(if c.is_control() { ' ' } else { c });
        }
        in_number = goes_on;
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_tell_shapes_apart() {
        let shapes = commonest(b"a 1\nb\na 22.5\nb\na 1e5\n\n");
        let texts: Vec<&str> = shapes.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(vec!["a <n>", "b", "a <n>e<n>"], texts);
        assert_eq!(4, shapes[1].offset);
    }
}
