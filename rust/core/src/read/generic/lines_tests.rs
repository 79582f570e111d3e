//! Single lines in the manner of many hands, recurring as in a log, and what a person would write down of them.

use super::logs_tests::{lines, table, x};

/// `name x8 0.375@1..0.945@8`, as eight lines with `x(n)` give it.
fn one(name: &str) -> String {
    format!("{name} x8 0.375@1..0.945@8")
}

/// The same of `x(n + 1)`.
fn next(name: &str) -> String {
    format!("{name} x8 0.745@1..0.305@8")
}

fn eight(line: impl Fn(u32) -> String) -> Vec<String> {
    table(&lines(1..9, line))
}

#[test]
fn comments_may_name_the_columns() {
    let rows = lines(1..9, |n| format!("{n:6}   {:.3}   {:.3}", x(n), x(n + 1)));
    let two = "#  step   rmse_val   rmse_trn\n# without data rmse_*_{val,trn} is nan\n".to_owned() + &rows;
    assert_eq!(table(&two), [one("rmse_val"), next("rmse_trn")]);

    let again = lines(0..2, |k| {
        let rows = lines(1..5, |n| format!("{:6}   {:.3}", k * 4 + n, x(k * 4 + n)));
        format!("# it   energy\n# --   ------\n{rows}")
    });
    assert_eq!(table(&again), [one("energy")]);

    let commas = lines(1..9, |n| format!("{n}, {:.3}, {:.3}", x(n), x(n + 1)));
    assert_eq!(table(&format!("# epoch, loss, acc\n{commas}")), [one("loss"), next("acc")]);
}

#[test]
fn a_colon_in_brackets_binds_nothing_in_a_header() {
    let header = "|  Epoch  |  Time Elapsed  |  Mini-batch  |\n|         |   (hh:mm:ss)   |   Accuracy   |\n";
    let rows = lines(1..9, |n| format!("|      {n}  |       00:00:{n:02}  |      {:.3}  |", x(n)));
    assert!(table(&(header.to_owned() + &rows)).contains(&one("mini_batch_accuracy")));
}

#[test]
fn a_count_may_stand_between_the_measure_and_its_colon() {
    assert_eq!(eight(|n| format!("Validation loss {n}: {:.3}", x(n))), [one("validation_loss")]);
    assert_eq!(eight(|n| format!("Epoch #{n}: reward: {:.3}", x(n))), [one("reward")]);
}

#[test]
fn names_with_bars_brackets_and_leaders() {
    assert_eq!(eight(|n| format!("iter {n} |g| {:.3} ||dx||={:.3}", x(n), x(n + 1))), [one("g"), next("dx")]);
    let split = |n: u32| format!("epoch {n} loss(train) {:.3} loss(val) {:.3}", x(n), x(n + 1));
    assert_eq!(eight(split), [one("loss"), next("val_loss")]);
    let leaders = |n: u32| format!("epoch ....... {n}\nloss ........ {:.3}\nval loss .... {:.3}", x(n), x(n + 1));
    assert_eq!(eight(leaders), [one("loss"), next("val_loss")]);
    let star = |n: u32| format!("epoch {n} loss *{:.3}* acc **{:.3}**", x(n), x(n + 1));
    assert_eq!(eight(star), [one("loss"), next("acc")]);
    let title = |n: u32| format!("Epoch {n}\nCMC curve, Rank-1  :{:.3}\nCMC curve, Rank-5  :{:.3}", x(n), x(n + 1));
    assert_eq!(eight(title), [one("rank_1"), next("rank_5")]);
    let class = |n: u32| format!("epoch {n} class 0 acc {:.3} class 1 acc {:.3}", x(n), x(n + 1));
    assert_eq!(eight(class), [one("class_0_acc"), next("class_1_acc")]);
}

#[test]
fn names_glued_to_their_numbers() {
    let glued = |n: u32| format!("epoch{n} loss{:.3} acc{:.3}", x(n), x(n + 1));
    assert_eq!(eight(glued), [one("loss"), next("acc")]);
}

