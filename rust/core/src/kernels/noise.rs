//! How values follow each other: lag-1 correlation, and the long-run variance by slow cosines.

use std::f64::consts::PI;

/// Cosines for each independent block.
const COSINES_PER_BLOCK: f64 = 0.30;
const LEAST_COSINES: usize = 6;
const MOST_COSINES: usize = 24;
/// No variance is below this, so that a division by it is one.
const LEAST_VARIANCE: f64 = 1e-300;

/// The long-run variance of one bin, its degrees of freedom, and how many independent blocks the bins are worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongRun {
    pub variance: f64,
    pub df: usize,
    pub n_eff: f64,
    pub rho: f64,
}

/// Lag-1 autocorrelation about the line that fits best, corrected for what fitting it takes away.
pub fn lag1(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if values.len() < 3 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / n;
    let middle = (n - 1.0) / 2.0;
    let rise: f64 = values.iter().enumerate().map(|(i, value)| (i as f64 - middle) * (value - mean)).sum();
    let slope = rise / ramp_square(n);
    let (mut total, mut next, mut before) = (0.0, 0.0, 0.0);
    for (i, value) in values.iter().enumerate() {
        let left = value - mean - slope * (i as f64 - middle);
        total += left * left;
        next += left * before;
        before = left;
    }
    if total <= 0.0 {
        return 0.0;
    }
    let rho = next / total;
    (rho + (2.0 + 4.0 * rho) / n).min(0.9995)
}

/// The sum of squares of a centred ramp of n steps.
fn ramp_square(n: f64) -> f64 {
    n * (n * n - 1.0) / 12.0
}

/// The variance that the mean of correlated bins has, times their number.
///
/// Equal-weighted cosine estimator (Lazarus, Lewis, Stock, Watson 2018), a line projected out; the more independent
/// the bins, the more cosines.
pub fn long_run(bins: &[f64]) -> LongRun {
    let n = bins.len();
    let rho = lag1(bins);
    if n < 3 || !rho.is_finite() {
        let variance = if rho.is_finite() { LEAST_VARIANCE } else { f64::INFINITY };
        return LongRun { variance, df: 1, n_eff: 0.0, rho: 0.0 };
    }
    let mixed = rho.clamp(0.0, 0.98);
    let n_eff = n as f64 * (1.0 - mixed) / (1.0 + mixed);
    let wanted = (COSINES_PER_BLOCK * n_eff) as usize;
    let df = wanted.clamp(LEAST_COSINES, MOST_COSINES).min(n / 2);
    LongRun { variance: (left_square(bins, df + 1) / df as f64).max(LEAST_VARIANCE), df, n_eff, rho }
}

/// The sum of squares on the first cosines, less what lies along a line.
fn left_square(bins: &[f64], count: usize) -> f64 {
    let (mut square, mut along, mut line) = (0.0, 0.0, 0.0);
    for order in 1..=count {
        let angle = PI * order as f64 / bins.len() as f64;
        let wave = wave(bins, angle);
        square += wave * wave;
        if order % 2 == 1 {
            let ramp = ramp(angle);
            along += wave * ramp;
            line += ramp * ramp;
        }
    }
    (square - along * along / line) * 2.0 / bins.len() as f64
}

/// The values' coefficient on a type-II cosine, each cosine from the two before it.
fn wave(values: &[f64], angle: f64) -> f64 {
    let turn = 2.0 * angle.cos();
    let (mut before, mut now) = ((angle / 2.0).cos(), (angle / 2.0).cos());
    let mut sum = 0.0;
    for value in values {
        sum += value * now;
        (before, now) = (now, turn * now - before);
    }
    sum
}

/// A centred ramp's coefficient on a cosine of odd order; on the even ones it has none.
fn ramp(angle: f64) -> f64 {
    let (sin, cos) = (angle / 2.0).sin_cos();
    -cos / (2.0 * sin * sin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn detrended(values: &[f64]) -> Vec<f64> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let place = |i: usize| i as f64 - (n - 1.0) / 2.0;
        let square: f64 = (0..values.len()).map(|i| place(i).powi(2)).sum();
        let slope = values.iter().enumerate().map(|(i, v)| place(i) * v).sum::<f64>() / square;
        values.iter().enumerate().map(|(i, v)| v - mean - slope * place(i)).collect()
    }

    fn cosine(values: &[f64], order: usize) -> f64 {
        let n = values.len() as f64;
        let at = |i: usize| (PI * order as f64 * (i as f64 + 0.5) / n).cos() * (2.0 / n).sqrt();
        values.iter().enumerate().map(|(i, v)| v * at(i)).sum()
    }

    proptest! {
        #[test]
        fn lag1_is_the_plain_sum(values in prop::collection::vec(-10.0..10.0f64, 3..100)) {
            let left = detrended(&values);
            let total: f64 = left.iter().map(|v| v * v).sum();
            prop_assume!(total > 1e-6);
            let next: f64 = left.windows(2).map(|w| w[0] * w[1]).sum();
            let n = values.len() as f64;
            let plain = (next / total + (2.0 + 4.0 * next / total) / n).min(0.9995);

            prop_assert!((lag1(&values) - plain).abs() < 1e-8, "{} {}", lag1(&values), plain);
        }

        #[test]
        fn long_run_is_the_mean_square_of_cosines_off_the_line(values in prop::collection::vec(-10.0..10.0f64, 8..80)) {
            let found = long_run(&values);
            let ramp: Vec<f64> = (0..values.len()).map(|i| i as f64).collect();
            let waves: Vec<f64> = (1..=found.df + 1).map(|order| cosine(&values, order)).collect();
            let line: Vec<f64> = (1..=found.df + 1).map(|order| cosine(&ramp, order)).collect();
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            let plain = (dot(&waves, &waves) - dot(&waves, &line).powi(2) / dot(&line, &line)) / found.df as f64;

            prop_assert!((found.variance - plain).abs() <= 1e-8 * (1.0 + plain), "{} {}", found.variance, plain);
            prop_assert!((0.0..=values.len() as f64).contains(&found.n_eff));
        }

        #[test]
        fn anything_has_a_long_run(values in prop::collection::vec(any::<f64>(), 0..70)) {
            let found = long_run(&values);

            prop_assert!(found.n_eff >= 0.0 && found.variance >= LEAST_VARIANCE);
        }
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        assert_eq!(lag1(&[2.0; 9]), 0.0);
        assert_eq!(lag1(&[1.0, 2.0]), 0.0);
    }
}
