//! Walks one JSON object or the `repr` of one Python dict, leaf by leaf, without building a tree.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::number;

/// How the object is written. Numbers are read alike in both, and generously: `nan`, `inf`, `.5`, `+1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Json,
    /// Single quotes, `None`, `True`, tuples, `np.float64(0.1)`, `tensor(0.5)`.
    Python,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Number(f64),
    Flag(bool),
    Null,
    /// The text between quotes; `escaped` where it holds a backslash and must be decoded.
    Quoted {
        quote: u8,
        escaped: bool,
    },
}

/// One value, wherever it is nested.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    key: Range<usize>,
    pub value: Value,
    /// Where the number stands, or the text within its quotes.
    pub start: usize,
    pub end: usize,
    /// Part of a list that is no short list of numbers: understood, but no value of its own.
    pub hidden: bool,
}

/// The leaves of an object in the order they are written; nested keys are joined with a dot.
#[derive(Debug, Default)]
pub struct Leaves {
    pub list: Vec<Leaf>,
    keys: Vec<u8>,
    path: Vec<u8>,
    /// Lists that are no short lists of numbers.
    pub lists_left: usize,
}

/// Longer lists are data, not metrics.
pub const LIST: usize = 16;

const DEPTH: usize = 48;

/// Names of calls around a number, whole or at their beginning, that mean the number.
const WRAPPERS: [&str; 13] = [
    "bool",
    "float",
    "int",
    "uint",
    "bfloat",
    "double",
    "longdouble",
    "half",
    "tensor",
    "array",
    "Tensor",
    "Array",
    "Decimal",
];

impl Leaves {
    /// Reads the object whose brace is at `start`; nothing from `end` on belongs to it. Gives the position after
    /// its closing brace; none if it is not one.
    ///
    /// ```
    /// use fastlogs_core::read::dict::{Dialect, Leaves, Value};
    /// let mut leaves = Leaves::default();
    /// let line = b"{'loss': 2.31, 'lr': {'head': np.float64(0.1)}}";
    /// assert_eq!(Some(line.len()), leaves.read(line, 0, line.len(), Dialect::Python));
    /// let found: Vec<_> = leaves.list.iter().map(|leaf| (leaves.key(leaf), leaf.value)).collect();
    /// assert_eq!(vec![(&b"loss"[..], Value::Number(2.31)), (b"lr.head", Value::Number(0.1))], found);
    /// ```
    pub fn read(&mut self, data: &[u8], start: usize, end: usize, dialect: Dialect) -> Option<usize> {
        self.list.clear();
        self.keys.clear();
        self.path.clear();
        self.lists_left = 0;
        let mut walk = Walk { data: data.get(..end)?, at: start, dialect, depth: 0, out: self };
        walk.object()?;
        Some(walk.at)
    }

    pub fn key(&self, leaf: &Leaf) -> &[u8] {
        &self.keys[leaf.key.clone()]
    }

    fn push(&mut self, value: Value, start: usize, end: usize) {
        let key_start = self.keys.len();
        self.keys.extend_from_slice(&self.path);
        self.list.push(Leaf { key: key_start..self.keys.len(), value, start, end, hidden: false });
    }

    /// Makes the path one key longer; gives what to cut it back to.
    fn enter(&mut self, key: impl FnOnce(&mut Vec<u8>)) -> usize {
        let before = self.path.len();
        if before > 0 {
            self.path.push(b'.');
        }
        key(&mut self.path);
        before
    }
}

/// Gives each key and value of a payload; false if it is not an object of that dialect, whatever was given before.
pub fn pairs(payload: &[u8], dialect: Dialect, mut each: impl FnMut(&[u8], Value)) -> bool {
    let mut leaves = Leaves::default();
    let whole = leaves.read(payload, 0, payload.len(), dialect).is_some();
    leaves.list.iter().filter(|leaf| whole && !leaf.hidden).for_each(|leaf| each(leaves.key(leaf), leaf.value));
    whole
}

struct Walk<'a> {
    data: &'a [u8],
    at: usize,
    dialect: Dialect,
    depth: usize,
    out: &'a mut Leaves,
}

