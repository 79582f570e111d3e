//! The wide table: a row a step, a column a metric, batch by batch.

mod adopt;
mod append;
mod chunk;
mod plan;
mod staged;
mod store;

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use chunk::Chunk;
use plan::{Metric, Move, Plan, batch_metric, metric};
use staged::Staged;
use store::Store;

use crate::collect::column::Words;
use crate::collect::outline::{Outline, cut_text};
use crate::collect::stitch::Resume;
use crate::collect::supply::{LARGE, Supply};
use crate::collect::unit::factor;
use crate::collect::{At, Collector, Columns, Stretch};
use crate::error::Result;
use crate::row::{MISSING, Rows};
use crate::types::{Field, Shape};
use crate::wanted::Wanted;

/// Rows of the first batch: what it holds tells what memory the next ones take at once.
const FIRST: usize = 8 << 10;

/// See the module. With `store` off it only finds out the [`Outline`].
pub struct Wide {
    pub outline: Outline,
    pub converted: u64,
    pub superseded: u64,
    wanted: Wanted,
    store: bool,
    stitching: bool,
    /// Rows of the batch that is open, and of a batch at most.
    batch: usize,
    most: usize,
    plans: Vec<Plan>,
    columns: Vec<Store>,
    /// Rows in the columns now, and rows cut off before them.
    len: usize,
    before: u64,
    steps: Words,
    ranks: Words,
    attempts: Words,
    epochs: Words,
    wall_times: Words,
    elapsed: Words,
    lives: Vec<u32>,
    staged: VecDeque<Staged>,
    first_rank: Option<i64>,
    chunks: VecDeque<Chunk>,
    supply: Supply,
    /// No more rows come.
    finished: bool,
}

impl Wide {
    pub fn new(wanted: Wanted, store: bool, stitching: bool, batch: usize) -> Self {
        Wide {
            outline: Outline::default(),
            converted: 0,
            superseded: 0,
            wanted,
            store,
            stitching,
            batch: batch.min(FIRST),
            most: batch,
            plans: Vec::new(),
            columns: Vec::new(),
            len: 0,
            before: 0,
            steps: Words::default(),
            ranks: Words::default(),
            attempts: Words::default(),
            epochs: Words::default(),
            wall_times: Words::default(),
            elapsed: Words::default(),
            lives: Vec::new(),
            staged: VecDeque::new(),
            first_rank: None,
            chunks: VecDeque::new(),
            supply: Supply::new(batch.min(FIRST), LARGE),
            finished: false,
        }
    }

    /// A second pass after a survey: the columns and the resumes are known beforehand.
    pub fn known(outline: Outline, wanted: Wanted, stitching: bool, batch: usize) -> Self {
        let columns = outline.metrics.iter().map(|m| Store::new(m.text)).collect();
        Wide { outline, columns, supply: Supply::new(batch.min(FIRST), 0), ..Wide::new(wanted, true, stitching, batch) }
    }

    /// With memory that is there already, to be added to by so many words at once.
    pub fn supply(&mut self, supply: Supply, most: usize) {
        self.supply = supply.of(self.batch, most);
    }

    /// The memory that it has not used.
    pub fn take_supply(&mut self) -> Supply {
        std::mem::take(&mut self.supply)
    }

    /// Closes what is open: the source is at its end.
    pub fn finish(&mut self) {
        self.finished = true;
        self.close_open();
        self.cut();
    }

    pub fn rows(&self) -> u64 {
        self.before + self.len as u64
    }

    /// The next whole batch in a known schema; in a read, all of them after [`finish`](Wide::finish).
    pub fn take(&mut self, schema: &SchemaRef, outline: &Outline, run: Option<&str>) -> Option<Result<RecordBatch>> {
        let chunk = self.chunks.pop_front()?;
        let batch = self.assembled(chunk, schema, outline, run);
        Some(batch)
    }

    fn column(&mut self, field: &Field, text: bool, guessed: bool) -> usize {
        let at = self.outline.place(field, text, guessed);
        if at == self.columns.len() {
            self.columns.push(Store::new(text));
        }
        at
    }

    fn context(&mut self, at: &At) {
        self.note(at);
        if !self.store {
            return;
        }
        let row = self.len;
        self.steps.make_room(&mut self.supply);
        self.steps.push(at.step as u64);
        let optional =
            [(&mut self.epochs, at.epoch), (&mut self.wall_times, at.wall_time), (&mut self.elapsed, at.elapsed)];
        for (words, slot) in optional {
            if slot != MISSING {
                words.pad(row, &mut self.supply);
                words.push(slot);
            }
        }
        self.owner(at, 1);
    }

