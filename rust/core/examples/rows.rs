//! Reads a file with one reader on one thread: how fast, and the first and last value of each series.
//!
//!     cargo run --release --example rows -- jsonl FILE [--speed]
#![allow(clippy::print_stdout)]

use fastlogs_core::read::csv::{self, CsvReader};
use fastlogs_core::read::jsonl::{self, JsonlReader, Recognised};
use fastlogs_core::row::{Block, MISSING, PAD, Reader, Rows, Seen};
use fastlogs_core::types::Holds;

const BLOCK: usize = 512 << 10;

fn main() {
    let mut args = std::env::args().skip(1);
    let encoding = args.next().expect("an encoding: jsonl or csv");
    let path = args.next().expect("a file");
    let data = std::fs::read(&path).expect("a readable file");
    match args.next() {
        Some(_) => (0..5).for_each(|_| speed(&encoding, &data)),
        None => series(&encoding, &data),
    }
}

fn reader(encoding: &str, data: &[u8]) -> Box<dyn Reader> {
    let head = &data[..data.len().min(1 << 20)];
    match encoding {
        "csv" => Box::new(CsvReader::new(&csv::recognise(head).expect("a table"))),
        "dicts" => Box::new(JsonlReader::new(&jsonl::recognise_dicts(head).expect("dicts"))),
        _ => match jsonl::recognise(head).expect("JSON") {
            Recognised::Lines(plan) => Box::new(JsonlReader::new(&plan)),
            Recognised::Document(_) => panic!("a JSON document"),
        },
    }
}

/// Calls `each` with the rows of every block.
fn blocks(reader: &mut dyn Reader, data: &[u8], mut each: impl FnMut(&Rows)) {
    let mut rows = Rows::default();
    let mut buffer = Vec::with_capacity(BLOCK + PAD);
    let mut at = 0;
    while at < data.len() {
        let most = (at + BLOCK).min(data.len());
        let end = if most == data.len() {
            most
        } else {
            memchr::memrchr(b'\n', &data[at..most]).map_or(most, |len| at + len + 1)
        };
        buffer.clear();
        buffer.extend_from_slice(&data[at..end]);
        buffer.resize(end - at + PAD, 0);
        rows.clear();
        reader.read(Block { data: &buffer, len: end - at, offset: at as u64 }, &mut rows);
        each(&rows);
        at = end;
    }
    rows.clear();
    reader.finish(&mut rows);
    each(&rows);
}

/// Nanoseconds this thread has run: the clock on the wall is of no use on a shared machine.
fn busy() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    stat.split(' ').next().and_then(|ns| ns.parse().ok()).expect("nanoseconds")
}

fn speed(encoding: &str, data: &[u8]) {
    let mut reader = reader(encoding, data);
    let start = busy();
    let (mut count, mut slots) = (0, 0);
    blocks(&mut *reader, data, |rows| {
        count += rows.heads.len();
        slots += rows.slots.len();
    });
    let seconds = (busy() - start) as f64 / 1e9;
    println!("{count} rows, {slots} slots, {:.0} MB/s", data.len() as f64 / seconds / 1e6);
}

fn series(encoding: &str, data: &[u8]) {
    let mut reader = reader(encoding, data);
    let mut found: Vec<(String, Vec<f64>)> = Vec::new();
    let mut seen = Seen::default();
    blocks(&mut *reader, data, |rows| {
        seen.absorb(&rows.seen);
        for head in &rows.heads {
            let shape = &rows.shapes[head.shape as usize];
            for (field, &slot) in shape.fields.iter().zip(rows.slots_of(head)) {
                let value = match field.holds {
                    _ if slot == MISSING => continue,
                    Holds::Step | Holds::Batch | Holds::Batches | Holds::Rank | Holds::WallTime => slot as i64 as f64,
                    Holds::Text => f64::NAN,
                    Holds::Metric | Holds::Epoch | Holds::Epochs | Holds::Elapsed => f64::from_bits(slot),
                };
                let name = format!("{:?} {} [{}]", field.holds, field.name, field.kind);
                match found.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, values)) => values.push(value),
                    None => found.push((name, vec![value])),
                }
            }
        }
    });
    println!("{seen:?}");
    for (name, values) in found {
        println!("{name}: {} values, {:?} .. {:?}", values.len(), values[0], values[values.len() - 1]);
    }
}
