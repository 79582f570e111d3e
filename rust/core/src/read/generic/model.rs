//! What one file's lines mean: learned from its head, applied to every line.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::boxes::{self, Boxes};
use super::grid::{self, Grids};
use super::line::{Bind, Found, Line, Role};
use super::prefix::Prefix;
use super::reader::Lines;
use super::roles::{Facts, Part, states, step_of};
use super::seen::{Cluster, Seen, bare_bar, flags, meaning};
use super::tables::{Apart, Tables};
use super::words;
use crate::row::{Plan, Reader};
use crate::time::Stamp;
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};

/// Bytes of the head that are looked at.
pub const HEAD: usize = 1 << 20;
/// Shapes learned after the head, at most.
const LATER: usize = 4096;

/// What becomes of one number of a line: which of those found it is, and its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    pub found: u32,
    pub slot: u32,
    pub whole: bool,
}

/// How the lines of one meaning become rows.
#[derive(Debug)]
pub struct Recipe {
    pub shape: Arc<Shape>,
    pub fills: Vec<Fill>,
    pub stamp: Option<usize>,
    pub rank: Option<usize>,
    /// The number that must have this value, or the line is no row.
    pub only: Option<(u32, f64)>,
}

/// What a file's lines mean.
#[derive(Debug)]
pub struct Model {
    facts: Facts,
    tables: Tables,
    recipes: HashMap<u64, Option<Arc<Recipe>>>,
    later: Mutex<HashMap<u64, Option<Arc<Recipe>>>>,
    /// Names that the head measured.
    names: HashSet<String>,
    rules: Vec<String>,
    /// The states of one bar may bear more names at its end: bars that begin alike share a rule.
    bars: HashMap<String, u32>,
    /// The total of the bar whose states, bare of metrics, give the step to other lines.
    pub bar_total: Option<f64>,
    expects_step: bool,
    pub boxes: Option<Arc<Boxes>>,
    pub grids: Option<Arc<Grids>>,
}

/// Learns from the leading bytes of a file; none where nothing is measured.
pub fn learn(head: &[u8]) -> Option<Arc<Model>> {
    let head = &head[..head.len().min(HEAD)];
    let boxes = boxes::learn(head);
    let grids = grid::learn(head, u32::from(boxes.is_some()));
    let seen = Seen::of(head);
    let facts = Facts::of(&seen);
    let rows = rows(&seen, &facts);
    if !rows.contains(&true) && boxes.is_none() && grids.is_none() {
        return None;
    }
    let taken = || seen.clusters.iter().zip(&rows).filter(|(_, row)| **row).map(|(c, _)| c);
    let tables = Tables::of(taken(), &facts);
    let names = taken().flat_map(|c| c.line.values()).map(|f| f.name.clone()).collect();
    let mut model = Model {
        facts,
        tables,
        recipes: HashMap::new(),
        later: Mutex::default(),
        names,
        rules: boxes.iter().map(|_| "boxes".to_owned()).chain(grids.iter().flat_map(|g| g.titles())).collect(),
        bars: HashMap::new(),
        bar_total: None,
        expects_step: false,
        boxes,
        grids,
    };
    let orderless = taken().any(|c| {
        let parts = model.facts.parts(&c.line);
        !c.line.bar && !parts.contains(&Part::Context(Holds::Step)) && !parts.contains(&Part::Context(Holds::Batch))
    });
    // of bars that say nothing the first is the run's
    model.bar_total = seen.bars.iter().find(|(_, states)| *states > 1).map(|(total, _)| *total).filter(|_| orderless);
    for (cluster, row) in seen.clusters.iter().zip(&rows) {
        model.state(cluster, *row);
    }
    model.rules.push("lines learned later".to_owned());
    model.expects_step = model.recipes.values().flatten().any(|r| states_step(&r.shape));
    Some(Arc::new(model))
}

fn states_step(shape: &Shape) -> bool {
    &*shape.kind == TRAIN && shape.keep != Keep::Carry && shape.position(Holds::Step).is_some()
}

