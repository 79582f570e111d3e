//! Takes terminal noise off a line: colours, cursor moves, titles, backspaces, NULs.

use std::borrow::Cow;

use memchr::memchr3;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const BACKSPACE: u8 = 0x08;

/// Whether a line here needs [`clean`]; most blocks need none, so this is asked once a block.
pub fn is_dirty(block: &[u8]) -> bool {
    memchr3(ESC, 0, BACKSPACE, block).is_some()
}

/// Appends the line as a reader wants it. What a cursor move separates stays separate (by a blank),
/// so that two numbers never become one.
///
/// ```
/// let mut out = Vec::new();
/// fastlogs_core::text::clean(b"\x1b[1;32mloss\x1b[0m: 0.\x005", &mut out);
/// assert_eq!(b"loss: 0.5", &out[..]);
/// ```
pub fn clean(line: &[u8], out: &mut Vec<u8>) {
    let mut ink = Ink { from: out.len(), out, gap: false };
    let mut at = 0;
    while at < line.len() {
        let Some(next) = memchr3(ESC, 0, BACKSPACE, &line[at..]).map(|k| at + k) else {
            return ink.write(&line[at..]);
        };
        ink.write(&line[at..next]);
        at = match line[next] {
            ESC => escape(line, next, &mut ink),
            BACKSPACE => ink.erase(next),
            _ => next + 1,
        };
    }
}

/// The text of bytes that may be damaged.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Whether the bytes are no UTF-8.
pub fn is_damaged(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err()
}

/// The cleaned line as it grows.
struct Ink<'a> {
    from: usize,
    out: &'a mut Vec<u8>,
    /// The cursor moved since the last byte.
    gap: bool,
}

impl Ink<'_> {
    fn write(&mut self, text: &[u8]) {
        let Some(first) = text.first() else { return };
        let touches = self.out.len() > self.from && self.out.last() != Some(&b' ') && *first != b' ';
        if self.gap && touches {
            self.out.push(b' ');
        }
        self.gap = false;
        self.out.extend_from_slice(text);
    }

    /// Takes back one character; gives the position after the backspace.
    fn erase(&mut self, at: usize) -> usize {
        while self.out.len() > self.from {
            let starts_character = self.out.pop().is_none_or(|b| b & 0xc0 != 0x80);
            if starts_character {
                break;
            }
        }
        at + 1
    }
}

/// Skips the escape sequence at `at`. One that never ends loses its first two bytes only:
/// the text after them is more likely a line than a title.
fn escape(line: &[u8], at: usize, ink: &mut Ink<'_>) -> usize {
    match line.get(at + 1) {
        Some(b'[') => control(line, at + 2, ink),
        Some(b']' | b'P' | b'X' | b'^' | b'_') => string_end(line, at + 2).unwrap_or(at + 2),
        Some(0x20..=0x2f) => designation(line, at + 2),
        Some(0x30..=0x7e) => at + 2,
        _ => at + 1,
    }
}

/// `ESC [ parameters final`. Colours and erasures leave the cursor where it was, all else moves it.
fn control(line: &[u8], at: usize, ink: &mut Ink<'_>) -> usize {
    let params = line[at..].iter().take_while(|b| matches!(b, 0x20..=0x3f)).count();
    match line.get(at + params) {
        Some(b'm' | b'K' | b'J' | b'h' | b'l') => at + params + 1,
        Some(0x40..=0x7e) => {
            ink.gap = true;
            at + params + 1
        }
        _ => at + params,
    }
}

/// After the BEL or `ESC \` that ends a title or another string.
fn string_end(line: &[u8], at: usize) -> Option<usize> {
    let end = at + line[at..].iter().position(|&b| b == BEL || b == ESC)?;
    match (line[end], line.get(end + 1)) {
        (BEL, _) => Some(end + 1),
        (_, Some(b'\\')) => Some(end + 2),
        _ => None,
    }
}

/// `ESC ( B`: character sets.
fn designation(line: &[u8], at: usize) -> usize {
    let more = line[at..].iter().take_while(|b| matches!(b, 0x20..=0x2f)).count();
    let last = usize::from(matches!(line.get(at + more), Some(0x30..=0x7e)));
    at + more + last
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaned(line: &str) -> String {
        let mut out = b"before".to_vec();
        clean(line.as_bytes(), &mut out);
        String::from_utf8(out[6..].to_vec()).unwrap()
    }

    #[test]
    fn terminal_noise_is_taken_off() {
        for (line, expected) in [
            ("plain", "plain"),
            ("\x1b[1;31mred\x1b[0m 1.5", "red 1.5"),
            ("\x1b[38;2;1;2;3mx\x1b[m", "x"),
            ("\x1b]0;title\x07loss 1", "loss 1"),
            ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
            ("\x1b]0;never ends", "0;never ends"),
            ("\x1b(Bset\x1b)0", "set"),
            ("\x1b7\x1b[?25lbar\x1b8", "bar"),
            ("\x1b[2K\x1b[1Aepoch 1", "epoch 1"),
            ("1.5\x1b[20G2", "1.5 2"),
            ("loss: \x1b[20G2", "loss: 2"),
            ("l\0o\0s\0s\0", "loss"),
            ("|\x08/\x08- done", "- done"),
            ("é\x08e", "e"),
            ("\x08\x08x", "x"),
            ("end\x1b", "end"),
            ("end\x1b[", "end"),
            ("end\x1b[3", "end"),
        ] {
            assert_eq!(expected, cleaned(line), "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_out_clean(line in proptest::collection::vec(prop_oneof![
            Just(ESC), Just(0), Just(BACKSPACE), Just(b'['), Just(b']'), Just(BEL), Just(b'\\'), any::<u8>()
        ], 0..60)) {
            let mut out = Vec::new();
            clean(&line, &mut out);
            prop_assert!(!is_dirty(&out));
            prop_assert!(out.len() <= line.len());
        }

        #[test]
        fn colours_change_nothing(words in proptest::collection::vec("[a-z0-9:. ]{0,8}", 0..6)) {
            let coloured: String = words.iter().map(|w| format!("\x1b[3{}m{w}\x1b[0m", w.len() % 8)).collect();
            prop_assert_eq!(words.concat(), cleaned(&coloured));
        }
    }
}
