//! Which compression a source has, told by its bytes and never by its name, and what was wrong with it.

use std::fmt;

use crate::error::{Error, Kind, Result};

/// How a source is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    Plain,
    Gz,
    Zst,
    Xz,
    Bz2,
    Lz4,
}

/// What ended a text before its time, or followed its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    pub codec: Codec,
    pub harm: Harm,
    /// Where, in the bytes as they are stored.
    pub offset: u64,
    pub what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Harm {
    /// The end is missing.
    Cut,
    /// The bytes contradict themselves.
    Broken,
    /// More memory would be needed than a log may ask for.
    TooLarge,
    /// Something else follows the end.
    Trailing,
    /// Only zeros follow the end.
    Padding,
    /// The file became shorter while it was read.
    Shrunk,
    /// The file became longer, and its last line is not whole.
    Growing,
}

impl Damage {
    /// Whether the last line may have lost its end: then it is dropped, for half a number is a wrong one.
    pub fn tears(&self) -> bool {
        match self.harm {
            Harm::Cut | Harm::Broken | Harm::TooLarge | Harm::Trailing | Harm::Shrunk | Harm::Growing => true,
            Harm::Padding => false,
        }
    }
}

/// Whether bytes begin a member (a stream, a frame) of a codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begins {
    Yes,
    No,
    /// They might, if there were more of them.
    Perhaps,
}

/// Enough bytes for [`Codec::begins`].
pub(crate) const MAGIC: usize = 10;

impl Codec {
    const COMPRESSED: [Codec; 5] = [Codec::Gz, Codec::Zst, Codec::Xz, Codec::Bz2, Codec::Lz4];

    /// The codec of a source that begins so.
    ///
    /// ```
    /// use fastlogs_core::source::Codec;
    /// assert_eq!(Codec::Gz, Codec::sniff(b"\x1f\x8b\x08\0"));
    /// assert_eq!(Codec::Plain, Codec::sniff(b"step 1 loss 2.5"));
    /// ```
    pub fn sniff(head: &[u8]) -> Codec {
        let frame = after_skippable(head);
        let is = |wanted: Begins| {
            Codec::COMPRESSED.into_iter().find(|c| c.begins(frame) == wanted && frame.len() >= c.least())
        };
        is(Begins::Yes).or_else(|| is(Begins::Perhaps)).unwrap_or(match frame.len() < head.len() {
            true => Codec::Zst,
            false => Codec::Plain,
        })
    }

    /// How many bytes must be there to believe that a codec's beginning was cut.
    fn least(self) -> usize {
        match self {
            Codec::Plain => usize::MAX,
            Codec::Gz | Codec::Zst | Codec::Xz | Codec::Lz4 => 2,
            Codec::Bz2 => 4,
        }
    }

