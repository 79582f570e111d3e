//! Sixteen floats at a time, in the widest instructions there are. Every width rounds alike and keeps its sums in the
//! same sixteen lanes, so that they are the same on every processor.

/// Numbers in one step.
pub const LANES: usize = 16;

/// Sixteen floats. A type of this trait is only ever made inside a function compiled for its instructions.
pub trait Vector: Copy {
    /// A count in each lane.
    type Counts: Copy;

    fn splat(value: f32) -> Self;
    fn from_f32(values: &[f32; LANES]) -> Self;
    fn from_half(values: &[u16; LANES]) -> Self;
    fn from_brain(values: &[u16; LANES]) -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    /// The square, added to a sum and rounded once.
    fn squared(self, onto: Self) -> Self;
    fn size(self) -> Self;
    fn least(self, other: Self) -> Self;
    fn most(self, other: Self) -> Self;
    fn lanes(self) -> [f32; LANES];

    fn none() -> Self::Counts;
    /// The counts, one higher in each lane that is over the bound.
    fn over(self, bound: Self, counts: Self::Counts) -> Self::Counts;
    /// Counts of lanes where neither is zero, and where moreover the signs differ.
    fn signs(self, other: Self, both: Self::Counts, crossed: Self::Counts) -> (Self::Counts, Self::Counts);
    fn counted(counts: Self::Counts) -> [u32; LANES];
}

/// What any processor does: the twin of the others.
#[derive(Clone, Copy)]
pub struct Plain([f32; LANES]);

/// One lane after the other; a loop, since closures hide it from the compiler.
macro_rules! each {
    ($at:ident => $value:expr) => {{
        let mut made = [Default::default(); LANES];
        let mut $at = 0;
        while $at < LANES {
            made[$at] = $value;
            $at += 1;
        }
        made
    }};
}

impl Vector for Plain {
    type Counts = [u32; LANES];

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    fn from_f32(values: &[f32; LANES]) -> Self {
        Self(*values)
    }

    #[inline(always)]
    fn from_half(values: &[u16; LANES]) -> Self {
        Self(each!(at => super::element::half(values[at])))
    }

    #[inline(always)]
    fn from_brain(values: &[u16; LANES]) -> Self {
        Self(each!(at => super::element::brain(values[at])))
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(each!(at => self.0[at] + other.0[at]))
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self(each!(at => self.0[at] - other.0[at]))
    }

    #[inline(always)]
    fn squared(self, onto: Self) -> Self {
        Self(each!(at => self.0[at].mul_add(self.0[at], onto.0[at])))
    }

    #[inline(always)]
    fn size(self) -> Self {
        Self(each!(at => self.0[at].abs()))
    }

    #[inline(always)]
    fn least(self, other: Self) -> Self {
        Self(each!(at => if self.0[at] < other.0[at] { self.0[at] } else { other.0[at] }))
    }

    #[inline(always)]
    fn most(self, other: Self) -> Self {
        Self(each!(at => if self.0[at] > other.0[at] { self.0[at] } else { other.0[at] }))
    }

    #[inline(always)]
    fn lanes(self) -> [f32; LANES] {
        self.0
    }

    #[inline(always)]
    fn none() -> Self::Counts {
        [0; LANES]
    }

    #[inline(always)]
    fn over(self, bound: Self, counts: Self::Counts) -> Self::Counts {
        each!(at => counts[at] + u32::from(self.0[at] > bound.0[at]))
    }

    #[inline(always)]
    fn signs(self, other: Self, both: Self::Counts, crossed: Self::Counts) -> (Self::Counts, Self::Counts) {
        let there: [bool; LANES] = each!(at => self.0[at] != 0.0 && other.0[at] != 0.0);
        let differ: [bool; LANES] = each!(at => there[at] && (self.0[at] < 0.0) != (other.0[at] < 0.0));
        (each!(at => both[at] + u32::from(there[at])), each!(at => crossed[at] + u32::from(differ[at])))
    }

    #[inline(always)]
    fn counted(counts: Self::Counts) -> [u32; LANES] {
        counts
    }
}

/// Calls of instructions. The type they are called for stands for the processor having them.
#[cfg(target_arch = "x86_64")]
macro_rules! at {
    ($e:expr) => {
        // SAFETY: a vector of this type is only made in functions compiled for its instructions, which are only called
        // where the processor has them; loads and stores are of whole arrays and need no alignment.
        unsafe { $e }
    };
}

