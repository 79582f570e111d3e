//! Logs of nobody's making, in the manner of many hands, and the tables a person would write down.

use std::sync::Arc;

use super::{Learned, learn};
use crate::collect::assemble::Assembler;
use crate::collect::{At, Collector, Stretch};
use crate::row::{Block, MISSING, PAD, Plan, Rows};
use crate::types::{Holds, Shape};

/// Of every column: its name, how many values, and the first and last as `value@step`.
pub(super) fn table(text: &str) -> Vec<String> {
    table_of(text.as_bytes())
}

fn table_of(text: &[u8]) -> Vec<String> {
    let Some(model) = learn(text) else { return Vec::new() };
    let plan = Learned(model);
    let mut data = text.to_vec();
    data.resize(text.len() + PAD, 0);
    let mut assembler = Assembler::new(Columns::default(), true, plan.expects_step());
    let (mut rows, mut reader) = (Rows::default(), plan.reader());
    reader.read(Block { data: &data, len: text.len(), offset: 0 }, &mut rows);
    reader.finish(&mut rows);
    assembler.feed(&rows);
    assembler.finish();
    assembler.collector.columns.into_iter().map(|(name, values)| format!("{name} {}", values.show())).collect()
}

#[derive(Default)]
struct Values(Vec<(f64, i64)>);

impl Values {
    fn show(&self) -> String {
        let end = |cell: Option<&(f64, i64)>| cell.map_or(String::new(), |(value, step)| format!("{value}@{step}"));
        format!("x{} {}..{}", self.0.len(), end(self.0.first()), end(self.0.last()))
    }
}

#[derive(Default)]
struct Columns {
    shapes: Vec<Arc<Shape>>,
    columns: Vec<(String, Values)>,
}

impl Columns {
    fn take(&mut self, shape: usize, slots: &[u64], step: i64) {
        for (field, &slot) in self.shapes[shape].fields.iter().zip(slots) {
            if field.holds != Holds::Metric || slot == MISSING {
                continue;
            }
            let cell = (f64::from_bits(slot), step);
            match self.columns.iter_mut().find(|(name, _)| **name == *field.name) {
                Some((_, values)) => values.0.push(cell),
                None => self.columns.push((field.name.to_string(), Values(vec![cell]))),
            }
        }
    }
}

impl Collector for Columns {
    fn admit(&mut self, shape: &Arc<Shape>) -> usize {
        self.shapes.push(Arc::clone(shape));
        self.shapes.len() - 1
    }

    fn open(&mut self, _at: &At) {}

    fn add(&mut self, shape: usize, _rows: &Rows, slots: &[u64], at: &At) {
        self.take(shape, slots, at.step);
    }

    fn stretch(&mut self, shape: usize, stretch: Stretch<'_>) {
        for (k, head) in stretch.heads.iter().enumerate() {
            self.take(shape, stretch.rows.slots_of(head), stretch.step(k));
        }
    }

    fn position(&self) -> u64 {
        0
    }

    fn resume(&mut self, _at: &At, _position: u64) {}
}

/// Lines for `n` in a range, joined.
pub(super) fn lines(range: impl Iterator<Item = u32>, line: impl Fn(u32) -> String) -> String {
    range.map(|n| line(n) + "\n").collect()
}

/// A number that changes with `n`.
pub(super) fn x(n: u32) -> f64 {
    f64::from(n * 37 % 101) / 100.0 + 0.005
}

#[test]
fn the_value_may_stand_behind_the_count() {
    let log = lines(1..9, |n| {
        format!("Score at iteration {n} is {:.3}\nTrain cost {n} {:.3} Grad Norm {:.3}", x(n), x(n), x(n + 1))
    });
    assert_eq!(
        table(&log),
        ["score x8 0.375@1..0.945@8", "train_cost x8 0.375@1..0.945@8", "grad_norm x8 0.745@1..0.305@8"]
    );
}

