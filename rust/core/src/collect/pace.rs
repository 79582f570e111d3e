//! How a counter went on lately: what it tells of an epoch whose length nobody states.

/// The last count and the intervals before it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    pub last: Option<i64>,
    interval: i64,
    before: i64,
}

impl Pace {
    /// Takes the next count, and gives how it went on until then.
    pub fn note(&mut self, count: i64) -> Pace {
        let past = *self;
        let interval = self.last.map_or(0, |last| count.saturating_sub(last));
        if interval < 0 {
            *self = Pace { last: Some(count), ..Pace::default() };
        } else if interval > 0 || self.last.is_none() {
            *self = Pace { last: Some(count), interval, before: self.interval };
        }
        past
    }

    /// What an epoch goes on after its last count, if the next begins with `first`: lines are printed at an even
    /// interval, through its end; where the last one came early, it was the end.
    pub fn rest(&self, first: i64) -> i64 {
        let even = self.before == 0 || self.before == self.interval;
        if even && (0..=self.interval).contains(&first) && self.interval > 0 {
            self.interval - first
        } else {
            i64::from(first == 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    fn rest(counts: &[i64], first: i64) -> i64 {
        let mut pace = Pace::default();
        counts.iter().for_each(|&count| {
            pace.note(count);
        });
        pace.rest(first)
    }

    #[test]
    fn an_epoch_goes_on_at_its_interval() {
        assert_eq!(rest(&[0, 100, 200], 0), 100);
        assert_eq!(rest(&[100, 200, 300], 100), 0);
        assert_eq!(rest(&[900, 1000], 4), 96);
        assert_eq!(rest(&[0, 1, 2], 0), 1);
        assert_eq!(rest(&[1, 2, 3], 1), 0);
    }

    #[test]
    fn a_count_out_of_turn_is_the_last() {
        assert_eq!(rest(&[0, 100, 200, 237], 0), 1);
        assert_eq!(rest(&[1, 101, 201, 238], 1), 0);
        assert_eq!(rest(&[7], 0), 1);
        assert_eq!(rest(&[7], 7), 0);
    }
}
