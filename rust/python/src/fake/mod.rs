//! Stand-in for the engine until it lands: same names, fixed rows.
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use fastlogs_core::error::{Error, Kind, Result};

#[path = "../../../core/src/scan/coverage.rs"]
pub mod coverage;
#[path = "../../../core/src/scan/request.rs"]
pub mod request;

use coverage::Coverage;
use request::{Control, Request};

pub struct Scan {
    control: Arc<Control>,
    request: Request,
    left: u64,
    word: String,
}

impl Scan {
    pub fn open(request: Request, control: Arc<Control>) -> Result<Self> {
        let mut word = String::new();
        for input in &request.inputs {
            if let crate::source::Origin::File(path) = &input.origin {
                word = path.display().to_string();
                if word == "missing" {
                    return Err(Error::io(std::io::Error::from_raw_os_error(2), word));
                }
            }
        }
        let left = word.strip_prefix("rows=").and_then(|n| n.parse().ok()).unwrap_or(1000);
        Ok(Scan { control, request, left, word })
    }

    pub fn schema(&mut self) -> Result<SchemaRef> {
        let unit = std::collections::HashMap::from([("unit".to_owned(), "nats".to_owned())]);
        Ok(Arc::new(Schema::new(vec![
            Field::new("step", DataType::Int64, true),
            Field::new("loss", DataType::Float64, true).with_metadata(unit),
        ])))
    }

    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>> {
        while self.word == "hang" {
            if self.control.stop.load(Ordering::Relaxed) {
                return Err(Error::new(Kind::Cancelled, "stopped"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(self.word != "panic", "as asked");
        if self.word == "nul" {
            return Err(Error::new(Kind::Damaged, "a\0b".repeat(5000)).at("x.gz").offset(7));
        }
        if self.left == 0 {
            return Ok(None);
        }
        let n = self.left.min(self.request.batch_rows as u64) as i64;
        self.left -= n as u64;
        let step: ArrayRef = Arc::new(Int64Array::from_iter_values(0..n));
        let loss: ArrayRef = Arc::new(Float64Array::from_iter_values((0..n).map(|i| i as f64 / 2.0)));
        self.control.rows.fetch_add(n as u64, Ordering::Relaxed);
        let schema = self.schema()?;
        RecordBatch::try_new(schema, vec![step, loss]).map(Some).map_err(|e| Error::new(Kind::Usage, e.to_string()))
    }

    pub fn coverage(&self) -> Vec<Coverage> {
        vec![Coverage { source: self.word.clone(), ..Coverage::default() }]
    }
}
