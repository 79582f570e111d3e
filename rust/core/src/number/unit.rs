//! What is printed after a number: units, and the magnitudes K, M, B and T.

use crate::types::snake_case;

/// What can be converted into one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// In nanoseconds.
    Time,
    /// In bytes.
    Memory,
    /// Converts into nothing else.
    Other,
}

use Measure::{Memory, Other, Time};

/// Units that logs print: what each measures, and how large it is. Sorted, so that nothing stands here twice.
/// A unit that is missing is read too if it looks like one ([`is_unit`]); a known one may be long, may follow a
/// magnitude (`1.2kit/s`), and may follow `nan` and `inf`.
const UNITS: &[(&str, Measure, f64)] = &[
    ("%", Other, 1.0),
    ("B", Memory, 1.0),
    ("B/s", Other, 1.0),
    ("C", Other, 1.0),
    ("FLOPS", Other, 1.0),
    ("FLOPs", Other, 1.0),
    ("G", Memory, 1e9),
    ("GB", Memory, 1e9),
    ("GB/s", Other, 1.0),
    ("GFLOP/s", Other, 1.0),
    ("GFLOPS", Other, 1.0),
    ("GFLOPs", Other, 1.0),
    ("GHz", Other, 1.0),
    ("Gb", Other, 1.0),
    ("GiB", Memory, 1_073_741_824.0),
    ("GiB/s", Other, 1.0),
    ("Hz", Other, 1.0),
    ("J", Other, 1.0),
    ("K", Memory, 1e3),
    ("KB", Memory, 1e3),
    ("KB/s", Other, 1.0),
    ("KiB", Memory, 1024.0),
    ("M", Memory, 1e6),
    ("MB", Memory, 1e6),
    ("MB/s", Other, 1.0),
    ("MHz", Other, 1.0),
    ("Mb", Other, 1.0),
    ("MiB", Memory, 1_048_576.0),
    ("MiB/s", Other, 1.0),
    ("PFLOP/s", Other, 1.0),
    ("PFLOPS", Other, 1.0),
    ("T", Memory, 1e12),
    ("TB", Memory, 1e12),
    ("TFLOP/s", Other, 1.0),
    ("TFLOP/s/GPU", Other, 1.0),
    ("TFLOPS", Other, 1.0),
    ("TFLOPs", Other, 1.0),
    ("TFLOPs/s/GPU", Other, 1.0),
    ("TiB", Memory, 1_099_511_627_776.0),
    ("W", Other, 1.0),
    ("b/s", Other, 1.0),
    ("batch/s", Other, 1.0),
    ("batches/s", Other, 1.0),
    ("d", Time, 86_400e9),
    ("dB", Other, 1.0),
    ("day", Time, 86_400e9),
    ("days", Time, 86_400e9),
    ("epoch/s", Other, 1.0),
    ("epochs", Other, 1.0),
    ("ex/s", Other, 1.0),
    ("example/s", Other, 1.0),
    ("examples/s", Other, 1.0),
    ("examples/sec", Other, 1.0),
    ("examples/second", Other, 1.0),
    ("file/s", Other, 1.0),
    ("files/s", Other, 1.0),
    ("fps", Other, 1.0),
    ("frames/s", Other, 1.0),
    ("h", Time, 3600e9),
    ("hour", Time, 3600e9),
    ("hours", Time, 3600e9),
    ("hr", Time, 3600e9),
    ("hrs", Time, 3600e9),
    ("images", Other, 1.0),
    ("images/s", Other, 1.0),
    ("images/sec", Other, 1.0),
    ("images/second", Other, 1.0),
    ("img/s", Other, 1.0),
    ("img/sec", Other, 1.0),
    ("imgs/s", Other, 1.0),
    ("it", Other, 1.0),
    ("it/s", Other, 1.0),
    ("it/sec", Other, 1.0),
    ("item/s", Other, 1.0),
    ("items/s", Other, 1.0),
    ("iter/s", Other, 1.0),
    ("iter/sec", Other, 1.0),
    ("iterations", Other, 1.0),
    ("iterations/second", Other, 1.0),
    ("iters", Other, 1.0),
    ("iters/s", Other, 1.0),
    ("iters/sec", Other, 1.0),
    ("its", Other, 1.0),
    ("its/s", Other, 1.0),
    ("kB", Memory, 1e3),
    ("kB/s", Other, 1.0),
    ("kW", Other, 1.0),
    ("kWh", Other, 1.0),
    ("m", Time, 60e9),
    ("min", Time, 60e9),
    ("mins", Time, 60e9),
    ("minute", Time, 60e9),
    ("minutes", Time, 60e9),
    ("ms", Time, 1e6),
    ("ms/batch", Other, 1.0),
    ("ms/it", Other, 1.0),
    ("ms/iter", Other, 1.0),
    ("ms/step", Other, 1.0),
    ("msec", Time, 1e6),
    ("msecs", Time, 1e6),
    ("nats", Other, 1.0),
    ("ns", Time, 1.0),
    ("params", Other, 1.0),
    ("rows/s", Other, 1.0),
    ("s", Time, 1e9),
    ("s/batch", Other, 1.0),
    ("s/epoch", Other, 1.0),
    ("s/it", Other, 1.0),
    ("s/iter", Other, 1.0),
    ("s/step", Other, 1.0),
    ("sample/s", Other, 1.0),
    ("samples", Other, 1.0),
    ("samples/s", Other, 1.0),
    ("samples/sec", Other, 1.0),
    ("samples/second", Other, 1.0),
    ("sec", Time, 1e9),
    ("sec/batch", Other, 1.0),
    ("sec/it", Other, 1.0),
    ("sec/iter", Other, 1.0),
    ("sec/step", Other, 1.0),
    ("second", Time, 1e9),
    ("seconds", Time, 1e9),
    ("seconds/iteration", Other, 1.0),
    ("seconds/step", Other, 1.0),
    ("secs", Time, 1e9),
    ("seq/s", Other, 1.0),
    ("sequences/s", Other, 1.0),
    ("sequences/second", Other, 1.0),
    ("step/s", Other, 1.0),
    ("steps", Other, 1.0),
    ("steps/s", Other, 1.0),
    ("steps/sec", Other, 1.0),
    ("steps/second", Other, 1.0),
    ("tok/s", Other, 1.0),
    ("tok/s/gpu", Other, 1.0),
    ("tok/sec", Other, 1.0),
    ("token/s", Other, 1.0),
    ("tokens", Other, 1.0),
    ("tokens/s", Other, 1.0),
    ("tokens/s/gpu", Other, 1.0),
    ("tokens/sec", Other, 1.0),
    ("tokens/sec/gpu", Other, 1.0),
    ("tokens/second", Other, 1.0),
    ("toks/s", Other, 1.0),
    ("toks/sec", Other, 1.0),
    ("us", Time, 1e3),
    ("us/step", Other, 1.0),
    ("usec", Time, 1e3),
    ("words/s", Other, 1.0),
    ("wps", Other, 1.0),
    ("x", Other, 1.0),
    ("°C", Other, 1.0),
    ("µs", Time, 1e3),
    ("μs", Time, 1e3),
];

