//! Columns of values: each metric has its own list, or its own table by step; rows are made of equal steps.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::read::generic::words::measured;
use crate::read::json::shape::number;
use crate::read::json::tree::{Node, Tree};
use crate::read::object::{rounded, set_apart};
use crate::read::roles::{self, Clock, Names};
use crate::row::{Rows, slot_of};
use crate::time::Stamp;
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};
use crate::wanted::Wanted;

/// Keys of the values of a metric that has a table of its own.
const VALUES: [&str; 5] = ["values", "value", "data", "y", "history"];
const STEPS: [&str; 2] = ["steps", "x"];
const TIMES: [&str; 3] = ["timestamps", "times", "wall_times"];

/// One metric's values, in order, and what stands beside them.
struct Series<'t> {
    path: Vec<String>,
    values: Vec<&'t Tree>,
    steps: Option<Vec<i64>>,
    epochs: Option<&'t [Tree]>,
    times: Option<&'t [Tree]>,
}

/// How many numbers the columns of a document hold; 0 where they look like no log.
pub fn count(text: &[u8], document: &Tree, names: &Names) -> usize {
    let series = series(text, document, names);
    let numbers = |one: &Series<'_>| one.values.iter().filter(|value| number(text, value).is_some()).count();
    let named = |one: &Series<'_>| one.path.iter().any(|key| measured(key));
    let told = series.iter().any(|one| one.steps.is_some() || one.epochs.is_some() || named(one));
    let total = series.iter().map(numbers).sum();
    if told && total > 1 { total } else { 0 }
}

/// Appends the rows of a document; `offset` is where the text begins.
pub fn rows(text: &[u8], document: &Tree, offset: u64, names: &Names, wanted: &Wanted, rows: &mut Rows) {
    let mut series = series(text, document, names);
    unwrap(&mut series);
    Sheet::of(text, &series, wanted).fill(text, &series, offset, rows);
}

fn series<'t>(text: &[u8], document: &'t Tree, names: &Names) -> Vec<Series<'t>> {
    let mut found = Vec::new();
    Collect { text, names, found: &mut found }.table(document, &mut Vec::new());
    found
}

