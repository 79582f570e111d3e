//! The letters of a stamp: what must stand where its digits may change.

/// No stamp that is longer is moulded.
const LONGEST: usize = 8 * WORDS;
const WORDS: usize = 5;

/// A stamp's layout to the letter, so that no other layout is taken for one that was tried.
#[derive(Debug, Clone, Copy)]
pub struct Alike {
    words: [Word; WORDS],
    len: u8,
}

/// Eight bytes of it: their letters, where letters must be equal, and the high bits of the bytes that are digits.
#[derive(Debug, Clone, Copy)]
struct Word {
    letters: u64,
    equal: u64,
    digits: u64,
}

impl Alike {
    /// None for a text that is too long.
    pub fn new(stamp: &[u8]) -> Option<Alike> {
        let mut text = [0; LONGEST];
        text.get_mut(..stamp.len())?.copy_from_slice(stamp);
        let (equal, digits) =
            (
                of_each(stamp, |b| if b.is_ascii_digit() { 0 } else { 0xFF }),
                |b: u8| {
                    if b.is_ascii_digit() { 0x80 } else { 0 }
                },
            );
        let digits = of_each(stamp, digits);
        let word = |k: usize| Word { letters: at(&text, k), equal: at(&equal, k), digits: at(&digits, k) };
        Some(Alike { words: std::array::from_fn(word), len: u8::try_from(stamp.len()).ok()? })
    }

    /// How long the text at the beginning of these bytes is, if it has digits where the stamp has them, and is equal
    /// elsewhere.
    ///
    /// ```
    /// use fastlogs_core::pattern::mould::Alike;
    /// let clock = Alike::new(b"17:20:39").unwrap();
    /// assert_eq!(Some(8), clock.begins(b"01:02:03.5"));
    /// assert_eq!(None, clock.begins(b"01:02 03"));
    /// ```
    pub fn begins(&self, text: &[u8]) -> Option<usize> {
        let len = usize::from(self.len);
        let odd = match text.first_chunk::<LONGEST>() {
            Some(bytes) => self.odd(bytes),
            None => {
                let mut bytes = [0; LONGEST];
                bytes[..text.len()].copy_from_slice(text);
                self.odd(&bytes)
            }
        };
        (odd == 0 && len <= text.len()).then_some(len)
    }

    #[inline(always)]
    fn odd(&self, bytes: &[u8; LONGEST]) -> u64 {
        let word = |(k, word): (usize, &Word)| {
            let text = at(bytes, k);
            // Where letters are as they must be, none carries over to the next byte.
            let low = text ^ 0x3030_3030_3030_3030;
            ((text ^ word.letters) & word.equal) | ((low.wrapping_add(0x7676_7676_7676_7676) | low) & word.digits)
        };
        self.words.iter().enumerate().map(word).fold(0, |all, odd| all | odd)
    }
}

fn of_each(stamp: &[u8], of: impl Fn(u8) -> u8) -> [u8; LONGEST] {
    std::array::from_fn(|k| stamp.get(k).map_or(0, |&b| of(b)))
}

/// The word of that number.
#[inline(always)]
fn at(bytes: &[u8; LONGEST], word: usize) -> u64 {
    bytes.as_chunks().0.get(word).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_for_digits(stamp in "[0-9:T .a-z-]{1,40}", text in proptest::collection::vec(any::<u8>(), 0..60)) {
            let alike = Alike::new(stamp.as_bytes()).expect("not too long");
            let fits = |text: &[u8]| {
                text.len() >= stamp.len()
                    && stamp.bytes().zip(text).all(|(a, b)| a == *b || (a.is_ascii_digit() && b.is_ascii_digit()))
            };
            prop_assert_eq!(fits(&text), alike.begins(&text).is_some());
            for (k, byte) in text.iter().enumerate().take(stamp.len()) {
                let mut other = [stamp.as_bytes(), b" more"].concat();
                other[k] = *byte;
                prop_assert_eq!(fits(&other), alike.begins(&other).is_some(), "{} at {}", byte, k);
            }
        }
    }
}
