//! The JSON object or Python dict that a line holds.

use crate::literal::{Dialect, Leaf, Leaves, Value};
use crate::row::{MISSING, Rows, Setting, slot_of};
use crate::types::{Holds, Naming};

use super::body::{Memory, context_slot};
use super::draft::Draft;
use super::measure::{Measured, Printed, is_absent};
use super::rule::Rule;

/// How a rule's payload is written.
#[derive(Debug, Clone, Copy)]
pub struct Payload(Dialect);

/// The values of the payload read last.
pub type Values = Leaves;

impl Payload {
    pub fn new(word: &str) -> Result<Payload, String> {
        match word {
            "json" => Ok(Payload(Dialect::Json)),
            "python" => Ok(Payload(Dialect::Python)),
            other => Err(format!("payload is json or python, not '{other}'")),
        }
    }

    /// Adds the values of `data[start..end]` to a row of `rule`; gives how many could not be read.
    pub fn add(self, data: &[u8], span: (usize, usize), rule: &Rule, memory: &mut Memory, rows: &mut Rows) -> u32 {
        let Memory { values, draft, .. } = memory;
        if values.read(data, span.0, span.1, self.0).is_none() {
            return 1;
        }
        let shown = values.list.iter().filter(|leaf| !leaf.hidden);
        shown.map(|leaf| u32::from(!add(data, values.key(leaf), leaf, rule, draft, rows))).sum()
    }

    /// Makes settings of the values of `data[start..end]`.
    pub fn settle(self, data: &[u8], span: (usize, usize), memory: &mut Memory, rows: &mut Rows) {
        let values = &mut memory.values;
        if values.read(data, span.0, span.1, self.0).is_none() {
            return;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for leaf in &values.list {
            let value = data.get(leaf.start..leaf.end).unwrap_or_default();
            rows.settings.push(Setting { key: text(values.key(leaf)), value: text(value) });
        }
    }
}

/// Adds one value; false if it is there and can't be read.
fn add(data: &[u8], key: &[u8], leaf: &Leaf, rule: &Rule, draft: &mut Draft, rows: &mut Rows) -> bool {
    if rule.drops(key) {
        return true;
    }
    let text = data.get(leaf.start..leaf.end).unwrap_or_default();
    let number = match leaf.value {
        Value::Number(value) => Some(slot_of(value)),
        Value::Flag(flag) => Some(slot_of(f64::from(u8::from(flag)))),
        Value::Null => None,
        Value::Quoted { .. } => quoted(data, leaf, key),
    };
    let role = rule.role(key).filter(|holds| !draft.has(*holds));
    match (role, leaf.value) {
        (Some(holds), _) => add_context(holds, text, number, draft),
        (None, Value::Quoted { .. }) if number.is_none() && !is_absent(text) => {
            let slot = rows.keep_text(text);
            draft.text(key, Naming::Stored, slot);
            true
        }
        (None, Value::Number(_) | Value::Flag(_) | Value::Null | Value::Quoted { .. }) => {
            draft.metric(key, b"", Naming::Stored, number.unwrap_or(MISSING));
            true
        }
    }
}

fn add_context(holds: Holds, text: &[u8], number: Option<u64>, draft: &mut Draft) -> bool {
    let slot = context_slot(holds, text, number.unwrap_or(MISSING));
    draft.context(holds, slot);
    slot != MISSING || number.is_none()
}

/// A number in quotes, as newer trainers print them.
fn quoted(data: &[u8], leaf: &Leaf, key: &[u8]) -> Option<u64> {
    let printed = Printed { data, value: (leaf.start, leaf.end), unit: (leaf.end, leaf.end), rest: (0, 0) };
    match printed.measure(key) {
        Measured::Number(slot, _) => Some(slot),
        Measured::Absent | Measured::Bad => None,
    }
}
