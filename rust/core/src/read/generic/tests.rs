//! The laws of the generic reader: any cut, moulds or not, the same rows; no bytes break it.

use proptest::prelude::*;

use super::reader::Lines;
use super::{Learned, learn};
use crate::row::{Block, PAD, Plan, Reader, Rows};
use crate::types::Holds;

/// Every row as text: offset, kind and its fields.
fn listing(rows: &Rows, out: &mut Vec<String>) {
    for head in &rows.heads {
        let shape = &rows.shapes[head.shape as usize];
        let cell = |(field, slot): (&crate::types::Field, &u64)| match field.holds {
            Holds::Metric => format!("{}={slot:x}", field.name),
            holds => format!("{holds:?}={slot:x}"),
        };
        let cells: Vec<String> = shape.fields.iter().zip(rows.slots_of(head)).map(cell).collect();
        out.push(format!("{} {:?} {} {} {}", head.offset, shape.keep, shape.rule, shape.kind, cells.join(" ")));
    }
}

fn read(reader: &mut dyn Reader, data: &[u8], offset: u64, rows: &mut Rows) {
    let mut padded = data.to_vec();
    padded.resize(data.len() + PAD, 0);
    reader.read(Block { data: &padded, len: data.len(), offset }, rows);
}

/// All rows of a text read in blocks that end at the given lines.
fn rows_of(text: &[u8], moulds: bool, cuts: &[usize]) -> Vec<String> {
    let Some(model) = learn(text) else { return Vec::new() };
    let mut reader = Lines::new(model);
    reader.moulds = moulds;
    let mut out = Vec::new();
    let mut begin = 0;
    let ends = text.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(k, _)| k + 1);
    let ends: Vec<usize> =
        ends.enumerate().filter(|(k, _)| cuts.contains(k)).map(|(_, end)| end).chain([text.len()]).collect();
    for end in ends {
        let mut rows = Rows::default();
        read(&mut reader, &text[begin..end], begin as u64, &mut rows);
        if end == text.len() {
            reader.finish(&mut rows);
        }
        listing(&rows, &mut out);
        begin = end;
    }
    out
}

const LOGS: [&str; 6] = [
    "2026-01-26 16:56:54,000 - x - INFO - [Epoch 1/3] Step {n} | Tokens: 1.6M | LM Loss: {x} | LR: 8.19e-08 | Gate: N/A\n",
    "iter {n}: loss {x}, time {x}ms, mfu -100.00%\n",
    "Epoch: [0][ {n}/500]\tTime {x} ({x})\tLoss {x} ({x})\n",
    "{'loss': {x}, 'learning_rate': 0.0002, 'epoch': {x}}\n",
    "Train net output #0: loss = {x} (* 1 = {x} loss)\nIteration {n}, lr = 0.1\n",
    "----------\n| rollout/ |   |\n|   ep_rew | {x} |\n| time/step | {n} |\n----------\n",
];

fn log(which: usize, lines: usize) -> String {
    (1..=lines)
        .map(|n| LOGS[which].replace("{n}", &n.to_string()).replace("{x}", &format!("{}.{}", n % 7, n * 37 % 1000)))
        .collect()
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    let bytes = prop::sample::select(b"0123456789.,:-+/eE%KMnai[]() \t|='\n".to_vec());
    prop::collection::vec((any::<prop::sample::Index>(), bytes, 0u8..3), 0..30)
}

fn edited(text: &str, edits: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, byte, how) in edits {
        let at = at.index(bytes.len().max(1));
        match how {
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            _ if bytes.len() > 1 => drop(bytes.remove(at)),
            _ => {}
        }
    }
    bytes
}

proptest! {
    #[test]
    fn moulds_and_cuts_change_nothing(which in 0..LOGS.len(), lines in 4usize..40, edits in edits(), cuts in prop::collection::vec(0usize..60, 0..5)) {
        let text = edited(&log(which, lines), &edits);
        let plain = rows_of(&text, false, &[]);
        prop_assert_eq!(&plain, &rows_of(&text, true, &[]));
        prop_assert_eq!(&plain, &rows_of(&text, true, &cuts));
    }

    #[test]
    fn no_bytes_break_it(mut text in prop::collection::vec(any::<u8>(), 0..400), which in 0..LOGS.len()) {
        text.extend(log(which, 5).bytes());
        rows_of(&text, true, &[]);
        rows_of(&text[..text.len() / 2], true, &[1]);
    }

    #[test]
    fn no_marks_break_it(text in "[0-9a-z .,:;|/=+#%(){}'\"\\[\\]\t\n-]{0,300}") {
        rows_of(text.as_bytes(), true, &[2]);
    }
}

#[test]
fn readers_of_one_plan_agree_on_shapes_seen_late() {
    let head = log(1, 30);
    let plan = Learned(learn(head.as_bytes()).expect("the head has rows"));
    let later = "iter 31: loss 1.5, time 3.0ms, grad norm: 0.5\n";
    let mut both = Vec::new();
    for _ in 0..2 {
        let mut rows = Rows::default();
        read(&mut *plan.reader(), later.as_bytes(), 0, &mut rows);
        both.push(std::sync::Arc::as_ptr(&rows.shapes[0]) as usize);
    }
    assert_eq!(both[0], both[1]);
}

#[test]
fn what_whole_numbers_mean_does_not_depend_on_what_came_before() {
    let counts: String = (1..9).map(|k| format!("[1, {k}000] loss: 0.{k}5\n")).collect();
    let others: String = (1..9).map(|k| format!("[0.{k}, 0.3] loss: 0.{k}7\n")).collect();
    let pairs: String = (1..9).map(|k| format!("D: 0.{k} / 0.3 loss: 0.{k}9\nD: {k} / 9 loss: 0.{k}1\n")).collect();
    for text in [format!("{counts}{others}{counts}"), format!("{others}{counts}{others}"), pairs] {
        let slow = rows_of(text.as_bytes(), false, &[]);
        assert!(!slow.is_empty());
        assert_eq!(slow, rows_of(text.as_bytes(), true, &[]));
        for cut in 0..text.lines().count() {
            assert_eq!(slow, rows_of(text.as_bytes(), true, &[cut]));
        }
    }
}
