//! What lines say only together: states above and below them, titles, counts by behaviour, and what trains nothing.

use super::logs_tests::{lines, table, x};

#[test]
fn a_batch_with_its_total_above_a_block_is_its_step() {
    let block = |n: u32| {
        format!("[batch={}/4800]:\n     time/batch: {}\n     loss/train/total: {:.3}", n * 10, n * 10 - 1, x(n))
    };
    assert_eq!(table(&lines(1..9, block)), ["time_batch x8 9@10..79@80", "loss_train_total x8 0.375@10..0.945@80"]);
}

#[test]
fn a_title_says_which_split_the_lines_below_it_are_of() {
    let block = |n: u32| {
        format!(
            "Epoch {n}\nTrain:\n  loss: {:.3}\n  acc: {:.3}\nValid:\n  loss: {:.3}\n  acc: {:.3}",
            x(n),
            x(n + 1),
            x(n + 2),
            x(n + 3)
        )
    };
    assert_eq!(
        table(&lines(1..9, block)),
        [
            "loss x8 0.375@1..0.945@8",
            "acc x8 0.745@1..0.305@8",
            "val_loss x8 0.105@1..0.675@8",
            "val_acc x8 0.475@1..0.035@8"
        ]
    );
}

#[test]
fn a_title_holds_until_lines_count_again() {
    let step = |n: u32| format!("step {n} loss: {:.3}\n", x(n));
    let result = |n: u32| format!("*** EVALUATION ***\n | > avg_loss: {:.3}\n", x(n));
    let log = lines(1..31, |n| step(n) + &if n % 10 == 0 { result(n) } else { String::new() });
    assert_eq!(table(&log), ["loss x30 0.375@1..1.005@30", "eval_avg_loss x3 0.675@10..1.005@30"]);
}

#[test]
fn who_is_measured_may_stand_before_a_bar() {
    let block = |n: u32| {
        format!(
            "Epoch [{n}/9]\n\tteacher | loss: {:.3} | acc: {:.3}\n\tstudent | loss: {:.3} | acc: {:.3}",
            x(n),
            x(n + 1),
            x(n + 2),
            x(n + 3)
        )
    };
    assert_eq!(
        table(&lines(1..9, block)),
        [
            "teacher_loss x8 0.375@1..0.945@8",
            "teacher_acc x8 0.745@1..0.305@8",
            "student_loss x8 0.105@1..0.675@8",
            "student_acc x8 0.475@1..0.035@8"
        ]
    );
}

#[test]
fn a_pair_that_moves_with_the_epoch_is_the_epoch() {
    let block = |n: u32| {
        format!("train ({n}/30) loss: {:.3}\nvalid ({n}/30) loss: {:.3}\n* Epoch ({n}/30) took 3.{n}s", x(n), x(n + 1))
    };
    assert_eq!(
        table(&lines(1..9, block)),
        ["train_loss x8 0.375@1..0.945@8", "val_loss x8 0.745@1..0.305@8"].map(|s| s.replace("train_loss", "loss"))
    );
}

#[test]
fn a_number_behind_the_epoch_that_begins_again_with_it_counts() {
    let line =
        |n: u32| format!("ep {} it {} | g_loss {:.3} | d_loss {:.3}", n / 10 + 1, n % 10 * 50 + 50, x(n), x(n + 1));
    assert_eq!(table(&lines(0..30, line)), ["g_loss x30 0.005@50..0.635@1500", "d_loss x30 0.375@50..1.005@1500"]);
}

#[test]
fn batches_go_on_at_their_interval_where_nobody_says_how_many_there_are() {
    let line = |n: u32| format!("epoch {} batch {} loss {:.3}", n / 10, n % 10 * 100, x(n));
    assert_eq!(table(&lines(0..30, line)), ["loss x30 0.005@0..0.635@2900"]);
}

#[test]
fn a_counted_word_without_its_rank_counts_if_it_rises() {
    let line = |n: u32| format!("[INFO:2021 main] Steps {} Loss {:.3} Return: -{:.3}", n * 512, x(n), x(n + 1));
    assert_eq!(table(&lines(1..9, line)), ["loss x8 0.375@512..0.945@4096", "return x8 -0.745@512..-0.305@4096"]);
}

#[test]
fn a_title_whose_only_number_counts_states_the_step() {
    let block =
        |n: u32| format!(" ****** Running generation {n} ******\nAverage fitness: {:.3} stdev: {:.3}", x(n), x(n + 1));
    assert_eq!(table(&lines(0..9, block)), ["average_fitness x9 0.005@0..0.945@8", "stdev x9 0.375@0..0.305@8"]);
}

#[test]
fn results_told_once_at_the_end_are_results() {
    let log = lines(1..9, |n| format!("Epoch {n} | Train Loss: {:.3} | Val Loss: {:.3}", x(n), x(n + 1)));
    let log = log + "Best Val Loss: 0.005\n| Test Loss: 3.481 | Test PPL:  32.496 |\n";
    assert_eq!(
        table(&log),
        [
            "train_loss x8 0.375@1..0.945@8",
            "val_loss x8 0.745@1..0.305@8",
            "test_loss x1 3.481@8..3.481@8",
            "test_ppl x1 32.496@8..32.496@8"
        ]
    );
}

#[test]
fn settings_of_a_split_before_the_first_row_are_no_results() {
    let log = lines(1..9, |n| format!("Epoch {n} | Train Loss: {:.3}", x(n)));
    assert_eq!(
        table(&("test_size: 0.2\nval_loss_weight: 0.5\n".to_owned() + &log)),
        ["train_loss x8 0.375@1..0.945@8"]
    );
}

#[test]
fn a_line_whose_rate_is_not_known_yet_is_one_of_its_kind() {
    let line = |n: u32| {
        let speed = if n < 4 { "nan".to_owned() } else { format!("{}.5", 39000 + n * 10) };
        format!("Epoch 0 | Step {n} | Loss {:.3} | Acc {:.3} | Speed (samples/sec) {speed}", x(n), x(n + 1))
    };
    let found = table(&lines(1..31, line));
    assert!(found.contains(&"loss x30 0.375@1..1.005@30".to_owned()), "{found:?}");
    assert!(found.contains(&"acc x30 0.745@1..0.365@30".to_owned()), "{found:?}");
}

#[test]
fn system_logs_measure_no_training() {
    let kernel = lines(1..60, |n| {
        format!(
            "[    {}.{:06}] usb 1-{}: new high-speed USB device number {n} using xhci_hcd\n[    {0}.{1:06}] CPU{n}: Core temperature above threshold (total events = {})",
            n / 9,
            n * 1731 % 1_000_000,
            n % 4,
            n * 31
        )
    });
    let database = lines(1..60, |n| {
        format!(
            "2023-05-01 10:00:{:02}.123 UTC [{}] LOG:  duration: {:.3} ms  statement: SELECT {n}",
            n % 60,
            n * 7919 % 9973,
            x(n) * 90.0
        )
    });
    let proxy = lines(1..60, |n| {
        format!("10.0.0.{n} \"POST /predict HTTP/1.1\" 200 {} rt={:.3} urt={:.3}", n * 37, x(n), x(n + 1))
    });
    for text in [kernel, database, proxy] {
        assert_eq!(table(&text), [""; 0], "{text}");
    }
}
