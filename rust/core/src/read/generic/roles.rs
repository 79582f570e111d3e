//! Decides which counters of a line are its step, its epoch, its place in the epoch.

use std::collections::HashSet;

use super::line::{Bind, Found, Line, Role};
use super::seen::{Cluster, Seen, Trace, head_count};
use super::words::{self, Counter};
use crate::types::{Holds, TRAIN, snake_case};

/// What the counters of one file do.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// A number and a colon at the head of lines name the process.
    pub head_is_rank: bool,
    /// State lines give the epoch to later lines.
    pub lends_epoch: bool,
    /// Counters that begin again in each epoch.
    pub restarts: HashSet<String>,
    /// Counters that are no whole numbers, or never move beside others that do.
    pub idle: HashSet<String>,
    /// Named counts and pairs that are measurements (`D(G(z)): 0.45 / 0.39`, `round 910.9`).
    pub pairs: HashSet<String>,
    /// Second numbers that are no running means (`best: 0.69 (3)`), and numbers that only label.
    pub remarks: HashSet<String>,
    /// Bars of one state: their `1/1` counts nothing. By the first name they bear.
    pub lone: HashSet<String>,
    /// Counters whose other half is no total but the count within them: `Batch 3/150` after `Batch 3/100`.
    pub nested: HashSet<String>,
    /// Values that count what the number right behind them measures: `Train loss 100 0.5`.
    pub leads: HashSet<String>,
    /// The counter that state lines lend, if several could.
    pub lender: Option<String>,
    /// The name of a number that counts though no word says so.
    pub counts: Option<String>,
    /// The name of a number behind the epoch that counts within it, or on through all: `ep 1 it 50`.
    pub inner: Option<(String, Holds)>,
    /// Nameless counters without a total only tell things apart: `[5451]`.
    pub ids: bool,
    /// A nameless pair moves with the epoch that other lines state: `train (1/30)`.
    pub paced: bool,
}

/// What becomes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Context(Holds),
    Metric,
    Nothing,
}

impl Facts {
    pub fn of(seen: &Seen) -> Facts {
        let head = &seen.head;
        let mut facts = Facts {
            head_is_rank: head.count > 0 && head.rises * 3 < head.count.saturating_sub(1).max(1),
            ..Facts::default()
        };
        for cluster in &seen.clusters {
            facts.note(cluster);
        }
        let lends = |c: &&Cluster| states(c) && c.count > 1 && step_of(&c.line).is_some();
        facts.lender = seen.clusters.iter().find(lends).and_then(|c| step_of(&c.line)).map(str::to_owned);
        facts.lends_epoch =
            seen.clusters.iter().any(|c| states(c) && c.line.counts().any(|f| f.role == Role::Count(Counter::Epoch)));
        facts.counts = counting_name(seen, &facts).filter(|_| facts.lender.is_none());
        facts.inner = seen.clusters.iter().find_map(|c| inner_count(c, &facts));
        facts.ids = most(seen, |c, k| !paired(&c.line, k), |t| t.strays());
        facts.paced = most(seen, |c, k| paired(&c.line, k), keeps_pace);
        facts
    }

