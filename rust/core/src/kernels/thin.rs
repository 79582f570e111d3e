//! The points of a long series that a picture needs: the lowest and the highest of every pixel column.

use std::ops::Range;
use std::thread;

/// Fewer values than this are done before a second thread has started.
const WORTH_A_THREAD: usize = 1 << 20;
/// Values looked at side by side.
const LANES: usize = 8;
/// Values whose extremes are found before anybody asks where they are.
const BLOCK: usize = 512;

/// The places, in order, of the first and the last value and of the lowest and the highest finite value of each of
/// `columns` columns of equal width along `x`; of a column that has only values that are not finite the first of those.
///
/// `x` rises and is as long as `values`. A series of at most two values a column is kept whole.
pub fn thin(x: &[f64], values: &[f64], columns: usize) -> Vec<usize> {
    let n = x.len().min(values.len());
    if n <= 2 * columns.max(1) {
        return (0..n).collect();
    }
    let (x, values) = (&x[..n], &values[..n]);
    let stretches = stretches(x, columns.max(1));
    let mut kept = vec![0];
    kept.extend(parted(&stretches, values).into_iter().flatten());
    kept.push(n - 1);
    // Neighbours may be one and the same: the first value can be the lowest.
    kept.dedup();
    kept
}

/// The values that fall in each column; columns without any are left out.
fn stretches(x: &[f64], columns: usize) -> Vec<Range<usize>> {
    let (low, high) = (x[0], x[x.len() - 1]);
    let mut from = 0;
    let mut found = Vec::with_capacity(columns);
    for column in 1..=columns {
        let edge = low + (high - low) * (column as f64 / columns as f64);
        let to = if column == columns { x.len() } else { from + x[from..].partition_point(|&at| at < edge) };
        if from < to {
            found.push(from..to);
        }
        from = to;
    }
    found
}

/// What is kept of each stretch, by as many threads as are worth it.
fn parted(stretches: &[Range<usize>], values: &[f64]) -> Vec<Vec<usize>> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(values.len() / WORTH_A_THREAD + 1);
    let part = stretches.len().div_ceil(threads);
    thread::scope(|scope| {
        let mut parts = stretches.chunks(part);
        let own = parts.next();
        let others: Vec<_> = parts.map(|part| scope.spawn(|| of_part(part, values))).collect();
        let mut kept = vec![own.map_or_else(Vec::new, |part| of_part(part, values))];
        // A thread that could not end has kept nothing: there is no panic in it to pass on.
        kept.extend(others.into_iter().map(|other| other.join().unwrap_or_default()));
        kept
    })
}

fn of_part(stretches: &[Range<usize>], values: &[f64]) -> Vec<usize> {
    let mut kept = Vec::with_capacity(2 * stretches.len());
    for stretch in stretches {
        let (low, high) = extremes(&values[stretch.clone()]);
        kept.push(stretch.start + low.min(high));
        if low != high {
            kept.push(stretch.start + low.max(high));
        }
    }
    kept
}

/// Where the lowest and the highest finite value are first; the first place twice when there is none.
fn extremes(values: &[f64]) -> (usize, usize) {
    let (mut low, mut high) = ((f64::INFINITY, 0), (f64::NEG_INFINITY, 0));
    for (at, block) in values.chunks(BLOCK).enumerate() {
        let (lowest, highest) = finite_bounds(block);
        if lowest < low.0 {
            low = (lowest, at * BLOCK);
        }
        if highest > high.0 {
            high = (highest, at * BLOCK);
        }
    }
    if low.0 > high.0 {
        return (0, 0);
    }
    // Only in the block that has it is the place looked for.
    (low.1 + place(&values[low.1..], low.0), high.1 + place(&values[high.1..], high.0))
}

/// The lowest and the highest finite value; infinities the wrong way round when there is none.
fn finite_bounds(values: &[f64]) -> (f64, f64) {
    let (low, high) = bounds(values);
    if low.is_finite() && high.is_finite() {
        return (low, high);
    }
    let finite = values.iter().copied().filter(|value| value.is_finite());
    (finite.clone().fold(f64::INFINITY, f64::min), finite.fold(f64::NEG_INFINITY, f64::max))
}

