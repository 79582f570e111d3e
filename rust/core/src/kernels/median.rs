//! The middle value.

/// The median, of an even number of values the mean of the middle two; NaN of none.
pub fn median(values: &[f64]) -> f64 {
    median_of(&mut values.to_vec())
}

/// The same in place: the values are left in another order.
pub(super) fn median_of(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    if values.is_empty() {
        return f64::NAN;
    }
    let even = values.len() % 2 == 0;
    let (below, &mut middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if even => (lower + middle) / 2.0,
        _ => middle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_middle_of_the_sorted(mut values in prop::collection::vec(-1e9..1e9f64, 1..80)) {
            let found = median(&values);
            values.sort_by(f64::total_cmp);
            let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);

            prop_assert_eq!(found, (low + high) / 2.0);
        }
    }

    #[test]
    fn none_have_no_median() {
        assert!(median(&[]).is_nan());
    }
}
