//! The files of one run as one table: joined on (attempt, step, rank), and what two of them hold is there once.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch, make_array};
use arrow_data::transform::MutableArrayData;
use arrow_schema::{Field as ArrowField, Schema, SchemaRef};
use regex::Regex;

use crate::collect::outline::Outline;
use crate::collect::table;
use crate::error::{Error, Kind, Result};
use crate::meet::{self, Place, Whole};
use crate::scan::coverage::StepFrom;
use crate::scan::join::joined;
use crate::scan::pass::Done;
use crate::types::{SPLIT_WORDS, TRAIN};

/// What a table has beside its metrics.
const CONTEXT: [&str; 7] = ["run", "step", "rank", "attempt", "epoch", "wall_time", "elapsed"];

/// Numbers that agree so well are the same, printed twice.
const CLOSE: f64 = 5e-3;
/// Of the values at equal steps so many must agree.
const MOST: f64 = 0.9;

static RANK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:rank|worker|node|proc|host|gpu)[._-]?(\d+)").ok());

/// A file's rows, and what its name says of them.
struct Part {
    table: RecordBatch,
    places: Vec<Place<Key>>,
    /// Its metrics by the name they have in the whole; a new name where another file's numbers are others.
    names: Vec<String>,
}

/// Attempt, step and rank.
type Key = (i64, i64, i64);

/// Gives the first of the sources of one run the rows of all, and tells the others what they hold a second time.
/// Sources that cannot be joined are left as they are.
pub fn of_run(dones: &mut [Done], run: bool) -> Result<()> {
    let outline = united(dones);
    let Ok(schema) = outline.schema(run) else { return Ok(()) };
    let mut parts: Vec<(usize, Part)> = Vec::new();
    for at in 0..dones.len() {
        let Some(table) = drained(&mut dones[at], &schema, &outline, run)? else { continue };
        let part = Part::new(table, &dones[at], dones.len() > 1)?;
        parts.push((at, part));
    }
    let mut twins: Vec<(usize, String)> = Vec::new();
    set_apart(dones, &mut parts, &mut twins);
    for (at, name) in twins {
        dones[at].note_twin(name);
    }
    let parts: Vec<Part> = parts.into_iter().map(|(_, part)| part).collect();
    let others: Vec<Outline> = dones.iter().skip(1).map(|done| done.outline().clone()).collect();
    if let (Some(batch), Some(first)) = (whole(&parts, &schema)?, dones.first_mut()) {
        others.iter().for_each(|other| first.unite(other));
        first.show_ranks(outline.ranks);
        let known = |name: &str| outline.metrics.iter().any(|metric| &*metric.name == name);
        let renamed = || parts.iter().flat_map(Part::renamed);
        let new = renamed().filter(|(_, new)| !known(new));
        new.for_each(|(old, new)| first.add_metric(&outline, &old, &new));
        first.joined = Some(batch);
        let left = |name: &String| parts.iter().any(|part| part.metrics().any(|c| part.names[c] == *name));
        for (old, _) in renamed().filter(|(old, _)| !left(old)) {
            dones.iter_mut().for_each(|done| done.forget_metric(&old));
        }
    }
    Ok(())
}

fn united(dones: &[Done]) -> Outline {
    let mut outline = Outline::default();
    dones.iter().for_each(|done| outline.unite(done.outline()));
    outline.metrics.iter_mut().for_each(|metric| metric.guessed = false);
    outline.ranks |= dones.iter().any(Done::has_ranks) || ranks(dones).is_some();
    outline
}

/// The ranks that names say, where each file is another rank's.
fn ranks(dones: &[Done]) -> Option<Vec<i64>> {
    let found: Option<Vec<i64>> = dones.iter().map(|done| rank_of(done.source())).collect();
    found.filter(|ranks| ranks.windows(2).all(|pair| pair[0] != pair[1]))
}

fn rank_of(source: &str) -> Option<i64> {
    RANK.as_ref()?.captures(stem(source))?.get(1)?.as_str().parse().ok()
}

fn drained(done: &mut Done, schema: &SchemaRef, outline: &Outline, run: bool) -> Result<Option<RecordBatch>> {
    let mut few = Vec::new();
    while let Some(batch) = done.take(schema, outline, run) {
        few.push(batch?);
    }
    joined(few)
}

impl Part {
    fn new(table: RecordBatch, done: &Done, several: bool) -> Result<Part> {
        let rank = rank_of(done.source()).filter(|_| several && !done.has_ranks());
        let places = meet::places(keys(&table, rank));
        let names = table.schema_ref().fields().iter().map(|field| field.name().clone()).collect();
        Ok(Part { table, places, names })
    }

    fn metrics(&self) -> impl Iterator<Item = usize> {
        let fields = self.table.schema_ref().fields();
        let there = |k: &usize| {
            !CONTEXT.contains(&fields[*k].name().as_str()) && self.table.column(*k).null_count() < self.table.num_rows()
        };
        (0..fields.len()).filter(there)
    }

