//! What every parser of bytes must hold on any bytes: one function a fuzz target, replayed by the gate.

use std::fmt::Debug;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow_array::{Array, Int64Array, RecordBatch};
use fastlogs_core::checksum::{crc32, crc32c, masked};
use fastlogs_core::config::settings;
use fastlogs_core::format::Format;
use fastlogs_core::grammar::Grammar;
use fastlogs_core::lines::{count_lines, lines, rewritten_lines};
use fastlogs_core::number::{decimal, integer, plain, quantity};
use fastlogs_core::pattern::{Cache, Found, Matcher, Tier, Wants};
use fastlogs_core::row::{Block, PAD};
use fastlogs_core::scan::Scan;
use fastlogs_core::scan::request::{Control, Input, Layout, Request, Restarts};
use fastlogs_core::source::{Buffer, Codec, Limits, Lost, Origin, open};
use fastlogs_core::text::{clean, is_dirty};
use fastlogs_core::time::{epoch, stamp};

/// A target by its name.
pub type Body = fn(&[u8]);

/// All targets, with whether one run takes long.
pub const TARGETS: [(&str, Body, bool); 18] = [
    ("blocks", blocks, false),
    ("codec", codec, false),
    ("config", config, false),
    ("csv", csv, true),
    ("dict", dict, true),
    ("format_toml", format_toml, true),
    ("generic", generic, true),
    ("json", json, true),
    ("jsonl", jsonl, true),
    ("number", number, false),
    ("quantity", any_quantity, false),
    ("rules", rules, true),
    ("scan", scan, true),
    ("text", text, false),
    ("tfevents", tfevents, true),
    ("tiers", tiers, true),
    ("time", time, false),
    ("wandb", wandb, true),
];

/// A file of settings, by the form that its first byte says: keys are unique and few.
pub fn config(data: &[u8]) {
    let Some((&first, text)) = data.split_first() else { return };
    let name = ["c.json", "c.yaml", "c.toml", "c.txt"][usize::from(first) % 4];
    let Ok(found) = settings(text, name) else { return };
    let keys: std::collections::HashSet<&String> = found.iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), found.len());
    assert!(found.len() <= text.len() * 100 && found.len() <= 10_000);
}

/// A pattern and a line, with a NUL between: all tiers agree.
pub fn tiers(data: &[u8]) {
    let Some(at) = data.iter().position(|&b| b == 0) else { return };
    let (Ok(pattern), line) = (std::str::from_utf8(&data[..at]), &data[at + 1..]) else { return };
    if pattern.len() > 200 || line.len() > 2000 {
        return;
    }
    let wants = |name: &str| match name.as_bytes().first() {
        Some(b'i') => Wants::Int,
        Some(b't') => Wants::Text,
        Some(b'q') => Wants::Quantity,
        Some(b's') => Wants::Stamp,
        Some(_) | None => Wants::Number,
    };
    let Ok(slowest) = Matcher::with_tier(pattern, wants, Tier::Regex) else { return };
    let expected = matched(&slowest, line);
    for tier in [Tier::Template, Tier::OnePass] {
        let matcher = Matcher::with_tier(pattern, wants, tier).expect("it compiled before");
        assert_eq!(expected, matched(&matcher, line), "{pattern:?} by {:?} on {:?}", matcher.tier(), shown(line));
    }
    // What every match contains is in this one.
    if expected.is_some() && !slowest.literals().is_empty() {
        let there = |literal: &Vec<u8>| line.windows(literal.len().max(1)).any(|window| window == &literal[..]);
        assert!(slowest.literals().iter().any(there), "{pattern:?} on {:?}", shown(line));
    }
}

type Match = (usize, usize, Vec<(u64, (u32, u32))>, u64);

fn matched(matcher: &Matcher, line: &[u8]) -> Option<Match> {
    let mut data = line.to_vec();
    data.resize(line.len() + PAD, 0);
    let (mut cache, mut found) = (Cache::default(), Found::default());
    matcher.read(&data, 0, line.len(), &mut cache, &mut found).then(|| {
        let values = found.slots.iter().copied().zip(found.spans.iter().copied()).collect();
        (found.start, found.end, values, found.bad)
    })
}

