//! Takes the compression off a feed: member after member, and all that can be had from damaged ones.

use std::io;

use crate::error::{Error, Kind, Result};
use crate::source::codec::{Begins, Codec, Damage, Harm, MAGIC, skippable};
use crate::source::engine::{Engine, State};
use crate::source::feed::{Feed, grow};

const CHUNK: usize = 64 << 10;

/// A feed of decompressed bytes. Damage is an end, not an error: what came before it is good.
pub(crate) struct Decoder {
    codec: Codec,
    input: Input,
    stage: Stage,
    damage: Option<Damage>,
}

enum Stage {
    Between,
    Within(Engine),
    Skipping(u64),
    Ended,
}

impl Decoder {
    pub(crate) fn new(codec: Codec, feed: Box<dyn Feed>) -> Self {
        Decoder { codec, input: Input::new(feed), stage: Stage::Between, damage: None }
    }

    /// At the start, or after a member: another one, the end, or something that should not be there.
    fn begin(&mut self) -> Result<Stage> {
        let next = self.input.peek(MAGIC)?;
        if next.is_empty() {
            return Ok(Stage::Ended);
        }
        if let Some(length) = skippable(next).filter(|_| self.codec.has_skippable_frames()) {
            return Ok(Stage::Skipping(length));
        }
        match self.codec.begins(next) {
            Begins::Yes => Ok(Stage::Within(Engine::new(self.codec, next)?)),
            Begins::Perhaps => Ok(self.end(Harm::Cut, "the end is missing")),
            Begins::No if next[0] == 0 => self.zeros(),
            Begins::No => Ok(self.end(Harm::Trailing, "something else follows the end")),
        }
    }

    /// Tapes and xz pad with zeros; between xz streams they are lawful.
    fn zeros(&mut self) -> Result<Stage> {
        let mut count = 0;
        loop {
            let next = self.input.peek(1)?;
            let zeros = next.iter().take_while(|&&b| b == 0).count();
            let over = zeros == 0;
            self.input.consume(zeros);
            count += zeros as u64;
            if over {
                break;
            }
        }
        let lawful = self.codec == Codec::Xz && count % 4 == 0;
        match (lawful, self.input.peek(1)?.is_empty()) {
            (true, _) => Ok(Stage::Between),
            (false, true) => Ok(self.end(Harm::Padding, "zeros follow the end")),
            (false, false) => Ok(self.end(Harm::Trailing, "something else follows the end")),
        }
    }

    fn skip(&mut self, length: u64) -> Result<Stage> {
        let here = self.input.peek(1)?.len();
        if here == 0 {
            return Ok(self.end(Harm::Cut, "the end is missing"));
        }
        let count = here.min(usize::try_from(length).unwrap_or(usize::MAX));
        self.input.consume(count);
        Ok(match length - count as u64 {
            0 => Stage::Between,
            left => Stage::Skipping(left),
        })
    }

    fn end(&mut self, harm: Harm, what: impl Into<String>) -> Stage {
        let what = what.into();
        self.damage = Some(Damage { codec: self.codec, harm, offset: self.input.consumed, what });
        Stage::Ended
    }
}

impl Feed for Decoder {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        loop {
            self.stage = match std::mem::replace(&mut self.stage, Stage::Ended) {
                Stage::Ended => return Ok(0),
                Stage::Between => self.begin()?,
                Stage::Skipping(length) => self.skip(length)?,
                Stage::Within(mut engine) => {
                    let step = engine.step(&mut self.input, into)?;
                    self.stage = match step.state {
                        State::Going => Stage::Within(engine),
                        State::Ended => Stage::Between,
                        State::Starved => self.end(Harm::Cut, "the end is missing"),
                        State::TooLarge(what) => self.end(Harm::TooLarge, what),
                        State::Broken(what) => self.end(Harm::Broken, what),
                    };
                    if step.made > 0 {
                        return Ok(step.made);
                    }
                    continue;
                }
            };
        }
    }

    fn damage(&self) -> Option<Damage> {
        self.damage.clone().or_else(|| self.input.feed.damage())
    }
}

/// Compressed bytes, buffered, and counted as they are used.
pub(crate) struct Input {
    feed: Box<dyn Feed>,
    held: Vec<u8>,
    at: usize,
    end: usize,
    pub(crate) consumed: u64,
    pub(crate) ended: bool,
    /// How many bytes a decoder asked for that found none.
    pub(crate) wanted: Option<usize>,
    /// An error that had to pass through a decoder which knows only the system's kind.
    pub(crate) failed: Option<Error>,
}

impl Input {
    fn new(feed: Box<dyn Feed>) -> Self {
        Input { feed, held: Vec::new(), at: 0, end: 0, consumed: 0, ended: false, wanted: None, failed: None }
    }

    /// Stands in while the real one is lent.
    pub(crate) fn nothing() -> Self {
        Input::new(Box::new(Nothing))
    }

    pub(crate) fn held(&self) -> &[u8] {
        &self.held[self.at..self.end]
    }

    pub(crate) fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.end);
        self.consumed += count as u64;
    }

    /// At least `count` bytes, or all that are left.
    fn peek(&mut self, count: usize) -> Result<&[u8]> {
        while self.held().len() < count && !self.ended {
            self.more()?;
        }
        Ok(self.held())
    }

    /// Reads on.
    pub(crate) fn more(&mut self) -> Result<()> {
        self.held.copy_within(self.at..self.end, 0);
        self.end -= self.at;
        self.at = 0;
        grow(&mut self.held, self.end + CHUNK / 2)?;
        let room = self.held.len().min(self.end + CHUNK);
        let count = self.feed.read(&mut self.held[self.end..room])?;
        self.end += count;
        self.ended = count == 0;
        Ok(())
    }
}

impl io::Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.held().is_empty() && !self.ended {
            self.more().map_err(|error| {
                self.failed = Some(error);
                io::Error::other("the input failed")
            })?;
        }
        if self.held().is_empty() {
            self.wanted = Some(into.len());
        }
        let count = into.len().min(self.held().len());
        into[..count].copy_from_slice(&self.held()[..count]);
        self.consume(count);
        Ok(count)
    }
}

struct Nothing;

impl Feed for Nothing {
    fn read(&mut self, _into: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
}

/// The decoder itself could not be made: memory.
pub(crate) fn no_decoder(codec: Codec, error: impl std::fmt::Display) -> Error {
    Error::new(Kind::Io(io::ErrorKind::OutOfMemory.into()), format!("no {codec} decoder: {error}"))
}
