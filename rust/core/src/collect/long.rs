//! The long table: a row a value, in file order. The wide table is a pivot of it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, new_null_array};
use arrow_schema::{DataType, Field as ArrowField, Schema, SchemaRef};

use crate::collect::column::{Texts, Words};
use crate::collect::outline::{Outline, RECURS, cut_text};
use crate::collect::stitch::Resume;
use crate::collect::table::{compacted, dictionary, run_column, words};
use crate::collect::unit::factor;
use crate::collect::{At, Collector, Stretch};
use crate::error::{Error, Kind, Result};
use crate::row::{MISSING, Rows};
use crate::types::{Field, Holds, Naming, Shape};
use crate::wanted::Wanted;

/// Where a slot goes.
#[derive(Debug, Clone, Copy)]
struct Move {
    slot: usize,
    metric: usize,
    factor: Option<f64>,
    holds: Holds,
}

#[derive(Debug, Default)]
struct Plan {
    epoch: Option<usize>,
    wall_time: Option<usize>,
    elapsed: Option<usize>,
    utc: bool,
    moves: Vec<Move>,
}

/// Values cut off as a batch.
#[derive(Debug)]
struct Chunk {
    first: u64,
    metrics: Vec<i32>,
    lives: Vec<u32>,
    /// step epoch wall_time elapsed value text attempt rank offset
    columns: Vec<ArrayRef>,
}

/// See the module. With `store` off it only finds out the [`Outline`].
pub struct Long {
    pub outline: Outline,
    pub converted: u64,
    pub superseded: u64,
    wanted: Wanted,
    store: bool,
    stitching: bool,
    batch: usize,
    plans: Vec<Plan>,
    before: u64,
    len: usize,
    metrics: Vec<i32>,
    lives: Vec<u32>,
    words: [Words; 8],
    texts: Texts,
    chunks: VecDeque<Chunk>,
    rows: u64,
}

const STEP: usize = 0;
const EPOCH: usize = 1;
const WALL_TIME: usize = 2;
const ELAPSED: usize = 3;
const VALUE: usize = 4;
const ATTEMPT: usize = 5;
const RANK: usize = 6;
const OFFSET: usize = 7;

impl Long {
    pub fn new(wanted: Wanted, store: bool, stitching: bool, batch: usize) -> Self {
        Long {
            outline: Outline::default(),
            converted: 0,
            superseded: 0,
            wanted,
            store,
            stitching,
            batch,
            plans: Vec::new(),
            before: 0,
            len: 0,
            metrics: Vec::new(),
            lives: Vec::new(),
            words: Default::default(),
            texts: Texts::default(),
            chunks: VecDeque::new(),
            rows: 0,
        }
    }

    /// A second pass after a survey: the metrics and the resumes are known beforehand.
    pub fn known(outline: Outline, wanted: Wanted, stitching: bool, batch: usize) -> Self {
        Long { outline, ..Long::new(wanted, true, stitching, batch) }
    }