/// Two bytes of sizes, then a text: blocks of any size hold the same lines, and what is lost is told alike.
pub fn blocks(data: &[u8]) {
    let [size, most, text @ ..] = data else { return };
    let limits = Limits { max_line: 1 + 20 * usize::from(*most), ..Limits::default() };
    let whole = all_lines(text, 1 << 20, &limits);
    assert_eq!(whole, all_lines(text, 1 + usize::from(*size), &limits), "blocks of {size} of {:?}", shown(text));
    assert_eq!(whole, all_lines(text, 1 + 16 * usize::from(*size), &limits), "blocks of 16 x {size}");
}

#[derive(Debug, PartialEq)]
struct Lines {
    lines: Vec<(u64, Vec<u8>)>,
    count: u64,
    holes: u64,
    torn: u64,
    clipped: u64,
}

fn all_lines(text: &[u8], size: usize, limits: &Limits) -> Option<Lines> {
    let opened = open(Origin::Bytes(text.into()), "fuzz", limits).ok()?;
    let (mut blocks, mut buffer) = (opened.blocks(size), Buffer::new());
    let mut out = Lines { lines: Vec::new(), count: 0, holes: 0, torn: 0, clipped: 0 };
    let mut total = 0;
    loop {
        let more = blocks.next(&mut buffer).expect("bytes in memory never fail");
        out.holes += buffer.lost.holes;
        out.torn += buffer.lost.torn.count;
        out.clipped += buffer.lost.clipped.count;
        total += buffer.block().len;
        // What is compressed may be long: a good beginning says enough.
        if !more || total > 4 << 20 {
            return Some(out);
        }
        let block = buffer.block();
        assert!(block.data.len() >= block.len + PAD, "{} of {}", block.len, block.data.len());
        // A block without lines says what was lost before it.
        assert!(block.len > 0 || buffer.lost != Lost::default(), "an empty block at {}", block.offset);
        out.count += count_lines(block.bytes());
        out.lines.extend(lines(block).map(|line| (line.offset, line.bytes().to_vec())));
    }
}

/// A byte that chooses, then a text or what claims to be compressed: rows before the damage, and no panic.
pub fn codec(data: &[u8]) {
    let [how, rest @ ..] = data else { return };
    let codec = [Codec::Gz, Codec::Zst, Codec::Xz, Codec::Bz2, Codec::Lz4][usize::from(how % 5)];
    let limits = Limits { head: 1000, ..Limits::default() };
    all_lines(rest, 1000, &limits);
    let (changes, text) = rest.split_at(rest.len().min(8));
    let text = &text[..text.len().min(4096)];
    let mut packed = compressed(codec, text);
    let whole = all_lines(text, 1 << 20, &limits);
    // Archives are refused in different places: only what both read is compared.
    if let (Some(whole), Some(unpacked)) = (whole, all_lines(&packed, 777, &limits)) {
        assert!(Codec::sniff(text) != Codec::Plain || text.is_empty() || whole.lines == unpacked.lines);
    }
    for change in changes.chunks_exact(4) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % packed.len();
        match change[2] % 3 {
            0 => packed[at] ^= change[3],
            1 => packed.truncate(at.max(1)),
            _ => packed.insert(at, change[3]),
        }
    }
    all_lines(&packed, 777, &limits);
}

fn compressed(codec: Codec, text: &[u8]) -> Vec<u8> {
    fn written<W: Write, E: Debug>(mut out: W, text: &[u8], finish: impl Fn(W) -> Result<Vec<u8>, E>) -> Vec<u8> {
        out.write_all(text).expect("memory takes all");
        finish(out).expect("memory takes all")
    }
    match codec {
        Codec::Plain => text.to_vec(),
        Codec::Gz => {
            written(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()), text, |w| w.finish())
        }
        Codec::Xz => written(liblzma::write::XzEncoder::new(Vec::new(), 0), text, |w| w.finish()),
        Codec::Bz2 => {
            written(bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast()), text, |w| w.finish())
        }
        Codec::Zst => written(zstd::Encoder::new(Vec::new(), 1).expect("a level there is"), text, |w| w.finish()),
        Codec::Lz4 => written(lz4_flex::frame::FrameEncoder::new(Vec::new()), text, |w| w.finish()),
    }
}

