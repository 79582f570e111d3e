//! Time stamps of the layouts that loggers and launchers print.

mod layout;

#[cfg(test)]
mod tests;

/// A stamp as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// Microseconds since 1970; `utc` when it carried an offset (already applied).
    Wall { micros: i64, utc: bool },
    /// Microseconds since midnight: a clock without a date, or with one that lacks its year.
    Clock { micros: i64 },
}

/// No stamp is longer.
const WINDOW: usize = 48;

/// Reads a stamp that begins at `at`; gives it and the position after it.
///
/// | layout | gives |
/// | --- | --- |
/// | `2026-01-26 16:56:54`, `2022/08/16 03:07:33`, `2026-01-26_16:56:54`, `01/26/2026 16:56:54` | wall time |
/// | `2026-01-26T16:56:54.123456Z`, `20260126 16:56:54.123`, `20260126T165654Z` | wall time |
/// | `Tue Apr  5 05:07:35 2022`, `Tue Apr  5 05:07:35 UTC 2022` | wall time |
/// | `17:01:30`, `08/17 21:29:44`, `Nov 20 17:30:01`, `0812 12:00:00.123456` (glog, after its letter) | clock |
///
/// Any of them may have a fraction: `.` and up to nine digits, or `,` and just three or six; what is beyond
/// microseconds is cut. An offset (`Z`, `+02:00`, `-0800`, `+00`, ` +0200`, ` UTC`) is taken after a date with its year.
/// Without one the time is as printed, in nobody knows which zone. Years are 1970 to 2199; month, day, hour, minute
/// and second must exist, and no digit may follow: else it is no stamp.
///
/// ```
/// use fastlogs_core::time::{Stamp, stamp};
/// let wall = Stamp::Wall { micros: 1_769_446_614_250_000, utc: false };
/// assert_eq!(stamp(b"[2026-01-26 16:56:54,250] loss", 1), Some((wall, 24)));
/// assert_eq!(stamp(b"17:01:30 loss", 0), Some((Stamp::Clock { micros: 61_290_000_000 }, 8)));
/// ```
#[inline]
pub fn stamp(data: &[u8], at: usize) -> Option<(Stamp, usize)> {
    let text = data.get(at..)?;
    let (stamp, len) = match text.first_chunk() {
        Some(window) => layout::read(window),
        None => near_end(text),
    }?;
    Some((stamp, at + len))
}

/// The same where fewer bytes are left than a stamp may have.
#[cold]
fn near_end(text: &[u8]) -> Option<(Stamp, usize)> {
    let mut window = [0; WINDOW];
    window.get_mut(..text.len())?.copy_from_slice(text);
    layout::read(&window)
}

/// Microseconds since 1970 of a number that counts seconds, or milli-, micro- or nanoseconds, by its size: from 1973
/// to 5138 no two of them are alike. None for what is no time.
///
/// ```
/// use fastlogs_core::time::epoch;
/// assert_eq!(epoch(1_769_446_614.25), epoch(1_769_446_614_250.0));
/// ```
pub fn epoch(value: f64) -> Option<i64> {
    let micros = match value.abs() {
        seconds if seconds < 1e11 => value * 1e6,
        millis if millis < 1e14 => value * 1e3,
        micros if micros < 1e17 => value,
        nanos if nanos < 9e18 => value / 1e3,
        _ => return None,
    };
    Some(micros.round() as i64)
}
