//! Cuts text into blocks of whole lines, in memory that no line and no hole can grow.
//!
//! What a line is depends on the bytes alone, never on how they come: `\n`, `\r\n` and `\r` end one, and so does
//! a *hole*, a long run of NULs (a sparse stretch, a log cut under its writer), which belongs to no line.

use memchr::memrchr2;

use crate::error::{Error, Result};
use crate::row::PAD;
use crate::source::buffer::{Buffer, Lost};
use crate::source::ends::{
    End, Knot, KnotKind, Rules, clip_point, first_end, first_knot, first_start, last_end, next_start,
};
use crate::source::feed::{Feed, grow, leading_zeros};

/// How much is read at once where nothing is kept of it.
const SKIM: usize = 256 << 10;

/// The lines of a feed that begin before a limit, block by block.
pub(crate) struct Cutter<F> {
    feed: F,
    rules: Rules,
    /// Read and not handed over; begins where a line does.
    pending: Vec<u8>,
    from: usize,
    /// Of the first pending byte, or of the next to be read.
    offset: u64,
    limit: u64,
    /// The feed begins one byte before the stretch asked for, perhaps within a line.
    seeking: bool,
    /// The pending text begins with, or holds, a hole or a line too long.
    knotted: bool,
    ended: bool,
    failed: Option<Error>,
    /// Holes jumped over and not told yet.
    holes: u64,
}

impl<F: Feed> Cutter<F> {
    pub(crate) fn new(feed: F, rules: Rules, offset: u64) -> Self {
        Cutter {
            feed,
            rules,
            pending: Vec::new(),
            from: 0,
            offset,
            limit: u64::MAX,
            seeking: false,
            knotted: false,
            ended: false,
            failed: None,
            holes: 0,
        }
    }

    /// So many holes stood before the feed's first byte.
    pub(crate) fn after_holes(mut self, holes: u64) -> Self {
        self.holes = holes;
        self
    }

    /// Only lines that begin before `limit`; with `seeking`, only those that begin after the feed's first byte.
    pub(crate) fn within(mut self, limit: u64, seeking: bool) -> Self {
        (self.limit, self.seeking) = (limit, seeking);
        self
    }

    pub(crate) fn into_feed(self) -> F {
        self.feed
    }

    pub(crate) fn feed(&self) -> &F {
        &self.feed
    }

    /// Fills the buffer with about `size` bytes of whole lines; false at the end. What was lost after the last line
    /// comes with an empty block, so that whoever looks at every block sees all of it.
    pub(crate) fn next(&mut self, size: usize, buffer: &mut Buffer) -> Result<bool> {
        buffer.clear();
        buffer.lost.holes = std::mem::take(&mut self.holes);
        let found = self.next_lines(size, buffer)?;
        if !found && buffer.lost != Lost::default() {
            buffer.close(0, 0, self.offset)?;
            return Ok(true);
        }
        Ok(found)
    }

    fn next_lines(&mut self, size: usize, buffer: &mut Buffer) -> Result<bool> {
        loop {
            if self.knotted && self.untie(buffer)? {
                return Ok(true);
            }
            if self.offset >= self.limit && !self.seeking {
                return Ok(false);
            }
            if let Some(found) = self.fill(size, buffer)? {
                return Ok(found);
            }
        }
    }

    /// Reads on and cuts; none when a knot must be untied first.
    fn fill(&mut self, size: usize, buffer: &mut Buffer) -> Result<Option<bool>> {
        let mut have = self.unload(buffer)?;
        let mut start = 0;
        let mut want = self.want(size);
        loop {
            have = self.read_to(want, have, buffer)?;
            if self.seeking {
                match self.seek(&buffer.data[..have])? {
                    Some(found) => start = found,
                    None if self.is_over() => return self.finish(),
                    None => {
                        have = self.unload(buffer)?;
                        want = self.want(size);
                        continue;
                    }
                }
            }
            let text = &buffer.data[start..have];
            let knot = first_knot(text, self.ended, self.rules);
            let Some(end) = self.cut(text, knot.as_ref()) else {
                want = have + have.clamp(1, SKIM / 4);
                continue;
            };
            self.knotted = knot.is_some();
            return self.hand_over(start, start + end, have, buffer);
        }
    }

