//! Rows cut off as a batch, and given a schema when it is known.

use std::sync::Arc;

use crate::collect::column::Words;
use crate::collect::outline::Outline;
use crate::collect::table::{compacted, run_column};
use crate::collect::wide::{Wide, fill};
use crate::error::{Error, Kind, Result};
use arrow_array::{Array, ArrayRef, RecordBatch, new_null_array};
use arrow_schema::{DataType, SchemaRef};

/// Rows cut off as a batch, not yet given a schema.
#[derive(Debug)]
pub(super) struct Chunk {
    pub first: u64,
    pub len: usize,
    /// Step, rank, attempt, epoch, time, time elapsed.
    pub at: [Option<ArrayRef>; 6],
    pub lives: Option<Vec<u32>>,
    pub columns: Vec<Option<ArrayRef>>,
}

impl Wide {
    /// Cuts the rows so far off as a chunk.
    pub(super) fn cut(&mut self) {
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
        let supply = &mut self.supply;
        let mut words = |words: &mut Words, take: fn(&mut Words) -> ArrayRef| {
            if words.is_empty() {
                return None;
            }
            words.pad(len, supply);
            Some(take(words))
        };
        let at = [
            words(&mut self.steps, Words::take_i64),
            words(&mut self.ranks, Words::take_i64),
            words(&mut self.attempts, Words::take_i64),
            words(&mut self.epochs, Words::take_f64),
            words(&mut self.wall_times, |w| w.take_time(false)),
            words(&mut self.elapsed, Words::take_f64),
        ];
        let columns: Vec<Option<ArrayRef>> = self.columns.iter_mut().map(|store| store.take(len, supply)).collect();
        let lives = (!self.lives.is_empty()).then(|| std::mem::take(&mut self.lives));
        self.batch = self.most;
        self.supply.set_rows(self.most);
        self.chunks.push_back(Chunk { first, len, at, lives, columns });
    }

    pub(super) fn assembled(
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
