//! Factors between units of one quantity, for a column whose unit changes between lines.

/// (unit, quantity, how many of the quantity's base it is)
const UNITS: [(&str, &str, f64); 30] = [
    ("ns", "time", 1e-9),
    ("us", "time", 1e-6),
    ("µs", "time", 1e-6),
    ("ms", "time", 1e-3),
    ("s", "time", 1.0),
    ("sec", "time", 1.0),
    ("secs", "time", 1.0),
    ("seconds", "time", 1.0),
    ("m", "time", 60.0),
    ("min", "time", 60.0),
    ("mins", "time", 60.0),
    ("minutes", "time", 60.0),
    ("h", "time", 3600.0),
    ("hours", "time", 3600.0),
    ("B", "memory", 1.0),
    ("KB", "memory", 1e3),
    ("MB", "memory", 1e6),
    ("GB", "memory", 1e9),
    ("TB", "memory", 1e12),
    ("KiB", "memory", 1024.0),
    ("MiB", "memory", 1_048_576.0),
    ("GiB", "memory", 1_073_741_824.0),
    ("TiB", "memory", 1_099_511_627_776.0),
    ("K", "memory", 1e3),
    ("M", "memory", 1e6),
    ("G", "memory", 1e9),
    ("Kb", "memory", 1e3),
    ("Mb", "memory", 1e6),
    ("Gb", "memory", 1e9),
    ("%", "share", 1.0),
];

/// What a value in `from` is multiplied by to be in `to`; none where they measure different things.
pub fn factor(from: &str, to: &str) -> Option<f64> {
    let find = |unit: &str| UNITS.iter().find(|(name, _, _)| *name == unit);
    let ((_, measures, size), (_, wanted, base)) = (find(from)?, find(to)?);
    (measures == wanted).then(|| size / base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_thousand_milliseconds() {
        assert_eq!(Some(1000.0), factor("s", "ms"));
        assert_eq!(Some(1.0), factor("GiB", "GiB"));
        assert_eq!(None, factor("s", "GiB"));
        assert_eq!(None, factor("it/s", "s"));
    }
}
