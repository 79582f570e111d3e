//! Takes records out of a log of 32 KiB blocks, as LevelDB lays it out and W&B writes it.
//!
//! A block holds chunks, `checksum, length, kind, data`; a record is one chunk, or several that follow each other. A
//! chunk whose checksum is wrong is left out with its record, and the next whole one of its block is looked for.

use crate::checksum::crc32;
use crate::row::{Block, Tally};

/// A block; the first one begins with the file's own header.
const BLOCK: usize = 32 << 10;

/// Checksum, length, kind.
const HEADER: usize = 7;

/// Longer records are dropped: nobody logs such.
const MOST: usize = 64 << 20;

const WRONG: &[u8] = b"a chunk has a wrong checksum";
const NO_END: &[u8] = b"a record has no end";
const TOO_LONG: &[u8] = b"a record is too long";

/// See the module.
#[derive(Debug)]
pub struct Blocks {
    /// The block that is not whole yet, and its place.
    held: Vec<u8>,
    at: u64,
    /// Bytes before the first chunk.
    before: usize,
    /// A record whose last chunk is still to come, and its place.
    record: Option<(u64, Vec<u8>)>,
}

/// Where a chunk stands in its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Full,
    First,
    Middle,
    Last,
}

struct Chunk<'a> {
    part: Part,
    data: &'a [u8],
}

/// What stands at a place of a block.
enum Here<'a> {
    Chunk(Chunk<'a>),
    /// Nothing to the end of the block.
    Padding,
    /// It would go on behind the end of the block.
    Beyond,
    Broken,
}

/// Takes whole records.
pub type Take<'a> = &'a mut dyn FnMut(u64, &[u8]);

impl Blocks {
    /// Of a log whose own header is so long.
    pub fn after(header: usize) -> Blocks {
        Blocks { held: Vec::new(), at: 0, before: header, record: None }
    }

    /// Takes the next piece.
    pub fn feed(&mut self, block: Block<'_>, take: Take<'_>, broken: &mut Tally) {
        let mut bytes = block.bytes();
        while !bytes.is_empty() {
            let (taken, rest) = bytes.split_at(bytes.len().min(BLOCK - self.held.len()));
            self.held.extend_from_slice(taken);
            bytes = rest;
            if self.held.len() == BLOCK {
                self.whole(false, take, broken);
            }
        }
    }

    /// The source is at its end: where a record is cut off, if one is.
    pub fn finish(&mut self, take: Take<'_>, broken: &mut Tally) -> Option<u64> {
        let cut = self.whole(true, take, broken);
        self.record.take().map(|(at, _)| at).or(cut)
    }

    /// Takes the chunks of what is held; gives where the last one is cut off.
    fn whole(&mut self, last: bool, take: Take<'_>, broken: &mut Tally) -> Option<u64> {
        let held = std::mem::take(&mut self.held);
        let (mut at, place) = (std::mem::take(&mut self.before), self.at);
        self.at += held.len() as u64;
        let mut cut = None;
        while at < held.len() {
            match here(&held[at..], last) {
                Here::Padding => break,
                Here::Chunk(chunk) => {
                    self.chunk(place + at as u64, &chunk, take, broken);
                    at += HEADER + chunk.data.len();
                }
                wrong @ (Here::Beyond | Here::Broken) => {
                    let after = at + 1 + next(&held[at + 1..]);
                    // A length that is wrong has whole chunks behind it; the end that is still to come has none.
                    if last && after == held.len() && matches!(wrong, Here::Beyond) {
                        cut = Some(place + at as u64);
                        break;
                    }
                    broken.note(place + at as u64, WRONG);
                    self.record = None;
                    at = after;
                }
            }
        }
        self.held = held;
        self.held.clear();
        cut
    }

    fn chunk(&mut self, at: u64, chunk: &Chunk<'_>, take: Take<'_>, broken: &mut Tally) {
        let begins = matches!(chunk.part, Part::Full | Part::First);
        if let (true, Some((at, _))) = (begins, self.record.take_if(|_| begins)) {
            broken.note(at, NO_END);
        }
        match (chunk.part, &mut self.record) {
            (Part::Full, _) => take(at, chunk.data),
            (Part::First, record) => *record = Some((at, chunk.data.to_vec())),
            (Part::Middle | Part::Last, Some((at, record))) if record.len() + chunk.data.len() > MOST => {
                broken.note(*at, TOO_LONG);
                self.record = None;
            }
            (Part::Middle, Some((_, record))) => record.extend_from_slice(chunk.data),
            (Part::Last, Some((at, record))) => {
                record.extend_from_slice(chunk.data);
                take(*at, record);
                self.record = None;
            }
            // Its beginning was broken, and is counted.
            (Part::Middle | Part::Last, None) => {}
        }
    }
}

fn here(bytes: &[u8], last: bool) -> Here<'_> {
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else {
        return if last && bytes.iter().any(|&b| b != 0) { Here::Beyond } else { Here::Padding };
    };
    let length = usize::from(u16::from_le_bytes([header[4], header[5]]));
    let part = match header[6] {
        1 => Part::Full,
        2 => Part::First,
        3 => Part::Middle,
        4 => Part::Last,
        0 if header == &[0; HEADER] => return Here::Padding,
        _ => return Here::Broken,
    };
    let Some(data) = rest.get(..length) else { return Here::Beyond };
    let crc = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    if crc32([&header[6..], data]) == crc { Here::Chunk(Chunk { part, data }) } else { Here::Broken }
}

/// Where the next whole chunk of a block begins, or its end.
fn next(bytes: &[u8]) -> usize {
    (0..bytes.len()).find(|&at| matches!(here(&bytes[at..], false), Here::Chunk(_))).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests;
