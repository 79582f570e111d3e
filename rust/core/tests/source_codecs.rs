//! Compressed text reads as the plain text does, and of damaged files all that is whole, with the damage told.

#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};

use fastlogs_core::error::{Error, Kind};
use fastlogs_core::lines::lines;
use fastlogs_core::source::{Buffer, Codec, Damage, Encoding, Harm, Limits, Origin, open};
use proptest::prelude::*;

const CODECS: [Codec; 5] = [Codec::Gz, Codec::Zst, Codec::Xz, Codec::Bz2, Codec::Lz4];

fn compressed(codec: Codec, text: &[u8]) -> Vec<u8> {
    match codec {
        Codec::Plain => text.to_vec(),
        Codec::Gz => written(flate2::write::GzEncoder::new(Vec::new(), Default::default()), text, |e| e.finish()),
        Codec::Xz => written(liblzma::write::XzEncoder::new(Vec::new(), 1), text, |e| e.finish()),
        Codec::Bz2 => written(bzip2::write::BzEncoder::new(Vec::new(), Default::default()), text, |e| e.finish()),
        Codec::Zst => {
            let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
            encoder.include_checksum(true).unwrap();
            written(encoder, text, |e| e.finish())
        }
        Codec::Lz4 => {
            let about = lz4_flex::frame::FrameInfo::new().content_checksum(true);
            let encoder = lz4_flex::frame::FrameEncoder::with_frame_info(about, Vec::new());
            written(encoder, text, |e| e.finish())
        }
    }
}

fn written<E: Write, X: std::fmt::Debug>(
    mut encoder: E,
    text: &[u8],
    finish: impl Fn(E) -> Result<Vec<u8>, X>,
) -> Vec<u8> {
    encoder.write_all(text).unwrap();
    finish(encoder).unwrap()
}

struct Text {
    codec: Codec,
    lines: Vec<(u64, Vec<u8>)>,
    torn: u64,
    damage: Option<Damage>,
}

fn read_from(origin: Origin, block: usize) -> Result<Text, Error> {
    let opened = open(origin, "test", &Limits { head: 4096, ..Limits::default() })?;
    let codec = opened.codec;
    assert!(opened.plain.is_none());
    let (mut blocks, mut buffer) = (opened.blocks(block), Buffer::new());
    let mut out = Text { codec, lines: Vec::new(), torn: 0, damage: None };
    while blocks.next(&mut buffer)? {
        out.torn += buffer.lost.torn.count;
        out.lines.extend(lines(buffer.block()).map(|line| (line.offset, line.bytes().to_vec())));
    }
    out.damage = blocks.damage();
    Ok(out)
}

fn read(bytes: &[u8]) -> Text {
    read_from(Origin::Bytes(bytes.into()), 1000).unwrap()
}

/// Text that does not compress away, so that cuts fall everywhere.
fn text(count: usize) -> Vec<u8> {
    let line = |n: usize| format!("step {n} loss {}\n", (n as f64 * 0.7531).sin());
    (0..count).map(line).collect::<String>().into_bytes()
}

#[test]
fn every_codec_reads_as_plain_text_does() {
    for text in [text(0), text(1), text(5000), b"no end".to_vec(), b"\n".repeat(100_000)] {
        let plain = read(&text).lines;
        for codec in CODECS {
            let found = read(&compressed(codec, &text));

            assert_eq!((codec, &plain, None, 0), (found.codec, &found.lines, found.damage, found.torn));
        }
    }
}

#[test]
fn members_are_read_one_after_the_other() {
    let text = text(300);
    let plain = read(&text).lines;
    for codec in CODECS {
        let members: Vec<u8> = text.chunks(1234).chain([&b""[..]]).flat_map(|part| compressed(codec, part)).collect();
        let found = read(&members);

        assert_eq!((&plain, None), (&found.lines, found.damage), "{codec}");
    }
}

#[test]
fn frames_of_user_data_and_padding_are_passed_over() {
    let (note, text) = (b"\x53\x2a\x4d\x18\x05\0\0\0notes", text(50));
    let plain = read(&text).lines;
    for codec in [Codec::Zst, Codec::Lz4] {
        let whole = compressed(codec, &text);
        let found = read(&[note, &whole[..], note].concat());
        assert_eq!((&plain, None), (&found.lines, found.damage), "{codec}");

        let cut = read(&[&whole[..], &note[..11]].concat());
        assert_eq!((&plain, Harm::Cut), (&cut.lines, cut.damage.unwrap().harm), "{codec}");
    }
    let padded = [&compressed(Codec::Xz, &text)[..], &[0; 8], &compressed(Codec::Xz, b"more"), &[0; 4]].concat();
    let found = read(&padded);
    assert_eq!((51, None), (found.lines.len(), found.damage));
}

