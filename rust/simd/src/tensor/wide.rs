//! Sums as doubles, one number after the other.

use super::{Element, Sums, Wanted};

/// Sums on their way: the mean is still a sum of distances from the pivot, the spread one of their squares.
pub struct Tally {
    pub found: Sums,
    pub pivot: f64,
}

/// The sums; differences that are not finite are left out. The pivot is the first of those that are: spreads are of
/// distances from it and so lose no digits, however far the mean is from zero.
pub fn sums<E: Element>(new: &[E], old: &[E], wanted: Wanted<'_>) -> Sums {
    let zeros = std::iter::repeat(E::default());
    let pairs = || new.iter().copied().zip(old.iter().copied().chain(zeros.clone()));
    let pivot = pairs().map(|(new, old)| new.less(old)).find(|apart| apart.is_finite()).unwrap_or_default();
    let mut tally = Tally { found: Sums::EMPTY, pivot };
    pairs().for_each(|(new, old)| tally.take(new, old, wanted));
    tally.done()
}

impl Tally {
    pub fn take<E: Element>(&mut self, new: E, old: E, wanted: Wanted<'_>) {
        let (apart, new, old) = (new.less(old), new.wide(), old.wide());
        let found = &mut self.found;
        if new.is_finite() {
            found.square += new * new;
            found.peak = found.peak.max(new.abs());
        }
        if !apart.is_finite() {
            found.left += 1.0;
            return;
        }
        let (off, size) = (apart - self.pivot, apart.abs());
        found.n += 1.0;
        found.mean += off;
        found.spread += off * off;
        found.size += size;
        found.low = found.low.min(apart);
        found.high = found.high.max(apart);
        for (over, bound) in found.over.iter_mut().zip(wanted.bounds) {
            *over += f64::from(u8::from(size > *bound));
        }
        if wanted.signs && new != 0.0 && old != 0.0 {
            found.both += 1.0;
            found.crossed += f64::from(u8::from((new < 0.0) != (old < 0.0)));
        }
    }

    pub fn done(self) -> Sums {
        let Sums { n, mean: sum, spread, .. } = self.found;
        if n == 0.0 {
            return self.found;
        }
        Sums { mean: self.pivot + sum / n, spread: (spread - sum * sum / n).max(0.0), ..self.found }
    }
}