/// Which clusters are measurements.
fn rows(seen: &Seen, facts: &Facts) -> Vec<bool> {
    let all = seen.clusters.iter().map(|c| c.count).sum();
    let judge = Judge { facts, counted: 0, all, tiny: seen.lines < 40 };
    let is_counted = |c: &Cluster| judge.has_counter(c) && judge.is_row(c, 0) || states(c) && c.count > 1;
    let counted: Vec<bool> = seen.clusters.iter().map(is_counted).collect();
    let lines = seen.clusters.iter().zip(&counted).filter(|(_, counted)| **counted).map(|(c, _)| c.count).sum();
    let judge = Judge { counted: lines, ..judge };
    let gaps = seen.gaps(&counted);
    seen.clusters.iter().zip(gaps).map(|(c, gaps)| judge.is_row(c, gaps)).collect()
}

/// Which shapes are measurements: a counter that moves, or values that change between counted lines.
struct Judge<'a> {
    facts: &'a Facts,
    /// Lines that count, and lines with numbers.
    counted: u32,
    all: u32,
    tiny: bool,
}

impl Judge<'_> {
    fn has_counter(&self, cluster: &Cluster) -> bool {
        let counts = |p: &Part| matches!(p, Part::Context(Holds::Step | Holds::Epoch | Holds::Batch));
        self.facts.parts(&cluster.line).iter().any(counts)
    }

    fn is_row(&self, cluster: &Cluster, gaps: u32) -> bool {
        let line = &cluster.line;
        if line.values().next().is_none() || !plausible(line) {
            return false;
        }
        if self.has_counter(cluster) { self.counted_row(cluster) } else { self.uncounted_row(cluster, gaps) }
    }

    fn counted_row(&self, cluster: &Cluster) -> bool {
        let line = &cluster.line;
        let strong = line.values().filter(|f| f.bind == Bind::Strong).count();
        let fraction = self.fraction(cluster);
        if line.bar {
            return strong > 0;
        }
        if cluster.count == 1 {
            let fits = line.residue <= 1 && fraction;
            return fits && (strong >= 3 || (strong >= 1 && self.counted > 0));
        }
        let moves = cluster.traces.iter().any(|t| t.changes());
        moves && (strong > 0 || line.residue <= 2)
    }

    fn uncounted_row(&self, cluster: &Cluster, gaps: u32) -> bool {
        let line = &cluster.line;
        let enough = if self.tiny { 2 } else { 3 };
        let changes = self.values(cluster).any(|(_, t)| t.changes());
        let measured = line.values().any(|f| words::measured(&f.name));
        let strong = line.values().filter(|f| f.bind == Bind::Strong).count();
        let sentence = line.residue > if strong >= 2 { 2 } else { 0 };
        // whole numbers alone are told from remarks by their regularity
        let regular = strong > 0 && self.counted > 0 && gaps >= enough && gaps * 5 >= self.counted * 4;
        let telling = self.fraction(cluster) || measured || regular;
        if cluster.count < enough || !changes || !telling || cluster.alarm || sentence || alarmed(line) {
            return false;
        }
        if self.counted > 0 {
            return gaps >= enough.min(cluster.count);
        }
        measured || strong >= 3 || (strong >= 1 && cluster.count >= 5 && cluster.count * 2 > self.all)
    }

    fn values<'c>(&self, cluster: &'c Cluster) -> impl Iterator<Item = (&'c Found, &'c super::seen::Trace)> {
        cluster.line.found.iter().zip(&cluster.traces).filter(|(f, _)| f.role == Role::Value)
    }

    fn fraction(&self, cluster: &Cluster) -> bool {
        self.values(cluster).any(|(_, t)| t.fraction)
    }
}

/// A warning is no measurement.
fn alarmed(line: &Line) -> bool {
    let word = line.label.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    matches!(word, "WARNING" | "WARN" | "ERROR" | "Warning" | "Error" | "warning")
}

/// Names are a few words; more make a sentence.
fn plausible(line: &Line) -> bool {
    let long = |f: &&Found| f.name.split_whitespace().count() > if f.bind == Bind::Strong { 9 } else { 4 };
    line.values().find(long).is_none()
}

