use super::*;
use proptest::prelude::*;

const WANTED: Wanted<'static> = Wanted { bounds: &[1e-8, 1e-6, 1e-4], signs: true };

fn noise(n: usize, mut seed: u32) -> Vec<f32> {
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(seed >> 8) / f64::from(1u32 << 24) - 0.5) as f32
    };
    (0..n).map(|_| next()).collect()
}

fn dense(values: &[f32]) -> Tensor<'_> {
    Tensor { cells: Cells::F32(values), layout: Layout::dense(values.len()) }
}

fn bits(sums: &[Sums]) -> String {
    format!("{sums:?}")
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let sizes = [0, 1, 7, BLOCK - 1, BLOCK, 5 * BLOCK + 3, 40 * BLOCK];
    let news: Vec<Vec<f32>> = sizes.iter().map(|n| noise(*n, 1)).collect();
    let olds: Vec<Vec<f32>> = sizes.iter().map(|n| noise(*n, 2)).collect();
    let of = |threads| {
        let mut copies = olds.clone();
        let pairs = news.iter().zip(&mut copies).map(|(new, old)| (dense(new), Before::Refreshed(CellsMut::F32(old))));
        let mut pairs: Vec<Pair<'_>> = pairs.map(|(new, before)| Pair { new, before }).collect();
        let found = bits(&measure(&mut pairs, WANTED, threads));
        drop(pairs);
        assert_eq!(copies, news, "refreshed");
        found
    };

    for threads in [2, 3, 8, 64] {
        assert_eq!(of(1), of(threads));
    }
}

#[test]
fn what_is_kept_gives_what_is_refreshed() {
    let (new, old) = (noise(3 * BLOCK, 1), noise(3 * BLOCK, 2));
    let mut copy = old.clone();
    let kept = measure(&mut [Pair { new: dense(&new), before: Before::Kept(dense(&old)) }], WANTED, 2);
    let before = Before::Refreshed(CellsMut::F32(&mut copy));

    assert_eq!(bits(&kept), bits(&measure(&mut [Pair { new: dense(&new), before }], WANTED, 2)));
}

#[test]
fn other_types_are_held_against_each_other() {
    let new: Vec<f64> = noise(100, 1).into_iter().map(f64::from).collect();
    let old = noise(100, 2);
    let wide = Tensor { cells: Cells::F64(&new), layout: Layout::dense(100) };
    let narrow: Vec<f32> = new.iter().map(|v| *v as f32).collect();
    let found = measure(&mut [Pair { new: wide, before: Before::Kept(dense(&old)) }], WANTED, 1);
    let same = measure(&mut [Pair { new: dense(&narrow), before: Before::Kept(dense(&old)) }], WANTED, 1);

    assert_eq!((found[0].n, found[0].crossed, found[0].over), (same[0].n, same[0].crossed, same[0].over));
    assert!((found[0].size - same[0].size).abs() < 1e-5 * same[0].size);
}

#[test]
fn a_way_out_of_memory_is_no_layout() {
    assert!(Layout::new(&[3, 4], &[4, 1], 0, 12).is_some());
    assert!(Layout::new(&[3, 4], &[4, 1], 1, 12).is_none());
    assert!(Layout::new(&[3, 4], &[4, -1], 0, 12).is_none());
    assert!(Layout::new(&[usize::MAX, 2], &[0, 0], 0, 1).is_none());
    assert!(Layout::new(&[0, 4], &[4, 1], 0, 0).is_some());
    assert!(Layout::new(&[], &[], 0, 1).is_some());
}

proptest! {
    #[test]
    fn any_way_through_memory(
        shape in prop::collection::vec(1usize..5, 0..4),
        strides in prop::collection::vec(-5isize..6, 4),
        first in 0usize..80,
        cut in (0usize..100, 0usize..100),
    ) {
        let cells: Vec<f32> = (0..80u8).map(f32::from).collect();
        let Some(layout) = Layout::new(&shape, &strides[..shape.len()], first, cells.len()) else { return Ok(()) };
        let mut wanted = Vec::new();
        for at in 0..layout.len() {
            let (mut place, mut rest) = (first as isize, at);
            for axis in (0..shape.len()).rev() {
                place += (rest % shape[axis]) as isize * strides[axis];
                rest /= shape[axis];
            }
            wanted.push(cells[place as usize]);
        }
        let (from, to) = (cut.0.min(layout.len()), cut.1.min(layout.len()));
        let range = from.min(to)..from.max(to);
        let mut found = Vec::new();
        layout.gather(&cells, range.clone(), &mut found);

        prop_assert_eq!(&found, &wanted[range.clone()]);
        if layout.is_dense() {
            prop_assert_eq!(layout.slice(&cells, range.clone()), &wanted[range]);
        }
    }

    #[test]
    fn joining_is_summing(values in prop::collection::vec(-1f32..1.0, 0..400), cut in 0usize..400) {
        let cut = cut.min(values.len());
        let of = |values: &[f32]| fastlogs_simd::sums(values, &[], WANTED);
        let (both, whole) = (joined(&[of(&values[..cut]), of(&values[cut..])]), of(&values));

        prop_assert!((both.mean - whole.mean).abs() < 1e-6 && (both.spread - whole.spread).abs() < 1e-4);
        prop_assert_eq!((both.n, both.over, both.low.to_bits()), (whole.n, whole.over, whole.low.to_bits()));
    }
}
