//! The layouts of stamps, told apart by where their separators stand.

use super::{Stamp, WINDOW};

type Window = [u8; WINDOW];

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Reads the stamp that a window begins with, and its length.
#[inline]
pub fn read(w: &Window) -> Option<(Stamp, usize)> {
    match w {
        [_, _, _, _, b'-', _, _, b'-', ..] | [_, _, _, _, b'/', _, _, b'/', ..] => {
            matches!(w[10], b' ' | b'T' | b'_' | b'-').then_some(())?;
            wall(w, date_of(pairs(w, 0, DASHED)?, 5, two(w, 8)?)?, time(w, 11)?)
        }
        [_, _, b':', ..] => clock(time(w, 0)?),
        [_, _, b'/', _, _, b'/', _, _, _, _, b' ', ..] => {
            wall(w, date(four(w, 6)?, two(w, 0)?, two(w, 3)?)?, time(w, 11)?)
        }
        [_, _, b'/', _, _, b' ', ..] => {
            is_day_and_month(two(w, 0)?, two(w, 3)?).then_some(())?;
            clock(time(w, 6)?)
        }
        [_, _, _, _, b' ', _, _, b':', ..] => {
            is_day_and_month(two(w, 2)?, two(w, 0)?).then_some(())?;
            clock(time(w, 5)?)
        }
        [_, _, _, _, _, _, _, _, b' ', _, _, b':', ..] => wall(w, compact_date(w)?, time(w, 9)?),
        [_, _, _, _, _, _, _, _, b'T', ..] => wall(w, compact_date(w)?, compact_time(w, 9)?),
        [b'A'..=b'Z', ..] => named(w),
        _ => None,
    }
}

/// A time of day in microseconds, and where it ends.
type Time = (i64, usize);

fn clock((micros, end): Time) -> Option<(Stamp, usize)> {
    Some((Stamp::Clock { micros }, end))
}

/// A date and a time, with the offset that may follow.
#[inline]
fn wall(w: &Window, days: i64, (time, end): Time) -> Option<(Stamp, usize)> {
    let micros = days * DAY + time;
    Some(match offset(w, end) {
        Some((minutes, end)) => (Stamp::Wall { micros: micros - minutes * 60 * SECOND, utc: true }, end),
        None => (Stamp::Wall { micros, utc: false }, end),
    })
}

/// `Tue Apr  5 05:07:35 2022`, `Tue Apr  5 05:07:35 UTC 2022`, `Nov 20 17:30:01`.
fn named(w: &Window) -> Option<(Stamp, usize)> {
    let has_weekday = matches!(&w[..4], b"Mon " | b"Tue " | b"Wed " | b"Thu " | b"Fri " | b"Sat " | b"Sun ");
    let start = if has_weekday { 4 } else { 0 };
    let month = month(w[start..].first_chunk()?)?;
    let (day, end) = day(w, start + 4)?;
    let (time, end) = time(w, end + 1).filter(|_| w[end] == b' ')?;
    is_day_and_month(day, month).then_some(())?;
    let year = if has_weekday { year_after(w, end) } else { None };
    let Some((year, utc, end)) = year else { return clock((time, end)) };
    Some((Stamp::Wall { micros: date(year, month, day)? * DAY + time, utc }, end))
}

/// The year behind the time, and whether the zone between them is UTC; other zones' names mean nothing.
fn year_after(w: &Window, at: usize) -> Option<(u32, bool, usize)> {
    let text = w.get(at..)?.strip_prefix(b" ")?;
    let zone = text.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let gap = if zone > 0 { zone + 1 } else { 0 };
    let spaced = zone == 0 || text.get(zone) == Some(&b' ');
    let end = at + 1 + gap + 4;
    let year = four(w, end - 4).filter(|_| spaced && zone <= 5 && !w[end].is_ascii_digit())?;
    Some((year, matches!(&text[..zone], b"UTC" | b"GMT"), end))
}

/// One or two digits, the first of which may be a blank.
fn day(w: &Window, at: usize) -> Option<(u32, usize)> {
    let at = if w[at] == b' ' { at + 1 } else { at };
    match two(w, at) {
        Some(day) => Some((day, at + 2)),
        None => digit(w, at).map(|day| (day, at + 1)),
    }
}

fn month(name: &[u8; 4]) -> Option<u32> {
    const MONTHS: [&[u8; 4]; 12] =
        [b"Jan ", b"Feb ", b"Mar ", b"Apr ", b"May ", b"Jun ", b"Jul ", b"Aug ", b"Sep ", b"Oct ", b"Nov ", b"Dec "];
    MONTHS.iter().position(|month| *month == name).map(|at| at as u32 + 1)
}

/// Without a year not even their order is known.
fn is_day_and_month(one: u32, other: u32) -> bool {
    (1..=31).contains(&one) && (1..=31).contains(&other) && (one <= 12 || other <= 12)
}

/// `yyyymmdd`.
fn compact_date(w: &Window) -> Option<i64> {
    let pairs = pairs(w, 0, COMPACT)?;
    date_of(pairs, 4, nth(pairs, 6))
}

/// A date whose year begins at the first and whose month at the given byte.
#[inline]
fn date_of(pairs: u64, month: usize, day: u32) -> Option<i64> {
    date(nth(pairs, 0) * 100 + nth(pairs, 2), nth(pairs, month), day)
}

/// Days since 1970; none for a day that is in no calendar.
#[inline]
fn date(year: u32, month: u32, day: u32) -> Option<i64> {
    let in_month = match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    let exists = (1..=in_month).contains(&day) && (1970..2200).contains(&year);
    exists.then(|| days_since_1970(year, month, day))
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Counts from the first of March, so that the odd day comes last.
#[inline]
fn days_since_1970(year: u32, month: u32, day: u32) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before_year = year * 365 + year / 4 - year / 100 + year / 400;
    let before_month = (month * 153 + 2) / 5;
    i64::from(before_year + before_month + day) - 719_469
}

