//! One number for each of some stretches of equal length.

use super::quantile::{keys, median_of};

/// Means of `bins` stretches whose lengths differ by at most one; of each value when there are fewer values than bins.
pub fn bin_means(values: &[f64], bins: usize) -> Vec<f64> {
    let bins = bins.min(values.len());
    let edge = |bin: usize| (bin as u128 * values.len() as u128 / bins as u128) as usize;
    (0..bins).map(|bin| mean(&values[edge(bin)..edge(bin + 1)])).collect()
}

fn mean(values: &[f64]) -> f64 {
    // Four sums at once, so that no addition waits for the one before.
    let fours = values.chunks_exact(4);
    let rest: f64 = fours.remainder().iter().sum();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, value) in sums.iter_mut().zip(four) {
            *sum += value;
        }
    }
    (sums.iter().sum::<f64>() + rest) / values.len() as f64
}

/// Medians of `blocks` stretches of one length; the values left over are the first.
pub fn block_medians(values: &[f64], blocks: usize) -> Vec<f64> {
    let blocks = blocks.min(values.len());
    if blocks == 0 {
        return Vec::new();
    }
    let mut keys = keys(&values[values.len() % blocks..]);
    let length = keys.len() / blocks;
    keys.chunks_exact_mut(length).map(median_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::median;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bins_are_the_means_of_their_stretches(values in prop::collection::vec(-1e6..1e6f64, 0..200), bins in 0..250usize) {
            let count = bins.min(values.len());
            let found = bin_means(&values, bins);

            prop_assert_eq!(found.len(), count);
            for (bin, mean) in found.iter().enumerate() {
                let stretch = &values[bin * values.len() / count..(bin + 1) * values.len() / count];
                let plain = stretch.iter().sum::<f64>() / stretch.len() as f64;
                prop_assert!((mean - plain).abs() <= 1e-9 * (1.0 + plain.abs()));
            }
        }

        #[test]
        fn blocks_are_the_medians_of_their_stretches(values in prop::collection::vec(-1e6..1e6f64, 0..200), blocks in 0..250usize) {
            let found = block_medians(&values, blocks);
            let count = blocks.min(values.len());
            let left = if count == 0 { 0 } else { values.len() % count };
            let length = (values.len() - left).checked_div(count).unwrap_or(1).max(1);
            let plain: Vec<f64> = values[left..].chunks(length).take(count).map(median).collect();

            prop_assert_eq!(found, plain);
        }
    }
}
