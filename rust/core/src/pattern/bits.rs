//! Sets of matchers.

/// Matchers, one bit each.
#[derive(Debug, Default, Clone)]
pub struct Bits(Vec<u64>);

impl Bits {
    pub fn clear(&mut self, matchers: usize) {
        self.0.clear();
        self.0.resize(matchers.div_ceil(64), 0);
    }

    pub fn add(&mut self, matcher: usize) {
        self.0[matcher / 64] |= 1 << (matcher % 64);
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub fn join(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    /// The matchers in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            std::iter::successors(Some(word).filter(|&w| w != 0), |w| Some(w & (w - 1)).filter(|&w| w != 0))
                .map(move |word| 64 * at + word.trailing_zeros() as usize)
        })
    }
}
