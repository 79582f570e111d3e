//! Blocks and segments give the same lines whatever the sizes, and those an obvious reader would find.

#![allow(clippy::unwrap_used)]

use std::io::{self, Read, Write};
use std::sync::Arc;

use fastlogs_core::error::Kind;
use fastlogs_core::lines::lines;
use fastlogs_core::row::PAD;
use fastlogs_core::source::{Buffer, Limits, Lost, Opened, Origin, PlainFile, open};
use proptest::prelude::*;

const HOLE: usize = 256;

#[derive(Debug, Default, PartialEq, Eq)]
struct Text {
    lines: Vec<(u64, Vec<u8>)>,
    holes: u64,
    torn: u64,
    clipped: u64,
}

impl Text {
    fn take(&mut self, buffer: &Buffer) {
        let block = buffer.block();
        assert_eq!([0; PAD], block.data[block.len..][..PAD]);
        self.lines.extend(lines(block).map(|line| (line.offset, line.bytes().to_vec())));
    }

    fn count(&mut self, lost: &Lost) {
        self.holes += lost.holes;
        self.torn += lost.torn.count;
        self.clipped += lost.clipped.count;
    }
}

fn limits(max_line: usize, head: usize) -> Limits {
    Limits { max_line, head, ..Limits::default() }
}

fn sequential(opened: Opened, size: usize) -> Text {
    let (mut text, mut buffer) = (Text::default(), Buffer::new());
    let mut blocks = opened.blocks(size);
    while blocks.next(&mut buffer).unwrap() {
        text.take(&buffer);
        text.count(&buffer.lost);
    }
    assert_eq!(Lost::default(), buffer.lost);
    text
}

fn parallel(plain: &PlainFile, size: usize) -> Text {
    let (mut text, mut buffer) = (Text::default(), Buffer::new());
    for index in 0..plain.segments(size) {
        let mut segment = plain.segment(index, size);
        while segment.next(&mut buffer).unwrap() {
            text.take(&buffer);
            text.count(&buffer.lost);
            assert!(text.lines.last().is_none_or(|last| last.0 / (size as u64) <= index));
        }
        assert_eq!(Lost::default(), buffer.lost);
    }
    text
}

/// A byte at a time: holes first, then line ends, then what is too long.
fn obvious(bytes: &[u8], max_line: usize) -> Text {
    let mut text = Text::default();
    let mut at = 0;
    let mut line = 0;
    while at < bytes.len() {
        let zeros = bytes[at..].iter().take_while(|&&b| b == 0).count();
        if zeros >= HOLE {
            // A clipped line has its hole for an end.
            text.holes += u64::from(at - line <= max_line);
            if at > line {
                end_line(bytes, line, at, max_line, true, &mut text);
            }
            at += zeros;
            line = at;
        } else if bytes[at] == b'\n' || bytes[at] == b'\r' {
            end_line(bytes, line, at, max_line, false, &mut text);
            at += 1 + usize::from(bytes[at..].starts_with(b"\r\n"));
            line = at;
        } else {
            at += zeros.max(1);
        }
    }
    if line < bytes.len() {
        end_line(bytes, line, bytes.len(), max_line, false, &mut text);
    }
    text
}

fn end_line(bytes: &[u8], from: usize, to: usize, max_line: usize, torn: bool, text: &mut Text) {
    if to - from > max_line {
        text.clipped += 1;
        let head = &bytes[from..from + max_line];
        let blank = head.iter().rposition(|b| b" \t,;|".contains(b)).filter(|at| max_line - at <= HOLE);
        text.lines.push((from as u64, head[..blank.unwrap_or(max_line)].to_vec()));
    } else if torn {
        text.torn += 1;
    } else {
        text.lines.push((from as u64, bytes[from..to].to_vec()));
    }
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn path(file: &tempfile::NamedTempFile) -> Origin {
    Origin::Path(file.path().to_owned())
}

fn bytes(bytes: &[u8]) -> Origin {
    Origin::Bytes(bytes.into())
}

/// Text with everything that cuts it: ends of all kinds, holes and near holes, long lines.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => "[ab ,]{0,12}".prop_map(String::into_bytes),
        3 => Just(b"\n".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        1 => (HOLE - 2..HOLE + 3).prop_map(|count| vec![0; count]),
        1 => (1usize..700).prop_map(|count| vec![0; count]),
        1 => (20usize..400).prop_map(|count| vec![b'x'; count]),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn blocks_are_what_an_obvious_reader_finds(text in texts(), size in 1usize..900, max_line in 1usize..400, head in 1usize..600) {
        let limits = limits(max_line, head);

        prop_assert_eq!(obvious(&text, max_line), sequential(open(bytes(&text), "t", &limits).unwrap(), size));
    }

    #[test]
    fn segments_are_what_blocks_are(text in texts(), size in 1usize..900, max_line in 1usize..400) {
        let file = file(&text);
        let opened = open(path(&file), "t", &limits(max_line, 64)).unwrap();
        let expected = obvious(&text, max_line);
        if let Some(plain) = &opened.plain {
            prop_assert_eq!(&expected, &parallel(plain, size));
        }

        prop_assert_eq!(expected, sequential(opened, size));
    }

    #[test]
    fn how_bytes_come_changes_nothing(text in texts(), sizes in proptest::collection::vec(1usize..300, 1..6)) {
        struct Drip { text: Vec<u8>, at: usize, sizes: Vec<usize>, turn: usize }
        impl Read for Drip {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                self.turn += 1;
                if self.turn.is_multiple_of(3) {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                let step = self.sizes[self.turn % self.sizes.len()].min(into.len()).min(self.text.len() - self.at);
                into[..step].copy_from_slice(&self.text[self.at..][..step]);
                self.at += step;
                Ok(step)
            }
        }
        let expected = obvious(&text, 300);
        let drip = Drip { text, at: 0, sizes, turn: 0 };

        let opened = open(Origin::Reader(Box::new(drip)), "t", &limits(300, 100)).unwrap();

        prop_assert_eq!(expected, sequential(opened, 200));
    }
}

#[test]
fn a_byte_order_mark_counts_in_offsets_and_is_not_text() {
    let file = file(b"\xef\xbb\xbfstep\nnext");
    let opened = open(path(&file), "t", &Limits::default()).unwrap();
    let expected = vec![(3, b"step".to_vec()), (8, b"next".to_vec())];

    assert_eq!(b"step\nnext", opened.head());
    for size in 1..14 {
        assert_eq!(expected, parallel(opened.plain.as_ref().unwrap(), size).lines, "{size}");
    }
    assert_eq!(expected, sequential(opened, 4).lines);
}

#[test]
fn the_head_is_looked_at_and_read_again() {
    let text = b"step 1\n".repeat(100);
    let mut opened = open(bytes(&text), "t", &limits(1000, 10)).unwrap();

    assert_eq!(&text[..10], &opened.head()[..10]);
    assert_eq!(&text[..], opened.grow_head(1 << 20).unwrap());
    assert!(opened.grow_head(1 << 20).is_ok_and(|_| true) && opened.is_whole());
    assert_eq!(100, sequential(opened, 64).lines.len());
}

#[test]
fn a_hole_before_the_text_is_not_the_head() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(300 << 20).unwrap();
    io::Seek::seek(&mut file.as_file(), io::SeekFrom::End(0)).unwrap();
    file.as_file().write_all(b"step 1 loss 2.5\n").unwrap();
    let opened = open(path(&file), "t", &Limits::default()).unwrap();
    let expected = Text { lines: vec![(300 << 20, b"step 1 loss 2.5".to_vec())], holes: 1, ..Text::default() };

    assert_eq!(b"step 1 loss 2.5\n", opened.head());
    assert_eq!(expected, parallel(opened.plain.as_ref().unwrap(), 256 << 10));
    assert_eq!(expected, sequential(opened, 256 << 10));
}

