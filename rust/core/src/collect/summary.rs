//! The summary table: a row a metric, in memory that does not grow with the log.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::RecordBatch;

use crate::collect::curve::Curve;
use crate::collect::outline::{Outline, RECURS};
use crate::collect::sketch::Sketch;
use crate::collect::stitch::Resume;
use crate::collect::sums::{Sum, Sums};
use crate::collect::unit::factor;
use crate::collect::{At, Collector, Stretch};
use crate::error::Result;
use crate::row::{MISSING, Rows};
use crate::types::{Field, Holds, Naming, Shape};
use crate::wanted::Wanted;

/// Sketches whose memory is kept for the next table.
const SPARE: usize = 32;

#[derive(Debug, Clone, Copy)]
struct Move {
    slot: usize,
    metric: usize,
    factor: Option<f64>,
    integer: bool,
    /// Whether its curve is told.
    told: bool,
}

/// See the module.
pub struct Summary {
    pub outline: Outline,
    pub converted: u64,
    pub superseded: u64,
    wanted: Wanted,
    /// The metrics whose curves are told; none when there are no columns for them.
    curves: Option<Wanted>,
    /// Resumes known from an earlier pass: the rows they wrote again are left out.
    known: Outline,
    plans: Vec<Vec<Move>>,
    /// By life (between new starts), then metric.
    sketches: BTreeMap<u32, Vec<Sketch>>,
    /// The same of the metrics whose curves are told.
    drawn: BTreeMap<u32, Vec<Curve>>,
    lengths: BTreeMap<u32, u64>,
    lines: u64,
    rows: u64,
    attempts: i32,
    taken: bool,
    /// The steps and the values of a stretch, for each of its metrics.
    column: Column,
    /// Of tables before, to be used again.
    spare: Vec<Sketch>,
}

/// Memory for a metric of a stretch of rows.
#[derive(Debug, Default)]
struct Column {
    /// Of all rows.
    steps: Vec<i64>,
    slots: Vec<u64>,
    /// Of the rows that have the metric.
    own: Vec<i64>,
    values: Vec<f64>,
}

impl Summary {
    pub fn new(wanted: Wanted, curves: Vec<String>, known: Outline) -> Self {
        Summary {
            curves: (!curves.is_empty()).then(|| Wanted::new(Some(curves))),
            outline: Outline::default(),
            converted: 0,
            superseded: 0,
            wanted,
            known,
            plans: Vec::new(),
            sketches: BTreeMap::new(),
            drawn: BTreeMap::new(),
            lengths: BTreeMap::new(),
            lines: 0,
            rows: 0,
            attempts: 0,
            taken: false,
            column: Column::default(),
            spare: Vec::new(),
        }
    }

    /// The same in the memory of sketches of others.
    pub fn within(self, spare: Vec<Sketch>) -> Self {
        Summary { spare, ..self }
    }

    /// Sketches that it needs no more, empty.
    pub fn take_spare(&mut self) -> Vec<Sketch> {
        std::mem::take(&mut self.spare)
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether the columns of curves are there: what tells equal series, and where a curve runs.
    pub fn tells_curves(&self) -> bool {
        self.curves.is_some()
    }

    fn tells(&self, metric: usize) -> bool {
        let metric = &self.outline.metrics[metric];
        self.curves.as_ref().is_some_and(|curves| curves.takes_name(&metric.name) || curves.takes_name(&metric.printed))
    }

    /// The life with the most rows: what a run that was begun anew is judged by.
    fn longest(&self) -> Option<u32> {
        let most = *self.lengths.values().max()?;
        self.lengths.iter().find(|(_, rows)| **rows == most).map(|(life, _)| *life)
    }

    /// The rows, as a batch of their own.
    pub fn take(&mut self, run: Option<&str>) -> Option<Result<RecordBatch>> {
        let mut sums = Sums::new(run.is_some(), self.tells_curves());
        self.sum_up(run, &mut sums).then(|| sums.take())
    }

    /// Adds the rows to those of others, once; false where there are none.
    pub fn sum_up(&mut self, run: Option<&str>, sums: &mut Sums) -> bool {
        let sketches = std::mem::take(&mut self.sketches);
        let longest = self.longest().filter(|_| !std::mem::replace(&mut self.taken, true));
        let mut there = false;
        for (life, mut sketches) in sketches {
            if Some(life) == longest {
                sketches.iter_mut().filter(|sketch| sketch.is_long()).for_each(Sketch::close);
                sums.begin(run.unwrap_or_default());
                self.add_to(sums, life, &sketches);
                there = true;
            }
            // Of a thousand runs, only these rows stay.
            self.spare.extend(sketches.into_iter().map(Sketch::emptied));
        }
        self.spare.truncate(SPARE);
        self.drawn.clear();
        (self.plans, self.column) = (Vec::new(), Column::default());
        there
    }

    fn add_to(&self, sums: &mut Sums, life: u32, sketches: &[Sketch]) {
        let drawn = self.drawn.get(&life).map_or(&[][..], Vec::as_slice);
        for (k, (sketch, metric)) in sketches.iter().zip(&self.outline.metrics).enumerate() {
            if sketch.n > 0 && (!metric.guessed || sketch.n >= RECURS) {
                sums.push(&Sum {
                    metric: &metric.name,
                    kind: &metric.kind,
                    unit: metric.unit.as_deref(),
                    sketch,
                    attempts: i64::from(self.attempts) + 1,
                    curve: drawn.get(k).filter(|curve| curve.there()),
                });
            }
        }
    }

    fn line(&mut self, shape: usize, slots: &[u64], at: &At) {
        let position = self.lines;
        self.lines += 1;
        self.attempts = self.attempts.max(at.attempt);
        self.outline.note(at);
        if self.known.stitch.supersedes(position, at.rank, at.life, at.step) {
            self.superseded += 1;
            return;
        }
        let sketches = self.sketches.entry(at.life).or_default();
        for m in &self.plans[shape] {
            let slot = slots[m.slot];
            if slot == MISSING {
                continue;
            }
            self.converted += u64::from(m.factor.is_some());
            sketch_of(sketches, m.metric, self.curves.is_some(), &mut self.spare).add(at.step, m.value(slot));
            if m.told {
                curve_of(self.drawn.entry(at.life).or_default(), m.metric).add(at.rank, at.step, m.value(slot));
            }
            self.outline.metrics[m.metric].count += 1;
        }
    }

    /// A stretch of which no row was written again, a metric at a time.
    fn columns(&mut self, shape: usize, stretch: Stretch<'_>) {
        let rows = stretch.heads.len() as u64;
        self.rows += rows;
        self.lines += rows;
        self.attempts = self.attempts.max(stretch.at.attempt);
        self.outline.note(&stretch.at);
        *self.lengths.entry(stretch.at.life).or_default() += rows;
        let sketches = self.sketches.entry(stretch.at.life).or_default();
        let (digest, column) = (self.curves.is_some(), &mut self.column);
        column.take_steps(&stretch);
        for m in &self.plans[shape] {
            let (steps, values) = column.of(m, &stretch);
            sketch_of(sketches, m.metric, digest, &mut self.spare).extend(steps, values);
            if m.told && !values.is_empty() {
                let drawn = self.drawn.entry(stretch.at.life).or_default();
                curve_of(drawn, m.metric).extend(stretch.at.rank, steps, values);
            }
            let added = values.len() as u64;
            self.converted += added * u64::from(m.factor.is_some());
            self.outline.metrics[m.metric].count += added;
        }
    }
}

impl Column {
    fn take_steps(&mut self, stretch: &Stretch<'_>) {
        self.steps.clear();
        self.steps.extend((0..stretch.heads.len()).map(|row| stretch.step(row)));
    }