    fn note(&mut self, cluster: &Cluster) {
        let moving = |k: usize| cluster.traces[k].changes();
        let others_move = |k: usize| {
            cluster.line.found.iter().enumerate().any(|(j, f)| j != k && matches!(f.role, Role::Count(_)) && moving(j))
        };
        let epoch = cluster.line.counts().any(|f| f.role == Role::Count(Counter::Epoch));
        for (k, found) in cluster.line.found.iter().enumerate() {
            let trace = &cluster.traces[k];
            let counter = match found.role {
                Role::Count(counter) => counter,
                Role::Value => {
                    self.leading(cluster, k);
                    if found.name.ends_with("_avg")
                        && trace.count > 0
                        && !trace.fraction
                        && k > 0
                        && cluster.traces[k - 1].fraction
                    {
                        self.remarks.insert(found.name.clone());
                    }
                    // `Region 82`, `Translated 816 sentences`
                    // `INFO:20211` tells the process
                    if words::level(found.name.as_bytes()) {
                        self.remarks.insert(found.name.clone());
                    }
                    let label = found.bind == Bind::Blank && trace.count >= 3 && !trace.fraction && !trace.changes();
                    if label && !words::measured(&found.name) || words::setting(&found.name) || is_shape(cluster, k) {
                        self.remarks.insert(found.name.clone());
                    }
                    continue;
                }
                Role::Total(_) => {
                    let own = trace.rises + trace.falls;
                    let over = k.checked_sub(1).map_or(0, |k| cluster.traces[k].rises);
                    if !cluster.line.bar && own >= 3 && over * 2 < own {
                        self.nested.insert(found.name.clone());
                    }
                    if cluster.line.bar && trace.first == 1.0 && !trace.changes() {
                        self.lone.extend(first_name(&cluster.line));
                    }
                    continue;
                }
            };
            let total = paired(&cluster.line, k);
            // `round 910.9` counts nothing
            let named = matches!(counter, Counter::Bare) || matches!(counter, Counter::Step(_)) && !total;
            if named && !found.name.is_empty() && trace.fraction {
                self.pairs.insert(found.name.clone());
            }
            let unsaid = trace.restarts + trace.carries == 0 && total && epoch;
            if trace.restarts > trace.carries || unsaid {
                self.restarts.insert(found.name.clone());
            }
            let outer = counter == Counter::Bare && !found.name.is_empty() && epoch && outlasts(cluster, k);
            if outer {
                self.idle.insert(found.name.clone());
            }
            let still = trace.count >= 3 && !trace.changes() && others_move(k) && !total && counter != Counter::Epoch;
            if !found.name.is_empty() && (still || (trace.fraction && counter != Counter::Epoch)) {
                self.idle.insert(found.name.clone());
            }
            // `round 9.109e+02`: what counts elsewhere is measured here
            if matches!(counter, Counter::Step(_)) && trace.fraction {
                self.pairs.insert(found.name.clone());
            }
        }
    }

    fn leading(&mut self, cluster: &Cluster, k: usize) {
        let (found, Some(next)) = (&cluster.line.found[k], cluster.line.found.get(k + 1)) else { return };
        let second = next.name.strip_suffix("_2") == Some(&found.name);
        if second && cluster.traces[k].counts() && cluster.traces[k + 1].fraction {
            self.leads.insert(found.name.clone());
        }
    }

    /// What a value is called, where a count stands between it and its name.
    pub fn called<'n>(&self, name: &'n str) -> &'n str {
        name.strip_suffix("_2").filter(|own| self.leads.contains(*own)).unwrap_or(name)
    }

    /// What each number of a line is.
    pub fn parts(&self, line: &Line) -> Vec<Part> {
        Assignment { facts: self, line, parts: vec![Part::Nothing; line.found.len()] }.make()
    }
}

/// `logits=(12, 1024)`: two whole numbers or more of one name that never change.
fn is_shape(cluster: &Cluster, k: usize) -> bool {
    let still = |k: usize| cluster.traces[k].count >= 2 && !cluster.traces[k].fraction && !cluster.traces[k].changes();
    let listed =
        |k: usize| cluster.line.found.get(k).and_then(|f| f.name.rsplit_once('_')).filter(|(_, n)| n.len() == 1);
    let same = |j: usize| listed(j).zip(listed(k)).is_some_and(|((a, n), (b, m))| a == b && n != m && still(j));
    still(k) && (same(k + 1) || k.checked_sub(1).is_some_and(same))
}

/// Whether a counter moves less often than the epoch of its line: `Fold 2/5 Epoch 3/30`.
fn outlasts(cluster: &Cluster, k: usize) -> bool {
    let moves = |k: usize| cluster.traces[k].rises + cluster.traces[k].falls;
    let epoch = cluster.line.found.iter().position(|f| f.role == Role::Count(Counter::Epoch));
    epoch.is_some_and(|epoch| moves(k) < moves(epoch))
}

