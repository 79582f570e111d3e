//! Cuts the examples of a format at every byte: whole lines give the rows they always give, and a line that the end
//! of the file cuts never gives another number.

use std::sync::Arc;

use crate::format::Format;
use crate::format::problem::{Page, Problem};
use crate::read::text::TextReader;
use crate::row::{Block, MISSING, PAD, Reader, Rows};
use crate::types::Field;

use super::joined;

pub fn problems(page: Page<'_>, format: &Arc<Format>) -> Option<Problem> {
    let data = joined(&format.spec);
    let whole = read(format, &[&data]);
    let cut = (0..=data.len()).find_map(|cut| wrong(format, &data, cut, &whole).map(|why| (cut, why)));
    let (cut, why) = cut?;
    let begin = data[..cut].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    let shown = String::from_utf8_lossy(&data[begin..cut]).into_owned();
    let what = format!("format '{}': the examples cut at byte {cut} give other rows", format.name());
    Some(page.whole(what, format!("{why}, where the line is cut to '{shown}'")))
}

/// What is wrong about the rows when the file ends, or a block does, at `cut`.
fn wrong(format: &Arc<Format>, data: &[u8], cut: usize, whole: &[Told]) -> Option<String> {
    let (head, tail) = data.split_at(cut);
    if head.is_empty() || head.ends_with(b"\n") {
        return (read(format, &[head, tail]) != whole).then(|| "two blocks give other rows than one".to_owned());
    }
    let line = head.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1) as u64;
    let short = read(format, &[head]);
    let kept = short.iter().filter(|row| row.offset < line);
    if !kept.eq(whole.iter().filter(|row| row.offset < line)) {
        return Some("the lines before the cut give other rows".to_owned());
    }
    let own = whole.iter().find(|row| row.offset == line);
    let torn = short.iter().filter(|row| row.offset == line);
    let other = torn.flat_map(|row| &row.values).find(|value| !own.is_some_and(|own| own.values.contains(value)));
    other.map(|(name, value)| format!("{name} becomes {value}"))
}

/// A row in words: what is there, by name.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    offset: u64,
    values: Vec<(String, String)>,
}

fn read(format: &Arc<Format>, parts: &[&[u8]]) -> Vec<Told> {
    let mut reader = TextReader::new(Arc::clone(format));
    let mut told = Vec::new();
    let mut offset = 0;
    for part in parts {
        let mut padded = part.to_vec();
        padded.resize(part.len() + PAD, 0);
        let mut rows = Rows::default();
        reader.read(Block { data: &padded, len: part.len(), offset }, &mut rows);
        told.extend(rows.heads.iter().map(|head| {
            let fields = &rows.shapes[head.shape as usize].fields;
            let there = fields.iter().zip(rows.slots_of(head)).filter(|(_, slot)| **slot != MISSING);
            Told { offset: head.offset, values: there.map(|(field, &slot)| value(&rows, field, slot)).collect() }
        }));
        offset += part.len() as u64;
    }
    told
}

fn value(rows: &Rows, field: &Field, slot: u64) -> (String, String) {
    let name = if field.name.is_empty() { format!("{:?}", field.holds) } else { field.name.to_string() };
    match field.holds {
        crate::types::Holds::Text => (name, rows.text_of(slot).into_owned()),
        crate::types::Holds::Metric
        | crate::types::Holds::Step
        | crate::types::Holds::Epoch
        | crate::types::Holds::Epochs
        | crate::types::Holds::Batch
        | crate::types::Holds::Batches
        | crate::types::Holds::WallTime
        | crate::types::Holds::Elapsed
        | crate::types::Holds::Rank => (name, format!("{slot:x}")),
    }
}
