use super::*;
use proptest::prelude::*;

/// Writes records as the format says.
fn written(records: &[Vec<u8>], header: usize) -> Vec<u8> {
    let mut out = vec![b'h'; header];
    for record in records {
        let (mut rest, mut first) = (&record[..], true);
        loop {
            let room = BLOCK - out.len() % BLOCK;
            if room < HEADER {
                out.resize(out.len() + room, 0);
                continue;
            }
            let (data, later) = rest.split_at(rest.len().min(room - HEADER));
            let kind = match (first, later.is_empty()) {
                (true, true) => 1,
                (true, false) => 2,
                (false, false) => 3,
                (false, true) => 4,
            };
            out.extend(crc32([&[kind], data]).to_le_bytes());
            out.extend((data.len() as u16).to_le_bytes());
            out.push(kind);
            out.extend(data);
            (rest, first) = (later, false);
            if rest.is_empty() {
                break;
            }
        }
    }
    out
}

/// What was found, and where.
type Found = Vec<(u64, Vec<u8>)>;

fn fed(bytes: &[u8], piece: usize) -> (Found, u64, Option<u64>) {
    let (mut blocks, mut found, mut broken) = (Blocks::after(7), Vec::new(), Tally::default());
    let mut take = |at: u64, data: &[u8]| found.push((at, data.to_vec()));
    for part in bytes.chunks(piece) {
        blocks.feed(Block { data: part, len: part.len(), offset: 0 }, &mut take, &mut broken);
    }
    let cut = blocks.finish(&mut take, &mut broken);
    (found, broken.count, cut)
}

#[test]
fn the_vector_of_wandb_is_read() {
    let bytes = b":W&B\xe1\xbe\x00\xbb\x09\x5d\x41\x02\x00\x01\x08\x01";

    assert_eq!((vec![(7, vec![8, 1])], 0, None), fed(bytes, 100));
}

#[test]
fn records_over_blocks_come_whole_and_every_cut_gives_those_before_it() {
    let sizes = [10, 40_000, 0, 32_747, 5, 100_000, 3];
    let records: Vec<Vec<u8>> = sizes.iter().enumerate().map(|(k, &size)| vec![k as u8; size]).collect();
    let bytes = written(&records, 7);
    let (whole, broken, cut) = fed(&bytes, 1000);
    assert_eq!((records.clone(), 0, None), (whole.iter().map(|(_, r)| r.clone()).collect(), broken, cut));

    for cut in (0..bytes.len()).step_by(97).chain(bytes.len() - 40..bytes.len()) {
        let (found, broken, _) = fed(&bytes[..cut], 4096);
        assert_eq!(whole[..found.len()], found[..]);
        assert_eq!(0, broken);
        let ends = |at: usize| whole.get(at).is_some_and(|(place, data)| *place as usize + data.len() + 7 * 5 <= cut);
        assert!(!ends(found.len()), "cut at {cut} loses a record");
    }
}

#[test]
fn a_wrong_byte_costs_one_record() {
    let records: Vec<Vec<u8>> = (0..6u8).map(|k| vec![k; 30]).collect();
    let bytes = written(&records, 7);
    for wrong in 7..bytes.len() {
        let mut changed = bytes.clone();
        changed[wrong] ^= 0x20;
        let lost = (wrong - 7) / 37;
        let (found, broken, cut) = fed(&changed, 100);
        let kept: Vec<usize> = found.iter().map(|(_, data)| usize::from(data[0])).collect();
        let expected: Vec<usize> = (0..6).filter(|&k| k != lost).collect();
        assert!(cut.is_none() || lost == 5);
        assert_eq!(expected, kept, "byte {wrong}");
        assert_eq!(u64::from(cut.is_none()), broken, "byte {wrong}");
    }
}

proptest! {
    #[test]
    fn pieces_change_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..2000), piece in 1usize..300) {
        let records: Vec<Vec<u8>> = bytes.chunks(97).map(|part| part.repeat(40)).collect();
        let mut log = written(&records, 7);
        log.extend(&bytes);
        prop_assert_eq!(fed(&log, 1 << 20), fed(&log, piece * 10));
    }
}
