//! Where lines begin and end in a stretch of text that may be cut anywhere, and what breaks them.

use memchr::{memchr2, memrchr, memrchr2};

use crate::source::feed::leading_zeros;

/// From how many NULs on a run of them is a hole. Shorter ones are left in the line.
pub(crate) const HOLE: usize = 256;

/// The end of a number is looked for this far back from where a long line is clipped.
const TOKEN: usize = 256;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) max_line: usize,
    pub(crate) hole: usize,
}

/// The first thing in a text that cannot be handed over as it is, and where its line begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Knot {
    pub(super) line: usize,
    pub(super) kind: KnotKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum KnotKind {
    Hole { at: usize },
    Long,
}

/// The first hole or line too long. A run of NULs at the end may yet become a hole, and is not judged.
pub(super) fn first_knot(text: &[u8], ended: bool, rules: Rules) -> Option<Knot> {
    let hole = first_hole(text, rules.hole);
    let known = hole.unwrap_or(if ended { text.len() } else { text.len() - trailing_zeros(text) });
    if let Some(line) = first_long(&text[..known], rules.max_line) {
        return Some(Knot { line, kind: KnotKind::Long });
    }
    let at = hole?;
    let line = memrchr2(b'\n', b'\r', &text[..at]).map_or(0, |end| end + 1);
    Some(Knot { line, kind: KnotKind::Hole { at: at - line } })
}

/// Looks at every `least`-th byte only: no run that long can stand between two of them.
fn first_hole(text: &[u8], least: usize) -> Option<usize> {
    let mut at = least - 1;
    while at < text.len() {
        if text[at] != 0 {
            at += least;
            continue;
        }
        let start = at - trailing_zeros(&text[..at]);
        let end = at + leading_zeros(&text[at..]);
        if end - start >= least {
            return Some(start);
        }
        at = end + least;
    }
    None
}

fn first_long(text: &[u8], most: usize) -> Option<usize> {
    let mut line = 0;
    while text.len() - line > most {
        match memrchr2(b'\n', b'\r', &text[line..=line + most]) {
            Some(end) => line += end + 1,
            None => return Some(line),
        }
    }
    None
}

fn trailing_zeros(text: &[u8]) -> usize {
    text.iter().rev().take_while(|&&b| b == 0).count()
}

/// The first position, `from` or later, where a line begins; none if it is not known yet.
pub(super) fn next_start(text: &[u8], from: usize, ended: bool) -> Option<usize> {
    if from == 0 {
        return Some(0);
    }
    let end = from - 1 + memchr2(b'\n', b'\r', &text[from - 1..])?;
    after_end(text, end, ended)
}

/// Where the next line begins, after the terminator at `end`. A `\r` whose next byte is not known is not judged.
fn after_end(text: &[u8], end: usize, ended: bool) -> Option<usize> {
    match (text[end], text.get(end + 1)) {
        (b'\r', None) if !ended => None,
        (b'\r', Some(b'\n')) => Some(end + 2),
        _ => Some(end + 1),
    }
}

/// After the last `\n`, or where there is none, after the last `\r` whose next byte is known.
pub(super) fn last_end(text: &[u8]) -> Option<usize> {
    let lone = || memrchr(b'\r', &text[..text.len().saturating_sub(1)]);
    memrchr(b'\n', text).or_else(lone).map(|end| end + 1)
}

/// How the line begun ends.
pub(super) enum End {
    /// With a terminator; the next one begins there.
    Line(usize),
    Hole(usize),
    /// Not in what is there; so much of it surely belongs to the line.
    Unknown(usize),
}

pub(super) fn first_end(text: &[u8], ended: bool, hole: usize) -> End {
    let end = memchr2(b'\n', b'\r', text);
    if let Some(at) = first_hole(&text[..end.unwrap_or(text.len())], hole) {
        return End::Hole(at);
    }
    match end {
        Some(end) => after_end(text, end, ended).map_or(End::Unknown(end), End::Line),
        None => End::Unknown(text.len() - trailing_zeros(text)),
    }
}

/// Where, after the first byte, a line begins, in a text before which `before` NULs stand.
/// Else from where on the text must be looked at again.
pub(super) fn first_start(text: &[u8], before: usize, ended: bool, least: usize) -> Result<usize, usize> {
    let leading = leading_zeros(text);
    if leading == text.len() {
        return Err(leading.saturating_sub(1));
    }
    if leading > 0 && before + leading >= least {
        return Ok(leading);
    }
    match first_end(text, ended, least) {
        End::Line(next) => Ok(next),
        End::Hole(at) => match at + leading_zeros(&text[at..]) {
            start if start < text.len() => Ok(start),
            start => Err(start - 1),
        },
        End::Unknown(keep) => Err(keep.min(text.len() - 1)),
    }
}

/// Where to clip a long line so that no word, and no number, is cut.
pub(super) fn clip_point(line: &[u8]) -> usize {
    let from = line.len().saturating_sub(TOKEN);
    let blank = line[from..].iter().rposition(|b| matches!(b, b' ' | b'\t' | b',' | b';' | b'|'));
    blank.map_or(line.len(), |at| from + at)
}
