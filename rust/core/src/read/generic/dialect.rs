//! Numbers as other countries and languages write them, and names glued to them: told by the whole head.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Lines of evidence that are enough.
const ENOUGH: usize = 3;

/// How a file writes its numbers, where that is not the usual way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialect {
    /// Commas are decimal points: `0,5123`.
    commas: bool,
    /// Exponents begin with another letter: `2.2f-3`, `1.5D+02`.
    exponents: bool,
    /// Names that their numbers are glued to: `loss0.55`.
    glued: BTreeSet<Vec<u8>>,
}

impl Dialect {
    pub fn of(head: &[u8]) -> Dialect {
        Dialect { commas: has_decimal_commas(head), exponents: has_other_exponents(head), glued: glued(head) }
    }

    /// Whether lines are read as they stand.
    pub fn is_plain(&self) -> bool {
        !self.commas && !self.exponents && self.glued.is_empty()
    }

    /// The text in the usual way.
    pub fn plain<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let mut plain = Cow::Borrowed(text);
        if self.commas {
            plain = with_points(text);
        }
        if self.exponents {
            plain = changed(plain, |text| places_of_exponents(text).collect(), b'e');
        }
        if self.glued.is_empty() { plain } else { Cow::Owned(self.apart(&plain)) }
    }

    /// The text with a blank between those names and their numbers.
    fn apart(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + 8);
        let mut from = 0;
        for (name, number) in glues(text).filter(|(name, _)| self.glued.contains(&text[name.0..name.1])) {
            out.extend_from_slice(&text[from..name.1]);
            out.push(b' ');
            from = number;
        }
        out.extend_from_slice(&text[from..]);
        out
    }
}

/// The text with another byte at some places.
fn changed<'t>(text: Cow<'t, [u8]>, places: impl Fn(&[u8]) -> Vec<usize>, byte: u8) -> Cow<'t, [u8]> {
    let places = places(&text);
    if places.is_empty() {
        return text;
    }
    let mut text = text.into_owned();
    for at in places {
        text[at] = byte;
    }
    Cow::Owned(text)
}

/// Whether commas are decimal points here: some can be nothing else, and next to no number has a point.
fn has_decimal_commas(head: &[u8]) -> bool {
    let commas = places(head, b',').filter(|&at| is_fraction(head, at)).count();
    commas >= ENOUGH && commas > 4 * places(head, b'.').count()
}

/// The line with points for such commas.
fn with_points(line: &[u8]) -> Cow<'_, [u8]> {
    let decimal = |line: &[u8]| places(line, b',').filter(|&at| !listed(line, at)).collect();
    changed(Cow::Borrowed(line), decimal, b'.')
}

/// Where a mark stands between two digits.
fn places(text: &[u8], mark: u8) -> impl Iterator<Item = usize> {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    memchr::memchr_iter(mark, text).filter(move |&at| at > 0 && digit(at - 1) && digit(at + 1))
}

