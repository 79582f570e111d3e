//! Rows of one source, block by block and in order, read by as many threads as there are.
//!
//! A thread takes an empty `Rows` before it takes the next block, and blocks are taken in order; so the block that
//! everyone waits for always has its `Rows`, and memory is bounded by how many there are.

mod inline;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use crate::collect::fuse::Fuser;
use crate::collect::sketch::Sketch;
use crate::collect::supply;
use crate::error::{Error, Kind, Result};
use crate::read::ahead::Ahead;
use crate::row::{Plan, Reader, Room, Rows};
use crate::source::{Blocks, Buffer, Damage, Harm, Opened, PlainFile};
use inline::Inline;

/// What is read of one block, and why no more could be.
struct Parcel {
    rows: Rows,
    bytes: u64,
    more: bool,
    /// What ended the reading after these rows.
    error: Option<Error>,
}

impl Parcel {
    fn of(rows: Rows, bytes: u64, more: bool) -> Self {
        Parcel { rows, bytes, more, error: None }
    }

    fn is_last(&self) -> bool {
        !self.more || self.error.is_some()
    }
}

/// Gives the rows of a source in order.
pub struct Feed {
    way: Way,
    pub bytes: u64,
}

enum Way {
    /// One thread does all, when asked to or when lines depend on those before.
    Inline(Box<Inline>),
    Threads(Threads),
}

/// Memory that a thread uses again for the next source.
#[derive(Debug, Default)]
pub struct Desk {
    /// What holds the beginning of a source.
    pub head: Vec<u8>,
    buffer: Buffer,
    rows: Rows,
    /// What was read of a source when it was opened.
    pub ahead: Ahead,
    /// For the columns of small sources.
    pub supply: supply::Supply,
    /// For the metrics of summaries.
    pub sketches: Vec<Sketch>,
    /// Rows and bytes of the last one.
    pub density: (u64, u64),
}

/// A reader with what it needs beside.
struct Parser {
    reader: Box<dyn Reader>,
    /// None where equal rows mean what they say, and none waits for another.
    fuser: Option<Fuser>,
    fuse: bool,
}

impl Parser {
    fn new(plan: &dyn Plan, fuse: bool) -> Self {
        Parser { reader: plan.reader(), fuser: (!plan.joins_steps()).then(Fuser::default), fuse }
    }

    fn read(&mut self, buffer: &Buffer, rows: &mut Rows) {
        self.reader.read(buffer.block(), rows);
        note_lost(buffer, rows);
    }

    /// The same where the block may have been read already.
    fn read_once(&mut self, buffer: &Buffer, ahead: &mut Ahead, rows: &mut Rows) {
        match ahead.give(&buffer.block(), rows) {
            true => note_lost(buffer, rows),
            false => self.read(buffer, rows),
        }
    }

    fn settle(&mut self, rows: &mut Rows) {
        if let Some(fuser) = &mut self.fuser {
            fuser.settle(rows, self.fuse);
        }
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
        desk: Desk,
    ) -> Self {
        let small = opened.size.is_some_and(|size| size < 2 * block as u64) && opened.plain.is_some();
        if threads < 2 || small || !plan.splittable() {
            // No more memory than the file needs, and a byte that tells its end.
            let file = opened.plain.as_ref().map_or(block, |file| usize::try_from(file.size() + 1).unwrap_or(block));
            let inline = Inline::new(opened.blocks(block.min(file)), Parser::new(&**plan, fuse), desk);
            let way = match threads < 2 || small {
                true => Way::Inline(Box::new(inline)),
                false => Way::Threads(Threads::ahead(inline, stop)),
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
            Way::Inline(inline) => {
                let Some(bytes) = inline.next()? else { return Ok(false) };
                self.bytes += bytes;
                take(inline.rows());
                Ok(true)
            }
            Way::Threads(threads) => {
                let Some(parcel) = threads.next()? else { return Ok(false) };
                self.bytes += parcel.bytes;
                take(&parcel.rows);
                threads.give_back(parcel.rows);
                parcel.error.map_or(Ok(true), Err)
            }
        }
    }

    /// The memory it read with.
    pub fn desk(self) -> Desk {
        match self.way {
            Way::Inline(inline) => inline.desk(),
            Way::Threads(_) => Desk::default(),
        }
    }

    /// What broke the source off, known after the end.
    pub fn damage(&self) -> String {
        match &self.way {
            Way::Inline(inline) => inline.damage().unwrap_or_default(),
            Way::Threads(threads) => threads.damage.lock().map(|d| d.clone()).unwrap_or_default(),
        }
    }
}

/// What a source could not give as lines, counted.
fn note_lost(buffer: &Buffer, rows: &mut Rows) {
    rows.seen.clipped.absorb(&buffer.lost.clipped);
    rows.seen.clipped.absorb(&buffer.lost.torn);
    rows.seen.holes += buffer.lost.holes;
}

/// What of a damage is worth telling: a live log grows, and padding holds nothing.
fn harm(damage: Damage) -> Option<String> {
    match damage.harm {
        Harm::Growing | Harm::Padding => None,
        Harm::Cut | Harm::Broken | Harm::TooLarge | Harm::Trailing | Harm::Shrunk => Some(damage.what),
    }
}

/// A thread that reads stretches of a file, each when its turn comes.
struct Strider {
    file: Arc<PlainFile>,
    turn: Arc<AtomicUsize>,
    block: usize,
    parser: Parser,
    buffer: Buffer,
    /// What the rows of a stretch need.
    room: Room,
    taken: Receiver<Rows>,
    closed: Arc<AtomicBool>,
    damage: Arc<Mutex<String>>,
}

impl Strider {
    fn run(mut self, send: &Sender<Numbered>) {
        while let Ok(rows) = self.taken.recv() {
            if self.closed.load(Ordering::Relaxed) {
                return;
            }
            let (index, parcel) = self.take_turn(rows);
            let last = parcel.is_last();
            if send.send((index, parcel)).is_err() || last {
                return;
            }
        }
    }

