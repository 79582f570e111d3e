//! Running medians: the values of a part are ranked once, then a set of ranks slides and its middle is followed.

use super::order::{key, value};

/// What stands beyond the ends of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edges {
    /// The series mirrored: c b a | a b c | c b a
    Mirrored,
    /// The value at the end again: a a a | a b c | c c c
    Repeated,
}

/// Least number of medians that share one ranking.
const LEAST_PART: usize = 1024;

/// The median of the `width` values around each value; of an even width the upper of the middle two.
///
/// A width of 0 is 1; a width beyond twice the series adds nothing and is cut to that.
pub fn running_median(values: &[f64], width: usize, edges: Edges) -> Vec<f64> {
    let width = width.clamp(1, 2 * values.len() + 1);
    let padded = padded(values, width, edges);
    let part = LEAST_PART.max(4 * width);
    let mut medians = Vec::with_capacity(values.len());
    for first in (0..values.len()).step_by(part) {
        let last = (first + part).min(values.len());
        medians_of(&padded[first..last + width - 1], width, &mut medians);
    }
    medians
}

fn padded(values: &[f64], width: usize, edges: Edges) -> Vec<f64> {
    let before = width / 2;
    (0..values.len() + width - 1).map(|place| values[inside(place, before, values.len(), edges)]).collect()
}

/// The index in the series that a place of the padded one stands for.
fn inside(place: usize, before: usize, n: usize, edges: Edges) -> usize {
    match edges {
        Edges::Repeated => place.saturating_sub(before).min(n - 1),
        Edges::Mirrored => {
            // Mirrored again and again, the series has twice its length as period.
            let turn = (place + 2 * n - before % (2 * n)) % (2 * n);
            turn.min(2 * n - 1 - turn)
        }
    }
}

/// The medians of every whole window of some values.
fn medians_of(values: &[f64], width: usize, medians: &mut Vec<f64>) {
    let ranked = Ranked::of(values);
    let mut window = Window::new(values.len(), width / 2);
    for place in 0..values.len() {
        window.insert(ranked.rank[place] as usize);
        if place + 1 >= width {
            medians.push(ranked.sorted[window.middle()]);
            window.remove(ranked.rank[place + 1 - width] as usize);
        }
    }
}

/// Values in order, and the place of each in it.
struct Ranked {
    sorted: Vec<f64>,
    rank: Vec<u32>,
}

impl Ranked {
    fn of(values: &[f64]) -> Ranked {
        let order = bucketed(values);
        let mut rank = vec![0; values.len()];
        for (i, (_, place)) in order.iter().enumerate() {
            rank[*place as usize] = i as u32;
        }
        let sorted = order.into_iter().map(|(key, _)| value(key)).collect();
        Ranked { sorted, rank }
    }
}

/// Values in order, each with its place: dealt into as many buckets as there are values, then each bucket sorted.
fn bucketed(values: &[f64]) -> Vec<(i64, u32)> {
    let buckets = Buckets::of(values);
    let mut ends = vec![0_u32; buckets.count + 1];
    for value in values {
        ends[buckets.bucket(*value) + 1] += 1;
    }
    for bucket in 0..buckets.count {
        ends[bucket + 1] += ends[bucket];
    }
    let mut order = vec![(0, 0); values.len()];
    for (value, place) in values.iter().zip(0..) {
        let end = &mut ends[buckets.bucket(*value)];
        order[*end as usize] = (key(*value), place);
        *end += 1;
    }
    let mut first = 0;
    for end in ends.into_iter().take(buckets.count) {
        order[first..end as usize].sort_unstable();
        first = end as usize;
    }
    order
}

/// Equal parts of the range of some values; all is one part when the values do not span a finite range.
struct Buckets {
    low: f64,
    scale: f64,
    count: usize,
}

