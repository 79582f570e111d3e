//! Count, mean and spread of values, joined without loss where the mean is far from zero.

/// Sums that go side by side, so that none waits for the one before.
pub const LANES: usize = 8;

/// Count, mean and sum of squares about it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    n: f64,
    pub mean: f64,
    pub spread: f64,
}

impl Moments {
    /// Of a few values, in two passes.
    pub fn of(values: &[f64]) -> Moments {
        let n = values.len() as f64;
        let mean = if values.is_empty() { 0.0 } else { sum(values, |value| value) / n };
        Moments { n, mean, spread: sum(values, |value| (value - mean) * (value - mean)) }
    }

    pub fn join(self, other: Moments) -> Moments {
        let n = self.n + other.n;
        if n == 0.0 {
            return self;
        }
        let off = other.mean - self.mean;
        Moments {
            n,
            mean: self.mean + off * (other.n / n),
            spread: self.spread + other.spread + off * off * (self.n * other.n / n),
        }
    }
}

fn sum(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().map(|&value| of(value)).sum();
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, &value)| *lane += of(value));
    }
    lanes.iter().sum::<f64>() + rest
}