/// The longest unit that nobody told us of.
const LONGEST: usize = 12;

/// A name with one of these words speaks of memory, so that `16G` and `800M` are sizes.
const MEMORY_WORDS: [&str; 6] = ["cuda", "gpu", "mem", "memory", "ram", "vram"];

fn find(unit: &[u8]) -> Option<&'static (&'static str, Measure, f64)> {
    UNITS.binary_search_by(|(name, ..)| name.as_bytes().cmp(unit)).ok().and_then(|at| UNITS.get(at))
}

pub fn is_known(unit: &[u8]) -> bool {
    find(unit).is_some()
}

/// Whether text may be a unit: a known one, or up to twelve letters, with `/` between them. Not a lone `e`, which is
/// what is left of an exponent cut short.
pub fn is_unit(text: &[u8]) -> bool {
    let looks = |text: &[u8]| {
        let word = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_alphabetic);
        text.len() <= LONGEST && text.split(|&b| b == b'/').all(word) && !text.eq_ignore_ascii_case(b"e")
    };
    is_known(text) || looks(text)
}

/// Nanoseconds in a unit of time.
pub fn nanoseconds(unit: &[u8]) -> Option<f64> {
    find(unit).filter(|(_, measure, _)| *measure == Time).map(|(.., size)| *size)
}

