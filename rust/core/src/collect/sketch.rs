//! What stays of a metric when its rows are gone: counts, extremes, moments, the last values, bins over the steps.

mod bins;
mod moments;

use std::borrow::Cow;

use bins::Bins;
use moments::{LANES, Moments};

const LAST: usize = 100;

/// Finite values that are folded into the moments at once: counted, so that blocks change nothing.
const FOLD: usize = 128;

/// Values that wait for their bins: those of a short run fall into bins of the right width at once.
const WAITING: usize = 1024;

/// Folded values that may stand before those that are not.
const STALE: usize = 1024;

/// One metric of one run, in constant memory. Values come in file order, so the result is the same for any blocks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sketch {
    pub n: u64,
    pub n_nan: u64,
    pub n_inf: u64,
    pub first: Option<f64>,
    pub last: Option<f64>,
    pub min: Option<(f64, i64)>,
    pub max: Option<(f64, i64)>,
    pub steps: Option<(i64, i64)>,
    moments: Moments,
    /// The latest finite values; those from `folded` on are not in the moments yet.
    recent: Vec<f64>,
    folded: usize,
    /// Steps and values that are in no bin yet.
    waiting: (Vec<i64>, Vec<f64>),
    bins: Bins,
    /// Of all values and steps, to know equal series: where somebody asks.
    pub digest: Option<u64>,
}

impl Sketch {
    /// The same, empty as it is, that will know equal series.
    pub fn with_digest(self) -> Sketch {
        Sketch { digest: Some(0), ..self }
    }

    /// An empty one in the memory of this one.
    pub fn emptied(mut self) -> Sketch {
        self.recent.clear();
        self.waiting.0.clear();
        self.waiting.1.clear();
        Sketch { recent: self.recent, waiting: self.waiting, bins: self.bins.emptied(), ..Sketch::default() }
    }

    pub fn add(&mut self, step: i64, value: f64) {
        self.extend(&[step], &[value]);
    }

    /// Takes a value for each step.
    pub fn extend(&mut self, mut steps: &[i64], mut values: &[f64]) {
        while !values.is_empty() {
            let some = values.len().min(steps.len()).min(WAITING - self.waiting.0.len());
            if some == 0 {
                return;
            }
            self.some(&steps[..some], &values[..some]);
            (steps, values) = (&steps[some..], &values[some..]);
        }
    }

    /// Some values, no more than may wait.
    fn some(&mut self, steps: &[i64], values: &[f64]) {
        self.n += values.len() as u64;
        self.first = self.first.or(values.first().copied());
        self.last = values.last().copied().or(self.last);
        let (low, high) = self.steps.unwrap_or((i64::MAX, i64::MIN));
        self.steps = Some(steps.iter().fold((low, high), |(low, high), &step| (low.min(step), high.max(step))));
        if let Some(digest) = &mut self.digest {
            *digest = steps.iter().zip(values).fold(*digest, |d, (&s, v)| mixed(mixed(d, s as u64), v.to_bits()));
        }
        // To the end, as that is faster than to look after each where it may end.
        if values.iter().fold(true, |all, value| all & value.is_finite()) {
            self.finite(steps, values);
        } else {
            self.n_nan += values.iter().filter(|value| value.is_nan()).count() as u64;
            self.n_inf += values.iter().filter(|value| value.is_infinite()).count() as u64;
            let there = || steps.iter().zip(values).filter(|(_, value)| value.is_finite());
            let (steps, values): (Vec<i64>, Vec<f64>) = there().map(|(&step, &value)| (step, value)).unzip();
            self.finite(&steps, &values);
        }
        self.wait(steps, values);
    }

    fn finite(&mut self, steps: &[i64], values: &[f64]) {
        if let Some(k) = extreme(values, self.min.map(|min| min.0), |a, b| a < b) {
            self.min = Some((values[k], steps[k]));
        }
        if let Some(k) = extreme(values, self.max.map(|max| max.0), |a, b| a > b) {
            self.max = Some((values[k], steps[k]));
        }
        self.recent.extend_from_slice(values);
        while self.recent.len() - self.folded >= FOLD {
            self.moments = self.moments.join(Moments::of(&self.recent[self.folded..self.folded + FOLD]));
            self.folded += FOLD;
            if self.folded > STALE {
                self.recent.drain(..self.folded - FOLD);
                self.folded = FOLD;
            }
        }
    }

    fn wait(&mut self, steps: &[i64], values: &[f64]) {
        self.waiting.0.extend_from_slice(steps);
        self.waiting.1.extend_from_slice(values);
        if self.waiting.0.len() == WAITING {
            self.close();
        }
    }

    fn moments_now(&self) -> Moments {
        self.moments.join(Moments::of(&self.recent[self.folded..]))
    }

    pub fn finite_count(&self) -> u64 {
        self.n - self.n_nan - self.n_inf
    }

    pub fn mean(&self) -> Option<f64> {
        (self.finite_count() > 0).then(|| self.moments_now().mean)
    }

    /// Of the sample; none for fewer than two values.
    pub fn sd(&self) -> Option<f64> {
        let n = self.finite_count();
        (n > 1).then(|| (self.moments_now().spread / (n - 1) as f64).max(0.0).sqrt())
    }

    /// Mean of the last hundred finite values.
    pub fn last100(&self) -> Option<f64> {
        let last = &self.recent[self.recent.len().saturating_sub(LAST)..];
        (!last.is_empty()).then(|| last.iter().sum::<f64>() / last.len() as f64)
    }

    /// The curve in at most `points` means over equal stretches of steps; a stretch without a finite value is left out.
    pub fn trend(&self, points: usize) -> Vec<f64> {
        let (steps, values) = &self.waiting;
        let short = self.bins.is_empty().then(|| bins::trend_of(steps, values, points)).flatten();
        short.unwrap_or_else(|| self.bins_now().trend(points))
    }

