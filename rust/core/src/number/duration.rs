//! Stretches of time in several parts: `0:32:48`, `4h 33m`, `9 days, 21:39:23`, `1 hour, 19 minutes and 54.41 seconds`.

use super::plain;
use super::unit::nanoseconds;

const DAY: f64 = 86_400.0;
const SECOND: f64 = 1e9;

/// The seconds that a whole token stands for. A single number with a unit of time is no duration but a quantity.
pub fn seconds(token: &[u8]) -> Option<f64> {
    match token.iter().position(|&b| b == b':') {
        Some(colon) => days_and_clock(token, colon),
        None => spelled(token),
    }
}

/// `9 days, 21:39:23`, `-1 day, 23:59:59`, `1-02:03:04`, `0:32:48`, `-0:01`.
fn days_and_clock(token: &[u8], colon: usize) -> Option<f64> {
    let start = token[..colon].iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |before| before + 1);
    let (head, text) = token.split_at(start);
    let time = clock(text)?;
    match head {
        b"" => Some(time),
        b"-" => Some(-time),
        _ => Some(days(head)? * DAY + time),
    }
}

/// The days before a clock: `9 days, `, `1 day `, `2d `, `1-`.
fn days(head: &[u8]) -> Option<f64> {
    let len = head.iter().skip(1).take_while(|b| b.is_ascii_digit()).count() + 1;
    let (count, rest) = head.split_at_checked(len)?;
    let known = matches!(rest.trim_ascii_start(), b"-" | b"d " | b"day " | b"day, " | b"days " | b"days, ");
    whole(count).filter(|_| known)
}

/// `h:mm:ss`, `mm:ss`, the last with or without a fraction. Hours, and minutes that come first, may be any number.
fn clock(text: &[u8]) -> Option<f64> {
    let mut fields = text.split(|&b| b == b':');
    let (first, second, third) = (fields.next()?, fields.next()?, fields.next());
    if fields.next().is_some() || first.len() > 9 || !first.iter().all(u8::is_ascii_digit) {
        return None;
    }
    match third {
        Some(third) => {
            Some((whole(first)? * 60.0 + sixtieth(second).filter(|_| second.len() == 2)?) * 60.0 + sixtieth(third)?)
        }
        None => Some(whole(first)? * 60.0 + sixtieth(second)?),
    }
}

/// Two digits below 60, with or without a fraction.
fn sixtieth(text: &[u8]) -> Option<f64> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let fraction = text.get(digits..)?;
    let shaped = fraction.is_empty()
        || (fraction.len() > 1 && fraction[0] == b'.' && fraction[1..].iter().all(u8::is_ascii_digit));
    plain(text).filter(|&value| digits == 2 && shaped && value < 60.0)
}

/// A whole number, with or without a minus.
fn whole(text: &[u8]) -> Option<f64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let is_whole = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    plain(text).filter(|_| is_whole)
}

/// `4h 33m 53s`, `1m20.5s`, `1 hour, 19 minutes and 54.41 seconds`: at least two parts, ever smaller.
fn spelled(token: &[u8]) -> Option<f64> {
    let mut rest = token;
    let (mut total, mut last, mut parts) = (0.0, f64::INFINITY, 0);
    while !rest.is_empty() {
        let (value, size, after) = part(rest)?;
        let may_follow = size < last && (after.is_empty() || value.fract() == 0.0);
        if !may_follow {
            return None;
        }
        total += if size >= SECOND { value * (size / SECOND) } else { value / (SECOND / size) };
        (last, rest, parts) = (size, after, parts + 1);
    }
    (parts > 1).then_some(total)
}

/// The first part of a spelled duration: its value, the nanoseconds of its unit, and what follows.
fn part(text: &[u8]) -> Option<(f64, f64, &[u8])> {
    let number = text.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let value = plain(&text[..number])?;
    let rest = &text[number..];
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let size = nanoseconds(&rest[..letters])?;
    Some((value, size, after_joint(&rest[letters..])))
}

/// What follows `, `, ` and `, a blank, or nothing between two parts.
fn after_joint(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b",").filter(|rest| rest.starts_with(b" ")).unwrap_or(text);
    let text = text.strip_prefix(b" and").filter(|rest| rest.starts_with(b" ")).unwrap_or(text);
    text.strip_prefix(b" ").filter(|rest| !rest.is_empty()).unwrap_or(text)
}
