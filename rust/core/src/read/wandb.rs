//! Reads the `.wandb` file of a W&B run: a row a history record, its settings, and the machine's state as kind `system`.

mod record;

use std::sync::Arc;

use crate::literal::Dialect;
use crate::read::object::{FieldMap, Given, Objects};
use crate::read::roles::Clock;
use crate::read::wire::blocks::Blocks;
use crate::read::wire::proto::{Fields, Value};
use crate::row::{Block, PAD, Plan, Reader, Rows, Setting};
use crate::types::Naming;
use crate::wanted::Wanted;
use record::{Item, Line, items};

/// Magic, version and all.
const HEADER: usize = 7;

/// What a file begins with.
pub const MAGIC: &[u8] = b":W&B";

/// What the records are, in the order of the ordinals that coverage counts them by.
const WHAT: [&str; 6] = ["history", "system", "config", "summary", "console", "other"];
const SYSTEM: u32 = 1;

/// How a run file is read.
#[derive(Debug, Clone)]
pub struct WandbPlan {
    pub wanted: Wanted,
}

impl Plan for WandbPlan {
    fn name(&self) -> &str {
        "wandb"
    }

    fn rules(&self) -> Vec<String> {
        WHAT.map(str::to_owned).to_vec()
    }

    fn expects_step(&self) -> bool {
        true
    }

    fn splittable(&self) -> bool {
        false
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(WandbReader { blocks: Blocks::after(HEADER), records: Records::new(&self.wanted) })
    }
}

struct WandbReader {
    blocks: Blocks,
    records: Records,
}

impl Reader for WandbReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        let mut broken = std::mem::take(&mut rows.seen.broken);
        self.blocks.feed(block, &mut |at, data| self.records.take(at, data, rows), &mut broken);
        rows.seen.broken = broken;
    }

    fn finish(&mut self, rows: &mut Rows) {
        let mut broken = std::mem::take(&mut rows.seen.broken);
        let cut = self.blocks.finish(&mut |at, data| self.records.take(at, data, rows), &mut broken);
        rows.seen.broken = broken;
        if let Some(cut) = cut {
            rows.seen.clipped.note(cut, b"the last record is cut off");
        }
    }
}

/// Makes rows and settings of records.
struct Records {
    history: Objects,
    system: Objects,
    given: Given,
    /// The step of a record that states none.
    step: i64,
    line: Line,
}

impl Records {
    fn new(wanted: &Wanted) -> Records {
        let map = FieldMap {
            step: Some("_step".into()),
            time: Some(("_timestamp".into(), Clock::Seconds)),
            elapsed: Some("_runtime".into()),
            ..FieldMap::default()
        };
        let map = Arc::new(map);
        let objects = |rule| Objects::new(Arc::clone(&map), Dialect::Json, rule, Naming::Stored, wanted.clone());
        Records {
            history: objects(0),
            system: objects(SYSTEM),
            given: Given { number: 1, kind: "system".into(), ..Given::default() },
            step: 0,
            line: Line::default(),
        }
    }

    fn take(&mut self, offset: u64, data: &[u8], rows: &mut Rows) {
        rows.seen.lines += 1;
        let mut fields = Fields::of(data);
        let mut what = 5;
        for (number, value) in fields.by_ref() {
            let Value::Bytes(record) = value else { continue };
            what = match number {
                2 => self.history(offset, record, rows),
                3 => 3,
                4 | 13 => 4,
                5 => config(record, rows),
                7 => self.system(offset, record, rows),
                17 => self.run(record, rows),
                _ => continue,
            };
        }
        if !fields.is_whole() {
            rows.seen.bad.note(offset, b"no record of a run");
        }
        rows.seen.claim(what);
    }

    /// A history record: its step is an item of it, or stands beside the items, or is the next one.
    fn history(&mut self, offset: u64, record: &[u8], rows: &mut Rows) -> u32 {
        let beside = Fields::of(record).message(2).and_then(number_of);
        let stated = items(record, 1).find(|item| item.key == b"_step").and_then(|item| item.value.whole());
        self.step = stated.or(beside).unwrap_or(self.step).max(self.step);
        self.line.begin();
        items(record, 1).filter(|item| item.key != b"_step").for_each(|item| self.line.add(&item));
        self.line.add_number(b"_step", self.step);
        self.step = self.step.saturating_add(1);
        let length = self.line.close(PAD);
        // An object that is none, of a value that is no JSON, is told.
        if self.history.row(self.line.text(), 0, length, offset, &Given::default(), rows).is_none() {
            rows.seen.bad.note(offset, &self.line.text()[..length]);
        }
        0
    }

    /// What the machine did; it knows no steps.
    fn system(&mut self, offset: u64, record: &[u8], rows: &mut Rows) -> u32 {
        self.line.begin();
        items(record, 3).for_each(|item| self.line.add(&item));
        if let Some(time) = Fields::of(record).message(2) {
            self.line.add_seconds(b"_timestamp", time);
        }
        let length = self.line.close(PAD);
        if self.system.row(self.line.text(), 0, length, offset, &self.given, rows).is_none() {
            rows.seen.bad.note(offset, &self.line.text()[..length]);
        }
        SYSTEM
    }

    /// The run's own record: the settings it was begun with, and the step it goes on from.
    fn run(&mut self, record: &[u8], rows: &mut Rows) -> u32 {
        if let Some(settings) = Fields::of(record).message(4) {
            config(settings, rows);
        }
        let start = Fields::of(record).find_map(|(number, value)| value.varint().filter(|_| number == 14));
        self.step = self.step.max(start.map_or(0, |step| step as i64));
        5
    }
}

/// Settings, changed or new; those of W&B itself are left out.
fn config(record: &[u8], rows: &mut Rows) -> u32 {
    for item in items(record, 1).filter(|item| item.key != b"_wandb" && !item.key.starts_with(b"_wandb.")) {
        settings(&item, &mut rows.settings);
    }
    2
}

/// A setting, or those nested in it.
fn settings(item: &Item<'_>, into: &mut Vec<Setting>) {
    let mut line = Line::default();
    line.begin();
    line.add(item);
    let length = line.close(PAD);
    let whole = line.leaves(length);
    whole.into_iter().for_each(|(key, value)| into.push(Setting { key, value }));
}

/// The number in a message that holds nothing else.
fn number_of(message: &[u8]) -> Option<i64> {
    Fields::of(message).find_map(|(number, value)| value.varint().filter(|_| number == 1)).map(|number| number as i64)
}

#[cfg(test)]
mod tests;