#[test]
fn exponents_of_julia_and_fortran() {
    let julia = |n: u32| format!("Epoch {n}: loss = {:.3}f0, acc = {:.3}f0", x(n), x(n + 1));
    assert_eq!(eight(julia), [one("loss"), next("acc")]);
    let fortran = |n: u32| format!("iter {n} energy {:.3}D+00 grad {:.3}D+00", x(n), x(n + 1));
    assert_eq!(eight(fortran), [one("energy"), next("grad")]);
}

#[test]
fn several_numbers_of_one_name() {
    let list = |n: u32| format!("step {n} losses [{:.3} {:.3}]", x(n), x(n + 1));
    assert_eq!(eight(list), [one("losses_0"), next("losses_1")]);
    let mean = |n: u32| format!("step {n} loss {:.3} (avg {:.3})", x(n), x(n + 1));
    assert_eq!(eight(mean), [one("loss"), next("loss_avg")]);
    for sign in [" ± ", " +/- ", "+-", "+"] {
        let pair = |n: u32| format!("step {n} ret: {:.3}{sign}{:.3}", x(n), x(n + 1));
        assert_eq!(eight(pair), [one("ret"), next("ret_std")], "{sign}");
    }
}

#[test]
fn several_names_and_as_many_numbers() {
    let splits = |n: u32| format!("Epoch {n} loss (train/val) = {:.3}/{:.3}", x(n), x(n + 1));
    assert_eq!(eight(splits), [one("train_loss"), next("val_loss")]);
    let slash = |n: u32| format!("epoch {n} loss/acc: {:.3} / {:.3}", x(n), x(n + 1));
    assert_eq!(eight(slash), [one("loss"), next("acc")]);
    let commas = |n: u32| format!("epoch {n} d_loss, g_loss: {:.3}, {:.3}", x(n), x(n + 1));
    assert_eq!(eight(commas), [one("d_loss"), next("g_loss")]);
    let tuple = |n: u32| format!("epoch {n} (loss, acc) = ({:.3}, {:.3})", x(n), x(n + 1));
    assert_eq!(eight(tuple), [one("loss"), next("acc")]);
}

#[test]
fn what_python_prints_of_its_objects() {
    let tuple = |n: u32| format!("('epoch', {n}, 'loss', {:.3}, 'acc', {:.3})", x(n), x(n + 1));
    assert_eq!(eight(tuple), [one("loss"), next("acc")]);
    let ordered = |n: u32| format!("epoch {n} OrderedDict([('loss', {:.3}), ('acc', {:.3})])", x(n), x(n + 1));
    assert_eq!(eight(ordered), [one("loss"), next("acc")]);
    let state = |n: u32| format!("Metrics(epoch={n}, loss={:.3}, acc={:.3})", x(n), x(n + 1));
    assert_eq!(eight(state), [one("loss"), next("acc")]);
    let held = |n: u32| format!("{{'epoch': {n}, 'loss': np.float64({:.3}), 'acc': tensor({:.3})}}", x(n), x(n + 1));
    assert_eq!(eight(held), [one("loss"), next("acc")]);
    let shown = |n: u32| format!("step {n} loss <tf.Tensor: shape=(), dtype=float32, numpy={:.3}>", x(n));
    assert_eq!(eight(shown), [one("loss")]);
}

#[test]
fn a_share_of_a_whole_is_its_percentage() {
    let line = |n: u32| format!("Epoch {n} Accuracy: {}/10000 ({n}.5%)", 100 * n + 50);
    assert_eq!(eight(line), ["accuracy x8 1.5@1..8.5@8"]);
}

#[test]
fn tags_tell_apart_what_bears_the_same_names() {
    let line = |n: u32| format!("[lfw][{n}]norm: {:.3}\n[cfp][{n}]norm: {:.3}", x(n), x(n + 1));
    assert_eq!(eight(line), [one("lfw_norm"), next("cfp_norm")]);
}