#[test]
fn numbers_shown_as_what_holds_them() {
    let line =
        |n: u32| format!("epoch {n} loss tensor({:.3}, device='cuda:0') dice: np.float32({:.3})", x(n), x(n + 1));
    assert_eq!(table(&lines(1..9, line)), ["loss x8 0.375@1..0.945@8", "dice x8 0.745@1..0.305@8"]);
}

#[test]
fn the_name_may_be_a_value() {
    let line = |n: u32| format!("epoch={n} metric=f1 value={:.3}\nepoch={n} metric=loss value={:.3}", x(n), x(n + 1));
    assert_eq!(table(&lines(1..9, line)), ["f1 x8 0.375@1..0.945@8", "loss x8 0.745@1..0.305@8"]);
}

#[test]
fn words_of_other_scripts_and_pictures() {
    let line = |n: u32| format!("第{n}轮 损失：{:.3}，准确率：{:.3} 🎯", x(n), x(n + 1));
    assert_eq!(table(&lines(1..9, line)), ["损失 x8 0.375@1..0.945@8", "准确率 x8 0.745@1..0.305@8"]);
}

#[test]
fn commas_that_are_points() {
    let line = |n: u32| format!("Epoche {n}: Verlust {:.4}", x(n)).replace('.', ",");
    assert_eq!(table(&lines(1..9, line)), ["verlust x8 0.375@1..0.945@8"]);
}

#[test]
fn a_header_of_two_lines_and_a_table_on_its_side() {
    let rows = lines(1..9, |n| format!("{:.3}  {:7}  {:.3}", x(n), n * 2, x(n + 1)));
    let two = "average  since    current\nloss     counter  label\n".to_owned() + &rows;
    assert_eq!(table(&two), ["average_loss x8 0.375@2..0.945@16", "current_label x8 0.745@2..0.305@16"]);

    let side = |n: u32| {
        format!("Epoch {n}/9\n          Training |  Validation\nloss      | {:.3}    |  {:.3}\n", x(n), x(n + 1))
    };
    assert_eq!(table(&lines(1..9, side)), ["loss x8 0.375@1..0.945@8", "val_loss x8 0.745@1..0.305@8"]);
}

#[test]
fn a_header_that_a_bar_draws_again_is_one_header() {
    let bar = |n: u32| {
        let header = "               Class     Images          P          R";
        let row = format!("                 all        128      {:.3}      {:.3}", x(n), x(n + 1));
        let train = format!("      Epoch       box     cls\n      {n}/9     {:.3}   {:.3}", x(n), x(n));
        format!("{train}\n\n{header}:  30%|##\r{header}: 100%|####\r{row}\n")
    };
    let names: Vec<String> = table(&lines(1..9, bar)).iter().map(|s| s.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["box", "cls", "val_images", "val_p", "val_r"]);
}

#[test]
fn a_count_within_a_count_and_folds_around_epochs() {
    let batches = lines(0..20, |n| format!("Batch {}/{} loss {:.3}", n / 10, n % 10 * 50, x(n)));
    assert!(table(&batches)[0].starts_with("loss x20 0.005@0.."), "{:?}", table(&batches));
    let folds = lines(1..9, |n| format!("Fold 2/5 Epoch {n}/30: cost {:.3}", x(n)));
    assert_eq!(table(&folds), ["cost x8 0.375@1..0.945@8"]);
}

#[test]
fn a_split_named_once_holds_for_the_line_and_below_its_title() {
    let splits =
        |n: u32| ["Train", "Val"].map(|split| format!("{split} Loss: {:.3} Acc: {:.3}\n", x(n), x(n))).concat();
    let line = |n: u32| format!("Epoch {n}\n{}Test Error:\n Avg loss: {:.3}", splits(n), x(n));
    let names = ["train_loss", "acc", "val_loss", "val_acc", "test_avg_loss"];
    assert_eq!(table(&lines(1..9, line)), names.map(|name| format!("{name} x8 0.375@1..0.945@8")));
}

