//! Rows of one source, block by block and in order, read by as many threads as there are.
//!
//! A thread takes an empty `Rows` before it takes the next block, and blocks are taken in order; so the block that
//! everyone waits for always has its `Rows`, and memory is bounded by how many there are.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use crate::collect::fuse::Fuser;
use crate::error::{Error, Kind, Result};
use crate::row::{Plan, Reader, Rows};
use crate::source::{Blocks, Buffer, Opened, PlainFile};

/// What is read of one block, or why it could not be.
struct Parcel {
    rows: Rows,
    bytes: u64,
    more: bool,
}

/// Gives the rows of a source in order.
pub struct Feed {
    way: Way,
    pub bytes: u64,
}

enum Way {
    /// One thread does all, when asked to or when lines depend on those before.
    Inline {
        blocks: Box<Blocks>,
        parser: Parser,
        buffer: Buffer,
        rows: Rows,
        ended: bool,
    },
    Threads(Threads),
}

/// A reader with what it needs beside.
struct Parser {
    reader: Box<dyn Reader>,
    fuser: Fuser,
    fuse: bool,
}

impl Parser {
    fn new(plan: &dyn Plan, fuse: bool) -> Self {
        Parser { reader: plan.reader(), fuser: Fuser::default(), fuse }
    }

    fn read(&mut self, buffer: &Buffer, rows: &mut Rows) {
        self.reader.read(buffer.block(), rows);
        note_lost(buffer, rows);
    }

    fn settle(&mut self, rows: &mut Rows) {
        self.fuser.settle(rows, self.fuse);
    }
}

impl Feed {
    /// `threads` 1 reads in the caller's thread; `fuse` where the collector needs no offset of each line.
    pub fn new(
        opened: Opened,
        plan: &Arc<dyn Plan>,
        threads: usize,
        block: usize,
        fuse: bool,
        stop: &Arc<AtomicBool>,
    ) -> Self {
        let small = opened.size.is_some_and(|size| size < 2 * block as u64) && opened.plain.is_some();
        if threads < 2 || small || !plan.splittable() {
            let way = Way::Inline {
                blocks: Box::new(opened.blocks(block)),
                parser: Parser::new(&**plan, fuse),
                buffer: Buffer::new(),
                rows: Rows::default(),
                ended: false,
            };
            return Feed { way, bytes: 0 };
        }
        let threads = match opened.plain {
            Some(file) => Threads::over_segments(file, plan, threads, block, fuse, stop),
            None => Threads::over_blocks(opened.blocks(block), plan, threads, fuse, stop),
        };
        Feed { way: Way::Threads(threads), bytes: 0 }
    }

    /// Hands the next block's rows to `take`; false when there are no more.
    pub fn next(&mut self, take: &mut dyn FnMut(&Rows)) -> Result<bool> {
        match &mut self.way {
            Way::Inline { blocks, parser, buffer, rows, ended } => {
                if *ended {
                    return Ok(false);
                }
                rows.clear();
                if blocks.next(buffer)? {
                    self.bytes += buffer.block().len as u64;
                    parser.read(buffer, rows);
                } else {
                    *ended = true;
                    parser.reader.finish(rows);
                    note_lost(buffer, rows);
                }
                parser.settle(rows);
                take(rows);
                Ok(true)
            }
            Way::Threads(threads) => {
                let Some(parcel) = threads.next()? else { return Ok(false) };
                self.bytes += parcel.bytes;
                take(&parcel.rows);
                threads.give_back(parcel.rows);
                Ok(true)
            }
        }
    }

    /// What broke the source off, known after the end.
    pub fn damage(&self) -> String {
        match &self.way {
            Way::Inline { blocks, .. } => blocks.damage().map(|d| d.what).unwrap_or_default(),
            Way::Threads(threads) => threads.damage.lock().map(|d| d.clone()).unwrap_or_default(),
        }
    }
}

/// What a source could not give as lines, counted.
fn note_lost(buffer: &Buffer, rows: &mut Rows) {
    rows.seen.clipped.absorb(&buffer.lost.clipped);
    rows.seen.holes += buffer.lost.holes;
}

/// Reads all blocks of a stretch of a file; gives how many bytes they had.
fn read_segment(
    file: &PlainFile,
    index: usize,
    block: usize,
    buffer: &mut Buffer,
    parser: &mut Parser,
    rows: &mut Rows,
) -> Result<u64> {
    let mut segment = file.segment(index as u64, block);
    let mut bytes = 0;
    while segment.next(buffer)? {
        bytes += buffer.block().len as u64;
        parser.read(buffer, rows);
    }
    parser.settle(rows);
    Ok(bytes)
}

type Numbered = (usize, Result<Parcel>);

struct Threads {
    results: Receiver<Numbered>,
    empty: Sender<Rows>,
    waiting: BTreeMap<usize, Result<Parcel>>,
    turn: usize,
    ended: bool,
    stop: Arc<AtomicBool>,
    /// Set when this feed is dropped, so that only its own threads end.
    closed: Arc<AtomicBool>,
    damage: Arc<std::sync::Mutex<String>>,
    joins: Vec<JoinHandle<()>>,
}

impl Threads {
    fn new(threads: usize, stop: &Arc<AtomicBool>) -> (Self, Sender<Numbered>, Receiver<Rows>) {
        let (send, results) = unbounded();
        let (empty, taken) = unbounded();
        for _ in 0..2 * threads + 2 {
            let _ = empty.send(Rows::default());
        }
        let threads = Threads {
            results,
            empty,
            waiting: BTreeMap::new(),
            turn: 0,
            ended: false,
            stop: Arc::clone(stop),
            closed: Arc::new(AtomicBool::new(false)),
            damage: Arc::default(),
            joins: Vec::new(),
        };
        (threads, send, taken)
    }

