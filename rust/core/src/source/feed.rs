//! Bytes in order, whatever gives them; and the reader that gives some of them twice.

use crate::error::{Error, Kind, Result};
use crate::source::codec::Damage;

/// How much is read between two looks at the stop flag.
pub(crate) const STRIDE: usize = 1 << 20;

/// Memory of what was held and read that is not given back at once.
const KEPT: usize = 256 << 10;

/// The least that is read at once.
const STEP: usize = 64 << 10;

/// Bytes in order. The layers (input, codec, encoding) are feeds of feeds.
pub(crate) trait Feed: Send {
    /// Reads some bytes; none only at the end.
    fn read(&mut self, into: &mut [u8]) -> Result<usize>;

    /// How many bytes are left, where that is known.
    fn left(&self) -> Option<u64> {
        None
    }

    /// Asked at the end: whether this was the end that was meant.
    fn damage(&self) -> Option<Damage> {
        None
    }

    /// Characters that stood for none and were replaced.
    fn replaced(&self) -> u64 {
        0
    }

    /// How many NULs, at most `enough`, stand right before `offset`.
    fn zeros_before(&self, _offset: u64, _enough: usize) -> Result<usize> {
        Ok(0)
    }
}

/// A feed whose first bytes can be looked at before they are read.
pub(crate) struct Replay {
    feed: Box<dyn Feed>,
    held: Vec<u8>,
    at: usize,
    ended: bool,
    /// Why the feed stopped; told once what was read before is read again.
    failed: Option<Error>,
}

impl Replay {
    pub(crate) fn new(feed: Box<dyn Feed>) -> Self {
        Replay { feed, held: Vec::new(), at: 0, ended: false, failed: None }
    }

    /// The same in memory that is there already.
    pub(crate) fn within(self, mut memory: Vec<u8>) -> Self {
        memory.clear();
        Replay { held: memory, ..self }
    }

    pub(crate) fn memory(self) -> Vec<u8> {
        self.held
    }

    /// The next `count` bytes, or all there are.
    pub(crate) fn peek(&mut self, count: usize) -> Result<&[u8]> {
        while self.held().len() < count && !self.ended && self.failed.is_none() {
            self.hold_more(count - self.held().len())?;
        }
        match self.failed.take() {
            Some(error) if self.held().is_empty() || matches!(error.kind, Kind::Cancelled) => Err(error),
            failed => {
                self.failed = failed;
                Ok(self.held())
            }
        }
    }

    /// What [`peek`](Self::peek) has brought in and nobody has read.
    pub(crate) fn held(&self) -> &[u8] {
        &self.held[self.at..]
    }

    /// Whether nothing comes after what is held.
    pub(crate) fn is_whole(&self) -> bool {
        self.ended && self.failed.is_none()
    }

    /// Forgets bytes that are held.
    pub(crate) fn skip(&mut self, count: usize) {
        self.at = (self.at + count).min(self.held.len());
        if self.at == self.held.len() {
            self.held.clear();
            self.at = 0;
            if self.held.capacity() > KEPT {
                self.held = Vec::new();
            }
        }
    }

    /// Forgets the run of zeros that comes next if it is so long; gives its length.
    pub(crate) fn skip_zeros(&mut self, least: usize) -> Result<u64> {
        if leading_zeros(self.peek(least)?) < least {
            return Ok(0);
        }
        let mut skipped = 0;
        loop {
            let held = self.peek(1)?.len();
            let zeros = leading_zeros(self.held());
            self.skip(zeros);
            skipped += zeros as u64;
            if zeros < held || held == 0 {
                return Ok(skipped);
            }
        }
    }

    fn hold_more(&mut self, wanted: usize) -> Result<()> {
        let left = self.feed.left().map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        let step = wanted.max(STEP).min(left.max(1)).min(STRIDE);
        let had = self.held.len();
        grow(&mut self.held, had + step)?;
        match self.feed.read(&mut self.held[had..]) {
            Ok(count) => {
                self.held.truncate(had + count);
                self.ended = count == 0;
            }
            Err(error) => {
                self.held.truncate(had);
                self.failed = Some(error);
            }
        }
        Ok(())
    }
}

impl Feed for Replay {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let count = into.len().min(self.held().len());
        if count > 0 {
            into[..count].copy_from_slice(&self.held[self.at..self.at + count]);
            self.skip(count);
            return Ok(count);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None if self.ended => Ok(0),
            None => self.feed.read(into),
        }
    }

    fn left(&self) -> Option<u64> {
        self.feed.left().map(|left| left + self.held().len() as u64)
    }

    fn damage(&self) -> Option<Damage> {
        self.feed.damage()
    }

    fn replaced(&self) -> u64 {
        self.feed.replaced()
    }
}

/// How many zeros the bytes begin with.
pub(crate) fn leading_zeros(bytes: &[u8]) -> usize {
    let whole = bytes.chunks_exact(64).take_while(|chunk| chunk.iter().fold(0, |all, b| all | b) == 0).count() * 64;
    whole + bytes[whole..].iter().take_while(|&&b| b == 0).count()
}

/// Lengthens a vector by zeros; too little memory is an error, not an abort.
pub(crate) fn grow(bytes: &mut Vec<u8>, len: usize) -> Result<()> {
    let more = len.saturating_sub(bytes.len());
    let full =
        |_| Error::new(Kind::Io(std::io::ErrorKind::OutOfMemory.into()), "not enough memory for a block of text");
    bytes.try_reserve_exact(more).map_err(full)?;
    bytes.resize(len.max(bytes.len()), 0);
    Ok(())
}
