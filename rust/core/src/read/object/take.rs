//! How one leaf of an object is taken: by what its key is for and by what its value is.

use crate::literal::{Leaf, Value, unescape};
use crate::number;
use crate::pattern::mould::Kind as SpotKind;
use crate::read::roles::{self, Clock};
use crate::row::{MISSING, Rows, slot_of};
use crate::time::Stamp;
use crate::types::Holds;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Metric,
    Word,
    Drop,
    Step,
    Epoch,
    Rank,
    Elapsed,
    Time(Clock),
    Split,
}

/// How a leaf is taken, seen from its key and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// Null, or dropped.
    Nothing,
    Number,
    /// A duration between quotes.
    Seconds,
    Text,
    /// Text even where it looks like a number.
    Word,
    /// Text of a key that could have named the kind.
    NoSplit,
    Integer(Holds),
    /// A number that is no metric: the epoch, the seconds.
    Context(Holds),
    Moment(Clock),
    Stamp {
        utc: bool,
    },
    ClockOfDay,
    Split(&'static str),
    /// A number, or a text, where the key promised something else: not to be repeated by a mould.
    OddNumber,
    OddText,
}

impl Take {
    pub fn split(&self) -> Option<&'static str> {
        match self {
            Take::Split(kind) => Some(kind),
            Take::Nothing
            | Take::Number
            | Take::Seconds
            | Take::Text
            | Take::Word
            | Take::NoSplit
            | Take::Integer(_) => None,
            Take::Context(_)
            | Take::Moment(_)
            | Take::Stamp { .. }
            | Take::ClockOfDay
            | Take::OddNumber
            | Take::OddText => None,
        }
    }

    /// Differs where the shape would.
    pub fn code(&self) -> [u8; 2] {
        match self {
            Take::Nothing => [0, 0],
            Take::Number => [1, 0],
            Take::Text => [2, 0],
            Take::Word => [3, 0],
            Take::Integer(holds) => [4, *holds as u8],
            Take::Context(holds) => [5, *holds as u8],
            Take::Moment(clock) => [6, *clock as u8],
            Take::Stamp { utc } => [7, u8::from(*utc)],
            Take::ClockOfDay => [8, 0],
            Take::Split(kind) => [9, kind.as_bytes().get(1).copied().unwrap_or(0)],
            Take::OddNumber => [10, 0],
            Take::OddText => [11, 0],
            Take::NoSplit => [12, 0],
            Take::Seconds => [13, 0],
        }
    }
}

/// The text of a quoted leaf, decoded where it must be.
pub fn quoted<'a>(leaf: &Leaf, data: &'a [u8], decoded: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    let Value::Quoted { escaped, .. } = leaf.value else { return None };
    let raw = data.get(leaf.start..leaf.end)?;
    if !escaped {
        return Some(raw);
    }
    decoded.clear();
    unescape(raw, decoded);
    Some(decoded)
}

pub fn take(role: Role, leaf: &Leaf, text: Option<&[u8]>, data: &[u8], step: Holds) -> Take {
    let number = number_of(leaf, text);
    match (role, text) {
        _ if leaf.value == Value::Null => Take::Nothing,
        (Role::Drop, _) => Take::Nothing,
        (Role::Word, Some(_)) => Take::Word,
        (Role::Metric | Role::Word | Role::Split, None) => Take::Number,
        (Role::Metric, Some(_)) if number.is_some() => Take::Number,
        (Role::Metric, Some(text)) => roles::seconds(text).map_or(Take::Text, |_| Take::Seconds),
        (Role::Split, Some(word)) => roles::kind_of_word(word).map_or(Take::NoSplit, Take::Split),
        (Role::Step, _) => integer_or_odd(leaf, data, number, step),
        (Role::Rank, _) => integer_or_odd(leaf, data, number, Holds::Rank),
        (Role::Epoch, _) => number.map_or(Take::OddText, |_| Take::Context(Holds::Epoch)),
        (Role::Elapsed, _) => number.map_or(Take::OddText, |_| Take::Context(Holds::Elapsed)),
        (Role::Time(Clock::Stamp), Some(text)) => match roles::whole_stamp(text) {
            Some(Stamp::Wall { utc, .. }) => Take::Stamp { utc },
            Some(Stamp::Clock { .. }) => Take::ClockOfDay,
            None => odd(number),
        },
        (Role::Time(clock), _) => match number.and_then(|value| clock.micros(value)) {
            Some(_) => Take::Moment(clock),
            None => odd(number),
        },
    }
}

fn odd(number: Option<f64>) -> Take {
    if number.is_some() { Take::OddNumber } else { Take::OddText }
}

