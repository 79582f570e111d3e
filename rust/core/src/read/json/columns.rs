//! Columns of values: each metric has its own list, or its own table by step; rows are made of equal steps.

use crate::read::generic::words::measured;
use crate::read::json::shape::number;
use crate::read::json::tree::{Node, Tree};
use crate::read::object::rounded;
use crate::read::roles::{self, Clock, Names};
use crate::read::sheet::{self, Series, Value};
use crate::row::Rows;
use crate::time::Stamp;
use crate::wanted::Wanted;

/// Keys of the values of a metric that has a table of its own.
const VALUES: [&str; 5] = ["values", "value", "data", "y", "history"];
const STEPS: [&str; 2] = ["steps", "x"];
const TIMES: [&str; 3] = ["timestamps", "times", "wall_times"];

/// One metric's values, in order, and what stands beside them.
struct Column<'t> {
    path: Vec<String>,
    values: Vec<&'t Tree>,
    steps: Option<Vec<i64>>,
    epochs: Option<&'t [Tree]>,
    times: Option<&'t [Tree]>,
}

/// How many numbers the columns of a document hold; 0 where they look like no log.
pub fn count(text: &[u8], document: &Tree, names: &Names) -> usize {
    let series = columns(text, document, names);
    let numbers = |one: &Column<'_>| one.values.iter().filter(|value| number(text, value).is_some()).count();
    let named = |one: &Column<'_>| one.path.iter().any(|key| measured(key));
    let told = series.iter().any(|one| one.steps.is_some() || one.epochs.is_some() || named(one));
    let total = series.iter().map(numbers).sum();
    if told && total > 1 { total } else { 0 }
}

/// Appends the rows of a document; `offset` is where the text begins.
pub fn rows(text: &[u8], document: &Tree, offset: u64, names: &Names, wanted: &Wanted, rows: &mut Rows) {
    let mut columns = columns(text, document, names);
    unwrap(&mut columns);
    let (clock, utc) = clock(text, &columns);
    let series: Vec<Series> = columns.iter().map(|one| plain(text, one, offset, clock)).collect();
    sheet::append(&series, utc, wanted, rows);
}

fn columns<'t>(text: &[u8], document: &'t Tree, names: &Names) -> Vec<Column<'t>> {
    let mut found = Vec::new();
    Collect { text, names, found: &mut found }.table(document, &mut Vec::new());
    found
}

/// Leaves out the keys that lead to all of them.
fn unwrap(series: &mut [Column<'_>]) {
    let shared = |series: &[Column<'_>]| {
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
    found: &'a mut Vec<Column<'t>>,
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
                let made =
                    || counted.filter(|_| own).map(|(first, by)| (0..len as i64).map(|k| first + k * by).collect());
                self.found.push(Column {
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
        self.found.push(Column { path, values, steps: Some(steps), epochs: None, times: None });
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

/// A series on its own, its tree left behind.
fn plain(text: &[u8], one: &Column<'_>, offset: u64, clock: Option<Clock>) -> Series {
    let times =
        one.times.zip(clock).and_then(|(list, clock)| list.iter().map(|tree| moment(text, tree, clock)).collect());
    let epochs = one.epochs.and_then(|list| list.iter().map(|tree| number(text, tree)).collect());
    Series {
        name: if one.path.is_empty() { "value".to_owned() } else { one.path.join(".") },
        values: one.values.iter().map(|tree| value(text, tree)).collect(),
        offsets: one.values.iter().map(|tree| offset + tree.start as u64).collect(),
        steps: one.steps.clone(),
        epochs,
        times,
    }
}

fn value(text: &[u8], tree: &Tree) -> Value {
    let word = &text[tree.start..tree.end];
    match tree.node {
        Node::Number(number) => Value::Number(number),
        Node::Flag => Value::Number(f64::from(u8::from(word == b"true"))),
        Node::Text => roles::numeric_text(word).map_or_else(|| Value::Text(word.to_vec()), Value::Number),
        Node::Null | Node::List(_) | Node::Table(_) => Value::Missing,
    }
}

/// How the times of a document are written, and whether they are of UTC.
fn clock(text: &[u8], series: &[Column<'_>]) -> (Option<Clock>, bool) {
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

fn moment(text: &[u8], tree: &Tree, clock: Clock) -> Option<i64> {
    match (clock, &tree.node) {
        (Clock::Stamp, Node::Text) => match roles::whole_stamp(&text[tree.start..tree.end])? {
            Stamp::Wall { micros, .. } => Some(micros),
            Stamp::Clock { .. } => None,
        },
        (Clock::Stamp, _) => None,
        (clock, _) => number(text, tree).and_then(|value| clock.micros(value)).map(|micros| micros as i64),
    }
}