    /// Moves what is pending to the buffer; gives how much that is.
    fn unload(&mut self, buffer: &mut Buffer) -> Result<usize> {
        let pending = &self.pending[self.from..];
        grow(&mut buffer.data, pending.len())?;
        buffer.data[..pending.len()].copy_from_slice(pending);
        let have = pending.len();
        self.pending.clear();
        self.from = 0;
        Ok(have)
    }

    /// How much text to have before cutting: up to the limit and a little more, which often has the last line's end.
    fn want(&self, size: usize) -> usize {
        let size = size.max(1);
        match self.limit {
            u64::MAX => size,
            limit => usize::try_from(limit.saturating_sub(self.offset)).unwrap_or(size) + (size / 16).clamp(1, 4096),
        }
    }

    /// Reads until there are `want` bytes, or no more. An error waits until what was read is handed over.
    fn read_to(&mut self, want: usize, mut have: usize, buffer: &mut Buffer) -> Result<usize> {
        if have < want {
            grow(&mut buffer.data, want + PAD)?;
        }
        while have < want && !self.ended {
            match self.feed.read(&mut buffer.data[have..want]) {
                Ok(0) => self.ended = true,
                Ok(count) => have += count,
                Err(error) => {
                    self.ended = true;
                    self.failed = Some(error);
                }
            }
        }
        Ok(have)
    }

    /// Where in a text that begins a byte before our stretch our first line begins. None: not here.
    fn seek(&mut self, text: &[u8]) -> Result<Option<usize>> {
        let before = match text.first() {
            Some(0) => self.feed.zeros_before(self.offset, self.rules.hole)?,
            _ => 0,
        };
        match first_start(text, before, self.ended, self.rules.hole) {
            Ok(start) => {
                self.seeking = false;
                self.offset += start as u64;
                Ok(Some(start))
            }
            Err(keep) => {
                self.pending.extend_from_slice(&text[keep..]);
                self.offset += keep as u64;
                Ok(None)
            }
        }
    }

    /// Whether no line of ours can come any more: one that begins at the limit has its end before it.
    fn is_over(&self) -> bool {
        self.ended || self.offset + self.pending.len() as u64 > self.limit
    }

    /// How much of a text to hand over: whole lines, none beyond a knot or the limit. None: read on.
    fn cut(&self, text: &[u8], knot: Option<&Knot>) -> Option<usize> {
        let bound = usize::try_from(self.limit - self.offset.min(self.limit)).unwrap_or(usize::MAX);
        let whole = match knot {
            Some(knot) => Some(knot.line),
            None if self.ended => Some(text.len()),
            None => None,
        };
        if bound < text.len() {
            let next = next_start(text, bound, self.ended);
            return next.map_or(whole, |next| Some(whole.map_or(next, |whole| whole.min(next))));
        }
        whole.or_else(|| last_end(text))
    }

    /// Gives `data[start..end]` away and keeps what follows; drops a last line whose end was lost.
    fn hand_over(&mut self, start: usize, end: usize, have: usize, buffer: &mut Buffer) -> Result<Option<bool>> {
        let offset = self.offset;
        self.pending.extend_from_slice(&buffer.data[end..have]);
        self.offset += (end - start) as u64;
        let at_end = self.ended && end == have;
        let kept = if at_end { self.drop_torn(start, end, buffer) } else { end };
        if kept == start {
            return if at_end { self.finish() } else { Ok(None) };
        }
        buffer.close(start, kept, offset)?;
        Ok(Some(true))
    }

    fn drop_torn(&self, start: usize, end: usize, buffer: &mut Buffer) -> usize {
        let text = &buffer.data[start..end];
        let whole = memrchr2(b'\n', b'\r', text).map_or(0, |at| at + 1);
        let torn = whole < text.len() && (self.failed.is_some() || self.feed.damage().is_some_and(|d| d.tears()));
        if !torn {
            return end;
        }
        buffer.lost.torn.note(self.offset - (text.len() - whole) as u64, &text[whole..]);
        start + whole
    }

