//! Which pairs of neighbouring bytes a text has: most literals that it lacks are told by one pass over it.

/// A bit for each pair of bytes.
#[derive(Debug)]
pub struct Grams(Vec<u64>);

impl Grams {
    pub fn of(text: &[u8]) -> Grams {
        let mut bits = vec![0; 1 << 10];
        for pair in text.windows(2) {
            let (word, bit) = place(pair[0], pair[1]);
            bits[word] |= bit;
        }
        Grams(bits)
    }

    /// False proves that the literal is not in the text.
    pub fn may_hold(&self, literal: &[u8]) -> bool {
        literal.windows(2).all(|pair| {
            let (word, bit) = place(pair[0], pair[1]);
            self.0[word] & bit != 0
        })
    }
}

/// The word and the bit in it of a pair.
fn place(one: u8, other: u8) -> (usize, u64) {
    let at = usize::from(u16::from_be_bytes([one, other]));
    (at >> 6, 1 << (at & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_literal_of_the_text_is_denied() {
        let text = b"Step 100 | Loss: 0.5\xff\0";
        let grams = Grams::of(text);
        for start in 0..text.len() {
            for end in start..=text.len() {
                assert!(grams.may_hold(&text[start..end]));
            }
        }
        assert!(!grams.may_hold(b"loss"));
        assert!(!Grams::of(b"").may_hold(b"ab"));
    }
}
