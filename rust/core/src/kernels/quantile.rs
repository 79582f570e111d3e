//! The value that a share of the values are below.

use super::order::{key, value};

/// The median, of an even number of values the mean of the middle two; NaN of none.
pub fn median(values: &[f64]) -> f64 {
    median_of(&mut keys(values))
}

/// Whole numbers in the order of the values: quicker to compare.
pub(super) fn keys(values: &[f64]) -> Vec<i64> {
    values.iter().map(|value| key(*value)).collect()
}

/// The median of values by their keys, which are left in another order.
pub(super) fn median_of(keys: &mut [i64]) -> f64 {
    let half = keys.len() / 2;
    if keys.is_empty() {
        return f64::NAN;
    }
    let even = keys.len().is_multiple_of(2);
    let (below, &mut middle, _) = keys.select_nth_unstable(half);
    match below.iter().max() {
        Some(lower) if even => (value(*lower) + value(middle)) / 2.0,
        _ => value(middle),
    }
}

/// The quantile at a share, on the line between the two values beside it; NaN of none, and of a share that is none.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    if values.is_empty() || !(0.0..=1.0).contains(&share) {
        return f64::NAN;
    }
    let mut keys = keys(values);
    let place = share * (keys.len() - 1) as f64;
    let (_, &mut low, above) = keys.select_nth_unstable(place as usize);
    let low = value(low);
    match above.iter().min() {
        Some(high) if place.fract() > 0.0 => low + (value(*high) - low) * place.fract(),
        _ => low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_median_is_the_middle_of_the_sorted(mut values in prop::collection::vec(-1e9..1e9f64, 1..80)) {
            let found = median(&values);
            values.sort_by(f64::total_cmp);
            let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);

            prop_assert_eq!(found, (low + high) / 2.0);
        }

        #[test]
        fn a_quantile_lies_between_its_neighbours(
            mut values in prop::collection::vec(-1e9..1e9f64, 1..80),
            share in 0.0..=1.0f64,
        ) {
            let found = quantile(&values, share);
            values.sort_by(f64::total_cmp);
            let place = share * (values.len() - 1) as f64;
            let (low, high) = (values[place.floor() as usize], values[place.ceil() as usize]);
            let plain = low * (1.0 - place.fract()) + high * place.fract();

            prop_assert!((found - plain).abs() <= 1e-6, "{} {}", found, plain);
        }
    }

    #[test]
    fn none_have_none() {
        assert!(median(&[]).is_nan());
        assert!(quantile(&[], 0.5).is_nan());
        assert!(quantile(&[1.0], f64::NAN).is_nan());
    }
}
