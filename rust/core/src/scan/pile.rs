//! The rows of small sources, put under one another as each is read: what it was read into then serves the next.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch, make_array};
use arrow_buffer::{Buffer, NullBufferBuilder};
use arrow_data::ArrayData;
use arrow_schema::{DataType, SchemaRef};
use bytes::Bytes;
use fastlogs_simd::Column;

use crate::collect::outline::Outline;
use crate::collect::supply::{LARGE, Supply};
use crate::collect::table;
use crate::error::{Error, Kind, Result};
use crate::scan::pass::Done;

/// Rows of sources that have the same columns.
struct Pile {
    /// Which of the sources has the rows of all.
    first: usize,
    outline: Outline,
    schema: SchemaRef,
    /// The runs, and how many rows each has.
    runs: Vec<(String, usize)>,
    columns: Vec<Pieces>,
}

/// A column that grows.
enum Pieces {
    /// 64-bit values, in memory that was taken for all sources at once.
    Words(Column, NullBufferBuilder),
    Arrays(Vec<ArrayRef>),
}

/// What sources have in common that lie in one pile: their columns, as far as a schema tells them.
fn alike(one: &Outline, other: &Outline) -> bool {
    let columns = |outline: &Outline| outline.columns().map(|(_, m)| (m.name.clone(), m.text)).collect::<Vec<_>>();
    one.context() == other.context() && columns(one) == columns(other)
}

/// The columns of a source as its pile has them: whether a guessed one is one depends on the sources to come, and so
/// does whether ranks are told.
fn outline_of(done: &Done) -> Outline {
    let mut outline = done.outline().clone();
    outline.metrics.iter_mut().for_each(|metric| metric.guessed = false);
    outline.ranks |= done.has_ranks();
    outline
}

/// The piles of a stretch of sources, in order.
#[derive(Default)]
pub struct Piles {
    open: Option<Pile>,
    closed: usize,
}

impl Piles {
    /// Moves the rows of the next source to the pile that has its columns; `ahead` are the bytes of those to come.
    pub fn add(&mut self, done: &mut Done, before: &mut [Done], ahead: u64, run: bool) -> Result<()> {
        if done.rows() == 0 {
            return Ok(());
        }
        let outline = outline_of(done);
        if !self.open.as_ref().is_some_and(|pile| alike(&pile.outline, &outline)) {
            self.close(before, run)?;
            // Too many columns are refused when all are known.
            let Ok(schema) = outline.schema(false) else { return Ok(()) };
            self.open = Some(Pile::new(before.len(), outline, schema, likely_rows(done, ahead)));
        }
        self.open.as_mut().map_or(Ok(()), |pile| pile.take(done))
    }

    /// Gives the rows of the pile to the first of its sources.
    pub fn close(&mut self, dones: &mut [Done], run: bool) -> Result<()> {
        let Some(pile) = self.open.take() else { return Ok(()) };
        self.closed += 1;
        let (first, batch) = pile.whole(run)?;
        if let Some(done) = dones.get_mut(first) {
            done.joined = Some(batch);
        }
        Ok(())
    }

    /// Whether the rows lie in several places.
    pub fn are_many(&self) -> bool {
        self.closed > 1
    }
}

/// Rows to make room for, as the sources to come are mostly like this one.
fn likely_rows(done: &Done, ahead: u64) -> usize {
    let (rows, bytes) = (done.rows(), done.bytes().max(1));
    let alike = u128::from(rows) * u128::from(bytes + ahead) / u128::from(bytes);
    let most = (bytes + ahead) / 16;
    usize::try_from(alike + alike / 32).unwrap_or(usize::MAX).min(usize::try_from(most).unwrap_or(usize::MAX))
}

impl Pile {
    fn new(first: usize, outline: Outline, schema: SchemaRef, rows: usize) -> Pile {
        let mut supply = Supply::new(rows, LARGE);
        let columns = schema.fields().iter().map(|field| match field.data_type() {
            DataType::Float64 | DataType::Int64 | DataType::Timestamp(..) => {
                Pieces::Words(supply.column(), NullBufferBuilder::new(rows))
            }
            _ => Pieces::Arrays(Vec::new()),
        });
        let columns = columns.collect();
        Pile { first, outline, schema, runs: Vec::new(), columns }
    }

    /// Moves the rows of a source here.
    fn take(&mut self, done: &mut Done) -> Result<()> {
        let mut rows = 0;
        while let Some(batch) = done.take(&self.schema, &self.outline, false) {
            let batch = batch?;
            rows += batch.num_rows();
            self.columns.iter_mut().zip(batch.columns()).for_each(|(pieces, array)| pieces.add(array));
        }
        self.runs.push((done.run.clone(), rows));
        Ok(())
    }

    /// The source that has the rows of all, and these.
    fn whole(self, run: bool) -> Result<(usize, RecordBatch)> {
        let Pile { first, outline, runs, columns, .. } = self;
        let names = run.then(|| Ok(run_column(&runs)));
        let pieces = self.schema.fields().iter().zip(columns);
        let others = pieces.map(|(field, pieces)| pieces.whole(field.data_type()));
        let columns = names.into_iter().chain(others).collect::<Result<_>>()?;
        Ok((first, table::batch(&outline.schema(run)?, columns)?))
    }
}

/// The name of its run, a row a row.
fn run_column(runs: &[(String, usize)]) -> ArrayRef {
    let names: Vec<&str> = runs.iter().map(|(name, _)| &**name).collect();
    let keys = (0..).zip(runs).flat_map(|(key, (_, rows))| std::iter::repeat_n(key, *rows));
    table::dictionary(keys.collect(), &names)
}

impl Pieces {
    fn add(&mut self, array: &ArrayRef) {
        match self {
            Pieces::Words(values, nulls) => {
                let words = words(array);
                values.extend(words.len(), words.iter().copied());
                match array.nulls() {
                    Some(theirs) => nulls.append_buffer(theirs),
                    None => nulls.append_n_non_nulls(array.len()),
                }
            }
            Pieces::Arrays(arrays) => arrays.push(ArrayRef::clone(array)),
        }
    }

    fn whole(self, kind: &DataType) -> Result<ArrayRef> {
        match self {
            Pieces::Words(values, mut nulls) => {
                let rows = values.len();
                let values = Buffer::from(Bytes::from_owner(values));
                let data = ArrayData::builder(kind.clone()).len(rows).add_buffer(values).nulls(nulls.finish());
                data.build()
                    .map(make_array)
                    .map_err(|e| Error::new(Kind::Usage, format!("wanted columns of one length, found {e}")))
            }
            Pieces::Arrays(arrays) => table::appended(arrays.iter()),
        }
    }
}

/// The 64-bit values of an array, whatever they mean; none of other arrays.
fn words(array: &ArrayRef) -> &[u64] {
    let buffer = match array.data_type() {
        DataType::Float64 => array.as_primitive_opt::<Float64Type>().map(|a| a.values().inner()),
        DataType::Int64 => array.as_primitive_opt::<Int64Type>().map(|a| a.values().inner()),
        DataType::Timestamp(..) => array.as_primitive_opt::<TimestampMicrosecondType>().map(|a| a.values().inner()),
        _ => None,
    };
    buffer.map_or(&[], |buffer| buffer.typed_data())
}
