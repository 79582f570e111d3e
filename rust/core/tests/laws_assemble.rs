//! Law 1 for the assembler: however the rows are cut into blocks, and whether or not blocks settle what they can by
//! themselves, the table is the same.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use arrow_array::RecordBatch;
use fastlogs_core::collect::assemble::{Assembler, Told};
use fastlogs_core::collect::fuse::Fuser;
use fastlogs_core::collect::long::Long;
use fastlogs_core::collect::table::Table;
use fastlogs_core::collect::wide::Wide;
use fastlogs_core::row::{MISSING, Rows, slot_of};
use fastlogs_core::types::{Field, Holds, Keep, Naming, Shape, TRAIN};
use fastlogs_core::wanted::Wanted;
use proptest::prelude::*;

/// A line of a made-up log.
#[derive(Debug, Clone)]
struct Line {
    shape: usize,
    step: i64,
    epoch: i64,
    value: u32,
    missing: bool,
}

fn shapes() -> Vec<Arc<Shape>> {
    let metric = |name: &str, kind: &str, unit: Option<&str>| Field::metric(name, kind, Naming::Stored, unit);
    let context = Field::context;
    let shape = |rule, kind: &str, keep, fields| {
        Arc::new(Shape { rule, kind: kind.into(), keep, utc: false, guessed: false, fields })
    };
    vec![
        shape(0, TRAIN, Keep::All, vec![context(Holds::Step), metric("loss", TRAIN, None), metric("lr", TRAIN, None)]),
        shape(1, TRAIN, Keep::All, vec![metric("time", TRAIN, Some("ms"))]),
        shape(2, "val", Keep::All, vec![metric("loss", "val", None)]),
        shape(3, TRAIN, Keep::All, vec![context(Holds::Step), context(Holds::Epoch), metric("loss", TRAIN, None)]),
        shape(4, TRAIN, Keep::Carry, vec![context(Holds::Epoch)]),
        shape(
            5,
            "val",
            Keep::All,
            vec![context(Holds::Step), metric("loss", "val", None), Field::text("note", "val", Naming::Stored)],
        ),
        shape(6, TRAIN, Keep::Last, vec![context(Holds::Batch), context(Holds::Batches), metric("acc", TRAIN, None)]),
        shape(7, TRAIN, Keep::All, vec![metric("time", TRAIN, Some("s")), metric("mem", TRAIN, Some("GiB"))]),
        shape(8, TRAIN, Keep::All, vec![context(Holds::Step), context(Holds::Rank), metric("loss", TRAIN, None)]),
    ]
}

fn push(rows: &mut Rows, shape: &Arc<Shape>, line: &Line, offset: u64) {
    let text = rows.keep_text(format!("note {}", line.value % 3).as_bytes());
    let ordinal = rows.shape(shape);
    let mut first = true;
    let values: Vec<u64> = shape
        .fields
        .iter()
        .map(|field| match field.holds {
            Holds::Step => line.step as u64,
            Holds::Epoch | Holds::Epochs => slot_of(line.epoch as f64),
            Holds::Batch => (line.step.rem_euclid(7)) as u64,
            Holds::Batches => 7,
            Holds::Rank => u64::from(line.value % 2),
            Holds::Text => text,
            Holds::WallTime | Holds::Elapsed => MISSING,
            Holds::Metric if line.missing && std::mem::take(&mut first) => MISSING,
            Holds::Metric => slot_of(f64::from(line.value)),
        })
        .collect();
    rows.begin(ordinal, offset).copy_from_slice(&values);
}

#[derive(Clone, Copy)]
enum Kind {
    Wide,
    Long,
}

fn table(kind: Kind, store: bool) -> Table {
    match kind {
        Kind::Wide => Table::Wide(Box::new(Wide::new(Wanted::default(), store, true, 16))),
        Kind::Long => Table::Long(Box::new(Long::new(Wanted::default(), store, true, 16))),
    }
}