/// A token: read as the standard library reads it, wherever it stands.
pub fn number(data: &[u8]) {
    let read = decimal(data, 0);
    let mut behind = b"7 ".to_vec();
    behind.extend_from_slice(data);
    let moved = decimal(&behind, 2).map(|(value, end)| (value.to_bits(), end - 2));
    assert_eq!(read.map(|(value, end)| (value.to_bits(), end)), moved, "{:?}", shown(data));
    if let Some((value, end)) = read {
        let text = std::str::from_utf8(&data[..end]).expect("digits are ASCII");
        let expected: f64 = text.parse().unwrap_or_else(|_| panic!("{text:?} is no number, read as {value}"));
        let same = expected.to_bits() == value.to_bits() || expected.is_nan() && value.is_nan();
        assert!(same, "{text:?} is {expected:?}, read as {value:?}");
        let goes_on = value.is_finite() && data.get(end).is_some_and(u8::is_ascii_digit);
        assert!(!goes_on, "{:?} ends in a number", shown(data));
    }
    if let Some((value, end)) = integer(data, 0) {
        let text = std::str::from_utf8(&data[..end]).expect("digits are ASCII");
        assert_eq!(Ok(value), text.parse(), "{text:?}");
    }
    if let Some(value) = plain(data) {
        assert!(read.is_some_and(|(other, end)| end == data.len() && other.to_bits() == value.to_bits()));
    }
}

/// A name and a token, with a NUL between: a quantity is never another number than the plain one.
pub fn any_quantity(data: &[u8]) {
    let at = data.iter().position(|&b| b == 0);
    let (name, token) = at.map_or((&b""[..], data), |at| (&data[..at], &data[at + 1..]));
    let Some(found) = quantity(token, name) else {
        assert!(plain(token).is_none(), "{:?} is a plain number", shown(token));
        return;
    };
    assert!(
        found.unit == b"s" || token.windows(found.unit.len().max(1)).any(|w| w == found.unit) || found.unit.is_empty()
    );
    if let Some(value) = plain(token) {
        assert!(found.unit.is_empty() && (value.to_bits() == found.value.to_bits() || value.is_nan()));
    }
    let padded = [b" ", token, b"\t"].concat();
    let again = quantity(&padded, name).expect("blanks around it change nothing");
    assert!(again.value.to_bits() == found.value.to_bits() || found.value.is_nan() && again.value.is_nan());
}

/// A time, anywhere in the bytes: found alike with and without what stands before it.
pub fn time(data: &[u8]) {
    for at in 0..=data.len().min(80) {
        let found = stamp(data, at);
        assert_eq!(found.map(|(s, end)| (s, end - at)), stamp(&data[at..], 0), "{:?} at {at}", shown(data));
        if let Some((_, end)) = found {
            assert!(end > at && end <= data.len() && !data.get(end).is_some_and(u8::is_ascii_digit));
        }
    }
    if let Some(bits) = data.first_chunk() {
        epoch(f64::from_bits(u64::from_le_bytes(*bits)));
    }
}

/// A line with terminal noise: clean afterwards, and cleaning it again changes nothing.
pub fn text(data: &[u8]) {
    let (mut once, mut twice) = (b"kept".to_vec(), Vec::new());
    clean(data, &mut once);
    assert!(once.starts_with(b"kept") && !is_dirty(&once[4..]) && once.len() <= data.len() + 4);
    clean(&once[4..], &mut twice);
    assert_eq!(once[4..], twice);
    let block = Block { data, len: data.len(), offset: 0 };
    let mut at = 0;
    for state in rewritten_lines(block) {
        assert!(state.start >= at && state.end >= state.start && state.end <= data.len());
        at = state.end;
    }
}

