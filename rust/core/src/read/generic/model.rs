//! What one file's lines mean: learned from its head, applied to every line.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::boxes::{self, Boxes};
use super::dialect::Dialect;
use super::grid::{self, Grids};
use super::judge::{alarmed, plausible, rows};
use super::line::{Bind, Found, Line};
use super::prefix::Prefix;
use super::reader::Lines;
use super::recipe::{Fill, Recipe, Sketch, stamp_of};
use super::roles::{Facts, Part, states, step_of};
use super::seen::{Cluster, Seen, bare_bar, flags, meaning};
use super::splits::{self, Splits};
use super::tables::{Apart, Tables};
use crate::row::{Plan, Reader};
use crate::types::{Field, Holds, Keep, Shape, TRAIN};

/// Bytes of the head that are looked at.
pub const HEAD: usize = 1 << 20;
/// Shapes learned after the head that are remembered, at most.
const LATER: usize = 4096;

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
    pub splits: Option<Arc<Splits>>,
    /// How the file writes its numbers.
    pub dialect: Dialect,
}

/// Learns from the leading bytes of a file; none where nothing is measured.
pub fn learn(head: &[u8]) -> Option<Arc<Model>> {
    let head = &head[..head.len().min(HEAD)];
    let dialect = Dialect::of(head);
    let head = dialect.plain(head);
    learn_from(&head, dialect)
}

fn learn_from(head: &[u8], dialect: Dialect) -> Option<Arc<Model>> {
    let boxes = boxes::learn(head);
    let grids = grid::learn(head, u32::from(boxes.is_some()));
    let before = usize::from(boxes.is_some()) + grids.as_ref().map_or(0, |g| g.titles().count());
    let splits = splits::learn(head, before as u32);
    let mut seen = Seen::of(head);
    seen.clusters.iter_mut().for_each(Cluster::settle);
    let facts = Facts::of(&seen);
    let rows = rows(&seen, &facts);
    if !rows.contains(&true) && boxes.is_none() && grids.is_none() && splits.is_none() {
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
        rules: boxes
            .iter()
            .map(|_| "boxes".to_owned())
            .chain(grids.iter().flat_map(|g| g.titles()))
            .chain(splits.iter().map(|_| "a line a metric, a column a split".to_owned()))
            .collect(),
        bars: HashMap::new(),
        bar_total: None,
        expects_step: false,
        boxes,
        grids,
        splits,
        dialect,
    };
    let orderless = taken().any(|c| {
        let parts = model.facts.parts(&c.line);
        !c.line.bar && !parts.contains(&Part::Context(Holds::Step)) && !parts.contains(&Part::Context(Holds::Batch))
    });
    // of bars that say nothing the first is the run's, if it goes through it without beginning again
    let first = seen.bars.iter().find(|(_, bar)| bar.count > 1).filter(|(_, bar)| bar.falls == 0);
    model.bar_total = first.map(|(total, _)| *total).filter(|_| orderless);
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

impl Model {
    fn state(&mut self, cluster: &Cluster, row: bool) {
        let line = &cluster.line;
        let rule = self.rule_of(line);
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
        self.recipes.insert(cluster.key, recipe.map(Arc::new));
    }

    fn rule_of(&self, line: &Line) -> u32 {
        let bar = line.bar.then(|| self.bars.get(&bar_key(line))).flatten();
        bar.copied().unwrap_or(self.rules.len() as u32)
    }

    /// Whether some lines mean something only after others.
    pub fn sequential(&self) -> bool {
        self.boxes.is_some() || self.grids.is_some() || self.splits.is_some()
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
        let recipe = self.admits(line, prefix).then(|| Arc::new(self.recipe(line, bits, rule, true)));
        // beyond that many nothing is remembered, but the answer is the same
        if later.len() < LATER {
            later.insert(key, recipe.clone());
        }
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
                Part::Metric => recipe.metric(k, (found, self.facts.called(&found.name)), apart, &kind),
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

/// What the states of one bar have in common.
fn bar_key(line: &Line) -> String {
    line.values().next().map_or(String::new(), |f| format!("{} {}", f.kind.unwrap_or(TRAIN), f.name))
}

/// What a rule is called in the coverage.
fn title(line: &Line) -> String {
    let names: Vec<&str> = line.found.iter().filter(|f| !f.name.is_empty()).map(|f| f.name.as_str()).take(4).collect();
    if names.is_empty() { "progress bar".to_owned() } else { names.join(", ") }
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
        !self.0.sequential()
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Lines::new(Arc::clone(&self.0)))
    }
}