fn integer_or_odd(leaf: &Leaf, data: &[u8], number: Option<f64>, holds: Holds) -> Take {
    match whole(leaf, data, number) {
        Some(_) => Take::Integer(holds),
        None => odd(number),
    }
}

/// A leaf as a number: printed, between quotes, or a flag.
fn number_of(leaf: &Leaf, text: Option<&[u8]>) -> Option<f64> {
    match leaf.value {
        Value::Number(value) => Some(value),
        Value::Flag(flag) => Some(f64::from(u8::from(flag))),
        Value::Null => None,
        Value::Quoted { .. } => text.and_then(roles::numeric_text),
    }
}

/// A leaf as an integer, exact where it is written as one.
fn whole(leaf: &Leaf, data: &[u8], number: Option<f64>) -> Option<i64> {
    match leaf.value {
        Value::Number(_) | Value::Quoted { escaped: false, .. } => {
            written_whole(leaf, data).or_else(|| rounded(number?))
        }
        Value::Flag(_) | Value::Null | Value::Quoted { escaped: true, .. } => None,
    }
}

fn written_whole(leaf: &Leaf, data: &[u8]) -> Option<i64> {
    number::integer(data, leaf.start).filter(|&(_, end)| end == leaf.end).map(|(value, _)| value)
}

/// `10.0` is a step too.
pub fn rounded(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

/// Integers below this are exact as f64.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub fn bits(take: Take, leaf: &Leaf, data: &[u8], decoded: &mut Vec<u8>, rows: &mut Rows) -> u64 {
    let text = quoted(leaf, data, decoded);
    let number = number_of(leaf, text);
    let stamp = text.and_then(roles::whole_stamp);
    match (take, stamp) {
        (Take::Nothing | Take::Split(_), _) => MISSING,
        (Take::Number | Take::OddNumber | Take::Context(_), _) => number.map_or(MISSING, slot_of),
        (Take::Seconds, _) => text.and_then(roles::seconds).map_or(MISSING, slot_of),
        (Take::Text | Take::Word | Take::NoSplit | Take::OddText, _) => keep_text(text.unwrap_or_default(), rows),
        (Take::Integer(_), _) => whole(leaf, data, number).map_or(MISSING, |value| value as u64),
        (Take::Moment(clock), _) => number.and_then(|value| clock.micros(value)).unwrap_or(MISSING),
        (Take::Stamp { .. }, Some(Stamp::Wall { micros, .. })) => micros as u64,
        (Take::ClockOfDay, Some(Stamp::Clock { micros })) => slot_of(micros as f64 / 1e6),
        (Take::Stamp { .. } | Take::ClockOfDay, _) => MISSING,
    }
}

fn keep_text(text: &[u8], rows: &mut Rows) -> u64 {
    rows.seen.recoded += u64::from(std::str::from_utf8(text).is_err());
    rows.keep_text(text)
}

/// What a mould does where this leaf stands: nothing where the bytes must be the same; none if it cannot be.
pub fn spot_kind(take: Take, leaf: &Leaf) -> Option<Option<SpotKind>> {
    let (is_quoted, until) = match leaf.value {
        Value::Flag(_) | Value::Null => return Some(None),
        Value::Quoted { escaped: true, .. } => return None,
        Value::Quoted { quote, .. } => (true, quote),
        Value::Number(_) => (false, b','),
    };
    let any: fn(&[u8]) -> bool = |_| true;
    let text = |fits| Some(Some(SpotKind::Text { until, fits }));
    match take {
        Take::Split(_) => Some(None),
        Take::OddNumber | Take::OddText => None,
        Take::Word => text(any),
        Take::Nothing if is_quoted => text(any),
        Take::Text => text(|text| roles::numeric_text(text).is_none() && roles::seconds(text).is_none()),
        Take::Seconds => {
            let value = |text: &[u8]| match roles::numeric_text(text) {
                Some(_) => None,
                None => roles::seconds(text).map(slot_of),
            };
            Some(Some(SpotKind::Token { until, value }))
        }
        Take::NoSplit => text(|text| roles::kind_of_word(text).is_none()),
        Take::Number | Take::Context(_) if is_quoted => {
            let value = |text: &[u8]| roles::numeric_text(text).map(slot_of);
            Some(Some(SpotKind::Token { until, value }))
        }
        Take::Number | Take::Context(_) | Take::Nothing => Some(Some(SpotKind::Number)),
        Take::Integer(_) => Some(Some(SpotKind::Integer)),
        Take::Moment(clock) => Some(Some(SpotKind::Mapped(clock.mapping()))),
        Take::Stamp { utc } => Some(Some(SpotKind::Stamp { utc })),
        Take::ClockOfDay => Some(Some(SpotKind::Clock)),
    }
}