#[test]
fn old_lz4_frames_are_read_to_the_end_of_the_file() {
    let about = lz4_flex::frame::FrameInfo::new().legacy_frame(true);
    let encoder = lz4_flex::frame::FrameEncoder::with_frame_info(about, Vec::new());
    let text = text(500);
    let whole = written(encoder, &text, |e| e.finish());
    let found = read(&whole);

    assert_eq!((Codec::Lz4, 500, None), (found.codec, found.lines.len(), found.damage));
    assert_eq!(Harm::Cut, read(&whole[..whole.len() - 1]).damage.unwrap().harm);
}

/// Reads of a cut file are whole lines from its beginning, and the cut is told.
#[test]
fn every_cut_leaves_whole_lines_and_is_told() {
    let text = text(60);
    let plain = read(&text).lines;
    for codec in CODECS {
        let half = text.len() / 2 + 7;
        let members = [compressed(codec, &text[..half]), compressed(codec, &text[half..])];
        let between = members[0].len();
        let whole = members.concat();
        for cut in 4..whole.len() {
            let found = read(&whole[..cut]);

            assert_eq!(codec, found.codec);
            let harm = found.damage.map(|d| d.harm);
            if cut == between {
                // Nothing is missing from the first member, so its half line stands.
                assert_eq!(None, harm);
                continue;
            }
            assert_eq!(Some(Harm::Cut), harm, "{codec} cut at {cut}");
            assert_eq!(plain[..found.lines.len()], found.lines, "{codec} cut at {cut}");
            assert!(cut < between || found.lines.len() >= 28, "{codec} cut at {cut}: {}", found.lines.len());
        }
    }
}

#[test]
fn every_flipped_bit_is_told_or_harmless() {
    let text = text(60);
    let plain = read(&text).lines;
    for codec in CODECS {
        let whole = [compressed(codec, &text[..700]), compressed(codec, &text[700..])].concat();
        for (at, bit) in (0..whole.len()).flat_map(|at| [0, 3, 7].map(|bit| (at, bit))) {
            let mut broken = whole.clone();
            broken[at] ^= 1 << bit;
            let Ok(found) = read_from(Origin::Bytes(broken.into()), 1000) else { continue };

            if found.codec == codec && found.damage.is_none() {
                assert_eq!(plain, found.lines, "{codec} bit {bit} of byte {at}");
            }
        }
    }
}

#[test]
fn what_follows_the_end_is_told() {
    let text = b"step 1 loss 2\nstep 2 loss 1";
    for codec in CODECS {
        let garbage = read(&[&compressed(codec, text)[..], b"garbage"].concat());
        assert_eq!(
            (1, 1, Harm::Trailing),
            (garbage.lines.len(), garbage.torn, garbage.damage.unwrap().harm),
            "{codec}"
        );

        let zeros = read(&[&compressed(codec, text)[..], &[0; 513]].concat());
        assert_eq!((2, 0, Harm::Padding), (zeros.lines.len(), zeros.torn, zeros.damage.unwrap().harm), "{codec}");
    }
}

#[test]
fn bombs_burst_in_little_memory() {
    const SIZE: usize = 8 << 20;
    for (codec, byte, count) in CODECS.into_iter().flat_map(|c| [(c, 0, 1), (c, b'x', 2), (c, b'\r', SIZE + 1)]) {
        let bomb = [&vec![byte; SIZE][..], b"\nend"].concat();
        let opened = open(Origin::Bytes(compressed(codec, &bomb).into()), "t", &Limits::default()).unwrap();
        let (mut blocks, mut buffer) = (opened.blocks(1 << 18), Buffer::new());
        let (mut found, mut last) = (0, 0);
        while blocks.next(&mut buffer).unwrap() {
            found += lines(buffer.block()).inspect(|line| last = line.offset).count();
            assert!(buffer.capacity() <= (1 << 20) + (1 << 18), "{codec}: {}", buffer.capacity());
        }

        let blank = usize::from(byte == 0);
        assert_eq!((count + blank, SIZE as u64 + 1), (found, last), "{codec}");
    }
}

