//! Reads JSON documents: rows in a list, columns of values, or one object that is one row.

mod columns;
mod shape;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

use std::sync::Arc;

use crate::literal::Dialect;
use crate::read::jsonl::map_of;
use crate::read::object::{FieldMap, Given, Made, Objects};
use crate::read::roles::Names;
use crate::row::{Block, Plan, Reader, Rows, Setting};
use crate::types::{Field, Holds, Naming};
use crate::wanted::Wanted;
use shape::{Shape, Way};
use tree::Tree;
use walk::{Piece, Walk};

/// A document may be one line, however long: it is held up to here.
const LONGEST: usize = 1 << 30;

/// More settings than this are data.
const SETTINGS: u64 = 10_000;

/// How a document is read.
#[derive(Debug, Clone)]
pub struct JsonPlan {
    shape: Shape,
    map: Arc<FieldMap>,
    names: Names,
    wanted: Wanted,
}

/// Tells a document that holds a log from the leading bytes of a file; none for any other, and for objects a line.
///
/// ```
/// use fastlogs_core::read::json::recognise;
/// use fastlogs_core::row::Plan;
/// assert!(recognise(b"{\"log_history\": [{\"step\": 1, \"loss\": 2.5}]}").is_some_and(|plan| plan.expects_step()));
/// assert!(recognise(b"{\"loss\": [2.5, 2.25], \"val_loss\": [2.75, 2.5]}").is_some());
/// assert!(recognise(b"{\"hidden_size\": 768,\n \"layers\": 12}").is_none());
/// ```
pub fn recognise(head: &[u8]) -> Option<JsonPlan> {
    JsonPlan::decide(head, &Names::default())
}

impl JsonPlan {
    /// The same with the names that a format gives.
    pub fn decide(head: &[u8], names: &Names) -> Option<JsonPlan> {
        let values = tree::values(head)?;
        let shape = shape::shape(head, &values, names)?;
        let map = match &shape {
            Shape::Rows(ways) => {
                let objects = shape::objects(&values, ways);
                let places: Vec<_> = objects.iter().map(|tree| (tree.start, tree.end)).collect();
                let named = shape::positions(head, &values, &objects);
                FieldMap { named, ..map_of(head, &places, names) }
            }
            Shape::Row => map_of(head, &[(values[0].start, values[0].end)], names),
            Shape::Columns => FieldMap::default(),
        };
        Some(JsonPlan { shape, map: Arc::new(map), names: names.clone(), wanted: Wanted::default() })
    }

    /// The same for the metrics that somebody asks for.
    pub fn wanting(self, wanted: &Wanted) -> JsonPlan {
        JsonPlan { wanted: wanted.clone(), ..self }
    }
}

impl Plan for JsonPlan {
    fn name(&self) -> &str {
        "json"
    }

    fn rules(&self) -> Vec<String> {
        let rule = match self.shape {
            Shape::Rows(_) => "object",
            Shape::Columns => "column",
            Shape::Row => "document",
        };
        vec![rule.to_owned()]
    }

    fn expects_step(&self) -> bool {
        let keyed = matches!(&self.shape, Shape::Rows(ways) if ways.iter().any(|way| way.keyed));
        keyed || self.map.step.is_some() && !self.map.step_in_epoch
    }

    fn splittable(&self) -> bool {
        false
    }

    fn longest_line(&self) -> Option<usize> {
        Some(LONGEST)
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(JsonReader::new(self))
    }
}

/// Reads a document in order: rows as they are complete, columns when all of it is there.
pub struct JsonReader {
    plan: JsonPlan,
    walk: Walk,
    objects: Objects,
    givens: Vec<Given>,
}

impl JsonReader {
    pub fn new(plan: &JsonPlan) -> Self {
        let ways: &[Way] = match &plan.shape {
            Shape::Rows(ways) => ways,
            Shape::Columns | Shape::Row => &[],
        };
        JsonReader {
            walk: Walk::new(ways),
            objects: Objects::new(Arc::clone(&plan.map), Dialect::Json, 0, Naming::Stored, plan.wanted.clone()),
            givens: ways.iter().enumerate().map(|(k, way)| given(k, way)).collect(),
            plan: plan.clone(),
        }
    }

    fn piece(&mut self, piece: Piece, rows: &mut Rows) {
        match piece {
            Piece::Row { way, step, start, end } => self.object(way, step, start, end, rows),
            Piece::Setting { key, start, end } if (rows.settings.len() as u64) < SETTINGS => {
                let value = String::from_utf8_lossy(self.walk.text(start, end)).into_owned();
                rows.settings.push(Setting { key, value });
            }
            Piece::Setting { .. } => {}
        }
    }

    fn object(&mut self, way: usize, step: Option<i64>, start: usize, end: usize, rows: &mut Rows) {
        let offset = self.walk.offset(start);
        let (at, given) = (rows.slots.len(), &self.givens[way]);
        match self.objects.row(self.walk.padded(), start, end, offset, given, rows) {
            Some((_, Made::Row)) => {
                if let (Some(step), false) = (step, given.fields.is_empty()) {
                    rows.slots[at] = step as u64;
                }
                rows.seen.claim(0);
            }
            Some((_, Made::Nothing)) => {}
            None => rows.seen.near.note(offset, self.walk.text(start, end)),
        }
    }

    /// What could only be read as a whole.
    fn whole(&mut self, rows: &mut Rows) {
        let end = self.walk.len();
        let text = self.walk.text(0, end);
        let Some(tree) = tree::first(text) else { return };
        match self.plan.shape {
            Shape::Rows(_) => {}
            Shape::Columns => {
                columns::rows(text, &tree, self.walk.offset(0), &self.plan.names, &self.plan.wanted, rows);
            }
            Shape::Row if tree.whole => self.row(&tree, rows),
            Shape::Row => rows.seen.clipped.note(self.walk.offset(0), text),
        }
    }

    fn row(&mut self, tree: &Tree, rows: &mut Rows) {
        let offset = self.walk.offset(tree.start);
        let read = self.objects.row(self.walk.padded(), tree.start, tree.end, offset, &Given::default(), rows);
        if let Some((_, Made::Row)) = read {
            rows.seen.claim(0);
        }
    }
}

/// What a list or a table of rows says of each of them.
fn given(number: usize, way: &Way) -> Given {
    let fields = if way.keyed { vec![Field::context(Holds::Step)] } else { Vec::new() };
    Given { number: number as u32 + 1, kind: way.kind.into(), fields, ..Given::default() }
}

impl Reader for JsonReader {
    fn read(&mut self, block: Block<'_>, rows: &mut Rows) {
        let bytes = block.bytes();
        let open = !bytes.is_empty() && !bytes.ends_with(b"\n");
        rows.seen.lines += memchr::memchr_iter(b'\n', bytes).count() as u64 + u64::from(open);
        self.walk.take(bytes, block.offset);
        if !matches!(self.plan.shape, Shape::Rows(_)) {
            return;
        }
        while let Some(piece) = self.walk.next() {
            self.piece(piece, rows);
        }
        self.walk.forget();
    }

    fn finish(&mut self, rows: &mut Rows) {
        self.whole(rows);
        if let Some((start, end)) = self.walk.left() {
            rows.seen.clipped.note(self.walk.offset(start), self.walk.text(start, end));
        }
    }
}
