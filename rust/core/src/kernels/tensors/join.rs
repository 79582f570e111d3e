//! The sums of two stretches as those of both.

use fastlogs_simd::Sums;

/// Of all stretches, in the order of a tree over their number.
pub fn joined(sums: &[Sums]) -> Sums {
    match sums {
        [] => Sums::EMPTY,
        [one] => *one,
        _ => {
            let (left, right) = sums.split_at(sums.len() / 2);
            join(joined(left), joined(right))
        }
    }
}

fn join(a: Sums, b: Sums) -> Sums {
    let n = a.n + b.n;
    let (mean, spread) = moments(&a, &b);
    Sums {
        n,
        left: a.left + b.left,
        mean,
        spread,
        size: a.size + b.size,
        low: a.low.min(b.low),
        high: a.high.max(b.high),
        square: a.square + b.square,
        peak: a.peak.max(b.peak),
        both: a.both + b.both,
        crossed: a.crossed + b.crossed,
        over: std::array::from_fn(|at| a.over[at] + b.over[at]),
    }
}

/// Mean and spread of both, without subtracting large numbers (Chan, Golub and LeVeque 1979).
fn moments(a: &Sums, b: &Sums) -> (f64, f64) {
    if a.n == 0.0 {
        return (b.mean, b.spread);
    }
    if b.n == 0.0 {
        return (a.mean, a.spread);
    }
    let (n, apart) = (a.n + b.n, b.mean - a.mean);
    (a.mean + apart * b.n / n, a.spread + b.spread + apart * apart * a.n * b.n / n)
}
