//! Judges which lines of the head are measurements.

use std::collections::HashSet;

use super::line::{Bind, Found, Line, Role};
use super::prefix::peel;
use super::roles::{Facts, Part, paired, states};
use super::seen::{Cluster, Seen, Trace};
use super::words::{self, Counter};
use crate::types::{Holds, TRAIN};

/// Names with a word for a value, in a line that stands once: more make it one of settings.
const SETTINGS: u32 = 3;
/// Words beside its numbers that a line may have which measures what others do.
pub const KIN: u32 = 4;

/// Which clusters are measurements.
pub fn rows(seen: &Seen, facts: &Facts) -> Vec<bool> {
    let all = seen.clusters.iter().map(|c| c.count).sum();
    let judge = Judge { facts, counted: 0, all, tiny: seen.lines < 40, measuring: false };
    let measuring = seen.clusters.iter().any(|c| c.count > 1 && judge.measures(c));
    let judge = Judge { measuring, ..judge };
    let is_counted = |c: &Cluster| {
        judge.has_counter(c) && judge.is_row(c, 0) || states(c) && c.count > 1 && judge.metrics(c).is_empty()
    };
    let counted: Vec<bool> = seen.clusters.iter().map(is_counted).collect();
    let lines = seen.clusters.iter().zip(&counted).filter(|(_, counted)| **counted).map(|(c, _)| c.count).sum();
    let judge = Judge { counted: lines, ..judge };
    let gaps = seen.gaps(&counted);
    let mut rows: Vec<bool> = seen.clusters.iter().zip(gaps).map(|(c, gaps)| judge.is_row(c, gaps)).collect();
    let trains = seen.clusters.iter().zip(&rows).any(|(c, row)| judge.trains(c, *row));
    if !trains {
        rows.fill(false);
    }
    let known = Known::of(seen, &rows);
    for (k, cluster) in seen.clusters.iter().enumerate() {
        rows[k] = rows[k] || judge.is_told_late(cluster, &known, seen.reach(k)) || judge.is_kin(cluster, &known);
    }
    rows
}

/// What the rows measure, and where the first of them stands.
struct Known<'s> {
    names: HashSet<&'s str>,
    first: usize,
}

impl<'s> Known<'s> {
    fn of(seen: &'s Seen, rows: &[bool]) -> Known<'s> {
        let row = |k: &usize| rows[*k];
        let first = (0..rows.len()).filter(row).filter_map(|k| seen.reach(k)).map(|(first, _)| first).min();
        let clusters = || seen.clusters.iter().zip(rows).filter(|(_, row)| **row).map(|(c, _)| c);
        let names = clusters().flat_map(|c| c.line.values()).map(|f| f.name.as_str()).collect();
        Known { names, first: first.unwrap_or(usize::MAX) }
    }

    /// Whether a name, or what stands behind the split that begins it, is measured by other rows.
    fn has(&self, name: &str) -> bool {
        let rest = name.split_once([' ', '_', '/']).filter(|(split, _)| words::split(split).is_some());
        self.names.contains(name) || rest.is_some_and(|(_, rest)| self.names.contains(rest))
    }
}

/// Which shapes are measurements: a counter that moves, or values that change between counted lines.
struct Judge<'a> {
    facts: &'a Facts,
    /// Lines that count, and lines with numbers.
    counted: u32,
    all: u32,
    tiny: bool,
    /// Some line bears a name that only training does.
    measuring: bool,
}

