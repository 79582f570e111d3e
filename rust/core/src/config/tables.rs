//! TOML settings.

use toml::{Table, Value};

use super::Read;
use super::tree::{DEEPEST, Setting, TOO_DEEP, Tree};

pub(super) fn read(text: &str) -> Read {
    let table = text.parse::<Table>().map_err(|error| format!("wanted TOML settings, found {}", error.message()))?;
    tree(Value::Table(table), DEEPEST)
}

fn tree(value: Value, deep: usize) -> Read {
    let deeper = deep.checked_sub(1).ok_or(TOO_DEEP)?;
    Ok(match value {
        Value::String(text) => Tree::Leaf(Setting::Text(text)),
        Value::Integer(int) => Tree::Leaf(Setting::Int(int)),
        Value::Float(float) => Tree::Leaf(Setting::Float(float)),
        Value::Boolean(flag) => Tree::Leaf(Setting::Flag(flag)),
        Value::Datetime(stamp) => Tree::Leaf(Setting::Text(stamp.to_string())),
        Value::Array(list) => Tree::List(list.into_iter().map(|value| tree(value, deeper)).collect::<Result<_, _>>()?),
        Value::Table(table) => {
            let pair = |(key, value)| Ok::<_, String>((key, tree(value, deeper)?));
            Tree::Table(table.into_iter().map(pair).collect::<Result<_, _>>()?)
        }
    })
}
