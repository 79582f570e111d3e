//! The wide table: a row a step, a column a metric, batch by batch.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, new_null_array};
use arrow_schema::{DataType, SchemaRef};

use crate::collect::column::{Texts, Words};
use crate::collect::outline::{Outline, cut_text};
use crate::collect::stitch::Resume;
use crate::collect::table::{compacted, run_column};
use crate::collect::unit::factor;
use crate::collect::{At, Collector, Stretch};
use crate::error::{Error, Kind, Result};
use crate::row::{MISSING, Rows};
use crate::types::{Field, Holds, Shape};
use crate::wanted::Wanted;

/// Rows of other ranks that may wait for a slow one before it is left behind.
const MOST_OPEN: usize = 4096;

#[derive(Debug)]
enum Store {
    Numbers(Words),
    Texts(Texts),
}

/// Where the slots of an admitted shape go.
#[derive(Debug, Default)]
struct Plan {
    width: usize,
    epoch: Option<usize>,
    wall_time: Option<usize>,
    elapsed: Option<usize>,
    utc: bool,
    /// Slot, column, factor to the column's unit.
    moves: Vec<Move>,
}

#[derive(Debug, Clone, Copy)]
struct Move {
    slot: usize,
    column: usize,
    factor: Option<f64>,
    /// The slot holds an integer (a raw counter), not f64 bits.
    integer: bool,
}

/// A row that later lines may still join.
#[derive(Debug)]
struct Staged {
    at: At,
    closed: bool,
    /// Column, slot, place in the row.
    values: Vec<(usize, u64, usize)>,
    texts: Vec<(usize, String, usize)>,
}

/// Rows cut off as a batch, not yet given a schema.
#[derive(Debug)]
struct Chunk {
    first: u64,
    len: usize,
    at: [Option<ArrayRef>; 6],
    lives: Option<Vec<u32>>,
    columns: Vec<Option<ArrayRef>>,
}