#[test]
fn what_measures_nothing_gives_nothing() {
    let ping = lines(1..30, |n| format!("64 bytes from 1.2.3.4: icmp_seq={n} ttl=56 time={:.1} ms", x(n) * 9.0));
    assert!(table(&(ping + "29 packets transmitted, 0% packet loss, time 28040ms\n")).is_empty());
    let code =
        lines(1..12, |n| format!("class B{n}(nn.Module):\n    def __init__(self, dim={n}):\n        lr = 0.0{n}\n"));
    assert!(table(&code).is_empty());
}

#[test]
fn a_reinforcement_loop_of_episodes() {
    let log =
        lines(1..21, |n| format!("Episode: {n} | Total Reward: {} | Epsilon: {:.3} | Steps: {}", n * 3, x(n), n * 40));
    assert_eq!(table(&log), ["total_reward x20 3@1..60@20", "epsilon x20 0.375@1..0.335@20", "steps x20 40@1..800@20"]);
}

#[test]
fn adversaries_with_epoch_and_batch_in_brackets() {
    let line =
        |n: u32| format!("[Epoch {}/2] [Batch {}/10] [D loss: {:.3}] [G loss: {:.3}]", n / 10, n % 10, x(n), x(n + 1));
    assert_eq!(table(&lines(0..20, line)), ["d_loss x20 0.005@0..0.975@19", "g_loss x20 0.375@0..0.335@19"]);
}

#[test]
fn pairs_of_counters_and_pairs_of_measurements() {
    let line =
        |n: u32| format!("[{}/2][{}/10]\tLoss_D: {:.3}\tD(G(z)): {:.3} / {:.3}", n / 10, n % 10, x(n), x(n), x(n + 1));
    assert_eq!(
        table(&lines(0..20, line)),
        ["loss_d x20 0.005@0..0.975@19", "d_g_z x20 0.005@0..0.975@19", "d_g_z_2 x20 0.375@0..0.335@19"]
    );
}

#[test]
fn pairs_with_points_are_measurements_wherever_they_stand() {
    let line =
        |n: u32| format!("[{}/2][{}/10] D(x): {:.3} D(G(z)): {:.3} / {:.3}", n / 10, n % 10, x(n + 2), x(n), x(n + 1));
    assert_eq!(
        table(&lines(0..20, line)),
        ["d_x x20 0.745@0..0.705@19", "d_g_z x20 0.005@0..0.975@19", "d_g_z_2 x20 0.375@0..0.335@19"]
    );
}

#[test]
fn a_table_with_tabs_under_titles_of_several_words() {
    let rows = lines(1..9, |n| format!("{}\t{:.6}\t{:.6}", n * 50, x(n), x(n + 1)));
    let log = "[400/400 24:41, Epoch 3/3]\nStep\tTraining Loss\tValidation Loss\n".to_owned() + &rows;
    assert_eq!(table(&log), ["training_loss x8 0.375@50..0.945@400", "validation_loss x8 0.745@50..0.305@400"]);
}

#[test]
fn what_is_said_of_a_saved_file_is_no_measurement() {
    let line =
        |n: u32| format!("epoch {n} loss {:.3}\nSaved new best model with loss {:.3} to: best-{n}.pt", x(n), x(n));
    assert_eq!(table(&lines(1..9, line)), ["loss x8 0.375@1..0.945@8"]);
}

#[test]
fn damaged_bytes_behind_a_line_hide_nothing() {
    let log = lines(1..9, |n| format!("step {n} loss {:.3} ", x(n)));
    let mut damaged = Vec::new();
    for line in log.split_inclusive('\n') {
        damaged.extend_from_slice(line.trim_end_matches('\n').as_bytes());
        damaged.extend_from_slice(b"\xff\n");
    }
    assert_eq!(table_of(&damaged), ["loss x8 0.375@1..0.945@8"]);
}