/// The power of ten that a suffix begins with, and the unit after it: `M`, `K tokens`, `kit/s`.
pub fn magnitude<'a>(suffix: &'a [u8], name: &[u8]) -> Option<(u8, &'a [u8])> {
    let (first, rest) = suffix.split_first()?;
    let power = match first {
        b'K' | b'k' => 3,
        b'M' => 6,
        b'B' => 9,
        b'T' => 12,
        _ => return None,
    };
    let unit = rest.strip_prefix(b" ").unwrap_or(rest);
    let follows = if unit.len() < rest.len() { is_unit(unit) } else { is_rate(unit) && !is_known(suffix) };
    ((rest.is_empty() || follows) && !names_memory(name)).then_some((power, unit))
}

fn is_rate(unit: &[u8]) -> bool {
    unit.contains(&b'/') && is_known(unit)
}

fn names_memory(name: &[u8]) -> bool {
    let name = snake_case(&String::from_utf8_lossy(name));
    name.split('_').any(|word| MEMORY_WORDS.contains(&word) || word.ends_with("mem"))
}

/// A value in another unit of the same measure; none where the units don't measure the same.
///
/// ```
/// use fastlogs_core::number::convert;
/// assert_eq!(convert(250.0, "ms", "s"), Some(0.25));
/// assert_eq!(convert(3.0, "it/s", "s/it"), None);
/// ```
pub fn convert(value: f64, from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(value);
    }
    let (_, measure, size) = find(from.as_bytes())?;
    let (_, other, unit) = find(to.as_bytes())?;
    // The ratio of the larger to the smaller is whole, so that most values round once.
    let rescaled = if size >= unit { value * (size / unit) } else { value / (unit / size) };
    (measure == other && *measure != Other).then_some(rescaled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        let unsorted: Vec<_> = UNITS.windows(2).filter(|pair| pair[0].0 >= pair[1].0).collect();
        assert!(unsorted.is_empty(), "{unsorted:?}");
    }

    #[test]
    fn every_known_unit_is_a_unit() {
        assert!(UNITS.iter().all(|(name, ..)| is_unit(name.as_bytes())));
    }

    #[test]
    fn what_looks_like_a_unit() {
        for unit in ["ms", "lines", "kbit/s", "foo/bar/baz", "°C", "µs", "samples/second"] {
            assert!(is_unit(unit.as_bytes()), "{unit}");
        }
        for text in ["", "e", "E", "/s", "s/", "a//b", "m2", "a b", "é", "%%", "abcdefghijklm", "it/s,", "-"] {
            assert!(!is_unit(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn names_that_speak_of_memory() {
        for name in ["mem", "GPU_mem", "GPUMem", "gpu", "cpumem", "max memory allocated", "vram", "maxMemAlloc"] {
            assert!(names_memory(name.as_bytes()), "{name}");
        }
        for name in ["", "tokens", "param", "program", "member", "remember_k", "params"] {
            assert!(!names_memory(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn units_convert_within_their_measure() {
        assert_eq!(Some(1.5), convert(90.0, "m", "h"));
        assert_eq!(Some(2048.0), convert(2.0, "GiB", "MiB"));
        assert_eq!(Some(0.0005), convert(0.5, "µs", "ms"));
        assert_eq!(Some(7.0), convert(7.0, "furlongs", "furlongs"));
        assert_eq!(None, convert(7.0, "furlongs", "m"));
        assert_eq!(None, convert(7.0, "GB", "s"));
        assert_eq!(None, convert(7.0, "%", "x"));
    }
}
