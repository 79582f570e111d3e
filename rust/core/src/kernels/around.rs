//! A curve smoothed for the eye: each value averaged with those before and after it, the near ones weighing most.

/// The mean around each value, `weight` to the power of the distance being what another weighs; debiased at both ends.
/// A value that is not finite stays where it is, and is passed over.
///
/// A weight that is not between 0 and 1 gives the curve itself.
pub fn mean_around(values: &[f64], weight: f64) -> Vec<f64> {
    let mut means = values.to_vec();
    if !(weight > 0.0 && weight < 1.0) {
        return means;
    }
    let mut before = 0.0;
    let mut finite = 0;
    for mean in means.iter_mut().filter(|mean| mean.is_finite()) {
        let value = *mean;
        *mean = before;
        before = (before + value) * weight;
        finite += 1;
    }
    let weights = Weights::of(weight, finite);
    let mut after = 0.0;
    let back = means.iter_mut().zip(values).rev().filter(|(_, value)| value.is_finite());
    for (at, (mean, &value)) in back.enumerate() {
        *mean = (*mean + value + after) / (weights.beside(finite - 1 - at) + 1.0 + weights.beside(at));
        after = (after + value) * weight;
    }
    means
}

/// What so many neighbours on one side weigh together.
struct Weights {
    sums: Vec<f64>,
}

impl Weights {
    fn of(weight: f64, most: usize) -> Weights {
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        // Far neighbours weigh nothing that a float would show.
        while sums.len() <= most {
            let next = (sum + 1.0) * weight;
            if next == sum {
                break;
            }
            sums.push(next);
            sum = next;
        }
        Weights { sums }
    }

    fn beside(&self, neighbours: usize) -> f64 {
        self.sums[neighbours.min(self.sums.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![9 => -1e3..1e3f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)]
    }

    proptest! {
        #[test]
        fn it_is_the_weighted_mean(values in prop::collection::vec(value(), 1..60), weight in 0.01..0.99f64) {
            let found = mean_around(&values, weight);
            let finite: Vec<usize> = (0..values.len()).filter(|&i| values[i].is_finite()).collect();

            for (at, &i) in finite.iter().enumerate() {
                let weights = (0..finite.len()).map(|other| weight.powi(at.abs_diff(other) as i32));
                let top: f64 = weights.clone().zip(&finite).map(|(w, &j)| w * values[j]).sum();
                prop_assert!((found[i] - top / weights.sum::<f64>()).abs() < 1e-8);
            }
            for i in (0..values.len()).filter(|i| !finite.contains(i)) {
                prop_assert_eq!(found[i].to_bits(), values[i].to_bits());
            }
        }
    }

    #[test]
    fn no_weight_is_the_curve() {
        assert_eq!(mean_around(&[1.0, 5.0], 0.0), [1.0, 5.0]);
        assert_eq!(mean_around(&[1.0, 5.0], f64::NAN), [1.0, 5.0]);
        assert!(mean_around(&[], 0.5).is_empty());
    }
}
