//! The collectors behind one name, and what they share when batches are cut out.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, SchemaRef};

use crate::collect::long::Long;
use crate::collect::outline::Outline;
use crate::collect::summary::Summary;
use crate::collect::sums::Sums;
use crate::collect::supply::Supply;
use crate::collect::wide::Wide;
use crate::collect::{At, Collector, Columns, Stretch};
use crate::error::{Error, Kind, Result};
use crate::row::Rows;
use crate::types::Shape;

/// One of the tables of DESIGN 4, being made.
pub enum Table {
    Wide(Box<Wide>),
    Long(Box<Long>),
    Summary(Box<Summary>),
}

impl Table {
    pub fn outline(&self) -> &Outline {
        match self {
            Table::Wide(t) => &t.outline,
            Table::Long(t) => &t.outline,
            Table::Summary(t) => &t.outline,
        }
    }

    pub fn outline_mut(&mut self) -> &mut Outline {
        match self {
            Table::Wide(t) => &mut t.outline,
            Table::Long(t) => &mut t.outline,
            Table::Summary(t) => &mut t.outline,
        }
    }

    /// Rows of the wide table, whichever is made.
    pub fn rows(&self) -> u64 {
        match self {
            Table::Wide(t) => t.rows(),
            Table::Long(t) => t.rows(),
            Table::Summary(t) => t.rows(),
        }
    }

    pub fn converted(&self) -> u64 {
        match self {
            Table::Wide(t) => t.converted,
            Table::Long(t) => t.converted,
            Table::Summary(t) => t.converted,
        }
    }

    pub fn superseded(&self) -> u64 {
        match self {
            Table::Wide(t) => t.superseded,
            Table::Long(t) => t.superseded,
            Table::Summary(t) => t.superseded,
        }
    }

    /// Memory for columns that it has not used.
    pub fn take_supply(&mut self) -> Supply {
        match self {
            Table::Wide(t) => t.take_supply(),
            Table::Long(_) | Table::Summary(_) => Supply::default(),
        }
    }

    pub fn finish(&mut self) {
        match self {
            Table::Wide(t) => t.finish(),
            Table::Long(t) => t.finish(),
            Table::Summary(_) => {}
        }
    }

    /// The schema of batches with these columns.
    pub fn schema(&self, outline: &Outline, run: bool) -> Result<SchemaRef> {
        match self {
            Table::Wide(_) => outline.schema(run),
            Table::Long(_) => Ok(Long::schema(outline, run)),
            Table::Summary(t) => Ok(Sums::schema(run, t.tells_curves())),
        }
    }

    /// The next batch that is complete.
    pub fn take(&mut self, schema: &SchemaRef, outline: &Outline, run: Option<&str>) -> Option<Result<RecordBatch>> {
        match self {
            Table::Wide(t) => t.take(schema, outline, run),
            Table::Long(t) => t.take(schema, outline, run),
            Table::Summary(t) => t.take(run),
        }
    }
}

impl Collector for Table {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize {
        match self {
            Table::Wide(t) => t.admit(shape),
            Table::Long(t) => t.admit(shape),
            Table::Summary(t) => t.admit(shape),
        }
    }

    fn open(&mut self, at: &At) {
        match self {
            Table::Wide(t) => t.open(at),
            Table::Long(t) => t.open(at),
            Table::Summary(t) => t.open(at),
        }
    }

    fn add(&mut self, shape: usize, rows: &Rows, slots: &[u64], at: &At) {
        match self {
            Table::Wide(t) => t.add(shape, rows, slots, at),
            Table::Long(t) => t.add(shape, rows, slots, at),
            Table::Summary(t) => t.add(shape, rows, slots, at),
        }
    }

    fn stretch(&mut self, shape: usize, stretch: Stretch<'_>) {
        match self {
            Table::Wide(t) => t.stretch(shape, stretch),
            Table::Long(t) => t.stretch(shape, stretch),
            Table::Summary(t) => t.stretch(shape, stretch),
        }
    }

    fn columns(&mut self, shape: usize, columns: Columns) {
        match self {
            Table::Wide(t) => t.columns(shape, columns),
            Table::Long(t) => t.columns(shape, columns),
            Table::Summary(t) => t.columns(shape, columns),
        }
    }

    fn position(&self) -> u64 {
        match self {
            Table::Wide(t) => t.position(),
            Table::Long(t) => t.position(),
            Table::Summary(t) => t.position(),
        }
    }

    fn resume(&mut self, at: &At, position: u64) {
        match self {
            Table::Wide(t) => t.resume(at, position),
            Table::Long(t) => t.resume(at, position),
            Table::Summary(t) => t.resume(at, position),
        }
    }
}

pub fn dictionary(keys: Vec<i32>, words: &[&str]) -> ArrayRef {
    let values = Arc::new(StringArray::from_iter_values(words.iter().copied()));
    Arc::new(DictionaryArray::<Int32Type>::new(Int32Array::from(keys), values))
}

/// The name of the run, a row a row.
pub fn run_column(run: &str, len: usize) -> ArrayRef {
    dictionary(vec![0; len], &[run])
}

/// The type of columns whose few words repeat.
pub fn words() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// The batch of the kept stretches: a slice where there is one, a copy where there are more.
pub fn compacted(batch: &RecordBatch, kept: &[(usize, usize)]) -> Result<RecordBatch> {
    match kept {
        [] => Ok(batch.slice(0, 0)),
        [(from, to)] => Ok(batch.slice(*from, to - from)),
        more => {
            let columns = batch.columns().iter().map(|column| copied(column, more)).collect::<Result<_>>()?;
            RecordBatch::try_new(batch.schema(), columns)
                .map_err(|e| Error::new(Kind::Usage, format!("wanted columns of one length, found {e}")))
        }
    }
}

/// A batch of columns that must be of one length.
pub fn batch(schema: &SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch> {
    RecordBatch::try_new(Arc::clone(schema), columns)
        .map_err(|e| Error::new(Kind::Usage, format!("wanted columns of one length, found {e}")))
}

/// Columns end to end.
pub fn appended<'a>(columns: impl Iterator<Item = &'a ArrayRef>) -> Result<ArrayRef> {
    let data: Vec<_> = columns.map(|column| column.to_data()).collect();
    let total = data.iter().map(|d| d.len()).sum();
    let mut out = arrow_data::transform::MutableArrayData::new(data.iter().collect(), false, total);
    for (k, part) in data.iter().enumerate() {
        out.try_extend(k, 0, part.len()).map_err(too_large)?;
    }
    Ok(arrow_array::make_array(out.freeze()))
}

fn too_large(error: impl std::fmt::Display) -> Error {
    Error::new(Kind::Usage, format!("wanted a batch that fits its offsets, found {error}"))
}

fn copied(column: &ArrayRef, kept: &[(usize, usize)]) -> Result<ArrayRef> {
    let data = column.to_data();
    let total = kept.iter().map(|(from, to)| to - from).sum();
    let mut out = arrow_data::transform::MutableArrayData::new(vec![&data], false, total);
    for &(from, to) in kept {
        let grown = out.try_extend(0, from, to);
        grown.map_err(|e| Error::new(Kind::Usage, format!("wanted a batch that fits its offsets, found {e}")))?;
    }
    Ok(arrow_array::make_array(out.freeze()))
}
