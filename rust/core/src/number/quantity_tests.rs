//! Every form of a quantity, and the law that none is read as another number.

use super::*;
use proptest::prelude::*;

fn read<'a>(token: &'a str, name: &str) -> Option<(f64, &'a str)> {
    let found = quantity(token.as_bytes(), name.as_bytes())?;
    Some((found.value, std::str::from_utf8(found.unit).expect("a unit is text")))
}

#[test]
fn quantities_of_every_form() {
    for (token, value, unit) in [
        ("5", 5.0, ""),
        ("+5", 5.0, ""),
        (" 5 ", 5.0, ""),
        (".5", 0.5, ""),
        ("5.", 5.0, ""),
        ("-1.5e-3", -1.5e-3, ""),
        ("1,234", 1234.0, ""),
        ("1,234.5", 1234.5, ""),
        ("-12,345,678.25", -12_345_678.25, ""),
        ("1,234 tok/s", 1234.0, "tok/s"),
        ("1,234ms", 1234.0, "ms"),
        ("1,234K", 1_234_000.0, ""),
        ("1.6M", 1_600_000.0, ""),
        ("4.35K", 4350.0, ""),
        ("10k", 10_000.0, ""),
        ("7B", 7e9, ""),
        ("1.4T", 1.4e12, ""),
        ("-2K", -2000.0, ""),
        ("76K tok/s", 76_000.0, "tok/s"),
        ("1.23kit/s", 1230.0, "it/s"),
        ("2.5Mtok/s", 2.5e6, "tok/s"),
        ("1.6 M", 1.6, "M"),
        ("27.34GiB", 27.34, "GiB"),
        ("27.34 GiB", 27.34, "GiB"),
        ("12GB", 12.0, "GB"),
        ("3.1Mb", 3.1, "Mb"),
        ("4.5G", 4.5, "G"),
        ("1.5Gb", 1.5, "Gb"),
        ("300MB/s", 300.0, "MB/s"),
        ("98%", 98.0, "%"),
        ("98 %", 98.0, "%"),
        ("703.1 ms", 703.1, "ms"),
        ("703.1ms", 703.1, "ms"),
        ("0.726 sec", 0.726, "sec"),
        ("7.59025 samples/s", 7.59025, "samples/s"),
        ("0.83x", 0.83, "x"),
        ("18.66it/s", 18.66, "it/s"),
        ("1.5µs", 1.5, "µs"),
        ("120.5 TFLOP/s/GPU", 120.5, "TFLOP/s/GPU"),
        ("12.5 sequences/second", 12.5, "sequences/second"),
        ("4h", 4.0, "h"),
        ("5 minutes", 5.0, "minutes"),
        ("1e3ms", 1000.0, "ms"),
        ("inf", f64::INFINITY, ""),
        ("-inf", f64::NEG_INFINITY, ""),
        ("inf ms", f64::INFINITY, "ms"),
        ("Infinity", f64::INFINITY, ""),
    ] {
        assert_eq!(Some((value, unit)), read(token, "loss"), "{token}");
    }
    for (token, unit) in [("nan", ""), ("NaN", ""), ("nanms", "ms"), ("nan%", "%"), ("-nan tok/s", "tok/s")] {
        let (value, found) = read(token, "loss").expect(token);
        assert!(value.is_nan() && found == unit, "{token}");
    }
}

#[test]
fn a_magnitude_of_memory_is_a_unit() {
    for (token, value, unit) in [("1.6M", 1.6, "M"), ("80K", 80.0, "K"), ("5B", 5.0, "B"), ("2T", 2.0, "T")] {
        assert_eq!(Some((value, unit)), read(token, "GPU Mem"), "{token}");
    }
    assert_eq!(Some((1.6e6, "")), read("1.6M", "params"));
}

#[test]
fn durations_are_seconds() {
    for (token, seconds) in [
        ("0:32:48", 1968.0),
        ("01:02:03.5", 3723.5),
        ("12:34", 754.0),
        ("00:05.25", 5.25),
        ("75:12", 4512.0),
        ("123:00:01", 442_801.0),
        ("-0:01", -1.0),
        ("4h 33m", 16_380.0),
        ("4h33m", 16_380.0),
        ("4h 33m 53s", 16_433.0),
        ("1m 20s", 80.0),
        ("1m20.5s", 80.5),
        ("2d 3h", 183_600.0),
        ("1s 20ms", 1.02),
        ("9 days, 21:39:23", 855_563.0),
        ("1 day, 11:14:26", 126_866.0),
        ("-1 day, 23:59:59", -1.0),
        ("1-02:03:04", 93_784.0),
        ("2d 01:00:00", 176_400.0),
        ("1 hour, 19 minutes and 54.41 seconds", 4794.41),
        ("5 minutes 3 seconds", 303.0),
        ("1 min 5 sec", 65.0),
    ] {
        assert_eq!(Some((seconds, "s")), read(token, "eta"), "{token}");
    }
}

