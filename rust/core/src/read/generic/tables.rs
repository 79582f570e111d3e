//! Tells apart the tables of one file: the same name may be measured every step, every epoch, and by others.

use std::collections::{BTreeMap, HashMap};

use super::line::{Line, Role};
use super::roles::{Facts, Part};
use super::seen::Cluster;
use crate::types::{Holds, Naming, TRAIN, final_name};

/// Which counters a line has: lines with other counters are another table.
pub type Grain = u8;

pub fn grain(parts: &[Part]) -> Grain {
    let has = |holds| u8::from(parts.contains(&Part::Context(holds)));
    has(Holds::Epoch) + 2 * has(Holds::Step) + 4 * has(Holds::Batch)
}

/// How the names of a lesser table are told from those of the main one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Apart {
    /// Another kind.
    Kind(String),
    /// The words that stand before the name belong to it.
    Label(String),
}

/// The tables of a file, for every name that several of them bear.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    apart: HashMap<(Grain, String, String), Apart>,
}

/// A cluster of rows, and what may tell its table from others.
struct Candidate<'a> {
    cluster: &'a Cluster,
    grain: Grain,
    label: &'a str,
    names: Vec<String>,
}

impl Tables {
    pub fn of<'a>(rows: impl Iterator<Item = &'a Cluster>, facts: &Facts) -> Tables {
        let candidate = |cluster: &'a Cluster| {
            let parts = facts.parts(&cluster.line);
            Candidate {
                cluster,
                grain: grain(&parts),
                label: label(&cluster.line),
                names: names(&cluster.line, &parts),
            }
        };
        let rows: Vec<Candidate> = rows.map(candidate).collect();
        let mut sizes: HashMap<&str, BTreeMap<(Grain, &str), u32>> = HashMap::new();
        for row in &rows {
            for name in &row.names {
                *sizes.entry(name).or_default().entry((row.grain, row.label)).or_default() += row.cluster.count;
            }
        }
        let mut tables = Tables::default();
        for row in &rows {
            for name in &row.names {
                let groups = &sizes[name.as_str()];
                let Some((&main, _)) = groups.iter().max_by_key(|&(&(grain, label), &size)| (size, grain, label))
                else {
                    continue;
                };
                let twin = groups.keys().any(|g| g.0 == row.grain && g.1 != row.label);
                if let Some(apart) = tell(row, main, twin) {
                    tables.apart.entry((row.grain, row.label.to_owned(), name.clone())).or_insert(apart);
                }
            }
        }
        tables
    }

    /// How a line's table differs from the main one, if it does.
    pub fn apart(&self, line: &Line, parts: &[Part]) -> Option<&Apart> {
        let (grain, label) = (grain(parts), label(line));
        names(line, parts).into_iter().find_map(|name| self.apart.get(&(grain, label.to_owned(), name)))
    }
}

/// The words that say what a line is about.
fn label(line: &Line) -> &str {
    let own = line.values().map(|f| f.label.as_str()).find(|l| !l.is_empty()).unwrap_or(&line.label);
    if own.split_whitespace().count() <= 5 { own } else { "" }
}

fn names(line: &Line, parts: &[Part]) -> Vec<String> {
    let metric = |(k, part): (usize, &Part)| {
        let found = &line.found[k];
        (*part == Part::Metric && found.role == Role::Value)
            .then(|| final_name(&found.name, found.kind.unwrap_or(TRAIN), Naming::Printed))
    };
    parts.iter().enumerate().filter_map(metric).collect()
}

/// What tells a table from the main one that bears the same names; `twin` when another differs by its label only.
fn tell(row: &Candidate<'_>, main: (Grain, &str), twin: bool) -> Option<Apart> {
    let own = || Some(Apart::Label(row.label.to_owned()));
    if row.grain == main.0 {
        let told = row.grain == 0 || row.cluster.line.tagged;
        return if twin && !row.label.is_empty() && told { own() } else { None };
    }
    if row.cluster.line.values().any(|f| !f.label.is_empty()) && !row.label.is_empty() {
        return own();
    }
    if row.grain & 1 == 1 && row.grain & 4 == 0 && main.0 & 6 > row.grain & 6 {
        return Some(Apart::Kind("epoch".to_owned()));
    }
    let hint =
        row.cluster.hints.iter().filter(|(kind, _)| **kind != TRAIN).max_by_key(|(kind, count)| (**count, **kind));
    if let Some((kind, _)) = hint.filter(|(_, count)| **count * 2 > row.cluster.count) {
        return Some(Apart::Kind((*kind).to_owned()));
    }
    if !row.label.is_empty() {
        return own();
    }
    // numbers between the counted lines that bear their names sum them up
    (row.grain == 0).then(|| Apart::Kind("summary".to_owned()))
}
