use super::*;
use crate::format::builtin;
use crate::read::show::{line_ends, listing, read_in_blocks, read_whole};

fn rows_of(format: &str, text: &str) -> Vec<String> {
    let format = builtin::format(format).expect("in the catalogue");
    listing(&read_whole(&mut TextReader::new(Arc::clone(format)), text.as_bytes()))
}

#[test]
fn a_two_line_record_gives_two_rows_to_be_merged() {
    let rows = rows_of("tt_train", "Step: 1, Loss: 11.02\nFull step time 703.1 ms\nnoise\nStep: 2, Loss: inf\n");

    assert_eq!(
        vec!["0 train: Step=1, loss=11.02", "21 train: full_step_time=703.1", "51 train: Step=2, loss=inf"],
        rows
    );
}

#[test]
fn envelopes_and_colours_are_taken_off() {
    let text = "\x1b[32m[rank1]:\x1b[0m 2026-01-26 16:56:54,000 - x - INFO - iter 5: loss 2.5, time 15.20ms\r\n";

    let rows = rows_of("nanogpt", text);

    assert_eq!(vec!["0 train: Step=5, WallTime=1769446614000000, Rank=1, loss=2.5, time=15.2"], rows);
}