#[test]
fn a_solver_that_says_iteration_and_loss() {
    let log =
        lines(1..9, |n| format!("Iteration {n}, loss = {:.8}", x(n))) + "Training loss did not improve. Stopping.\n";
    assert_eq!(table(&log), ["loss x8 0.375@1..0.945@8"]);
}

#[test]
fn boosting_rounds_in_brackets_with_tabs() {
    let line = |n: u32| format!("[{}]\ttraining's auc: {:.3}\tvalid_1's auc: {:.3}", n * 10, x(n), x(n + 1));
    assert_eq!(
        table(&lines(1..6, line)),
        ["training_s_auc x5 0.375@10..0.845@50", "valid_1_s_auc x5 0.745@10..0.205@50"]
    );
}

#[test]
fn one_metric_a_line_named_in_the_line() {
    let line = |n: u32| {
        format!("Iteration:{n}, valid_1 ndcg@3 : {:.3}\nIteration:{n}, valid_1 ndcg@10 : {:.3}", x(n), x(n + 1))
    };
    assert_eq!(
        table(&lines(1..6, line)),
        ["valid_1_ndcg_3 x5 0.375@1..0.845@5", "valid_1_ndcg_10 x5 0.745@1..0.205@5"]
    );
}

#[test]
fn prints_of_an_epoch_loop() {
    let line =
        |n: u32| format!("epoch {n}: train_loss={:.3} val_loss={:.3} val_acc={:.1}% time={n}.5s", x(n), x(n + 1), x(n));
    assert_eq!(
        table(&lines(1..6, line)),
        [
            "train_loss x5 0.375@1..0.845@5",
            "val_loss x5 0.745@1..0.205@5",
            "val_acc x5 0.4@1..0.8@5",
            "time x5 1.5@1..5.5@5"
        ]
    );
}

#[test]
fn a_record_over_three_lines() {
    let line = |n: u32| {
        format!(
            "Epoch: {n:02} | Time: 0m {n}s\n\tTrain Loss: {:.3}\n\t Val. Loss: {:.3} |  Val. PPL: {:.3}",
            x(n),
            x(n),
            x(n)
        )
    };
    assert_eq!(
        table(&lines(1..6, line)),
        [
            "time x5 1@1..5@5",
            "train_loss x5 0.375@1..0.845@5",
            "val_loss x5 0.375@1..0.845@5",
            "val_ppl x5 0.375@1..0.845@5"
        ]
    );
}

#[test]
fn blocks_under_a_line_that_counts() {
    let line = |n: u32| {
        format!("[step={n}/99]\n    train/CrossEntropyLoss={:.3}\n    throughput/total_tokens={},000", x(n), n * 2)
    };
    assert_eq!(
        table(&lines(1..6, line)),
        ["train_cross_entropy_loss x5 0.375@1..0.845@5", "throughput_total_tokens x5 2000@1..10000@5"]
    );
}

#[test]
fn a_centred_title_and_right_aligned_names() {
    let line = |n: u32| {
        format!(
            "{:#^30}\n{:^30}\n{:>20} {:.3}\n{:-^30}\n{:>20} {}\n",
            "",
            format!("Learning iteration {n}/50"),
            "Mean reward:",
            x(n),
            "",
            "Total timesteps:",
            n * 98
        )
    };
    assert_eq!(table(&lines(1..6, line)), ["mean_reward x5 0.375@1..0.845@5", "total_timesteps x5 98@1..490@5"]);
}

#[test]
fn boxes_with_groups_and_sparse_rows() {
    let line = |n: u32| {
        let more =
            if n > 1 { format!("| train/        |       |\n|    loss       | {:.3} |\n", x(n)) } else { String::new() };
        format!(
            "-----------------\n| time/         |       |\n|    total_timesteps | {} |\n{more}|    fps        | {n}0 |\n-----------------",
            n * 2048
        )
    };
    assert_eq!(
        table(&lines(1..5, line)),
        ["time_fps x1 10@2048..10@2048", "train_loss x3 0.745@4096..0.475@8192", "train_fps x3 20@4096..40@8192"]
    );
}

