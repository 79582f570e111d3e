//! Counts and sums over equal stretches of steps.

/// Bins kept at most; when more would be needed their width doubles.
const BINS: usize = 1024;

/// The finite values of a stretch of steps.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Bin {
    n: u64,
    sum: f64,
    /// Values that are in neither of those.
    not_finite: u64,
}

/// A bin spans `1 << shift` steps and begins at a multiple of that; `start` is the ordinal of the first. They reach
/// from the least step to the greatest, so what they are depends on the steps alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bins {
    shift: u32,
    start: i64,
    bins: Vec<Bin>,
}

impl Bin {
    fn of(value: f64) -> Bin {
        match value.is_finite() {
            true => Bin { n: 1, sum: value, not_finite: 0 },
            false => Bin { not_finite: 1, ..Bin::default() },
        }
    }

    fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / self.n as f64)
    }

    fn join(self, other: Bin) -> Bin {
        Bin { n: self.n + other.n, sum: self.sum + other.sum, not_finite: self.not_finite + other.not_finite }
    }
}

/// What [`Bins::trend`] gives of these values, without a bin of its own for each; none where the steps fall.
pub fn trend_of(steps: &[i64], values: &[f64], points: usize) -> Option<Vec<f64>> {
    let (&low, &high) = (steps.first()?, steps.last()?);
    // To the end, as that is faster than to look after each.
    if steps.iter().zip(&steps[1..]).fold(false, |falls, (one, next)| falls | (one > next)) {
        return None;
    }
    let shift = (0..64).find(|shift| (high >> shift).saturating_sub(low >> shift) < BINS as i64)?;
    let place = |step: i64| ((step >> shift) - (low >> shift)) as usize;
    let (bins, mut means) = (place(high) + 1, Vec::with_capacity(points));
    let points = points.clamp(1, bins);
    let (mut stretch, mut bin, mut at) = (Bin::default(), Bin::default(), 0);
    let mut ends = (1..=points).map(|k| k * bins / points);
    let mut end = ends.next()?;
    for (&step, &value) in steps.iter().zip(values) {
        if place(step) != at {
            at = place(step);
            stretch = stretch.join(std::mem::take(&mut bin));
            while end <= at {
                means.extend(std::mem::take(&mut stretch).mean());
                end = ends.next()?;
            }
        }
        bin = bin.join(Bin::of(value));
    }
    means.extend(stretch.join(bin).mean());
    Some(means)
}

impl Bins {
    pub fn is_empty(&self) -> bool {
        self.bins.is_empty()
    }

    /// Empty ones in the memory of these.
    pub fn emptied(mut self) -> Bins {
        self.bins.clear();
        Bins { bins: self.bins, ..Bins::default() }
    }

    /// Takes a value for each step, in the bins that all of them need.
    pub fn extend(&mut self, steps: &[i64], values: &[f64]) {
        let (Some(&low), Some(&high)) = (steps.iter().min(), steps.iter().max()) else { return };
        self.reach(low, high);
        for (&step, &value) in steps.iter().zip(values) {
            let bin = &mut self.bins[(step >> self.shift).wrapping_sub(self.start) as usize];
            *bin = bin.join(Bin::of(value));
        }
    }

    /// Widens the bins until those of both steps are few enough, and adds these.
    fn reach(&mut self, low: i64, high: i64) {
        loop {
            let (low, high) = (low >> self.shift, high >> self.shift);
            let last = self.start.saturating_add(self.bins.len() as i64 - 1);
            let (first, last) = if self.bins.is_empty() { (low, high) } else { (self.start.min(low), last.max(high)) };
            if last.saturating_sub(first) < BINS as i64 {
                let before = if self.bins.is_empty() { 0 } else { (self.start - first) as usize };
                self.bins.splice(0..0, std::iter::repeat_n(Bin::default(), before));
                self.bins.resize((last - first) as usize + 1, Bin::default());
                self.start = first;
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

    pub fn trend(&self, points: usize) -> Vec<f64> {
        let (bins, points) = (self.bins.len(), points.min(self.bins.len()));
        let stretch = |k: usize| &self.bins[k * bins / points..(k + 1) * bins / points];
        let joined = (0..points).map(|k| stretch(k).iter().fold(Bin::default(), |sum, &bin| sum.join(bin)));
        joined.filter_map(|bin| bin.mean()).collect()
    }

    /// The middle of the steps of each bin with a value, and the mean of what is finite there: NaN where nothing is.
    pub fn curve(&self) -> (Vec<f64>, Vec<f64>) {
        let middle = ((1i64 << self.shift.min(62)) - 1) as f64 / 2.0;
        let at = |k: usize| (self.start.wrapping_add(k as i64) << self.shift.min(63)) as f64 + middle;
        let there = self.bins.iter().enumerate().filter(|(_, bin)| bin.n + bin.not_finite > 0);
        there.map(|(k, bin)| (at(k), bin.sum / bin.n as f64)).unzip()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bins_hold_every_value_and_ask_for_no_order(
            steps in proptest::collection::vec(-5000i64..5000, 1..300),
            cuts in proptest::collection::vec(1usize..40, 1..300),
        ) {
            let values: Vec<f64> = steps.iter().map(|&step| step as f64).collect();
            let (mut whole, mut parts, mut at) = (Bins::default(), Bins::default(), 0);
            whole.extend(&steps, &values);
            for cut in cuts.iter().cycle() {
                let end = (at + cut).min(steps.len());
                parts.extend(&steps[at..end], &values[at..end]);
                at = end;
                if at == steps.len() {
                    break;
                }
            }

            prop_assert_eq!(&whole, &parts);
            prop_assert!(whole.bins.len() <= BINS);
            prop_assert_eq!(steps.len() as u64, whole.bins.iter().map(|bin| bin.n).sum::<u64>());
            for (k, bin) in whole.bins.iter().enumerate() {
                let first = (whole.start + k as i64) << whole.shift;
                let own = steps.iter().filter(|&&step| step >= first && step < first + (1 << whole.shift));
                prop_assert_eq!(bin.sum, own.map(|&step| step as f64).sum::<f64>());
            }
        }
    }

    #[test]
    fn extreme_steps_do_not_overflow() {
        let steps = [0, i64::MAX, i64::MIN, -1, 1];
        let mut bins = Bins::default();
        steps.iter().for_each(|&step| bins.extend(&[step], &[1.0]));

        assert_eq!(5, bins.bins.iter().map(|bin| bin.n).sum::<u64>());
        assert!(bins.bins.len() <= BINS);
    }
}