/// The lowest and highest value that is a number: eight at a time, so that the compiler makes vectors of them.
fn bounds(values: &[f64]) -> (f64, f64) {
    let (eights, rest) = values.as_chunks::<LANES>();
    let mut low = [f64::INFINITY; LANES];
    let mut high = [f64::NEG_INFINITY; LANES];
    for eight in eights {
        for lane in 0..LANES {
            low[lane] = if eight[lane] < low[lane] { eight[lane] } else { low[lane] };
            high[lane] = if eight[lane] > high[lane] { eight[lane] } else { high[lane] };
        }
    }
    let all = |lanes: [f64; LANES]| lanes.into_iter().chain(rest.iter().copied());
    (all(low).fold(f64::INFINITY, f64::min), all(high).fold(f64::NEG_INFINITY, f64::max))
}

fn place(values: &[f64], wanted: f64) -> usize {
    values.iter().position(|&value| value == wanted).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![8 => -1e3..1e3f64, 2 => (-2..2i32).prop_map(f64::from), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY),
            1 => Just(f64::NEG_INFINITY)]
    }

    fn series() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
        prop::collection::vec((0.01..3.0f64, value()), 0..400).prop_map(|rows| {
            let mut at = 0.0;
            let x = rows.iter().map(|(gap, _)| {
                at += gap;
                at
            });
            (x.collect(), rows.iter().map(|row| row.1).collect())
        })
    }

    /// The column of each value, by the definition.
    fn column(x: &[f64], at: f64, columns: usize) -> usize {
        let (low, high) = (x[0], x[x.len() - 1]);
        (1..columns).take_while(|&c| at >= low + (high - low) * (c as f64 / columns as f64)).count()
    }

    proptest! {
        #[test]
        fn each_column_keeps_its_extremes((x, y) in series(), columns in 1..40usize) {
            let kept = thin(&x, &y, columns);

            prop_assert!(kept.windows(2).all(|two| two[0] < two[1]));
            prop_assert!(kept.len() <= (2 * columns + 2).max(2 * columns));
            for c in 0..columns {
                let all = (0..x.len()).filter(|&i| column(&x, x[i], columns) == c);
                let (finite, other): (Vec<_>, Vec<_>) = all.partition(|&i| y[i].is_finite());
                let of = |places: &[usize]| {
                    let values = places.iter().map(|&i| y[i]);
                    (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max))
                };
                let seen: Vec<usize> = finite.iter().copied().filter(|i| kept.contains(i)).collect();
                prop_assert_eq!(of(&seen), of(&finite));
                if finite.is_empty() && !other.is_empty() && x.len() > 2 * columns {
                    let inner = other.iter().filter(|&&i| kept.contains(&i) && i + 1 < x.len()).copied();
                    prop_assert!(inner.eq(other.iter().take(1).filter(|&&i| i + 1 < x.len()).copied()));
                }
            }
            if let Some(last) = x.len().checked_sub(1) {
                prop_assert!(kept.contains(&0) && kept.contains(&last));
            }
        }

        #[test]
        fn anything_is_thinned(x in prop::collection::vec(any::<f64>(), 0..90), y in prop::collection::vec(any::<f64>(), 0..90), columns in 0..9usize) {
            let n = x.len().min(y.len());
            prop_assert!(thin(&x, &y, columns).iter().all(|&i| i < n));
        }
    }

    #[test]
    fn threads_change_nothing() {
        let n = 3 * WORTH_A_THREAD;
        let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let y: Vec<f64> = (0..n).map(|i| ((i * 7919) % 10_007) as f64).collect();
        let alone = of_part(&stretches(&x, 50), &y);

        let kept = thin(&x, &y, 50);

        assert!(alone.iter().all(|i| kept.contains(i)));
        assert!(kept.len() <= alone.len() + 2);
    }
}
