//! Sums over two stretches of numbers at once: how far they are apart, and how large the one is.
//!
//! One pass makes all of them: as floats in vectors, which are added to doubles before they lose digits; one by one as
//! doubles where floats would not do (doubles, infinities, numbers whose squares a float has no room for).

mod element;
mod narrow;
mod vector;
mod wide;

pub use element::{Brain, Element, Half};
use vector::{Plain, Vector};

/// How many bounds one pass counts against.
const COUNTED: usize = 4;

/// How many bounds there may be.
pub const BOUNDS: usize = 16;

/// What one stretch has; differences that are not finite are counted and in nothing else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sums {
    /// Finite differences, and the others.
    pub n: f64,
    pub left: f64,
    /// Their mean, and the sum of their squared distances from it.
    pub mean: f64,
    pub spread: f64,
    /// The sum of their sizes, the least and the greatest.
    pub size: f64,
    pub low: f64,
    pub high: f64,
    /// The sum of squares and the greatest size of the new numbers themselves.
    pub square: f64,
    pub peak: f64,
    /// Pairs without a zero, and those of them whose signs differ.
    pub both: f64,
    pub crossed: f64,
    /// How many sizes are over each bound.
    pub over: [f64; BOUNDS],
}

impl Sums {
    /// Of nothing.
    pub const EMPTY: Self = Self {
        n: 0.0,
        left: 0.0,
        mean: 0.0,
        spread: 0.0,
        size: 0.0,
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
        square: 0.0,
        peak: 0.0,
        both: 0.0,
        crossed: 0.0,
        over: [0.0; BOUNDS],
    };
}

/// What is asked besides the sums that are always made: bounds on sizes, the signs of pairs.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub bounds: &'a [f64],
    pub signs: bool,
}

/// The sums of `new - old`, or of `new` alone where `old` is empty. Bounds beyond `BOUNDS` are not counted.
pub fn sums<E: Element>(new: &[E], old: &[E], wanted: Wanted<'_>) -> Sums {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: the processor has AVX-512.
        return unsafe { x86::sums_avx512(new, old, wanted) };
    }
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("f16c") && is_x86_feature_detected!("fma") {
        // SAFETY: the processor has AVX2, F16C and FMA.
        return unsafe { x86::sums_avx2(new, old, wanted) };
    }
    sums_plain(new, old, wanted)
}

/// The twin of [`sums`].
pub fn sums_plain<E: Element>(new: &[E], old: &[E], wanted: Wanted<'_>) -> Sums {
    all::<Plain, E>(new, old, wanted)
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::vector::{avx2::Avx2, avx512::Avx512};
    use super::{Element, Sums, Wanted, all};

    #[target_feature(enable = "avx512f")]
    pub fn sums_avx512<E: Element>(new: &[E], old: &[E], wanted: Wanted<'_>) -> Sums {
        all::<Avx512, E>(new, old, wanted)
    }

    #[target_feature(enable = "avx2,f16c,fma")]
    pub fn sums_avx2<E: Element>(new: &[E], old: &[E], wanted: Wanted<'_>) -> Sums {
        all::<Avx2, E>(new, old, wanted)
    }
}

