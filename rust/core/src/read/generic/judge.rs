//! Judges which lines of the head are measurements.

use super::line::{Bind, Found, Line};
use super::prefix::peel;
use super::roles::{Facts, Part, states};
use super::seen::{Cluster, Seen, Trace};
use super::words;
use crate::types::Holds;

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
    seen.clusters.iter().zip(gaps).map(|(c, gaps)| judge.is_row(c, gaps)).collect()
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

    fn counted_row(&self, cluster: &Cluster) -> bool {
        let line = &cluster.line;
        let strong = self.metrics(cluster).iter().filter(|(f, _)| f.bind == Bind::Strong).count();
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
        let changes = self.metrics(cluster).iter().any(|(_, t)| t.changes());
        let measured = self.metrics(cluster).iter().any(|(f, _)| words::measured(&f.name));
        let strong = self.metrics(cluster).iter().filter(|(f, _)| f.bind == Bind::Strong).count();
        let sentence = line.residue > if strong >= 2 { 2 } else { 0 };
        // whole numbers alone are told from remarks by their regularity
        let regular = strong > 0 && self.counted > 0 && gaps >= enough && gaps * 5 >= self.counted * 4;
        let rated = self.metrics(cluster).iter().any(|(f, _)| words::rate(&f.name));
        let telling = self.fraction(cluster) || measured || rated || regular;
        if self.counted > 0 && !cluster.alarm && !alarmed(line) && self.is_result(cluster) {
            return true;
        }
        if cluster.count < enough || !changes || !telling || cluster.alarm || sentence || alarmed(line) {
            return false;
        }
        if self.counted > 0 {
            return gaps >= enough.min(cluster.count);
        }
        measured || self.measuring && (strong >= 3 || strong >= 1 && cluster.count >= 5 && cluster.count * 2 > self.all)
    }

    /// `Test loss: 0.52 | Test acc: 0.81`, once, in a log that counts: how the run ended.
    fn is_result(&self, cluster: &Cluster) -> bool {
        let metrics = self.metrics(cluster);
        let tested = |f: &Found| f.kind == Some("test") && f.bind == Bind::Strong && words::measured(&f.name);
        let all = !metrics.is_empty() && metrics.iter().all(|(f, _)| tested(f));
        cluster.count == 1 && cluster.line.residue == 0 && all && metrics.iter().any(|(_, t)| t.fraction)
    }

    /// What the lines would measure.
    fn metrics<'c>(&self, cluster: &'c Cluster) -> Vec<(&'c Found, &'c Trace)> {
        let parts = self.facts.parts(&cluster.line);
        let found = cluster.line.found.iter().zip(&cluster.traces).zip(parts);
        found.filter(|(_, part)| *part == Part::Metric).map(|(found, _)| found).collect()
    }

    fn measures(&self, cluster: &Cluster) -> bool {
        self.metrics(cluster).iter().any(|(f, _)| words::measured(&f.name))
    }

    fn fraction(&self, cluster: &Cluster) -> bool {
        self.metrics(cluster).iter().any(|(_, t)| t.fraction)
    }
}

/// A warning is no measurement.
pub fn alarmed(line: &Line) -> bool {
    let word = line.label.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    matches!(word, "WARNING" | "WARN" | "ERROR" | "Warning" | "Error" | "warning")
}

/// `Saved new best model with loss 0.5 to best.pt` says of a file what another line has measured.
pub fn files(text: &[u8]) -> bool {
    let said = text.get(peel(text).rest..).unwrap_or_default();
    let words = said.split(|b| !b.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let saves = |word: &[u8]| [&b"saved"[..], b"saving"].iter().any(|save| word.eq_ignore_ascii_case(save));
    words.take(2).any(saves)
}

/// Names are a few words; more make a sentence.
pub fn plausible(line: &Line) -> bool {
    let long = |f: &&Found| f.name.split_whitespace().count() > if f.bind == Bind::Strong { 9 } else { 4 };
    line.values().find(long).is_none()
}