/// `hh:mm:ss` with or without a fraction, and where it ends.
#[inline]
fn time(w: &Window, at: usize) -> Option<Time> {
    (w[at + 2] == b':' && w[at + 5] == b':').then_some(())?;
    let pairs = pairs(w, at, CLOCK)?;
    fraction(w, of_day(nth(pairs, 0), nth(pairs, 3), nth(pairs, 6))?, at + 8)
}

/// `hhmmss`.
fn compact_time(w: &Window, at: usize) -> Option<Time> {
    fraction(w, of_day(two(w, at)?, two(w, at + 2)?, two(w, at + 4)?)?, at + 6)
}

#[inline]
fn of_day(hours: u32, minutes: u32, seconds: u32) -> Option<i64> {
    let exists = hours < 24 && minutes < 60 && seconds < 60;
    exists.then(|| i64::from((hours * 60 + minutes) * 60 + seconds) * SECOND)
}

/// Adds the fraction at `at`, if there is one, and sees that the time ends there.
#[inline]
fn fraction(w: &Window, micros: i64, at: usize) -> Option<Time> {
    match w[at] {
        b'.' if w[at + 1].is_ascii_digit() => {
            let (fraction, len) = digits(w, at + 1);
            (len <= 9).then_some((micros + fraction, at + 1 + len))
        }
        b',' if w[at + 1].is_ascii_digit() => {
            let (fraction, len) = digits(w, at + 1);
            let end = at + 1 + len;
            // Else the comma ends the stamp, and a number follows.
            let is_fraction = (len == 3 || len == 6) && !(w[end] == b'.' && w[end + 1].is_ascii_digit());
            Some(if is_fraction { (micros + fraction, end) } else { (micros, at) })
        }
        b'0'..=b'9' | b':' => None,
        _ => Some((micros, at)),
    }
}

/// Up to ten digits as a fraction of a second, in microseconds, and how many there are.
#[inline]
fn digits(w: &Window, at: usize) -> (i64, usize) {
    let (mut micros, mut worth, mut len) = (0, SECOND / 10, 0);
    while len < 10
        && let Some(digit) = digit(w, at + len)
    {
        micros += i64::from(digit) * worth;
        worth /= 10;
        len += 1;
    }
    (micros, len)
}

/// The offset from UTC at `at` in minutes, and where it ends.
#[inline]
fn offset(w: &Window, at: usize) -> Option<(i64, usize)> {
    match w[at] {
        b'Z' => Some((0, at + 1)).filter(|_| !w[at + 1].is_ascii_alphanumeric()),
        b'+' | b'-' => signed_offset(w, at),
        b' ' | b'U' | b'G' => spaced_offset(w, at),
        _ => None,
    }
}

/// `+hh:mm`, `+hhmm` or `+hh`.
fn signed_offset(w: &Window, at: usize) -> Option<(i64, usize)> {
    let hours = two(w, at + 1)?;
    let (minutes, end) = match w[at + 3] {
        b':' => (two(w, at + 4)?, at + 6),
        b'0'..=b'9' => (two(w, at + 3)?, at + 5),
        _ => (0, at + 3),
    };
    let offset = i64::from(hours * 60 + minutes);
    let exists = hours < 24 && minutes < 60 && !matches!(w[end], b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b':');
    exists.then_some((if w[at] == b'-' { -offset } else { offset }, end))
}

/// ` +hhmm`, ` UTC`, `UTC`, ` GMT`, `GMT`.
fn spaced_offset(w: &Window, at: usize) -> Option<(i64, usize)> {
    let start = if w[at] == b' ' { at + 1 } else { at };
    match w.get(start..start + 3)? {
        b"UTC" | b"GMT" => Some((0, start + 3)).filter(|&(_, end)| !w[end].is_ascii_alphanumeric()),
        [b'+' | b'-', ..] => signed_offset(w, start).filter(|&(_, end)| end == start + 5),
        _ => None,
    }
}

/// Which of eight bytes are digits, the first one lowest: `yyyy-mm-`, `yyyymmdd`, `hh:mm:ss`.
const DASHED: u64 = 0x00FF_FF00_FFFF_FFFF;
const COMPACT: u64 = u64::MAX;
const CLOCK: u64 = 0xFFFF_00FF_FF00_FFFF;

/// At each byte the number that its digit and the next one write; none if a byte of the mask is no digit.
#[inline]
fn pairs(w: &Window, at: usize, mask: u64) -> Option<u64> {
    let word = u64::from_le_bytes(*w.get(at..)?.first_chunk()?);
    let digits = (word ^ 0x3030_3030_3030_3030) & mask;
    let beyond_nine = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    (beyond_nine == 0).then_some(digits.wrapping_mul(10).wrapping_add(digits >> 8))
}

#[inline]
fn nth(pairs: u64, at: usize) -> u32 {
    u32::from((pairs >> (8 * at)) as u8)
}

#[inline]
fn digit(w: &Window, at: usize) -> Option<u32> {
    w.get(at).map(|b| u32::from(b.wrapping_sub(b'0'))).filter(|&digit| digit < 10)
}

#[inline]
fn two(w: &Window, at: usize) -> Option<u32> {
    Some(digit(w, at)? * 10 + digit(w, at + 1)?)
}

#[inline]
fn four(w: &Window, at: usize) -> Option<u32> {
    Some(two(w, at)? * 100 + two(w, at + 2)?)
}