/// A line that only counts: `Epoch 3/10`, `[step=100/7000]`.
pub fn states(cluster: &Cluster) -> bool {
    let line = &cluster.line;
    // `[batch=10/4800]:` is the title of its block, `Batch: 1/445` says how far something has come
    let title = cluster.sample.trim_ascii_end().ends_with(b":") && line.kind.is_none_or(|k| k == TRAIN);
    let batches = |f: &Found| f.role == Role::Total(Counter::Batch) && title;
    let named = line.counts().any(|f| matches!(f.role, Role::Count(Counter::Epoch | Counter::Step(_))) || batches(f));
    let moves = cluster.traces.iter().any(|t| t.changes());
    let total = line.counts().any(|f| matches!(f.role, Role::Total(_)));
    // `eval_step = 1` once is a setting
    let once = cluster.count == 1 && step_of(line).is_none();
    // a sentence that counts on and on states too: `iteration 5, current learner lgbm`
    let steady = cluster.traces.iter().any(|t| t.count >= 8 && t.counts());
    named
        && line.values().next().is_none()
        && line.residue <= if steady { 5 } else { 3 }
        && !cluster.alarm
        && !line.bar
        && (moves || total || once)
}

/// Whether the nameless counters that `fits` chooses mostly behave so.
fn most(seen: &Seen, fits: impl Fn(&Cluster, usize) -> bool, behave: impl Fn(&Trace) -> bool) -> bool {
    let (mut lines, mut all) = (0, 0);
    for cluster in &seen.clusters {
        let nameless = |k: &usize| {
            let found = &cluster.line.found[*k];
            found.role == Role::Count(Counter::Bare) && found.name.is_empty() && fits(cluster, *k)
        };
        for k in (0..cluster.line.found.len()).filter(nameless) {
            all += cluster.count;
            lines += if behave(&cluster.traces[k]) { cluster.count } else { 0 };
        }
    }
    lines * 2 > all
}

pub fn paired(line: &Line, k: usize) -> bool {
    matches!(line.found.get(k + 1).map(|f| f.role), Some(Role::Total(_)))
}

fn keeps_pace(trace: &Trace) -> bool {
    trace.count >= 3 && trace.falls == 0 && trace.rises > 0 && trace.rises == trace.paced
}

/// A whole number right behind the epoch that rises with every line, and begins again with the epoch or never does.
fn inner_count(cluster: &Cluster, facts: &Facts) -> Option<(String, Holds)> {
    let parts = facts.parts(&cluster.line);
    let has = |holds| parts.contains(&Part::Context(holds));
    let k = cluster.line.found.iter().position(|f| f.role == Role::Value && words::counted(&f.name));
    let k = k.or_else(|| cluster.line.found.iter().position(|f| f.role == Role::Value))?;
    let (found, trace) = (&cluster.line.found[k], &cluster.traces[k]);
    let counts = has(Holds::Epoch) && !has(Holds::Step) && !has(Holds::Batch) && cluster.line.values().count() > 1;
    let every = !trace.fraction && trace.count >= 4 && trace.rises + trace.falls + 1 == trace.count;
    if !counts || !every || !found.unit.is_empty() || words::measured(&found.name) || trace.falls != trace.restarts {
        return None;
    }
    match (trace.restarts, trace.carries) {
        (_, 0) => Some((found.name.clone(), Holds::Batch)),
        (0, carries) if trace.rises >= 2 * carries => Some((found.name.clone(), Holds::Step)),
        _ => None,
    }
}

fn first_name(line: &Line) -> Option<String> {
    line.values().next().map(|f| f.name.clone())
}

/// The name of a line's step.
pub fn step_of(line: &Line) -> Option<&str> {
    line.counts().find(|f| matches!(f.role, Role::Count(Counter::Step(_)))).map(|f| f.name.as_str())
}

/// A number of its lines, whole and always rising, where no word counts: the first, or one whose name ends so.
fn counting_name(seen: &Seen, facts: &Facts) -> Option<String> {
    let counts = |f: &&Found| !matches!(f.role, Role::Count(Counter::Rank)) && !facts.idle.contains(&f.name);
    let other = |c: &&Cluster| c.line.counts().any(|f| counts(&f)) && c.line.values().next().is_some();
    let counted: u32 = seen.clusters.iter().filter(other).map(|c| c.count).sum();
    let candidates = seen.clusters.iter().filter(|c| c.line.values().count() > 1 && c.count > counted);
    let named = candidates.filter_map(|c| Some((c.count, counting(c)?)));
    named.max_by_key(|(count, _)| *count).map(|(_, name)| name.to_owned())
}