    /// Rank, attempt and life of the next `count` rows; kept only once they differ from the first row's.
    fn owner(&mut self, at: &At, count: usize) {
        let row = self.len;
        if self.outline.ranks || !self.ranks.is_empty() {
            let first = self.first_rank.unwrap_or_default();
            fill(&mut self.ranks, row, first as u64);
            self.ranks.push_many(at.rank as u64, count);
        }
        if self.outline.attempts {
            fill(&mut self.attempts, row, 0);
            self.attempts.push_many(at.attempt as u64, count);
            self.lives.resize(row, 0);
            self.lives.resize(row + count, at.life);
        }
    }

    fn note(&mut self, at: &At) {
        let first = *self.first_rank.get_or_insert(at.rank);
        self.outline.ranks |= at.rank != first;
        self.outline.note(at);
    }

    /// No more is added to the rows that are open.
    fn close_open(&mut self) {
        for staged in &mut self.staged {
            staged.closed = true;
        }
        self.drain();
    }

    fn grow(&mut self, rows: usize) {
        self.len += rows;
        if self.len >= self.batch {
            self.cut();
        }
    }
}

fn fill(words: &mut Words, len: usize, slot: u64) {
    if len > words.len() {
        words.push_many(slot, len - words.len());
    }
}

impl Collector for Wide {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize {
        let mut plan = Plan::new(shape);
        let batch = batch_metric(shape);
        for (slot, field) in shape.fields.iter().enumerate() {
            let Some(Metric { field, text, integer }) = metric(field, &batch) else { continue };
            if !self.wanted.takes(field) {
                continue;
            }
            let column = self.column(field, text, shape.guessed);
            let unit = &self.outline.metrics[column].unit;
            let factor = match (&field.unit, unit) {
                (Some(from), Some(to)) if from != to => factor(from, to),
                _ => None,
            };
            plan.moves.push(Move { slot, column, factor, integer });
        }
        self.plans.push(plan);
        self.plans.len() - 1
    }

    fn open(&mut self, at: &At) {
        for staged in self.staged.iter_mut().filter(|s| s.at.rank == at.rank) {
            staged.closed = true;
        }
        self.drain();
        self.staged.push_back(Staged::new(*at));
    }

    fn add(&mut self, shape: usize, rows: &Rows, slots: &[u64], at: &At) {
        let plan = &self.plans[shape];
        let Some(staged) = self.staged.iter_mut().rev().find(|s| s.at.rank == at.rank) else { return };
        let here = &mut staged.at;
        for (ours, theirs) in
            [(&mut here.epoch, at.epoch), (&mut here.wall_time, at.wall_time), (&mut here.elapsed, at.elapsed)]
        {
            if *ours == MISSING {
                *ours = theirs;
            }
        }
        here.utc |= at.utc;
        for m in &plan.moves {
            let slot = slots[m.slot];
            if slot == MISSING {
                continue;
            }
            match (&self.columns[m.column], m.integer, m.factor) {
                (Store::Texts(_), _, _) => staged.push_text(m.column, cut_text(&rows.text_of(slot)).to_owned()),
                (Store::Numbers(_), true, _) => staged.push(m.column, (slot as i64 as f64).to_bits()),
                (Store::Numbers(_), false, None) => staged.push(m.column, slot),
                (Store::Numbers(_), false, Some(factor)) => {
                    self.converted += 1;
                    staged.push(m.column, (f64::from_bits(slot) * factor).to_bits());
                }
            }
        }
    }

    fn stretch(&mut self, shape: usize, stretch: Stretch<'_>) {
        self.close_open();
        let mut rest = stretch;
        // The last row stays open: a step-less line of the next block may join it.
        while rest.heads.len() > 1 {
            let room = (self.batch - self.len).min(rest.heads.len() - 1);
            self.append(shape, Stretch { heads: &rest.heads[..room], ..rest });
            rest = Stretch { heads: &rest.heads[room..], steps: rest.steps.after(room), ..rest };
        }
        let (head, step) = (rest.heads[0], rest.step(0));
        let slots = rest.rows.slots_of(&head);
        let plan = &self.plans[shape];
        let slot = |at: Option<usize>, or: u64| at.map_or(or, |k| if slots[k] == MISSING { or } else { slots[k] });
        let at = At {
            step,
            epoch: slot(plan.epoch, rest.at.epoch),
            wall_time: slot(plan.wall_time, MISSING),
            elapsed: slot(plan.elapsed, MISSING),
            utc: plan.utc,
            offset: head.offset,
            ..rest.at
        };
        self.open(&at);
        self.add(shape, rest.rows, slots, &at);
    }

    fn columns(&mut self, shape: usize, columns: Columns) {
        self.close_open();
        self.adopt(shape, columns);
    }

    fn position(&self) -> u64 {
        self.before + (self.len + self.staged.len()) as u64
    }

    fn resume(&mut self, at: &At, position: u64) {
        self.outline.note_resume(Resume { rank: at.rank, life: at.life, step: at.step, position });
    }
}
