//! Units behind numbers.

/// Whether a word after a number is the number's unit.
pub fn unit(word: &str) -> bool {
    const UNITS: [&str; 82] = [
        "mm",
        "cm",
        "km",
        "deg",
        "degrees",
        "rad",
        "kw",
        "mw",
        "kwh",
        "mwh",
        "ev",
        "mev",
        "kcal",
        "kj",
        "px",
        "pixels",
        "bits",
        "nats",
        "pts",
        "bpm",
        "s",
        "sec",
        "secs",
        "second",
        "seconds",
        "ms",
        "us",
        "ns",
        "msec",
        "min",
        "mins",
        "minute",
        "minutes",
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "day",
        "days",
        "percent",
        "b",
        "kb",
        "mb",
        "gb",
        "tb",
        "kib",
        "mib",
        "gib",
        "tib",
        "byte",
        "bytes",
        "k",
        "m",
        "g",
        "t",
        "x",
        "hz",
        "khz",
        "mhz",
        "ghz",
        "db",
        "w",
        "watts",
        "fps",
        "it",
        "its",
        "samples",
        "sample",
        "images",
        "imgs",
        "img",
        "tokens",
        "tok",
        "words",
        "frames",
        "sentences",
        "steps",
        "examples",
        "flops",
        "gflops",
        "tflops",
    ];
    let lower = word.to_ascii_lowercase();
    match lower.split_once('/') {
        Some((_, per)) => !per.is_empty() && per.len() <= 10,
        None => UNITS.contains(&lower.trim_end_matches('.')),
    }
}

/// Letters that make a number larger, and name nothing.
pub fn magnitude(word: &str) -> bool {
    matches!(word, "K" | "M" | "G" | "B" | "T")
}

/// Units of size, and of what moves so many in a second.
pub fn size(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let own = lower.strip_suffix("/s").or_else(|| lower.strip_suffix("/sec")).unwrap_or(&lower);
    matches!(own, "b" | "kb" | "mb" | "gb" | "tb" | "kib" | "mib" | "gib" | "tib" | "byte" | "bytes")
}

/// Units of time from minutes on, of which nothing is counted: `up 3 days`.
pub fn long_time(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "min" | "mins" | "minute" | "minutes" | "hour" | "hours" | "hr" | "hrs" | "day" | "days" | "week" | "weeks"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_known_by_list_or_by_rate() {
        for word in ["ms", "samples/sec", "GiB", "it/s", "sec", "words/s"] {
            assert!(unit(word), "{word}");
        }
        assert!(!unit("loss"));
    }
}
