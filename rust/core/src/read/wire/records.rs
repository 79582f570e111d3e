//! Takes TFRecords out of bytes that come in pieces: each as `length, checksum, data, checksum`.
//!
//! What lies whole in a piece is lent as it is; only what is cut by its end is copied. A record whose checksum is wrong
//! is left out, and the next one is looked for byte by byte: the checksum of a length says where it is.

use crate::checksum::{crc32c, masked, record_length};
use crate::row::{Block, Tally};

/// Length and its checksum.
pub const HEADER: usize = 12;

/// The checksum behind the data.
const FOOTER: usize = 4;

/// Longer records are no measurements: what a piece does not hold of them is passed over.
const MOST: usize = 8 << 20;

/// What such a record is, of which nothing else is known.
pub const LONG: u32 = u32::MAX;

/// What is told of a record whose checksum is wrong.
const WRONG: &[u8] = b"a record has a wrong checksum";
const NO_RECORD: &[u8] = b"no record begins here";

/// See the module.
#[derive(Debug, Default)]
pub struct Records {
    /// A record that goes on in the next piece, or less than the head of one.
    held: Vec<u8>,
    passing: Option<Passing>,
    /// The place of the first byte held, or of the record passed over.
    at: u64,
    /// The next record has to be looked for.
    lost: bool,
    headers: Headers,
}

/// Headers that were found right: most records are as long as one before them, and its header need not be summed again.
#[derive(Debug, Default)]
struct Headers {
    known: [Option<Header>; 32],
}

/// Length, and its checksum.
type Header = [u8; HEADER];

/// Where whole records go, and what asks whether one is worth waiting for.
pub trait Take {
    fn record(&mut self, offset: u64, data: &[u8]);

    /// What a record is that begins so, if it may be passed over; `size` is the length of its data.
    fn needless(&self, beginning: &[u8], size: usize) -> Option<u32>;

    /// A whole record that was passed over.
    fn passed(&mut self, what: u32);
}

/// A record that is passed over.
#[derive(Debug)]
struct Passing {
    what: u32,
    /// Bytes of data to come, and the checksum of those that came.
    left: u64,
    crc: u32,
    footer: Vec<u8>,
}

impl Passing {
    /// Takes what is its own of the bytes; gives how much that is, and at its end whether it was what was written.
    fn feed(&mut self, bytes: &[u8]) -> (usize, Option<bool>) {
        let data = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        self.crc = crc32c(self.crc, &bytes[..data]);
        self.left -= data as u64;
        let rest = &bytes[data..];
        let footer = if self.left > 0 { 0 } else { rest.len().min(FOOTER - self.footer.len()) };
        self.footer.extend_from_slice(&rest[..footer]);
        let whole = self.footer.first_chunk().map(|&crc| masked(self.crc) == u32::from_le_bytes(crc));
        (data + footer, whole)
    }
}

impl Headers {
    /// The length that a header states; none where it is none.
    #[inline]
    fn length(&mut self, header: &Header) -> Option<u64> {
        let length = u64::from_le_bytes(*header.first_chunk()?);
        let known = &mut self.known[length as usize % 32];
        if known.as_ref() != Some(header) {
            record_length(header)?;
            *known = Some(*header);
        }
        Some(length)
    }
}

/// What bytes begin with.
enum Frame {
    /// So many bytes, footer and all.
    Whole(usize),
    /// It would have so many bytes.
    Part(usize),
    /// A header that is none, or not yet.
    Short,
    NoHeader,
    /// Its data is not what was written.
    Broken,
}

impl Records {
    /// Takes the next piece.
    pub fn feed(&mut self, block: Block<'_>, take: &mut impl Take, broken: &mut Tally) {
        let bytes = block.bytes();
        let mut at = 0;
        while at < bytes.len() {
            if self.passing.is_some() {
                at += self.pass(&bytes[at..], take, broken);
            } else if !self.held.is_empty() {
                at += self.complete(&bytes[at..], take, broken);
            } else {
                let offset = block.offset + at as u64;
                let rest = self.walk(&bytes[at..], offset, take, broken);
                self.keep(&bytes[at + rest..], offset + rest as u64, take);
                return;
            }
        }
    }

