//! What stays of a metric when its rows are gone: counts, extremes, moments, the last values, bins over the steps.

use std::collections::VecDeque;

/// Bins kept at most; when more would be needed their width doubles.
const BINS: usize = 1024;
const LAST: usize = 100;

/// The values of a stretch of steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    pub n: u64,
    pub sum: f64,
    pub squares: f64,
    pub min: f64,
    pub max: f64,
    pub not_finite: u64,
}

impl Default for Bin {
    fn default() -> Self {
        Bin { n: 0, sum: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY, not_finite: 0 }
    }
}

impl Bin {
    fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.not_finite += 1;
            return;
        }
        self.n += 1;
        self.sum += value;
        self.squares += value * value;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    fn join(self, other: Bin) -> Bin {
        Bin {
            n: self.n + other.n,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            not_finite: self.not_finite + other.not_finite,
        }
    }
}

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
    mean: f64,
    spread: f64,
    recent: VecDeque<f64>,
    /// Steps a bin spans, a power of two; bins begin at multiples of it.
    width: i64,
    start: i64,
    pub bins: Vec<Bin>,
    /// Of all values and steps, to know equal series.
    pub hash: u64,
}

impl Sketch {
    pub fn add(&mut self, step: i64, value: f64) {
        self.n += 1;
        self.first.get_or_insert(value);
        self.last = Some(value);
        let (low, high) = self.steps.unwrap_or((step, step));
        self.steps = Some((low.min(step), high.max(step)));
        self.hash = mixed(mixed(self.hash, step as u64), value.to_bits());
        self.n_nan += u64::from(value.is_nan());
        self.n_inf += u64::from(value.is_infinite());
        if value.is_finite() {
            self.add_finite(step, value);
        }
        self.bin(step).add(value);
    }

    fn add_finite(&mut self, step: i64, value: f64) {
        if self.min.is_none_or(|(min, _)| value < min) {
            self.min = Some((value, step));
        }
        if self.max.is_none_or(|(max, _)| value > max) {
            self.max = Some((value, step));
        }
        // Welford: one pass, no loss where the mean is far from zero.
        let count = self.finite() as f64;
        let off = value - self.mean;
        self.mean += off / count;
        self.spread += off * (value - self.mean);
        if self.recent.len() == LAST {
            self.recent.pop_front();
        }
        self.recent.push_back(value);
    }

    pub fn finite(&self) -> u64 {
        self.n - self.n_nan - self.n_inf
    }

    pub fn mean(&self) -> Option<f64> {
        (self.finite() > 0).then_some(self.mean)
    }

    /// Of the sample; none for fewer than two values.
    pub fn sd(&self) -> Option<f64> {
        (self.finite() > 1).then(|| (self.spread / (self.finite() - 1) as f64).max(0.0).sqrt())
    }

    /// Mean of the last hundred finite values.
    pub fn last100(&self) -> Option<f64> {
        (!self.recent.is_empty()).then(|| self.recent.iter().sum::<f64>() / self.recent.len() as f64)
    }

    /// The curve in at most `points` means over equal stretches of steps; a stretch without a finite value is left out.
    pub fn trend(&self, points: usize) -> Vec<f64> {
        let (bins, points) = (self.bins.len(), points.min(self.bins.len()));
        let stretch = |k: usize| &self.bins[k * bins / points..(k + 1) * bins / points];
        let joined = (0..points).map(|k| stretch(k).iter().fold(Bin::default(), |sum, &bin| sum.join(bin)));
        joined.filter(|bin| bin.n > 0).map(|bin| bin.sum / bin.n as f64).collect()
    }

    /// The bin a step falls into, after making room for it.
    fn bin(&mut self, step: i64) -> &mut Bin {
        if self.bins.is_empty() {
            self.width = 1;
            self.start = step;
            self.bins.push(Bin::default());
        }
        loop {
            let (first, at) = (self.start.div_euclid(self.width), step.div_euclid(self.width));
            let last = first.saturating_add(self.bins.len() as i64 - 1);
            let span = last.max(at).saturating_sub(first.min(at));
            if span < BINS as i64 {
                return self.reach(first, at);
            }
            self.widen(first);
        }
    }

    fn reach(&mut self, first: i64, at: i64) -> &mut Bin {
        if at < first {
            let more = (first - at) as usize;
            self.bins.splice(0..0, std::iter::repeat_n(Bin::default(), more));
            self.start = at.saturating_mul(self.width);
        }
        let index = (at - first.min(at)) as usize;
        if index >= self.bins.len() {
            self.bins.resize(index + 1, Bin::default());
        }
        &mut self.bins[index]
    }

    /// Joins pairs of bins; where the pairs begin depends on the steps alone.
    fn widen(&mut self, first: i64) {
        let mut joined = Vec::with_capacity(self.bins.len() / 2 + 1);
        for (k, &bin) in self.bins.iter().enumerate() {
            let even = (first.saturating_add(k as i64)).rem_euclid(2) == 0;
            match joined.last_mut() {
                Some(last) if !even => *last = Bin::join(*last, bin),
                _ => joined.push(bin),
            }
        }
        self.bins = joined;
        self.width = self.width.saturating_mul(2);
    }
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
        fn bins_hold_every_value(steps in proptest::collection::vec(-5000i64..5000, 1..300)) {
            let mut sketch = Sketch::default();
            for &step in &steps {
                sketch.add(step, step as f64);
            }
            prop_assert!(sketch.bins.len() <= BINS);
            prop_assert_eq!(steps.len() as u64, sketch.bins.iter().map(|b| b.n).sum::<u64>());
            for (k, bin) in sketch.bins.iter().enumerate().filter(|(_, b)| b.n > 0) {
                let at = sketch.start.div_euclid(sketch.width) + k as i64;
                prop_assert!(bin.min >= (at * sketch.width) as f64 && bin.max < ((at + 1) * sketch.width) as f64);
            }
            let mean = steps.iter().sum::<i64>() as f64 / steps.len() as f64;
            prop_assert!((sketch.mean().unwrap() - mean).abs() < 1e-6);
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
    fn extreme_steps_do_not_overflow() {
        let mut sketch = Sketch::default();
        for step in [0, i64::MAX, i64::MIN, -1, 1] {
            sketch.add(step, 1.0);
        }
        assert_eq!(5, sketch.bins.iter().map(|b| b.n).sum::<u64>());
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
