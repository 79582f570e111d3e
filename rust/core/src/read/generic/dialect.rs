//! Numbers as other countries write them: `0,5123`, told from lists and thousands by the whole head.

use std::borrow::Cow;

/// Lines of evidence that are enough.
const ENOUGH: usize = 3;

/// Whether commas are decimal points here: some can be nothing else, and next to no number has a point.
pub fn has_decimal_commas(head: &[u8]) -> bool {
    let commas = places(head, b',').filter(|&at| is_fraction(head, at)).count();
    commas >= ENOUGH && commas > 4 * places(head, b'.').count()
}

/// The line with points for such commas.
pub fn with_points(line: &[u8]) -> Cow<'_, [u8]> {
    let commas: Vec<usize> = places(line, b',').filter(|&at| !listed(line, at)).collect();
    if commas.is_empty() {
        return Cow::Borrowed(line);
    }
    let mut points = line.to_vec();
    for at in commas {
        points[at] = b'.';
    }
    Cow::Owned(points)
}

/// Where a mark stands between two digits.
fn places(text: &[u8], mark: u8) -> impl Iterator<Item = usize> {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    memchr::memchr_iter(mark, text).filter(move |&at| at > 0 && digit(at - 1) && digit(at + 1))
}

/// No thousands: other than three digits behind the comma, or a lone zero before it.
fn is_fraction(text: &[u8], at: usize) -> bool {
    let behind = text[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let before = text[..at].iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let zero = before == 1 && text[at - 1] == b'0';
    !listed(text, at) && (behind != 3 || zero)
}

/// One of several numbers with commas between, or the first in a bracket.
fn listed(text: &[u8], at: usize) -> bool {
    let digits = |b: &&u8| b.is_ascii_digit();
    let behind = at + 1 + text[at + 1..].iter().take_while(digits).count();
    let before = at - text[..at].iter().rev().take_while(digits).count();
    let neighbour = before.checked_sub(1).and_then(|k| text.get(k));
    matches!(neighbour, Some(b',' | b'[' | b'(' | b'.')) || matches!(text.get(behind), Some(b',' | b'.' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_are_points_only_where_nothing_else_fits() {
        assert!(has_decimal_commas(b"Verlust 0,5123\nVerlust 0,4\nVerlust 12,25\n"));
        assert!(!has_decimal_commas(b"tokens 1,024\ntokens 2,048\ntokens 4,096\n"));
        assert!(!has_decimal_commas(b"[1,20] loss 0.5\n[1,40] loss 0.4\n[1,60] loss 0.3\n"));
        assert_eq!(&*with_points(b"a 1,234 b 0,5; [1,2]"), b"a 1.234 b 0.5; [1,2]");
    }
}