#[test]
fn bars_whose_last_state_counts() {
    let epoch = |e: u32| {
        let state = |b: u32| {
            format!("Epoch {e}:  {b}0%|██   | {b}/10 [00:01<00:02,  9.9it/s, loss={:.3}, lr=1e-4]", x(e * 10 + b))
        };
        (1..11).map(state).collect::<Vec<_>>().join("\r")
    };
    assert_eq!(table(&lines(0..3, epoch)), ["loss x3 0.675@10..1.005@30", "lr x3 0.0001@10..0.0001@30"]);
}

/// Bars of other things stand between the lines that log the step.
#[test]
fn a_logged_step_goes_before_the_counter_of_a_bar() {
    let text: String = (0..60)
        .map(|k| {
            let now = 1900 - 30 * k;
            let bar = format!("{:3}%|####      | {now}/2000 [00:31<00:02, 60.1it/s, queue=0.{k}]\n", now / 20);
            bar + &format!("INFO trainer: step={} loss={}.5 lr=0.001 grad_norm=0.{k}\n", 10 * k, 90 - k)
        })
        .collect();

    let told = table(&text);
    let loss = told.iter().find(|column| column.starts_with("loss ")).map(String::as_str);
    assert_eq!(Some("loss x60 90.5@0..31.5@590"), loss, "{told:?}");
    let queue = told.iter().find(|column| column.starts_with("queue ")).map(String::as_str);
    assert_eq!(Some("queue x60 0@0..0.59@590"), queue, "{told:?}");
}

#[test]
fn a_bar_that_gains_names_at_its_end() {
    let epoch = |e: u32| {
        let state = |b: u32| format!(" {b}/10 [==>.......] - ETA: 9s - loss: {:.3}", x(b));
        let states: String = (1..10).map(|b| state(b) + "\r").collect();
        format!("Epoch {e}/3\n{states}10/10 [==========] - 2s 1ms/step - loss: {:.3} - val_loss: {:.3}", x(e), x(e + 1))
    };
    assert_eq!(table(&lines(1..4, epoch)), ["loss x3 0.375@10..0.105@30", "val_loss x3 0.745@10..0.475@30"]);
}

#[test]
fn dictionaries_beside_a_bar_that_counts_the_steps() {
    let line = |n: u32| {
        format!("  {n}%|▏   | {}/500 [00:10<08:10,  1.0s/it]\n{{'loss': {:.3}, 'epoch': 0.{n:02}}}", n * 10, x(n))
    };
    assert_eq!(table(&lines(1..9, line)), ["loss x8 0.375@10..0.945@80"]);
}

#[test]
fn splits_switched_within_a_line() {
    let line = |n: u32| {
        format!(
            "{n}epoch results: [train] loss={:.3}, time=1 minute and {n} seconds, [valid] loss={:.3}",
            x(n),
            x(n + 1)
        )
    };
    assert_eq!(
        table(&lines(1..5, line)),
        ["loss x4 0.375@1..0.475@4", "time x4 61@1..64@4", "val_loss x4 0.745@1..0.845@4"]
    );
}

#[test]
fn steps_epochs_and_evaluations_of_one_name_are_told_apart() {
    let epoch = |e: u32| {
        let steps = lines(0..3, |b| format!("epoch {e} - iter {b}/3 - loss {:.4} - lr: 0.1", x(e * 3 + b)));
        format!(
            "{steps}EPOCH {e} done: loss {:.4} - lr 0.1000\nDEV : loss {:.4} - score {:.4}\nBAD EPOCHS (no improvement): {}",
            x(e),
            x(e),
            x(e),
            e % 2
        )
    };
    assert_eq!(
        table(&lines(1..5, epoch)),
        [
            "loss x12 0.105@0..0.135@11",
            "lr x12 0.1@0..0.1@11",
            "epoch_loss x4 0.375@2..0.475@11",
            "epoch_lr x4 0.1@2..0.1@11",
            "dev_loss x4 0.375@2..0.475@11",
            "dev_score x4 0.375@2..0.475@11"
        ]
    );
}

