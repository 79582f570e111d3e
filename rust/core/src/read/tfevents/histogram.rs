//! What a histogram says of the values it was made of: how many they are, their least and their greatest, their mean
//! and spread, and the values below which some of them lie.
//!
//! Older files keep the sums that mean and spread are made of; newer ones keep buckets only, and both are taken from the
//! middles of these. The quantiles are those that TensorBoard draws.

use super::tensor::Tensor;
use crate::read::wire::proto::{Fields, Value};
use crate::row::{MISSING, slot_of};

/// What is told of a histogram, behind the tag.
pub const STATISTICS: [&str; 10] = ["count", "min", "max", "mean", "std", "p7", "p16", "p50", "p84", "p93"];

/// The shares of a normal distribution that are below -1.5, -1, 0, 1 and 1.5 standard deviations.
const SHARES: [f64; 5] = [0.0668, 0.1587, 0.5, 0.8413, 0.9332];

#[derive(Debug, Clone, Copy, PartialEq)]
struct Bucket {
    left: f64,
    right: f64,
    count: f64,
}

/// See the module.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    count: f64,
    min: f64,
    max: f64,
    mean: f64,
    spread: f64,
    buckets: Vec<Bucket>,
}

impl Histogram {
    /// As newer files have it: rows of left edge, right edge and count; none where the tensor is something else.
    pub fn of_tensor(tensor: &Tensor<'_>) -> Option<Histogram> {
        let rows = tensor.rows_of_three()?;
        let buckets: Vec<Bucket> = rows.into_iter().map(|[left, right, count]| Bucket { left, right, count }).collect();
        let count = total(&buckets, &|_| 1.0);
        let over = |each: &dyn Fn(f64) -> f64| total(&buckets, &|b| each(b.left.midpoint(b.right))) / count;
        let mean = over(&|middle| middle);
        let spread = over(&|middle| (middle - mean).powi(2)).sqrt();
        let (min, max) = (buckets.first().map_or(0.0, |b| b.left), buckets.last().map_or(0.0, |b| b.right));
        Some(Histogram { count, min, max, mean, spread, buckets })
    }

    /// As older files have it.
    pub fn of_proto(proto: &[u8]) -> Option<Histogram> {
        let (mut sums, mut limits, mut counts) = ([0.0; 5], Vec::new(), Vec::new());
        let mut fields = Fields::of(proto);
        for (number, value) in fields.by_ref() {
            match (number, value) {
                (1..=5, Value::Fixed64(bits)) => sums[number as usize - 1] = f64::from_bits(bits),
                (6, value) => extend(&mut limits, value),
                (7, value) => extend(&mut counts, value),
                _ => {}
            }
        }
        if !fields.is_whole() || limits.len() != counts.len() {
            return None;
        }
        let [min, max, count, sum, squares] = sums;
        let mean = sum / count;
        let spread = (squares / count - mean * mean).max(0.0).sqrt();
        Some(Histogram { count, min, max, mean, spread, buckets: between(min, max, &limits, &counts) })
    }

    /// The slots of what is told; of no values there is only their count.
    pub fn slots(&self) -> [u64; STATISTICS.len()] {
        let mut slots = [MISSING; STATISTICS.len()];
        slots[0] = slot_of(self.count);
        if self.count > 0.0 {
            let told = [self.min, self.max, self.mean, self.spread];
            slots[1..5].copy_from_slice(&told.map(slot_of));
            for (slot, share) in slots[5..].iter_mut().zip(SHARES) {
                *slot = self.below(share).map_or(MISSING, slot_of);
            }
        }
        slots
    }

    /// The value that this share of all values is below, if they lie evenly in their bucket.
    fn below(&self, share: f64) -> Option<f64> {
        let (first, last) = (self.buckets.first()?, self.buckets.last()?);
        let all = total(&self.buckets, &|_| 1.0);
        let (mut before, mut edge) = (0.0, first.left);
        for bucket in &self.buckets {
            let upto = before + bucket.count / all;
            if upto > share {
                let (low, high) = (edge.max(first.left), bucket.right.min(last.right));
                return Some(low + (share - before) * (high - low) / (upto - before));
            }
            // Nothing lies before the first bucket that is not empty: it reaches down to the least value.
            edge = if upto > 0.0 { bucket.right } else { first.left };
            before = upto;
        }
        Some(last.right)
    }
}