    /// The curve as finely as it is kept: the middle of the steps of each bin with a value, and the mean of what is finite there.
    pub fn curve(&self) -> (Vec<f64>, Vec<f64>) {
        self.bins_now().curve()
    }

    /// Whether there are so many values that they are in bins.
    pub fn is_long(&self) -> bool {
        !self.bins.is_empty()
    }

    /// No more values come: none waits.
    pub fn close(&mut self) {
        self.bins.extend(&self.waiting.0, &self.waiting.1);
        self.waiting.0.clear();
        self.waiting.1.clear();
    }

    fn bins_now(&self) -> Cow<'_, Bins> {
        if self.waiting.0.is_empty() {
            return Cow::Borrowed(&self.bins);
        }
        let mut bins = self.bins.clone();
        bins.extend(&self.waiting.0, &self.waiting.1);
        Cow::Owned(bins)
    }
}

/// Where the first of the values stands that goes before all others and before `best`; none where none does.
fn extreme(values: &[f64], best: Option<f64>, before: impl Fn(f64, f64) -> bool) -> Option<usize> {
    let most = most(values, &before)?;
    let better = best.is_none_or(|best| before(most, best));
    better.then(|| values.iter().position(|&value| value == most)).flatten()
}

/// The value that goes before all others: lanes go side by side, so that none waits for the one before.
fn most(values: &[f64], before: &impl Fn(f64, f64) -> bool) -> Option<f64> {
    let of = |one: f64, other: f64| if before(other, one) { other } else { one };
    let mut lanes = [*values.first()?; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder().iter().fold(lanes[0], |most, &value| of(most, value));
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, &value)| *lane = of(*lane, value));
    }
    Some(lanes.into_iter().fold(rest, of))
}

fn mixed(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_says_of_values_what_they_are(values in proptest::collection::vec(-5000i64..5000, 1..3000)) {
            let values: Vec<f64> = values.iter().map(|&value| value as f64).collect();
            let mut sketch = Sketch::default();
            (0i64..).zip(&values).for_each(|(step, &value)| sketch.add(step, value));

            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            prop_assert!((sketch.mean().unwrap() - mean).abs() < 1e-6);
            if let Some(sd) = sketch.sd() {
                let about: f64 = values.iter().map(|&value| (value - mean).powi(2)).sum();
                prop_assert!((sd - (about / (n - 1.0)).sqrt()).abs() < 1e-6);
            }
            let last = &values[values.len().saturating_sub(LAST)..];
            prop_assert!((sketch.last100().unwrap() - last.iter().sum::<f64>() / last.len() as f64).abs() < 1e-6);
            let least = values.iter().copied().reduce(f64::min).unwrap();
            let at = values.iter().position(|&value| value == least).unwrap();
            prop_assert_eq!(Some((least, at as i64)), sketch.min);
        }

        #[test]
        fn a_trend_needs_no_bins(
            rows in proptest::collection::vec(
                (0i64..900, prop_oneof![9 => -1e3..1e3, 1 => Just(f64::NAN), 1 => Just(-0.0)]), 1..1023,
            ),
            low in -1_000_000i64..1_000_000,
            points in 1usize..40,
        ) {
            let (mut sketch, mut step) = (Sketch::default(), low);
            for (more, value) in rows {
                step += more;
                sketch.add(step, value);
            }
            let before = sketch.trend(points);
            sketch.close();
            prop_assert_eq!(sketch.trend(points), before);
        }

        #[test]
        fn how_values_come_changes_nothing(
            values in proptest::collection::vec(prop_oneof![9 => -1e3..1e3, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)], 1..4000),
            step in -300i64..300,
            cuts in proptest::collection::vec(1usize..700, 1..20),
        ) {
            let steps: Vec<i64> = (0..values.len() as i64).map(|k| k * step).collect();
            let (mut single, mut some, mut at) = (Sketch::default().with_digest(), Sketch::default().with_digest(), 0);
            steps.iter().zip(&values).for_each(|(&step, &value)| single.add(step, value));
            for cut in cuts.iter().cycle() {
                let end = (at + cut).min(steps.len());
                some.extend(&steps[at..end], &values[at..end]);
                at = end;
                if at == steps.len() {
                    break;
                }
            }

            // A NaN is not equal to itself.
            prop_assert_eq!(format!("{single:?}"), format!("{some:?}"));
            prop_assert_eq!(single.trend(16), some.trend(16));
        }
    }

    #[test]
    fn a_trend_is_the_means_of_equal_stretches() {
        let mut sketch = Sketch::default();
        for step in 0..8 {
            sketch.add(step, if step == 5 { f64::NAN } else { step as f64 });
        }
        assert_eq!(vec![0.5, 2.5, 4.0, 6.5], sketch.trend(4));
        assert_eq!(8 - 1, sketch.trend(16).len());
        assert!(Sketch::default().trend(16).is_empty());
    }

    #[test]
    fn a_curve_runs_through_the_middles_of_its_bins() {
        let mut sketch = Sketch::default();
        for step in 0..4096 {
            sketch.add(step, step as f64);
        }
        let (at, values) = sketch.curve();
        assert_eq!((1024, 1.5), (at.len(), at[0]));
        assert_eq!(at, values);
    }

    #[test]
    fn not_finite_values_are_counted_apart() {
        let mut sketch = Sketch::default();
        for value in [1.0, f64::NAN, f64::INFINITY, 3.0] {
            sketch.add(1, value);
        }
        assert_eq!((4, 1, 1, Some(2.0)), (sketch.n, sketch.n_nan, sketch.n_inf, sketch.mean()));
    }
}