/// Leaves out the keys that lead to all of them.
fn unwrap(series: &mut [Series<'_>]) {
    let shared = |series: &[Series<'_>]| {
        let first = series.first()?.path.first()?.clone();
        series.iter().all(|one| one.path.len() > 1 && one.path[0] == first).then_some(())
    };
    while shared(series).is_some() {
        series.iter_mut().for_each(|one| drop(one.path.remove(0)));
    }
}

struct Collect<'a, 't> {
    text: &'a [u8],
    names: &'a Names,
    found: &'a mut Vec<Series<'t>>,
}

impl<'t> Collect<'_, 't> {
    fn table(&mut self, tree: &'t Tree, path: &mut Vec<String>) {
        if self.by_step(tree, path) {
            return;
        }
        let table = tree.table();
        let is = |key: &str, words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(key));
        let beside = |fits: &dyn Fn(&str) -> bool| {
            table.iter().find(|(key, value)| fits(key) && self.is_column(value)).map(|(_, value)| value.list())
        };
        let steps = beside(&|key| is(key, &STEPS) || self.names.step(key).is_some()).and_then(|list| self.whole(list));
        let epochs = beside(&|key| self.names.epoch(key).is_some());
        let times = beside(&|key| is(key, &TIMES) || self.names.time(key).is_some());
        let counted = self.counted(tree);
        let context = |key: &str| {
            let step = steps.is_some() && (is(key, &STEPS) || self.names.step(key).is_some());
            step || self.names.epoch(key).is_some() || is(key, &TIMES) || self.names.time(key).is_some()
        };
        for (key, value) in table {
            path.push(key.clone());
            if self.is_column(value) && !context(key) {
                let values: Vec<&Tree> = value.list().iter().collect();
                let len = values.len();
                let own = path.len() > 1 && is(key, &VALUES);
                let path = path[..path.len() - usize::from(own)].to_vec();
                let made = || counted.filter(|_| own).map(|(first, by)| (0..len as i64).map(|k| first + k * by).collect());
                self.found.push(Series {
                    path,
                    values,
                    steps: steps.clone().filter(|steps| steps.len() == len).or_else(made),
                    epochs: epochs.filter(|list| list.len() == len),
                    times: times.filter(|list| list.len() == len),
                });
            } else if value.is_table() {
                self.table(value, path);
            }
            path.pop();
        }
    }

    /// A table whose keys are steps: `{"1": 2.5, "2": 2.25}`.
    fn by_step(&mut self, tree: &'t Tree, path: &[String]) -> bool {
        let table = tree.table();
        let steps: Option<Vec<i64>> = table.iter().map(|(key, _)| key.parse().ok()).collect();
        let Some(steps) = steps.filter(|steps| !steps.is_empty()) else { return false };
        if !table.iter().all(|(_, value)| value.is_scalar()) {
            return false;
        }
        let values = table.iter().map(|(_, value)| value).collect();
        let own = path.len() > 1 && path.last().is_some_and(|key| VALUES.contains(&&**key));
        let path = path[..path.len() - usize::from(own)].to_vec();
        self.found.push(Series { path, values, steps: Some(steps), epochs: None, times: None });
        true
    }

    /// Where the steps of a list begin and by how much they rise.
    fn counted(&self, tree: &Tree) -> Option<(i64, i64)> {
        let whole = |key| number(self.text, tree.get(key)?).and_then(rounded);
        Some((whole("start_step")?, whole("step_interval")?))
    }

    /// A list of plain values, some of them numbers or times.
    fn is_column(&self, tree: &Tree) -> bool {
        let text = |tree: &Tree| &self.text[tree.start..tree.end];
        let told = |tree: &Tree| {
            number(self.text, tree).is_some() || tree.node == Node::Text && roles::whole_stamp(text(tree)).is_some()
        };
        let list = tree.list();
        list.iter().all(Tree::is_scalar) && list.iter().any(told)
    }

    fn whole(&self, list: &[Tree]) -> Option<Vec<i64>> {
        list.iter().map(|tree| number(self.text, tree).and_then(rounded)).collect()
    }
}

/// A row's place: how often the steps have fallen, the step, and which of its equals it is.
type Place = (u32, i64, u32);

/// The table that the series make.
struct Sheet {
    /// For each series the row of each value.
    places: Vec<Vec<Place>>,
    order: BTreeMap<Place, usize>,
    stepped: bool,
    shape: Shape,
    clock: Option<Clock>,
}

