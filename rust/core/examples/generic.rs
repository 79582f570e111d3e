//! Shows what the generic reader finds in a text log: `cargo run --example generic -- train.log [--rows]`.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::sync::Arc;

use fastlogs_core::collect::assemble::Assembler;
use fastlogs_core::collect::{At, Collector, Stretch};
use fastlogs_core::read::generic;
use fastlogs_core::row::{Block, MISSING, PAD, Plan, Rows};
use fastlogs_core::types::{Holds, Shape};

/// (kind, name, value, step, epoch)
type Cell = (String, String, f64, i64, f64);

#[derive(Default)]
struct Cells {
    shapes: Vec<Arc<Shape>>,
    cells: Vec<Cell>,
}

impl Cells {
    fn take(&mut self, shape: usize, slots: &[u64], at: &At) {
        let shape = Arc::clone(&self.shapes[shape]);
        let epoch = match shape.position(Holds::Epoch).map(|k| slots[k]) {
            Some(own) if own != MISSING => own,
            _ => at.epoch,
        };
        for (field, &slot) in shape.fields.iter().zip(slots) {
            if field.holds == Holds::Metric && slot != MISSING {
                let epoch = if epoch == MISSING { f64::NAN } else { f64::from_bits(epoch) };
                self.cells.push((field.kind.to_string(), field.name.to_string(), f64::from_bits(slot), at.step, epoch));
            }
        }
    }
}

impl Collector for Cells {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize {
        self.shapes.push(Arc::clone(shape));
        self.shapes.len() - 1
    }

    fn open(&mut self, _at: &At) {}

    fn add(&mut self, shape: usize, _rows: &Rows, slots: &[u64], at: &At) {
        self.take(shape, slots, at);
    }

    fn stretch(&mut self, shape: usize, stretch: Stretch<'_>) {
        for (k, head) in stretch.heads.iter().enumerate() {
            let at = At { step: stretch.step(k), ..stretch.at };
            self.take(shape, stretch.rows.slots_of(head), &at);
        }
    }

    fn position(&self) -> u64 {
        self.cells.len() as u64
    }

    fn resume(&mut self, _at: &At, _position: u64) {}
}

fn cells(data: &[u8]) -> (Vec<Cell>, Vec<(String, u64)>) {
    let Some(model) = generic::learn(data) else { return (Vec::new(), Vec::new()) };
    let plan = generic::Learned(model);
    let mut padded = data.to_vec();
    padded.resize(data.len() + PAD, 0);
    let mut assembler = Assembler::new(Cells::default(), true, plan.expects_step());
    let mut rows = Rows::default();
    let mut reader = plan.reader();
    reader.read(Block { data: &padded, len: data.len(), offset: 0 }, &mut rows);
    reader.finish(&mut rows);
    assembler.feed(&rows);
    assembler.finish();
    let rules = plan.rules().into_iter().zip(assembler.seen.matched.iter().copied()).collect();
    (assembler.collector.cells, rules)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let all = arguments.iter().any(|a| a == "--rows");
    for path in arguments.iter().filter(|a| !a.starts_with("--")) {
        let data = std::fs::read(path).unwrap_or_default();
        let (cells, rules) = cells(&data);
        if all {
            for (kind, name, value, step, epoch) in &cells {
                println!("{kind}\t{name}\t{value:?}\t{step}\t{epoch:?}");
            }
            continue;
        }
        println!("== {path}: {} values", cells.len());
        for (rule, lines) in rules.iter().filter(|(_, n)| *n > 0) {
            println!("   {lines:>6} lines: {rule}");
        }
        let mut series: BTreeMap<(&str, &str), Vec<&Cell>> = BTreeMap::new();
        for cell in &cells {
            series.entry((&cell.0, &cell.1)).or_default().push(cell);
        }
        for ((kind, name), cells) in series {
            let (first, last) = (cells[0], cells[cells.len() - 1]);
            println!(
                "   {kind:<8} {name:<40} {:>6}  {:>12} .. {:<12} step {} .. {}  epoch {} .. {}",
                cells.len(),
                first.2,
                last.2,
                first.3,
                last.3,
                first.4,
                last.4
            );
        }
    }
}