/// No thousands: other than three digits behind the comma, or a lone zero before it.
fn is_fraction(text: &[u8], at: usize) -> bool {
    let behind = digits(&text[at + 1..]);
    let before = digits_before(text, at);
    let zero = before == 1 && text[at - 1] == b'0';
    !listed(text, at) && (behind != 3 || zero)
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

fn digits_before(text: &[u8], at: usize) -> usize {
    text[..at].iter().rev().take_while(|b| b.is_ascii_digit()).count()
}

/// One of several numbers with commas between, or the first in a bracket.
fn listed(text: &[u8], at: usize) -> bool {
    let behind = at + 1 + digits(&text[at + 1..]);
    let neighbour = (at - digits_before(text, at)).checked_sub(1).and_then(|k| text.get(k));
    matches!(neighbour, Some(b',' | b'[' | b'(' | b'.')) || matches!(text.get(behind), Some(b',' | b'.' | b']'))
}

fn has_other_exponents(head: &[u8]) -> bool {
    places_of_exponents(head).take(ENOUGH).count() == ENOUGH
}

/// Where an exponent begins with `f`, as in Julia, or with `D` and a sign, as in Fortran.
fn places_of_exponents(text: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr3_iter(b'f', b'D', b'd', text).filter(|&at| is_exponent(text, at))
}

fn is_exponent(text: &[u8], at: usize) -> bool {
    let signed = matches!(text.get(at + 1), Some(b'-' | b'+'));
    let from = at + 1 + usize::from(signed);
    let end = from + digits(&text[from.min(text.len())..]);
    let fraction = digits_before(text, at);
    let point = (at - fraction).checked_sub(1).filter(|&point| text[point] == b'.');
    let pointed = fraction > 0 && point.is_some_and(|point| digits_before(text, point) > 0);
    let ends = text.get(end).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_');
    pointed && ends && (1..=3).contains(&(end - from)) && (text[at] == b'f' || signed)
}

/// The names that different numbers are glued to, some of them fractions that nothing is measured at (`iou0.5 0.8`).
fn glued(head: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut fractions: HashMap<&[u8], HashSet<&[u8]>> = HashMap::new();
    let mut wholes: HashMap<&[u8], HashSet<&[u8]>> = HashMap::new();
    for line in head.split(|b| matches!(b, b'\n' | b'\r')) {
        let mut beside = Vec::new();
        let mut measured = false;
        for (name, from) in glues(line) {
            let end = from + number(&line[from..]);
            let values = if line[from..end].contains(&b'.') { &mut fractions } else { &mut wholes };
            if line[from..end].contains(&b'.') && !is_bound(&line[end..]) {
                measured = true;
                values.entry(&line[name.0..name.1]).or_default().insert(&line[from..end]);
            } else if !line[from..end].contains(&b'.') {
                beside.push((&line[name.0..name.1], &line[from..end]));
            }
        }
        for (name, value) in beside.into_iter().filter(|_| measured) {
            wholes.entry(name).or_default().insert(value);
        }
    }
    let recurs = |values: &HashSet<&[u8]>| values.len() >= ENOUGH;
    let names: BTreeSet<Vec<u8>> = fractions.iter().filter(|(_, v)| recurs(v)).map(|(n, _)| n.to_vec()).collect();
    if names.is_empty() {
        return names;
    }
    let counts = wholes.iter().filter(|(_, v)| recurs(v)).map(|(n, _)| n.to_vec());
    names.into_iter().chain(counts).collect()
}

/// Whether a value stands behind: then the number before it belongs to the name.
fn is_bound(rest: &[u8]) -> bool {
    let next = rest.trim_ascii_start();
    matches!(next.first(), Some(b':' | b'=' | b'0'..=b'9' | b'-' | b'+'))
}

/// The length of `12`, `0.55`, `1e-5`.
fn number(text: &[u8]) -> usize {
    let whole = digits(text);
    let fraction = match text.get(whole) {
        Some(b'.') => 1 + digits(&text[whole + 1..]),
        _ => 0,
    };
    let end = whole + fraction;
    let sign = usize::from(matches!(text.get(end + 1), Some(b'-' | b'+')));
    let exponent = text.get(end + 1 + sign..).map_or(0, digits);
    if matches!(text.get(end), Some(b'e')) && exponent > 0 { end + 1 + sign + exponent } else { end }
}

/// Words of letters with a number right behind and nothing else: where the word stands, and where its number begins.
fn glues(line: &[u8]) -> impl Iterator<Item = ((usize, usize), usize)> {
    let apart = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'|' | b'(' | b'[' | b')' | b']' | b',' | b';');
    let mut from = 0;
    let words = line.split(move |b| apart(b)).map(move |word| {
        let at = from;
        from += word.len() + 1;
        (at, word)
    });
    words.filter_map(|(at, word)| {
        let letters = word.iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
        let rest = word.get(letters..).filter(|rest| letters > 0 && rest.first().is_some_and(u8::is_ascii_digit))?;
        let tail = &rest[number(rest)..];
        let ends = matches!(tail, b"" | b"%" | b"s" | b"ms" | b"." | b":");
        (ends && word[0] != b'_').then_some(((at, at + letters), at + letters))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(head: &str, line: &str) -> String {
        String::from_utf8_lossy(&Dialect::of(head.as_bytes()).plain(line.as_bytes())).into_owned()
    }

    #[test]
    fn commas_are_points_only_where_nothing_else_fits() {
        assert!(has_decimal_commas(b"Verlust 0,5123\nVerlust 0,4\nVerlust 12,25\n"));
        assert!(!has_decimal_commas(b"tokens 1,024\ntokens 2,048\ntokens 4,096\n"));
        assert!(!has_decimal_commas(b"[1,20] loss 0.5\n[1,40] loss 0.4\n[1,60] loss 0.3\n"));
        assert_eq!(&*with_points(b"a 1,234 b 0,5; [1,2]"), b"a 1.234 b 0.5; [1,2]");
    }

    #[test]
    fn exponents_of_other_languages_are_usual_ones() {
        let julia = "loss = 2.3026f0\nloss = 1.9f0\nlr = 1.0f-3\n";
        assert_eq!(plain(julia, "loss = 0.5f-2, 3f2a 1.5f"), "loss = 0.5e-2, 3f2a 1.5f");
        let fortran = "f= 1.5D+00\nf= 1.25D-01\nf= 1.0D-02\n";
        assert_eq!(plain(fortran, "f= 9.4D-05 at 3.2D sites"), "f= 9.4e-05 at 3.2D sites");
        assert!(Dialect::of(b"took 1.5d\ntook 2.5d\nsum 0.5f\n").is_plain());
    }

    #[test]
    fn names_are_parted_from_numbers_that_vary() {
        let head = "e01 loss0.55 acc93.1 f1 0.5\ne02 loss0.45 acc94.2 f1 0.6\ne03 loss0.35 acc95.3 f1 0.7\n";
        assert_eq!(plain(head, "e04 loss0.25 acc95.5 f1 0.8"), "e 04 loss 0.25 acc 95.5 f1 0.8");
        let thresholds = "iou0.5 0.81 iou0.75 0.62 iou0.9 0.3\n";
        assert!(Dialect::of(thresholds.repeat(3).as_bytes()).is_plain());
        assert!(Dialect::of(b"conv1 0.5\nconv2 0.6\nconv3 0.7\nusing torch2.1\n").is_plain());
    }
}
