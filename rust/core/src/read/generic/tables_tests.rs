//! Tables within text, as many hands print them.

use super::logs_tests::{lines, table, x};

/// The names of the columns and how many values each has.
fn names(log: &str) -> Vec<String> {
    table(log).iter().map(|s| s.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_block_of_cells_between_commas_with_a_line_within() {
    let row = |n: u32| format!("{n},{:.3},1.{n}{}", x(n), if n == 4 { "\n[info] saved out/4.pt" } else { "" });
    let log = format!("reading cache.npy\ntraining for 8 epochs\nepoch,val_mse,seconds\n{}", lines(1..9, row));
    assert_eq!(table(&log)[0], "val_mse x8 0.375@1..0.945@8");
}

#[test]
fn bars_may_stand_between_groups_of_columns() {
    let row = |n: u32| format!("0  {n}.00e+03   {} |  {:.3}   {:.2} |   -1.5   3.79", n * 40, x(n), x(n + 2));
    let log = format!("Id     Step    Time |   retA   stdA |   objB   misc.\n{}", lines(1..9, row));
    assert_eq!(table(&log)[2], "ret_a x8 0.375@1000..0.945@8000");
}

#[test]
fn a_frame_with_blank_cells_and_a_header_of_two_lines() {
    let row = |n: u32| {
        let val = if n % 2 == 1 { format!("{:.2}%", 10.0 * x(n)) } else { String::new() };
        format!("|  1 |  {n} |  00:00:0{n} |  {:.2}% |  {val:>7} |", 100.0 * x(n))
    };
    let ruler = "|==========================================|\n";
    let head = "|  Epoch  |  Iteration  |  Time Elapsed  |  Batch  |  Validation  |\n|  |  |  (hh:mm:ss)  |  Accuracy  |  Accuracy  |\n";
    let log = format!("Training on one device.\n{ruler}{head}{ruler}{}{ruler}", lines(1..9, row));
    let found = table(&log);
    assert!(found.contains(&"batch_accuracy x8 37.5@1..94.5@8".to_owned()), "{found:?}");
    assert!(
        found.iter().any(|c| c.starts_with("val_accuracy x4 ") || c.starts_with("validation_accuracy x4 ")),
        "{found:?}"
    );
}

#[test]
fn names_of_several_words_stand_over_their_columns() {
    let row = |n: u32| format!("{n:5} {:6} {:.15e} {:.1e} {:.2e} 0:0{n}.1", n * 13, x(n), x(n + 1), x(n + 2));
    let head = "Iterat Fcalls     best value     step size spread  t[m:s]\n";
    let log = format!("search in dimension 22 (seed=4)\n{head}{}", lines(1..9, row));
    let found = names(&log);
    assert_eq!(found[..4], ["fcalls x8", "best_value x8", "step_size x8", "spread x8"], "{found:?}");
}

#[test]
fn a_remark_after_a_row_is_no_cell() {
    let remark = |n: u32| if n.is_multiple_of(3) { "   MAY STAND STILL... LOOK AT IT" } else { "" };
    let row = |n: u32| format!("{:6}        {:9.3}             {:.3}{}", n * 100, x(n), x(n + 1), remark(n));
    let log =
        format!("Begin the ascent now.\n  iter             bound        delta_mean   notes \n{}", lines(1..9, row));
    assert_eq!(table(&log)[0], "bound x8 0.375@100..0.945@800");
}

#[test]
fn a_row_a_split_under_a_title_that_counts() {
    let frame = |n: u32| {
        format!(
            "        Epoch {n}/8\n┏━━━━━━━┳━━━━━━━━┓\n┃ split ┃   loss ┃\n┡━━━━━━━╇━━━━━━━━┩\n│ train │ {:.3} │\n│ valid │ {:.3} │\n└───────┴────────┘",
            x(n),
            x(n + 1)
        )
    };
    let log = lines(1..9, frame);
    assert_eq!(names(&log), ["loss x8", "val_loss x8"], "{:?}", table(&log));
}

#[test]
fn a_series_a_category_that_recurs() {
    let block = |n: u32| {
        let rows = lines(1..4, |k| format!("Region {k}                 {:.4}", x(n * k)));
        let total = format!("mean                     {:.4}", x(n));
        format!(
            "Epoch {n}/8 | Train Loss: {:.3}\nRegion                   Dice\n-------------------------\n{rows}{total}\n",
            x(n)
        )
    };
    let found = names(&lines(1..9, block));
    assert_eq!(found, ["train_loss x8", "region_1_dice x8", "region_2_dice x8", "region_3_dice x8", "dice x8"]);
}

#[test]
fn batches_by_split_and_a_line_an_epoch() {
    let head = "# Epoch batch         loss        f_mae\n";
    let epoch = |n: u32| {
        let rows = |step: u32| lines(1..3, |k| format!("  {n:5} {:5}   {:10.3}   {:10.3}", k * step, x(n + k), x(n)));
        let sums = format!(
            "  Train      #    Epoch       LR          loss        f_mae\n! Train                 {n}    0.005         {0:.3}         {0:.3}\n! Validation            {n}    0.005         {0:.3}         {0:.3}\n! Best model        {n}    {0:.3}",
            x(n)
        );
        format!("\ntraining\n{head}{}\nvalidation\n{head}{}\n\n{sums}", rows(50), rows(5))
    };
    let found = names(&lines(1..9, epoch));
    for name in ["loss x16", "val_loss x16", "epoch_loss x8", "val_epoch_loss x8"] {
        assert!(found.contains(&name.to_owned()), "{found:?}");
    }
}

#[test]
fn a_count_that_begins_again_with_each_table() {
    let stage = |n: u32| {
        let rows = lines(1..5, |k| format!("|{k:4}|{:9.6}|{:9.6}|\n+----+---------+", x(n + k), x(n)));
        format!(
            "===== TRAINING {n}-stage =====\n+----+---------+\n|  N |    HR   |    FA   |\n+----+---------+\n{rows}END>"
        )
    };
    let found = names(&lines(1..9, stage));
    assert!(found.contains(&"hr x32".to_owned()) && found.contains(&"fa x32".to_owned()), "{found:?}");
}

#[test]
fn what_only_looks_like_a_table_is_none() {
    let sizes = lines(1..9, |n| format!("drwxr-xr-x  {n} root  root  40{n} run_{n}"));
    let layers = format!("from  n    params  module\n{}", lines(0..9, |n| format!("-1  1  {}  conv.Conv", n * 464)));
    let prose = lines(1..9, |n| format!("we tried many sizes\n{n} 12 0.5"));
    for text in [sizes, layers, prose] {
        assert_eq!(table(&text), [""; 0], "{text}");
    }
}
