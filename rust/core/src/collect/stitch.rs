//! Which rows a resumed run wrote again: decided from where the resumes were, not from the rows in between.

use std::collections::BTreeMap;

/// From `position` on, the rows of this rank and life begin again at `step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    pub rank: i64,
    pub life: u32,
    pub step: i64,
    pub position: u64,
}

/// All resumes of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stitch {
    /// By rank and life: position and step, both rising. A resume to a step at or before an earlier one's says all that
    /// the earlier one says, so that one is forgotten.
    resumes: BTreeMap<(i64, u32), Vec<(u64, i64)>>,
    latest: Option<u64>,
}

impl Stitch {
    /// Notes a resume; a second pass meets those that its survey has noted, and nothing changes.
    pub fn note(&mut self, resume: Resume) {
        let steps = self.resumes.entry((resume.rank, resume.life)).or_default();
        if steps.last().is_some_and(|&(latest, _)| resume.position <= latest) {
            return;
        }
        self.latest = self.latest.max(Some(resume.position));
        while steps.last().is_some_and(|&(_, step)| step >= resume.step) {
            steps.pop();
        }
        steps.push((resume.position, resume.step));
    }

    pub fn is_empty(&self) -> bool {
        self.latest.is_none()
    }

    /// Whether a later resume wrote the row at `position` again.
    pub fn supersedes(&self, position: u64, rank: i64, life: u32, step: i64) -> bool {
        let Some(resumes) = self.resumes.get(&(rank, life)) else { return false };
        // Steps rise: of the later resumes the next one reaches back furthest.
        let next = resumes.partition_point(|&(at, _)| at <= position);
        resumes.get(next).is_some_and(|&(_, from)| from <= step)
    }

    /// The stretches of `0..len` that stay, of rows whose first stands at `first`.
    pub fn kept(&self, first: u64, len: usize, row: impl Fn(usize) -> (i64, u32, i64)) -> Vec<(usize, usize)> {
        if self.latest.is_none_or(|latest| latest <= first) {
            return vec![(0, len)];
        }
        let mut kept: Vec<(usize, usize)> = Vec::new();
        for i in 0..len {
            let (rank, life, step) = row(i);
            if self.supersedes(first + i as u64, rank, life, step) {
                continue;
            }
            match kept.last_mut() {
                Some((_, end)) if *end == i => *end = i + 1,
                _ => kept.push((i, i + 1)),
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_newer_rows_stay() {
        let mut stitch = Stitch::default();
        stitch.note(Resume { rank: 0, life: 0, step: 50, position: 10 });
        let steps: Vec<i64> = (1..=10).map(|k| k * 10).chain((5..=15).map(|k| k * 10)).collect();
        let kept = stitch.kept(0, steps.len(), |i| (0, 0, steps[i]));
        assert_eq!(vec![(0, 4), (10, 21)], kept);
    }

    proptest! {
        #[test]
        fn forgetting_what_is_said_twice_changes_nothing(steps in proptest::collection::vec(0i64..20, 1..30), ranks in 1i64..3) {
            let resumes: Vec<Resume> = (1u64..)
                .zip(&steps)
                .map(|(k, &step)| Resume { rank: step % ranks, life: 0, step, position: k * 3 })
                .collect();
            let mut stitch = Stitch::default();
            resumes.iter().for_each(|&resume| stitch.note(resume));
            for position in 0..100 {
                for step in 0..20 {
                    let rank = step % ranks;
                    let plain = resumes.iter().any(|r| r.rank == rank && r.position > position && r.step <= step);
                    prop_assert_eq!(plain, stitch.supersedes(position, rank, 0, step));
                }
            }
        }
    }
}
