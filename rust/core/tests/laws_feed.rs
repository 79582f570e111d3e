//! Law 1 for the pipeline: block size, threads, pipe or file or compressed change nothing.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use fastlogs_core::lines::lines;
use fastlogs_core::number;
use fastlogs_core::row::{Block, Plan, Reader, Rows, slot_of};
use fastlogs_core::scan::feed::{Desk, Feed};
use fastlogs_core::source::{Limits, Origin, open};
use fastlogs_core::types::{Field, Holds, Keep, Naming, Shape, TRAIN};
use proptest::prelude::*;

/// Reads lines `<step> <loss>`: the smallest format there is.
struct Pairs {
    shape: Arc<Shape>,
}

impl Plan for Pairs {
    fn name(&self) -> &str {
        "pairs"
    }

    fn rules(&self) -> Vec<String> {
        vec!["pair".into()]
    }

    fn expects_step(&self) -> bool {
        true
    }

    fn splittable(&self) -> bool {
        true
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(PairReader { shape: Arc::clone(&self.shape) })
    }
}

struct PairReader {
    shape: Arc<Shape>,
}

impl Reader for PairReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        for line in lines(block) {
            rows.seen.lines += u64::from(line.physical_end);
            let Some((step, at)) = number::integer(line.data, line.start) else { continue };
            let Some((loss, end)) = number::decimal(line.data, at + 1) else { continue };
            if end != line.end {
                continue;
            }
            let shape = rows.shape(&self.shape);
            rows.begin(shape, line.offset).copy_from_slice(&[step as u64, slot_of(loss)]);
            rows.seen.claim(0);
        }
    }
}

fn plan() -> Arc<dyn Plan> {
    let fields = vec![Field::context(Holds::Step), Field::metric("loss", TRAIN, Naming::Stored, None)];
    let shape = Shape { rule: 0, kind: TRAIN.into(), keep: Keep::All, utc: false, guessed: false, fields };
    Arc::new(Pairs { shape: Arc::new(shape) })
}

/// What a feed gives: (offset, slots) of all rows, and the lines claimed.
fn fed(origin: Origin, threads: usize, block: usize) -> (Vec<(u64, Vec<u64>)>, u64, u64) {
    let stop = Arc::new(AtomicBool::new(false));
    let opened = open(origin, "test", &Limits { stop: Arc::clone(&stop), ..Limits::default() }).unwrap();
    let mut feed = Feed::new(opened, &plan(), threads, block, false, &stop, Desk::default());
    let (mut found, mut claimed, mut counted) = (Vec::new(), 0, 0);
    while feed
        .next(&mut |rows: &Rows| {
            found.extend(rows.heads.iter().map(|head| (head.offset, rows.slots_of(head).to_vec())));
            claimed += rows.seen.matched.first().copied().unwrap_or_default();
            counted += rows.seen.lines;
        })
        .unwrap()
    {}
    (found, claimed, counted)
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn log() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        4 => (0i64..1000, -50.0f64..50.0).prop_map(|(s, x)| format!("{s} {x}")),
        1 => "[a-z ]{0,30}",
        1 => Just(String::new()),
    ];
    let end = prop_oneof![5 => Just("\n"), 1 => Just("\r\n")];
    proptest::collection::vec((line, end), 0..80)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| (line + end).into_bytes()).collect())
}

proptest! {
    #[test]
    fn threads_blocks_and_pipes_change_nothing(bytes in log(), block in 1usize..300) {
        let plain = fed(Origin::Bytes(bytes.clone().into()), 1, 1 << 20);
        let kept = file(&bytes);
        prop_assert_eq!(&plain, &fed(Origin::Path(kept.path().into()), 1, block));
        prop_assert_eq!(&plain, &fed(Origin::Path(kept.path().into()), 3, block));
        prop_assert_eq!(&plain, &fed(Origin::Reader(Box::new(std::io::Cursor::new(bytes.clone()))), 3, block));
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(&bytes).unwrap();
        prop_assert_eq!(&plain, &fed(Origin::Bytes(gz.finish().unwrap().into()), 2, block));
    }
}

#[test]
fn a_feed_may_be_left_at_any_time() {
    let bytes: Vec<u8> = (0..20_000).flat_map(|k| format!("{k} 0.5\n").into_bytes()).collect();
    let kept = file(&bytes);
    for blocks in 0..8 {
        let stop = Arc::new(AtomicBool::new(false));
        let limits = Limits { stop: Arc::clone(&stop), ..Limits::default() };
        let origins = [Origin::Path(kept.path().into()), Origin::Reader(Box::new(std::io::Cursor::new(bytes.clone())))];
        for origin in origins {
            let mut feed =
                Feed::new(open(origin, "test", &limits).unwrap(), &plan(), 3, 1000, false, &stop, Desk::default());
            for _ in 0..blocks {
                feed.next(&mut |_| {}).unwrap();
            }
        }
    }
}