    /// Passes over the bytes of a record; gives how many.
    fn pass(&mut self, bytes: &[u8], take: &mut impl Take, broken: &mut Tally) -> usize {
        let Some(passing) = &mut self.passing else { return 0 };
        let (taken, whole) = passing.feed(bytes);
        if let Some(whole) = whole {
            if whole {
                take.passed(passing.what);
            } else {
                broken.note(self.at, WRONG);
                self.lost = true;
            }
            self.passing = None;
        }
        taken
    }

    /// The source is at its end: where a record is cut off, if one is.
    pub fn finish(&mut self) -> Option<u64> {
        let cut = self.passing.is_some() || !self.held.is_empty() && !self.lost;
        (self.passing, self.lost) = (None, false);
        self.held.clear();
        cut.then_some(self.at)
    }

    /// Adds to what is held until something can be done with it; gives how many bytes it took.
    fn complete(&mut self, bytes: &[u8], take: &mut impl Take, broken: &mut Tally) -> usize {
        let wanted = match frame(&self.held, &mut self.headers) {
            // What is lost is looked for in all there is.
            _ if self.lost => usize::MAX,
            Frame::Part(size) => size - self.held.len(),
            Frame::Short => HEADER - self.held.len(),
            Frame::Whole(_) | Frame::NoHeader | Frame::Broken => 0,
        };
        let taken = wanted.min(bytes.len());
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(&bytes[..taken]);
        let (offset, rest) = (self.at, self.walk(&held, self.at, take, broken));
        if rest == held.len() {
            held.clear();
            self.held = held;
        } else {
            self.keep(&held[rest..], offset + rest as u64, take);
        }
        taken
    }

    /// Takes all whole records; gives where what is left of the bytes begins.
    fn walk(&mut self, bytes: &[u8], offset: u64, take: &mut impl Take, broken: &mut Tally) -> usize {
        let mut at = 0;
        loop {
            if self.lost {
                match found(&bytes[at..]) {
                    Ok(next) => at += next,
                    Err(kept) => return at + kept,
                }
                self.lost = false;
            }
            match frame(&bytes[at..], &mut self.headers) {
                Frame::Whole(size) => {
                    take.record(offset + at as u64, &bytes[at + HEADER..at + size - FOOTER]);
                    at += size;
                }
                Frame::Part(_) | Frame::Short => return at,
                Frame::NoHeader => {
                    broken.note(offset + at as u64, NO_RECORD);
                    self.lost = true;
                    at += 1;
                }
                // Its length may be right: but of two files end to end the first may have lost its end.
                Frame::Broken => {
                    broken.note(offset + at as u64, WRONG);
                    self.lost = true;
                    at += HEADER;
                }
            }
        }
    }

    /// Holds a beginning, or passes over what it is the beginning of.
    fn keep(&mut self, rest: &[u8], offset: u64, take: &mut impl Take) {
        self.at = offset;
        self.held.clear();
        if let (Frame::Part(size), false) = (frame(rest, &mut self.headers), self.lost) {
            let (data, footer) = rest[HEADER..].split_at((rest.len() - HEADER).min(size - HEADER - FOOTER));
            let needless = take.needless(data, size - HEADER - FOOTER);
            if let Some(what) = needless.or((size > MOST).then_some(LONG)) {
                let left = (size - HEADER - FOOTER - data.len()) as u64;
                self.passing = Some(Passing { what, left, crc: crc32c(0, data), footer: footer.to_vec() });
                return;
            }
        }
        self.held.extend_from_slice(rest);
    }
}

#[inline]
fn frame(bytes: &[u8], headers: &mut Headers) -> Frame {
    let Some(header) = bytes.first_chunk() else { return Frame::Short };
    let Some(length) = headers.length(header) else { return Frame::NoHeader };
    let Some(size) = usize::try_from(length).ok().and_then(|length| length.checked_add(HEADER + FOOTER)) else {
        return Frame::NoHeader;
    };
    let Some(record) = bytes.get(HEADER..size) else { return Frame::Part(size) };
    match record.split_last_chunk::<FOOTER>() {
        Some((data, crc)) if masked(crc32c(0, data)) == u32::from_le_bytes(*crc) => Frame::Whole(size),
        Some(_) | None => Frame::Broken,
    }
}

/// Where the next header is; else from where on to look again.
fn found(bytes: &[u8]) -> Result<usize, usize> {
    let last = (bytes.len() + 1).saturating_sub(HEADER);
    (0..last).find(|&at| record_length(&bytes[at..]).is_some()).ok_or(last)
}

#[cfg(test)]
mod tests;