#[test]
fn a_million_empty_lines_are_lines() {
    let text = vec![b'\n'; 1_000_000];

    assert_eq!(1_000_000, sequential(open(bytes(&text), "t", &Limits::default()).unwrap(), 1 << 16).lines.len());
}

#[test]
fn a_giant_line_costs_no_memory() {
    let giant = io::repeat(b'x').take(200 << 20).chain(&b" 1\nstep 2 loss 3\n"[..]);
    let opened = open(Origin::Reader(Box::new(giant)), "t", &Limits::default()).unwrap();
    let (mut blocks, mut buffer) = (opened.blocks(256 << 10), Buffer::new());
    let mut text = Text::default();
    let mut lines = Vec::new();
    while blocks.next(&mut buffer).unwrap() {
        text.count(&buffer.lost);
        lines.extend(fastlogs_core::lines::lines(buffer.block()).map(|line| (line.offset, line.bytes().len())));
        assert!(buffer.capacity() <= (1 << 20) + (256 << 10), "{}", buffer.capacity());
    }

    assert_eq!(vec![(0, 1 << 20), ((200 << 20) + 3, 13)], lines);
    assert_eq!(1, text.clipped);
}

#[test]
fn a_clipped_line_keeps_no_half_number() {
    let text = b"loss 1.25 loss 3.14159 loss 2\nnext";

    assert_eq!(b"loss 1.25 loss".to_vec(), sequential(open(bytes(text), "t", &limits(18, 9)).unwrap(), 99).lines[0].1);
}

/// Gives lines, and at the n-th read an error.
struct Failing {
    left: usize,
    at: usize,
    text: Arc<[u8]>,
}

impl Read for Failing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other("the disk is gone"));
        }
        self.left -= 1;
        let step = 5.min(into.len()).min(self.text.len() - self.at);
        into[..step].copy_from_slice(&self.text[self.at..][..step]);
        self.at += step;
        Ok(step)
    }
}

#[test]
fn the_nth_read_failing_gives_the_whole_lines_before_it_and_the_error() {
    let text: Arc<[u8]> = (0..20).map(|n| format!("step {n}\n")).collect::<String>().into_bytes().into();
    for (left, head, size) in (1..29).flat_map(|n| [(n, 1, 7), (n, 40, 30), (n, 1000, 1000)]) {
        let failing = Failing { left, at: 0, text: Arc::clone(&text) };
        let mut found = Text::default();
        let mut blocks = open(Origin::Reader(Box::new(failing)), "t", &limits(1000, head)).unwrap().blocks(size);
        let mut buffer = Buffer::new();
        let error = loop {
            match blocks.next(&mut buffer) {
                Ok(true) => found.take(&buffer),
                Ok(false) => panic!("the error was swallowed"),
                Err(error) => break error,
            }
        };

        let read = &text[..(left * 5).min(text.len())];
        let whole = read.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        assert_eq!(obvious(&read[..whole], 1000).lines, found.lines, "{left}");
        assert!(matches!(error.kind, Kind::Io(_)) && error.to_string().contains("the disk is gone"));
        assert!(!blocks.next(&mut buffer).unwrap());
    }
}

#[test]
fn a_source_that_fails_at_once_is_refused() {
    let failing = Failing { left: 0, at: 0, text: Arc::from(&b""[..]) };

    assert!(open(Origin::Reader(Box::new(failing)), "t", &Limits::default()).is_err());
}
