//! Tells apart the tables of one file: the same name may be measured every step, every epoch, and by others.

use std::collections::HashMap;

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
    apart: HashMap<(Grain, String), Apart>,
}

impl Tables {
    pub fn of<'a>(rows: impl Iterator<Item = &'a Cluster>, facts: &Facts) -> Tables {
        let rows: Vec<(&Cluster, Grain, Vec<String>)> = rows
            .map(|c| {
                let parts = facts.parts(&c.line);
                (c, grain(&parts), names(&c.line, &parts))
            })
            .collect();
        let mut sizes: HashMap<(Grain, &String), u32> = HashMap::new();
        for (cluster, grain, names) in &rows {
            for name in names {
                *sizes.entry((*grain, name)).or_default() += cluster.count;
            }
        }
        let mut tables = Tables::default();
        for (cluster, grain, names) in &rows {
            for name in names {
                let main = sizes.iter().filter(|((_, n), _)| *n == name).max_by_key(|((g, _), size)| (**size, *g));
                let Some(((main, _), _)) = main.filter(|((g, _), _)| g != grain) else { continue };
                if let Some(apart) = tell(cluster, *grain, *main) {
                    tables.apart.entry((*grain, name.clone())).or_insert(apart);
                }
            }
        }
        tables
    }

    /// How a line's table differs from the main one, if it does.
    pub fn apart(&self, line: &Line, parts: &[Part]) -> Option<&Apart> {
        let grain = grain(parts);
        names(line, parts).into_iter().find_map(|name| self.apart.get(&(grain, name)))
    }
}

fn names(line: &Line, parts: &[Part]) -> Vec<String> {
    let metric = |(k, part): (usize, &Part)| {
        let found = &line.found[k];
        (*part == Part::Metric && found.role == Role::Value)
            .then(|| final_name(&found.name, found.kind.unwrap_or(TRAIN), Naming::Printed))
    };
    parts.iter().enumerate().filter_map(metric).collect()
}

fn tell(cluster: &Cluster, grain: Grain, main: Grain) -> Option<Apart> {
    let line = &cluster.line;
    let label = line.values().map(|f| f.label.as_str()).find(|l| !l.is_empty());
    if let Some(label) = label.filter(|l| l.split_whitespace().count() <= 5) {
        return Some(Apart::Label(label.to_owned()));
    }
    if grain & 1 == 1 && grain & 4 == 0 && main & 6 > grain & 6 {
        return Some(Apart::Kind("epoch".to_owned()));
    }
    let hint = cluster.hints.iter().filter(|(kind, _)| **kind != TRAIN).max_by_key(|(kind, count)| (**count, **kind));
    if let Some((kind, _)) = hint.filter(|(_, count)| **count * 2 > cluster.count) {
        return Some(Apart::Kind((*kind).to_owned()));
    }
    let label = Some(&line.label).filter(|l| !l.is_empty() && l.split_whitespace().count() <= 3);
    match label {
        Some(label) => Some(Apart::Label(label.clone())),
        // numbers between the counted lines that bear their names sum them up
        None => (grain == 0).then(|| Apart::Kind("summary".to_owned())),
    }
}