#[cfg(target_arch = "x86_64")]
pub mod avx2 {
    use super::{LANES, Vector};
    use std::arch::x86_64::*;

    /// Two halves of eight.
    #[derive(Clone, Copy)]
    pub struct Avx2(__m256, __m256);

    /// The halves of sixteen numbers of two bytes.
    #[inline(always)]
    fn halves(values: &[u16; LANES]) -> (__m128i, __m128i) {
        at!((_mm_loadu_si128(values.as_ptr().cast()), _mm_loadu_si128(values[8..].as_ptr().cast())))
    }

    #[inline(always)]
    fn brain(values: __m128i) -> __m256 {
        at!(_mm256_castsi256_ps(_mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(values))))
    }

    /// One more wherever the mask is set: its lanes are then -1.
    #[inline(always)]
    fn count(counts: __m256i, mask: __m256) -> __m256i {
        at!(_mm256_sub_epi32(counts, _mm256_castps_si256(mask)))
    }

    #[inline(always)]
    fn signs(a: __m256, b: __m256) -> (__m256, __m256) {
        let zero = at!(_mm256_setzero_ps());
        let there = at!(_mm256_and_ps(_mm256_cmp_ps::<_CMP_NEQ_OQ>(a, zero), _mm256_cmp_ps::<_CMP_NEQ_OQ>(b, zero)));
        let differ = at!(_mm256_xor_ps(_mm256_cmp_ps::<_CMP_LT_OQ>(a, zero), _mm256_cmp_ps::<_CMP_LT_OQ>(b, zero)));
        (there, at!(_mm256_and_ps(there, differ)))
    }

    impl Vector for Avx2 {
        type Counts = (__m256i, __m256i);

        #[inline(always)]
        fn splat(value: f32) -> Self {
            at!(Self(_mm256_set1_ps(value), _mm256_set1_ps(value)))
        }

        #[inline(always)]
        fn from_f32(values: &[f32; LANES]) -> Self {
            at!(Self(_mm256_loadu_ps(values.as_ptr()), _mm256_loadu_ps(values[8..].as_ptr())))
        }

        #[inline(always)]
        fn from_half(values: &[u16; LANES]) -> Self {
            let (low, high) = halves(values);
            at!(Self(_mm256_cvtph_ps(low), _mm256_cvtph_ps(high)))
        }

        #[inline(always)]
        fn from_brain(values: &[u16; LANES]) -> Self {
            let (low, high) = halves(values);
            Self(brain(low), brain(high))
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            at!(Self(_mm256_add_ps(self.0, other.0), _mm256_add_ps(self.1, other.1)))
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            at!(Self(_mm256_sub_ps(self.0, other.0), _mm256_sub_ps(self.1, other.1)))
        }

        #[inline(always)]
        fn squared(self, onto: Self) -> Self {
            at!(Self(_mm256_fmadd_ps(self.0, self.0, onto.0), _mm256_fmadd_ps(self.1, self.1, onto.1)))
        }

        #[inline(always)]
        fn size(self) -> Self {
            let sign = at!(_mm256_set1_ps(-0.0));
            at!(Self(_mm256_andnot_ps(sign, self.0), _mm256_andnot_ps(sign, self.1)))
        }

        #[inline(always)]
        fn least(self, other: Self) -> Self {
            at!(Self(_mm256_min_ps(self.0, other.0), _mm256_min_ps(self.1, other.1)))
        }

        #[inline(always)]
        fn most(self, other: Self) -> Self {
            at!(Self(_mm256_max_ps(self.0, other.0), _mm256_max_ps(self.1, other.1)))
        }

        #[inline(always)]
        fn lanes(self) -> [f32; LANES] {
            let mut lanes = [0.0; LANES];
            at!(_mm256_storeu_ps(lanes.as_mut_ptr(), self.0));
            at!(_mm256_storeu_ps(lanes[8..].as_mut_ptr(), self.1));
            lanes
        }

        #[inline(always)]
        fn none() -> Self::Counts {
            at!((_mm256_setzero_si256(), _mm256_setzero_si256()))
        }

        #[inline(always)]
        fn over(self, bound: Self, counts: Self::Counts) -> Self::Counts {
            let low = at!(_mm256_cmp_ps::<_CMP_GT_OQ>(self.0, bound.0));
            let high = at!(_mm256_cmp_ps::<_CMP_GT_OQ>(self.1, bound.1));
            (count(counts.0, low), count(counts.1, high))
        }

        #[inline(always)]
        fn signs(self, other: Self, both: Self::Counts, crossed: Self::Counts) -> (Self::Counts, Self::Counts) {
            let (low, high) = (signs(self.0, other.0), signs(self.1, other.1));
            ((count(both.0, low.0), count(both.1, high.0)), (count(crossed.0, low.1), count(crossed.1, high.1)))
        }

        #[inline(always)]
        fn counted(counts: Self::Counts) -> [u32; LANES] {
            let mut lanes = [0; LANES];
            at!(_mm256_storeu_si256(lanes.as_mut_ptr().cast(), counts.0));
            at!(_mm256_storeu_si256(lanes[8..].as_mut_ptr().cast(), counts.1));
            lanes
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub mod avx512 {
    use super::{LANES, Vector};
    use std::arch::x86_64::*;

    #[derive(Clone, Copy)]
    pub struct Avx512(__m512);

    #[inline(always)]
    fn sixteen(values: &[u16; LANES]) -> __m256i {
        at!(_mm256_loadu_si256(values.as_ptr().cast()))
    }

    #[inline(always)]
    fn count(counts: __m512i, mask: u16) -> __m512i {
        at!(_mm512_mask_add_epi32(counts, mask, counts, _mm512_set1_epi32(1)))
    }

    impl Avx512 {
        #[inline(always)]
        fn negative(self) -> u16 {
            at!(_mm512_cmp_ps_mask::<_CMP_LT_OQ>(self.0, _mm512_setzero_ps()))
        }

        #[inline(always)]
        fn present(self) -> u16 {
            at!(_mm512_cmp_ps_mask::<_CMP_NEQ_OQ>(self.0, _mm512_setzero_ps()))
        }
    }

    impl Vector for Avx512 {
        type Counts = __m512i;

        #[inline(always)]
        fn splat(value: f32) -> Self {
            at!(Self(_mm512_set1_ps(value)))
        }

        #[inline(always)]
        fn from_f32(values: &[f32; LANES]) -> Self {
            at!(Self(_mm512_loadu_ps(values.as_ptr())))
        }

        #[inline(always)]
        fn from_half(values: &[u16; LANES]) -> Self {
            at!(Self(_mm512_cvtph_ps(sixteen(values))))
        }

        #[inline(always)]
        fn from_brain(values: &[u16; LANES]) -> Self {
            at!(Self(_mm512_castsi512_ps(_mm512_slli_epi32::<16>(_mm512_cvtepu16_epi32(sixteen(values))))))
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            at!(Self(_mm512_add_ps(self.0, other.0)))
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            at!(Self(_mm512_sub_ps(self.0, other.0)))
        }

        #[inline(always)]
        fn squared(self, onto: Self) -> Self {
            at!(Self(_mm512_fmadd_ps(self.0, self.0, onto.0)))
        }

        #[inline(always)]
        fn size(self) -> Self {
            at!(Self(_mm512_abs_ps(self.0)))
        }

        #[inline(always)]
        fn least(self, other: Self) -> Self {
            at!(Self(_mm512_min_ps(self.0, other.0)))
        }

        #[inline(always)]
        fn most(self, other: Self) -> Self {
            at!(Self(_mm512_max_ps(self.0, other.0)))
        }

        #[inline(always)]
        fn lanes(self) -> [f32; LANES] {
            let mut lanes = [0.0; LANES];
            at!(_mm512_storeu_ps(lanes.as_mut_ptr(), self.0));
            lanes
        }

        #[inline(always)]
        fn none() -> Self::Counts {
            at!(_mm512_setzero_si512())
        }

        #[inline(always)]
        fn over(self, bound: Self, counts: Self::Counts) -> Self::Counts {
            count(counts, at!(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(self.0, bound.0)))
        }

        #[inline(always)]
        fn signs(self, other: Self, both: Self::Counts, crossed: Self::Counts) -> (Self::Counts, Self::Counts) {
            let there = self.present() & other.present();
            let differ = there & (self.negative() ^ other.negative());
            (count(both, there), count(crossed, differ))
        }

        #[inline(always)]
        fn counted(counts: Self::Counts) -> [u32; LANES] {
            let mut lanes = [0; LANES];
            at!(_mm512_storeu_si512(lanes.as_mut_ptr().cast(), counts));
            lanes
        }
    }
}
