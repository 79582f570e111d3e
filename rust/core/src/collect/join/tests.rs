use super::*;
use crate::collect::Stretch;
use proptest::prelude::*;

/// Notes what it is given: rows opened and values added.
#[derive(Default)]
struct Noted {
    names: Vec<Arc<str>>,
    opened: Vec<(i32, i64)>,
    values: Vec<(Arc<str>, i32, i64, u64)>,
    resumes: Vec<(i64, u64)>,
}

impl Collector for Noted {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize {
        self.names.push(Arc::clone(&shape.fields[0].name));
        self.names.len() - 1
    }

    fn open(&mut self, at: &At) {
        self.opened.push((at.attempt, at.step));
    }

    fn add(&mut self, shape: usize, _: &Rows, slots: &[u64], at: &At) {
        self.values.push((Arc::clone(&self.names[shape]), at.attempt, at.step, slots[0]));
    }

    fn stretch(&mut self, _: usize, _: Stretch<'_>) {}

    fn position(&self) -> u64 {
        self.values.len() as u64
    }

    fn resume(&mut self, at: &At, position: u64) {
        self.resumes.push((at.step, position));
    }
}

/// A log of `metric step` pairs; `!` begins a writer, `!30` says where it goes on.
fn joined(log: &str) -> Joiner<Noted> {
    let mut joiner = Joiner::new(Noted::default(), true, false);
    let session = Shape {
        rule: 0,
        kind: TRAIN.into(),
        keep: Keep::Carry,
        utc: true,
        guessed: false,
        fields: vec![Field::context(Holds::Step)],
    };
    let session = Arc::new(session);
    let mut rows = Rows::default();
    for (offset, word) in log.split_whitespace().enumerate() {
        if let Some(step) = word.strip_prefix('!') {
            let shape = rows.shape(&session);
            rows.begin(shape, offset as u64)[0] = step.parse::<i64>().map_or(MISSING, |step| step as u64);
            continue;
        }
        let (name, step) = word.split_at(1);
        let known = rows.shapes.iter().position(|shape| shape.fields.get(1).is_some_and(|f| *f.name == *name));
        let shape = known.map_or_else(
            || {
                let field = Field::metric(name, TRAIN, crate::types::Naming::Stored, None);
                let fields = vec![Field::context(Holds::Step), field];
                rows.shape(&Arc::new(Shape { keep: Keep::All, fields, ..(*session).clone() }))
            },
            |at| at as u32,
        );
        let step: i64 = step.parse().unwrap();
        rows.begin(shape, offset as u64).copy_from_slice(&[step as u64, (offset as f64).to_bits()]);
    }
    joiner.feed(&rows);
    joiner.finish();
    joiner
}

/// Resumes (where, after how many values), and new starts.
fn judged(log: &str) -> (Vec<(i64, u64)>, u64) {
    let joiner = joined(log);
    (joiner.collector.resumes.clone(), joiner.told.new_starts)
}

#[test]
fn a_run_begins_again_where_its_metrics_are_written_again() {
    for (log, expected) in [
        // Nothing falls; equal steps; metrics one after the other.
        ("a1 b1 a2 b2 a3", (vec![], 0)),
        ("a1 a1 a1 a2", (vec![], 0)),
        ("a1 a2 a3 b1 b2 b3", (vec![], 0)),
        // The one metric falls: a resume, and a new start.
        ("a1 a2 a3 a2 a3 a4", (vec![(2, 3)], 0)),
        ("a1 a2 a3 a1 a2 a3", (vec![], 1)),
        // All fall, and catch up with what they had.
        ("a1 b1 a2 b2 a3 b3 a2 b2 a3 b3 a4 b4", (vec![(2, 6)], 0)),
        ("a1 b1 a2 b2 a3 b3 a1 b1 a2 b2", (vec![], 1)),
        // One counts anew in every epoch, the other goes on.
        ("a1 b0 b1 b2 a2 b0 b1 b2 a3 b0 b1 b2", (vec![], 0)),
        // Another writer says nothing, falls, or says where it goes on.
        ("! a1 a2 a3 ! a4 a5", (vec![], 0)),
        ("! a1 b9 a2 b10 a3 ! a2 a3 b11", (vec![(2, 5)], 0)),
        ("! a1 b1 a5 b5 !4 a4 b4", (vec![(4, 4)], 0)),
        ("! a1 b1 a5 b5 !7 a7 b7", (vec![], 0)),
        // Where older values were written again, the metric with most of them says.
        ("! a1 a2 a3 a4 a5 e1 e2 ! e2 a4 a5 a6 e3", (vec![(4, 8)], 0)),
        // Twice.
        ("a1 a2 a3 a2 a3 a4 a3 a4", (vec![(2, 3), (3, 6)], 0)),
    ] {
        assert_eq!(expected, judged(log), "{log}");
    }
}

#[test]
fn rows_are_counted_by_their_fullest_metric() {
    let rows = |log: &str| joined(log).collector.opened;

    assert_eq!(vec![(0, 1), (0, 2), (0, 2)], rows("a1 a2 a2 b1 b2 b2"));
    assert_eq!(vec![(0, 1), (0, 5), (0, 3)], rows("a1 a5 b3 b5"));
    assert_eq!(vec![(0, 1), (0, 3), (1, 2), (1, 3)], rows("a1 a3 a2 a3"));
}

proptest! {
    /// Against the plain way: a map from (step, k) of each metric.
    #[test]
    fn metrics_in_any_order_meet_in_rows_of_their_steps(
        steps in proptest::collection::vec(proptest::collection::vec(0i64..20, 0..15), 1..5),
        order in proptest::collection::vec(0usize..5, 0..60),
    ) {
        let mut left: Vec<Vec<i64>> = steps.iter().map(|steps| {
            let mut steps = steps.clone();
            steps.sort_unstable();
            steps.reverse();
            steps
        }).collect();
        let mut words = Vec::new();
        for series in order.into_iter().chain((0..5).flat_map(|k| [k; 20])) {
            if let Some(step) = left.get_mut(series).and_then(Vec::pop) {
                words.push(format!("{}{step}", char::from(b'a' + series as u8)));
            }
        }
        let mut expected = std::collections::BTreeMap::<i64, usize>::new();
        for steps in &steps {
            for step in steps {
                let count = steps.iter().filter(|s| *s == step).count();
                let most = expected.entry(*step).or_default();
                *most = count.max(*most);
            }
        }

        let joiner = joined(&words.join(" "));
        let mut found = std::collections::BTreeMap::<i64, usize>::new();
        joiner.collector.opened.iter().for_each(|(_, step)| *found.entry(*step).or_default() += 1);
        prop_assert_eq!(expected, found);
        prop_assert_eq!(words.len(), joiner.collector.values.len());
        prop_assert_eq!((0, 0), (joiner.told.resumes, joiner.told.new_starts));
    }
}