    fn renamed(&self) -> Vec<(String, String)> {
        let fields = self.table.schema_ref().fields();
        let changed = fields.iter().zip(&self.names).filter(|(field, name)| field.name() != *name);
        changed.map(|(field, name)| (field.name().clone(), name.clone())).collect()
    }
}

fn keys(table: &RecordBatch, rank: Option<i64>) -> impl Iterator<Item = Key> {
    let whole = |name: &str| table.column_by_name(name).and_then(|c| c.as_any().downcast_ref::<Int64Array>());
    let value =
        |column: Option<&Int64Array>, row: usize| column.filter(|c| c.is_valid(row)).map_or(0, |c| c.value(row));
    let (steps, attempts, ranks) = (whole("step"), whole("attempt"), whole("rank"));
    let key = move |row| (value(attempts, row), value(steps, row), rank.unwrap_or_else(|| value(ranks, row)));
    (0..table.num_rows()).map(key)
}

/// Gives metrics of one name and other numbers another name, and finds those that are there twice.
fn set_apart(dones: &[Done], parts: &mut [(usize, Part)], twins: &mut Vec<(usize, String)>) {
    let steps: Vec<StepFrom> = parts.iter().map(|(at, _)| dones[*at].step_from()).collect();
    for k in 0..parts.len() {
        let (before, rest) = parts.split_at_mut(k);
        let Some((at, part)) = rest.first_mut() else { return };
        let places = part.places.clone();
        let others: Vec<Other<'_>> = before.iter().map(|(_, part)| Other::new(part, &places)).collect();
        let source = dones[*at].source();
        if let Some(kind) = kind_of(source) {
            let plain: Vec<usize> = part.metrics().collect();
            plain.into_iter().for_each(|c| part.names[c] = with_kind(kind, &part.names[c]));
        }
        // A piece of the log before, or rows whose steps mean something else: they follow, and meet nobody.
        let piece = before.iter().any(|(other, _)| alike(dones[*other].source(), source));
        let other_steps = k > 0 && (steps[k] == StepFrom::Order) != (steps[0] == StepFrom::Order);
        if piece && !agree_at_all(&others, part) || other_steps {
            follow(before, part);
            continue;
        }
        for c in part.metrics().collect::<Vec<_>>() {
            let named = |same: fn(&str, &str) -> bool| others.iter().find_map(|other| other.compared(part, c, same));
            match named(is_equal).or_else(|| named(is_spelled).filter(|(same, _)| *same)) {
                Some((true, name)) => {
                    part.names[c].clone_from(&name);
                    twins.push((*at, name));
                }
                Some((false, _)) => part.names[c] = free_name(before, &part.names[c]),
                None => {}
            }
        }
    }
}

/// Puts the rows of a part behind those of equal steps.
fn follow(before: &[(usize, Part)], part: &mut Part) {
    let mut most: HashMap<Key, u32> = HashMap::new();
    for &(key, place) in before.iter().flat_map(|(_, other)| &other.places) {
        let count = most.entry(key).or_default();
        *count = (*count).max(place + 1);
    }
    for (key, place) in &mut part.places {
        *place += most.get(key).copied().unwrap_or_default();
    }
}

fn agree_at_all(others: &[Other<'_>], part: &Part) -> bool {
    let mut found = part.metrics().filter_map(|c| others.iter().find_map(|other| other.compared(part, c, is_equal)));
    found.all(|(same, _)| same)
}

/// A part that another is compared with.
struct Other<'p> {
    part: &'p Part,
    /// The rows of both that meet: theirs, and the other's.
    met: LazyCell<Vec<(usize, usize)>, Box<dyn FnOnce() -> Vec<(usize, usize)> + 'p>>,
}

impl<'p> Other<'p> {
    fn new(part: &'p Part, places: &'p [Place<Key>]) -> Other<'p> {
        Other { part, met: LazyCell::new(Box::new(|| meet::pairs(&part.places, places))) }
    }

    /// Whether a metric of a part is the same here, as far as both have it at equal steps, and its name here; none
    /// where they do not.
    fn compared(&self, part: &Part, column: usize, same_name: fn(&str, &str) -> bool) -> Option<(bool, String)> {
        let at = self.part.metrics().find(|&c| same_name(&self.part.names[c], &part.names[column]))?;
        let number = |table: &RecordBatch, c: usize| table.column(c).as_any().downcast_ref::<Float64Array>().cloned();
        let (mine, theirs) = (number(&part.table, column)?, number(&self.part.table, at)?);
        let both = self.met.iter().filter(|&&(there, here)| theirs.is_valid(there) && mine.is_valid(here));
        let (mut count, mut same) = (0_u64, 0_u64);
        for &(there, here) in both {
            count += 1;
            same += u64::from(is_close(mine.value(here), theirs.value(there)));
        }
        (count > 0).then(|| (same as f64 >= MOST * count as f64, self.part.names[at].clone()))
    }
}

fn is_equal(one: &str, other: &str) -> bool {
    one == other
}

/// Whether two names are one, spelled by two writers: `policy loss` and `policy_loss`, `learning_rate` and `lr`.
fn is_spelled(one: &str, other: &str) -> bool {
    plain_name(one) == plain_name(other)
}