#[test]
fn windows_that_ask_for_too_much_memory_are_refused() {
    let mut zst = compressed(Codec::Zst, &text(20));
    assert_eq!(0, zst[4] & 0x20, "the frame states a window");
    zst[5] = 18 << 3;
    assert_eq!(Harm::TooLarge, read(&zst).damage.unwrap().harm);

    let mut xz = compressed(Codec::Xz, &text(20));
    let (header, size) = (12, (xz[12] as usize + 1) * 4);
    assert_eq!([0x21, 1], xz[header + 2..header + 4]);
    xz[header + 4] = 40;
    let mut crc = flate2::Crc::new();
    crc.update(&xz[header..header + size - 4]);
    xz[header + size - 4..header + size].copy_from_slice(&crc.sum().to_le_bytes());
    assert_eq!(Harm::TooLarge, read(&xz).damage.unwrap().harm);
}

#[test]
fn names_do_not_decide() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("log.gz"), folder.path().join("log.txt"));
    std::fs::write(&plain, text(10)).unwrap();
    std::fs::write(&packed, compressed(Codec::Zst, &text(10))).unwrap();

    assert_eq!(Codec::Plain, open(Origin::Path(plain), "p", &Limits::default()).unwrap().codec);
    assert_eq!(10, read_from(Origin::Path(packed), 100).unwrap().lines.len());
}

#[test]
fn archives_and_double_compression_are_refused_with_a_way_out() {
    let mut tar = vec![b'x'; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    for (bytes, hint) in [
        (tar.clone(), "tar -xf"),
        (compressed(Codec::Gz, &tar), "tar -xf"),
        (compressed(Codec::Xz, &compressed(Codec::Gz, b"x")), "gz inside xz"),
        (b"PK\x03\x04rest".to_vec(), "unzip"),
    ] {
        let Err(error) = read_from(Origin::Bytes(bytes.into()), 100) else { panic!("no error") };
        assert!(matches!(error.kind, Kind::Usage) && error.to_string().contains(hint), "{error}");
    }
}

#[test]
fn utf16_reads_as_utf8_does_compressed_or_not() {
    let text = "step 1 loss 2.5 é\r\nstep 2 loss 1.5 😀\nlast";
    let plain = read(text.as_bytes()).lines;
    let bytes = |order: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        mark.encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    };
    for mark in ["", "\u{feff}"] {
        for (stored, encoding) in
            [(bytes(u16::to_le_bytes, mark), Encoding::Utf16Le), (bytes(u16::to_be_bytes, mark), Encoding::Utf16Be)]
        {
            let opened = open(Origin::Bytes(stored.clone().into()), "t", &Limits::default()).unwrap();
            assert_eq!((encoding, text.as_bytes()), (opened.encoding, opened.head()));
            assert_eq!(plain, read(&stored).lines);
            assert_eq!(plain, read(&compressed(Codec::Gz, &stored)).lines);

            let half = read(&stored[..stored.len() - 1]);
            assert_eq!((&plain[..2], 1), (&half.lines[..], half.torn));
            assert_eq!(Harm::Cut, half.damage.unwrap().harm);
        }
    }
}

/// A reader that fails under the decoder is an error, not damage, and what came before it is given.
#[test]
fn a_failing_disk_is_not_mistaken_for_damage() {
    struct Failing(std::io::Cursor<Vec<u8>>);
    impl Read for Failing {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(into)? {
                0 => Err(std::io::Error::other("the disk is gone")),
                count => Ok(count),
            }
        }
    }
    for codec in CODECS {
        let half = compressed(codec, &text(3000));
        let failing = Failing(std::io::Cursor::new(half[..half.len() / 2].to_vec()));
        let opened = open(Origin::Reader(Box::new(failing)), "t", &Limits { head: 1, ..Limits::default() });
        let Ok(opened) = opened else { continue };
        let (mut blocks, mut buffer) = (opened.blocks(1000), Buffer::new());
        let error = loop {
            match blocks.next(&mut buffer) {
                Ok(true) => assert_eq!(Some(&b'\n'), buffer.block().bytes().last()),
                Ok(false) => panic!("the error was swallowed"),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("the disk is gone"), "{codec}: {error}");
    }
}

proptest! {
    #[test]
    fn any_bytes_after_a_magic_are_survived(which in 0usize..5, bytes in proptest::collection::vec(any::<u8>(), 0..300), keep in 0usize..60) {
        let mut hostile = compressed(CODECS[which], &text(20));
        hostile.truncate(keep.max(4));
        hostile.extend_from_slice(&bytes);
        if let Ok(found) = read_from(Origin::Bytes(hostile.into()), 100) {
            prop_assert!(found.damage.is_some() || found.codec == Codec::Plain || found.lines.len() <= 21);
        }
    }
}
