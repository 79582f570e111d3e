//! A source that fails at its n-th read, for every n, once and for ever: the rows before it are the prefix's, the
//! failure is told, and nothing hangs.
#![allow(clippy::unwrap_used)]

mod reading;

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fastlogs_core::error::Kind;
use fastlogs_core::scan::request::Request;
use fastlogs_core::source::{Far, Origin};
use reading::{Value, long, rows, scan};

/// Gives so many bytes a read, and fails at one of them.
struct Failing {
    bytes: Cursor<Vec<u8>>,
    step: usize,
    reads: Arc<AtomicUsize>,
    fails_at: usize,
    for_ever: bool,
    kind: io::ErrorKind,
}

impl Read for Failing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let turn = self.reads.fetch_add(1, Ordering::SeqCst);
        if turn == self.fails_at || self.for_ever && turn > self.fails_at {
            return Err(io::Error::new(self.kind, "the disk is on fire"));
        }
        let len = into.len().min(self.step);
        self.bytes.read(&mut into[..len])
    }
}

impl Far for Failing {
    fn again(&self) -> Option<Box<dyn Far>> {
        None
    }
}

const STEP: usize = 997;

fn log() -> Vec<u8> {
    (0..400).flat_map(|k| format!("iter {k}: loss {k}.25, time 1.50ms, mfu 41.00%\n").into_bytes()).collect()
}

/// The values given before the failure, the failure, and how often the source was read.
fn failed(n: usize, for_ever: bool, kind: io::ErrorKind, request: Request) -> (Vec<Value>, Option<Kind>, usize) {
    let reads = Arc::new(AtomicUsize::new(0));
    let bytes = Cursor::new(log());
    let reader = Failing { bytes, step: STEP, reads: Arc::clone(&reads), fails_at: n, for_ever, kind };
    let mut found = Vec::new();
    let mut failure = None;
    let mut scan = scan(Origin::Reader(Box::new(reader)), request).unwrap();
    loop {
        match scan.next_batch() {
            Ok(Some(batch)) => found.extend(rows(&batch)),
            Ok(None) => break,
            Err(error) => {
                assert!(error.to_string().contains("the disk is on fire"), "{error}");
                failure = Some(error.kind);
                break;
            }
        }
    }
    // Whoever asks again gets an end or an error, not a panic, and not for ever.
    for _ in 0..3 {
        let _ = scan.next_batch();
    }
    drop(scan);
    (found, failure, reads.load(Ordering::SeqCst))
}

fn streaming(threads: usize) -> Request {
    Request { streaming: true, threads, block_bytes: 512, batch_rows: 10, ..long() }
}

#[test]
fn what_was_read_before_the_failure_is_given() {
    let text = log();
    let whole = reading::read(&text).0;
    let reads = text.len().div_ceil(STEP);
    for n in 0..=reads {
        for for_ever in [false, true] {
            for threads in [1, 3] {
                let (found, failure, _) = failed(n, for_ever, io::ErrorKind::Other, streaming(threads));

                assert!(matches!(failure, Some(Kind::Io(_))), "read {n}: {failure:?}");
                assert_eq!(whole[..found.len()], found, "read {n}");
                let before =
                    text[..(n * STEP).min(text.len())].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
                let expected = whole.iter().filter(|value| (value.offset as usize) < before).count();
                assert_eq!(expected, found.len(), "read {n} by {threads} threads, for ever: {for_ever}");
            }
        }
    }
}

#[test]
fn a_whole_table_is_not_made_of_a_part() {
    for n in [0, 1, 5, 15] {
        let (found, failure, _) =
            failed(n, false, io::ErrorKind::Other, Request { threads: 2, block_bytes: 512, ..long() });

        assert!(found.is_empty());
        assert!(matches!(failure, Some(Kind::Io(_))));
    }
}

#[test]
fn an_interrupted_read_is_tried_again() {
    let whole = reading::read(&log()).0;
    for n in [0, 1, 5, 20] {
        let (found, failure, reads) = failed(n, false, io::ErrorKind::Interrupted, streaming(1));

        assert!(failure.is_none());
        assert_eq!(whole, found);
        assert!(reads < 100);
    }
}

#[test]
fn one_failing_source_of_several_is_told_and_the_others_are_read() {
    use fastlogs_core::scan::Scan;
    use fastlogs_core::scan::request::{Control, Input};
    let input = |run: &str, origin| Input { run: run.into(), name: run.into(), origin };
    let bad = Failing {
        bytes: Cursor::new(log()),
        step: STEP,
        reads: Arc::default(),
        fails_at: 5,
        for_ever: true,
        kind: io::ErrorKind::Other,
    };
    let inputs = vec![
        input("a", Origin::Bytes(log().into())),
        input("b", Origin::Reader(Box::new(bad))),
        input("c", Origin::Bytes(log().into())),
    ];
    let request = Request { run_column: true, threads: 2, ..long() };
    let mut scan = Scan::open(inputs, request, Arc::new(Control::default())).unwrap();
    let mut found = 0;
    while let Some(batch) = scan.next_batch().unwrap() {
        found += batch.num_rows();
    }

    assert_eq!(2 * 400 * 3, found);
    let told: Vec<_> =
        scan.coverage().iter().map(|c| (c.run.as_str(), c.damage.contains("the disk is on fire"))).collect();
    assert_eq!(vec![("a", false), ("b", true), ("c", false)], told);
}

#[test]
fn a_far_source_that_breaks_off_is_one_that_was_cut() {
    let text = log();
    let whole = reading::read(&text).0;
    for n in 1..=text.len().div_ceil(STEP) {
        for (threads, streaming) in [(1, false), (3, false), (1, true)] {
            let (bytes, kind) = (Cursor::new(log()), io::ErrorKind::Other);
            let bad = Failing { bytes, step: STEP, reads: Arc::default(), fails_at: n, for_ever: true, kind };
            let request = Request { streaming, threads, block_bytes: 512, ..long() };
            let mut scan = scan(Origin::Far(Box::new(bad)), request).unwrap();
            let mut found = Vec::new();
            while let Some(batch) = scan.next_batch().unwrap() {
                found.extend(rows(&batch));
            }

            let before = text[..(n * STEP).min(text.len())].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
            let expected: Vec<_> = whole.iter().filter(|value| (value.offset as usize) < before).cloned().collect();
            assert_eq!(expected, found, "read {n} by {threads} threads");
            assert!(scan.coverage()[0].damage.contains("the disk is on fire; "), "{}", scan.coverage()[0].damage);
        }
    }
    let bad = Failing {
        bytes: Cursor::new(log()),
        step: STEP,
        reads: Arc::default(),
        fails_at: 0,
        for_ever: true,
        kind: io::ErrorKind::Other,
    };
    let opened = scan(Origin::Far(Box::new(bad)), long()).and_then(|mut scan| scan.next_batch().map(drop));
    assert!(matches!(opened.map_err(|error| error.kind), Err(Kind::Io(_))), "nothing came");
}