impl Walk<'_> {
    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    /// The next byte that is no blank.
    fn next(&mut self) -> Option<u8> {
        while matches!(self.peek()?, b' ' | b'\t') {
            self.at += 1;
        }
        self.peek()
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then(|| self.at += 1)
    }

    fn python(&self) -> bool {
        self.dialect == Dialect::Python
    }

    fn object(&mut self) -> Option<()> {
        self.take(b'{')?;
        self.deeper()?;
        if self.next()? == b'}' {
            return self.leave();
        }
        loop {
            self.pair()?;
            match self.next()? {
                b',' => self.at += 1,
                b'}' => return self.leave(),
                _ => return None,
            }
            if self.python() && self.next()? == b'}' {
                return self.leave();
            }
        }
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEPTH).then_some(())
    }

    /// Past a closing bracket.
    fn leave(&mut self) -> Option<()> {
        self.depth -= 1;
        self.at += 1;
        Some(())
    }

    fn pair(&mut self) -> Option<()> {
        let before = self.key()?;
        self.take(b':')?;
        self.value()?;
        self.out.path.truncate(before);
        Some(())
    }

    /// Appends the key to the path; gives what to cut it back to.
    fn key(&mut self) -> Option<usize> {
        let first = self.next()?;
        let prefixed = matches!(self.data.get(self.at..self.at + 2), Some([b'u' | b'b', b'\'' | b'"']));
        self.at += usize::from(self.python() && prefixed);
        if self.quotes(first) || (self.python() && prefixed) {
            let (start, end, escaped) = self.quoted()?;
            let text = &self.data[start..end];
            let decode = |path: &mut Vec<u8>| {
                if escaped { unescape(text, path) } else { path.extend_from_slice(text) }
            };
            return Some(self.out.enter(decode));
        }
        if !self.python() {
            return None;
        }
        let start = self.at;
        self.skip_to(b":")?;
        let text = self.data[start..self.at].trim_ascii();
        Some(self.out.enter(|path| path.extend_from_slice(text)))
    }

    fn quotes(&self, byte: u8) -> bool {
        byte == b'"' || (byte == b'\'' && self.python())
    }

    /// Reads the string at `at`: where its text begins and ends, and whether it holds escapes.
    fn quoted(&mut self) -> Option<(usize, usize, bool)> {
        let quote = self.peek()?;
        let start = self.at + 1;
        let mut end = start;
        let mut escaped = false;
        loop {
            end += self.data.get(end..)?.iter().position(|&b| b == quote || b == b'\\')?;
            if self.data[end] == quote {
                break;
            }
            escaped = true;
            end += 2;
        }
        self.at = end + 1;
        Some((start, end, escaped))
    }

    fn value(&mut self) -> Option<()> {
        match self.next()? {
            b'{' => self.object(),
            b'[' => self.list(b']'),
            b'(' if self.python() => self.list(b')'),
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number().or_else(|| self.opaque()),
            first if self.quotes(first) => {
                let (start, end, escaped) = self.quoted()?;
                self.out.push(Value::Quoted { quote: first, escaped }, start, end);
                Some(())
            }
            _ => self.number().or_else(|| self.word()),
        }
    }

    fn number(&mut self) -> Option<()> {
        let start = self.at;
        let (value, end) = number::decimal(self.data, start)?;
        let over = match self.data.get(end) {
            None => true,
            Some(after) => matches!(after, b',' | b'}' | b']' | b')' | b' ' | b'\t'),
        };
        if !over {
            return None;
        }
        self.at = end;
        self.out.push(Value::Number(value), start, end);
        Some(())
    }

    /// A list of at most [`LIST`] numbers gives a leaf an element, any other list none.
    fn list(&mut self, close: u8) -> Option<()> {
        self.at += 1;
        self.deeper()?;
        let first = self.out.list.len();
        let mut plain = true;
        let mut count = 0usize;
        while self.next()? != close {
            let before = self.out.enter(|path| path.extend_from_slice(count.to_string().as_bytes()));
            plain &= !matches!(self.peek(), Some(b'{' | b'"' | b'\''));
            self.value()?;
            self.out.path.truncate(before);
            count += 1;
            match self.next()? {
                b',' => self.at += 1,
                other if other == close => break,
                _ => return None,
            }
        }
        if !plain || self.out.list.len() - first > LIST {
            self.out.list[first..].iter_mut().for_each(|leaf| leaf.hidden = true);
            self.out.lists_left += 1;
        }
        self.leave()
    }

    /// `true`, `None`, `u'text'`, `np.float64(0.5)`, `<object at 0x7f>` ...
    fn word(&mut self) -> Option<()> {
        let start = self.at;
        let letters = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
        let len = self.data[start..].iter().take_while(|b| letters(b)).count();
        let name = &self.data[start..start + len];
        let last = name.rsplit(|&b| b == b'.').next().unwrap_or(name);
        let constant = match last {
            b"true" | b"True" | b"True_" => Some(Value::Flag(true)),
            b"false" | b"False" | b"False_" => Some(Value::Flag(false)),
            b"null" | b"None" => Some(Value::Null),
            _ => None,
        };
        self.at = start + len;
        match (constant, self.peek()) {
            (Some(value), _) => {
                self.out.push(value, start, start + len);
                Some(())
            }
            (None, Some(b'(')) if self.python() && wraps_numbers(last) => self.call(),
            (None, Some(b'\'' | b'"')) if self.python() && len == 1 => self.value(),
            (None, _) => {
                self.at = start;
                self.opaque()
            }
        }
    }

    /// The first argument is the value.
    fn call(&mut self) -> Option<()> {
        self.at += 1;
        self.deeper()?;
        self.value()?;
        self.skip_to(b")")?;
        self.leave()
    }

    /// Something with no number in it; Python prints objects in any form.
    fn opaque(&mut self) -> Option<()> {
        if !self.python() {
            return None;
        }
        let start = self.at;
        self.skip_to(b",}])")?;
        (self.at > start).then_some(())
    }

    /// Goes to the first of `ends` that stands in no bracket and no string.
    fn skip_to(&mut self, ends: &[u8]) -> Option<()> {
        let mut open = 0usize;
        loop {
            let byte = self.peek()?;
            match byte {
                _ if open == 0 && ends.contains(&byte) => return Some(()),
                b'\'' | b'"' => {
                    self.quoted()?;
                    continue;
                }
                b'(' | b'[' | b'{' | b'<' => open += 1,
                b'>' => open = open.saturating_sub(1),
                b')' | b']' | b'}' => open = open.checked_sub(1)?,
                _ => {}
            }
            self.at += 1;
        }
    }
}

fn wraps_numbers(name: &[u8]) -> bool {
    WRAPPERS.iter().any(|wrapper| name.starts_with(wrapper.as_bytes()))
}

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
