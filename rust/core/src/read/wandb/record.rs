//! The items of a W&B record, and the line of JSON that they come to.

use crate::literal::{Dialect, Leaves, Value as Leaf, unescape};
use crate::read::wire::proto::{Fields, Value};

/// What an item holds: JSON text, or a value of its own type.
#[derive(Debug, Clone, Copy)]
pub enum Held<'a> {
    Json(&'a [u8]),
    Text(&'a [u8]),
    Whole(i64),
    Number(f64),
    Flag(bool),
    Nothing,
}

impl Held<'_> {
    pub fn whole(self) -> Option<i64> {
        match self {
            Held::Whole(value) => Some(value),
            Held::Json(text) => std::str::from_utf8(text).ok()?.trim().parse().ok(),
            Held::Text(_) | Held::Number(_) | Held::Flag(_) | Held::Nothing => None,
        }
    }
}

/// A key, nested ones joined with a dot, and its value.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    pub key: Vec<u8>,
    pub value: Held<'a>,
}

impl<'a> Item<'a> {
    /// Old runs write JSON text (16), new ones a value of its type.
    fn of(message: &'a [u8]) -> Item<'a> {
        let mut item = Item { key: Vec::new(), value: Held::Nothing };
        for (number, value) in Fields::of(message) {
            match (number, value) {
                (1, Value::Bytes(key)) if !key.is_empty() => item.key = key.to_vec(),
                (2, Value::Bytes(part)) => {
                    if !item.key.is_empty() {
                        item.key.push(b'.');
                    }
                    item.key.extend_from_slice(part);
                }
                (4, Value::Varint(flag)) => item.value = Held::Flag(flag != 0),
                (5, Value::Varint(zigzag)) => item.value = Held::Whole((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)),
                (6, Value::Fixed64(bits)) => item.value = Held::Number(f64::from_bits(bits)),
                (7, Value::Bytes(text)) => item.value = Held::Text(text),
                (8 | 16, Value::Bytes(text)) => item.value = Held::Json(text),
                _ => {}
            }
        }
        item
    }
}

/// The items of a message, in the field of that number.
pub fn items(message: &[u8], number: u32) -> impl Iterator<Item = Item<'_>> {
    Fields::of(message).filter(move |(found, _)| *found == number).filter_map(|(_, value)| value.bytes()).map(Item::of)
}

/// The items that are values: histograms, images and tables say what they are in an item of theirs, `_type`.
pub fn values(message: &[u8], number: u32) -> impl Iterator<Item = Item<'_>> {
    let typed = items(message, number).filter_map(|item| item.key.strip_suffix(b"._type").map(<[u8]>::to_vec));
    let media: Vec<Vec<u8>> = typed.collect();
    items(message, number).filter(move |item| {
        let part = |media: &Vec<u8>| item.key.strip_prefix(&media[..]).is_some_and(|rest| rest.starts_with(b"."));
        !media.iter().any(part)
    })
}

/// An object of items, as a line of JSON.
#[derive(Debug, Default)]
pub struct Line {
    text: Vec<u8>,
}

impl Line {
    pub fn begin(&mut self) {
        self.text.clear();
        self.text.push(b'{');
    }

    /// Adds an item; media and tables are no values.
    pub fn add(&mut self, item: &Item<'_>) {
        match item.value {
            Held::Nothing => {}
            Held::Json(json) if is_media(json) || json.trim_ascii().is_empty() => {}
            Held::Json(json) => {
                self.key(&item.key);
                self.text.extend_from_slice(json);
            }
            Held::Text(text) => {
                self.key(&item.key);
                self.quoted(text);
            }
            Held::Whole(value) => self.add_number(&item.key, value),
            Held::Number(value) => {
                self.key(&item.key);
                self.text.extend_from_slice(format!("{value:?}").as_bytes());
            }
            Held::Flag(flag) => {
                self.key(&item.key);
                self.text.extend_from_slice(if flag { b"true" } else { b"false" });
            }
        }
    }

    pub fn add_number(&mut self, key: &[u8], value: i64) {
        self.key(key);
        self.text.extend_from_slice(value.to_string().as_bytes());
    }

    pub fn add_seconds(&mut self, key: &[u8], seconds: f64) {
        self.key(key);
        self.text.extend_from_slice(format!("{seconds:.6}").as_bytes());
    }

    /// Ends the object; gives its length without the zeros that follow it.
    pub fn close(&mut self, zeros: usize) -> usize {
        self.text.push(b'}');
        let length = self.text.len();
        self.text.resize(length + zeros, 0);
        length
    }

    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The values in it, each with its path, as they are written.
    pub fn leaves(&self, length: usize) -> Vec<(String, String)> {
        let mut leaves = Leaves::default();
        if leaves.read(&self.text, 0, length, Dialect::Json).is_none() {
            return Vec::new();
        }
        let shown = leaves.list.iter().filter(|leaf| !leaf.hidden && leaf.value != Leaf::Null);
        shown
            .map(|leaf| {
                let written = &self.text[leaf.start..leaf.end];
                let value = match leaf.value {
                    Leaf::Quoted { escaped: true, .. } => {
                        let mut out = Vec::new();
                        unescape(written, &mut out);
                        String::from_utf8_lossy(&out).into_owned()
                    }
                    Leaf::Quoted { escaped: false, .. } | Leaf::Number(_) | Leaf::Flag(_) | Leaf::Null => {
                        String::from_utf8_lossy(written).into_owned()
                    }
                };
                (String::from_utf8_lossy(leaves.key(leaf)).into_owned(), value)
            })
            .collect()
    }

    fn key(&mut self, key: &[u8]) {
        if self.text.len() > 1 {
            self.text.push(b',');
        }
        self.quoted(key);
        self.text.push(b':');
    }

    fn quoted(&mut self, text: &[u8]) {
        self.text.push(b'"');
        for &byte in text {
            match byte {
                b'"' | b'\\' => self.text.extend([b'\\', byte]),
                0..0x20 => self.text.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                _ => self.text.push(byte),
            }
        }
        self.text.push(b'"');
    }
}

/// The seconds since 1970 of a protobuf time stamp.
pub fn seconds(time: &[u8]) -> Option<f64> {
    let part = |wanted| Fields::of(time).find_map(|(number, value)| value.varint().filter(|_| number == wanted));
    let nanos = part(2).unwrap_or_default() as i64 as f64;
    part(1).map(|seconds| seconds as i64 as f64 + nanos / 1e9)
}

/// Histograms, images, tables ...: what they are stands in `_type`.
fn is_media(json: &[u8]) -> bool {
    json.trim_ascii_start().starts_with(b"{") && memchr::memmem::find(json, b"\"_type\"").is_some()
}
