//! What stands at a spot of a line, and what its slot becomes.

use crate::number::{self, Form, Forms};
use crate::row::slot_of;
use crate::time::{self, Stamp};

use super::alike::Alike;

/// What stands at a spot and what its slot becomes. Whoever learns a mould answers for it: any text that the kind
/// accepts there must leave the rest of the line meaning what it meant.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A decimal, to f64 bits.
    Number,
    /// A decimal times a magnitude.
    Scaled(f64),
    /// An integer, to i64.
    Integer,
    /// A decimal that means something else, if the function finds it plausible.
    Mapped(fn(f64) -> Option<u64>),
    /// A dated stamp, to microseconds since 1970; all of a mould's are UTC or none is.
    Stamp { utc: bool },
    /// A clock without a date, to seconds.
    Clock,
    /// A stamp or a clock in this layout only, to what [`Kind::Stamp`] and [`Kind::Clock`] give.
    Alike(Alike),
    /// What stands before `until`, read by a function.
    Token { until: u8, value: fn(&[u8]) -> Option<u64> },
    /// What stands before `until`, kept as text if the function lets it.
    Text { until: u8, fits: fn(&[u8]) -> bool },
    /// A decimal times a power of ten, rounded once, to f64 bits.
    Shifted(u8),
    /// A number in some forms only, of which these are the bits.
    Formed { forms: u16, real: Real },
}

/// What a number in certain forms becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Real {
    Number,
    Integer,
    Shifted(u8),
}

impl Kind {
    /// The same kind of number, in these forms only.
    pub fn only(self, forms: u16) -> Kind {
        match self {
            Kind::Integer => Kind::Formed { forms, real: Real::Integer },
            Kind::Shifted(power) => Kind::Formed { forms, real: Real::Shifted(power) },
            _ => Kind::Formed { forms, real: Real::Number },
        }
    }
}

/// A kind as it is read: the two that are the bulk of any log apart from all others.
#[derive(Debug, Clone, Copy)]
pub(super) enum Read {
    Decimal(Forms),
    Integer(Forms),
    Shifted(Forms, u8),
    Rare(Kind),
}

impl From<Kind> for Read {
    fn from(kind: Kind) -> Read {
        match kind {
            Kind::Number => Read::Decimal(Forms::ANY),
            Kind::Integer => Read::Integer(Forms::ANY),
            Kind::Shifted(power) => Read::Shifted(Forms::ANY, power),
            Kind::Formed { forms, real } => {
                let forms = Forms::of_bits(forms);
                match real {
                    Real::Number => Read::Decimal(forms),
                    Real::Integer => Read::Integer(forms),
                    Real::Shifted(power) => Read::Shifted(forms, power),
                }
            }
            kind => Read::Rare(kind),
        }
    }
}

impl Read {
    /// What a number here becomes, if it is one.
    pub fn real(&self) -> Option<Real> {
        match *self {
            Read::Decimal(_) => Some(Real::Number),
            Read::Integer(_) => Some(Real::Integer),
            Read::Shifted(_, power) => Some(Real::Shifted(power)),
            Read::Rare(_) => None,
        }
    }

    /// The slot and where its text ends, 0 where nothing fits; a text is kept only where it is `wanted`.
    #[inline(always)]
    pub fn value(&self, data: &[u8], at: usize, kept: &mut Vec<u8>, wanted: bool) -> (u64, usize) {
        match *self {
            Read::Decimal(forms) => {
                let (value, end) = number::formed_pair(data, at, forms);
                (slot_of(value), end)
            }
            Read::Integer(forms) => integer(data, at, forms),
            Read::Shifted(forms, power) => shifted(data, at, power, forms),
            Read::Rare(ref kind) => rare(kind, data, at, kept, wanted).unwrap_or_default(),
        }
    }
}

#[inline(always)]
fn integer(data: &[u8], at: usize, forms: Forms) -> (u64, usize) {
    let (value, end) = number::integer_pair(data, at);
    let usual = forms.has(Form::Whole) && data.get(at).is_some_and(u8::is_ascii_digit);
    if usual || signed_fits(data, at, end, forms) { (value as u64, end) } else { (0, 0) }
}

#[inline(never)]
fn signed_fits(data: &[u8], at: usize, end: usize, forms: Forms) -> bool {
    data.get(at..end).is_some_and(|number| forms.take(Form::of(number)))
}

#[inline(never)]
fn shifted(data: &[u8], at: usize, power: u8, forms: Forms) -> (u64, usize) {
    number::shifted(data, at, power, forms).map_or((0, 0), |(value, end)| (slot_of(value), end))
}

#[inline(never)]
fn rare(kind: &Kind, data: &[u8], at: usize, kept: &mut Vec<u8>, wanted: bool) -> Option<(u64, usize)> {
    match *kind {
        Kind::Number | Kind::Integer | Kind::Shifted(_) | Kind::Formed { .. } => {
            Some(Read::from(*kind).value(data, at, kept, wanted)).filter(|&(_, end)| end > 0)
        }
        Kind::Scaled(by) => number::decimal(data, at).map(|(value, end)| (slot_of(value * by), end)),
        Kind::Mapped(of) => number::decimal(data, at).and_then(|(value, end)| Some((of(value)?, end))),
        Kind::Stamp { utc } => match time::stamp(data, at)? {
            (Stamp::Wall { micros, utc: stamped }, end) => (stamped == utc).then_some((micros as u64, end)),
            (Stamp::Clock { .. }, _) => None,
        },
        Kind::Clock => match time::stamp(data, at)? {
            (Stamp::Clock { micros }, end) => Some((slot_of(micros as f64 / 1e6), end)),
            (Stamp::Wall { .. }, _) => None,
        },
        Kind::Alike(ref like) => {
            let len = like.begins(data.get(at..)?)?;
            let (stamp, end) = time::stamp(data, at).filter(|&(_, end)| end == at + len)?;
            let bits = match stamp {
                Stamp::Wall { micros, .. } => micros as u64,
                Stamp::Clock { micros } => slot_of(micros as f64 / 1e6),
            };
            Some((bits, end))
        }
        Kind::Token { until, value } => {
            let token = before(data, at, until)?;
            Some((value(token)?, at + token.len()))
        }
        Kind::Text { until, fits } => {
            let token = before(data, at, until)?;
            let clean = token.is_ascii() || std::str::from_utf8(token).is_ok();
            let bits = if wanted { keep(token, kept) } else { 0 };
            (clean && fits(token)).then_some((bits, at + token.len()))
        }
    }
}

/// What stands before `until`; none where an escape or the end of the line comes first.
fn before(data: &[u8], at: usize, until: u8) -> Option<&[u8]> {
    let rest = data.get(at..)?;
    let len = rest.iter().position(|&b| b == until || b == b'\\' || b < b' ')?;
    (rest[len] == until).then(|| &rest[..len])
}

fn keep(token: &[u8], kept: &mut Vec<u8>) -> u64 {
    let start = kept.len() as u64;
    kept.extend_from_slice(token);
    start << 32 | token.len() as u64
}
