//! Reads a file as the library would, or by a named format, and shows its first rows and what was seen.
//!
//!     cargo run --example lines -- FILE [FORMAT]
#![allow(clippy::print_stdout)]

use fastlogs_core::detect::choose;
use fastlogs_core::grammar::Grammar;
use fastlogs_core::row::{Block, MISSING, PAD, Rows};
use fastlogs_core::types::Holds;
use fastlogs_core::wanted::Wanted;

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("a file");
    let mut data = std::fs::read(&path).expect("a readable file");
    let len = data.len();
    let grammar = args.next().map_or(Grammar::Detect, Grammar::Named);
    let plan = choose(&grammar, &data[..len.min(1 << 20)], &Wanted::default()).expect("a format");
    let Some(plan) = plan else { return println!("nothing recognised") };
    data.resize(len + PAD, 0);
    let mut rows = Rows::default();
    let mut reader = plan.reader();
    reader.read(Block { data: &data, len, offset: 0 }, &mut rows);
    reader.finish(&mut rows);
    println!("{} {:?}\n{} rows\n{:#?}", plan.name(), plan.rules(), rows.heads.len(), rows.seen);
    for head in rows.heads.iter().take(8) {
        let shape = &rows.shapes[head.shape as usize];
        print!("{} {} {:?}:", head.offset, shape.kind, shape.keep);
        for (field, &slot) in shape.fields.iter().zip(rows.slots_of(head)).filter(|(_, slot)| **slot != MISSING) {
            let unit = field.unit.as_deref().unwrap_or_default();
            match field.holds {
                Holds::Metric => print!(" {}={:?}{unit}", field.name, f64::from_bits(slot)),
                Holds::Text => print!(" {}='{}'", field.name, rows.text_of(slot)),
                Holds::Epoch | Holds::Epochs | Holds::Elapsed => {
                    print!(" {:?}={:?}", field.holds, f64::from_bits(slot))
                }
                Holds::Step | Holds::Batch | Holds::Batches | Holds::Rank | Holds::WallTime => {
                    print!(" {:?}={}", field.holds, slot as i64);
                }
            }
        }
        println!();
    }
}
