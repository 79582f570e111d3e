//! The rows of the summary table, of one run or of many under one another.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::collect::curve::Curve;
use crate::collect::sketch::Sketch;
use crate::collect::table::{batch, words};
use crate::error::{Error, Kind, Result};

/// Points of the little curve beside each metric.
const TREND: usize = 16;

/// A row: what is known of a metric of a run.
pub struct Sum<'a> {
    pub metric: &'a str,
    pub kind: &'a str,
    pub unit: Option<&'a str>,
    pub sketch: &'a Sketch,
    pub attempts: i64,
    /// Told where there are columns for that.
    pub curve: Option<&'a Curve>,
}

/// Rows as they come.
#[derive(Default)]
pub struct Sums {
    run: bool,
    curves: bool,
    runs: StringBuilder,
    run_count: i32,
    run_of: Vec<i32>,
    texts: [StringBuilder; 3],
    counts: [Int64Builder; 9],
    numbers: [Float64Builder; 7],
    /// The trend, the steps and the values of the curve.
    lists: [ListBuilder<Float64Builder>; 3],
}

impl Sums {
    /// With or without the names of the runs, and the columns of curves.
    pub fn new(run: bool, curves: bool) -> Sums {
        Sums { run, curves, ..Sums::default() }
    }

    pub fn schema(run: bool, curves: bool) -> SchemaRef {
        let number = |name: &str| Field::new(name, DataType::Float64, true);
        let count = |name: &str| Field::new(name, DataType::Int64, true);
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let list = |name: &str, gaps| {
            Field::new(name, DataType::List(Field::new("item", DataType::Float64, true).into()), gaps)
        };
        let mut fields: Vec<Field> = run.then(|| Field::new("run", words(), false)).into_iter().collect();
        fields.extend([text("metric"), text("kind"), text("unit"), count("n"), count("n_nan"), count("n_inf")]);
        fields.extend([number("first"), number("last"), number("min"), count("min_step")]);
        fields.extend([number("max"), count("max_step"), number("mean"), number("sd"), number("last100")]);
        fields.extend([count("first_step"), count("last_step"), count("attempts"), list("trend", false)]);
        if curves {
            fields.extend([count("digest"), list("curve_step", true), list("curve_value", true)]);
        }
        Arc::new(Schema::new(fields))
    }

    /// The rows that follow are of this run.
    pub fn begin(&mut self, run: &str) {
        self.runs.append_value(run);
        self.run_count += 1;
    }

    pub fn push(&mut self, sum: &Sum<'_>) {
        let Sum { metric, kind, unit, sketch: s, attempts, curve } = *sum;
        self.run_of.push(self.run_count - 1);
        let texts = [Some(metric), Some(kind), unit];
        self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.append_option(text));
        let whole = |count: u64| Some(count as i64);
        let (low, high) = s.steps.unzip();
        let ends = [s.min.map(|min| min.1), s.max.map(|max| max.1), low, high];
        let [min_step, max_step, first_step, last_step] = ends;
        let (n, digest) = (whole(s.n), s.digest.map(|digest| digest as i64));
        let counts =
            [n, whole(s.n_nan), whole(s.n_inf), min_step, max_step, first_step, last_step, Some(attempts), digest];
        self.counts.iter_mut().zip(counts).for_each(|(column, count)| column.append_option(count));
        let (min, max) = (s.min.map(|min| min.0), s.max.map(|max| max.0));
        let numbers = [s.first, s.last, min, max, s.mean(), s.sd(), s.last100()];
        self.numbers.iter_mut().zip(numbers).for_each(|(column, number)| column.append_option(number));
        let [trend, steps, values] = &mut self.lists;
        append(trend, Some(&s.trend(TREND)));
        if self.curves {
            let told = curve.map(Curve::points);
            append(steps, told.as_ref().map(|curve| &curve.0));
            append(values, told.as_ref().map(|curve| &curve.1));
        }
    }

    /// All rows so far, which are gone then.
    pub fn take(&mut self) -> Result<RecordBatch> {
        let all: Sums = std::mem::replace(self, Sums::new(self.run, self.curves));
        let runs = all.run.then(|| all.names()).transpose()?;
        let [metric, kind, unit] = all.texts.map(|mut column| Arc::new(column.finish()) as ArrayRef);
        let [n, n_nan, n_inf, min_step, max_step, first_step, last_step, attempts, digest] =
            all.counts.map(|mut column| Arc::new(column.finish()) as ArrayRef);
        let [first, last, min, max, mean, sd, last100] =
            all.numbers.map(|mut column| Arc::new(column.finish()) as ArrayRef);
        let [trend, steps, values] = all.lists.map(|mut column| Arc::new(column.finish()) as ArrayRef);
        let mut columns: Vec<ArrayRef> = runs.into_iter().collect();
        columns.extend([metric, kind, unit, n, n_nan, n_inf, first, last, min, min_step, max, max_step]);
        columns.extend([mean, sd, last100, first_step, last_step, attempts, trend]);
        if all.curves {
            columns.extend([digest, steps, values]);
        }
        batch(&Sums::schema(all.run, all.curves), columns)
    }

    fn names(&self) -> Result<ArrayRef> {
        let (keys, names) = (Int32Array::from(self.run_of.clone()), self.runs.finish_cloned());
        let column = DictionaryArray::<Int32Type>::try_new(keys, Arc::new(names));
        let wrong = |error| Error::new(Kind::Usage, format!("wanted a run for each row, found {error}"));
        column.map(|column| Arc::new(column) as ArrayRef).map_err(wrong)
    }
}

fn append(column: &mut ListBuilder<Float64Builder>, list: Option<&Vec<f64>>) {
    column.values().append_slice(list.map_or(&[], Vec::as_slice));
    column.append(list.is_some());
}