#[test]
fn launchers_say_the_rank_before_the_line() {
    let line = |n: u32| format!("[1,0]<stdout>:step {n} loss {:.3}", x(n));
    assert_eq!(eight(line), [one("loss")]);
    let line = |n: u32| format!("[gpu01:0] step {n} loss {:.3}", x(n));
    assert_eq!(eight(line), [one("loss")]);
}

#[test]
fn what_describes_a_model_or_a_machine_measures_nothing() {
    let layers = lines(0..9, |n| {
        let size = 416 >> n;
        format!("{n:5} conv     32  3 x 3 / 1   {size} x {size} x   3   ->   {size} x {size} x  32  0.{n}99 BFLOPs")
    });
    assert_eq!(table(&layers), [""; 0]);
    let summary = lines(0..9, |n| format!("{n} | layer{n} | Conv2d | {n}.3 K | train"));
    assert_eq!(table(&summary), [""; 0]);
    let clone = lines(1..30, |n| format!("Receiving objects: {n}% ({}/1200), {n}.25 MiB | 1.{n} MiB/s", n * 12));
    assert_eq!(table(&clone), [""; 0]);
    let served = lines(1..30, |n| format!("10.0.0.1 - - [{n:02}/Oct/2023:13:55:36] \"GET /a HTTP/1.1\" 200 23{n}"));
    assert_eq!(table(&served), [""; 0]);
    let top = lines(1..20, |n| format!("top - 10:00:{n:02} up {n} days,  1:02,  load average: 0.{n}, 0.1{n}"));
    assert_eq!(table(&top), [""; 0]);
}

#[test]
fn tables_may_have_labels_bars_between_groups_and_empty_cells() {
    let splits = |n: u32| {
        let row = |split: &str, k: u32| format!("│ {split} │ {:.3} │ {:.3} │", x(n + k), x(n + k));
        format!("Epoch {n}/8\n┃ split ┃ loss ┃ acc ┃\n{}\n{}", row("train", 0), row("valid", 1))
    };
    assert_eq!(eight(splits), [one("loss"), one("acc"), next("val_loss"), next("val_acc")]);

    let classes = |n: u32| {
        let row = |name: &str, k: u32| format!("   {name}       {0:.3}      {0:.3}      {0:.3}", x(n + k));
        format!("Epoch {n}/8\n         precision    recall    f1\n\n{}\n{}", row("cat", 0), row("macro avg", 1))
    };
    let names = ["cat_precision", "cat_recall", "cat_f1"].map(one).into_iter();
    let names = names.chain(["macro_avg_precision", "macro_avg_recall", "macro_avg_f1"].map(next));
    assert_eq!(eight(classes), names.collect::<Vec<_>>());

    let groups = lines(1..9, |n| format!("0  {n:5}   {n}7 | {:.3}   {:.3}", x(n), x(n + 1)));
    let told = table(&format!("ID   Step   Time |  avgR   expR\n{groups}"));
    assert!(told.contains(&one("avg_r")) && told.contains(&next("exp_r")), "{told:?}");

    let sparse = lines(1..9, |n| {
        let val = if n % 2 == 0 { format!("{:.3}", x(n)) } else { String::new() };
        format!("|  {n}  |  {:.3}  |  {val:6} |", x(n))
    });
    let told = table(&format!("|  Iteration  |  Loss  |  Val Loss  |\n{sparse}"));
    assert_eq!(told, [one("loss"), "val_loss x4 0.745@2..0.945@8".to_owned()]);
}

