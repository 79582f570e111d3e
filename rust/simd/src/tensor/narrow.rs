//! Sums as floats in vectors.

use super::vector::{LANES, Vector};
use super::wide::Tally;
use super::{BOUNDS, COUNTED, Element, Sums, Wanted};

/// Vectors that are added up as floats before they go to the doubles: then a sum is right to a few parts in a million.
const STRETCH: usize = 32;

/// Sizes whose squares a float holds without loss.
const SIZES: std::ops::RangeInclusive<f64> = 1e-12..=1e15;

/// How far the pivot may be from the mean, squared, in variances.
const OFF: f64 = 16.0;

/// The sums of at most four bounds; nothing where floats would not do.
#[inline(always)]
pub fn sums<V: Vector, E: Element>(new: &[E], old: &[E], wanted: Wanted<'_>) -> Option<Sums> {
    let pivot = new.first()?.less(old.first().copied().unwrap_or_default()) as f32;
    let found = match (old.is_empty(), wanted.signs, wanted.bounds.len()) {
        (true, _, ..2) => go::<V, E, false, false, 1>(new, old, pivot, wanted),
        (true, _, _) => go::<V, E, false, false, COUNTED>(new, old, pivot, wanted),
        (false, false, ..2) => go::<V, E, true, false, 1>(new, old, pivot, wanted),
        (false, false, _) => go::<V, E, true, false, COUNTED>(new, old, pivot, wanted),
        (false, true, _) => go::<V, E, true, true, COUNTED>(new, old, pivot, wanted),
    };
    checked(found)
}

/// The sums of vectors, as floats.
#[derive(Clone, Copy)]
struct Floats<V: Vector> {
    sum: V,
    spread: V,
    size: V,
    square: V,
}

/// What is no sum of floats.
#[derive(Clone, Copy)]
struct Rest<V: Vector, const K: usize> {
    low: V,
    high: V,
    peak: V,
    both: V::Counts,
    crossed: V::Counts,
    over: [V::Counts; K],
}

/// The sums of floats, lane by lane.
struct Doubles {
    sum: [f64; LANES],
    spread: [f64; LANES],
    size: [f64; LANES],
    square: [f64; LANES],
}

impl<V: Vector> Floats<V> {
    #[inline(always)]
    fn zero() -> Self {
        let zero = V::splat(0.0);
        Self { sum: zero, spread: zero, size: zero, square: zero }
    }

    #[inline(always)]
    fn add_to(self, doubles: &mut Doubles) {
        add(self.sum, &mut doubles.sum);
        add(self.spread, &mut doubles.spread);
        add(self.size, &mut doubles.size);
        add(self.square, &mut doubles.square);
    }
}

#[inline(always)]
fn add<V: Vector>(floats: V, doubles: &mut [f64; LANES]) {
    let floats = floats.lanes();
    let mut at = 0;
    while at < LANES {
        doubles[at] += f64::from(floats[at]);
        at += 1;
    }
}

#[inline(always)]
fn take<V: Vector, const PAIR: bool, const SIGNS: bool, const K: usize>(
    floats: &mut Floats<V>,
    rest: &mut Rest<V, K>,
    new: V,
    old: V,
    pivot: V,
    bounds: &[V; K],
) {
    let apart = if PAIR { new.minus(old) } else { new };
    let (off, size) = (apart.minus(pivot), apart.size());
    floats.sum = floats.sum.plus(off);
    floats.spread = off.squared(floats.spread);
    floats.size = floats.size.plus(size);
    rest.low = apart.least(rest.low);
    rest.high = apart.most(rest.high);
    floats.square = new.squared(floats.square);
    if PAIR {
        rest.peak = new.size().most(rest.peak);
    }
    let mut at = 0;
    while at < K {
        rest.over[at] = size.over(bounds[at], rest.over[at]);
        at += 1;
    }
    if SIGNS {
        (rest.both, rest.crossed) = new.signs(old, rest.both, rest.crossed);
    }
}

