//! The curve of a metric: each of its values while they are few, then means over equal stretches of steps.

use crate::collect::sketch::Sketch;

/// Values that are kept as they are.
const FEW: usize = 1024;

/// What is drawn of one metric of one run, of its lowest rank, in constant memory.
#[derive(Debug, Default)]
pub struct Curve {
    rank: i64,
    few: Vec<(i64, f64)>,
    /// All values, once they are many.
    many: Option<Box<Sketch>>,
}

impl Curve {
    pub fn add(&mut self, rank: i64, step: i64, value: f64) {
        self.extend(rank, &[step], &[value]);
    }

    /// Takes a value for each step.
    pub fn extend(&mut self, rank: i64, steps: &[i64], values: &[f64]) {
        if rank < self.rank || !self.there() {
            *self = Curve { rank, ..Curve::default() };
        }
        if rank > self.rank {
            return;
        }
        let some = values.len().min(FEW - self.few.len());
        self.few.extend(steps.iter().copied().zip(values[..some].iter().copied()));
        if some < values.len() {
            self.many().extend(&steps[some..], &values[some..]);
        }
    }

    /// All values in bins; those that were few are the first.
    fn many(&mut self) -> &mut Sketch {
        let few = &self.few;
        self.many.get_or_insert_with(|| {
            let (steps, values): (Vec<_>, Vec<_>) = few.iter().copied().unzip();
            let mut many = Box::<Sketch>::default();
            many.extend(&steps, &values);
            many
        })
    }

    /// Whether it has a value.
    pub fn there(&self) -> bool {
        !self.few.is_empty()
    }

    /// Steps and values in file order; of many the middles of stretches and the means of what is finite there, NaN
    /// where nothing is.
    pub fn points(&self) -> (Vec<f64>, Vec<f64>) {
        match &self.many {
            Some(many) => many.curve(),
            None => self.few.iter().map(|&(step, value)| (step as f64, value)).unzip(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: impl IntoIterator<Item = (i64, i64, f64)>) -> (Vec<f64>, Vec<f64>) {
        let mut curve = Curve::default();
        values.into_iter().for_each(|(rank, step, value)| curve.add(rank, step, value));
        curve.points()
    }

    #[test]
    fn few_values_stay_as_they_are() {
        let (at, values) = drawn((0..1024).map(|k| (0, 100 * k, if k == 7 { f64::NAN } else { k as f64 })));
        assert_eq!(((0..1024).map(|k| 100.0 * k as f64).collect::<Vec<_>>(), 1024), (at, values.len()));
        assert!(values[7].is_nan() && values[8] == 8.0);
    }

    #[test]
    fn many_values_are_means_at_the_middles_of_their_stretches() {
        let (at, values) = drawn((0..4096).map(|step| (0, step, step as f64)));
        assert_eq!((1024, 1.5), (at.len(), at[0]));
        assert_eq!(at, values);
    }

    #[test]
    fn a_stretch_without_a_finite_value_is_nan() {
        let (_, values) = drawn((0..4096).map(|step| (0, step, if step < 4 { f64::INFINITY } else { 1.0 })));
        assert!(values[0].is_nan() && values[1..].iter().all(|&value| value == 1.0));
    }

    #[test]
    fn the_lowest_rank_is_drawn() {
        let both = (0..6).flat_map(|step| [(3, step, 7.0), (1, step, step as f64), (2, step, 9.0)]);
        assert_eq!(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0], drawn(both).1);
    }
}
