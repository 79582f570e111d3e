//! Replays the fuzz targets in the gate: every file of `rust/fuzz/corpus` and of `tests/data/broken`, and inputs made
//! of them at random from a fixed seed.
#![allow(clippy::unwrap_used)]

#[path = "../../fuzz/src/bodies.rs"]
mod bodies;

use std::path::Path;

use bodies::{Body, TARGETS};

/// xorshift64*: the same inputs on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() >> 33) as usize % count.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// What parsers stumble over.
const BITS: [&[u8]; 32] = [
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\x1b[31m",
    b"\x08\x08",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"nan",
    b"-inf",
    b"1e400",
    b"9223372036854775808",
    b"0.1",
    b"1,234",
    b"1.6M",
    b"0:32:48",
    b"'",
    b"\"",
    b"{",
    b"}",
    b"[",
    b":",
    b"=",
    b"|",
    b"%",
    b"step",
    b"loss",
    b"Epoch 1/3",
    b"100%",
    b" ",
    b"null",
];

fn mutated(seed: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(12)).min(bytes.len());
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, BITS[random.below(BITS.len())].iter().copied())),
            3 => drop(bytes.splice(at..end, BITS[random.below(BITS.len())].iter().copied())),
            4 => bytes.insert(at, random.next() as u8),
            5 => {
                let part = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                drop(bytes.splice(to..to, part));
            }
            6 => {
                let from = random.below(other.len() + 1);
                let to = (from + random.below(60)).min(other.len());
                drop(bytes.splice(at..at, other[from..to].iter().copied()));
            }
            _ if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            _ => {}
        }
    }
    bytes
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (folders, mut files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let mut found: Vec<Vec<u8>> = files.drain(..).map(|path| std::fs::read(path).unwrap()).collect();
    found.extend(folders.iter().flat_map(|folder| self::files(folder)));
    found
}

/// How many random inputs a target gets.
fn count(slow: bool) -> usize {
    match (std::env::var_os("FASTLOGS_TORTURE").is_some(), slow) {
        (true, _) => 50_000,
        (false, false) => 2000,
        (false, true) => 200,
    }
}

fn replay(name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let &(_, body, slow) = TARGETS.iter().find(|(other, ..)| *other == name).unwrap();
    let own = files(&root.join("../fuzz/corpus").join(name));
    assert!(!own.is_empty(), "no corpus for {name}");
    own.iter().for_each(|bytes| run(body, bytes));
    files(&root.join("../../tests/data/broken").join(name)).iter().for_each(|bytes| run(body, bytes));
    let mut random = Random(0x5eed_0000 + name.len() as u64);
    for _ in 0..count(slow) {
        let bytes = mutated(random.pick(&own).as_slice(), &own[random.below(own.len())], &mut random);
        run(body, &bytes);
    }
}

/// Names the input that fails.
fn run(body: Body, bytes: &[u8]) {
    struct Told<'a>(&'a [u8]);
    impl Drop for Told<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("input: b\"{}\"", self.0.escape_ascii());
            }
        }
    }
    let told = Told(bytes);
    body(bytes);
    drop(told);
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test] fn $name() { replay(stringify!($name)) })*

        #[test]
        fn every_target_is_replayed() {
            let names = [$(stringify!($name)),*];
            assert_eq!(TARGETS.map(|(name, ..)| name).to_vec(), names);
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/fuzz_targets");
            let targets: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
            assert_eq!(names.len(), targets.len());
        }
    };
}

targets! { blocks codec config csv dict format_toml generic json jsonl number quantity rules scan text tfevents tiers time wandb }
