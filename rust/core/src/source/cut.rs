//! Cuts text into blocks of whole lines, in memory that no line and no hole can grow.
//!
//! What a line is depends on the bytes alone, never on how they come: `\n`, `\r\n` and `\r` end one, and so does
//! a *hole*, a long run of NULs (a sparse stretch, a log cut under its writer), which belongs to no line.

use memchr::{memchr2, memrchr, memrchr2};

use crate::error::{Error, Result};
use crate::row::{Block, PAD, Tally};
use crate::source::feed::{Feed, grow, leading_zeros};

/// From how many NULs on a run of them is a hole. Shorter ones are left in the line.
pub(crate) const HOLE: usize = 256;

/// How much is read at once where nothing is kept of it.
const SKIM: usize = 256 << 10;

/// The end of a number is looked for this far back from where a long line is clipped.
const TOKEN: usize = 256;

/// What a buffer's stretch of text had that its block does not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lost {
    /// Holes jumped over.
    pub holes: u64,
    /// Lines whose end is missing (a hole, damage), dropped: half a number would be a wrong one.
    pub torn: Tally,
    /// Lines longer than the limit, of which the block has the beginning.
    pub clipped: Tally,
}

/// A block's memory, to be used again and again.
#[derive(Debug, Default)]
pub struct Buffer {
    data: Vec<u8>,
    start: usize,
    len: usize,
    offset: u64,
    /// Valid also when there was no block any more.
    pub lost: Lost,
}

impl Buffer {
    pub fn new() -> Self {
        Buffer::default()
    }

    pub fn block(&self) -> Block<'_> {
        Block { data: self.data.get(self.start..).unwrap_or_default(), len: self.len, offset: self.offset }
    }

    /// How much memory it holds.
    pub fn capacity(&self) -> usize {
        self.data.capacity()
    }

    fn clear(&mut self) {
        (self.start, self.len) = (0, 0);
        self.lost = Lost::default();
    }

    /// Hands over `data[start..end]`.
    fn close(&mut self, start: usize, end: usize, offset: u64) -> Result<()> {
        grow(&mut self.data, end + PAD)?;
        self.data[end..end + PAD].fill(0);
        (self.start, self.len, self.offset) = (start, end - start, offset);
        Ok(())
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) max_line: usize,
    pub(crate) hole: usize,
}

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

/// The first thing in a text that cannot be handed over as it is, and where its line begins.
#[derive(Debug, PartialEq, Eq)]
struct Knot {
    line: usize,
    kind: KnotKind,
}

#[derive(Debug, PartialEq, Eq)]
enum KnotKind {
    Hole { at: usize },
    Long,
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

    pub(crate) fn feed(&self) -> &F {
        &self.feed
    }

    /// Fills the buffer with about `size` bytes of whole lines; false at the end.
    pub(crate) fn next(&mut self, size: usize, buffer: &mut Buffer) -> Result<bool> {
        buffer.clear();
        buffer.lost.holes = std::mem::take(&mut self.holes);
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

/// The first hole or line too long. A run of NULs at the end may yet become a hole, and is not judged.
fn first_knot(text: &[u8], ended: bool, rules: Rules) -> Option<Knot> {
    let hole = first_hole(text, rules.hole);
    let known = hole.unwrap_or(if ended { text.len() } else { text.len() - trailing_zeros(text) });
    if let Some(line) = first_long(&text[..known], rules.max_line) {
        return Some(Knot { line, kind: KnotKind::Long });
    }
    let at = hole?;
    let line = memrchr2(b'\n', b'\r', &text[..at]).map_or(0, |end| end + 1);
    Some(Knot { line, kind: KnotKind::Hole { at: at - line } })
}

/// Looks at every `least`-th byte only: no run that long can stand between two of them.
fn first_hole(text: &[u8], least: usize) -> Option<usize> {
    let mut at = least - 1;
    while at < text.len() {
        if text[at] != 0 {
            at += least;
            continue;
        }
        let start = at - trailing_zeros(&text[..at]);
        let end = at + leading_zeros(&text[at..]);
        if end - start >= least {
            return Some(start);
        }
        at = end + least;
    }
    None
}

fn first_long(text: &[u8], most: usize) -> Option<usize> {
    let mut line = 0;
    while text.len() - line > most {
        match memrchr2(b'\n', b'\r', &text[line..=line + most]) {
            Some(end) => line += end + 1,
            None => return Some(line),
        }
    }
    None
}

fn trailing_zeros(text: &[u8]) -> usize {
    text.iter().rev().take_while(|&&b| b == 0).count()
}

/// The first position, `from` or later, where a line begins; none if it is not known yet.
fn next_start(text: &[u8], from: usize, ended: bool) -> Option<usize> {
    if from == 0 {
        return Some(0);
    }
    let end = from - 1 + memchr2(b'\n', b'\r', &text[from - 1..])?;
    after_end(text, end, ended)
}

/// Where the next line begins, after the terminator at `end`. A `\r` whose next byte is not known is not judged.
fn after_end(text: &[u8], end: usize, ended: bool) -> Option<usize> {
    match (text[end], text.get(end + 1)) {
        (b'\r', None) if !ended => None,
        (b'\r', Some(b'\n')) => Some(end + 2),
        _ => Some(end + 1),
    }
}

/// After the last `\n`, or where there is none, after the last `\r` whose next byte is known.
fn last_end(text: &[u8]) -> Option<usize> {
    let lone = || memrchr(b'\r', &text[..text.len().saturating_sub(1)]);
    memrchr(b'\n', text).or_else(lone).map(|end| end + 1)
}

/// How the line begun ends.
enum End {
    /// With a terminator; the next one begins there.
    Line(usize),
    Hole(usize),
    /// Not in what is there; so much of it surely belongs to the line.
    Unknown(usize),
}

fn first_end(text: &[u8], ended: bool, hole: usize) -> End {
    let end = memchr2(b'\n', b'\r', text);
    if let Some(at) = first_hole(&text[..end.unwrap_or(text.len())], hole) {
        return End::Hole(at);
    }
    match end {
        Some(end) => after_end(text, end, ended).map_or(End::Unknown(end), End::Line),
        None => End::Unknown(text.len() - trailing_zeros(text)),
    }
}

/// Where, after the first byte, a line begins, in a text before which `before` NULs stand.
/// Else from where on the text must be looked at again.
fn first_start(text: &[u8], before: usize, ended: bool, least: usize) -> Result<usize, usize> {
    let leading = leading_zeros(text);
    if leading == text.len() {
        return Err(leading.saturating_sub(1));
    }
    if leading > 0 && before + leading >= least {
        return Ok(leading);
    }
    match first_end(text, ended, least) {
        End::Line(next) => Ok(next),
        End::Hole(at) => match at + leading_zeros(&text[at..]) {
            start if start < text.len() => Ok(start),
            start => Err(start - 1),
        },
        End::Unknown(keep) => Err(keep.min(text.len() - 1)),
    }
}

/// Where to clip a long line so that no word, and no number, is cut.
fn clip_point(line: &[u8]) -> usize {
    let from = line.len().saturating_sub(TOKEN);
    let blank = line[from..].iter().rposition(|b| matches!(b, b' ' | b'\t' | b',' | b';' | b'|'));
    blank.map_or(line.len(), |at| from + at)
}
