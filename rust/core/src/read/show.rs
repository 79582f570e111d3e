//! Rows as text, for tests to compare.

use crate::row::{Block, Head, MISSING, PAD, Reader, Rows};
use crate::types::{Field, Holds};

/// Reads bytes as one block.
pub fn read_whole(reader: &mut dyn Reader, data: &[u8]) -> Rows {
    read_in_blocks(reader, data, &[])
}

/// Reads bytes as blocks that end at `cuts`.
pub fn read_in_blocks(reader: &mut dyn Reader, data: &[u8], cuts: &[usize]) -> Rows {
    let mut rows = Rows::default();
    let mut start = 0;
    for &end in cuts.iter().chain([&data.len()]) {
        let mut padded = data[start..end].to_vec();
        padded.resize(end - start + PAD, 0);
        reader.read(Block { data: &padded, len: end - start, offset: start as u64 }, &mut rows);
        start = end;
    }
    reader.finish(&mut rows);
    rows
}

/// One line a row: offset, kind, and each value that is there. Two rows are alike if their lines are.
pub fn listing(rows: &Rows) -> Vec<String> {
    rows.heads.iter().map(|head| row(rows, head)).collect()
}

fn row(rows: &Rows, head: &Head) -> String {
    let shape = &rows.shapes[head.shape as usize];
    let values = shape.fields.iter().zip(rows.slots_of(head)).filter(|&(_, &slot)| slot != MISSING);
    let values: Vec<String> = values.map(|(field, &slot)| value(rows, field, slot, &shape.kind)).collect();
    format!("{} {}: {}", head.offset, shape.kind, values.join(", "))
}

fn value(rows: &Rows, field: &Field, slot: u64, row_kind: &str) -> String {
    let kind = if *field.kind == *row_kind { String::new() } else { format!("[{}]", field.kind) };
    match field.holds {
        _ if !field.wanted => format!("{}?", field.name),
        Holds::Metric => format!("{}{kind}={:?}", field.name, f64::from_bits(slot)),
        Holds::Text => format!("{}{kind}='{}'", field.name, rows.text_of(slot)),
        Holds::Epoch | Holds::Epochs | Holds::Elapsed => format!("{:?}={:?}", field.holds, f64::from_bits(slot)),
        Holds::Step | Holds::Batch | Holds::Batches | Holds::Rank | Holds::WallTime => {
            format!("{:?}={}", field.holds, slot as i64)
        }
    }
}

/// Where lines end, `\n` included.
pub fn line_ends(data: &[u8]) -> Vec<usize> {
    data.iter().enumerate().filter(|&(_, &b)| b == b'\n').map(|(i, _)| i + 1).collect()
}
