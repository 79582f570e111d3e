#![allow(clippy::print_stdout)]
//! Reads a file and says how many rows it gave: for profilers. `read PATH [FORMAT | -p REGEX...] [--threads N]`

use std::sync::Arc;

use fastlogs_core::grammar::{Grammar, Pattern};
use fastlogs_core::scan::Scan;
use fastlogs_core::scan::request::{Control, Input, Request};
use fastlogs_core::source::Origin;

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut request = Request { threads: 1, ..Request::default() };
    if let Some(at) = args.iter().position(|a| a == "--threads") {
        request.threads = args.remove(at + 1).parse().unwrap_or(1);
        args.remove(at);
    }
    let path = args.remove(0);
    request.grammar = match args.split_first() {
        Some((flag, regexes)) if flag == "-p" => Grammar::Patterns(
            regexes.iter().map(|r| Pattern { name: String::new(), regex: r.clone(), hints: Vec::new() }).collect(),
        ),
        Some((name, _)) => Grammar::Named(name.clone()),
        None => Grammar::Detect,
    };
    for _ in 0..5 {
        let input = Input { run: "run".into(), name: path.clone(), origin: Origin::Path(path.clone().into()) };
        let begun = std::time::Instant::now();
        let mut scan = Scan::open(vec![input], request.clone(), Arc::new(Control::default())).expect("opens");
        let mut rows = 0;
        while let Some(batch) = scan.next_batch().expect("reads") {
            rows += batch.num_rows();
        }
        let mb = std::fs::metadata(&path).map_or(0, |m| m.len()) as f64 / 1e6;
        println!("{rows} rows, {:.0} MB/s", mb / begun.elapsed().as_secs_f64());
    }
}
