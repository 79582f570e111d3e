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

#[test]
fn an_epoch_and_a_place_in_brackets() {
    let line = |e: u32, b: u32| format!("[{e}, {b:5}] loss: {:.3}\n", 2.0 - f64::from(e) / 10.0 - f64::from(b) / 1e5);
    let text: String = (1..=3).flat_map(|e| (1..=6).map(move |b| line(e, b * 2000))).collect();
    assert_eq!(table(&text), ["loss x18 1.88@2000..1.58@36000"]);
}

#[test]
fn a_count_and_a_gap_before_the_names() {
    let line = |e: u32| {
        format!(
            "{e:<7} train loss={:.3}    valid loss={:.3}\tvalid acc=0.2{e}    > saved as best model!\n",
            1.0 / f64::from(e),
            2.0 / f64::from(e)
        )
    };
    let text: String = (1..=9).map(line).collect();
    assert_eq!(
        table(&text),
        ["train_loss x9 1@1..0.111@9", "valid_loss x9 2@1..0.222@9", "valid_acc x9 0.21@1..0.29@9"]
    );
}

#[test]
fn a_name_said_twice_is_of_the_split_before_it() {
    let line = |e: u32| format!("Epoch {e}/26 | Train Loss: 0.{e}5 Acc: 0.{e}1 | Val Loss: 0.{e}7 Acc: 0.{e}2\n");
    let text: String = (1..=5).map(line).collect();
    assert_eq!(table(&text)[3], "val_acc x5 0.12@1..0.52@5");
}

#[test]
fn a_number_that_is_none_is_one_all_the_same() {
    let line = |k: u32, speed: &str| {
        format!("Step {k:05} | Loss {:.4} | Speed (samples/sec) {speed} | GPU 3.5 MB\n", 4.0 - f64::from(k) / 100.0)
    };
    let text: String = (0..8).map(|k| line(k * 20, if k < 3 { "nan" } else { "39418.7" })).collect();
    assert_eq!(table(&text)[0], "loss x8 4@0..2.6@140");
}

