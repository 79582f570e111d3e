//! Takes whole columns as they are: batches are cut out of their memory, nothing is copied.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, TimestampMicrosecondArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};

use crate::collect::column::{Texts, Words};
use crate::collect::outline::cut_text;
use crate::collect::wide::chunk::Chunk;
use crate::collect::wide::store::Store;
use crate::collect::wide::{Move, Wide};
use crate::collect::{At, Columns};
use crate::row::{MISSING, Rows};

/// The arrays of all rows: step, epoch, time and time elapsed, and the metrics.
struct Arrays {
    steps: ArrayRef,
    context: [Option<ArrayRef>; 3],
    metrics: Vec<Option<ArrayRef>>,
}

impl Wide {
    /// Appends the rows of columns, in batches of their own.
    pub(super) fn adopt(&mut self, shape: usize, mut columns: Columns) {
        let rows = columns.rows();
        if rows == 0 {
            return;
        }
        self.cut();
        let moves = self.plans[shape].moves.clone();
        for m in &moves {
            self.convert(m, &mut columns.columns[m.slot]);
        }
        let at = self.note_first(shape, &columns);
        if !self.store {
            self.before += rows as u64;
            return;
        }
        let arrays = self.arrays(shape, &moves, columns, rows);
        for from in (0..rows).step_by(self.most.max(1)) {
            let len = self.most.min(rows - from);
            self.owner(&at, len);
            self.cut_off(&arrays, from, len);
        }
    }

    /// Puts the numbers of a column into its unit, and notes them.
    fn convert(&mut self, m: &Move, slots: &mut [u64]) {
        let first = slots.iter().position(|&slot| slot != MISSING).unwrap_or_default();
        let count = slots[first..].iter().filter(|&&slot| slot != MISSING).count() as u64;
        self.outline.metrics[m.column].note(count, || self.before + first as u64, m.slot);
        let factor = m.factor.unwrap_or(1.0);
        if m.integer || m.factor.is_some() {
            self.converted += if m.integer { 0 } else { count };
            for slot in slots.iter_mut().filter(|slot| **slot != MISSING) {
                let value = if m.integer { *slot as i64 as f64 } else { f64::from_bits(*slot) };
                *slot = (value * factor).to_bits();
            }
        }
    }

    /// Notes what context there is; gives what all rows share.
    fn note_first(&mut self, shape: usize, columns: &Columns) -> At {
        let plan = &self.plans[shape];
        let first = |slot: Option<usize>| {
            let column = slot.and_then(|slot| columns.columns.get(slot));
            column.and_then(|column| column.iter().find(|&&slot| slot != MISSING)).copied().unwrap_or(MISSING)
        };
        let (epoch, wall_time, elapsed) = (first(plan.epoch), first(plan.wall_time), first(plan.elapsed));
        let at = At { epoch, wall_time, elapsed, utc: plan.utc, ..columns.at };
        self.note(&at);
        at
    }

    fn arrays(&self, shape: usize, moves: &[Move], columns: Columns, rows: usize) -> Arrays {
        let plan = &self.plans[shape];
        let Columns { mut columns, texts, .. } = columns;
        let mut taken = |slot: usize| Some(std::mem::take(&mut columns[slot])).filter(|column| !column.is_empty());
        let context = [
            plan.epoch.and_then(&mut taken).map(|column| floats(column, rows)),
            plan.wall_time.and_then(&mut taken).map(|column| times(column, rows)),
            plan.elapsed.and_then(&mut taken).map(|column| floats(column, rows)),
        ];
        let mut metrics = vec![None; self.columns.len()];
        for m in moves {
            metrics[m.column] = taken(m.slot).map(|column| match &self.columns[m.column] {
                Store::Numbers(_) => floats(column, rows),
                Store::Texts(_) => words(&column, rows, &texts),
            });
        }
        Arrays { steps: steps(taken(0).unwrap_or_default(), rows), context, metrics }
    }

    /// A batch of some of the rows.
    fn cut_off(&mut self, arrays: &Arrays, from: usize, len: usize) {
        let part = |array: &Option<ArrayRef>| array.as_ref().map(|array| array.slice(from, len));
        let owned = |words: &mut Words| (!words.is_empty()).then(|| words.take_i64());
        let [epoch, wall_time, elapsed] = arrays.context.each_ref().map(part);
        let (ranks, attempts) = (owned(&mut self.ranks), owned(&mut self.attempts));
        let at = [Some(arrays.steps.slice(from, len)), ranks, attempts, epoch, wall_time, elapsed];
        let lives = (!self.lives.is_empty()).then(|| std::mem::take(&mut self.lives));
        let columns = arrays.metrics.iter().map(part).collect();
        self.chunks.push_back(Chunk { first: self.before, len, at, lives, columns });
        self.before += len as u64;
    }
}

/// The memory of a column and its nulls, up to so many rows.
fn parts(mut column: Vec<u64>, rows: usize) -> (Buffer, Option<NullBuffer>) {
    column.resize(rows, MISSING);
    let there = column.contains(&MISSING).then(|| BooleanBuffer::collect_bool(rows, |row| column[row] != MISSING));
    (Buffer::from_vec(column), there.map(NullBuffer::new))
}