impl Judge<'_> {
    fn has_counter(&self, cluster: &Cluster) -> bool {
        let counts = |p: &Part| matches!(p, Part::Context(Holds::Step | Holds::Epoch | Holds::Batch));
        self.facts.parts(&cluster.line).iter().any(counts)
    }

    fn is_row(&self, cluster: &Cluster, gaps: u32) -> bool {
        let line = &cluster.line;
        if self.metrics(cluster).is_empty() || !plausible(line) || cluster.coded * 2 > cluster.count {
            return false;
        }
        if files(&cluster.sample) {
            return false;
        }
        if self.has_counter(cluster) || line.bar {
            self.counted_row(cluster)
        } else {
            self.uncounted_row(cluster, gaps)
        }
    }

    /// What a run says once or twice after its lines: `Test Loss: 3.48 | Test PPL: 32.5`.
    fn is_told_late(&self, cluster: &Cluster, known: &Known<'_>, reach: Option<(usize, usize)>) -> bool {
        let line = &cluster.line;
        let metrics = self.metrics(cluster);
        let late = reach.is_some_and(|(first, _)| first > known.first);
        if !late || line.residue > 1 || line.bar || !sound(cluster) || best(&cluster.sample) {
            return false;
        }
        let split = metrics.iter().all(|(f, _)| f.kind.is_some_and(|k| k != TRAIN));
        let told = |f: &Found| words::measured(&f.name) || known.has(&f.name);
        let tied = metrics.iter().all(|(f, _)| f.bind == Bind::Strong || told(f));
        split && tied && self.fraction(cluster) && metrics.iter().any(|(f, _)| told(f))
    }

    /// Lines that count and measure what others do, but for a word where those have a number (`Speed nan`).
    fn is_kin(&self, cluster: &Cluster, known: &Known<'_>) -> bool {
        let metrics = self.metrics(cluster);
        let all = metrics.len() > 1 && metrics.iter().all(|(f, _)| known.names.contains(f.name.as_str()));
        all && self.has_counter(cluster) && cluster.line.residue <= KIN && sound(cluster) && !best(&cluster.sample)
    }

    /// Whether lines tell that something is trained: system logs have names, numbers and order too.
    fn trains(&self, cluster: &Cluster, row: bool) -> bool {
        if !row {
            return states(cluster) && cluster.count > 1;
        }
        let metrics = self.metrics(cluster);
        if metrics.iter().any(|(f, t)| is_measured(&cluster.line, f) && (t.changes() || cluster.count == 1)) {
            return true;
        }
        let strong = metrics.iter().any(|(f, _)| f.bind == Bind::Strong);
        let parts = self.facts.parts(&cluster.line);
        let counts = |k: usize| matches!(parts[k], Part::Context(Holds::Step | Holds::Epoch | Holds::Batch));
        (0..parts.len()).filter(|&k| counts(k)).any(|k| match cluster.line.found[k].role {
            Role::Count(Counter::Epoch | Counter::Batch | Counter::Step(6..)) => true,
            Role::Count(Counter::Step(_)) if words::played(&cluster.line.found[k].name) => true,
            role => {
                let counted = role == Role::Value || paired(&cluster.line, k) || role == Role::Count(Counter::Step(5));
                let named = strong || counted && (metrics.len() > 1 || paired(&cluster.line, k));
                named && self.fraction(cluster) && cluster.traces[k].rises > cluster.traces[k].falls
            }
        })
    }

    fn counted_row(&self, cluster: &Cluster) -> bool {
        let line = &cluster.line;
        let strong = self.metrics(cluster).iter().filter(|(f, _)| f.bind == Bind::Strong).count();
        let fraction = self.fraction(cluster);
        if line.bar {
            return strong > 0;
        }
        if cluster.count == 1 {
            let fits = line.residue <= 1 && line.assigned < SETTINGS && fraction;
            return fits && (strong >= 3 || (strong >= 1 && self.counted > 0));
        }
        let moves = cluster.traces.iter().any(|t| t.changes());
        // a number alone in brackets is not enough for a sentence to be a row
        let said = line.counts().any(|f| f.bind != Bind::Place || matches!(f.role, Role::Total(_)));
        let told = said || line.residue <= 3 || self.measures(cluster);
        moves && (strong > 0 && told || line.residue <= 2)
    }

    fn uncounted_row(&self, cluster: &Cluster, gaps: u32) -> bool {
        let line = &cluster.line;
        let enough = if self.tiny { 2 } else { 3 };
        let changes = self.metrics(cluster).iter().any(|(_, t)| t.changes());
        let measured = self.measures(cluster);
        let strong = self.metrics(cluster).iter().filter(|(f, _)| f.bind == Bind::Strong).count();
        let sentence = line.residue > if strong >= 2 { 2 } else { 0 };
        // whole numbers alone are told from remarks by their regularity
        let regular = strong > 0 && self.counted > 0 && gaps >= enough && gaps * 5 >= self.counted * 4;
        let rated = self.metrics(cluster).iter().any(|(f, _)| words::rate(&f.name));
        let telling = self.fraction(cluster) || measured || rated || regular;
        // how fast it learns may stay the same
        let rate = self.metrics(cluster).iter().any(|(f, _)| words::learning_rate(&f.name));
        if cluster.count < enough
            || !(changes || rate && regular)
            || !telling
            || cluster.alarm
            || sentence
            || alarmed(line)
        {
            return false;
        }
        if self.counted > 0 {
            return gaps >= enough.min(cluster.count);
        }
        measured || self.measuring && (strong >= 3 || strong >= 1 && cluster.count >= 5 && cluster.count * 2 > self.all)
    }

    /// What the lines would measure.
    fn metrics<'c>(&self, cluster: &'c Cluster) -> Vec<(&'c Found, &'c Trace)> {
        let parts = self.facts.parts(&cluster.line);
        let found = cluster.line.found.iter().zip(&cluster.traces).zip(parts);
        found.filter(|(_, part)| *part == Part::Metric).map(|(found, _)| found).collect()
    }

    fn measures(&self, cluster: &Cluster) -> bool {
        self.metrics(cluster).iter().any(|(f, _)| is_measured(&cluster.line, f))
    }

    fn fraction(&self, cluster: &Cluster) -> bool {
        self.metrics(cluster).iter().any(|(_, t)| t.fraction)
    }
}