/// The table of the lines, cut into blocks of these lengths (the last one again and again).
fn assembled(lines: &[Line], cuts: &[usize], kind: Kind, fuse: bool) -> (Vec<RecordBatch>, Told, u64) {
    let shapes = shapes();
    let mut assembler = Assembler::new(table(kind, true), false, true);
    let mut fuser = Fuser::default();
    let mut rest = lines.iter().enumerate().peekable();
    let mut cuts = cuts.iter().copied().cycle();
    while rest.peek().is_some() {
        let mut rows = Rows::default();
        for (offset, line) in rest.by_ref().take(cuts.next().unwrap_or(1).max(1)) {
            push(&mut rows, &shapes[line.shape % shapes.len()], line, offset as u64);
        }
        fuser.settle(&mut rows, fuse && matches!(kind, Kind::Wide));
        assembler.feed(&rows);
    }
    assembler.finish();
    assembler.collector.finish();
    let mut table = assembler.collector;
    let outline = table.outline().clone();
    let schema = table.schema(&outline, false).unwrap();
    let mut batches = Vec::new();
    while let Some(batch) = table.take(&schema, &outline, None) {
        batches.push(batch.unwrap());
    }
    (batches, assembler.told, assembler.seen.repeated)
}

fn log(ranks: bool) -> impl Strategy<Value = Vec<Line>> {
    let kinds = if ranks { 9usize } else { 8 };
    let step = prop_oneof![4 => 0i64..6, 1 => -3i64..3, 1 => 0i64..40];
    let line = (0..kinds, step, 0i64..4, 0u32..4, proptest::bool::weighted(0.1));
    proptest::collection::vec(line, 1..60).prop_map(|moves| {
        let mut at = 0;
        moves
            .into_iter()
            .map(|(shape, step, epoch, value, missing)| {
                // Mostly forward, now and then back: restarts.
                at = if step > 8 { step } else { at + step };
                Line { shape, step: at, epoch, value, missing }
            })
            .collect()
    })
}

/// Only the lines that are no train rows: evaluations, and what states an epoch.
fn without_train_rows(lines: Vec<Line>) -> Vec<Line> {
    let others = [2, 4, 5];
    lines.into_iter().map(|line| Line { shape: others[line.shape % others.len()], ..line }).collect()
}

proptest! {
    #[test]
    fn blocks_change_nothing_where_no_row_is_a_train_row(
        lines in log(false),
        cuts in proptest::collection::vec(1usize..9, 1..6),
        trained in 0usize..120,
    ) {
        let mut all = without_train_rows(lines.clone());
        all.truncate(trained.max(1));
        all.extend(lines.into_iter().skip(trained));
        for kind in [Kind::Wide, Kind::Long] {
            let plain = assembled(&all, &[1], kind, false);
            prop_assert_eq!(&plain, &assembled(&all, &cuts, kind, true));
            prop_assert_eq!(&plain, &assembled(&all, &[usize::MAX], kind, true));
        }
    }

    #[test]
    fn blocks_change_nothing(lines in log(false), cuts in proptest::collection::vec(1usize..9, 1..6)) {
        for kind in [Kind::Wide, Kind::Long] {
            let plain = assembled(&lines, &[1], kind, false);
            prop_assert_eq!(&plain, &assembled(&lines, &cuts, kind, false));
            prop_assert_eq!(&plain, &assembled(&lines, &cuts, kind, true));
            prop_assert_eq!(&plain, &assembled(&lines, &[usize::MAX], kind, true));
        }
    }

    #[test]
    fn ranks_change_nothing_of_that(lines in log(true), cuts in proptest::collection::vec(1usize..9, 1..6)) {
        let plain = assembled(&lines, &[1], Kind::Wide, false);
        prop_assert_eq!(&plain, &assembled(&lines, &cuts, Kind::Wide, true));
    }
}