fn plain_name(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let one_word = |word: String| match word.as_str() {
        "valid" | "validation" | "dev" | "eval" => "val".to_owned(),
        "training" => "train".to_owned(),
        _ => word,
    };
    words.map(one_word).collect::<String>().replace("learningrate", "lr")
}

fn is_close(one: f64, other: f64) -> bool {
    one == other || one.is_nan() && other.is_nan() || (one - other).abs() <= CLOSE * one.abs().max(other.abs())
}

fn free_name(before: &[(usize, Part)], name: &str) -> String {
    let taken = |name: &str| before.iter().any(|(_, part)| part.metrics().any(|c| part.names[c] == name));
    let mut names = (2..).map(|k| format!("{name}_{k}"));
    names.find(|name| !taken(name)).unwrap_or_default()
}

/// The kind that a file's name tells: `val.csv`, `eval_metrics.jsonl`.
fn kind_of(source: &str) -> Option<&'static str> {
    let stem = stem(source).to_ascii_lowercase();
    let mut words = stem.split(|c: char| !c.is_ascii_alphabetic());
    let kind = words.find_map(|word| SPLIT_WORDS.iter().find(|known| **known == word))?;
    match *kind {
        "train" | "training" => None,
        "valid" | "validation" | "dev" | "eval" => Some("val"),
        kind => Some(kind),
    }
}

fn with_kind(kind: &str, name: &str) -> String {
    let head = name.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    if kind == TRAIN || SPLIT_WORDS.contains(&head.as_str()) { name.to_owned() } else { format!("{kind}_{name}") }
}

/// The name of a file without its folder and its endings.
fn stem(source: &str) -> &str {
    let name = Path::new(source).file_name().and_then(|name| name.to_str()).unwrap_or(source);
    name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or(name)
}

/// Whether two names differ in digits only.
fn alike(one: &str, other: &str) -> bool {
    let plain = |source: &str| {
        let name = Path::new(source).file_name().and_then(|name| name.to_str()).unwrap_or(source);
        name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().trim_end_matches('.').to_owned()
    };
    plain(one) == plain(other)
}

/// The table of all parts: a row a key, in order.
fn whole(parts: &[Part], schema: &SchemaRef) -> Result<Option<RecordBatch>> {
    if parts.is_empty() {
        return Ok(None);
    }
    let rows = Whole::of(parts.iter().map(|part| &*part.places));
    let mut fields: Vec<Arc<ArrowField>> = schema.fields().iter().cloned().collect();
    for part in parts {
        for (field, name) in part.table.schema_ref().fields().iter().zip(&part.names) {
            if !fields.iter().any(|known| known.name() == name) {
                fields.push(Arc::new(ArrowField::clone(field).with_name(name)));
            }
        }
    }
    let columns = fields.iter().map(|field| column(parts, field, &rows)).collect::<Result<_>>()?;
    table::batch(&Arc::new(Schema::new(fields)), columns).map(Some)
}

/// One column: of the parts that have a row the first that has a value gives it.
fn column(parts: &[Part], field: &ArrowField, rows: &Whole<Key>) -> Result<ArrayRef> {
    let count = rows.rows().count();
    match field.name().as_str() {
        "rank" => return Ok(Arc::new(rows.rows().map(|((key, _), _)| Some(key.2)).collect::<Int64Array>())),
        "run" => return run_of(parts, count),
        _ => {}
    }
    let of_part = |part: &Part| {
        let at = part.names.iter().position(|name| name == field.name())?;
        Some(part.table.column(at).to_data()).filter(|data| data.data_type() == field.data_type())
    };
    let sources: Vec<(usize, _)> = parts.iter().enumerate().filter_map(|(p, part)| Some((p, of_part(part)?))).collect();
    let data: Vec<_> = sources.iter().map(|(_, data)| data).collect();
    if data.is_empty() {
        return Ok(arrow_array::new_null_array(field.data_type(), count));
    }
    let place = |p: usize| sources.iter().position(|(at, _)| *at == p);
    let mut out = MutableArrayData::new(data, true, count);
    let wrong = |e| Error::new(Kind::Usage, format!("wanted a table that fits its offsets, found {e}"));
    for (_, met) in rows.rows() {
        let mut values = met.iter().filter_map(|(_, from)| Some((place(from.list)?, from.row)));
        match values.find(|&(s, row)| sources[s].1.is_valid(row)) {
            Some((s, row)) => out.try_extend(s, row, row + 1).map_err(wrong)?,
            None => out.try_extend_nulls(1).map_err(wrong)?,
        }
    }
    Ok(make_array(out.freeze()))
}

fn run_of(parts: &[Part], rows: usize) -> Result<ArrayRef> {
    let column = parts.first().and_then(|part| part.table.column_by_name("run"));
    let words = column.and_then(|column| {
        column.as_any().downcast_ref::<arrow_array::DictionaryArray<arrow_array::types::Int32Type>>()
    });
    let name = words.and_then(|words| words.values().as_any().downcast_ref::<arrow_array::StringArray>());
    let name = name.filter(|names| !names.is_empty()).map_or("", |names| names.value(0));
    Ok(table::run_column(name, rows))
}