#[test]
fn headers_of_single_blanks_notes_and_titles() {
    let notes = lines(1..9, |n| format!("{:6}   {:9.3}   {:.3}", n * 100, x(n), x(n + 1)));
    let noted = notes + "   900     0.5   0.25   MEDIAN CONVERGED\n";
    let told = table(&format!("  iter      ELBO   delta   notes \n{noted}"));
    assert_eq!(told, ["elbo x9 0.375@100..0.5@900", "delta x9 0.745@100..0.25@900"]);

    let titled = |n: u32| {
        let table = |k: u32| format!("# Epoch batch   loss   f_mae\n  {n}   {n}   {:.3}   {:.3}\n", x(n + k), x(n + k));
        format!("training\n{}\nvalidation\n{}", table(0), table(1))
    };
    let told = eight(titled);
    assert!(told.iter().any(|c| c.starts_with("f_mae x8 0.375")), "{told:?}");
    assert!(told.iter().any(|c| c.starts_with("val_f_mae x8 0.745")), "{told:?}");

    let stages = lines(1..4, |_| {
        format!("|  N |    HR   |    FA   |\n{}", lines(1..6, |n| format!("|   {n}|  {:.3}|  {:.3}|", x(n), x(n + 1))))
    });
    assert!(table(&stages)[0].starts_with("hr x15 0.375@1.."), "{:?}", table(&stages));
}

#[test]
fn units_sums_and_rows_of_numbers() {
    let units = |n: u32| format!("epoch {n}: MPJPE {:.3} mm, angle {:.3} deg", x(n), x(n + 1));
    assert_eq!(eight(units), [one("mpjpe"), next("angle")]);
    let behind = |n: u32| format!("gen {n} sigma {:.3} |theta| {:.3} 8.5 s", x(n), x(n + 1));
    assert_eq!(eight(behind), [one("sigma"), next("theta")]);
    let sum = |n: u32| format!("batch {n}  CE  {:.3} + KD {:.3} = 14.057   agree 11.5%", x(n), x(n + 1));
    assert_eq!(eight(sum), [one("ce"), next("kd"), "agree x8 11.5@1..11.5@8".to_owned()]);
    let row = |n: u32| format!("epoch {n}\nMAPE [%]:  {:.3}  {:.3}  4.5", x(n), x(n + 1));
    assert_eq!(eight(row), [one("mape_0"), next("mape_1"), "mape_2 x8 4.5@1..4.5@8".to_owned()]);
    let names = |n: u32| format!("[{n}/8] 3d {:.3}  vel {:.3}", x(n), x(n + 1));
    assert_eq!(eight(names), [one("3d"), next("vel")]);
}

#[test]
fn a_split_holds_to_the_end_of_its_segment() {
    let line = |n: u32| {
        format!("[{n}/8] train MAE {:.3}, MAPE {:.3} || valid MAE {:.3}, MAPE {:.3}", x(n), x(n), x(n + 1), x(n + 1))
    };
    assert_eq!(
        eight(line),
        ["train_mae", "mape"].map(one).into_iter().chain(["valid_mae", "val_mape"].map(next)).collect::<Vec<_>>()
    );
}

#[test]
fn counts_in_words_and_angles() {
    let iter = |n: u32| format!("  adaround iter {n:5}: rec {:.3} beta {:.3}", x(n), x(n + 1));
    assert_eq!(eight(iter), [one("rec"), next("beta")]);
    assert_eq!(eight(|n| format!("<{n}> LL/token: {:.3}", x(n))), [one("ll_token")]);
    assert_eq!(eight(|n| format!("Steps {n} @ 2005.9 SPS. Loss {:.3}.", x(n))).last(), Some(&one("loss")));
    let speed = |n: u32| {
        format!("Step {n} | Loss {:.3} | Speed (samples/sec) {} | GPU 3.5 MB", x(n), if n < 3 { "nan" } else { "4.5" })
    };
    assert_eq!(eight(speed)[0], one("loss"));
}

#[test]
fn keys_of_dictionaries_over_several_lines() {
    let line = |n: u32| format!("step {n}:\n{{'loss': {:.3},\n 'acc': {:.3},\n 'returns': (-19.5,)}}", x(n), x(n + 1));
    assert_eq!(eight(line), [one("loss"), next("acc")]);
}
