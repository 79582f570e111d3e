//! Runs of digits, eight bytes at a time.

pub const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// Dots, where digits are written as their values.
pub const DOTS: u64 = u64::from_le_bytes([b'.' ^ b'0'; 8]);

/// More digits than this may not fit 64 bits.
const EXACT: usize = 19;

/// Beyond any exponent a finite number other than zero can have, and short of overflow.
const HUGE: i64 = 1 << 40;

/// Repeats a block with a constant counted up.
macro_rules! unrolled {
    ($n:ident in [$($value:literal)*] $body:block) => { $({ const $n: usize = $value; $body })* };
}
pub(super) use unrolled;

/// The eight bytes at `at`, the first one lowest.
#[inline]
pub fn first_word(data: &[u8], at: usize) -> Option<u64> {
    data.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The high bit of each byte that is no digit. True up to and with the first byte that is neither digit nor dot;
/// beyond it a carry may lie.
#[inline]
pub fn non_digits(word: u64) -> u64 {
    odd_digits(word ^ ZEROS) & 0x8080_8080_8080_8080
}

/// The same of digits as values; the other bits mean nothing.
#[inline(always)]
pub fn odd_digits(low: u64) -> u64 {
    low.wrapping_add(0x7676_7676_7676_7676) | low
}

/// Whether the byte at `at`, below 8, ends the digits before it.
#[inline(always)]
pub fn is_end(ends: u64, at: usize) -> bool {
    ends & (0x80 << (8 * at)) != 0
}

/// How many digits stand before the first byte that is none; 8 where all are.
#[inline(always)]
pub fn leading(ends: u64) -> usize {
    (ends.trailing_zeros() >> 3) as usize
}

/// The number written by the first `len` bytes of a word, all digits; `len` is at most 7.
#[inline]
pub fn few(word: u64, len: usize) -> u32 {
    // In two steps, as a shift by 64 is none.
    eight(((word ^ ZEROS) << 8) << (56 - 8 * len))
}

/// The number of the digits that are in the first bytes of a word as values, after a shift that leaves no others.
#[inline(always)]
pub fn few_of(digits: u64, shift: u32) -> u32 {
    eight(digits << (shift & 63))
}

/// The number written by the eight bytes of a word, all digits.
#[inline]
pub fn eight_of(word: u64) -> u32 {
    eight(word ^ ZEROS)
}

/// The number of eight digits, each the value of a byte: neighbours become one, three times.
#[inline]
fn eight(digits: u64) -> u32 {
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let high = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(0x000F_4240_0000_0064);
    let low = ((pairs >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(0x0000_2710_0000_0001);
    (high.wrapping_add(low) >> 32) as u32
}

/// A number taken apart: `mantissa * 10^scale`, if the mantissa is `exact`.
pub struct Parts {
    pub mantissa: u64,
    pub scale: i64,
    /// How many digits were written.
    pub count: usize,
    pub exact: bool,
    /// Where the digits end, and the number with its exponent.
    pub digits: usize,
    pub end: usize,
}

/// Takes apart the unsigned number at `start`.
#[inline(always)]
pub fn parts(data: &[u8], start: usize) -> Option<Parts> {
    let (mantissa, dot) = ones(data, start, 0);
    let parts = match data.get(dot) {
        Some(b'.') => parts_on(data, start, dot, dot + 1, mantissa),
        _ => ended(data, start, dot, dot, mantissa),
    };
    Some(parts).filter(|parts| parts.count > 0)
}

/// The same, where the dot is known and the digits before `at` are read.
#[inline(always)]
pub fn parts_on(data: &[u8], start: usize, dot: usize, at: usize, mantissa: u64) -> Parts {
    let (mantissa, end) = eights(data, at, mantissa);
    ended(data, start, dot, end, mantissa)
}

#[inline(always)]
fn ended(data: &[u8], start: usize, dot: usize, end: usize, mantissa: u64) -> Parts {
    let fraction = end.saturating_sub(dot + 1);
    let count = dot - start + fraction;
    let exact = count <= EXACT || count - leading_zeros(&data[start..end]) <= EXACT;
    let (exponent, whole_end) = exponent(data, end);
    Parts { mantissa, scale: exponent - fraction as i64, count, exact, digits: end, end: whole_end }
}

/// Appends the digits at `at` to a mantissa that may wrap around; quick for few digits, whose number seldom changes.
#[inline(always)]
fn ones(data: &[u8], mut at: usize, mut mantissa: u64) -> (u64, usize) {
    while let Some(digit) = data.get(at).filter(|b| b.is_ascii_digit()) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    (mantissa, at)
}

/// The same, quick for many digits, whose number changes from line to line.
#[inline(always)]
fn eights(data: &[u8], mut at: usize, mut mantissa: u64) -> (u64, usize) {
    while let Some(word) = first_word(data, at) {
        let ends = non_digits(word);
        if ends == 0 {
            mantissa = mantissa.wrapping_mul(100_000_000).wrapping_add(u64::from(eight_of(word)));
            at += 8;
            continue;
        }
        // A count, where the other branches guess: the last digits of a long number come and go.
        let len = leading(ends);
        return (mantissa.wrapping_mul(POWERS[len & 15]).wrapping_add(u64::from(few(word, len))), at + len);
    }
    ones(data, at, mantissa)
}

/// Of ten.
pub const POWERS: [u64; 16] = powers();

const fn powers() -> [u64; 16] {
    let mut powers = [1; 16];
    let mut n = 1;
    while n < 16 {
        powers[n] = powers[n - 1] * 10;
        n += 1;
    }
    powers
}

fn leading_zeros(number: &[u8]) -> usize {
    number.iter().take_while(|b| matches!(b, b'0' | b'.')).filter(|&&b| b == b'0').count()
}

/// The exponent at `at` and where it ends; 0 and `at` if there is none.
#[inline]
pub fn exponent(data: &[u8], at: usize) -> (i64, usize) {
    if !matches!(data.get(at), Some(b'e' | b'E')) {
        return (0, at);
    }
    if let Some(value) = first_word(data, at).and_then(two_digits) {
        return (value, at + 4);
    }
    let (negative, start) = sign(data, at + 1);
    let mut value = 0i64;
    let mut end = start;
    while let Some(digit) = data.get(end).filter(|b| b.is_ascii_digit()) {
        if value < HUGE {
            value = value * 10 + i64::from(digit - b'0');
        }
        end += 1;
    }
    if end == start { (0, at) } else { (if negative { -value } else { value }, end) }
}

/// The exponent of a word as nearly all are written: `e-05`.
#[inline]
fn two_digits(word: u64) -> Option<i64> {
    let digit = |at: usize| ((word >> (8 * at)) as u8).wrapping_sub(b'0');
    let (sign, tens, ones, beyond) = ((word >> 8) as u8, digit(2), digit(3), digit(4));
    let usual = matches!(sign, b'-' | b'+') && tens < 10 && ones < 10 && beyond > 9;
    let value = i64::from(tens) * 10 + i64::from(ones);
    usual.then_some(if sign == b'-' { -value } else { value })
}

/// Whether there is a minus at `at`, and where the number begins after the sign, if any.
#[inline]
pub fn sign(data: &[u8], at: usize) -> (bool, usize) {
    match data.get(at) {
        Some(b'-') => (true, at + 1),
        Some(b'+') => (false, at + 1),
        _ => (false, at),
    }
}
