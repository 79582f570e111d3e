//! Which encoding a text has, and UTF-16 made UTF-8 as it streams.

use crate::checksum::record_length;
use crate::error::Result;
use crate::source::codec::{Codec, Damage, Harm};
use crate::source::feed::Feed;

/// How a source writes its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, or something like it: bytes that are none pass through.
    Utf8,
    Utf16Le,
    Utf16Be,
    /// Records that are no text.
    Binary,
}

const SAMPLE: usize = 4 << 10;
const CHUNK: usize = 64 << 10;

impl Encoding {
    /// The encoding of a text that begins so, and how long its byte order mark is.
    ///
    /// ```
    /// use fastlogs_core::source::Encoding;
    /// assert_eq!((Encoding::Utf8, 3), Encoding::sniff(b"\xef\xbb\xbfstep"));
    /// assert_eq!((Encoding::Utf16Le, 0), Encoding::sniff(b"s\0t\0e\0p\0"));
    /// ```
    pub fn sniff(head: &[u8]) -> (Encoding, usize) {
        match head {
            _ if is_binary(head) => (Encoding::Binary, 0),
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
            [0xff, 0xfe, ..] => (Encoding::Utf16Le, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16Be, 2),
            _ => (Encoding::of_zeros(head), 0),
        }
    }

    /// Text of mostly ASCII has in UTF-16 a zero in every pair, always in the same place.
    fn of_zeros(head: &[u8]) -> Encoding {
        let sample = &head[..head.len().min(SAMPLE) & !1];
        let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        let many = |zeros: usize| sample.len() >= 4 && zeros * 5 >= sample.len() * 2;
        let few = |zeros: usize| zeros * 20 <= sample.len();
        match (many(odd) && few(even), many(even) && few(odd)) {
            (true, _) => Encoding::Utf16Le,
            (false, true) => Encoding::Utf16Be,
            (false, false) => Encoding::Utf8,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16-le",
            Encoding::Utf16Be => "utf-16-be",
            Encoding::Binary => "binary",
        }
    }
}

/// Logs of records are told by how they begin: W&B's by its name, TFRecords by the checksum of the first length; and
/// where that is damaged, by what every event file says first.
fn is_binary(head: &[u8]) -> bool {
    let event = || memchr::memmem::find(head.get(12..64.min(head.len())).unwrap_or_default(), b"brain.Event:");
    head.starts_with(b":W&B") || record_length(head).is_some() || event().is_some()
}

/// UTF-16 in, UTF-8 out. A surrogate without its other half becomes U+FFFD and is counted.
pub(crate) struct Transcoder {
    feed: Box<dyn Feed>,
    unit: fn([u8; 2]) -> u16,
    stored: Vec<u8>,
    /// Bytes of `stored` that wait for the other half of a unit.
    over: usize,
    /// A high surrogate waits for the low one.
    high: Option<u16>,
    text: Vec<u8>,
    at: usize,
    consumed: u64,
    replaced: u64,
    ended: bool,
}

impl Transcoder {
    pub(crate) fn new(feed: Box<dyn Feed>, encoding: Encoding) -> Self {
        let unit = match encoding {
            Encoding::Utf16Be => u16::from_be_bytes,
            Encoding::Utf16Le | Encoding::Utf8 | Encoding::Binary => u16::from_le_bytes,
        };
        let (stored, text) = (vec![0; CHUNK], Vec::with_capacity(2 * CHUNK));
        Transcoder { feed, unit, stored, over: 0, high: None, text, at: 0, consumed: 0, replaced: 0, ended: false }
    }

    fn more(&mut self) -> Result<()> {
        let count = self.feed.read(&mut self.stored[self.over..])?;
        self.text.clear();
        self.at = 0;
        self.consumed += count as u64;
        self.ended = count == 0;
        let have = self.over + count;
        self.write(have & !1);
        self.over = have & 1;
        if self.over == 1 {
            self.stored[0] = self.stored[have - 1];
        }
        if self.ended {
            self.write_lone();
        }
        Ok(())
    }