impl Sheet {
    fn of(text: &[u8], series: &[Series<'_>], wanted: &Wanted) -> Sheet {
        let stepped = series.iter().any(|one| one.steps.is_some());
        let places: Vec<Vec<Place>> = series.iter().map(|one| placed(one, stepped)).collect();
        let mut order: BTreeMap<Place, usize> = places.iter().flatten().map(|&place| (place, 0)).collect();
        order.values_mut().enumerate().for_each(|(row, at)| *at = row);
        let (clock, utc) = clock(text, series);
        let context = [
            (stepped, Holds::Step),
            (series.iter().any(|one| one.epochs.is_some()), Holds::Epoch),
            (clock.is_some(), Holds::WallTime),
        ];
        let mut fields: Vec<Field> =
            context.into_iter().filter(|(there, _)| *there).map(|(_, holds)| Field::context(holds)).collect();
        fields.extend(series.iter().map(|one| field(text, one, wanted)));
        set_apart(&mut fields);
        let shape = Shape { rule: 0, kind: TRAIN.into(), keep: Keep::All, utc, guessed: false, fields };
        Sheet { places, order, stepped, shape, clock }
    }

    fn fill(self, text: &[u8], series: &[Series<'_>], offset: u64, rows: &mut Rows) {
        let shape = Arc::new(self.shape);
        let (at, width) = (rows.slots.len(), shape.fields.len());
        let first = rows.heads.len();
        let ordinal = rows.shape(&shape);
        for &(_, step, _) in self.order.keys() {
            let slots = rows.begin(ordinal, u64::MAX);
            if self.stepped {
                slots[0] = step as u64;
            }
        }
        let metrics = width - series.len();
        for (k, (one, places)) in series.iter().zip(&self.places).enumerate() {
            for (i, (value, place)) in one.values.iter().zip(places).enumerate() {
                let row = self.order[place];
                let slot = at + row * width;
                let head = &mut rows.heads[first + row];
                head.offset = head.offset.min(offset + value.start as u64);
                let field = &shape.fields[metrics + k];
                if let Some(bits) = bits(text, value, field, rows) {
                    rows.slots[slot + metrics + k] = bits;
                }
                let epoch = one.epochs.and_then(|list| number(text, &list[i])).map(slot_of);
                let time = one.times.zip(self.clock).and_then(|(list, clock)| moment(text, &list[i], clock));
                for (holds, bits) in [(Holds::Epoch, epoch), (Holds::WallTime, time)] {
                    if let (Some(bits), Some(at)) = (bits, shape.position(holds)) {
                        rows.slots[slot + at] = bits;
                    }
                }
            }
        }
        rows.seen.claim_many(0, series.len() as u64);
    }
}

/// Where each value stands: at its step, else in order.
fn placed(one: &Series<'_>, stepped: bool) -> Vec<Place> {
    let Some(steps) = &one.steps else {
        // Among columns that state their steps, one that does not stands in order from 0.
        let base = i64::from(!stepped);
        return (0..one.values.len()).map(|k| (0, k as i64 + base, 0)).collect();
    };
    let (mut falls, mut last, mut equal) = (0, i64::MIN, HashMap::<(u32, i64), u32>::new());
    let mut place = |&step: &i64| {
        falls += u32::from(step < last);
        last = step;
        let count = equal.entry((falls, step)).or_default();
        *count += 1;
        (falls, step, *count)
    };
    steps.iter().map(&mut place).collect()
}

fn field(text: &[u8], one: &Series<'_>, wanted: &Wanted) -> Field {
    let name = if one.path.is_empty() { "value".to_owned() } else { one.path.join(".") };
    let kind = roles::kind_of_key(&name).unwrap_or(TRAIN);
    let words = one.values.iter().any(|value| value.node == Node::Text && number(text, value).is_none());
    let mut field = match words {
        true => Field::text(&name, kind, Naming::Stored),
        false => Field::metric(&name, kind, Naming::Stored, None),
    };
    field.wanted = wanted.takes(&field);
    field
}

fn bits(text: &[u8], value: &Tree, field: &Field, rows: &mut Rows) -> Option<u64> {
    match field.holds {
        _ if matches!(value.node, Node::Null) => None,
        _ if !field.wanted => Some(0),
        Holds::Text => Some(rows.keep_text(&text[value.start..value.end])),
        _ => match value.node {
            Node::Flag => Some(slot_of(f64::from(u8::from(&text[value.start..value.end] == b"true")))),
            Node::Number(_) | Node::Text | Node::Null | Node::List(_) | Node::Table(_) => {
                number(text, value).map(slot_of)
            }
        },
    }
}

/// How the times of a document are written, and whether they are of UTC.
fn clock(text: &[u8], series: &[Series<'_>]) -> (Option<Clock>, bool) {
    let Some(first) = series.iter().filter_map(|one| one.times?.first()).next() else { return (None, false) };
    match first.node {
        Node::Text => match roles::whole_stamp(&text[first.start..first.end]) {
            Some(Stamp::Wall { utc, .. }) => (Some(Clock::Stamp), utc),
            Some(Stamp::Clock { .. }) | None => (None, false),
        },
        Node::Number(value) => (Clock::of_number(value), true),
        Node::Flag | Node::Null | Node::List(_) | Node::Table(_) => (None, false),
    }
}

fn moment(text: &[u8], tree: &Tree, clock: Clock) -> Option<u64> {
    match (clock, &tree.node) {
        (Clock::Stamp, Node::Text) => match roles::whole_stamp(&text[tree.start..tree.end])? {
            Stamp::Wall { micros, .. } => Some(micros as u64),
            Stamp::Clock { .. } => None,
        },
        (Clock::Stamp, _) => None,
        (clock, _) => number(text, tree).and_then(|value| clock.micros(value)),
    }
}
