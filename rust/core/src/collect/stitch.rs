//! Which rows a resumed run wrote again: decided from where the resumes were, not from the rows in between.

/// From `position` on, the rows of this rank and life begin again at `step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    pub rank: i64,
    pub life: u32,
    pub step: i64,
    pub position: u64,
}

/// All resumes of a source, in order of position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stitch {
    resumes: Vec<Resume>,
}

impl Stitch {
    pub fn note(&mut self, resume: Resume) {
        self.resumes.push(resume);
    }

    /// A second pass meets the resumes its survey has noted.
    pub fn has(&self, resume: &Resume) -> bool {
        self.resumes.contains(resume)
    }

    pub fn is_empty(&self) -> bool {
        self.resumes.is_empty()
    }

    /// Whether a later resume wrote the row at `position` again.
    pub fn supersedes(&self, position: u64, rank: i64, life: u32, step: i64) -> bool {
        let later = self.resumes.partition_point(|r| r.position <= position);
        self.resumes[later..].iter().any(|r| r.rank == rank && r.life == life && r.step <= step)
    }

    /// The stretches of `0..len` that stay, of rows whose first stands at `first`.
    pub fn kept(&self, first: u64, len: usize, row: impl Fn(usize) -> (i64, u32, i64)) -> Vec<(usize, usize)> {
        if self.resumes.last().is_none_or(|r| r.position <= first) {
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

    #[test]
    fn the_newer_rows_stay() {
        let mut stitch = Stitch::default();
        stitch.note(Resume { rank: 0, life: 0, step: 50, position: 10 });
        let steps: Vec<i64> = (1..=10).map(|k| k * 10).chain((5..=15).map(|k| k * 10)).collect();
        let kept = stitch.kept(0, steps.len(), |i| (0, 0, steps[i]));
        assert_eq!(vec![(0, 4), (10, 21)], kept);
    }
}
