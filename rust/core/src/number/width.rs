//! Numbers written just as wide as the one before: no look for where they end, only a look that they do.

use super::digits::{DOTS, POWERS, ZEROS, few_of, odd_digits};
use super::round;

/// The bytes that are looked at, or may be behind the number.
pub const SPAN: usize = 48;

pub type Span = [u8; SPAN];

/// How a number is written: so many digits, a dot, so many more, perhaps an exponent of two digits.
///
/// That a number is written so says nothing of the byte behind it: whoever asks must see that none of the number's own
/// (a digit, a dot, an `e`) stands there.
#[derive(Debug, Clone, Copy)]
pub struct Width {
    /// The high bits of the bytes, of the first eight, that are digits.
    digits: u64,
    /// The byte that is the dot.
    dot: u64,
    /// The bytes before the dot; all where there is none.
    before: u64,
    /// By how much to shift the digits to the end of a word.
    shift: u32,
    whole: u8,
    fraction: u8,
    /// Without an exponent, and with it.
    plain: u8,
    len: u8,
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Eight bytes at most.
    Short,
    /// More, with a dot: the digits before it in one word, those behind it in another.
    Split,
    /// Eight bytes at most and `e-05`: these two.
    Exponent([u8; 2]),
}

impl Width {
    /// None for what is written in any other way: signed, with a dot at its edge, too long.
    pub fn of(number: &[u8]) -> Option<Width> {
        let (plain, exponent) = match number.iter().position(|b| b.is_ascii_alphabetic()) {
            Some(at) => (&number[..at], Some(exponent_of(&number[at..])?)),
            None => (number, None),
        };
        let whole = plain.iter().take_while(|b| b.is_ascii_digit()).count();
        let fraction = match plain.get(whole..) {
            Some([]) => 0,
            Some([b'.', rest @ ..]) if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) => rest.len(),
            _ => return None,
        };
        let way = match exponent {
            Some(exponent) if plain.len() <= 8 => Way::Exponent(exponent),
            None if plain.len() <= 8 => Way::Short,
            None if whole <= 7 && (1..=8).contains(&fraction) => Way::Split,
            _ => return None,
        };
        (whole > 0).then(|| Width::new(way, (whole, fraction), (plain.len(), number.len())))
    }

    fn new(way: Way, (whole, fraction): (usize, usize), (plain, len): (usize, usize)) -> Width {
        let bytes = |count: usize| u64::MAX.checked_shr(64 - 8 * count.min(8) as u32).unwrap_or(0);
        let dot = if fraction > 0 { bytes(whole + 1) & !bytes(whole) } else { 0 };
        let (first, count) = if way == Way::Split { (whole, whole) } else { (plain, whole + fraction) };
        Width {
            digits: bytes(first) & !dot & HIGH,
            dot,
            before: if way == Way::Split || dot == 0 { u64::MAX } else { bytes(whole) },
            shift: 64 - 8 * count as u32,
            whole: whole as u8,
            fraction: fraction as u8,
            plain: plain as u8,
            len: len as u8,
            way,
        }
    }

    pub fn way(&self) -> Way {
        self.way
    }

    /// How many digits are behind the dot.
    pub fn fraction(&self) -> u8 {
        self.fraction
    }

    /// How long such a number is.
    pub fn bytes(&self) -> usize {
        usize::from(self.len)
    }

    /// The digits of a number in its first eight bytes, if it is written so.
    #[inline(always)]
    pub fn short(&self, span: &Span) -> Option<u64> {
        let low = word(span, 0) ^ ZEROS;
        let odd = (odd_digits(low) & self.digits) | ((low ^ DOTS) & self.dot);
        let squeezed = (low & self.before) | ((low >> 8) & !self.before);
        (odd == 0).then(|| u64::from(few_of(squeezed, self.shift)))
    }

    /// The same of a longer one.
    #[inline(always)]
    pub fn split(&self, span: &Span) -> Option<u64> {
        let whole = self.short(span)?;
        let low = word(span, usize::from(self.whole & 7) + 1) ^ ZEROS;
        let beyond = 64 - 8 * u32::from(self.fraction);
        let fraction = few_of(low, beyond);
        let mantissa = whole * POWERS[usize::from(self.fraction & 15)] + u64::from(fraction);
        ((odd_digits(low) & HIGH) << (beyond & 63) == 0).then_some(mantissa)
    }

    /// The value of one that begins an exponent with these two; none where that is hard.
    #[inline(always)]
    pub fn exponent(&self, span: &Span, begins: [u8; 2], power: u8) -> Option<f64> {
        let mantissa = self.short(span)?;
        let power = i32::from(power) + exponent(word(span, usize::from(self.plain & 15)), begins)?;
        scaled(mantissa, power - i32::from(self.fraction))
    }
}

/// `mantissa * 10^scale`, for mantissas of 15 digits at most; none where one rounding does not give it.
#[inline(always)]
fn scaled(mantissa: u64, scale: i32) -> Option<f64> {
    let power = *round::TENS.get(scale.unsigned_abs() as usize)?;
    // Both are exact.
    let mantissa = mantissa as i64 as f64;
    Some(if scale < 0 { mantissa / power } else { mantissa * power })
}

const HIGH: u64 = 0x8080_8080_8080_8080;

#[inline(always)]
fn word(span: &Span, at: usize) -> u64 {
    span.get(at..at + 8).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// How an exponent of two digits begins.
fn exponent_of(text: &[u8]) -> Option<[u8; 2]> {
    match text {
        [letter @ (b'e' | b'E'), sign @ (b'-' | b'+'), tens, ones]
            if tens.is_ascii_digit() && ones.is_ascii_digit() =>
        {
            Some([*letter, *sign])
        }
        _ => None,
    }
}

/// The exponent of a word that begins so and goes on with two digits.
#[inline(always)]
fn exponent(word: u64, begins: [u8; 2]) -> Option<i32> {
    let low = (word >> 16) ^ ZEROS;
    let odd = ((word ^ u64::from(u16::from_le_bytes(begins))) & 0xFFFF) | (odd_digits(low) & 0x8080);
    let value = (low as i32 & 15) * 10 + ((low >> 8) as i32 & 15);
    (odd == 0).then_some(if begins[1] == b'-' { -value } else { value })
}