/// All vectors of a stretch; what does not fill the last is filled up with numbers that add nothing.
#[inline(always)]
fn go<V: Vector, E: Element, const PAIR: bool, const SIGNS: bool, const K: usize>(
    new: &[E],
    old: &[E],
    pivot: f32,
    wanted: Wanted<'_>,
) -> Tally {
    let zero = V::splat(0.0);
    let mut bounds = [V::splat(f32::INFINITY); K];
    let mut at = 0;
    while at < wanted.bounds.len().min(K) {
        bounds[at] = V::splat(below(wanted.bounds[at]));
        at += 1;
    }
    let at_pivot = V::splat(pivot);
    let mut rest =
        Rest { low: at_pivot, high: at_pivot, peak: zero, both: V::none(), crossed: V::none(), over: [V::none(); K] };
    let mut doubles = Doubles { sum: [0.0; LANES], spread: [0.0; LANES], size: [0.0; LANES], square: [0.0; LANES] };
    let (news, _) = new.as_chunks::<LANES>();
    let (olds, _) = old.as_chunks::<LANES>();
    let count = if PAIR { news.len().min(olds.len()) } else { news.len() };
    let mut start = 0;
    while start < count {
        let mut floats = Floats::<V>::zero();
        let end = (start + STRETCH).min(count);
        let mut at = start;
        while at < end {
            let before = if PAIR { E::vector(&olds[at]) } else { zero };
            take::<V, PAIR, SIGNS, K>(&mut floats, &mut rest, E::vector(&news[at]), before, at_pivot, &bounds);
            at += 1;
        }
        floats.add_to(&mut doubles);
        start = end;
    }
    let mut tally = Tally { found: folded(&doubles, &rest, count * LANES, PAIR), pivot: f64::from(pivot) };
    let olds = old.get(count * LANES..).unwrap_or_default().iter().copied().chain(std::iter::repeat(E::default()));
    new[count * LANES..].iter().zip(olds).for_each(|(new, old)| tally.take(*new, old, wanted));
    tally
}

/// The greatest float that is not over the bound: floats over the one are over the other.
fn below(bound: f64) -> f32 {
    let near = bound as f32;
    if f64::from(near) > bound { near.next_down() } else { near }
}

#[inline(always)]
fn folded<V: Vector, const K: usize>(doubles: &Doubles, rest: &Rest<V, K>, n: usize, pair: bool) -> Sums {
    let mut over = [0.0; BOUNDS];
    for (total, counts) in over.iter_mut().zip(rest.over) {
        *total = counted::<V>(counts);
    }
    let low = rest.low.lanes().into_iter().fold(f32::INFINITY, f32::min);
    let high = rest.high.lanes().into_iter().fold(f32::NEG_INFINITY, f32::max);
    let peak = if pair { rest.peak.lanes().into_iter().fold(0.0, f32::max) } else { low.abs().max(high.abs()) };
    Sums {
        n: n as f64,
        left: 0.0,
        mean: total(&doubles.sum),
        spread: total(&doubles.spread),
        size: total(&doubles.size),
        low: f64::from(low),
        high: f64::from(high),
        square: total(&doubles.square),
        peak: f64::from(peak),
        both: counted::<V>(rest.both),
        crossed: counted::<V>(rest.crossed),
        over,
    }
}

#[inline(always)]
fn total(lanes: &[f64; LANES]) -> f64 {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *lanes;
    (((a + b) + (c + d)) + ((e + f) + (g + h))) + (((i + j) + (k + l)) + ((m + n) + (o + p)))
}

#[inline(always)]
fn counted<V: Vector>(counts: V::Counts) -> f64 {
    V::counted(counts).into_iter().map(u64::from).sum::<u64>() as f64
}

/// The sums, if floats did for them: everything finite, no square too small or too large, the pivot near the mean.
fn checked(tally: Tally) -> Option<Sums> {
    let Sums { n, left, mean: sum, spread, square, low, high, peak, .. } = tally.found;
    let fits = |size: f64| size == 0.0 || SIZES.contains(&size);
    let shift = sum * sum / n;
    let near = spread == 0.0 || shift <= OFF * (spread - shift);
    let whole = left == 0.0 && spread.is_finite() && square.is_finite();
    let fit = whole && near && fits(low.abs().max(high.abs())) && fits(peak) && fits((high - low).abs());
    fit.then(|| tally.done())
}