/// Whether a name, or what stands before it (`Losses {'ner': 325.2}`), is one of what people measure.
fn is_measured(line: &Line, found: &Found) -> bool {
    [&found.name, &found.label, &line.label].into_iter().any(|name| words::measured(name))
}

/// Neither a warning, nor code, nor of a file.
fn sound(cluster: &Cluster) -> bool {
    let line = &cluster.line;
    let alarm = cluster.alarm || alarmed(line);
    !alarm && plausible(line) && cluster.coded * 2 <= cluster.count && !files(&cluster.sample)
}

/// `Best val acc: 0.9` repeats what another line has measured.
fn best(text: &[u8]) -> bool {
    text.windows(4).any(|word| word.eq_ignore_ascii_case(b"best"))
}

/// A warning is no measurement.
pub fn alarmed(line: &Line) -> bool {
    let word = line.label.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    matches!(word, "WARNING" | "WARN" | "ERROR" | "Warning" | "Error" | "warning")
}

/// `Saved new best model with loss 0.5 to best.pt` says of a file what another line has measured.
pub fn files(text: &[u8]) -> bool {
    let said = text.get(peel(text).rest..).unwrap_or_default();
    let before = said.iter().position(|b| matches!(b, b':' | b'=')).unwrap_or(said.len());
    let any = |said: &[u8], known: &[&str], first: usize| {
        let words = said.split(|b| !b.is_ascii_alphabetic()).filter(|word| !word.is_empty()).take(first);
        words.into_iter().any(|word| known.iter().any(|k| word.eq_ignore_ascii_case(k.as_bytes())))
    };
    any(&said[..before], &["saved", "saving"], 5) && any(said, &FILED, usize::MAX)
}

/// What is saved of a training, and how such files end.
const FILED: [&str; 17] = [
    "model",
    "models",
    "checkpoint",
    "checkpoints",
    "weights",
    "best",
    "ckpt",
    "state",
    "params",
    "network",
    "pt",
    "pth",
    "h5",
    "bin",
    "pkl",
    "safetensors",
    "onnx",
];

/// Names are a few words; more make a sentence.
pub fn plausible(line: &Line) -> bool {
    let long = |f: &&Found| f.name.split_whitespace().count() > if f.bind == Bind::Strong { 9 } else { 4 };
    line.values().find(long).is_none()
}
