//! The letters of a stamp: what must stand where its digits may change.

/// No stamp that is longer is moulded.
const LONGEST: usize = 40;

/// A stamp's layout to the letter, so that no other layout is taken for one that was tried.
#[derive(Debug, Clone, Copy)]
pub struct Alike {
    text: [u8; LONGEST],
    len: u8,
}

impl Alike {
    /// None for a text that is too long.
    pub fn new(stamp: &[u8]) -> Option<Alike> {
        let mut text = [0; LONGEST];
        text.get_mut(..stamp.len())?.copy_from_slice(stamp);
        Some(Alike { text, len: u8::try_from(stamp.len()).ok()? })
    }

    /// Whether the text has digits where the stamp has them, and is equal elsewhere.
    ///
    /// ```
    /// use fastlogs_core::pattern::mould::Alike;
    /// let clock = Alike::new(b"17:20:39").unwrap();
    /// assert!(clock.fits(b"01:02:03"));
    /// assert!(!clock.fits(b"01:02:03.5"));
    /// ```
    pub fn fits(&self, text: &[u8]) -> bool {
        let alike = |(a, b): (&u8, &u8)| a == b || (a.is_ascii_digit() && b.is_ascii_digit());
        text.len() == usize::from(self.len) && text.iter().zip(&self.text).all(alike)
    }
}
