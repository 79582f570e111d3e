//! The law: whatever the text, the value is what the standard library rounds it to.

use super::*;
use crate::row::PAD;
use proptest::prelude::*;

/// The plain reader: the longest prefix that is a number, given to the standard library.
fn oracle(text: &str) -> Option<(f64, usize)> {
    let ends = (1..=text.len()).rev().filter(|&end| text.is_char_boundary(end));
    for end in ends {
        let head = &text[..end];
        let numeric = !head.ends_with(['e', 'E', '+', '-']) && head.bytes().any(|b| b.is_ascii_digit());
        let named = ["nan", "inf", "infinity"].contains(&head.trim_start_matches(['+', '-']).to_lowercase().as_str());
        if (numeric || named)
            && let Ok(value) = head.parse()
        {
            return Some((value, end));
        }
    }
    None
}

fn same(left: Option<(f64, usize)>, right: Option<(f64, usize)>) -> bool {
    match (left, right) {
        (Some((x, i)), Some((y, j))) => i == j && (x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan())),
        (None, None) => true,
        _ => false,
    }
}

/// Reads `text` bare, before zeros as in a block, and away from the start.
fn check(text: &str) {
    let wanted = oracle(text);
    let mut padded = text.as_bytes().to_vec();
    padded.resize(text.len() + PAD, 0);
    let mut shifted = b"x = ".to_vec();
    shifted.extend(&padded);

    let moved = decimal(&shifted, 4).map(|(value, end)| (value, end - 4));
    let counted = Some(counted_pair(&shifted, 4, Forms::ANY)).filter(|&(_, end)| end > 0);
    let counted = counted.map(|(value, end)| (value, end - 4));
    assert!(same(wanted, counted), "{text:?} counted: {counted:?}");
    assert!(same(wanted, decimal(text.as_bytes(), 0)), "{text:?} alone: {:?}", decimal(text.as_bytes(), 0));
    assert!(same(wanted, decimal(&padded, 0)), "{text:?} padded: {:?}", decimal(&padded, 0));
    assert!(same(wanted, moved), "{text:?} moved: {moved:?}");
}

fn check_cuts(text: &str) {
    (0..=text.len()).filter(|&end| text.is_char_boundary(end)).for_each(|end| check(&text[..end]));
}

#[test]
fn the_usual_and_the_odd() {
    for text in [
        "10.4500",
        "34546.05",
        "8.19e-08",
        "0.6931471805599453",
        "1e400",
        "-1e400",
        "1e-400",
        "-0.0",
        "0",
        "-0",
        "+5",
        ".5",
        "5.",
        "5.e3",
        ".",
        "+",
        "-",
        "",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1e-",
        "1E5",
        "1e+05x",
        "1.2.3",
        "5..6",
        "4.9406564584124654e-324",
        "2.2250738585072011e-308",
        "1.7976931348623158e308",
        "9007199254740993",
        "1234567890123456789012345678901234567890",
        "0.0001234567890123456789",
        "00000000000000000000000000000001.5",
        "nan",
        "NaN",
        "nanms",
        "-nan",
        "inf",
        "Infinity",
        "-INFINITY",
        "infinit",
        "info",
        "in",
        "n",
        "12345678",
        "1234567.",
        "12345678.",
        "1234567.8",
        "123456.7e1",
        "1e999999999999999999999",
        "0e999999999999999999999",
        "1:02",
        "12/300",
        "1,234",
        "1_000",
        "0x10",
        "١٢",
        "--5",
        "+-5",
        "1e5.5",
        "1.5e+3e2",
        "99999999.99999999",
    ] {
        check_cuts(text);
    }
}

#[test]
fn a_tie_goes_to_even() {
    for text in ["9007199254740993", "9007199254740993.0", "9007199254740992.5", "9007199254740994.99999999999999999"] {
        check(text);
    }
    check(&format!("9007199254740993.{}1", "0".repeat(400)));
    check(&format!("0.{}1", "0".repeat(400)));
    check(&format!("{}e-400", "1".repeat(400)));
}

#[test]
fn nothing_beyond_the_bytes() {
    for at in [0, 1, 7, 8, 9, usize::MAX] {
        assert_eq!(None, decimal(b"", at));
        assert_eq!(None, integer(b"", at));
    }
    assert_eq!(None, decimal(b"12345678", 8));
    assert_eq!(Some((8.0, 8)), decimal(b"12345678", 7));
}

#[test]
fn integers_fit_or_are_none() {
    for text in ["0", "7", "-7", "+7", "1234567", "12345678", "9223372036854775807", "-9223372036854775808"] {
        let wanted = Some((text.parse().expect("an i64"), text.len()));
        assert_eq!(wanted, integer(text.as_bytes(), 0));
        assert_eq!(wanted, integer(format!("{text}/300         ").as_bytes(), 0));
    }
    for text in ["9223372036854775808", "-9223372036854775809", "", "-", "+", "x", ".5", "nan"] {
        assert_eq!(None, integer(text.as_bytes(), 0), "{text}");
        assert_eq!(None, integer(format!("{text}         ").as_bytes(), 0), "{text}");
    }
}

#[test]
fn plain_is_all_or_nothing() {
    assert_eq!(Some(1.5), plain(b"1.5"));
    assert_eq!(Some(f64::NEG_INFINITY), plain(b"-inf"));
    for token in ["", "1.5 ", " 1.5", "1.5x", "nanms", "1e"] {
        assert_eq!(None, plain(token.as_bytes()), "{token}");
    }
}