#[test]
fn a_speech_log_with_totals_in_brackets() {
    let line = |n: u32| {
        format!(
            "Epoch 1, batch {}, loss[loss={:.3}, over {n}.00 frames. ], tot_loss[loss={:.3}], lr: 1.00e-02",
            n * 50,
            x(n),
            x(n + 1)
        )
    };
    assert_eq!(
        table(&lines(0..6, line)),
        ["loss x6 0.005@0..0.845@250", "tot_loss_loss x6 0.375@0..0.205@250", "lr x6 0.01@0..0.01@250"]
    );
}

#[test]
fn tables_with_a_header_and_a_ruler() {
    let header = "E    #       LOSS TAGGER  TAG_ACC\n---  ------  -----------  -------\n";
    let log =
        header.to_owned() + &lines(0..6, |n| format!("{:3}  {:6}  {:11.2}  {:7.2}", n / 3, n * 200, 9.5 - x(n), x(n)));
    assert_eq!(table(&log), ["loss_tagger x6 9.49@0..8.65@1000", "tag_acc x6 0.01@0..0.84@1000"]);
}

#[test]
fn state_lines_give_the_step_of_what_is_tested() {
    let line = |n: u32| {
        format!(
            "Iteration {0}, Testing net (#0)\n    Test net output #0: accuracy = {1:.3}\nIteration {0}, loss = {1:.3}\n    Train net output #0: loss = {2:.3} (* 1 = {2:.3} loss)",
            n * 100,
            x(n),
            x(n + 1)
        )
    };
    assert_eq!(
        table(&lines(1..5, line)),
        [
            "test_net_output_0_accuracy x4 0.375@100..0.475@400",
            "loss x4 0.375@100..0.475@400",
            "train_net_output_0_loss x4 0.745@100..0.845@400"
        ]
        .map(|s| s.replace("test_net_output_0_accuracy", "test_accuracy"))
    );
}

#[test]
fn settings_before_the_first_record_are_no_metrics() {
    let config = lines(0..40, |n| format!("  layer {{ num_output: {n} kernel_size: {} lr_mult: 0.{n} }}", n % 5));
    let log = config + &lines(1..9, |n| format!("step {n} loss {:.3}", x(n)));
    assert_eq!(table(&log), ["loss x8 0.375@1..0.945@8"]);
}

#[test]
fn what_trains_nothing_gives_no_rows() {
    let crash = "Traceback (most recent call last):\n  File \"a.py\", line 42, in <module>\nRuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 10.76 GiB total capacity; 9.55 GiB already allocated)\n";
    let job = lines(1..5, |n| format!("python train.py --lr 0.00{n} --epochs 100 --batch-size 32"));
    let build = lines(1..60, |n| format!("[{n}/200] Building CXX object src/foo{n}.cc.o"));
    let served = lines(1..30, |n| {
        format!("127.0.0.1 - - [{n:02}/Oct/2023:13:55:36 +0000] \"GET /a{n}.html HTTP/1.1\" 200 23{n}")
    });
    let prose = "The quick brown fox jumps over 3 lazy dogs in 2.5 seconds.\nIt was 1984 and there were 12 monkeys.\n";
    let packages = lines(1..9, |n| format!("  Downloading package{n}-{n}.2-py3-none-any.whl ({n}.3 MB)"));
    for text in [crash.repeat(3), job, build, served, prose.repeat(3), packages] {
        assert_eq!(table(&text), [""; 0], "{text}");
    }
}
