//! Texts with backslashes.

/// Appends the text that a quoted text with backslashes stands for: the escapes of JSON and of Python.
pub fn unescape(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&escape) = text.get(at) else { return };
        at += 1;
        match escape {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'x' => at += code_point(text, at, 2, out),
            b'u' => at += code_point(text, at, 4, out),
            b'U' => at += code_point(text, at, 8, out),
            other => out.push(other),
        }
    }
}

/// Appends the character whose hexadecimal number is at `at`, a surrogate pair as one; gives the bytes taken.
fn code_point(text: &[u8], at: usize, digits: usize, out: &mut Vec<u8>) -> usize {
    let Some(high) = hex(text, at, digits) else {
        out.extend_from_slice("\u{fffd}".as_bytes());
        return 0;
    };
    let low = match text.get(at + digits..at + digits + 2) {
        Some(b"\\u") if (0xD800..0xDC00).contains(&high) => hex(text, at + 6, 4),
        _ => None,
    };
    let (code, taken) = match low {
        Some(low) if (0xDC00..0xE000).contains(&low) => (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00), 10),
        _ => (high, digits),
    };
    let letter = char::from_u32(code).unwrap_or('\u{fffd}');
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    taken
}

fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = text.get(at..at + digits)?;
    let all = digits.iter().all(u8::is_ascii_hexdigit);
    all.then(|| std::str::from_utf8(digits).ok().and_then(|d| u32::from_str_radix(d, 16).ok())).flatten()
}
