//! From a mantissa and a power of ten to the nearest f64.

/// Powers of ten that an f64 holds exactly.
pub const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// `10^power`, where an f64 holds it.
pub fn ten(power: u8) -> Option<f64> {
    TENS.get(usize::from(power)).copied()
}

/// `mantissa * 10^scale`, correctly rounded; none where that is hard, and for powers no log is full of.
#[inline]
pub fn nearest(mantissa: u64, scale: i64) -> Option<f64> {
    match usize::try_from(scale.unsigned_abs()).ok().and_then(|power| TENS.get(power)) {
        // Both operands are exact, so the one operation rounds correctly.
        Some(power) if mantissa <= 1 << 53 => {
            // Through i64, which is the cheap conversion.
            let value = mantissa as i64 as f64;
            Some(if scale < 0 { value / power } else { value * power })
        }
        _ => by_product(mantissa, scale),
    }
}

/// 5^q for q from -LOWEST to HIGHEST, its first 128 bits: cut for positive q, rounded up for negative ones.
static FIVES: [u128; LOWEST + HIGHEST + 1] = fives();
const LOWEST: usize = 54;
const HIGHEST: usize = 55;

const fn fives() -> [u128; LOWEST + HIGHEST + 1] {
    let mut table = [0; LOWEST + HIGHEST + 1];
    let mut power = 1u128;
    let mut n = 0;
    while n <= HIGHEST {
        table[LOWEST + n] = power << power.leading_zeros();
        if 0 < n && n <= LOWEST {
            table[LOWEST - n] = reciprocal(power);
        }
        if n < HIGHEST {
            power *= 5;
        }
        n += 1;
    }
    table
}

/// The first 128 bits of 1/divisor, rounded up, by long division; the divisor is no power of two and below 2^127.
const fn reciprocal(divisor: u128) -> u128 {
    let mut quotient = 0u128;
    let mut rest = 1u128;
    while quotient >> 127 == 0 {
        rest <<= 1;
        quotient <<= 1;
        if rest >= divisor {
            rest -= divisor;
            quotient |= 1;
        }
    }
    quotient + 1
}

/// Eisel and Lemire: the product of the mantissa and the first bits of 5^scale nearly always has the 55 bits it takes
/// to round. (Lemire, Number parsing at a gigabyte per second, 2021.)
pub fn by_product(mantissa: u64, scale: i64) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    let five = *FIVES.get(usize::try_from(scale + LOWEST as i64).ok()?)?;
    let shift = mantissa.leading_zeros();
    let product = product(mantissa << shift, five);
    let (high, low) = ((product >> 64) as u64, product as u64);
    if low == u64::MAX && !(-27..=55).contains(&scale) {
        return None;
    }
    let top = high >> 63;
    let mut bits = high >> (top + 9);
    let mut exponent = ((scale * 217_706) >> 16) + 63 + 1023 + top as i64 - i64::from(shift);
    let halfway = low <= 1 && bits & 3 == 1 && bits << (top + 9) == high && (-4..=23).contains(&scale);
    if halfway {
        bits &= !1;
    }
    bits = (bits + (bits & 1)) >> 1;
    if bits == 1 << 53 {
        bits >>= 1;
        exponent += 1;
    }
    (1..2047).contains(&exponent).then(|| f64::from_bits((bits & ((1 << 52) - 1)) | (exponent as u64) << 52))
}

/// The first 128 bits of `mantissa * five`; the lower half of `five` counts only where it could change the rounding.
#[inline]
fn product(mantissa: u64, five: u128) -> u128 {
    let wide = |part: u64| u128::from(mantissa) * u128::from(part);
    let first = wide((five >> 64) as u64);
    if (first >> 64) as u64 & 0x1FF == 0x1FF { first.wrapping_add(wide(five as u64) >> 64) } else { first }
}
