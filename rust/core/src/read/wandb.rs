//! Reads the `.wandb` file of a W&B run: a row a history record, and its settings. What the machine did and what the
//! program printed are in it too, and are given where they are asked for.

mod record;

use std::sync::Arc;

use crate::literal::Dialect;
use crate::read::object::{FieldMap, Given, Objects};
use crate::read::roles::Clock;
use crate::read::wire::blocks::Blocks;
use crate::read::wire::proto::{Fields, Value};
use crate::row::{Block, MISSING, PAD, Plan, Reader, Rows, Setting};
use crate::time;
use crate::types::{Field, Holds, Keep, Naming, Shape};
use crate::wanted::Wanted;
use record::{Item, Line, items, seconds, values};

/// Magic, version and all.
const HEADER: usize = 7;

/// What a file begins with.
pub const MAGIC: &[u8] = b":W&B";

/// What the records are, in the order of the ordinals that coverage counts them by.
const WHAT: [&str; 6] = ["history", "system", "config", "summary", "console", "other"];
const SYSTEM: u32 = 1;

/// Which of the records are rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Table {
    #[default]
    History,
    System,
    Console,
}

impl Table {
    /// By the kind that a format names; none for what is no kind of these.
    pub fn named(kind: &str) -> Option<Table> {
        match kind {
            "train" => Some(Table::History),
            "system" => Some(Table::System),
            "console" => Some(Table::Console),
            _ => None,
        }
    }
}

/// How a run file is read.
#[derive(Debug, Clone)]
pub struct WandbPlan {
    pub name: String,
    pub table: Table,
    pub wanted: Wanted,
}

impl Plan for WandbPlan {
    fn name(&self) -> &str {
        &self.name
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
        Box::new(WandbReader { blocks: Blocks::after(HEADER), records: Records::new(self) })
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
            rows.seen.broken.note(cut, b"the last record is cut off");
        }
    }
}

/// Makes rows and settings of records.
struct Records {
    table: Table,
    history: Objects,
    system: Objects,
    given: Given,
    /// The step of a record that states none.
    step: i64,
    line: Line,
    console: Arc<Shape>,
}

impl Records {
    fn new(plan: &WandbPlan) -> Records {
        let map = FieldMap {
            step: Some("_step".into()),
            time: Some(("_timestamp".into(), Clock::Seconds)),
            elapsed: Some("_runtime".into()),
            ..FieldMap::default()
        };
        let map = Arc::new(map);
        let objects = |rule| Objects::new(Arc::clone(&map), Dialect::Json, rule, Naming::Stored, plan.wanted.clone());
        Records {
            table: plan.table,
            history: objects(0),
            system: objects(SYSTEM),
            given: Given { number: 1, kind: "system".into(), ..Given::default() },
            step: 0,
            line: Line::default(),
            console: Arc::new(console()),
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
                4 | 13 => self.printed(offset, record, rows),
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
        values(record, 1).filter(|item| item.key != b"_step").for_each(|item| self.line.add(&item));
        self.line.add_number(b"_step", self.step);
        self.step = self.step.saturating_add(1);
        let length = self.line.close(PAD);
        // An object that is none, of a value that is no JSON, is told.
        if self.table != Table::History {
            return 0;
        }
        if self.history.row(self.line.text(), 0, length, offset, &Given::default(), rows).is_none() {
            rows.seen.bad.note(offset, &self.line.text()[..length]);
        }
        0
    }

    /// What the machine did; it knows no steps.
    fn system(&mut self, offset: u64, record: &[u8], rows: &mut Rows) -> u32 {
        if self.table != Table::System {
            return SYSTEM;
        }
        self.line.begin();
        items(record, 3).for_each(|item| self.line.add(&item));
        if let Some(time) = Fields::of(record).message(2).and_then(seconds) {
            self.line.add_seconds(b"_timestamp", time);
        }
        let length = self.line.close(PAD);
        if self.system.row(self.line.text(), 0, length, offset, &self.given, rows).is_none() {
            rows.seen.bad.note(offset, &self.line.text()[..length]);
        }
        SYSTEM
    }

    /// What the program printed.
    fn printed(&mut self, offset: u64, record: &[u8], rows: &mut Rows) -> u32 {
        if self.table == Table::Console {
            let text = rows.keep_text(Fields::of(record).message(3).unwrap_or_default().trim_ascii_end());
            let time = Fields::of(record).message(2).and_then(seconds).and_then(time::epoch);
            let shape = rows.shape(&self.console);
            let step = self.step.saturating_sub(1).max(0) as u64;
            rows.begin(shape, offset).copy_from_slice(&[step, time.map_or(MISSING, |t| t as u64), text]);
        }
        4
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

fn console() -> Shape {
    let fields = vec![
        Field::context(Holds::Step),
        Field::context(Holds::WallTime),
        Field::text("line", "console", Naming::Stored),
    ];
    Shape { rule: 4, kind: "console".into(), keep: Keep::All, utc: true, guessed: false, fields }
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