/// What each bucket has of something, times its count.
fn total(buckets: &[Bucket], each: &dyn Fn(&Bucket) -> f64) -> f64 {
    buckets.iter().fold(0.0, |sum, bucket| sum + bucket.count * each(bucket))
}

/// Buckets by their upper limits, without the empty ones at both ends: the outermost limits are no values, where the
/// least and the greatest value are known.
fn between(min: f64, max: f64, limits: &[f64], counts: &[f64]) -> Vec<Bucket> {
    let Some(start) = counts.iter().position(|&count| count > 0.0) else { return Vec::new() };
    let end = counts.iter().rposition(|&count| count > 0.0).unwrap_or(start);
    let left = |k: usize| if k == start { min } else { limits[k - 1] };
    let right = |k: usize| if k == end { max } else { limits[k] };
    (start..=end).map(|k| Bucket { left: left(k), right: right(k), count: counts[k] }).collect()
}

/// Doubles, one by one or packed.
fn extend(numbers: &mut Vec<f64>, value: Value<'_>) {
    match value {
        Value::Fixed64(bits) => numbers.push(f64::from_bits(bits)),
        Value::Bytes(packed) => numbers.extend(packed.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes))),
        Value::Varint(_) | Value::Fixed32(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proto(sums: [f64; 5], limits: &[f64], counts: &[f64]) -> Vec<u8> {
        let mut out = Vec::new();
        for (number, sum) in (1u8..).zip(sums) {
            out.push(number << 3 | 1);
            out.extend(sum.to_le_bytes());
        }
        for (number, numbers) in [(6u8, limits), (7, counts)] {
            out.extend([number << 3 | 2, numbers.len() as u8 * 8]);
            out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        }
        out
    }

    fn told(histogram: &Histogram) -> Vec<f64> {
        histogram.slots().iter().filter(|&&slot| slot != MISSING).map(|&slot| f64::from_bits(slot)).collect()
    }

    #[test]
    fn sums_and_quantiles_are_those_of_the_values() {
        // Of 1, 2, 3 and 6: the mean is 3, the variance 14 / 4. Half of them are below the second limit.
        let histogram = proto([1.0, 6.0, 4.0, 12.0, 50.0], &[-5.0, 1.5, 2.5, 9.0, 1e308], &[0.0, 1.0, 1.0, 2.0, 0.0]);
        let found = Histogram::of_proto(&histogram).unwrap();

        let quantiles = [1.0 + 0.2672 * 0.5, 1.0 + 0.6348 * 0.5, 2.5, 2.5 + 0.6826 * 3.5, 2.5 + 0.8664 * 3.5];
        let wanted = [&[4.0, 1.0, 6.0, 3.0, 3.5_f64.sqrt()][..], &quantiles].concat();
        assert!(told(&found).iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn of_no_values_only_their_count_is_told() {
        let empty = Histogram::of_proto(&proto([f64::MAX, -f64::MAX, 0.0, 0.0, 0.0], &[1.0], &[0.0])).unwrap();

        assert_eq!(vec![0.0], told(&empty));
        // Limits and counts that do not go together, and a field cut off.
        assert_eq!(None, Histogram::of_proto(&proto([0.0; 5], &[1.0, 2.0], &[1.0])));
        assert_eq!(None, Histogram::of_proto(&proto([0.0; 5], &[1.0], &[1.0])[..60]));
    }

    #[test]
    fn all_in_one_bucket_lie_evenly() {
        let buckets = [0.0_f64, 10.0, 4.0].map(f64::to_le_bytes).concat();
        let tensor = [&b"\x08\x02\x12\x08\x12\x02\x08\x01\x12\x02\x08\x03\x22\x18"[..], &buckets].concat();
        let found = Histogram::of_tensor(&Tensor::of(&tensor)).unwrap();

        let wanted = [4.0, 0.0, 10.0, 5.0, 0.0, 0.668, 1.587, 5.0, 8.413, 9.332];
        assert!(told(&found).iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }
}
