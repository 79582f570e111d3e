//! Where bytes come from: files, pipes, open readers; compressed or not, UTF-8 or UTF-16; read in blocks of whole lines.
//!
//! A source never parses. What it gives is *text*: decompressed, UTF-8 (or bytes that claim to be), whole lines.
//! Offsets count bytes of the decompressed source; of UTF-16 they count the text after it became UTF-8.

mod buffer;
mod codec;
mod cut;
mod decode;
mod discover;
mod encoding;
mod ends;
mod engine;
mod feed;
mod folder;
mod gather;
mod look;
mod open;
mod order;
mod segment;
mod small;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use buffer::{Buffer, Lost};
pub use codec::{Codec, Damage, Harm};
pub use discover::{Found, expand, matches};
pub use encoding::Encoding;
pub use gather::bytes_below;
pub use look::looks;
pub use open::{Far, Origin};
pub use order::natural;
pub use segment::{PlainFile, Segment};
pub use small::bytes_of;

use crate::error::{Error, Result};
use cut::Cutter;
use decode::Decoder;
use encoding::Transcoder;
use ends::{HOLE, Rules};
use feed::{Feed, Replay};

/// How far [`Opened::grow_head`] goes.
pub const HEAD_MOST: usize = 4 << 20;

/// Enough to tell a codec, an archive and an encoding.
const SNIFF: usize = 4 << 10;

/// What reading may cost, and who may stop it.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Lines longer than this are clipped.
    pub max_line: usize,
    /// How much text [`Opened::head`] shows.
    pub head: usize,
    /// Set by anyone, looked at between reads: then reading ends with [`Kind::Cancelled`](crate::error::Kind).
    pub stop: Arc<AtomicBool>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_line: 1 << 20, head: 1 << 20, stop: Arc::default() }
    }
}

/// A source whose beginning is known.
pub struct Opened {
    pub name: Arc<str>,
    pub codec: Codec,
    pub encoding: Encoding,
    /// Bytes as stored; only a hint.
    pub size: Option<u64>,
    /// The same text for many threads, where that is possible.
    pub plain: Option<PlainFile>,
    text: Replay,
    /// Of the first byte of `text`: behind a byte order mark, and behind a hole.
    start: u64,
    holes: u64,
    rules: Rules,
}

/// Opens a source and reads its beginning.
///
/// ```
/// use fastlogs_core::source::{Buffer, Limits, Origin, open};
/// let bytes: &[u8] = b"step 1\nstep 2";
/// let opened = open(Origin::Bytes(bytes.into()), "demo", &Limits::default())?;
/// assert_eq!(bytes, opened.head());
///
/// let (mut blocks, mut buffer) = (opened.blocks(4), Buffer::new());
/// assert!(blocks.next(&mut buffer)?);
/// assert_eq!(b"step 1\n", buffer.block().bytes());
/// # Ok::<(), fastlogs_core::error::Error>(())
/// ```
pub fn open(origin: Origin, name: &str, limits: &Limits) -> Result<Opened> {
    open_within(Vec::new(), origin, name, limits)
}

/// The same in memory that [`Blocks::memory`] gave back.
pub fn open_within(memory: Vec<u8>, origin: Origin, name: &str, limits: &Limits) -> Result<Opened> {
    let name: Arc<str> = name.into();
    let raw = open::open(origin, &name, &limits.stop)?;
    let mut stored = Replay::new(raw.feed).within(memory);
    let named = |error: Error| if error.place.is_none() { error.at(&*name) } else { error };

    let codec = Codec::sniff(stored.peek(SNIFF)?);
    let mut bytes = decompressed(stored, codec);
    codec::refuse_archives(bytes.peek(SNIFF)?, codec).map_err(named)?;

    let (encoding, mark) = Encoding::sniff(bytes.peek(SNIFF)?);
    bytes.skip(mark);
    let (mut text, start) = transcoded(bytes, encoding, mark);
    let hole = if encoding == Encoding::Binary { 0 } else { text.skip_zeros(HOLE)? };
    text.peek(limits.head)?;

    let rules = Rules { max_line: limits.max_line.max(1), hole: HOLE };
    let is_plain = (codec, encoding) == (Codec::Plain, Encoding::Utf8);
    let plain = raw.file.filter(|_| is_plain).map(|file| PlainFile::new(file, rules, start));
    Ok(Opened {
        name,
        codec,
        encoding,
        size: raw.size,
        plain,
        text,
        start: start + hole,
        holes: u64::from(hole > 0),
        rules,
    })
}

