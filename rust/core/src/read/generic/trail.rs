//! State lines that stand below what they speak of: `end of epoch 3`.

use super::line::Role;
use super::roles::{Facts, Part, states};
use super::seen::{Cluster, Seen};
use super::words::Counter;
use crate::types::Holds;

/// The epoch of the lines above the first such line, and what each of them adds for the lines below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trail {
    pub first: f64,
    pub stride: f64,
}

impl Trail {
    /// None where the state lines stand above what they speak of, as they mostly do.
    pub fn of(seen: &Seen, facts: &Facts) -> Option<Trail> {
        let mut stating = (0..seen.clusters.len()).filter(|&k| states_epoch(&seen.clusters[k]));
        let (state, None) = (stating.next()?, stating.next()) else { return None };
        let (above, last) = seen.reach(state)?;
        let cluster = &seen.clusters[state];
        let lent = |k: &usize| *k != state && borrows(&seen.clusters[*k], facts, cluster.count);
        let borrowers: Vec<(usize, usize)> =
            (0..seen.clusters.len()).filter(lent).filter_map(|k| seen.reach(k)).collect();
        let begin = borrowers.iter().all(|&(first, _)| first < above);
        let end = ends(&cluster.line.label) || borrowers.iter().all(|&(_, end)| end < last);
        (begin && end && !borrowers.is_empty()).then(|| Trail::from(cluster))?
    }

    fn from(cluster: &Cluster) -> Option<Trail> {
        let epoch = cluster.line.found.iter().position(|f| f.role == Role::Count(Counter::Epoch))?;
        let trace = &cluster.traces[epoch];
        let stride = (trace.last - trace.first) / f64::from(trace.count.saturating_sub(1).max(1));
        let even = stride >= 1.0 && stride.fract() == 0.0;
        Some(Trail { first: trace.first, stride: if even { stride } else { 1.0 } })
    }
}

fn states_epoch(cluster: &Cluster) -> bool {
    let mut counts = cluster.line.counts().filter(|f| matches!(f.role, Role::Count(_)));
    let epoch = counts.next().is_some_and(|f| f.role == Role::Count(Counter::Epoch)) && counts.next().is_none();
    epoch && cluster.count > 1 && states(cluster)
}

/// Lines of values that have no epoch of their own, about as many as there are epochs.
fn borrows(cluster: &Cluster, facts: &Facts, epochs: u32) -> bool {
    let own = facts.parts(&cluster.line).contains(&Part::Context(Holds::Epoch));
    let fraction = cluster.traces.iter().any(|t| t.fraction);
    !own && fraction && cluster.line.values().next().is_some() && cluster.count * 2 >= epochs
}

/// Whether the words of a state line say that something is over.
fn ends(label: &str) -> bool {
    let mut words = label.split(|c: char| !c.is_alphabetic());
    words.any(|w| ["end", "ended", "finished", "done", "complete", "completed", "took"].contains(&&*w.to_lowercase()))
}
