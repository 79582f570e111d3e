#![allow(clippy::print_stdout)]
//! Reads a file and says how many rows it gave: for profilers. `read PATH [FORMAT | -p REGEX...] [--threads N]
//! [--rounds N] [--block BYTES]`. The table is kept while it is read; of the rounds the quickest counts.

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
    let mut rounds = 5;
    if let Some(at) = args.iter().position(|a| a == "--rounds") {
        rounds = args.remove(at + 1).parse().unwrap_or(rounds);
        args.remove(at);
    }
    if let Some(at) = args.iter().position(|a| a == "--block") {
        request.block_bytes = args.remove(at + 1).parse().unwrap_or(request.block_bytes);
        args.remove(at);
    }
    let path = args.remove(0);
    let mut rows = 0;
    request.grammar = match args.split_first() {
        Some((flag, regexes)) if flag == "-p" => Grammar::Patterns(
            regexes.iter().map(|r| Pattern { name: String::new(), regex: r.clone(), hints: Vec::new() }).collect(),
        ),
        Some((name, _)) => Grammar::Named(name.clone()),
        None => Grammar::Detect,
    };
    let mut least = f64::INFINITY;
    for _ in 0..rounds {
        let input = Input { run: "run".into(), name: path.clone(), origin: Origin::Path(path.clone().into()) };
        let begun = cpu_seconds();
        let mut scan = Scan::open(vec![input], request.clone(), Arc::new(Control::default())).expect("opens");
        let mut batches = Vec::new();
        while let Some(batch) = scan.next_batch().expect("reads") {
            batches.push(batch);
        }
        drop(scan);
        least = least.min(cpu_seconds() - begun);
        rows = batches.iter().map(|batch| batch.num_rows()).sum();
    }
    let mb = std::fs::metadata(&path).map_or(0, |m| m.len()) as f64 / 1e6;
    println!("{rows} rows, {:.0} MB per CPU-second", mb / least);
}

/// What the calling thread has used.
#[cfg(unix)]
fn cpu_seconds() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

#[cfg(not(unix))]
fn cpu_seconds() -> f64 {
    std::time::UNIX_EPOCH.elapsed().map_or(0.0, |since| since.as_secs_f64())
}
