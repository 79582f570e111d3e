//! Dates, clocks and durations: text that tells the time.

use super::Lexer;
use super::lexer::is_word;

impl Lexer<'_, '_> {
    /// The end of a date, of a date and a clock, or of a version.
    pub(super) fn moment(&self, at: usize) -> Option<usize> {
        let a = self.run(at, |b| b.is_ascii_digit());
        let mark = self.byte(a);
        if !matches!(mark, b'-' | b'/' | b'.') {
            return None;
        }
        let b = self.run(a + 1, |b| b.is_ascii_digit());
        if b == a + 1 {
            return None;
        }
        if self.byte(b) == mark && self.byte(b + 1).is_ascii_digit() {
            if mark == b'.' {
                return Some(self.run(b, |b| is_word(b) || b == b'.' || b == b'+'));
            }
            let c = self.run(b + 1, |b| b.is_ascii_digit());
            let lengths = (a - at, b - a - 1, c - b - 1);
            let dated = matches!(lengths, (4, 2, 2) | (1 | 2, 1 | 2, 4) | (2, 2, 2));
            return dated.then(|| self.clock_after(c));
        }
        // `08/17 21:29:44`
        let short = mark == b'/' && a - at == 2 && b == a + 3;
        (short && self.byte(b) == b' ' && self.clock(b + 1).is_some_and(|end| end >= b + 9))
            .then(|| self.clock_after(b))
    }

    /// The end of `10:05.00AM`, `3:07 pm`.
    pub(super) fn half_day(&self, at: usize) -> Option<usize> {
        let two = |at: usize| self.run(at, |b| b.is_ascii_digit()) == at + 2;
        let hours = self.run(at, |b| b.is_ascii_digit());
        if hours - at > 2 || self.byte(hours) != b':' || !two(hours + 1) {
            return None;
        }
        let mut end = hours + 3;
        if matches!(self.byte(end), b':' | b'.') && two(end + 1) {
            end += 3;
        }
        end += usize::from(self.byte(end) == b' ');
        let half = matches!(self.byte(end) | 0x20, b'a' | b'p') && self.byte(end + 1) | 0x20 == b'm';
        (half && !is_word(self.byte(end + 2))).then_some(end + 2)
    }

    pub(super) fn clock_after(&self, date: usize) -> usize {
        let glue = usize::from(matches!(self.byte(date), b' ' | b'T' | b'_' | b'-'));
        let digits = |at: usize| self.run(at, |b| b.is_ascii_digit()) == at + 2;
        let clock = date + glue;
        let whole = glue == 1 && digits(clock) && self.byte(clock + 2) == b':' && digits(clock + 3);
        if whole {
            self.run(clock + 5, |b| b.is_ascii_digit() || matches!(b, b':' | b',' | b'.' | b'Z' | b'+'))
        } else {
            date
        }
    }

    /// The end of `12:34`, `1:02:03`, `01:02:03.456`.
    pub(super) fn clock(&self, at: usize) -> Option<usize> {
        let two = |at: usize| self.run(at, |b| b.is_ascii_digit()) == at + 2;
        let hours = self.run(at, |b| b.is_ascii_digit());
        if hours == at || hours - at > 4 || self.byte(hours) != b':' || !two(hours + 1) {
            return None;
        }
        let mut end = hours + 3;
        let full = self.byte(end) == b':' && two(end + 1);
        if full {
            end += 3;
        }
        if full && self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit() {
            end = self.run(end + 1, |b| b.is_ascii_digit());
        }
        let stops = !is_word(self.byte(end))
            && (!matches!(self.byte(end), b'.' | b':') || !self.byte(end + 1).is_ascii_digit());
        stops.then_some(end)
    }

    pub(super) fn duration(&self, at: usize) -> Option<usize> {
        if let Some(end) = self.clock(at) {
            return Some(end);
        }
        let mut end = self.duration_part(at)?;
        let mut parts = 1;
        while let Some(next) = self.next_part(end) {
            end = next;
            parts += 1;
        }
        (parts > 1).then_some(end)
    }

    /// The end of `4h`, `9 days`, `19 minutes`.
    pub(super) fn duration_part(&self, at: usize) -> Option<usize> {
        let whole = self.run(at, |b| b.is_ascii_digit());
        let digits = if self.byte(whole) == b'.' { self.run(whole + 1, |b| b.is_ascii_digit()) } else { whole };
        let blank = usize::from(self.byte(digits) == b' ');
        let end = self.run(digits + blank, |b| b.is_ascii_alphabetic());
        let unit = std::str::from_utf8(self.line.get(digits + blank..end)?).ok()?;
        let long = matches!(
            unit,
            "day"
                | "days"
                | "hour"
                | "hours"
                | "hr"
                | "hrs"
                | "minute"
                | "minutes"
                | "min"
                | "mins"
                | "second"
                | "seconds"
                | "sec"
                | "secs"
        );
        let short = blank == 0 && matches!(unit, "d" | "h" | "m" | "s");
        (digits > at && (short || long && !is_word(self.byte(end)))).then_some(end)
    }

    pub(super) fn next_part(&self, end: usize) -> Option<usize> {
        let mut at = end;
        if self.byte(at) == b',' {
            at += 1;
        }
        at = self.run(at, |b| b == b' ').min(at + 1);
        if self.line.get(at..at + 4) == Some(b"and ") {
            at += 4;
        }
        if !self.byte(at).is_ascii_digit() {
            return None;
        }
        self.clock(at).or_else(|| self.duration_part(at))
    }
}