#[test]
fn terms_of_a_sum_and_units_before_a_comma() {
    let line = |k: u32| format!("  batch {k}  CE 4.{k}47 + KD 15.{k}58 = 14.057   agree 11.{k}%\n");
    let text: String = (1..=9).map(line).collect();
    assert_eq!(table(&text)[..2], ["ce x9 4.147@1..4.947@9", "kd x9 15.158@1..15.958@9"]);

    let line = |e: u32| format!("epoch {e}: MPJPE 7{e}.2 mm, P-MPJPE 5{e}.8 mm, angle 12.0{e} deg, lr 0.00080{e}\n");
    let text: String = (1..=9).map(line).collect();
    let names: Vec<String> = table(&text).iter().map(|c| c.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(names, ["mpjpe", "p_mpjpe", "angle", "lr"]);
}

#[test]
fn words_of_their_own_before_a_count() {
    let line = |k: u32| format!("  adaround iter {:5}: rec 1.{k}42e-02 round 9.{k}09e+02 beta 2{k}.00\n", k * 250);
    let text: String = (0..9).map(line).collect();
    assert_eq!(
        table(&text),
        ["rec x9 0.01042@0..0.01842@2000", "round x9 900.9@0..980.9@2000", "beta x9 20@0..28@2000"]
    );
}

#[test]
fn a_count_in_angle_brackets() {
    let text: String = (1..=9).map(|k| format!("<{}> LL/token: -9.{k}3154\n", k * 10)).collect();
    assert_eq!(table(&text), ["ll_token x9 -9.13154@10..-9.93154@90"]);
}

#[test]
fn how_the_run_ended_is_told_once() {
    let epochs: String = (1..=5).map(|e| format!("Epoch {e}: loss 0.{e}3 val_loss 0.{e}5\n")).collect();
    let found = table(&format!("{epochs}Finished.\nTest loss: 0.516 | Test accuracy: 0.811\n"));
    assert!(found.contains(&"test_loss x1 0.516@5..0.516@5".to_owned()), "{found:?}");
}

#[test]
fn a_dictionary_over_several_lines() {
    let stats = |k: u32| {
        format!(
            "Steps {} @ 2005.9 SPS. Stats:\n{{'baseline_loss': 112.{k}1,\n 'entropy_loss': -1102.{k}2,\n 'total_loss': 134.{k}5}}\n",
            k * 10240
        )
    };
    let text: String = (1..=9).map(stats).collect();
    let found = table(&text);
    assert!(found.iter().any(|c| c.starts_with("entropy_loss x9 -1102.12")), "{found:?}");
    assert!(found.iter().any(|c| c.starts_with("total_loss x9 134.15")), "{found:?}");
}

#[test]
fn a_value_without_a_name() {
    let text: String =
        (0..9).map(|k| format!("{:7}/{:7}: {:.4}\n", k * 2000, 200_000, 3.5 - f64::from(k) / 10.0)).collect();
    assert_eq!(table(&text), ["unnamed x9 3.5@0..2.7@16000"]);
}

#[test]
fn a_server_that_counts_its_keys_measures_nothing() {
    let text: String = (0..30).map(|k| format!("[974] 12 Jun 16:10:{k:02} - DB 0: {} keys (0 volatile) in 64 slots HT.\n[974] 12 Jun 16:10:{k:02} - {k} clients connected (0 slaves), 931184 bytes in use\n", 36 + k)).collect();
    assert_eq!(table(&text), Vec::<String>::new());
}

#[test]
fn a_rate_that_stands_still_is_told_all_the_same() {
    let epoch = |e: u32| {
        format!("**** EPOCH {e:03} ****\nCurrent learning rate: 0.001000\nmean loss: {:.3}\n", 2.0 / f64::from(e + 1))
    };
    let text: String = (0..6).map(epoch).collect();
    assert_eq!(table(&text)[0], "current_learning_rate x6 0.001@1..0.001@6");
}

#[test]
fn what_is_said_beside_a_saved_picture_is_measured() {
    let line = |k: u32| {
        let saved = format!("  >> 采样保存到 samples/00{k}.png，FID = 13{k}.56\n");
        format!("iter {k} loss 0.69{k}\n{}", if k.is_multiple_of(3) { saved } else { String::new() })
    };
    let text: String = (1..9).map(line).collect();
    assert_eq!(table(&text), ["loss x8 0.691@1..0.698@8", "fid x2 133.56@3..136.56@6"]);
}

#[test]
fn the_accuracy_of_a_network_is_an_accuracy() {
    let line = |e: u32| format!("[{e}] loss: 0.69{e}\nAccuracy of the network on the val images: {} %\n", 90 + e % 4);
    let text: String = (1..8).map(line).collect();
    assert_eq!(table(&text)[1], "val_accuracy x7 91@1..93@7");
}

#[test]
fn losses_before_a_dictionary_say_what_it_holds() {
    let text: String = (1..9).map(|k| format!("Losses {{'ner': 32{k}.18}}\n")).collect();
    assert_eq!(table(&text).len(), 1, "{:?}", table(&text));
}

#[test]
fn settings_on_one_line_are_no_measurement() {
    let config = "engine/trainer: task=segment, mode=train, model=yolo11n.pt, epochs=500, amp=True, batch=16, lr0=0.001, iou=0.7, cls=0.5\n";
    let epochs: String = (1..9).map(|k| format!("epoch {k} loss 0.{k}5\n")).collect();
    assert_eq!(table(&format!("{config}{epochs}")), ["loss x8 0.15@1..0.85@8"]);
}

#[test]
fn epochs_and_splits_abroad() {
    let epoch =
        |e: u32| format!("Époque {e}/9\n    entraînement : perte = 1.{e}19\n    validation   : perte = 1.{e}69\n");
    let text: String = (1..9).map(epoch).collect();
    assert_eq!(table(&text), ["perte x8 1.119@1..1.819@8", "val_perte x8 1.169@1..1.869@8"]);
}