/// See the module. With `store` off it only finds out the [`Outline`].
pub struct Wide {
    pub outline: Outline,
    pub converted: u64,
    pub superseded: u64,
    wanted: Wanted,
    store: bool,
    stitching: bool,
    batch: usize,
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
            batch,
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
        }
    }

    /// A second pass after a survey: the columns and the resumes are known beforehand.
    pub fn known(outline: Outline, wanted: Wanted, stitching: bool, batch: usize) -> Self {
        let columns = outline.metrics.iter().map(|m| new_store(m.text)).collect();
        Wide { outline, columns, ..Wide::new(wanted, true, stitching, batch) }
    }

    /// Closes what is open: the source is at its end.
    pub fn finish(&mut self) {
        for staged in &mut self.staged {
            staged.closed = true;
        }
        self.drain();
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
            self.columns.push(new_store(text));
        }
        at
    }

    /// Puts a closed staged row into the columns.
    fn settle(&mut self, staged: Staged) {
        self.context(&staged.at);
        let row = self.len;
        for (column, slot, place) in staged.values {
            self.outline.metrics[column].note(1, || self.before + row as u64, place);
            if let (Store::Numbers(words), true) = (&mut self.columns[column], self.store) {
                words.pad(row, self.batch);
                words.push(slot);
            }
        }
        for (column, text, place) in staged.texts {
            self.outline.metrics[column].note(1, || self.before + row as u64, place);
            if let (Store::Texts(texts), true) = (&mut self.columns[column], self.store) {
                texts.pad(row);
                texts.push(Some(&text));
            }
        }
        self.grow(1);
    }

    fn context(&mut self, at: &At) {
        self.note(at);
        if !self.store {
            return;
        }
        let row = self.len;
        self.steps.push(at.step as u64);
        let optional =
            [(&mut self.epochs, at.epoch), (&mut self.wall_times, at.wall_time), (&mut self.elapsed, at.elapsed)];
        for (words, slot) in optional {
            if slot != MISSING {
                words.pad(row, self.batch);
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

    fn grow(&mut self, rows: usize) {
        self.len += rows;
        if self.len >= self.batch {
            self.cut();
        }
    }

    /// Moves closed rows at the head of the queue into the columns.
    fn drain(&mut self) {
        while self.staged.front().is_some_and(|s| s.closed) || self.staged.len() > MOST_OPEN {
            if let Some(staged) = self.staged.pop_front() {
                self.settle(staged);
            }
        }
    }

    /// Cuts the rows so far off as a chunk.
    fn cut(&mut self) {
        let len = std::mem::take(&mut self.len);
        let first = self.before;
        self.before += len as u64;
        if len == 0 || !self.store {
            return;
        }
        let first_rank = self.first_rank.unwrap_or_default() as u64;
        if !self.ranks.is_empty() {
            fill(&mut self.ranks, len, first_rank);
        }
        if !self.attempts.is_empty() {
            fill(&mut self.attempts, len, 0);
        }
        let words = |words: &mut Words, take: fn(&mut Words) -> ArrayRef, batch: usize| {
            if words.is_empty() {
                return None;
            }
            words.pad(len, batch);
            Some(take(words))
        };
        let batch = self.batch;
        let at = [
            words(&mut self.steps, Words::take_i64, batch),
            words(&mut self.ranks, Words::take_i64, batch),
            words(&mut self.attempts, Words::take_i64, batch),
            words(&mut self.epochs, Words::take_f64, batch),
            words(&mut self.wall_times, |w| w.take_time(false), batch),
            words(&mut self.elapsed, Words::take_f64, batch),
        ];
        let columns = self.columns.iter_mut().map(|store| store.take(len, batch)).collect();
        let lives = (!self.lives.is_empty()).then(|| std::mem::take(&mut self.lives));
        self.chunks.push_back(Chunk { first, len, at, lives, columns });
    }

    fn assembled(
        &mut self,
        chunk: Chunk,
        schema: &SchemaRef,
        outline: &Outline,
        run: Option<&str>,
    ) -> Result<RecordBatch> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
        if let Some(run) = run {
            arrays.push(run_column(run, chunk.len));
        }
        for (name, kind) in outline.context() {
            arrays.push(chunk.context(name, &kind, self.first_rank.unwrap_or_default()));
        }
        for (_, meaning) in outline.columns() {
            let ours = self.outline.metrics.iter().position(|m| m.name == meaning.name && m.text == meaning.text);
            let array = ours.and_then(|at| chunk.columns.get(at).cloned().flatten());
            let kind = if meaning.text { DataType::Utf8 } else { DataType::Float64 };
            arrays.push(array.unwrap_or_else(|| new_null_array(&kind, chunk.len)));
        }
        let batch = RecordBatch::try_new(Arc::clone(schema), arrays)
            .map_err(|e| Error::new(Kind::Usage, format!("wanted columns of one length, found {e}")))?;
        if !self.stitching || self.outline.stitch.is_empty() {
            return Ok(batch);
        }
        let kept = self.outline.stitch.kept(chunk.first, chunk.len, |row| chunk.owner(row, self.first_rank));
        self.superseded += (chunk.len - kept.iter().map(|(a, b)| b - a).sum::<usize>()) as u64;
        compacted(&batch, &kept)
    }
}

fn new_store(text: bool) -> Store {
    if text { Store::Texts(Texts::default()) } else { Store::Numbers(Words::default()) }
}

fn fill(words: &mut Words, len: usize, slot: u64) {
    if len > words.len() {
        words.push_many(slot, len - words.len());
    }
}

impl Staged {
    fn push(&mut self, column: usize, slot: u64) {
        if !self.values.iter().any(|(c, _, _)| *c == column) {
            self.values.push((column, slot, self.values.len() + self.texts.len()));
        }
    }

    fn push_text(&mut self, column: usize, text: String) {
        self.texts.push((column, text, self.values.len() + self.texts.len()));
    }
}

impl Store {
    fn take(&mut self, len: usize, batch: usize) -> Option<ArrayRef> {
        match self {
            Store::Numbers(words) if words.is_empty() => None,
            Store::Numbers(words) => {
                words.pad(len, batch);
                Some(words.take_f64())
            }
            Store::Texts(texts) if texts.is_empty() => None,
            Store::Texts(texts) => {
                texts.pad(len);
                Some(texts.take())
            }
        }
    }
}

impl Chunk {
    fn context(&self, name: &str, kind: &DataType, first_rank: i64) -> ArrayRef {
        let at = ["step", "rank", "attempt", "epoch", "wall_time", "elapsed"].iter().position(|n| *n == name);
        let array = at.and_then(|k| self.at[k].clone());
        let Some(array) = array else {
            let constant = |value: i64| Arc::new(arrow_array::Int64Array::from_value(value, self.len)) as ArrayRef;
            return match name {
                "rank" => constant(first_rank),
                "attempt" => constant(0),
                _ => new_null_array(kind, self.len),
            };
        };
        let zoned = matches!(kind, DataType::Timestamp(_, Some(_)));
        match array.as_any().downcast_ref::<arrow_array::TimestampMicrosecondArray>() {
            Some(times) if zoned => Arc::new(times.clone().with_timezone("UTC")),
            _ => array,
        }
    }

    fn owner(&self, row: usize, first_rank: Option<i64>) -> (i64, u32, i64) {
        let int = |k: usize| {
            let array = self.at[k].as_ref()?.as_any().downcast_ref::<arrow_array::Int64Array>()?;
            Some(array.value(row))
        };
        let rank = int(1).unwrap_or(first_rank.unwrap_or_default());
        let life = self.lives.as_ref().and_then(|lives| lives.get(row).copied()).unwrap_or_default();
        (rank, life, int(0).unwrap_or_default())
    }
}

impl Collector for Wide {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize {
        let mut plan = Plan {
            width: shape.fields.len(),
            epoch: shape.position(Holds::Epoch),
            wall_time: shape.position(Holds::WallTime),
            elapsed: shape.position(Holds::Elapsed),
            utc: shape.utc,
            moves: Vec::new(),
        };
        let batch = Field::metric("batch", &shape.kind, crate::types::Naming::Stored, None);
        for (slot, field) in shape.fields.iter().enumerate() {
            let (field, text, integer) = match field.holds {
                Holds::Metric => (field, false, false),
                Holds::Text => (field, true, false),
                Holds::Batch => (&batch, false, true),
                _ => continue,
            };
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
        self.staged.push_back(Staged { at: *at, closed: false, values: Vec::new(), texts: Vec::new() });
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
                (Store::Texts(_), _, _) => staged.push_text(m.column, cut_text(&rows.text_of(slot))),
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
        for staged in &mut self.staged {
            staged.closed = true;
        }
        self.drain();
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

    fn position(&self) -> u64 {
        self.before + (self.len + self.staged.len()) as u64
    }

    fn resume(&mut self, at: &At, position: u64) {
        self.outline.note_resume(Resume { rank: at.rank, life: at.life, step: at.step, position });
    }
}

impl Wide {
    /// Appends a stretch that fits the batch, column by column.
    fn append(&mut self, shape: usize, stretch: Stretch<'_>) {
        let (count, row, batch) = (stretch.heads.len(), self.len, self.batch);
        let from = stretch.heads[0].at as usize;
        let plan = &self.plans[shape];
        let (width, slots) = (plan.width, &stretch.rows.slots[from..]);
        let even = count == 1 || stretch.heads[count - 1].at as usize - from == (count - 1) * width;
        if !even {
            return self.append_apart(shape, stretch);
        }
        for m in &plan.moves {
            let meaning = &mut self.outline.metrics[m.column];
            let column = slots[m.slot..].iter().step_by(width).take(count);
            let first_row = (self.before + row as u64, column.clone());
            let begins = || first_row.0 + first_row.1.take_while(|&&slot| slot == MISSING).count() as u64;
            if !self.store {
                meaning.note(column.filter(|&&slot| slot != MISSING).count() as u64, begins, m.slot);
                continue;
            }
            match &mut self.columns[m.column] {
                Store::Numbers(words) => {
                    words.pad(row, batch);
                    meaning.note(words.push_strided(&slots[m.slot..], width, count, batch), begins, m.slot);
                    if let Some(factor) = m.factor {
                        self.converted += count as u64;
                        words.scale(row, factor);
                    }
                }
                Store::Texts(texts) => {
                    texts.pad(row);
                    meaning.note(column.clone().filter(|&&slot| slot != MISSING).count() as u64, begins, m.slot);
                    for slot in column {
                        texts.push((*slot != MISSING).then(|| cut_text(&stretch.rows.text_of(*slot))).as_deref());
                    }
                }
            }
        }
        let (epoch, wall_time, elapsed, utc) = (plan.epoch, plan.wall_time, plan.elapsed, plan.utc);
        let first = At {
            epoch: epoch.map_or(stretch.at.epoch, |k| slots[k]),
            wall_time: wall_time.map_or(MISSING, |k| slots[k]),
            elapsed: elapsed.map_or(MISSING, |k| slots[k]),
            utc,
            ..stretch.at
        };
        self.note(&first);
        if self.store {
            self.steps.extend((0..count).map(|k| stretch.step(k)), batch);
            let context = [
                (&mut self.epochs, epoch, stretch.at.epoch),
                (&mut self.wall_times, wall_time, MISSING),
                (&mut self.elapsed, elapsed, MISSING),
            ];
            for (words, slot, constant) in context {
                match slot {
                    Some(slot) => {
                        words.pad(row, batch);
                        words.push_strided(&slots[slot..], width, count, batch);
                    }
                    None if constant != MISSING => {
                        words.pad(row, batch);
                        words.push_many(constant, count);
                    }
                    None => {}
                }
            }
            self.owner(&stretch.at, count);
        }
        self.grow(count);
    }

    /// Rows whose slots do not follow each other: one at a time.
    fn append_apart(&mut self, shape: usize, stretch: Stretch<'_>) {
        for k in 0..stretch.heads.len() {
            self.append(shape, Stretch { heads: &stretch.heads[k..=k], steps: stretch.steps.after(k), ..stretch });
        }
    }
}
