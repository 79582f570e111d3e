//! The rows of a stretch by their step, and by their place among rows of that step.

use std::collections::HashMap;

/// Rows looked at before they are searched for.
const NEAR: usize = 4;

/// See the module. Rows are numbered as they come.
#[derive(Debug, Default)]
pub struct Places {
    pub steps: Vec<i64>,
    places: Vec<u32>,
    /// Where each row is, from when on they come out of order.
    found: Option<HashMap<(i64, u32), usize>>,
}

impl Places {
    /// The row of a step and place, looked for from `likely` on first; and whether it is new.
    #[inline]
    pub fn find(&mut self, step: i64, place: u32, likely: usize) -> (usize, bool) {
        let near = likely..(likely + NEAR).min(self.steps.len());
        for row in near {
            if self.steps[row] == step && self.places[row] == place {
                return (row, false);
            }
        }
        self.search(step, place)
    }

    /// The only row of a step, if that is the one looked for or a new one behind all.
    #[inline]
    pub fn next(&mut self, step: i64, likely: usize) -> Option<(usize, bool)> {
        match self.steps.get(likely) {
            Some(&there) => (there == step && self.places[likely] == 0).then_some((likely, false)),
            None if self.found.is_none() && self.steps.last().is_none_or(|&last| last < step) => {
                Some(self.push(step, 0))
            }
            None => None,
        }
    }

    fn search(&mut self, step: i64, place: u32) -> (usize, bool) {
        let row = self.steps.len();
        if let Some(found) = &mut self.found {
            let there = *found.entry((step, place)).or_insert(row);
            return if there < row { (there, false) } else { self.push(step, place) };
        }
        let last = self.steps.last().zip(self.places.last());
        if last.is_none_or(|(&s, &p)| (s, p) < (step, place)) {
            return self.push(step, place);
        }
        match self.sorted_place(step, place) {
            Some(row) => (row, false),
            None => {
                let keys = self.steps.iter().copied().zip(self.places.iter().copied());
                self.found = Some(keys.zip(0..).chain([((step, place), row)]).collect());
                self.push(step, place)
            }
        }
    }

    fn push(&mut self, step: i64, place: u32) -> (usize, bool) {
        self.steps.push(step);
        self.places.push(place);
        (self.steps.len() - 1, true)
    }

    fn sorted_place(&self, step: i64, place: u32) -> Option<usize> {
        let first = self.steps.partition_point(|&s| s < step);
        let many = self.steps[first..].partition_point(|&s| s == step);
        self.places[first..first + many].binary_search(&place).ok().map(|at| first + at)
    }

    /// The rows in the order of their steps and places; none where they came so.
    pub fn order(&self) -> Option<Vec<usize>> {
        self.found.as_ref()?;
        let mut order: Vec<usize> = (0..self.steps.len()).collect();
        order.sort_by_key(|&row| (self.steps[row], self.places[row]));
        Some(order)
    }
}