proptest! {
    #[test]
    fn short_decimals(text in r"[+-]?[0-9]{0,9}(\.[0-9]{0,9})?([eE][+-]?[0-9]{0,3})?[ ,|%a-z]{0,3}") {
        check(&text);
    }

    #[test]
    fn long_decimals(text in r"-?[0-9]{0,40}\.?[0-9]{0,40}([eE][+-]?[0-9]{1,4})?") {
        check(&text);
    }

    #[test]
    fn many_zeros(text in r"-?0{0,30}[0-9]{0,5}\.?0{0,30}[0-9]{1,20}(e-?[0-9]{1,3})?") {
        check(&text);
    }

    #[test]
    fn reprs(value in any::<f64>()) {
        check(&format!("{value:?}"));
        check(&format!("{value:e}"));
        check(&format!("{value:.17e}"));
        check(&format!("{value:.4}"));
    }

    #[test]
    fn reprs_of_measured_size(value in -1e6f64..1e6, places in 0usize..20) {
        check(&format!("{value:?}"));
        check(&format!("{value:.places$}"));
        check(&format!("{:.places$e}", value / 1e9));
    }

    #[test]
    fn halfway(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
        // The exact decimal expansion of a number halfway between two neighbours.
        let above = f64::from_bits(value.abs().to_bits() + 1);
        if above.is_finite() && (1e-20..1e18).contains(&above) {
            check(&format!("{:.120}", value.abs() / 2.0 + above / 2.0));
        }
    }

    #[test]
    fn denormals(bits in 0u64..1 << 53) {
        check(&format!("{:e}", f64::from_bits(bits)));
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(prop_oneof![
        Just(b'0'), Just(b'.'), Just(b'e'), Just(b'-'), Just(b'+'), Just(b'9'), Just(b'n'), any::<u8>()], 0..24)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        check_cuts(&text);
        for at in 0..bytes.len() + 2 {
            let _ = (decimal(&bytes, at), integer(&bytes, at), plain(&bytes));
        }
    }

    #[test]
    fn products_round_right(mantissa in any::<u64>(), less in 0u32..64, scale in -60i64..60) {
        let mantissa = mantissa >> less;
        if let Some(value) = round::by_product(mantissa, scale) {
            let wanted: f64 = format!("{mantissa}e{scale}").parse().expect("a number");
            prop_assert_eq!(wanted.to_bits(), value.to_bits(), "{}e{}", mantissa, scale);
        }
    }

    #[test]
    fn ties_round_right(half in 1u64 << 53..1 << 54, power in 0u32..24) {
        // 54 bits of which the last is set lie halfway between two neighbours.
        let five = 5u128.pow(power);
        check(&format!("{}e-{power}", u128::from(half | 1) * five));
        check(&format!("{}e{power}", (u128::from(half) / five) | 1));
    }

    #[test]
    fn integers(value in any::<i64>(), shift in 0u32..64) {
        let value = value >> shift;
        let text = format!("{value}x");
        prop_assert_eq!(Some((value, text.len() - 1)), integer(text.as_bytes(), 0));
        prop_assert_eq!(Some((value, text.len() - 1)), integer(format!("{text}        ").as_bytes(), 0));
    }
}

/// What stands where a number is read: the usual forms, the odd ones, and what only begins like a number.
fn written() -> impl Strategy<Value = String> {
    let picked = proptest::sample::select(FORMS.map(|(_, text)| String::from_utf8_lossy(text).into_owned()).to_vec());
    let made = "[-+]?([0-9]{0,10}\\.?[0-9]{0,12}|nan|NaN|inf|infinity)([eE][-+]?[0-9]{0,3})?[x. ]?";
    prop_oneof![picked, made]
}

proptest! {
    #[test]
    fn a_form_asked_for_is_the_form_of_what_was_read(text in written(), bits in any::<u16>(), power in 0u8..13) {
        let mut padded = text.clone().into_bytes();
        padded.resize(text.len() + PAD, 0);
        let forms = Forms::of_bits(bits);
        let asked = |end: usize| Form::of(&padded[..end]).is_some_and(|form| forms.has(form));

        let wanted = decimal(&padded, 0).filter(|&(_, end)| asked(end));
        prop_assert!(same(wanted, formed(&padded, 0, forms)), "{:?}", formed(&padded, 0, forms));
        prop_assert!(same(wanted, formed(text.as_bytes(), 0, forms)), "bare");
        let wanted = shifted(&padded, 0, power, Forms::ANY).filter(|&(_, end)| asked(end));
        prop_assert!(same(wanted, shifted(&padded, 0, power, forms)), "times 10^{power}");
    }

    #[test]
    fn a_shifted_number_is_rounded_once(digits in "[-+]?[0-9]{1,12}(\\.[0-9]{0,6})?", exponent in -9i32..9, power in 0u8..13) {
        let text = format!("{digits}e{exponent} ");
        let (number, _) = text.split_once('e').unwrap_or_default();
        let written: f64 = format!("{number}e{}", exponent + i32::from(power)).parse().unwrap_or(f64::NAN);
        if let Some((value, end)) = shifted(text.as_bytes(), 0, power, Forms::ANY) {
            prop_assert_eq!((written.to_bits(), text.len() - 1), (value.to_bits(), end));
        }
        let plain: f64 = format!("{number}e{power}").parse().unwrap_or(f64::NAN);
        if let Some((value, end)) = shifted(number.as_bytes(), 0, power, Forms::ANY) {
            prop_assert_eq!((plain.to_bits(), number.len()), (value.to_bits(), end));
        }
    }
}