/// A format file: compiled, or refused with where it is wrong.
pub fn format_toml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = Format::from_toml(text, "fuzz.toml") {
        assert!(!error.to_string().is_empty());
    }
}

/// Whole sources: any bytes as they are.
pub fn scan(data: &[u8]) {
    read_alike(data, b"");
}

/// A document that goes on in any way: rows in a list, then columns that are read as a whole.
pub fn json(data: &[u8]) {
    let rows: String = (0..20).map(|k| format!("{{\"step\": {k}, \"loss\": {k}.5}},\n")).collect();
    read_alike(data, format!("{{\"best\": 1, \"log_history\": [\n{rows}").as_bytes());
    let text = [b"{\"loss\": {\"steps\": [1, 2], \"values\": [0.5, 0.25]}, ", data].concat();
    table(&text.into(), Layout::Wide, 37);
}

pub fn jsonl(data: &[u8]) {
    let head: String = (0..40)
        .map(|k| format!("{{\"step\": {k}, \"loss\": {k}.5, \"note\": \"a\", \"in\": {{\"x\": 1}}}}\n"))
        .collect();
    read_alike(data, head.as_bytes());
}

pub fn csv(data: &[u8]) {
    let head: String = (0..40).map(|k| format!("{k},{k}.5,text,\n")).collect();
    read_alike(data, ("step,loss,note,val\n".to_owned() + &head).as_bytes());
}

pub fn dict(data: &[u8]) {
    let head: String = (0..20).map(|k| format!("{{'loss': {k}.5, 'lr': 1e-05, 'epoch': {k}.0}}\n")).collect();
    read_alike(data, head.as_bytes());
}

pub fn generic(data: &[u8]) {
    let head: String =
        (1..40).map(|k| format!("[10:00:{:02}] it {k}/90 wobble={k}.25 torque: {k}ms\n", k % 60)).collect();
    read_alike(data, head.as_bytes());
}

/// Event files: any bytes behind whole records, and any bytes as a record's data, as a summary, as a value's tensor.
pub fn tfevents(data: &[u8]) {
    let mut head = tfrecord(b"\x09\0\0\0\0\0\0\xf8\x3f\x1a\x0dbrain.Event:2");
    for step in 0..10u8 {
        let value = [&b"\x0a\x04loss\x15"[..], &f32::from(step).to_le_bytes()].concat();
        let time = (1.7e9 + f64::from(step)).to_le_bytes();
        head.extend(tfrecord(&[&[9][..], &time, &[0x10, step], &message(5, &message(1, &value))].concat()));
    }
    read_alike(data, &head);
    let value = [&b"\x0a\x04loss"[..], &message(8, data)].concat();
    let made = [tfrecord(data), tfrecord(&message(5, data)), tfrecord(&message(5, &message(1, &value)))].concat();
    read_alike(&made, &head);

    let kind = message(9, &message(1, &message(1, b"histograms")));
    let value = |how: Vec<u8>| tfrecord(&message(5, &message(1, &[&b"\x0a\x01h"[..], &how].concat())));
    let histograms = [head, value(message(5, data)), value([message(8, data), kind].concat())].concat().into();
    let named = |block| table_by(Grammar::Named("tfevents_histograms".into()), &histograms, Layout::Long, block);
    assert!(named(37) == named(1 << 20), "blocks give other histograms of {:?}", shown(data));
}

fn tfrecord(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let crc = |bytes: &[u8]| masked(crc32c(0, bytes)).to_le_bytes();
    [&length[..], &crc(&length), data, &crc(data)].concat()
}

/// A field of bytes.
fn message(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut rest = bytes.len();
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
    out.extend(bytes);
    out
}