/// The number of a line that behaves as a count.
fn counting(cluster: &Cluster) -> Option<&str> {
    let fits = |k: &usize| {
        let found = &cluster.line.found[*k];
        let plain = found.role == Role::Value && matches!(found.unit.as_str(), "" | "%");
        plain && !words::measured(&found.name) && !words::level(found.name.as_bytes()) && cluster.traces[*k].counts()
    };
    let said = (0..cluster.line.found.len()).filter(|&k| words::counted(&cluster.line.found[k].name)).find(fits);
    said.or(Some(0).filter(fits)).map(|k| cluster.line.found[k].name.as_str())
}

struct Assignment<'a> {
    facts: &'a Facts,
    line: &'a Line,
    parts: Vec<Part>,
}

impl Assignment<'_> {
    fn make(mut self) -> Vec<Part> {
        for (k, found) in self.line.found.iter().enumerate() {
            let pair = matches!(found.role, Role::Count(_) | Role::Total(_)) && self.facts.pairs.contains(&found.name);
            if (found.role == Role::Value && !self.facts.remarks.contains(&found.name)) || pair {
                self.parts[k] = Part::Metric;
            }
        }
        let head = self.head();
        self.nested();
        self.lead();
        self.epoch();
        self.step();
        self.batch();
        self.bares(head);
        self.by_behaviour();
        self.ranks();
        self.parts
    }

    /// The head of the line, if it names a process.
    fn head(&mut self) -> Option<usize> {
        let bare = self.facts.head_is_rank && head_count(self.line, &[]).is_some();
        if bare {
            self.parts[0] = Part::Context(Holds::Rank);
        }
        bare.then_some(0)
    }

    fn lead(&mut self) {
        let leads = |k: &usize| {
            let found = &self.line.found[*k];
            found.role == Role::Value && self.facts.leads.contains(&found.name) && k + 1 < self.line.found.len()
        };
        if let Some(k) = (0..self.line.found.len()).find(leads) {
            self.parts[k] = Part::Context(Holds::Step);
        }
    }

    fn nested(&mut self) {
        let pair = (1..self.line.found.len()).find(|&k| {
            matches!(self.line.found[k].role, Role::Total(_)) && self.facts.nested.contains(&self.line.found[k].name)
        });
        if let Some(k) = pair {
            self.parts[k - 1] = Part::Context(Holds::Epoch);
            self.parts[k] = Part::Context(Holds::Batch);
        }
    }

    fn find(&self, fits: impl Fn(Counter) -> bool) -> Vec<usize> {
        let counts =
            |f: &super::line::Found| matches!(f.role, Role::Count(c) if fits(c)) && !self.facts.idle.contains(&f.name);
        let free = |k: usize| !matches!(self.parts[k], Part::Context(_));
        let id = |k: usize| {
            let found = &self.line.found[k];
            self.facts.ids && found.role == Role::Count(Counter::Bare) && found.name.is_empty() && !self.total(k)
        };
        (0..self.line.found.len()).filter(|&k| free(k) && counts(&self.line.found[k]) && !id(k)).collect()
    }

    fn has(&self, holds: Holds) -> bool {
        self.parts.contains(&Part::Context(holds))
    }

    fn total(&self, k: usize) -> bool {
        matches!(self.line.found.get(k + 1).map(|f| f.role), Some(Role::Total(_)))
    }

    fn set(&mut self, k: usize, holds: Holds, total: Option<Holds>) {
        self.parts[k] = Part::Context(holds);
        if let (true, Some(total)) = (self.total(k), total) {
            self.parts[k + 1] = Part::Context(total);
        }
    }

    fn epoch(&mut self) {
        if let Some(&k) = self.find(|c| c == Counter::Epoch).first().filter(|_| !self.has(Holds::Epoch)) {
            self.set(k, Holds::Epoch, Some(Holds::Epochs));
        }
    }

    fn in_epoch(&self) -> bool {
        self.has(Holds::Epoch) || self.facts.lends_epoch
    }

    fn step(&mut self) {
        let steps = self.find(|c| matches!(c, Counter::Step(_)));
        let rank = |k: &usize| match self.line.found[*k].role {
            Role::Count(Counter::Step(rank)) => rank,
            _ => 0,
        };
        // of equals the first
        let Some(best) = steps.iter().copied().rev().max_by_key(rank).filter(|_| !self.has(Holds::Step)) else {
            return;
        };
        // a count that other state lines lend already is measured
        let alone = self.line.values().next().is_none() && self.line.counts().count() == 1;
        if alone && self.facts.lender.as_ref().is_some_and(|lender| *lender != self.line.found[best].name) {
            self.parts[best] = Part::Metric;
            return;
        }
        let name = |k: usize| snake_case(&self.line.found[k].name);
        let others: Vec<usize> = steps.iter().copied().filter(|&k| k != best && name(k) != name(best)).collect();
        for k in others {
            // `STEP: 25/100 -- GLOBAL_STEP: 125`
            match rank(&k) >= 7 && self.total(k) && !self.total(best) && !self.has(Holds::Batch) {
                true => self.set(k, Holds::Batch, Some(Holds::Batches)),
                false => self.parts[k] = Part::Metric,
            }
        }
        if self.facts.restarts.contains(&self.line.found[best].name) && self.in_epoch() {
            self.set(best, Holds::Batch, Some(Holds::Batches));
        } else {
            self.set(best, Holds::Step, None);
        }
    }

    fn batch(&mut self) {
        let batches = self.find(|c| c == Counter::Batch);
        for &k in &batches {
            if self.has(Holds::Batch) {
                self.parts[k] = Part::Metric;
            } else {
                self.set(k, Holds::Batch, Some(Holds::Batches));
            }
        }
        for &k in &self.find(|c| c == Counter::Bar) {
            let lone = first_name(self.line).is_some_and(|name| self.facts.lone.contains(&name));
            if !self.has(Holds::Batch) && !self.has(Holds::Step) && !lone {
                self.set(k, Holds::Batch, Some(Holds::Batches));
            }
        }
    }

    /// Nameless counters: the last is the place, one before it the epoch.
    fn bares(&mut self, head: Option<usize>) {
        let bares: Vec<usize> = self.find(|c| c == Counter::Bare).into_iter().filter(|&k| Some(k) != head).collect();
        let bares: Vec<usize> = bares.into_iter().filter(|&k| self.parts[k] == Part::Nothing).collect();
        let many = bares.len() > 1;
        for (n, &k) in bares.iter().enumerate() {
            let counted = self.has(Holds::Step) || self.has(Holds::Batch);
            let paced = self.facts.paced && !many && self.total(k) && !self.has(Holds::Epoch);
            if paced || many && n == 0 && !self.has(Holds::Epoch) && (!self.total(k) || self.total(bares[1])) {
                self.set(k, Holds::Epoch, Some(Holds::Epochs));
            } else if counted && (!self.total(k) || self.has(Holds::Batch)) {
                self.parts[k] = Part::Nothing;
            } else if self.total(k) || many || self.in_epoch() || self.facts.restarts.contains(&self.line.found[k].name)
            {
                self.set(k, Holds::Batch, Some(Holds::Batches));
            } else {
                self.set(k, Holds::Step, None);
            }
        }
    }

    fn by_behaviour(&mut self) {
        if let Some((name, holds)) = &self.facts.inner
            && let Some(k) = self.line.found.iter().position(|f| f.role == Role::Value && f.name == *name)
            && self.has(Holds::Epoch)
            && !self.has(Holds::Step)
            && !self.has(Holds::Batch)
        {
            self.parts[k] = Part::Context(*holds);
        }
        let Some(name) = self.facts.counts.as_ref().filter(|_| !self.has(Holds::Step) && !self.has(Holds::Batch))
        else {
            return;
        };
        let counts = |f: &Found| f.role == Role::Value && &f.name == name;
        let leads = |k: &usize| *k == 0 || words::counted(name);
        if let Some(k) = self.line.found.iter().position(counts).filter(leads) {
            self.parts[k] = Part::Context(Holds::Step);
        }
    }

    fn ranks(&mut self) {
        for k in self.find(|c| c == Counter::Rank) {
            let name = self.line.found[k].name.to_ascii_lowercase();
            if !self.has(Holds::Rank) && matches!(name.as_str(), "rank" | "node" | "worker") {
                self.parts[k] = Part::Context(Holds::Rank);
            }
        }
    }
}