/// As floats where that will do; one pass, and another over the same stretch for each further four bounds.
#[inline(always)]
fn all<V: Vector, E: Element>(new: &[E], old: &[E], wanted: Wanted<'_>) -> Sums {
    let bounds = &wanted.bounds[..wanted.bounds.len().min(BOUNDS)];
    let (first, more) = bounds.split_at(bounds.len().min(COUNTED));
    let narrow = if E::NARROW { narrow::sums::<V, E>(new, old, Wanted { bounds: first, ..wanted }) } else { None };
    let Some(mut found) = narrow else {
        return wide::sums(new, old, Wanted { bounds, ..wanted });
    };
    for (bounds, over) in more.chunks(COUNTED).zip(found.over.chunks_mut(COUNTED).skip(1)) {
        let again = narrow::sums::<V, E>(new, old, Wanted { bounds, signs: false });
        over.copy_from_slice(&again.unwrap_or(Sums::EMPTY).over[..COUNTED]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Against the most obvious sums there are.
    fn check<E: Element>(new: &[E], old: &[E], found: &Sums, bounds: &[f64]) {
        let pairs = || new.iter().zip(old).filter(|(n, o)| n.less(**o).is_finite());
        let apart: Vec<f64> = pairs().map(|(n, o)| n.less(*o)).collect();
        let n = apart.len() as f64;
        assert_eq!((found.n, found.left), (n, new.len() as f64 - n));
        let finite: Vec<f64> = new.iter().map(|n| n.wide()).filter(|n| n.is_finite()).collect();
        near(found.square, finite.iter().map(|n| n * n).sum());
        assert_eq!(found.peak, finite.iter().fold(0.0, |a, b| b.abs().max(a)));
        if apart.is_empty() {
            return;
        }
        let size: f64 = apart.iter().map(|d| d.abs()).sum();
        near(found.size, size);
        let mean = apart.iter().sum::<f64>() / n;
        assert!((found.mean - mean).abs() <= 1e-6 * size / n, "{} {mean}", found.mean);
        near(found.spread, apart.iter().map(|d| (d - mean) * (d - mean)).sum());
        assert_eq!(found.low, apart.iter().copied().fold(f64::INFINITY, f64::min));
        assert_eq!(found.high, apart.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        for (over, bound) in found.over.iter().zip(bounds) {
            assert_eq!(*over, apart.iter().filter(|d| d.abs() > *bound).count() as f64);
        }
        let both = || pairs().map(|(n, o)| (n.wide(), o.wide())).filter(|(n, o)| *n != 0.0 && *o != 0.0);
        assert_eq!(found.both, both().count() as f64);
        assert_eq!(found.crossed, both().filter(|(n, o)| n.signum() != o.signum()).count() as f64);
    }

    fn near(found: f64, wanted: f64) {
        assert!((found - wanted).abs() <= 3e-6 * wanted.abs() || found == wanted, "{found} {wanted}");
    }

    fn both_ways<E: Element>(new: &[E], old: &[E], bounds: &[f64]) {
        let wanted = Wanted { bounds, signs: true };
        let (found, twin) = (sums(new, old, wanted), sums_plain(new, old, wanted));
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
        assert!(same(found.mean, twin.mean) && same(found.spread, twin.spread) && same(found.size, twin.size));
        assert_eq!(found, twin);
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the processor has AVX2, F16C and FMA.
            let narrower = unsafe { x86::sums_avx2(new, old, wanted) };
            assert!(same(found.mean, narrower.mean) && same(found.spread, narrower.spread));
            assert_eq!(found, narrower);
        }
        check(new, old, &found, bounds);
    }

    fn number() -> impl Strategy<Value = f32> {
        prop_oneof![
            8 => -1f32..1.0,
            2 => Just(0.0),
            2 => prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL,
            1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)],
        ]
    }

    proptest! {
        #[test]
        fn any_numbers(
            pairs in prop::collection::vec((prop_oneof![number(), -1f32..1.0], prop_oneof![number(), -1f32..1.0]), 0..300),
            bounds in prop::collection::vec(0.0..0.5f64, 0..11),
        ) {
            let (new, old): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            both_ways(&new, &old, &bounds);
            both_ways(&new.iter().map(|v| f64::from(*v)).collect::<Vec<_>>(), &old.iter().map(|v| f64::from(*v)).collect::<Vec<_>>(), &bounds);
        }

        #[test]
        fn plain_numbers(n in 0usize..5000, seed in any::<u32>(), shift in prop_oneof![Just(0f32), -1f32..1.0], scale in -14i32..3) {
            let noise = |mut seed: u32| {
                let next = move |_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 8) as f32 / 16_777_216.0 - 0.5
                };
                (0..n).map(next).collect::<Vec<f32>>()
            };
            let old = noise(seed);
            let new: Vec<f32> = noise(!seed).iter().zip(&old).map(|(d, o)| o + shift + d * 10f32.powi(scale)).collect();
            both_ways(&new, &old, &[0.0, 1e-8, 1e-6, 1e-4, 1e-2]);
            both_ways(&new, &vec![0.0; n], &[1e-6]);
        }

        #[test]
        fn any_bits(pairs in prop::collection::vec((any::<u16>(), any::<u16>()), 0..100), finite in any::<bool>()) {
            let keep = |bits: &u16| if finite { bits & 0xbbff & 0xbf7f } else { *bits };
            let (new, old): (Vec<u16>, Vec<u16>) = pairs.iter().map(|(n, o)| (keep(n), keep(o))).unzip();
            both_ways(&new.iter().copied().map(Half).collect::<Vec<_>>(), &old.iter().copied().map(Half).collect::<Vec<_>>(), &[0.0, 1e-6]);
            both_ways(&new.iter().copied().map(Brain).collect::<Vec<_>>(), &old.iter().copied().map(Brain).collect::<Vec<_>>(), &[1e-3]);
        }
    }

    #[test]
    fn far_from_zero_the_spread_keeps_its_digits() {
        let new: Vec<f64> = (0..1000).map(|i| 1e6 + f64::from(i % 2) * 1e-3).collect();
        let found = sums(&new, &[], Wanted { bounds: &[], signs: false });

        assert!((found.spread / 1000.0 - 0.25e-6).abs() < 1e-9 * 0.25e-6 + 1e-13);
    }

    #[test]
    fn of_nothing_and_of_nothing_finite() {
        let wanted = Wanted { bounds: &[0.0], signs: true };
        assert_eq!(sums::<f32>(&[], &[], wanted), Sums::EMPTY);
        assert_eq!(sums(&[f32::NAN; 9], &[0.0; 9], wanted).left, 9.0);
    }
}
