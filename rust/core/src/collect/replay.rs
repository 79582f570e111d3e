//! The rows of a wide table, handed to another collector.

use std::sync::Arc;

use arrow_array::{Array, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};

use crate::collect::outline::Outline;
use crate::collect::{At, Collector};
use crate::row::{MISSING, Rows, slot_of};
use crate::types::{Field, Holds, Keep, Shape, TRAIN};

/// Opens a row a row of the batch and adds its metrics; what the outline knows of them goes with them.
pub fn rows(batch: &RecordBatch, outline: &Outline, into: &mut impl Collector) {
    let schema = batch.schema();
    let known = |name: &str, text: bool| outline.metrics.iter().find(|m| &*m.name == name && m.text == text);
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (k, column) in batch.columns().iter().enumerate() {
        let text = column.as_any().is::<StringArray>();
        let Some(metric) = known(schema.field(k).name(), text) else { continue };
        fields.push(Field {
            name: Arc::clone(&metric.name),
            printed: Arc::clone(&metric.printed),
            kind: Arc::clone(&metric.kind),
            unit: metric.unit.clone(),
            holds: if text { Holds::Text } else { Holds::Metric },
            wanted: true,
        });
        columns.push(k);
    }
    let shape = Shape { rule: 0, kind: TRAIN.into(), keep: Keep::All, utc: outline.utc, guessed: false, fields };
    let admitted = into.admit(&Arc::new(shape));
    let (mut texts, mut slots) = (Rows::default(), Vec::new());
    for row in 0..batch.num_rows() {
        texts.text.clear();
        slots.clear();
        slots.extend(columns.iter().map(|&k| slot(batch.column(k).as_ref(), row, &mut texts)));
        let at = at(batch, row, outline.utc);
        into.open(&at);
        into.add(admitted, &texts, &slots, &at);
    }
}

fn slot(column: &dyn Array, row: usize, texts: &mut Rows) -> u64 {
    if column.is_null(row) {
        return MISSING;
    }
    let column = column.as_any();
    match (column.downcast_ref::<Float64Array>(), column.downcast_ref::<StringArray>()) {
        (Some(numbers), _) => slot_of(numbers.value(row)),
        (None, Some(words)) => texts.keep_text(words.value(row).as_bytes()),
        (None, None) => MISSING,
    }
}

fn at(batch: &RecordBatch, row: usize, utc: bool) -> At {
    let column = |name: &str| batch.column_by_name(name).filter(|column| column.is_valid(row));
    let whole = |name| Some(column(name)?.as_any().downcast_ref::<Int64Array>()?.value(row));
    let number = |name| Some(column(name)?.as_any().downcast_ref::<Float64Array>()?.value(row).to_bits());
    let time = |name| Some(column(name)?.as_any().downcast_ref::<TimestampMicrosecondArray>()?.value(row) as u64);
    let attempt = whole("attempt").and_then(|attempt| i32::try_from(attempt).ok()).unwrap_or_default();
    At {
        step: whole("step").unwrap_or_default(),
        epoch: number("epoch").unwrap_or(MISSING),
        wall_time: time("wall_time").unwrap_or(MISSING),
        elapsed: number("elapsed").unwrap_or(MISSING),
        utc,
        rank: whole("rank").unwrap_or_default(),
        attempt,
        life: u32::try_from(attempt).unwrap_or_default(),
        offset: 0,
    }
}
