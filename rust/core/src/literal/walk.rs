//! The walk itself: recursive, to a depth that no log reaches.

use super::{Dialect, LIST, Leaves, Value, unescape};
use crate::number;

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

pub struct Walk<'a> {
    data: &'a [u8],
    pub at: usize,
    dialect: Dialect,
    depth: usize,
    out: &'a mut Leaves,
}

impl<'a> Walk<'a> {
    pub fn new(data: &'a [u8], at: usize, dialect: Dialect, out: &'a mut Leaves) -> Self {
        Walk { data, at, dialect, depth: 0, out }
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    /// The next byte that is no blank.
    fn next(&mut self) -> Option<u8> {
        while matches!(self.peek()?, b' ' | b'\t' | b'\n' | b'\r') {
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

    pub fn object(&mut self) -> Option<()> {
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
            Some(after) => matches!(after, b',' | b'}' | b']' | b')' | b' ' | b'\t' | b'\n' | b'\r'),
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