    /// Steps and values of the rows that have the metric.
    fn of(&mut self, m: &Move, stretch: &Stretch<'_>) -> (&[i64], &[f64]) {
        let (slots, all) = (&mut self.slots, &stretch.rows.slots);
        slots.clear();
        slots.extend(stretch.heads.iter().map(|head| all[head.at as usize + m.slot]));
        self.values.clear();
        if !slots.iter().fold(false, |any, &slot| any | (slot == MISSING)) {
            self.values.extend(slots.iter().map(|&slot| m.value(slot)));
            return (&self.steps, &self.values);
        }
        let there = || slots.iter().zip(&self.steps).filter(|(slot, _)| **slot != MISSING);
        self.own.clear();
        self.own.extend(there().map(|(_, step)| step));
        self.values.extend(there().map(|(&slot, _)| m.value(slot)));
        (&self.own, &self.values)
    }
}

fn curve_of(drawn: &mut Vec<Curve>, metric: usize) -> &mut Curve {
    if drawn.len() <= metric {
        drawn.resize_with(metric + 1, Curve::default);
    }
    &mut drawn[metric]
}

fn sketch_of<'a>(
    sketches: &'a mut Vec<Sketch>,
    metric: usize,
    digest: bool,
    spare: &mut Vec<Sketch>,
) -> &'a mut Sketch {
    while sketches.len() <= metric {
        let sketch = spare.pop().unwrap_or_default();
        sketches.push(if digest { sketch.with_digest() } else { sketch });
    }
    &mut sketches[metric]
}

impl Move {
    fn value(&self, slot: u64) -> f64 {
        let value = if self.integer { slot as i64 as f64 } else { f64::from_bits(slot) };
        value * self.factor.unwrap_or(1.0)
    }
}

impl Collector for Summary {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize {
        let batch = Field::metric("batch", &shape.kind, Naming::Stored, None);
        let mut moves = Vec::new();
        for (slot, field) in shape.fields.iter().enumerate() {
            let (field, integer) = match field.holds {
                Holds::Metric => (field, false),
                Holds::Batch => (&batch, true),
                _ => continue,
            };
            if self.wanted.takes(field) {
                let metric = self.outline.place(field, false, shape.guessed);
                let factor = match (&field.unit, &self.outline.metrics[metric].unit) {
                    (Some(from), Some(to)) if from != to => factor(from, to),
                    _ => None,
                };
                let told = self.tells(metric);
                moves.push(Move { slot, metric, factor, integer, told });
            }
        }
        self.plans.push(moves);
        self.plans.len() - 1
    }

    fn open(&mut self, at: &At) {
        self.rows += 1;
        *self.lengths.entry(at.life).or_default() += 1;
    }

    fn add(&mut self, shape: usize, _rows: &Rows, slots: &[u64], at: &At) {
        self.line(shape, slots, at);
    }

    fn stretch(&mut self, shape: usize, stretch: Stretch<'_>) {
        if self.known.stitch.is_empty() {
            return self.columns(shape, stretch);
        }
        for (k, head) in stretch.heads.iter().enumerate() {
            let at = At { step: stretch.step(k), offset: head.offset, ..stretch.at };
            self.open(&at);
            self.line(shape, stretch.rows.slots_of(head), &at);
        }
    }

    fn position(&self) -> u64 {
        self.lines
    }

    fn resume(&mut self, at: &At, position: u64) {
        self.outline.note_resume(Resume { rank: at.rank, life: at.life, step: at.step, position });
    }
}
