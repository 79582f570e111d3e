//! JSON settings; `NaN` and `Infinity` as Python writes them.

use jiter::JsonValue;

use super::Read;
use super::tree::{DEEPEST, Setting, TOO_DEEP, Tree};

pub(super) fn read(text: &str) -> Read {
    let value = JsonValue::parse(text.as_bytes(), true)
        .map_err(|error| format!("wanted JSON settings, found {}", error.description(text.as_bytes())))?;
    tree(&value, DEEPEST)
}

fn tree(value: &JsonValue<'_>, deep: usize) -> Read {
    let deeper = deep.checked_sub(1).ok_or(TOO_DEEP)?;
    Ok(match value {
        JsonValue::Null => Tree::Nothing,
        JsonValue::Bool(flag) => Tree::Leaf(Setting::Flag(*flag)),
        JsonValue::Int(int) => Tree::Leaf(Setting::Int(*int)),
        JsonValue::Float(float) => Tree::Leaf(Setting::Float(*float)),
        JsonValue::Str(text) => Tree::Leaf(Setting::Text(text.to_string())),
        JsonValue::Array(list) => Tree::List(list.iter().map(|value| tree(value, deeper)).collect::<Result<_, _>>()?),
        JsonValue::Object(table) => {
            let pair = |(key, value): &(_, _)| Ok::<_, String>((ToString::to_string(key), tree(value, deeper)?));
            Tree::Table(table.iter().map(pair).collect::<Result<_, _>>()?)
        }
    })
}