impl Model {
    fn state(&mut self, cluster: &Cluster, row: bool) {
        let line = &cluster.line;
        let rule = self.rule_of(line);
        let bits = u64::from(cluster.flags);
        let recipe = match () {
            () if row => Some(self.recipe(line, cluster.flags, rule, false)),
            () if self.bar_total.is_some() && bare_bar(line).is_some() => self.bar_lender(rule),
            () if states(cluster) && self.lends(line) => self.lender(line, cluster.flags, rule),
            () => None,
        };
        if recipe.is_some() && rule as usize == self.rules.len() {
            self.rules.push(title(line));
            if line.bar {
                self.bars.insert(bar_key(line), rule);
            }
        }
        self.recipes.insert(meaning(line, bits), recipe.map(Arc::new));
    }

    fn rule_of(&self, line: &Line) -> u32 {
        let bar = line.bar.then(|| self.bars.get(&bar_key(line))).flatten();
        bar.copied().unwrap_or(self.rules.len() as u32)
    }

    /// What a line means; learned now if the head had none like it.
    pub fn recipe_of(&self, line: &Line, prefix: &Prefix) -> Option<Arc<Recipe>> {
        let bits = flags(prefix);
        let key = meaning(line, u64::from(bits));
        if let Some(known) = self.recipes.get(&key) {
            return known.clone();
        }
        let mut later = self.later.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = later.get(&key) {
            return known.clone();
        }
        let rule = self.rule_of(line).min(self.rules.len() as u32 - 1);
        let recipe =
            (later.len() < LATER && self.admits(line, prefix)).then(|| Arc::new(self.recipe(line, bits, rule, true)));
        later.insert(key, recipe.clone());
        recipe
    }

    /// A shape unseen in the head is taken if it counts as the head's lines do, or measures what they measure.
    fn admits(&self, line: &Line, prefix: &Prefix) -> bool {
        if prefix.alarm || alarmed(line) || !plausible(line) || line.values().next().is_none() || line.residue > 1 {
            return false;
        }
        let parts = self.facts.parts(line);
        let counts = parts.iter().any(|p| matches!(p, Part::Context(Holds::Step | Holds::Epoch | Holds::Batch)));
        let strong = line.values().any(|f| f.bind == Bind::Strong);
        let known = |f: &Found| self.names.contains(&f.name);
        (counts && (strong || line.values().any(known))) || line.values().all(known)
    }

    /// Of several counters that state lines bear, the first is lent.
    fn lends(&self, line: &Line) -> bool {
        step_of(line).is_none_or(|step| self.facts.lender.as_deref().is_none_or(|lender| lender == step))
    }

    /// A state line's context.
    fn lender(&self, line: &Line, flags: u8, rule: u32) -> Option<Recipe> {
        let mut recipe = self.recipe(line, flags, rule, false);
        let lends = [Holds::Epoch, Holds::Step].iter().any(|&h| recipe.shape.position(h).is_some());
        let mut shape = (*recipe.shape).clone();
        shape.keep = Keep::Carry;
        recipe.shape = Arc::new(shape);
        lends.then_some(recipe)
    }

    /// The state of a bar lends its count to lines that have none.
    fn bar_lender(&self, rule: u32) -> Option<Recipe> {
        let fields = vec![Field::context(Holds::Step)];
        let shape = Shape { rule, kind: TRAIN.into(), keep: Keep::Carry, utc: false, guessed: false, fields };
        let fills = vec![Fill { found: 0, slot: 0, whole: true }];
        Some(Recipe { shape: Arc::new(shape), fills, stamp: None, rank: None, only: Some((1, self.bar_total?)) })
    }

    fn recipe(&self, line: &Line, flags: u8, rule: u32, guessed: bool) -> Recipe {
        let parts = self.facts.parts(line);
        let apart = self.tables.apart(line, &parts);
        let kind = self.row_kind(line, &parts, apart);
        let mut recipe = Sketch::default();
        let stamp = stamp_of(flags).map(|holds| recipe.field(Field::context(holds)));
        let rank = (flags & 4 != 0).then(|| recipe.field(Field::context(Holds::Rank)));
        for (k, part) in parts.iter().enumerate() {
            let found = &line.found[k];
            match part {
                Part::Context(Holds::Rank) if rank.is_some() => {}
                Part::Context(holds) => {
                    recipe.fill(k, Field::context(*holds), !matches!(holds, Holds::Epoch | Holds::Epochs))
                }
                Part::Metric => recipe.metric(k, found, apart, &kind),
                Part::Nothing => {}
            }
        }
        let keep = if line.bar { Keep::Last } else { Keep::All };
        let shape =
            Shape { rule, kind: kind.as_str().into(), keep, utc: flags & 3 == 2, guessed, fields: recipe.fields };
        Recipe { shape: Arc::new(shape), fills: recipe.fills, stamp, rank, only: None }
    }

