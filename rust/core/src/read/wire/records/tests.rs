use super::*;
use crate::row::PAD;
use proptest::prelude::*;

#[derive(Default)]
struct Kept {
    records: Vec<(u64, Vec<u8>)>,
    passed: usize,
}

impl Take for Kept {
    fn record(&mut self, offset: u64, data: &[u8]) {
        self.records.push((offset, data.to_vec()));
    }

    fn needless(&self, beginning: &[u8], _: usize) -> Option<u32> {
        beginning.starts_with(b"needless").then_some(7)
    }

    fn passed(&mut self, what: u32) {
        assert_eq!(7, what);
        self.passed += 1;
    }
}

fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let mut out = length.to_vec();
    out.extend(masked(crc32c(0, &length)).to_le_bytes());
    out.extend(data);
    out.extend(masked(crc32c(0, data)).to_le_bytes());
    out
}

/// What comes of bytes in pieces: records, counts of broken ones, where the end is cut.
/// What was found, and where.
type Found = Vec<(u64, Vec<u8>)>;

fn fed(bytes: &[u8], piece: usize) -> (Found, u64, Option<u64>) {
    let (mut records, mut kept, mut broken) = (Records::default(), Kept::default(), Tally::default());
    for (k, part) in bytes.chunks(piece.max(1)).enumerate() {
        let mut data = part.to_vec();
        data.resize(part.len() + PAD, 0);
        let block = Block { data: &data, len: part.len(), offset: (k * piece.max(1)) as u64 };
        records.feed(block, &mut kept, &mut broken);
    }
    let cut = records.finish();
    (kept.records, broken.count, cut)
}

#[test]
fn the_vector_of_tensorboard_is_read() {
    let bytes = b"\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22\x09\0\0\0\0\0\0\xf8\x3f\x1a\x0dbrain.Event:2\x2a\x28\x64\x6c";

    let (records, broken, cut) = fed(bytes, 1000);

    assert_eq!(vec![(0, bytes[12..36].to_vec())], records);
    assert_eq!((0, None), (broken, cut));
}

#[test]
fn a_wrong_byte_costs_one_record() {
    let parts: Vec<Vec<u8>> = (0..5u8).map(|k| record(&[k; 20])).collect();
    let bytes = parts.concat();
    for wrong in 0..parts[0].len() * 4 {
        let mut changed = bytes.clone();
        changed[wrong] ^= 0x10;
        let expected: Vec<u8> = (0..5).filter(|&k| usize::from(k) != wrong / parts[0].len()).collect();

        let (records, broken, _) = fed(&changed, 1 << 20);

        assert_eq!(expected, records.iter().map(|(_, data)| data[0]).collect::<Vec<_>>(), "byte {wrong}");
        assert_eq!(1, broken);
    }
}

#[test]
fn the_file_behind_a_torn_one_is_read() {
    let torn = [record(b"one"), record(&[7; 100])[..50].to_vec()].concat();
    let bytes = [torn, record(b"two"), record(b"three"), record(&[1; 200])].concat();

    let (records, broken, cut) = fed(&bytes, 1 << 20);

    let found: Vec<usize> = records.iter().map(|(_, data)| data.len()).collect();
    assert_eq!((vec![3, 3, 5, 200], 1, None), (found, broken, cut));
}

#[test]
fn what_is_needless_is_never_held() {
    let long = [b"needless".to_vec(), vec![0; 100_000]].concat();
    let bytes = [record(b"a"), record(&long), record(b"b")].concat();
    let (mut records, mut kept, mut broken) = (Records::default(), Kept::default(), Tally::default());
    for (k, part) in bytes.chunks(1000).enumerate() {
        let block = Block { data: part, len: part.len(), offset: k as u64 * 1000 };
        records.feed(block, &mut kept, &mut broken);
        assert!(records.held.len() <= 1000);
    }

    assert_eq!(vec![b"a".to_vec(), b"b".to_vec()], kept.records.into_iter().map(|(_, d)| d).collect::<Vec<_>>());
    assert_eq!((1, 0, None), (kept.passed, broken.count, records.finish()));
}

proptest! {
    #[test]
    fn pieces_change_nothing(
        datas in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..8),
        wrong in proptest::option::of((any::<prop::sample::Index>(), 1u8..)),
        cut in any::<prop::sample::Index>(),
        piece in 1usize..60,
    ) {
        let mut bytes: Vec<u8> = datas.iter().flat_map(|data| record(data)).collect();
        if let (Some((at, flip)), false) = (wrong, bytes.is_empty()) {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        bytes.truncate(cut.index(bytes.len() + 1));

        prop_assert_eq!(fed(&bytes, 1 << 20), fed(&bytes, piece));
    }

    #[test]
    fn a_cut_gives_a_prefix(datas in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 1..6)) {
        let bytes: Vec<u8> = datas.iter().flat_map(|data| record(data)).collect();
        let whole = fed(&bytes, 1 << 20).0;
        prop_assert_eq!(datas.len(), whole.len());
        for cut in 0..=bytes.len() {
            let (records, broken, torn) = fed(&bytes[..cut], 1 << 20);
            let expected = whole.iter().filter(|(at, data)| *at as usize + data.len() + 16 <= cut).count();
            let ended = whole[..expected].iter().map(|(_, data)| data.len() + 16).sum::<usize>();
            prop_assert_eq!(&whole[..expected], &records[..]);
            prop_assert_eq!((0, (ended < cut).then_some(ended as u64)), (broken, torn));
        }
    }
}
