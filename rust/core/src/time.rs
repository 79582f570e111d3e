//! Time stamps of fixed layouts.

/// A stamp as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// Microseconds since 1970; `utc` when it carried an offset (already applied).
    Wall { micros: i64, utc: bool },
    /// Microseconds since midnight: a clock without a date.
    Clock { micros: i64 },
}

/// Reads a stamp that begins at `at`; gives it and the position after it.
pub fn stamp(data: &[u8], at: usize) -> Option<(Stamp, usize)> {
    let _ = (data, at);
    None
}
