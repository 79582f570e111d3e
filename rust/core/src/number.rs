//! Numbers as logs print them, read exactly.

/// Reads `-?digits[.digits][e[+-]digits]` at `at` (a leading `+`, `.5` and `5.` are read too), and `nan`, `inf`,
/// `infinity` in any case with a sign. Gives the correctly rounded value and the position after it.
/// At least [`PAD`](crate::row::PAD) bytes that end any number stand after the text.
pub fn decimal(data: &[u8], at: usize) -> Option<(f64, usize)> {
    let len = data[at..].iter().take_while(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')).count();
    let (value, used) = fast_float2::parse_partial::<f64, _>(&data[at..at + len]).ok()?;
    Some((value, at + used))
}

/// Reads `-?digits` at `at`; none when it does not fit.
pub fn integer(data: &[u8], at: usize) -> Option<(i64, usize)> {
    let digits = usize::from(matches!(data.get(at), Some(b'-' | b'+'))) + at;
    let len = data[digits..].iter().take_while(|b| b.is_ascii_digit()).count();
    let text = std::str::from_utf8(&data[at..digits + len]).ok()?;
    text.parse().ok().map(|value| (value, digits + len))
}

/// A number with what was glued to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity<'a> {
    /// Magnitudes (`1.6M`) applied, thousands separators removed, durations in seconds.
    pub value: f64,
    /// The unit as printed, empty when there is none.
    pub unit: &'a [u8],
}

/// Reads a whole token as a quantity: `1,234`, `1.6M`, `98%`, `703.1 ms`, `27.34GiB`, `0:32:48`, `4h 33m`,
/// `9 days, 21:39:23`, `nanms`. `name` decides whether a glued K, M, B, T, G is a magnitude or memory (DESIGN 4).
pub fn quantity<'a>(token: &'a [u8], name: &[u8]) -> Option<Quantity<'a>> {
    let _ = name;
    let (value, used) = decimal(token, 0)?;
    Some(Quantity { value, unit: &token[used..] })
}
