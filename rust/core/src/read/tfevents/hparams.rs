//! The settings that the hparams plugin keeps in the metadata of a value.

use crate::read::wire::proto::{Fields, Value};

/// Gives each setting of a session's beginning, as text.
pub fn settings(metadata: &[u8], each: &mut dyn FnMut(String, String)) {
    let content = Fields::of(metadata).message(1).and_then(|data| Fields::of(data).message(2));
    let Some(start) = content.and_then(|content| Fields::of(content).message(3)) else { return };
    for (number, value) in Fields::of(start) {
        let (1, Value::Bytes(entry)) = (number, value) else { continue };
        let key = Fields::of(entry).message(1).unwrap_or_default();
        if let Some(value) = Fields::of(entry).message(2).and_then(text) {
            each(String::from_utf8_lossy(key).into_owned(), value);
        }
    }
}

/// A `google.protobuf.Value`: a number, a text, a flag; null and what is nested are none.
fn text(value: &[u8]) -> Option<String> {
    match Fields::of(value).next()? {
        (2, Value::Fixed64(bits)) => Some(number(f64::from_bits(bits))),
        (3, Value::Bytes(text)) => Some(String::from_utf8_lossy(text).into_owned()),
        (4, Value::Varint(flag)) => Some((flag != 0).to_string()),
        _ => None,
    }
}

/// Numbers are all kept as floats: whole ones were whole.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { format!("{value:?}") }
}