    pub fn finish(&mut self) {
        self.cut();
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn schema(outline: &Outline, run: bool) -> SchemaRef {
        let mut fields = Vec::new();
        if run {
            fields.push(ArrowField::new("run", words(), false));
        }
        fields.extend([
            ArrowField::new("kind", words(), false),
            ArrowField::new("metric", words(), false),
            ArrowField::new("step", DataType::Int64, false),
            ArrowField::new("epoch", DataType::Float64, true),
            ArrowField::new("wall_time", outline.time_type(), true),
            ArrowField::new("elapsed", DataType::Float64, true),
            ArrowField::new("value", DataType::Float64, true),
            ArrowField::new("text", DataType::Utf8, true),
            ArrowField::new("attempt", DataType::Int64, false),
            ArrowField::new("rank", DataType::Int64, false),
            ArrowField::new("offset", DataType::Int64, false),
        ]);
        Arc::new(Schema::new(fields))
    }

    pub fn take(&mut self, schema: &SchemaRef, outline: &Outline, run: Option<&str>) -> Option<Result<RecordBatch>> {
        let chunk = self.chunks.pop_front()?;
        Some(self.assembled(chunk, schema, outline, run))
    }

    fn assembled(
        &mut self,
        chunk: Chunk,
        schema: &SchemaRef,
        outline: &Outline,
        run: Option<&str>,
    ) -> Result<RecordBatch> {
        let len = chunk.metrics.len();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(12);
        if let Some(run) = run {
            arrays.push(run_column(run, len));
        }
        let kinds: Vec<&str> = self.outline.metrics.iter().map(|m| &*m.kind).collect();
        let names: Vec<&str> = self.outline.metrics.iter().map(|m| &*m.name).collect();
        arrays.push(shared(&chunk.metrics, &kinds));
        arrays.push(dictionary(chunk.metrics.clone(), &names));
        arrays.extend(chunk.columns.iter().cloned());
        let zone = usize::from(run.is_some()) + 4;
        if let (Some(times), true) =
            (arrays[zone].as_any().downcast_ref::<arrow_array::TimestampMicrosecondArray>(), outline.utc)
        {
            arrays[zone] = Arc::new(times.clone().with_timezone("UTC"));
        }
        let batch = RecordBatch::try_new(Arc::clone(schema), arrays)
            .map_err(|e| Error::new(Kind::Usage, format!("wanted columns of one length, found {e}")))?;
        let stays: Vec<bool> = self.outline.metrics.iter().map(|m| !m.guessed || m.count >= RECURS).collect();
        if self.outline.stitch.is_empty() && stays.iter().all(|&s| s) {
            return Ok(batch);
        }
        let kept = self.kept(&chunk, &stays);
        compacted(&batch, &kept)
    }

    /// The stretches that no resume wrote again and whose metric recurs.
    fn kept(&mut self, chunk: &Chunk, stays: &[bool]) -> Vec<(usize, usize)> {
        let int = |k: usize| chunk.columns[k].as_any().downcast_ref::<Int64Array>();
        let (Some(steps), Some(ranks)) = (int(0), int(7)) else { return Vec::new() };
        let mut kept: Vec<(usize, usize)> = Vec::new();
        for (i, &metric) in chunk.metrics.iter().enumerate() {
            let position = chunk.first + i as u64;
            let old = self.stitching
                && self.outline.stitch.supersedes(position, ranks.value(i), chunk.lives[i], steps.value(i));
            self.superseded += u64::from(old);
            if old || !stays[metric as usize] {
                continue;
            }
            match kept.last_mut() {
                Some((_, end)) if *end == i => *end = i + 1,
                _ => kept.push((i, i + 1)),
            }
        }
        kept
    }

    fn metric(&mut self, field: &Field, text: bool, guessed: bool) -> usize {
        self.outline.place(field, text, guessed)
    }

    fn push(&mut self, m: Move, slot: u64, rows: &Rows, at: &At) {
        if slot == MISSING {
            return;
        }
        self.outline.metrics[m.metric].count += 1;
        self.len += 1;
        if self.store {
            let value = match m.holds {
                Holds::Text => MISSING,
                Holds::Batch => (slot as i64 as f64).to_bits(),
                _ => slot,
            };
            let value = m.factor.map_or(value, |factor| (f64::from_bits(value) * factor).to_bits());
            self.converted += u64::from(m.factor.is_some());
            self.metrics.push(m.metric as i32);
            self.lives.push(at.life);
            let context = [
                at.step as u64,
                at.epoch,
                at.wall_time,
                at.elapsed,
                value,
                i64::from(at.attempt) as u64,
                at.rank as u64,
                at.offset,
            ];
            for (words, slot) in self.words.iter_mut().zip(context) {
                words.push(slot);
            }
            if m.holds == Holds::Text {
                self.texts.pad(self.len - 1);
                self.texts.push(Some(cut_text(&rows.text_of(slot))));
            }
        }
        if self.len >= self.batch {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let len = std::mem::take(&mut self.len);
        let first = self.before;
        self.before += len as u64;
        if len == 0 || !self.store {
            return;
        }
        let text = if self.texts.is_empty() {
            new_null_array(&DataType::Utf8, len)
        } else {
            self.texts.pad(len);
            self.texts.take()
        };
        let columns = vec![
            self.words[STEP].take_i64(),
            self.words[EPOCH].take_f64(),
            self.words[WALL_TIME].take_time(false),
            self.words[ELAPSED].take_f64(),
            self.words[VALUE].take_f64(),
            text,
            self.words[ATTEMPT].take_i64(),
            self.words[RANK].take_i64(),
            self.words[OFFSET].take_i64(),
        ];
        let (metrics, lives) = (std::mem::take(&mut self.metrics), std::mem::take(&mut self.lives));
        self.chunks.push_back(Chunk { first, metrics, lives, columns });
    }

    fn push_all(&mut self, shape: usize, rows: &Rows, slots: &[u64], at: &At) {
        self.outline.note(at);
        for k in 0..self.plans[shape].moves.len() {
            let m = self.plans[shape].moves[k];
            self.push(m, slots[m.slot], rows, at);
        }
    }
}

impl Collector for Long {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize {
        let mut plan = Plan {
            epoch: shape.position(Holds::Epoch),
            wall_time: shape.position(Holds::WallTime),
            elapsed: shape.position(Holds::Elapsed),
            utc: shape.utc,
            moves: Vec::new(),
        };
        let batch = Field::metric("batch", &shape.kind, Naming::Stored, None);
        for (slot, field) in shape.fields.iter().enumerate() {
            let field = match field.holds {
                Holds::Metric | Holds::Text => field,
                Holds::Batch => &batch,
                _ => continue,
            };
            if !self.wanted.takes(field) {
                continue;
            }
            let holds = shape.fields[slot].holds;
            let metric = self.metric(field, holds == Holds::Text, shape.guessed);
            let factor = match (&field.unit, &self.outline.metrics[metric].unit) {
                (Some(from), Some(to)) if from != to => factor(from, to),
                _ => None,
            };
            plan.moves.push(Move { slot, metric, factor, holds });
        }
        self.plans.push(plan);
        self.plans.len() - 1
    }

    fn open(&mut self, _at: &At) {
        self.rows += 1;
    }

    fn add(&mut self, shape: usize, rows: &Rows, slots: &[u64], at: &At) {
        self.push_all(shape, rows, slots, at);
    }

    fn stretch(&mut self, shape: usize, stretch: Stretch<'_>) {
        for (k, head) in stretch.heads.iter().enumerate() {
            let slots = stretch.rows.slots_of(head);
            let plan = &self.plans[shape];
            let slot = |at: Option<usize>, or: u64| at.map_or(or, |k| if slots[k] == MISSING { or } else { slots[k] });
            let at = At {
                step: stretch.step(k),
                epoch: slot(plan.epoch, stretch.at.epoch),
                wall_time: slot(plan.wall_time, MISSING),
                elapsed: slot(plan.elapsed, MISSING),
                utc: plan.utc,
                offset: head.offset,
                ..stretch.at
            };
            self.rows += 1;
            self.push_all(shape, stretch.rows, slots, &at);
        }
    }

    fn position(&self) -> u64 {
        self.before + self.len as u64
    }

    fn resume(&mut self, at: &At, position: u64) {
        self.outline.note_resume(Resume { rank: at.rank, life: at.life, step: at.step, position });
    }
}

/// A dictionary in which keys of equal words are one.
fn shared(keys: &[i32], words: &[&str]) -> ArrayRef {
    let mut distinct: Vec<&str> = Vec::new();
    let mut known: HashMap<&str, i32> = HashMap::new();
    let of: Vec<i32> = words
        .iter()
        .map(|word| {
            *known.entry(word).or_insert_with(|| {
                distinct.push(word);
                distinct.len() as i32 - 1
            })
        })
        .collect();
    dictionary(keys.iter().map(|&key| of[key as usize]).collect(), &distinct)
}