    fn finish(&mut self) -> Result<Option<bool>> {
        (self.limit, self.seeking) = (0, false);
        match self.failed.take() {
            Some(error) => Err(error),
            None => Ok(Some(false)),
        }
    }

    /// Works on the pending text until it holds no knot, or gives a block of it.
    fn untie(&mut self, buffer: &mut Buffer) -> Result<bool> {
        while self.offset < self.limit {
            let text = &self.pending[self.from..];
            let Some(knot) = first_knot(text, self.ended, self.rules) else { break };
            match knot.kind {
                _ if knot.line > 0 => {
                    let end = self.cut(text, Some(&knot)).unwrap_or(knot.line);
                    self.give(end, buffer)?;
                    return Ok(true);
                }
                KnotKind::Hole { at } => self.jump(at, &mut buffer.lost)?,
                KnotKind::Long => {
                    self.clip(buffer)?;
                    return Ok(true);
                }
            }
        }
        self.knotted = false;
        Ok(false)
    }

    /// Gives the first pending bytes away.
    fn give(&mut self, count: usize, buffer: &mut Buffer) -> Result<()> {
        grow(&mut buffer.data, count + PAD)?;
        buffer.data[..count].copy_from_slice(&self.pending[self.from..self.from + count]);
        buffer.close(0, count, self.offset)?;
        self.advance(count);
        Ok(())
    }

    fn advance(&mut self, count: usize) {
        self.from += count;
        self.offset += count as u64;
        if self.from == self.pending.len() {
            self.pending.clear();
            self.from = 0;
        }
    }

    /// Reads on, behind what is pending.
    fn skim(&mut self) -> Result<()> {
        self.pending.drain(..self.from);
        self.from = 0;
        let had = self.pending.len();
        grow(&mut self.pending, had + SKIM)?;
        let read = self.feed.read(&mut self.pending[had..]);
        self.pending.truncate(had + read.as_ref().map_or(0, |&count| count));
        match read {
            Ok(count) => self.ended = count == 0,
            Err(error) => (self.ended, self.failed) = (true, Some(error)),
        }
        Ok(())
    }

    /// Drops the line that runs into the hole, and the hole.
    fn jump(&mut self, at: usize, lost: &mut Lost) -> Result<()> {
        if at > 0 {
            lost.torn.note(self.offset, &self.pending[self.from..self.from + at]);
        }
        lost.holes += 1;
        self.advance(at);
        self.drop_zeros()
    }

    fn drop_zeros(&mut self) -> Result<()> {
        while self.offset < self.limit {
            let zeros = leading_zeros(&self.pending[self.from..]);
            self.advance(zeros);
            if self.from < self.pending.len() || self.ended {
                break;
            }
            self.skim()?;
        }
        Ok(())
    }

    /// Gives the beginning of a line that is too long, and drops the rest of it.
    fn clip(&mut self, buffer: &mut Buffer) -> Result<()> {
        let line = &self.pending[self.from..self.from + self.rules.max_line];
        let kept = clip_point(line);
        grow(&mut buffer.data, kept + 1 + PAD)?;
        buffer.data[..kept].copy_from_slice(&line[..kept]);
        buffer.data[kept] = b'\n';
        buffer.lost.clipped.note(self.offset, &line[..kept]);
        buffer.close(0, kept + 1, self.offset)?;
        self.advance(self.rules.max_line);
        self.drop_line()
    }

    /// Drops the rest of a line. A hole that ends it is part of the rest: whoever owns the line need not look
    /// for its end beyond the limit, so the hole could not be counted alike by all.
    fn drop_line(&mut self) -> Result<()> {
        while self.offset < self.limit {
            let text = &self.pending[self.from..];
            match first_end(text, self.ended, self.rules.hole) {
                End::Line(next) => {
                    self.advance(next);
                    return Ok(());
                }
                End::Hole(at) => {
                    self.advance(at);
                    return self.drop_zeros();
                }
                End::Unknown(_) if self.ended => {
                    self.advance(text.len());
                    return Ok(());
                }
                End::Unknown(keep) => {
                    self.advance(keep);
                    self.skim()?;
                }
            }
        }
        Ok(())
    }
}