    /// The kind of the row: the line's own, else that of all its metrics.
    fn row_kind(&self, line: &Line, parts: &[Part], apart: Option<&Apart>) -> String {
        if let Some(Apart::Kind(kind)) = apart {
            return line
                .kind
                .filter(|k| *k != TRAIN && !line.values().any(|f| f.kind == Some(TRAIN)))
                .map_or(kind.clone(), |own| format!("{own}_{kind}"));
        }
        let mut kinds =
            line.found.iter().zip(parts).filter(|(_, p)| **p == Part::Metric).map(|(f, _)| f.kind.unwrap_or(TRAIN));
        let first = kinds.next().unwrap_or(line.kind.unwrap_or(TRAIN));
        if kinds.all(|k| k == first) { first.to_owned() } else { TRAIN.to_owned() }
    }
}

fn stamp_of(flags: u8) -> Option<Holds> {
    match flags & 3 {
        0 => None,
        3 => Some(Holds::Elapsed),
        _ => Some(Holds::WallTime),
    }
}

#[derive(Default)]
struct Sketch {
    fields: Vec<Field>,
    fills: Vec<Fill>,
}

impl Sketch {
    fn field(&mut self, field: Field) -> usize {
        self.fields.push(field);
        self.fields.len() - 1
    }

    fn fill(&mut self, found: usize, field: Field, whole: bool) {
        let slot = self.field(field) as u32;
        self.fills.push(Fill { found: found as u32, slot, whole });
    }

    fn metric(&mut self, k: usize, found: &Found, apart: Option<&Apart>, row_kind: &str) {
        let kind = match (apart, found.kind) {
            (Some(Apart::Kind(_)), None | Some(TRAIN)) => row_kind,
            (_, kind) => kind.unwrap_or(TRAIN),
        };
        let name = match apart {
            Some(Apart::Label(label)) => format!("{label} {}", found.name),
            _ => found.name.clone(),
        };
        // a magnitude is applied, the rest is kept
        let probe = format!("1{}", found.unit);
        let unit = crate::number::quantity(probe.as_bytes(), found.name.as_bytes());
        let unit = unit.map_or(found.unit.as_bytes(), |q| q.unit);
        let unit = std::str::from_utf8(unit).ok().filter(|u| !u.is_empty());
        let field = Field::metric(&name, kind, Naming::Printed, unit);
        let twins = self.fields.iter().filter(|f| f.holds == Holds::Metric && f.name == field.name).count();
        let field = if twins == 0 {
            field
        } else {
            Field::metric(&format!("{name}_{}", twins + 1), kind, Naming::Printed, unit)
        };
        if self.fields.iter().all(|f| f.holds != Holds::Metric || f.name != field.name) {
            self.fill(k, field, false);
        }
    }
}

/// What the states of one bar have in common.
fn bar_key(line: &Line) -> String {
    line.values().next().map_or(String::new(), |f| format!("{} {}", f.kind.unwrap_or(TRAIN), f.name))
}

/// What a rule is called in the coverage.
fn title(line: &Line) -> String {
    let names: Vec<&str> = line.found.iter().filter(|f| !f.name.is_empty()).map(|f| f.name.as_str()).take(4).collect();
    names.join(", ")
}

/// The model as a plan.
pub struct Learned(pub Arc<Model>);

impl Plan for Learned {
    fn name(&self) -> &str {
        "generic"
    }

    fn rules(&self) -> Vec<String> {
        self.0.rules.clone()
    }

    fn expects_step(&self) -> bool {
        self.0.expects_step
    }

    fn splittable(&self) -> bool {
        self.0.boxes.is_none() && self.0.grids.is_none()
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Lines::new(Arc::clone(&self.0)))
    }
}

/// The slot of a stamp.
pub fn stamp_slot(stamp: Stamp) -> u64 {
    match stamp {
        Stamp::Wall { micros, .. } => micros as u64,
        Stamp::Clock { micros } => crate::row::slot_of(micros as f64 / 1e6),
    }
}
