//! Work whose instructions are counted: `benches/instructions.py` runs it under callgrind.
//!
//!     instructions rows|table FILE [KIND=REGEX ...]
//!
//! `rows` is the reader alone, `table` the whole way to Arrow; without a regex the format is found.
#![allow(clippy::print_stdout)]

use std::sync::Arc;

use fastlogs_core::detect;
use fastlogs_core::grammar::{Grammar, Pattern};
use fastlogs_core::row::{Block, PAD, Plan, Rows};
use fastlogs_core::scan::Scan;
use fastlogs_core::scan::request::{Control, Input, Request};
use fastlogs_core::source::Origin;
use fastlogs_core::wanted::Wanted;

const HEAD: usize = 1 << 20;

fn main() {
    let mut args = std::env::args().skip(1);
    let way = args.next().expect("rows or table");
    let mut data = std::fs::read(args.next().expect("a file")).expect("a readable file");
    let grammar = grammar(args.map(pattern).collect());
    if way == "table" {
        println!("{} rows", table(Arc::from(data), grammar));
        return;
    }
    let head = &data[..data.len().min(HEAD)];
    let plan = detect::choose(&grammar, head, &Wanted::default()).expect("a format").expect("a known log");
    let len = data.len();
    data.resize(len + PAD, 0);
    println!("{} rows", counted(&*plan, Block { data: &data, len, offset: 0 }));
}

fn pattern(text: String) -> Pattern {
    let (name, regex) = text.split_once('=').expect("KIND=REGEX");
    Pattern { name: name.to_owned(), regex: regex.to_owned(), hints: Vec::new() }
}

fn grammar(patterns: Vec<Pattern>) -> Grammar {
    if patterns.is_empty() { Grammar::Detect } else { Grammar::Patterns(patterns) }
}

/// The reader alone; callgrind counts from here.
#[inline(never)]
fn counted(plan: &dyn Plan, block: Block<'_>) -> usize {
    let (mut reader, mut rows) = (plan.reader(), Rows::default());
    reader.read(block, &mut rows);
    reader.finish(&mut rows);
    rows.heads.len()
}

/// All of a read but Python, on one thread.
fn table(data: Arc<[u8]>, grammar: Grammar) -> usize {
    let input = Input { run: String::new(), name: "bench".to_owned(), origin: Origin::Bytes(data) };
    let request = Request { grammar, threads: 1, ..Request::default() };
    let mut scan = Scan::open(vec![input], request, Arc::new(Control::default())).expect("bytes in memory");
    counted_table(&mut scan)
}

/// The whole way to Arrow; callgrind counts from here.
#[inline(never)]
fn counted_table(scan: &mut Scan) -> usize {
    let mut rows = 0;
    while let Some(batch) = scan.next_batch().expect("a readable log") {
        rows += batch.num_rows();
    }
    rows
}
