//! Bytes that must stand as they are, compared sixteen at a time.

/// A literal of a line, or of several.
#[derive(Debug, Clone, Default)]
pub(super) struct Literal {
    len: usize,
    /// The first bytes, one word under a mask.
    word: u128,
    mask: u128,
    /// All of them, where they are more than a word.
    long: Box<[u8]>,
}

const WORD: usize = 16;

impl Literal {
    /// None for text that no single line can hold.
    pub fn new(text: &[u8]) -> Option<Literal> {
        let broken = text.iter().any(|b| matches!(b, b'\n' | b'\r'));
        (!broken).then(|| Literal::of(text))
    }

    /// Any text, over several lines too.
    pub fn of(text: &[u8]) -> Literal {
        let len = text.len().min(WORD);
        let mut padded = [0; WORD];
        padded[..len].copy_from_slice(&text[..len]);
        let mask = u128::MAX.checked_shr(8 * (WORD - len) as u32).unwrap_or(0);
        let long = if text.len() > WORD { text.into() } else { Box::default() };
        Literal { len: text.len(), word: u128::from_le_bytes(padded), mask, long }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// The text, if it is one word.
    pub fn short(&self) -> Option<Vec<u8>> {
        (self.len <= WORD).then(|| self.word.to_le_bytes()[..self.len].to_vec())
    }

    /// The position after the literal, if it stands at `at`; 16 bytes must be there to be looked at.
    #[inline(always)]
    pub fn after(&self, data: &[u8], at: usize) -> Option<usize> {
        let odd = (word(data, at)? ^ self.word) & self.mask;
        (odd == 0 && (self.len <= WORD || self.goes_on(data, at))).then_some(at + self.len)
    }

    #[inline(never)]
    fn goes_on(&self, data: &[u8], at: usize) -> bool {
        data.get(at..at + self.len) == Some(&*self.long)
    }
}

#[inline(always)]
fn word(data: &[u8], at: usize) -> Option<u128> {
    data.get(at..)?.first_chunk().map(|bytes| u128::from_le_bytes(*bytes))
}
