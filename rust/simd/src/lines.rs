//! Where lines end.

use memchr::{memchr_iter, memchr3};

/// How many line ends there are.
#[inline]
pub fn newlines(bytes: &[u8]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::newlines(bytes) };
    }
    newlines_plain(bytes)
}

/// The twin of [`newlines`].
pub fn newlines_plain(bytes: &[u8]) -> usize {
    memchr_iter(b'\n', bytes).count()
}

/// How many line ends there are, and whether any byte is NUL, backspace or escape: seen in one go.
#[inline]
pub fn glance(bytes: &[u8]) -> (usize, bool) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::glance(bytes) };
    }
    glance_plain(bytes)
}

/// The twin of [`glance`].
pub fn glance_plain(bytes: &[u8]) -> (usize, bool) {
    (newlines_plain(bytes), memchr3(0, 8, 0x1b, bytes).is_some())
}

/// Appends the position of each line end; the bytes are fewer than 2^32.
#[inline]
pub fn line_ends(bytes: &[u8], out: &mut Vec<u32>) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") {
        // SAFETY: the processor has AVX2 and BMI1.
        return unsafe { avx2::line_ends(bytes, out) };
    }
    line_ends_plain(bytes, out);
}

/// The twin of [`line_ends`].
pub fn line_ends_plain(bytes: &[u8], out: &mut Vec<u32>) {
    out.extend(memchr_iter(b'\n', bytes).map(|at| at as u32));
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm256_add_epi8, _mm256_add_epi64, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8,
        _mm256_or_si256, _mm256_sad_epu8, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
        _mm256_storeu_si256, _mm256_sub_epi8,
    };

    /// Bytes looked at in one turn of a loop.
    const STRIDE: usize = 128;

    /// By the low half of a byte the control byte that it may be; elsewhere 0, which is no byte with such a half.
    static CONTROLS: [u8; 32] = {
        let mut table = [0; 32];
        (table[8], table[11], table[24], table[27]) = (8, 0x1b, 8, 0x1b);
        table
    };

    /// Turns until a counter of four may be full: 63 * 4 is below 256.
    const TURNS: usize = 63;

    #[target_feature(enable = "avx2")]
    pub fn newlines(bytes: &[u8]) -> usize {
        let mut total = _mm256_setzero_si256();
        for group in bytes.chunks(STRIDE * TURNS) {
            total = _mm256_add_epi64(total, count_group(group));
        }
        let tail = &bytes[bytes.len() - bytes.len() % STRIDE..];
        let mut sums = [0u64; 4];
        // SAFETY: the sums are 32 bytes, and stores need no alignment.
        unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), total) };
        sums.iter().sum::<u64>() as usize + tail.iter().filter(|&&b| b == b'\n').count()
    }

    #[target_feature(enable = "avx2")]
    pub fn glance(bytes: &[u8]) -> (usize, bool) {
        let (mut total, mut control) = (_mm256_setzero_si256(), _mm256_setzero_si256());
        for group in bytes.chunks(STRIDE * TURNS) {
            let (count, seen) = glance_group(group);
            total = _mm256_add_epi64(total, count);
            control = _mm256_or_si256(control, seen);
        }
        let (ends, controls) = super::glance_plain(&bytes[bytes.len() - bytes.len() % STRIDE..]);
        let mut sums = [0u64; 4];
        // SAFETY: the sums are 32 bytes, and stores need no alignment.
        unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), total) };
        (sums.iter().sum::<u64>() as usize + ends, controls || _mm256_movemask_epi8(control) != 0)
    }

    /// The line ends of at most TURNS whole strides, in four sums, and all bits set for control bytes.
    #[target_feature(enable = "avx2")]
    fn glance_group(group: &[u8]) -> (__m256i, __m256i) {
        // SAFETY: the table is 32 bytes, and loads need no alignment.
        let table = unsafe { _mm256_loadu_si256(CONTROLS.as_ptr().cast()) };
        let zero = _mm256_setzero_si256();
        let (mut counts, mut control) = ([zero; 4], zero);
        for stride in group.chunks_exact(STRIDE) {
            let (quarters, _) = stride.as_chunks::<32>();
            for (count, quarter) in counts.iter_mut().zip(quarters) {
                // SAFETY: there are 32 bytes, and loads need no alignment.
                let bytes = unsafe { _mm256_loadu_si256(quarter.as_ptr().cast()) };
                *count = _mm256_sub_epi8(*count, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'\n' as i8)));
                control = _mm256_or_si256(control, _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, bytes), bytes));
            }
        }
        let [a, b, c, d] = counts;
        let sum = _mm256_add_epi8(_mm256_add_epi8(a, b), _mm256_add_epi8(c, d));
        (_mm256_sad_epu8(sum, zero), control)
    }

    /// The line ends of at most TURNS whole strides, in four sums.
    #[target_feature(enable = "avx2")]
    fn count_group(group: &[u8]) -> __m256i {
        let zero = _mm256_setzero_si256();
        let mut counts = [zero; 4];
        for stride in group.chunks_exact(STRIDE) {
            let (quarters, _) = stride.as_chunks();
            for (count, quarter) in counts.iter_mut().zip(quarters) {
                *count = _mm256_sub_epi8(*count, at_ends(quarter));
            }
        }
        let [a, b, c, d] = counts;
        let sum = _mm256_add_epi8(_mm256_add_epi8(a, b), _mm256_add_epi8(c, d));
        _mm256_sad_epu8(sum, zero)
    }

    /// All bits set in each byte that ends a line.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn at_ends(bytes: &[u8; 32]) -> __m256i {
        // SAFETY: there are 32 bytes, and loads need no alignment.
        let bytes = unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'\n' as i8))
    }

    #[target_feature(enable = "avx2,bmi1")]
    pub fn line_ends(bytes: &[u8], out: &mut Vec<u32>) {
        let (words, tail) = bytes.as_chunks::<64>();
        let mut base = 0;
        for word in words {
            let mask = end_mask(word);
            if mask != 0 {
                push_set_bits(mask, base, out);
            }
            base += 64;
        }
        out.extend(tail.iter().zip(base..).filter(|(byte, _)| **byte == b'\n').map(|(_, at)| at));
    }

    /// A bit for each byte that ends a line, the first one lowest.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn end_mask(bytes: &[u8; 64]) -> u64 {
        let (halves, _) = bytes.as_chunks();
        let mask = |half| _mm256_movemask_epi8(at_ends(half)) as u32;
        u64::from(mask(&halves[1])) << 32 | u64::from(mask(&halves[0]))
    }

    #[inline]
    #[target_feature(enable = "bmi1")]
    fn push_set_bits(mut mask: u64, base: u32, out: &mut Vec<u32>) {
        out.reserve(64);
        let mut len = out.len();
        while mask != 0 {
            // SAFETY: room for 64 was made, and a mask has no more bits.
            unsafe { out.as_mut_ptr().add(len).write(base + mask.trailing_zeros()) };
            len += 1;
            mask &= mask - 1;
        }
        // SAFETY: everything up to here is written.
        unsafe { out.set_len(len) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Both kernels against the plainest count there is.
    fn check(bytes: &[u8]) {
        let wanted: Vec<u32> = (0..).zip(bytes).filter(|(_, b)| **b == b'\n').map(|(at, _)| at).collect();
        let (mut ends, mut twins) = (vec![7], vec![7]);
        line_ends(bytes, &mut ends);
        line_ends_plain(bytes, &mut twins);

        let control = bytes.iter().any(|b| matches!(b, 0 | 8 | 0x1b));

        assert_eq!((wanted.len(), control), glance(bytes));
        assert_eq!((wanted.len(), control), glance_plain(bytes));
        assert_eq!(wanted.len(), newlines(bytes));
        assert_eq!(wanted.len(), newlines_plain(bytes));
        assert_eq!(wanted, &ends[1..], "appended to what was there");
        assert_eq!(ends, twins);
    }

    #[test]
    fn nothing_but_line_ends_and_none() {
        for len in [0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 129, 8063, 8064, 8065, 20_000] {
            check(&vec![b'\n'; len]);
            check(&vec![b'x'; len]);
            check(&vec![0x8A; len]);
        }
    }

    #[test]
    fn a_line_end_at_every_place() {
        for at in 0..300 {
            let mut bytes = vec![b'.'; 300];
            bytes[at] = b'\n';
            check(&bytes);
        }
    }

    #[test]
    fn each_byte_alone() {
        for byte in 0..=u8::MAX {
            for at in [0, 31, 100, 127, 128, 299] {
                let mut bytes = vec![b'.'; 300];
                bytes[at] = byte;
                check(&bytes);
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..20_000), cut in 0usize..70) {
            check(bytes.get(cut..).unwrap_or_default());
        }
    }
}
