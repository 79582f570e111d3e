//! Every layout, and the law that a stamp is what a calendar counted day by day says.

use super::*;
use proptest::prelude::*;

const SECOND: i64 = 1_000_000;

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: usize) -> i64 {
    [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
}

/// Microseconds since 1970, counted year by year and month by month.
fn slow(year: i64, month: usize, day: i64, seconds: i64) -> i64 {
    let years: i64 = (1970..year).map(|y| if is_leap(y) { 366 } else { 365 }).sum();
    let months: i64 = (1..month).map(|m| days_in(year, m)).sum();
    ((years + months + day - 1) * 86_400 + seconds) * SECOND
}

/// Reads `text` alone, moved and with something after it; the three must agree.
fn read(text: &str) -> Option<(Stamp, &str)> {
    let alone = stamp(text.as_bytes(), 0);
    let padded = format!("[{text}{}", "\0".repeat(64));
    let moved = stamp(padded.as_bytes(), 1).map(|(stamp, end)| (stamp, end - 1));
    assert_eq!(alone, moved, "{text}");
    alone.map(|(stamp, end)| (stamp, &text[end..]))
}

fn wall(micros: i64, utc: bool) -> Stamp {
    Stamp::Wall { micros, utc }
}

#[test]
fn stamps_of_every_layout() {
    let at = slow(2026, 1, 26, 61_014);
    for (text, micros, utc, rest) in [
        ("2026-01-26 16:56:54", at, false, ""),
        ("2026-01-26 16:56:54,250 - INFO", at + 250_000, false, " - INFO"),
        ("2026-01-26 16:56:54.1 x", at + 100_000, false, " x"),
        ("2026-01-26T16:56:54.123456Z", at + 123_456, true, ""),
        ("2026-01-26T16:56:54.123456789 x", at + 123_456, false, " x"),
        ("2026-01-26T16:56:54+02:00", at - 7200 * SECOND, true, ""),
        ("2026-01-26T16:56:54-0830]", at + 30_600 * SECOND, true, "]"),
        ("2026-01-26 16:56:54+00", at, true, ""),
        ("2026-01-26 16:56:54 +0000 x", at, true, " x"),
        ("2026-01-26 16:56:54 UTC", at, true, ""),
        ("2026-01-26 16:56:54.500 GMT: x", at + 500_000, true, ": x"),
        ("2026-01-26 16:56:54 +5 points", at, false, " +5 points"),
        ("2026-01-26 16:56:54 - mmengine", at, false, " - mmengine"),
        ("2026-01-26 16:56:54 UTCx", at, false, " UTCx"),
        ("2026-01-26 16:56:54Zoo", at, false, "Zoo"),
        ("2026-01-26 16:56:54,0.5", at, false, ",0.5"),
        ("2026-01-26 16:56:54,123.5", at, false, ",123.5"),
        ("2026-01-26 16:56:54,12,13", at, false, ",12,13"),
        ("2026-01-26 16:56:54. Then", at, false, ". Then"),
        ("2026-01-26_16:56:54", at, false, ""),
        ("2026/01/26 16:56:54 -", at, false, " -"),
        ("01/26/2026 16:56:54 - INFO", at, false, " - INFO"),
        ("20260126 16:56:54.000001 12", at + 1, false, " 12"),
        ("20260126T165654Z", at, true, ""),
        ("Mon Jan 26 16:56:54 2026", at, false, ""),
        ("Mon Jan 26 16:56:54 UTC 2026]", at, true, "]"),
        ("Mon Jan 26 16:56:54 CET 2026", at, false, ""),
        ("Tue Apr  5 05:07:35 2022) =", slow(2022, 4, 5, 18_455), false, ") ="),
        ("Tue Apr 5 05:07:35 2022", slow(2022, 4, 5, 18_455), false, ""),
        ("1970-01-01 00:00:00", 0, false, ""),
        ("2000-02-29 00:00:00", slow(2000, 2, 29, 0), false, ""),
    ] {
        assert_eq!(Some((wall(micros, utc), rest)), read(text), "{text}");
    }
}

#[test]
fn a_date_without_a_year_leaves_a_clock() {
    for (text, seconds, rest) in [
        ("17:01:30 Epoch", 61_290, " Epoch"),
        ("12:37:03]", 45_423, "]"),
        ("08/17 21:29:44 d2", 77_384, " d2"),
        ("22/07 03:20:46]", 12_046, "]"),
        ("Nov 20 17:30:01 host", 63_001, " host"),
        ("Nov  5 17:30:01 2048 tokens", 63_001, " 2048 tokens"),
        ("Mon Jan 26 16:56:54 host", 61_014, " host"),
        ("0812 12:00:00 77 x.py:1", 43_200, " 77 x.py:1"),
        ("00:00:00", 0, ""),
        ("23:59:59 +02:00", 86_399, " +02:00"),
    ] {
        assert_eq!(Some((Stamp::Clock { micros: seconds * SECOND }, rest)), read(text), "{text}");
    }
    assert_eq!(Some((Stamp::Clock { micros: 43_200_123_456 }, "")), read("0812 12:00:00.123456"));
}

#[test]
fn what_is_no_stamp() {
    for text in [
        "",
        "2026",
        "2026-01-26",
        "2026-01-26 16:56",
        "2026-13-26 16:56:54",
        "2026-00-26 16:56:54",
        "2026-01-32 16:56:54",
        "2026-02-29 16:56:54",
        "1900-02-28 16:56:54",
        "2200-01-01 00:00:00",
        "2026-01-26 24:00:00",
        "2026-01-26 16:60:54",
        "2026-01-26 16:56:60",
        "2026-01-26x16:56:54",
        "2026-01/26 16:56:54",
        "2026-01-26 16:56:541",
        "2026-01-26 16:56:54:1",
        "2026-01-26 16:56:54.1234567890",
        "26-01-26 16:56:54",
        "+026-01-26 16:56:54",
        "13/32/2026 16:56:54",
        "26/01/2026 16:56:54",
        "13/17 21:29:44",
        "00/17 21:29:44",
        "1332 12:00:00",
        "1:02:03",
        "12:34",
        "12:34:5",
        "12:34:567",
        "12:345:67",
        "-1:02:03",
        "Foo 20 17:30:01",
        "Nov 32 17:30:01",
        "Nov 0 17:30:01",
        "Nov 20",
        "Mon 20 17:30:01",
        "Mon Feb 30 16:56:54 2026",
        "November 20 17:30:01",
        "20261301T165654",
        "20260126T165654123",
        "I0812 12:00:00",
        "loss",
        "10.4500",
    ] {
        assert_eq!(None, read(text), "{text}");
    }
    assert_eq!(None, stamp(b"17:01:30", 9));
    assert_eq!(None, stamp(b"17:01:30", usize::MAX));
}

#[test]
fn the_size_of_a_number_tells_its_unit() {
    for value in [1_769_446_614.25, 1_769_446_614_250.0, 1_769_446_614_250_000.0, 1_769_446_614_250_000_000.0] {
        assert_eq!(Some(1_769_446_614_250_000), epoch(value));
        assert_eq!(Some(-1_769_446_614_250_000), epoch(-value));
    }
    for value in [f64::NAN, f64::INFINITY, 1e19, -1e300] {
        assert_eq!(None, epoch(value));
    }
}

fn check(wanted: Stamp, text: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(Some((wanted, "")), read(text));
    Ok(())
}

prop_compose! {
    fn moments()(year in 1970i64..2200, month in 1usize..13, day in 1i64..32, seconds in 0i64..86_400) -> (i64, usize, i64, i64) {
        (year, month, day.min(days_in(year, month)), seconds)
    }
}

proptest! {
    #[test]
    fn the_calendar_agrees((year, month, day, seconds) in moments(), micros in 0i64..SECOND, offset in -1439i64..1440) {
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let wanted = slow(year, month, day, seconds);
        let plain = format!("{year}-{month:02}-{day:02} {h:02}:{m:02}:{s:02}");
        check(wall(wanted, false), &plain)?;
        check(wall(wanted + micros, false), &format!("{plain}.{micros:06}"))?;
        check(wall(wanted + micros / 1000 * 1000, false), &format!("{plain},{:03}", micros / 1000))?;

        let sign = if offset < 0 { '-' } else { '+' };
        let zone = format!("{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60);
        check(wall(wanted - offset * 60 * SECOND, true), &format!("{plain}{zone}"))?;

        let american = format!("{month:02}/{day:02}/{year} {h:02}:{m:02}:{s:02}");
        check(wall(wanted, false), &american)?;
        let compact = format!("{year}{month:02}{day:02}T{h:02}{m:02}{s:02}");
        check(wall(wanted, false), &compact)?;
        let glog = format!("{month:02}{day:02} {h:02}:{m:02}:{s:02}.{micros:06}");
        check(Stamp::Clock { micros: seconds * SECOND + micros }, &glog)?;
    }

    #[test]
    fn days_that_are_not(year in 1970i64..2200, month in 0i64..20, day in 0i64..40) {
        let exists = (1..13).contains(&month) && day > 0 && day <= days_in(year, month as usize);
        let text = format!("{year}/{month:02}/{day:02} 00:00:00");
        prop_assert_eq!(exists, read(&text).is_some());
    }

    #[test]
    fn any_text_is_survived(text in r"[0-9:/., TZUCG+-]{0,40}") {
        read(&text);
    }

    #[test]
    fn a_changed_byte_is_survived(byte in any::<u8>(), at in 0usize..34, cut in 0usize..60) {
        let mut bytes = *b"2026-01-26T16:56:54.123456789+02:00 loss 1.0 -------------- end";
        bytes[at] = byte;
        if let Some((_, end)) = stamp(&bytes[..cut], 0) {
            prop_assert!(end <= cut);
        }
    }
}