    /// Reads the stretch whose turn it is.
    fn take_turn(&mut self, mut rows: Rows) -> Numbered {
        let index = self.turn.fetch_add(1, Ordering::Relaxed);
        rows.clear();
        if index as u64 >= self.file.segments(self.block) {
            return (index, Parcel::of(rows, 0, false));
        }
        rows.reserve_like(&self.room);
        let parcel = self.stretch(index, rows);
        self.room = parcel.rows.room();
        (index, parcel)
    }

    /// Reads all blocks of one stretch; what was read before an error is handed on with it.
    fn stretch(&mut self, index: usize, rows: Rows) -> Parcel {
        let mut segment = self.file.segment(index as u64, self.block);
        let mut parcel = Parcel::of(rows, 0, true);
        loop {
            match segment.next(&mut self.buffer) {
                Ok(true) => {
                    parcel.bytes += self.buffer.block().len as u64;
                    self.parser.read(&self.buffer, &mut parcel.rows);
                }
                Ok(false) => break,
                Err(error) => {
                    parcel.error = Some(error);
                    break;
                }
            }
        }
        self.parser.settle(&mut parcel.rows);
        if let (Some(what), Ok(mut told)) = (segment.damage().and_then(harm), self.damage.lock()) {
            *told = what;
        }
        parcel
    }
}

type Numbered = (usize, Parcel);

struct Threads {
    results: Receiver<Numbered>,
    empty: Sender<Rows>,
    waiting: BTreeMap<usize, Parcel>,
    turn: usize,
    ended: bool,
    stop: Arc<AtomicBool>,
    /// Set when this feed is dropped, so that only its own threads end.
    closed: Arc<AtomicBool>,
    damage: Arc<Mutex<String>>,
    joins: Vec<JoinHandle<()>>,
    /// Reads a stretch in the caller's thread while it would only wait; none when all are taken.
    own: Option<Box<Strider>>,
}

impl Threads {
    fn new(threads: usize, stop: &Arc<AtomicBool>) -> (Self, Sender<Numbered>, Receiver<Rows>) {
        let (send, results) = unbounded();
        let (empty, taken) = unbounded();
        for _ in 0..threads + 2 {
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
            own: None,
        };
        (threads, send, taken)
    }

    /// Where what a block means depends on those before, one thread reads them all; the caller's makes a table of them
    /// meanwhile.
    fn ahead(inline: Inline, stop: &Arc<AtomicBool>) -> Self {
        let (mut threads, send, taken) = Threads::new(1, stop);
        let (closed, damage) = (Arc::clone(&threads.closed), Arc::clone(&threads.damage));
        threads.joins.push(std::thread::spawn(move || inline.run(&taken, &send, &closed, &damage)));
        threads
    }

    /// Each thread reads its own stretches of the file, and the caller's is one of them: where as many threads work
    /// as there are processors, one more that wakes for each stretch would only push the others aside.
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
        let strider = || Strider {
            file: Arc::clone(&file),
            turn: Arc::clone(&turn),
            block,
            parser: Parser::new(&**plan, fuse),
            buffer: Buffer::new(),
            room: Room::default(),
            taken: taken.clone(),
            closed: Arc::clone(&threads.closed),
            damage: Arc::clone(&threads.damage),
        };
        for _ in 1..count {
            let (other, send) = (strider(), send.clone());
            threads.joins.push(std::thread::spawn(move || other.run(&send)));
        }
        threads.own = Some(Box::new(strider()));
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
                    let parcel = Parcel::of(rows, buffer.block().len as u64, true);
                    let _ = spare.send(buffer);
                    if send.send((index, parcel)).is_err() {
                        return;
                    }
                }
            }));
        }
        threads
    }

    fn next(&mut self) -> Result<Option<Parcel>> {
        while !self.ended {
            self.waiting.extend(self.results.try_iter());
            if let Some(parcel) = self.waiting.remove(&self.turn) {
                self.turn += 1;
                self.ended = parcel.is_last();
                return Ok(Some(parcel));
            }
            if self.stop.load(Ordering::Relaxed) {
                self.ended = true;
                return Err(Error::new(Kind::Cancelled, "stopped"));
            }
            if self.work() {
                continue;
            }
            match self.results.recv_timeout(std::time::Duration::from_millis(50)) {
                Ok((index, parcel)) => {
                    self.waiting.insert(index, parcel);
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

    /// Reads the next stretch here, if there is one and memory for it.
    fn work(&mut self) -> bool {
        let Some(own) = &mut self.own else { return false };
        let Ok(rows) = own.taken.try_recv() else { return false };
        let (index, parcel) = own.take_turn(rows);
        if parcel.is_last() {
            self.own = None;
        }
        self.waiting.insert(index, parcel);
        true
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
    damage: Arc<Mutex<String>>,
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
                Ok(false) => rest(&buffer),
                Err(error) => Parcel { error: Some(error), ..rest(&buffer) },
            };
            if let (Some(what), Ok(mut told)) = (self.blocks.damage().and_then(harm), self.damage.lock()) {
                *told = what;
            }
            let _ = self.send.send((index, last));
            return;
        }
    }
}

/// What was counted after the last line.
fn rest(buffer: &Buffer) -> Parcel {
    let mut rows = Rows::default();
    note_lost(buffer, &mut rows);
    Parcel::of(rows, 0, false)
}
