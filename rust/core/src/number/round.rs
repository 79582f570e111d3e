//! From a mantissa and a power of ten to the nearest f64.

/// Powers of ten that an f64 holds exactly.
pub const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// `mantissa * 10^scale`, correctly rounded; none where that takes more than one operation on exact numbers.
#[inline]
pub fn nearest(mantissa: u64, scale: i64) -> Option<f64> {
    if mantissa > 1 << 53 {
        return None;
    }
    let power = *TENS.get(usize::try_from(scale.unsigned_abs()).ok()?)?;
    // At most 2^53, so the conversion by way of i64, the cheap one, is exact.
    let value = mantissa as i64 as f64;
    Some(if scale < 0 { value / power } else { value * power })
}