fn decompressed(stored: Replay, codec: Codec) -> Replay {
    match codec {
        Codec::Plain => stored,
        Codec::Gz | Codec::Zst | Codec::Xz | Codec::Bz2 | Codec::Lz4 => {
            Replay::new(Box::new(Decoder::new(codec, Box::new(stored))))
        }
    }
}

fn transcoded(bytes: Replay, encoding: Encoding, mark: usize) -> (Replay, u64) {
    match encoding {
        Encoding::Utf8 | Encoding::Binary => (bytes, mark as u64),
        Encoding::Utf16Le | Encoding::Utf16Be => (Replay::new(Box::new(Transcoder::new(Box::new(bytes), encoding))), 0),
    }
}

impl Opened {
    /// The beginning of the text; a hole that stands before it is left out.
    pub fn head(&self) -> &[u8] {
        self.text.held()
    }

    /// Whether the head is the whole text.
    pub fn is_whole(&self) -> bool {
        self.text.is_whole()
    }

    /// Makes the head up to `count` bytes long, at most [`HEAD_MOST`].
    pub fn grow_head(&mut self, count: usize) -> Result<&[u8]> {
        self.text.peek(count.min(HEAD_MOST))
    }

    /// Lets a line be longer before it is clipped.
    pub fn allow(&mut self, longest_line: usize) {
        self.rules.max_line = self.rules.max_line.max(longest_line);
    }

    /// Reads the text from its beginning, in blocks of about that many bytes.
    pub fn blocks(self, block_bytes: usize) -> Blocks {
        let cut = match self.encoding {
            Encoding::Binary => Cut::Pieces(Pieces { feed: self.text, at: 0, failed: None }),
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => {
                Cut::Lines(Cutter::new(self.text, self.rules, self.start).after_holes(self.holes))
            }
        };
        Blocks { cut, size: block_bytes }
    }
}

/// A source, block by block, in order: whole lines of text; of records as many bytes as there are.
pub struct Blocks {
    cut: Cut,
    size: usize,
}

enum Cut {
    Lines(Cutter<Replay>),
    Pieces(Pieces),
}

/// Bytes that have no lines.
struct Pieces {
    feed: Replay,
    at: u64,
    /// Why no more come; told when the bytes before are handed over.
    failed: Option<Error>,
}

impl Pieces {
    fn next(&mut self, size: usize, buffer: &mut Buffer) -> Result<bool> {
        buffer.clear();
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let (count, failed) = buffer.fill(size.max(1), self.at, &mut self.feed)?;
        self.at += count as u64;
        match failed {
            Some(error) if count == 0 => Err(error),
            failed => {
                self.failed = failed;
                Ok(count > 0)
            }
        }
    }
}

impl Blocks {
    /// Fills the buffer with whole lines; false at the end. After an error what came before it has been given.
    pub fn next(&mut self, buffer: &mut Buffer) -> Result<bool> {
        match &mut self.cut {
            Cut::Lines(cutter) => cutter.next(self.size, buffer),
            Cut::Pieces(pieces) => pieces.next(self.size, buffer),
        }
    }

    /// What held the beginning, to be used again.
    pub fn memory(self) -> Vec<u8> {
        match self.cut {
            Cut::Lines(cutter) => cutter.into_feed().memory(),
            Cut::Pieces(pieces) => pieces.feed.memory(),
        }
    }

    /// Asked at the end: what was wrong with the source.
    pub fn damage(&self) -> Option<Damage> {
        match &self.cut {
            Cut::Lines(cutter) => cutter.feed().damage(),
            Cut::Pieces(pieces) => pieces.feed.damage(),
        }
    }

    /// Asked at the end: how many characters were none.
    pub fn replaced(&self) -> u64 {
        match &self.cut {
            Cut::Lines(cutter) => cutter.feed().replaced(),
            Cut::Pieces(pieces) => pieces.feed.replaced(),
        }
    }
}