impl Buckets {
    fn of(values: &[f64]) -> Buckets {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let scale = values.len() as f64 / (high - low);
        // A value that is no number is not seen by min and max, and would be dealt into the first bucket.
        if scale.is_finite() && values.iter().all(|value| value.is_finite()) {
            Buckets { low, scale, count: values.len() }
        } else {
            Buckets { low: 0.0, scale: 0.0, count: 1 }
        }
    }

    fn bucket(&self, value: f64) -> usize {
        (((value - self.low) * self.scale) as usize).min(self.count - 1)
    }
}

/// A set of ranks, and its member that a given number of members are below.
struct Window {
    words: Vec<u64>,
    below: usize,
    cursor: usize,
    under: usize,
}

impl Window {
    fn new(ranks: usize, below: usize) -> Window {
        Window { words: vec![0; ranks / 64 + 1], below, cursor: 0, under: 0 }
    }

    fn insert(&mut self, rank: usize) {
        self.words[rank / 64] |= 1 << (rank % 64);
        self.under += usize::from(rank < self.cursor);
    }

    fn remove(&mut self, rank: usize) {
        self.words[rank / 64] &= !(1 << (rank % 64));
        self.under -= usize::from(rank < self.cursor);
    }

    /// Moves the cursor to the member that `below` members are under; there are more than that.
    fn middle(&mut self) -> usize {
        while self.under > self.below {
            self.cursor = self.before(self.cursor);
            self.under -= 1;
        }
        self.cursor = self.from(self.cursor);
        while self.under < self.below {
            self.cursor = self.from(self.cursor + 1);
            self.under += 1;
        }
        self.cursor
    }

    /// The first member from a rank on.
    fn from(&self, rank: usize) -> usize {
        let mut word = rank / 64;
        let mut left = self.words[word] & (u64::MAX << (rank % 64));
        while left == 0 && word + 1 < self.words.len() {
            word += 1;
            left = self.words[word];
        }
        word * 64 + left.trailing_zeros() as usize
    }

    /// The last member before a rank.
    fn before(&self, rank: usize) -> usize {
        let mut word = rank / 64;
        let mut left = self.words[word] & !(u64::MAX << (rank % 64));
        while left == 0 && word > 0 {
            word -= 1;
            left = self.words[word];
        }
        word * 64 + 63 - left.leading_zeros() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The windows one by one, each sorted.
    fn plain(values: &[f64], width: usize, edges: Edges) -> Vec<f64> {
        let n = values.len() as i64;
        let at = |i: i64| match edges {
            Edges::Repeated => i.clamp(0, n - 1),
            Edges::Mirrored => i.rem_euclid(2 * n).min(2 * n - 1 - i.rem_euclid(2 * n)),
        };
        let window = |i: i64| {
            let first = i - (width / 2) as i64;
            let mut window: Vec<f64> = (first..first + width as i64).map(|j| values[at(j) as usize]).collect();
            window.sort_by(f64::total_cmp);
            window[width / 2]
        };
        (0..n).map(window).collect()
    }

    fn edges() -> impl Strategy<Value = Edges> {
        prop_oneof![Just(Edges::Mirrored), Just(Edges::Repeated)]
    }

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![(-3..3i32).prop_map(f64::from), -1e3..1e3f64]
    }

    proptest! {
        #[test]
        fn it_is_the_middle_of_every_window(
            values in prop::collection::vec(value(), 0..120),
            width in 1..90usize,
            edges in edges(),
        ) {
            let width = width.min(2 * values.len() + 1);
            prop_assert_eq!(running_median(&values, width, edges), plain(&values, width, edges));
        }

        #[test]
        fn it_does_not_matter_where_the_parts_meet(
            values in prop::collection::vec(value(), 2000..2600),
            width in 1..40usize,
            edges in edges(),
        ) {
            prop_assert_eq!(running_median(&values, width, edges), plain(&values, width, edges));
        }

        #[test]
        fn anything_has_running_medians(values in prop::collection::vec(any::<f64>(), 0..40), width in any::<usize>()) {
            prop_assert_eq!(running_median(&values, width, Edges::Mirrored).len(), values.len());
        }
    }
}
