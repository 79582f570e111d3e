//! What stays of a metric when its rows are gone: counts, extremes, moments, the last values, bins over the steps.

/// Bins kept at most; when more would be needed their width doubles.
const BINS: usize = 1024;
const LAST: usize = 100;

/// Finite values that are folded into the moments at once: counted, so that blocks change nothing.
const FOLD: usize = 128;

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
        self.min = if value < self.min { value } else { self.min };
        self.max = if value > self.max { value } else { self.max };
    }

    fn join(self, other: Bin) -> Bin {
        // Where steps are far apart most bins are empty.
        if other.n + other.not_finite == 0 {
            return self;
        }
        Bin {
            n: self.n + other.n,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
            min: if other.min < self.min { other.min } else { self.min },
            max: if other.max > self.max { other.max } else { self.max },
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
    moments: Moments,
    /// The latest finite values; those from `folded` on are not in the moments yet.
    recent: Vec<f64>,
    folded: usize,
    /// A bin spans `1 << shift` steps and begins at a multiple of that; `start` is the ordinal of the first.
    shift: u32,
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
        self.recent.push(value);
        if self.recent.len() == self.folded + FOLD {
            self.moments = self.moments_now();
            self.recent.drain(..self.folded);
            self.folded = FOLD;
        }
    }

    fn moments_now(&self) -> Moments {
        self.moments.join(Moments::of(&self.recent[self.folded..]))
    }

    pub fn finite(&self) -> u64 {
        self.n - self.n_nan - self.n_inf
    }

    pub fn mean(&self) -> Option<f64> {
        (self.finite() > 0).then(|| self.moments_now().mean)
    }

    /// Of the sample; none for fewer than two values.
    pub fn sd(&self) -> Option<f64> {
        (self.finite() > 1).then(|| (self.moments_now().spread / (self.finite() - 1) as f64).max(0.0).sqrt())
    }

    /// Mean of the last hundred finite values.
    pub fn last100(&self) -> Option<f64> {
        let last = &self.recent[self.recent.len().saturating_sub(LAST)..];
        (!last.is_empty()).then(|| last.iter().sum::<f64>() / last.len() as f64)
    }

    /// The curve in at most `points` means over equal stretches of steps; a stretch without a finite value is left out.
    pub fn trend(&self, points: usize) -> Vec<f64> {
        let (bins, points) = (self.bins.len(), points.min(self.bins.len()));
        let stretch = |k: usize| &self.bins[k * bins / points..(k + 1) * bins / points];
        let joined = (0..points).map(|k| stretch(k).iter().fold(Bin::default(), |sum, &bin| sum.join(bin)));
        joined.filter(|bin| bin.n > 0).map(|bin| bin.sum / bin.n as f64).collect()
    }

    /// The stretches of steps that hold a value: the middle of each, and its bin.
    pub fn stretches(&self) -> impl Iterator<Item = (f64, &Bin)> {
        let middle = ((1i64 << self.shift.min(62)) - 1) as f64 / 2.0;
        let at = move |k: usize| (self.start.wrapping_add(k as i64) << self.shift.min(63)) as f64 + middle;
        let bins = self.bins.iter().enumerate().filter(|(_, bin)| bin.n + bin.not_finite > 0);
        bins.map(move |(k, bin)| (at(k), bin))
    }

    /// The bin a step falls into, after making room for it.
    fn bin(&mut self, step: i64) -> &mut Bin {
        if self.bins.is_empty() {
            (self.shift, self.start) = (0, step);
        }
        let at = (step >> self.shift).wrapping_sub(self.start) as u64;
        let there = self.bins.len();
        if at < there as u64 {
            return &mut self.bins[at as usize];
        }
        // Most steps follow the one before.
        if at == there as u64 && there < BINS {
            self.bins.push(Bin::default());
            return &mut self.bins[there];
        }
        self.make_room(step);
        &mut self.bins[(step >> self.shift).wrapping_sub(self.start) as usize]
    }

    /// Widens the bins until those up to the step are few enough, and adds these.
    fn make_room(&mut self, step: i64) {
        loop {
            let (first, at) = (self.start, step >> self.shift);
            let last = first.saturating_add(self.bins.len() as i64 - 1);
            let span = last.max(at).saturating_sub(first.min(at));
            if span < BINS as i64 {
                let before = first.saturating_sub(at).max(0) as usize;
                self.bins.splice(0..0, std::iter::repeat_n(Bin::default(), before));
                self.bins.resize(self.bins.len().max(span as usize + 1), Bin::default());
                self.start = first.min(at);
                return;
            }
            self.widen();
        }
    }

    /// Joins pairs of bins; where the pairs begin depends on the steps alone.
    fn widen(&mut self) {
        // The first pair may have lost its lower half: that stands before the start.
        let odd = (self.start & 1) as usize;
        let pairs = (self.bins.len() + odd).div_ceil(2);
        for k in 0..pairs {
            let (lower, upper) = ((2 * k).checked_sub(odd), 2 * k + 1 - odd);
            let lower = lower.map_or(Bin::default(), |at| self.bins[at]);
            self.bins[k] = self.bins.get(upper).map_or(lower, |&bin| lower.join(bin));
        }
        self.bins.truncate(pairs);
        self.start >>= 1;
        self.shift += 1;
    }
}

/// Count, mean and sum of squares about it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Moments {
    n: f64,
    mean: f64,
    spread: f64,
}

impl Moments {
    /// Of a few values, in two passes: no loss where the mean is far from zero.
    fn of(values: &[f64]) -> Moments {
        let n = values.len() as f64;
        let mean = if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / n };
        Moments { n, mean, spread: values.iter().map(|value| (value - mean) * (value - mean)).sum() }
    }

    fn join(self, other: Moments) -> Moments {
        let n = self.n + other.n;
        if n == 0.0 {
            return self;
        }
        let off = other.mean - self.mean;
        Moments {
            n,
            mean: self.mean + off * (other.n / n),
            spread: self.spread + other.spread + off * off * (self.n * other.n / n),
        }
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
                let at = sketch.start + k as i64;
                prop_assert!(bin.min >= (at << sketch.shift) as f64 && bin.max < ((at + 1) << sketch.shift) as f64);
            }
            let n = steps.len() as f64;
            let mean = steps.iter().sum::<i64>() as f64 / n;
            prop_assert!((sketch.mean().unwrap() - mean).abs() < 1e-6);
            if let Some(sd) = sketch.sd() {
                let about: f64 = steps.iter().map(|&step| (step as f64 - mean).powi(2)).sum();
                prop_assert!((sd - (about / (n - 1.0)).sqrt()).abs() < 1e-6);
            }
            let last = &steps[steps.len().saturating_sub(LAST)..];
            let wanted = last.iter().sum::<i64>() as f64 / last.len() as f64;
            prop_assert!((sketch.last100().unwrap() - wanted).abs() < 1e-6);
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
