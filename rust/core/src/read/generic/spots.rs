//! Which parts of a line a mould may leave open, so that what it reads is what the slow path would read.

use super::prefix::Prefix;
use super::recipe::Fill;
use super::token::{Kind, Token};
use super::words;
use crate::number;
use crate::pattern::mould::{Kind as SpotKind, Spot};
use crate::row::slot_of;
use crate::time::Stamp;
use crate::types::Shape;

/// A row as the slow path filled it.
pub struct Made<'a> {
    pub text: &'a [u8],
    pub tokens: &'a [Token],
    pub prefix: &'a Prefix,
    /// By token.
    pub fills: &'a [(u32, Fill)],
    pub literals: &'a [u32],
    pub asked: &'a [u32],
    pub stamp: Option<usize>,
    pub shape: &'a Shape,
}

/// The spots of a line, in order; none where a number might, by its neighbours, be read as something else.
pub fn spots(made: &Made<'_>) -> Option<Vec<Spot>> {
    let mut spots: Vec<Spot> = stamp(made)?.into_iter().collect();
    for (k, token) in made.tokens.iter().enumerate() {
        match token.kind {
            Kind::Number if made.literals.contains(&(k as u32)) => {}
            Kind::Number => spots.push(number_spot(made, k, token)?),
            Kind::Clock | Kind::Junk | Kind::Bar => return None,
            Kind::Word | Kind::Text | Kind::Key | Kind::Absent | Kind::Blank | Kind::Wide | Kind::Mark(_) => {}
        }
    }
    let apart = spots.windows(2).all(|pair| separate(made.text, &pair[0], &pair[1]));
    (apart && !triple(made.text, &spots)).then_some(spots)
}

fn stamp(made: &Made<'_>) -> Option<Option<Spot>> {
    let Some((stamp, (start, end))) = made.prefix.stamp else { return Some(None) };
    let kind = match stamp {
        Stamp::Wall { utc, .. } => SpotKind::Stamp { utc },
        Stamp::Clock { .. } => SpotKind::Clock,
    };
    (start < end).then_some(Some(Spot { start, end, slot: made.stamp, kind }))
}

fn number_spot(made: &Made<'_>, k: usize, token: &Token) -> Option<Spot> {
    let (start, end) = (token.start as usize, token.end as usize);
    let fill = made.fills.iter().find(|(at, _)| *at as usize == k).map(|(_, fill)| fill);
    let slot = fill.map(|fill| fill.slot as usize);
    let unit = std::str::from_utf8(token.unit(made.text)).ok()?;
    let plain = number::decimal(made.text, start).is_some_and(|(_, used)| used == end);
    if !plain || !lone(made.text, start) || !(unit.is_empty() || words::unit(unit)) {
        return None;
    }
    let kind = match fill {
        Some(fill) if fill.whole && unit.is_empty() => SpotKind::Integer,
        Some(fill) if fill.whole => return None,
        Some(fill) => measure(made, token, unit, &made.shape.fields[fill.slot as usize].printed)?,
        None => SpotKind::Mapped(finite),
    };
    let kind = match kind {
        SpotKind::Number if !unit.is_empty() || !bound(made.tokens, k) => SpotKind::Mapped(finite),
        kind => kind,
    };
    let asked = made.asked.contains(&(k as u32));
    let kind = match kind {
        SpotKind::Number | SpotKind::Mapped(_) if asked => as_printed(made, token)?,
        SpotKind::Token { .. } if asked => return None,
        kind => kind,
    };
    Some(Spot { start, end, slot, kind })
}

/// A magnitude is applied unless the name speaks of memory; any other unit leaves the number as it is.
fn measure(made: &Made<'_>, token: &Token, unit: &str, name: &str) -> Option<SpotKind> {
    let whole = made.text.get(token.start as usize..token.tail as usize)?;
    let kept = number::quantity(whole, name.as_bytes())?.unit;
    match kept == unit.as_bytes() {
        true => Some(SpotKind::Number),
        false => Some(SpotKind::Token { until: *unit.as_bytes().first()?, value: scaled(unit)? }),
    }
}

/// Whole numbers only where this is one, and else none.
fn as_printed(made: &Made<'_>, token: &Token) -> Option<SpotKind> {
    if !token.is_whole(made.text) {
        return Some(SpotKind::Mapped(of_part));
    }
    Some(SpotKind::Token { until: *made.text.get(token.end as usize)?, value: of_digits })
}

/// What can be no whole number, however it is printed.
fn of_part(value: f64) -> Option<u64> {
    (value.is_finite() && value.fract() != 0.0).then(|| slot_of(value))
}

/// Digits alone, as a value.
fn of_digits(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    number::decimal(text, 0).filter(|(_, used)| digits && *used == text.len()).map(|(value, _)| slot_of(value))
}

/// Where a `nan` may be a word or bear a unit it is left to the slow path.
fn finite(value: f64) -> Option<u64> {
    value.is_finite().then(|| slot_of(value))
}

/// Whether a colon or an equals sign binds the number, so that `nan` is one too.
fn bound(tokens: &[Token], k: usize) -> bool {
    let before = tokens[..k].iter().rev().find(|t| !t.is_blank());
    before.is_some_and(|t| t.is(b':') || t.is(b'='))
}

type Value = fn(&[u8]) -> Option<u64>;

fn scaled(unit: &str) -> Option<Value> {
    match unit {
        "K" => Some(|t| with_unit(t, b"K")),
        "k" => Some(|t| with_unit(t, b"k")),
        "M" => Some(|t| with_unit(t, b"M")),
        "B" => Some(|t| with_unit(t, b"B")),
        "T" => Some(|t| with_unit(t, b"T")),
        _ => None,
    }
}

/// A number with its magnitude, as the slow path reads it where the name speaks of no memory.
fn with_unit(digits: &[u8], unit: &[u8]) -> Option<u64> {
    let mut token = [0u8; 32];
    let len = digits.len();
    let plain = number::decimal(digits, 0).is_some_and(|(v, used)| used == len && v.is_finite());
    if !plain || len + 1 > token.len() {
        return None;
    }
    token[..len].copy_from_slice(digits);
    token[len] = *unit.first()?;
    number::quantity(&token[..=len], b"").map(|q| slot_of(q.value))
}

/// Nothing stands right before a number that a sign could belong to, or a word go on from.
fn lone(text: &[u8], start: usize) -> bool {
    match start.checked_sub(1).map(|k| text[k]) {
        None => true,
        Some(before) => matches!(before, b' ' | b'\t' | b':' | b'=' | b'(' | b'[' | b'/' | b',' | b'|' | b'<' | b'"'),
    }
}

/// What stands between two numbers makes no date, clock or thousands of them.
fn separate(text: &[u8], one: &Spot, next: &Spot) -> bool {
    text.get(one.end..next.start)
        .is_some_and(|between| !between.is_empty() && !matches!(between, b":" | b"-" | b"." | b","))
}

/// `12/30/2024`: three numbers that may be a date.
fn triple(text: &[u8], spots: &[Spot]) -> bool {
    let slash = |a: &Spot, b: &Spot| text.get(a.end..b.start) == Some(b"/");
    spots.windows(3).any(|three| slash(&three[0], &three[1]) && slash(&three[1], &three[2]))
}
