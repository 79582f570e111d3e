//! Makes few batches of many: the rows of small sources as one, and columns fitted to what all sources have.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, TimestampMicrosecondArray, make_array, new_null_array};
use arrow_buffer::{Buffer, NullBufferBuilder};
use arrow_data::ArrayData;
use arrow_schema::{DataType, Field, SchemaRef};

use crate::collect::outline::Outline;
use crate::collect::table;
use crate::error::{Error, Kind, Result};
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

/// Batches of one schema as one. All columns of 64-bit values lie in one stretch of memory: the larger the pages that
/// back it, the fewer faults its first use costs.
pub fn joined(mut few: Vec<RecordBatch>) -> Result<Option<RecordBatch>> {
    if few.len() < 2 {
        return Ok(few.pop());
    }
    let schema = few[0].schema();
    let rows: usize = few.iter().map(RecordBatch::num_rows).sum();
    let wide: Vec<usize> = (0..schema.fields().len()).filter(|&k| is_wide(schema.field(k).data_type())).collect();
    let mut values: Vec<u64> = Vec::with_capacity(rows * wide.len());
    fastlogs_simd::huge_capacity(&mut values);
    for batch in wide.iter().flat_map(|&k| few.iter().map(move |batch| batch.column(k))) {
        values.extend_from_slice(&batch.to_data().buffer::<u64>(0)[..batch.len()]);
    }
    let values = Buffer::from_vec(values);
    let column = |k: usize| {
        let parts: Vec<&ArrayRef> = few.iter().map(|batch| batch.column(k)).collect();
        match wide.binary_search(&k) {
            Ok(place) => one_of(&parts, values.slice_with_length(place * rows * 8, rows * 8)),
            Err(_) => table::appended(parts.into_iter()),
        }
    };
    let columns = (0..schema.fields().len()).map(column).collect::<Result<_>>()?;
    table::batch(&schema, columns).map(Some)
}

fn is_wide(kind: &DataType) -> bool {
    matches!(kind, DataType::Float64 | DataType::Int64 | DataType::Timestamp(..))
}

/// The column that has these values and the nulls of its parts.
fn one_of(parts: &[&ArrayRef], values: Buffer) -> Result<ArrayRef> {
    let rows = parts.iter().map(|part| part.len()).sum();
    let mut nulls = NullBufferBuilder::new(rows);
    for part in parts {
        match part.nulls() {
            Some(theirs) => nulls.append_buffer(theirs),
            None => nulls.append_n_non_nulls(part.len()),
        }
    }
    let data = ArrayData::builder(parts[0].data_type().clone()).len(rows).add_buffer(values).nulls(nulls.finish());
    data.build()
        .map(make_array)
        .map_err(|e| Error::new(Kind::Usage, format!("wanted columns of one length, found {e}")))
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

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Float64Array, StringArray};
    use arrow_schema::Schema;

    fn batch(steps: &[i64], losses: &[Option<f64>], texts: &[Option<&str>]) -> RecordBatch {
        let fields = vec![
            Field::new("step", DataType::Int64, false),
            Field::new("loss", DataType::Float64, true),
            Field::new("note", DataType::Utf8, true),
        ];
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(steps.to_vec())),
            Arc::new(Float64Array::from(losses.to_vec())),
            Arc::new(StringArray::from(texts.to_vec())),
        ];
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
    }

    #[test]
    fn joined_columns_are_those_that_arrow_appends() {
        let one = batch(&[1, 2], &[Some(0.5), None], &[None, Some("a")]);
        let two = batch(&[3, 4, 5], &[Some(1.5), Some(2.5), Some(f64::INFINITY)], &[None, None, None]).slice(1, 2);

        let whole = joined(vec![one.clone(), two.clone()]).unwrap().unwrap();
        for k in 0..3 {
            assert_eq!(&table::appended([one.column(k), two.column(k)].into_iter()).unwrap(), whole.column(k));
        }
    }

    #[test]
    fn what_a_source_lacks_is_null_and_its_rank_is_0() {
        let fields = vec![
            Field::new("step", DataType::Int64, false),
            Field::new("rank", DataType::Int64, true),
            Field::new("val_loss", DataType::Float64, true),
            Field::new("loss", DataType::Float64, true),
        ];

        let fitted = fitted(&batch(&[7], &[Some(0.5)], &[None]), &Arc::new(Schema::new(fields))).unwrap();
        let row = (0..4).map(|k| fitted.column(k));
        let wanted: [ArrayRef; 4] = [
            Arc::new(Int64Array::from(vec![7])),
            Arc::new(Int64Array::from(vec![0])),
            Arc::new(Float64Array::from(vec![None])),
            Arc::new(Float64Array::from(vec![0.5])),
        ];
        assert!(row.eq(wanted.iter()));
    }
}