    fn write(&mut self, len: usize) {
        for at in (0..len).step_by(2) {
            let unit = (self.unit)([self.stored[at], self.stored[at + 1]]);
            match (u8::try_from(unit).ok().filter(u8::is_ascii), self.high) {
                (Some(byte), None) => self.text.push(byte),
                _ => self.write_unit(unit),
            }
        }
    }

    #[cold]
    fn write_unit(&mut self, unit: u16) {
        let waiting = self.high.take();
        let pairs = (0xdc00..0xe000).contains(&unit);
        if waiting.is_some() && !pairs {
            self.write_replacement();
        }
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        let units = waiting.filter(|_| pairs).into_iter().chain([unit]);
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => self.write_char(character),
            Some(Err(_)) | None => self.write_replacement(),
        }
    }

    fn write_char(&mut self, character: char) {
        self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn write_replacement(&mut self) {
        self.replaced += 1;
        self.write_char(char::REPLACEMENT_CHARACTER);
    }

    fn write_lone(&mut self) {
        if self.high.take().is_some() {
            self.write_replacement();
        }
    }
}

impl Feed for Transcoder {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        while self.at == self.text.len() && !self.ended {
            self.more()?;
        }
        let count = into.len().min(self.text.len() - self.at);
        into[..count].copy_from_slice(&self.text[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }

    fn damage(&self) -> Option<Damage> {
        let half = || Damage {
            codec: Codec::Plain,
            harm: Harm::Cut,
            offset: self.consumed,
            what: "the end is missing: half a character is left".into(),
        };
        self.feed.damage().or_else(|| (self.ended && self.over == 1).then(half))
    }

    fn replaced(&self) -> u64 {
        self.replaced
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives its bytes a few at a time.
    struct Drip(Vec<u8>, usize);

    impl Feed for Drip {
        fn read(&mut self, into: &mut [u8]) -> Result<usize> {
            let count = self.1.min(self.0.len()).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    fn transcoded(stored: Vec<u8>, step: usize, encoding: Encoding) -> (String, u64, bool) {
        let mut feed = Transcoder::new(Box::new(Drip(stored, step)), encoding);
        let mut text = Vec::new();
        let mut some = [0; 7];
        loop {
            match feed.read(&mut some).unwrap() {
                0 => return (String::from_utf8(text).unwrap(), feed.replaced(), feed.damage().is_some()),
                count => text.extend_from_slice(&some[..count]),
            }
        }
    }

    #[test]
    fn encodings_are_told_by_marks_and_zeros() {
        let le: Vec<u8> = "step 1 loss 2.5\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "step 1 loss 2.5\n".encode_utf16().flat_map(u16::to_be_bytes).collect();

        assert_eq!((Encoding::Utf16Le, 0), Encoding::sniff(&le));
        assert_eq!((Encoding::Utf16Be, 0), Encoding::sniff(&be));
        assert_eq!((Encoding::Utf16Be, 2), Encoding::sniff(b"\xfe\xff\0a"));
        assert_eq!((Encoding::Utf8, 0), Encoding::sniff(&[0; 8192]));
        assert_eq!((Encoding::Utf8, 0), Encoding::sniff(b""));
        assert_eq!((Encoding::Utf8, 0), Encoding::sniff("déjà vu 1\0".as_bytes()));
    }

    proptest! {
        #[test]
        fn utf16_is_what_std_makes_of_it(units in proptest::collection::vec(
            prop_oneof![0u16..128, Just(0xd83d), Just(0xde00), any::<u16>()], 0..40),
            step in 1usize..9, big: bool, half: bool
        ) {
            let expected = String::from_utf16_lossy(&units);
            let lone = char::decode_utf16(units.iter().copied()).filter(Result::is_err).count() as u64;
            let (encoding, bytes): (_, fn(u16) -> [u8; 2]) =
                if big { (Encoding::Utf16Be, u16::to_be_bytes) } else { (Encoding::Utf16Le, u16::to_le_bytes) };
            let mut stored: Vec<u8> = units.iter().flat_map(|&u| bytes(u)).collect();
            stored.extend(half.then_some(b'x'));

            prop_assert_eq!((expected, lone, half), transcoded(stored, step, encoding));
        }
    }
}