    pub(crate) fn begins(self, bytes: &[u8]) -> Begins {
        match self {
            Codec::Plain => Begins::No,
            Codec::Gz => begins(bytes, &[b"\x1f\x8b\x08"]),
            Codec::Zst => begins(bytes, &[b"\x28\xb5\x2f\xfd"]),
            Codec::Xz => begins(bytes, &[b"\xfd7zXZ\0"]),
            Codec::Bz2 => begins_bzip2(bytes),
            Codec::Lz4 => begins(bytes, &[b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18"]),
        }
    }

    /// Whether frames to be ignored may stand among the codec's own.
    pub(crate) fn has_skippable_frames(self) -> bool {
        match self {
            Codec::Zst | Codec::Lz4 => true,
            Codec::Plain | Codec::Gz | Codec::Xz | Codec::Bz2 => false,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Codec::Plain => "plain",
            Codec::Gz => "gz",
            Codec::Zst => "zst",
            Codec::Xz => "xz",
            Codec::Bz2 => "bz2",
            Codec::Lz4 => "lz4",
        }
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn begins(bytes: &[u8], magics: &[&[u8]]) -> Begins {
    if magics.iter().any(|magic| bytes.starts_with(magic)) {
        return Begins::Yes;
    }
    match magics.iter().any(|magic| magic.starts_with(bytes)) {
        true => Begins::Perhaps,
        false => Begins::No,
    }
}

/// `BZh` and a digit could begin a text, so the block or end mark after it is asked for too.
fn begins_bzip2(bytes: &[u8]) -> Begins {
    if matches!(bytes.get(3), Some(level) if !(b'1'..=b'9').contains(level)) {
        return Begins::No;
    }
    let mut plain = bytes.to_vec();
    if let Some(level) = plain.get_mut(3) {
        *level = b'9';
    }
    begins(&plain, &[b"BZh9\x31\x41\x59\x26\x53\x59", b"BZh9\x17\x72\x45\x38\x50\x90"])
}

/// The length of the frame of user data that stands here, its head included.
pub(crate) fn skippable(bytes: &[u8]) -> Option<u64> {
    let frame = bytes.get(..8)?;
    let is = (0x50..=0x5f).contains(&frame[0]) && frame[1..4] == *b"\x2a\x4d\x18";
    let length = u32::from_le_bytes([frame[4], frame[5], frame[6], frame[7]]);
    is.then_some(8 + u64::from(length))
}

fn after_skippable(mut bytes: &[u8]) -> &[u8] {
    while let Some(length) = skippable(bytes) {
        bytes = usize::try_from(length).ok().and_then(|length| bytes.get(length..)).unwrap_or_default();
    }
    bytes
}

/// Refuses what is no log however it is read, and says how to get at the logs inside.
pub(crate) fn refuse_archives(head: &[u8], within: Codec) -> Result<()> {
    let tar = head.get(257..262) == Some(b"ustar");
    let found = match (tar, within, Codec::sniff(head)) {
        (true, _, _) => "a tar archive: unpack it first (tar -xf)".to_owned(),
        (_, Codec::Plain, _) if head.starts_with(b"PK\x03\x04") => "a zip archive: unpack it first (unzip)".to_owned(),
        (_, Codec::Plain, _) if head.starts_with(b"7z\xbc\xaf\x27\x1c") => {
            "a 7z archive: unpack it first (7z x)".to_owned()
        }
        (_, Codec::Plain, _) if head.starts_with(b"\x1f\x9d") => {
            "compressed by compress: unpack it first (uncompress)".to_owned()
        }
        (_, Codec::Plain, _) | (_, _, Codec::Plain) => return Ok(()),
        (_, outer, inner) => format!("{inner} inside {outer}: take one of the two off first"),
    };
    Err(Error::new(Kind::Usage, format!("wanted a log, found {found}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_looks_like_a_magic_is_text() {
        for text in ["BZh9 is how it begins", "BZ", "", "(", "PK", "\u{1f}"] {
            assert_eq!(Codec::Plain, Codec::sniff(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn a_beginning_cut_short_is_still_known() {
        assert_eq!(Codec::Gz, Codec::sniff(b"\x1f\x8b"));
        assert_eq!(Codec::Xz, Codec::sniff(b"\xfd7z"));
        assert_eq!(Codec::Bz2, Codec::sniff(b"BZh1"));
    }

    #[test]
    fn frames_of_user_data_are_looked_behind() {
        let note = b"\x50\x2a\x4d\x18\x02\0\0\0hi";
        assert_eq!(Codec::Lz4, Codec::sniff(&[&note[..], b"\x04\x22\x4d\x18"].concat()));
        assert_eq!(Codec::Zst, Codec::sniff(&[&note[..], note, b"\x28\xb5\x2f\xfd"].concat()));
        assert_eq!(Codec::Zst, Codec::sniff(note));
    }

    #[test]
    fn archives_are_refused_with_the_way_out() {
        let mut tar = vec![b'x'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        for (head, within) in [
            (&tar[..], Codec::Plain),
            (&tar[..], Codec::Gz),
            (b"PK\x03\x04", Codec::Plain),
            (b"\x1f\x8b\x08", Codec::Xz),
        ] {
            assert!(matches!(refuse_archives(head, within), Err(Error { kind: Kind::Usage, .. })));
        }
        assert!(refuse_archives(b"step 1", Codec::Gz).is_ok());
    }
}