#[test]
fn what_is_no_quantity() {
    for token in [
        "",
        " ",
        "None",
        "null",
        "N/A",
        "NA",
        "-",
        "--",
        "x",
        "3abc123",
        "1,23",
        "1,2345",
        "12,34,567",
        "0,123",
        "01,234",
        "1234,567",
        "1,234,",
        ",123",
        "1,234e5",
        "1,234:5",
        "1.5,234",
        "1,234.",
        "1e",
        "8.19e-",
        "1e+",
        "1E",
        "0x10",
        "1.2.3",
        "12/300",
        "2024-01-01",
        "10/100",
        "5+3",
        "5 6",
        "1:2",
        "1:2:3",
        "12:345",
        "1:60",
        "0:61:00",
        "1:02:03:04",
        "12:",
        ":12",
        "1.5:30",
        "12:34:",
        "12:3x",
        "12:34 pm",
        "4h 33",
        "33m 4h",
        "4h 4h",
        "1.5h 3m",
        "4h, ",
        "4x 3y",
        "9 days,",
        "9 weeks, 21:39:23",
        "days, 1:00:00",
        "--1:00",
        "1--02:03:04",
        "info",
        "nanny",
        "inform",
        "infinite",
        "nan nan",
        "5  ms",
        "5 m s",
        "5é",
        "5 /s",
        "5%%",
        "7 abcdefghijklm",
        "1e3K5",
        "99999999999:00",
    ] {
        assert_eq!(None, read(token, "loss"), "{token}");
    }
    assert_eq!(None, quantity(b"5\xff", b"loss"));
    assert_eq!(None, quantity(&[b'1', b',', b'0', b'0', b'0'].repeat(40), b"loss"));
}

/// Digits by threes.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let comma = |(i, c): (usize, char)| {
        if i > 0 && (digits.len() - i).is_multiple_of(3) { format!(",{c}") } else { c.to_string() }
    };
    digits.chars().enumerate().map(comma).collect()
}

fn check(seconds: f64, token: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(Some((seconds, "s")), read(token, "x"));
    Ok(())
}

proptest! {
    #[test]
    fn never_another_number(number in r"[+-]?[0-9]{1,4}(\.[0-9]{1,3})?(e-?[0-9]{1,2})?", tail in r"[ ,.:a-zA-Z0-9/%]{0,6}") {
        let token = format!("{number}{tail}");
        if let Some((value, unit)) = read(&token, "loss") {
            let digits: String = token.trim().trim_end_matches(unit).trim().replace(',', "");
            let exact = |text: String| text.parse::<f64>().ok();
            let applied = [("K", 3), ("k", 3), ("M", 6), ("B", 9), ("T", 12)]
                .iter().find_map(|(letter, power)| exact(format!("{}e{power}", digits.trim_end().strip_suffix(letter)?)));
            let printed = exact(digits).or(applied);
            let is_duration = unit == "s" && printed.is_none();
            prop_assert!(is_duration || printed == Some(value), "{token:?} read as {value} {unit:?}");
        }
    }

    #[test]
    fn thousands_are_as_without(number in any::<u64>(), less in 0u32..64, fraction in r"(\.[0-9]{1,6})?") {
        let number = number >> less;
        let wanted: f64 = format!("{number}{fraction}").parse().expect("a number");
        let token = format!("{}{fraction}", with_commas(number));
        prop_assert_eq!(Some((wanted, "")), read(&token, "x"));
    }

    #[test]
    fn clocks_add_up(hours in 0u32..2000, minutes in 0u32..60, seconds in 0u32..60, days in 0u32..400) {
        let wanted = f64::from((hours * 60 + minutes) * 60 + seconds);
        check(wanted, &format!("{hours}:{minutes:02}:{seconds:02}"))?;
        let wanted = wanted + f64::from(days) * 86_400.0;
        check(wanted, &format!("{days} days, {hours}:{minutes:02}:{seconds:02}"))?;
        check(wanted, &format!("{days}d {hours}h {minutes}m {seconds}s"))?;
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..40), name in proptest::collection::vec(any::<u8>(), 0..9)) {
        let _ = quantity(&bytes, &name);
    }

    #[test]
    fn any_tokens_are_survived(token in r"[0-9:., dhmsaynKe/-]{0,24}") {
        let _ = read(&token, "mem");
    }
}
