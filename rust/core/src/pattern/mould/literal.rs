//! Bytes that must stand as they are, compared sixteen at a time.

/// A literal of a line.
#[derive(Debug, Clone)]
pub(super) enum Literal {
    /// Up to 16 bytes: one word under a mask.
    Short {
        len: usize,
        word: u128,
        mask: u128,
    },
    /// 17 to 32 bytes: the first word and the last, which may overlap.
    Long {
        len: usize,
        words: [u128; 2],
    },
    Any(Box<[u8]>),
}

const WORD: usize = 16;

impl Literal {
    /// None for text that no single line can hold.
    pub fn new(text: &[u8]) -> Option<Literal> {
        if text.iter().any(|b| matches!(b, b'\n' | b'\r')) {
            return None;
        }
        let len = text.len();
        Some(match len {
            0..=WORD => {
                let mut padded = [0; WORD];
                padded[..len].copy_from_slice(text);
                let mask = u128::MAX.checked_shr(8 * (WORD - len) as u32).unwrap_or(0);
                Literal::Short { len, word: u128::from_le_bytes(padded), mask }
            }
            17..=32 => Literal::Long { len, words: [word(text, 0)?, word(text, len - WORD)?] },
            _ => Literal::Any(text.into()),
        })
    }

    /// The position after the literal, if it stands at `at`; 16 bytes must be there to be looked at.
    #[inline(always)]
    pub fn after(&self, data: &[u8], at: usize) -> Option<usize> {
        match self {
            Literal::Short { len, word: wanted, mask } => ((word(data, at)? ^ wanted) & mask == 0).then_some(at + len),
            Literal::Long { len, words } => {
                let text = data.get(at..at + len)?;
                let odd = (word(text, 0)? ^ words[0]) | (word(text, len - WORD)? ^ words[1]);
                (odd == 0).then_some(at + len)
            }
            Literal::Any(wanted) => {
                let end = at + wanted.len();
                (data.get(at..end)? == &**wanted).then_some(end)
            }
        }
    }
}

#[inline(always)]
fn word(data: &[u8], at: usize) -> Option<u128> {
    data.get(at..)?.first_chunk().map(|bytes| u128::from_le_bytes(*bytes))
}
