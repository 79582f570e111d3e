//! Which rows of one series a resume leaves standing.

/// A row is void when a later row has a step not above its own; a step that is no number is void and voids none.
pub fn kept(steps: &[f64]) -> Vec<bool> {
    let mut stands = vec![false; steps.len()];
    let mut least = f64::INFINITY;
    for (stand, &step) in stands.iter_mut().zip(steps).rev() {
        // Nothing is later than the last row: it stands, were its step infinite.
        *stand = step < least || (least == f64::INFINITY && step == f64::INFINITY);
        least = least.min(step);
    }
    stands
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_stands_when_every_later_one_is_above_it(steps in prop::collection::vec(0..40i32, 0..60)) {
            let steps: Vec<f64> = steps.into_iter().map(f64::from).collect();
            let plain: Vec<bool> = (0..steps.len()).map(|i| steps[i + 1..].iter().all(|&later| later > steps[i])).collect();

            prop_assert_eq!(kept(&steps), plain);
        }
    }

    #[test]
    fn no_number_is_void_and_voids_none() {
        assert_eq!(kept(&[1.0, f64::NAN, 2.0]), [true, false, true]);
    }
}