    /// Each thread reads its own stretches of the file.
    fn over_segments(
        file: PlainFile,
        plan: &Arc<dyn Plan>,
        count: usize,
        block: usize,
        fuse: bool,
        stop: &Arc<AtomicBool>,
    ) -> Self {
        let (mut threads, send, taken) = Threads::new(count, stop);
        let file = Arc::new(file);
        let turn = Arc::new(AtomicUsize::new(0));
        for _ in 0..count {
            let (file, plan, turn) = (Arc::clone(&file), Arc::clone(plan), Arc::clone(&turn));
            let (send, taken, closed) = (send.clone(), taken.clone(), Arc::clone(&threads.closed));
            threads.joins.push(std::thread::spawn(move || {
                let mut parser = Parser::new(&*plan, fuse);
                let mut buffer = Buffer::new();
                while let Ok(mut rows) = taken.recv() {
                    if closed.load(Ordering::Relaxed) {
                        return;
                    }
                    let index = turn.fetch_add(1, Ordering::Relaxed);
                    rows.clear();
                    let more = (index as u64) < file.segments(block);
                    let bytes = if more {
                        read_segment(&file, index, block, &mut buffer, &mut parser, &mut rows)
                    } else {
                        Ok(0)
                    };
                    let parcel = bytes.map(|bytes| Parcel { rows, bytes, more });
                    let last = !matches!(&parcel, Ok(parcel) if parcel.more);
                    if send.send((index, parcel)).is_err() || last {
                        return;
                    }
                }
            }));
        }
        threads
    }

    /// One thread reads (and decompresses), the others parse.
    fn over_blocks(blocks: Blocks, plan: &Arc<dyn Plan>, count: usize, fuse: bool, stop: &Arc<AtomicBool>) -> Self {
        let (mut threads, send, taken) = Threads::new(count, stop);
        let (full, work) = bounded::<(usize, Buffer)>(count);
        let (spare, spares) = unbounded::<Buffer>();
        for _ in 0..2 * count + 2 {
            let _ = spare.send(Buffer::new());
        }
        let supply = Supply {
            blocks,
            spares,
            full,
            send: send.clone(),
            closed: Arc::clone(&threads.closed),
            damage: Arc::clone(&threads.damage),
        };
        threads.joins.push(std::thread::spawn(move || supply.run()));
        for _ in 0..count {
            let (plan, send, taken, work, spare) =
                (Arc::clone(plan), send.clone(), taken.clone(), work.clone(), spare.clone());
            threads.joins.push(std::thread::spawn(move || {
                let mut parser = Parser::new(&*plan, fuse);
                // The rows before the block: else the earliest block could wait for rows that later ones hold.
                while let Ok(mut rows) = taken.recv() {
                    let Ok((index, buffer)) = work.recv() else { return };
                    rows.clear();
                    parser.read(&buffer, &mut rows);
                    parser.settle(&mut rows);
                    let parcel = Parcel { rows, bytes: buffer.block().len as u64, more: true };
                    let _ = spare.send(buffer);
                    if send.send((index, Ok(parcel))).is_err() {
                        return;
                    }
                }
            }));
        }
        threads
    }

    fn next(&mut self) -> Result<Option<Parcel>> {
        while !self.ended {
            if let Some(result) = self.waiting.remove(&self.turn) {
                self.turn += 1;
                let parcel = result.inspect_err(|_| self.ended = true)?;
                self.ended = !parcel.more;
                return Ok(Some(parcel));
            }
            if self.stop.load(Ordering::Relaxed) {
                self.ended = true;
                return Err(Error::new(Kind::Cancelled, "stopped"));
            }
            match self.results.recv_timeout(std::time::Duration::from_millis(50)) {
                Ok((index, result)) => {
                    self.waiting.insert(index, result);
                }
                Err(crossbeam_channel::RecvTimeoutError::Timeout) => {}
                Err(crossbeam_channel::RecvTimeoutError::Disconnected) => {
                    self.ended = true;
                    return Err(Error::new(Kind::Damaged, "a reading thread ended before its block was read"));
                }
            }
        }
        Ok(None)
    }

    fn give_back(&self, rows: Rows) {
        let _ = self.empty.send(rows);
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // Closing both ends wakes whoever waits for rows or for room.
        self.empty = unbounded().0;
        self.results = unbounded().1;
        for join in self.joins.drain(..) {
            let _ = join.join();
        }
    }
}

/// The reading side of a source that cannot be read in stretches.
struct Supply {
    blocks: Blocks,
    spares: Receiver<Buffer>,
    full: Sender<(usize, Buffer)>,
    send: Sender<Numbered>,
    closed: Arc<AtomicBool>,
    damage: Arc<std::sync::Mutex<String>>,
}

impl Supply {
    fn run(mut self) {
        for index in 0.. {
            let Ok(mut buffer) = self.spares.recv() else { return };
            if self.closed.load(Ordering::Relaxed) {
                return;
            }
            let last = match self.blocks.next(&mut buffer) {
                Ok(true) => match self.full.send((index, buffer)) {
                    Ok(()) => continue,
                    Err(_) => return,
                },
                Ok(false) => Ok(self.rest(&buffer)),
                Err(error) => Err(error),
            };
            if let (Some(damage), Ok(mut told)) = (self.blocks.damage(), self.damage.lock()) {
                *told = damage.what;
            }
            let _ = self.send.send((index, last));
            return;
        }
    }

    /// What was counted after the last line.
    fn rest(&self, buffer: &Buffer) -> Parcel {
        let mut rows = Rows::default();
        note_lost(&buffer, &mut rows);
        Parcel { rows, bytes: 0, more: false }
    }
}