fn steps(column: Vec<u64>, rows: usize) -> ArrayRef {
    let (buffer, nulls) = parts(column, rows);
    Arc::new(Int64Array::new(ScalarBuffer::new(buffer, 0, rows), nulls))
}

fn floats(column: Vec<u64>, rows: usize) -> ArrayRef {
    let (buffer, nulls) = parts(column, rows);
    Arc::new(Float64Array::new(ScalarBuffer::new(buffer, 0, rows), nulls))
}

fn times(column: Vec<u64>, rows: usize) -> ArrayRef {
    let (buffer, nulls) = parts(column, rows);
    Arc::new(TimestampMicrosecondArray::new(ScalarBuffer::new(buffer, 0, rows), nulls))
}

fn words(column: &[u64], rows: usize, texts: &Rows) -> ArrayRef {
    let mut out = Texts::default();
    for &slot in column {
        match slot {
            MISSING => out.push(None),
            slot => out.push(Some(cut_text(&texts.text_of(slot)))),
        }
    }
    out.pad(rows);
    out.take()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::collect::Collector;
    use crate::collect::outline::{Meaning, Outline};
    use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};
    use crate::wanted::Wanted;

    fn shape(metrics: usize) -> Arc<Shape> {
        let mut fields: Vec<Field> =
            [Holds::Step, Holds::Epoch, Holds::WallTime, Holds::Elapsed].map(Field::context).into();
        fields.extend((0..metrics).map(|k| Field::metric(&format!("m{k}"), TRAIN, Naming::Stored, None)));
        fields.push(Field::text("note", TRAIN, Naming::Stored));
        Arc::new(Shape { rule: 0, kind: TRAIN.into(), keep: Keep::All, utc: true, guessed: false, fields })
    }

    /// Numbers and holes; texts are all the same.
    fn columns(shape: &Arc<Shape>, steps: &[i64], cells: &[Vec<Option<f64>>], attempt: i32) -> Columns {
        let mut texts = Rows { shapes: vec![Arc::clone(shape)], ..Rows::default() };
        let text = texts.keep_text(b"a fox");
        let mut columns = vec![steps.iter().map(|&step| step as u64).collect()];
        for (k, cells) in cells.iter().enumerate() {
            // Context is of every row, or of none.
            let holes = cells.iter().take(steps.len()).any(Option::is_none) || cells.len() < steps.len();
            let cells = if k < 3 && holes { &Vec::new() } else { cells };
            let present = |value: f64| if k + 1 == shape.fields.len() - 1 { text } else { value.to_bits() };
            columns.push(cells.iter().take(steps.len()).map(|cell| cell.map_or(MISSING, present)).collect());
        }
        // The bits of numbers are times, too.
        columns.resize_with(shape.fields.len(), Vec::new);
        Columns { columns, texts, at: At { attempt, life: 1, ..At::default() } }
    }

    fn whole(mut table: Wide) -> Vec<String> {
        let outline = table.outline.clone();
        let schema = outline.schema(false).unwrap();
        let mut cells = Vec::new();
        while let Some(batch) = table.take(&schema, &outline, None) {
            let batch = batch.unwrap();
            let row = |row: usize| batch.columns().iter().map(|c| format!("{:?}", c.slice(row, 1))).collect::<String>();
            cells.extend((0..batch.num_rows()).map(row));
        }
        cells
    }

    proptest! {
        /// Against the plain way: row by row.
        #[test]
        fn columns_are_the_rows_that_they_hold(
            steps in proptest::collection::vec(0i64..100, 0..30),
            cells in proptest::collection::vec(proptest::collection::vec(proptest::option::weighted(0.8, -1.0..1.0), 0..30), 7),
            batch in 1usize..40,
            stretches in 1i32..3,
        ) {
            let shape = shape(3);
            let table = || Wide::new(Wanted::default(), true, true, batch);
            let (mut quick, mut plain) = (table(), table());
            for attempt in 0..stretches {
                let place = quick.admit(&shape);
                quick.columns(place, columns(&shape, &steps, &cells, attempt));
                let place = plain.admit(&shape);
                columns(&shape, &steps, &cells, attempt).as_rows(&mut |stretch| plain.stretch(place, stretch));
            }

            prop_assert_eq!(quick.position(), plain.position());
            quick.finish();
            plain.finish();
            let noted = |outline: &Outline| {
                let first = |m: &Meaning| (m.name.clone(), m.count, m.first.map(|(row, _)| row));
                let there = [outline.attempts, outline.epochs, outline.wall_times, outline.utc, outline.elapsed];
                (outline.columns().map(|(_, m)| first(m)).collect::<Vec<_>>(), there)
            };
            prop_assert_eq!(noted(&quick.outline), noted(&plain.outline));
            prop_assert_eq!(whole(quick), whole(plain));
        }
    }
}
