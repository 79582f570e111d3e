//! Makes few batches of many: the rows of small sources as one, and columns fitted to what all sources have.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, TimestampMicrosecondArray, new_null_array};
use arrow_schema::{DataType, Field, SchemaRef};

use crate::collect::outline::Outline;
use crate::collect::table;
use crate::error::Result;
use crate::scan::pass::Done;

/// Gives the first of these sources the rows of all, in the columns that they have.
pub fn gather(dones: &mut [Done], run: bool) -> Result<()> {
    let mut outline = Outline::default();
    dones.iter().for_each(|done| outline.unite(done.outline()));
    // Whether a guessed column is one depends on the sources to come, and so does whether ranks are told.
    outline.metrics.iter_mut().for_each(|metric| metric.guessed = false);
    outline.ranks |= dones.iter().any(Done::has_ranks);
    // Too many columns are refused when all are known.
    let Ok(schema) = outline.schema(run) else { return Ok(()) };
    let mut few = Vec::new();
    for done in dones.iter_mut() {
        while let Some(batch) = done.take(&schema, &outline, run) {
            few.push(batch?);
        }
    }
    if let (Some(first), Some(batch)) = (dones.first_mut(), joined(few)?) {
        first.joined = Some(batch);
    }
    Ok(())
}

/// Batches of one schema as one.
pub fn joined(mut few: Vec<RecordBatch>) -> Result<Option<RecordBatch>> {
    if few.len() < 2 {
        return Ok(few.pop());
    }
    let schema = few[0].schema();
    let columns = (0..schema.fields().len()).map(|k| table::appended(few.iter().map(|batch| batch.column(k))));
    let columns = columns.collect::<Result<_>>()?;
    table::batch(&schema, columns).map(Some)
}

/// The same rows in the columns of a schema.
pub fn fitted(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = schema.fields().iter().map(|field| column(batch, field)).collect();
    table::batch(schema, columns)
}

fn column(batch: &RecordBatch, field: &Field) -> ArrayRef {
    let theirs = batch.schema_ref().fields().iter().zip(batch.columns());
    let same = |kind: &DataType| kind == field.data_type() || is_time(kind) && is_time(field.data_type());
    let mut found = theirs.filter(|(theirs, _)| theirs.name() == field.name() && same(theirs.data_type()));
    let Some((_, array)) = found.next() else {
        // Rank and attempt, of sources that have but one.
        return match field.data_type() {
            DataType::Int64 => Arc::new(Int64Array::from_value(0, batch.num_rows())),
            kind => new_null_array(kind, batch.num_rows()),
        };
    };
    match (array.as_any().downcast_ref::<TimestampMicrosecondArray>(), field.data_type()) {
        (Some(times), DataType::Timestamp(_, zone)) => Arc::new(times.clone().with_timezone_opt(zone.clone())),
        _ => Arc::clone(array),
    }
}

fn is_time(kind: &DataType) -> bool {
    matches!(kind, DataType::Timestamp(..))
}
