//! Reads the blocks of a source one after the other, each with what those before have told.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender};

use crate::error::Result;
use crate::row::Rows;
use crate::scan::feed::{Desk, Numbered, Parcel, Parser, harm, note_lost};
use crate::source::Blocks;

/// See the module.
pub struct Inline {
    blocks: Blocks,
    parser: Parser,
    desk: Desk,
    ended: bool,
}

impl Inline {
    pub fn new(blocks: Blocks, parser: Parser, desk: Desk) -> Inline {
        Inline { blocks, parser, desk, ended: false }
    }

    /// What the block read last has given.
    pub fn rows(&self) -> &Rows {
        &self.desk.rows
    }

    /// The memory it read with.
    pub fn desk(self) -> Desk {
        Desk { head: self.blocks.memory(), ..self.desk }
    }

    /// What broke the source off, known after the end.
    pub fn damage(&self) -> Option<String> {
        self.blocks.damage().and_then(harm)
    }

    /// Reads the next block into its rows and gives its length; none when all is read.
    pub fn next(&mut self) -> Result<Option<u64>> {
        let Inline { blocks, parser, desk: Desk { buffer, rows, ahead, .. }, ended } = self;
        if *ended {
            return Ok(None);
        }
        rows.clear();
        if blocks.next(buffer)? {
            parser.read_once(buffer, ahead, rows);
        } else {
            *ended = true;
            parser.reader.finish(rows);
            note_lost(buffer, rows);
        }
        parser.settle(rows);
        Ok(Some(if *ended { 0 } else { buffer.block().len as u64 }))
    }

    /// Reads all blocks, each into rows that are `taken`, and sends them.
    pub fn run(mut self, taken: &Receiver<Rows>, send: &Sender<Numbered>, closed: &AtomicBool, damage: &Mutex<String>) {
        for index in 0.. {
            let Ok(rows) = taken.recv() else { return };
            if closed.load(Ordering::Relaxed) {
                return;
            }
            let parcel = self.parcel(rows);
            let last = parcel.is_last();
            if let (true, Some(what), Ok(mut told)) = (last, self.damage(), damage.lock()) {
                *told = what;
            }
            if send.send((index, parcel)).is_err() || last {
                return;
            }
        }
    }

    fn parcel(&mut self, rows: Rows) -> Parcel {
        self.desk.rows = rows;
        let read = self.next();
        let rows = std::mem::take(&mut self.desk.rows);
        match read {
            Ok(bytes) => Parcel::of(rows, bytes.unwrap_or_default(), !self.ended),
            Err(error) => Parcel { error: Some(error), ..Parcel::of(Rows::default(), 0, false) },
        }
    }
}
