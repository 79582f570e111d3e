//! Metrics that are stored one at a time become rows: the k-th value of an equal step goes to the k-th row.

use std::sync::Arc;

use crate::meet::{self, From, Place, Whole};
use crate::read::object::set_apart;
use crate::read::roles;
use crate::row::{MISSING, Rows, slot_of};
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};
use crate::wanted::Wanted;

/// A value of a metric.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Missing,
    Number(f64),
    Text(Vec<u8>),
}

/// One metric's values in order. What stands beside them is as long as they are, or not there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    pub name: String,
    pub values: Vec<Value>,
    /// Where each value is written.
    pub offsets: Vec<u64>,
    pub steps: Option<Vec<i64>>,
    pub epochs: Option<Vec<f64>>,
    /// Microseconds since 1970.
    pub times: Option<Vec<i64>>,
}

/// The rows of some series.
struct Sheet<'s> {
    series: &'s [Series],
    shape: Arc<Shape>,
    /// Which slots epoch and time have.
    context: [Option<usize>; 2],
}

/// Appends the rows of series; `utc` where their times are of UTC.
pub fn append(series: &[Series], utc: bool, wanted: &Wanted, rows: &mut Rows) {
    let stepped = series.iter().any(|one| one.steps.is_some());
    let places: Vec<Vec<Place<i64>>> = series.iter().map(|one| placed(one, stepped)).collect();
    let shape = Arc::new(shape(series, stepped, utc, wanted));
    let context = [Holds::Epoch, Holds::WallTime].map(|holds| shape.position(holds));
    let ordinal = rows.shape(&shape);
    let step_slot = shape.position(Holds::Step);
    let sheet = Sheet { series, shape, context };
    for ((step, _), met) in Whole::of(places.iter().map(Vec::as_slice)).rows() {
        let slots = rows.begin(ordinal, u64::MAX);
        if let Some(slot) = step_slot {
            slots[slot] = step as u64;
        }
        met.iter().for_each(|(_, from)| sheet.fill(from, rows));
    }
    rows.seen.claim_many(0, series.len() as u64);
}

fn shape(series: &[Series], stepped: bool, utc: bool, wanted: &Wanted) -> Shape {
    let context = [
        (stepped, Holds::Step),
        (series.iter().any(|one| one.epochs.is_some()), Holds::Epoch),
        (series.iter().any(|one| one.times.is_some()), Holds::WallTime),
    ];
    let there = context.into_iter().filter(|(there, _)| *there);
    let mut fields: Vec<Field> = there.map(|(_, holds)| Field::context(holds)).collect();
    fields.extend(series.iter().map(|one| field(one, wanted)));
    set_apart(&mut fields);
    Shape { rule: 0, kind: TRAIN.into(), keep: Keep::All, utc, guessed: false, fields }
}

fn field(one: &Series, wanted: &Wanted) -> Field {
    let kind = roles::kind_of_key(&one.name).unwrap_or(TRAIN);
    let mut field = match one.values.iter().any(|value| matches!(value, Value::Text(_))) {
        true => Field::text(&one.name, kind, Naming::Stored),
        false => Field::metric(&one.name, kind, Naming::Stored, None),
    };
    field.wanted = wanted.takes(&field);
    field
}

/// Where each value stands: at its step, else in order.
fn placed(one: &Series, stepped: bool) -> Vec<Place<i64>> {
    // Among series that state their steps, one that does not begins at 0.
    let base = i64::from(!stepped);
    match &one.steps {
        Some(steps) => meet::places(steps.iter().copied()),
        None => meet::places(base..base + one.values.len() as i64),
    }
}

impl Sheet<'_> {
    /// Puts a value, and what stands beside it, into the row begun last.
    fn fill(&self, from: &From, rows: &mut Rows) {
        let (one, i) = (&self.series[from.list], from.row);
        let width = self.shape.fields.len();
        let slot = width - self.series.len() + from.list;
        let bits = self.bits(&one.values[i], slot, rows);
        let at = rows.slots.len() - width;
        rows.slots[at + slot] = bits;
        let [epoch, time] = self.context;
        if let Some((epoch, epochs)) = epoch.zip(one.epochs.as_ref()) {
            rows.slots[at + epoch] = slot_of(epochs[i]);
        }
        if let Some((time, times)) = time.zip(one.times.as_ref()) {
            rows.slots[at + time] = times[i] as u64;
        }
        if let Some(head) = rows.heads.last_mut() {
            head.offset = head.offset.min(one.offsets[i]);
        }
    }

    fn bits(&self, value: &Value, slot: usize, rows: &mut Rows) -> u64 {
        match (value, &self.shape.fields[slot]) {
            (Value::Missing, _) => MISSING,
            (_, field) if !field.wanted => 0,
            (Value::Number(number), field) if field.holds == Holds::Text => {
                rows.keep_text(number.to_string().as_bytes())
            }
            (Value::Number(number), _) => slot_of(*number),
            (Value::Text(text), _) => rows.keep_text(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::show::listing;

    #[test]
    fn equal_steps_meet_in_the_order_they_come() {
        let series = |name: &str, steps: &[i64], values: &[f64]| Series {
            name: name.into(),
            values: values.iter().map(|&value| Value::Number(value)).collect(),
            offsets: (0..values.len() as u64).collect(),
            steps: Some(steps.to_vec()),
            ..Series::default()
        };
        let mut rows = Rows::default();
        let all = [series("loss", &[1, 2, 2], &[0.5, 0.25, 0.125]), series("val_loss", &[2, 3], &[1.0, 2.0])];
        append(&all, false, &Wanted::default(), &mut rows);
        let wanted = [
            "0 train: Step=1, loss=0.5",
            "0 train: Step=2, loss=0.25, val_loss[val]=1.0",
            "2 train: Step=2, loss=0.125",
            "1 train: Step=3, val_loss[val]=2.0",
        ];
        assert_eq!(&wanted[..], listing(&rows));
    }
}
