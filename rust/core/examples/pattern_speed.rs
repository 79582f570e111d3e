//! Measures pattern matching alone: `pattern_speed FORMAT FILE [PATTERNS]` prints the best MB/s of several rounds.
//! FORMAT `a-regex` is `a` by the regex engine, the measure of what templates gain.
//! FORMAT is a letter of the benchmark's log generator; for `p` and `u`, PATTERNS says how many.
#![allow(clippy::print_stdout)]

use std::sync::Arc;

use fastlogs_core::pattern::{Found, Lines, Matcher, Scratch, Set, Tier, Wants};
use fastlogs_core::row::{Block, PAD};

const BLOCK: usize = 512 << 10;

/// Keeps slots as a reader would.
#[derive(Default)]
struct Slots {
    slots: Vec<u64>,
    claimed: usize,
    near: usize,
}

impl Lines for Slots {
    #[inline]
    fn claimed(&mut self, _matcher: usize, _start: usize, _end: usize, found: &Found) {
        self.slots.extend_from_slice(&found.slots);
        self.claimed += 1;
    }

    fn near(&mut self, _start: usize, _end: usize) {
        self.near += 1;
    }
}

fn patterns(format: &str, count: usize) -> Vec<String> {
    let fixed: &[&str] = match format {
        "a" => &[
            r"\[Epoch (?P<epoch>\d+)/(?P<epochs>\d+)\] Step (?P<step>\d+) \| Tokens: (?P<tokens>\S+) \| LM Loss: (?P<loss>[\d.]+) \| Polar: (?P<polar>[\d.]+) \| PPL: (?P<ppl>[\d.]+) \| LR: (?P<lr>[-+0-9.eE]+) \| GradNorm: (?P<gnorm>[\d.]+) \| Gate std: (?P<gate>[\d.]+) \| Tok/s: (?P<toks>\d+)",
            r"\[Validation\] Loss: (?P<vloss>[\d.]+), PPL: (?P<vppl>[\d.]+), Train/Val Gap: (?P<gap>[\d.]+)x",
        ],
        "b" => &[r"Step: (?P<step>\d+), Loss: (?P<loss>[\d.]+)", r"Full step time (?P<ms>[\d.]+) ms"],
        "c" => &[
            r"(?P<ts>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) INFO trainer: step=(?P<step>\d+) loss=(?P<loss>[\d.]+) lr=(?P<lr>[-+0-9.eE]+) grad_norm=(?P<gnorm>[\d.]+) tok/s=(?P<toks>\d+)",
        ],
        "d" => &[
            r#"\{"loss": (?P<loss>[-+0-9.eE]+), "grad_norm": (?P<grad_norm>[-+0-9.eE]+), "learning_rate": (?P<learning_rate>[-+0-9.eE]+), "epoch": (?P<epoch>[-+0-9.eE]+), "step": (?P<step>\d+)\}"#,
        ],
        "e" => &[
            r"\{'loss': (?P<loss>[-+0-9.eE]+), 'grad_norm': (?P<gnorm>[-+0-9.eE]+), 'learning_rate': (?P<lr>[-+0-9.eE]+), 'epoch': (?P<epoch>[\d.]+)\}",
            r"\{'eval_loss': (?P<eloss>[-+0-9.eE]+), 'eval_runtime': (?P<ert>[\d.]+), 'eval_samples_per_second': (?P<esps>[\d.]+), 'eval_steps_per_second': (?P<esteps>[\d.]+), 'epoch': (?P<eepoch>[\d.]+)\}",
        ],
        "f" => &[
            r#"ts=(?P<ts>\S+) level=(?P<level>\S+) msg="train step" step=(?P<step>\d+) loss=(?P<loss>[\d.]+) lr=(?P<lr>[-+0-9.eE]+) grad_norm=(?P<gnorm>[\d.]+) tokens_per_sec=(?P<tps>[\d.]+) mem_gb=(?P<mem>[\d.]+)"#,
        ],
        _ => &[],
    };
    match format {
        "p" => (0..count).map(|at| format!(r"metric_{at:02}/value: (?P<v>[\d.]+) at step (?P<step>\d+)")).collect(),
        "u" => (0..count).map(|at| format!(r"{} (?P<v>[\d.]+)", unlike(at))).collect(),
        _ => fixed.iter().map(|&pattern| pattern.to_owned()).collect(),
    }
}

/// Words that share little.
fn unlike(at: usize) -> String {
    let letter = |salt: usize| (b'a' + ((at + 1) * salt % 26) as u8) as char;
    [7, 11, 3, 17, 5, 23, 19, 9].iter().map(|&salt| letter(salt + at / 26)).collect()
}

fn wants(name: &str) -> Wants {
    match name {
        "epoch" | "epochs" | "step" | "toks" => Wants::Int,
        "tokens" | "level" => Wants::Text,
        "ts" => Wants::Stamp,
        _ => Wants::Number,
    }
}

/// Ends of blocks of whole lines.
fn cuts(text: &[u8]) -> Vec<usize> {
    let mut cuts = vec![0];
    while cuts[cuts.len() - 1] < text.len() {
        let from = (cuts[cuts.len() - 1] + BLOCK).min(text.len());
        let end = text[from..].iter().position(|&b| b == b'\n').map_or(text.len(), |at| from + at + 1);
        cuts.push(end);
    }
    cuts
}

/// Time this thread has run: on a shared machine it repeats better than the clock.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanos: u64 = text.split(' ').next().and_then(|first| first.parse().ok()).expect("a number");
    nanos as f64 / 1e9
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, format, path, rest @ ..] = args.as_slice() else { panic!("usage: pattern_speed FORMAT FILE [PATTERNS]") };
    let count = rest.first().map_or(1, |count| count.parse().expect("a number of patterns"));
    let mut data = std::fs::read(path).expect("a readable file");
    let len = data.len();
    data.extend_from_slice(&[0; PAD]);
    let (format, best) = match format.strip_suffix("-regex") {
        Some(format) => (format, Tier::Regex),
        None => (format.as_str(), Tier::Template),
    };
    let make = |pattern: &String| Arc::new(Matcher::with_tier(pattern, wants, best).expect("valid"));
    let matchers = patterns(format, count).iter().map(make).collect();
    let set = Set::new(matchers);
    let cuts = cuts(&data[..len]);
    let mut scratch = Scratch::default();
    let mut pass = || {
        let mut kept = Slots::default();
        for pair in cuts.windows(2) {
            kept.slots.clear();
            let block = Block { data: &data[pair[0]..], len: pair[1] - pair[0], offset: pair[0] as u64 };
            set.scan(block, &mut scratch, &mut kept);
        }
        kept
    };
    let (mut best, mut passes) = (f64::INFINITY, 1);
    let mut round = 0;
    while round < 12 {
        let began = cpu_seconds();
        (0..passes).for_each(|_| drop(pass()));
        let took = cpu_seconds() - began;
        // The clock ticks every few milliseconds.
        match took < 0.1 {
            true => passes *= 2,
            false => {
                best = best.min(took / passes as f64);
                round += 1;
            }
        }
    }
    let kept = pass();
    let told = format!("{} claimed, {} near", kept.claimed, kept.near);
    let tiers: Vec<_> = set.matchers().iter().take(3).map(|matcher| matcher.explain()).collect();
    println!("{format}: {:.0} MB/s ({told}; {})", len as f64 / best / 1e6, tiers.join("; "));
}