/// W&B run files: any bytes behind whole chunks, and any bytes as a record, and as the items of a history record.
pub fn wandb(data: &[u8]) {
    let data = &data[..data.len().min(8000)];
    let mut head = b":W&B\xe1\xbe\0".to_vec();
    for step in 0..10 {
        let item = [message(1, b"loss"), b"\x82\x01\x03".to_vec(), format!("{step}.5").into_bytes()].concat();
        head.extend(chunk(&message(2, &message(1, &item))));
    }
    read_alike(data, &head);
    let made = [chunk(data), chunk(&message(2, data)), chunk(&message(2, &message(1, data)))].concat();
    read_alike(&made, &head);
}

fn chunk(data: &[u8]) -> Vec<u8> {
    let crc = crc32([&[1], data]).to_le_bytes();
    [&crc[..], &(data.len() as u16).to_le_bytes(), &[1], data].concat()
}

/// Lines of a format with many rules, its bars and its envelopes.
pub fn rules(data: &[u8]) {
    let step =
        |k| format!("[rank0]: 2026-01-26 10:00:00,000 - a - INFO - Step: {k}, Loss: {k}.5\nFull step time {k}.5 ms\n");
    let head: String = (0..20).map(step).collect();
    read_alike(data, head.as_bytes());
}

/// Reads `head` with `data` behind it: alike in every size of block, and without losing the head's own rows.
fn read_alike(data: &[u8], head: &[u8]) {
    let bytes: Arc<[u8]> = [head, data].concat().into();
    let Some(whole) = table(&bytes, Layout::Long, 1 << 20) else { return };
    for block in [37, 4096] {
        let other = table(&bytes, Layout::Long, block).expect("it opened before");
        assert!(whole == other, "blocks of {block} give another table of {:?}", shown(data));
    }
    table(&bytes, Layout::Wide, 512);
    let rows: usize = whole.0.iter().map(RecordBatch::num_rows).sum();
    let alone = table(&head.into(), Layout::Long, 1 << 20).map_or((Vec::new(), String::new()), |t| (t.0, t.2));
    // The head was complete: the same format still finds as much in it.
    if alone.1 == whole.2 && !head.is_empty() {
        let before = |batch: &RecordBatch| {
            let offsets = batch.column_by_name("offset").and_then(|c| c.as_any().downcast_ref::<Int64Array>());
            offsets.map_or(0, |c| c.values().iter().filter(|&&offset| (offset as usize) < head.len()).count())
        };
        let (mine, theirs) = (alone.0.iter().map(before).sum::<usize>(), whole.0.iter().map(before).sum::<usize>());
        assert!(theirs >= mine, "{mine} values of the head, then {theirs} of {rows}, with {:?} behind it", shown(data));
    }
}

type Table = (Vec<RecordBatch>, Vec<(String, u64)>, String);

fn table(bytes: &Arc<[u8]>, layout: Layout, block_bytes: usize) -> Option<Table> {
    table_by(Grammar::Detect, bytes, layout, block_bytes)
}

fn table_by(grammar: Grammar, bytes: &Arc<[u8]>, layout: Layout, block_bytes: usize) -> Option<Table> {
    let input = Input { run: String::new(), name: "fuzz".into(), origin: Origin::Bytes(Arc::clone(bytes)) };
    let request = Request {
        grammar,
        layout,
        restarts: Restarts::Keep,
        threads: 1,
        block_bytes,
        max_line: 4096,
        ..Request::default()
    };
    let control = Arc::new(Control::default());
    let mut scan = Scan::open(vec![input], request, Arc::clone(&control)).ok()?;
    let mut batches = Vec::new();
    while let Some(batch) = scan.next_batch().ok()? {
        batches.push(batch);
    }
    assert!(!control.stop.load(Ordering::Relaxed));
    let told = scan.coverage().first()?;
    let counts = [
        ("lines", told.lines),
        ("near", told.near_misses.count),
        ("bad", told.bad_values.count),
        ("clipped", told.clipped.count),
        ("repeated", told.repeated),
        ("holes", told.holes),
        ("rows", told.rows),
        ("resumes", told.resumes + told.new_starts),
    ];
    Some((batches, counts.map(|(name, count)| (name.to_owned(), count)).to_vec(), told.format.clone()))
}

fn shown(data: &[u8]) -> String {
    data.escape_ascii().to_string()
}
