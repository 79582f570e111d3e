//! Lines of many hands, and what they say.

use super::super::token;
use super::*;

/// `name=value` of every number found; counters as `@kind`.
fn said(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    token::cut(text.as_bytes(), 0, &mut tokens);
    let line = read(text.as_bytes(), &tokens);
    let show = |f: &Found| {
        let value = String::from_utf8_lossy(tokens[f.token as usize].text(text.as_bytes())).into_owned();
        let unit = if f.unit.is_empty() { String::new() } else { format!(" {}", f.unit) };
        let kind = f.kind.map(|k| format!("{k}:")).unwrap_or_default();
        match f.role {
            Role::Value => format!("{kind}{}={value}{unit}", f.name),
            Role::Count(counter) => format!("@{counter:?}={value}"),
            Role::Total(_) => format!("/{value}"),
        }
    };
    line.found.iter().map(show).collect()
}

#[test]
fn names_are_bound_by_colon_equals_or_blank() {
    assert_eq!(
        said("iter 0: loss 10.6813, time 387977.50ms, mfu -100.00%"),
        ["@Step(7)=0", "loss=10.6813", "time=387977.50 ms", "mfu=-100.00 %"]
    );
    assert_eq!(
        said("Epoch: 1, Batch: 100/2762, Loss=2.7994, lr=0.0000296 Time cost=228.8 Thoughput=20.98 samples/s"),
        [
            "@Epoch=1",
            "@Batch=100",
            "/2762",
            "Loss=2.7994",
            "lr=0.0000296",
            "Time cost=228.8",
            "Thoughput=20.98 samples/s"
        ]
    );
    assert_eq!(
        said("Ep. 1 : Up. 2 : Sen. 32 : Cost 214.83363342"),
        ["@Epoch=1", "@Step(7)=2", "Sen.=32", "Cost=214.83363342"]
    );
    assert_eq!(
        said("tick 79    kimg 316.0    time 4h 33m 53s   sec/tick 153.6"),
        ["@Step(6)=79", "kimg=316.0", "time=4h 33m 53s", "sec/tick=153.6"]
    );
}

#[test]
fn counters_stand_in_brackets_and_pairs() {
    assert_eq!(
        said("[Epoch 1/3] Step 100 | Tokens: 1.6M | LM Loss: 10.4500"),
        ["@Epoch=1", "/3", "@Step(8)=100", "Tokens=1.6 M", "LM Loss=10.4500"]
    );
    assert_eq!(
        said("TRAIN [1][260/1938]\tTime 0.107 (0.143)\tLoss/tok 3.1796 (3.4600)"),
        [
            "@Bare=1",
            "@Bare=260",
            "/1938",
            "train:Time=0.107",
            "train:Time_avg=0.143",
            "train:Loss/tok=3.1796",
            "train:Loss/tok_avg=3.4600"
        ]
    );
    assert_eq!(
        said("| epoch 001:   1000 / 2184 loss=81194.557, clip=100%"),
        ["@Epoch=001", "@Bare=1000", "/2184", "loss=81194.557", "clip=100 %"]
    );
    assert_eq!(
        said("0-epoch (4/178643): total loss 11.06, a.: 11.44,b-sup.: 10.9,, lr 1.3e-11"),
        ["@Epoch=0", "@Bare=4", "/178643", "total loss=11.06", "a.=11.44", "b-sup.=10.9", "lr=1.3e-11"]
    );
    assert_eq!(
        said("Node[0] Epoch[3] Batch [0-20]\tSpeed: 10989.87 samples/sec\taccuracy=0.000916"),
        ["@Rank=0", "@Epoch=3", "@Batch=20", "Speed=10989.87 samples/sec", "accuracy=0.000916"]
    );
    assert_eq!(
        said("(epoch: 13, iters: 4, time: 2.186) D_A: 0.691 G_A: 0.561"),
        ["@Epoch=13", "@Step(7)=4", "time=2.186", "D_A=0.691", "G_A=0.561"]
    );
    assert_eq!(
        said("Train: 0 [   0/10009 (  0%)]  Loss:  6.926911 (6.9269)  LR: 1.000e-06"),
        ["@Epoch=0", "@Bare=0", "/10009", "train:Loss=6.926911", "train:Loss_avg=6.9269", "train:LR=1.000e-06"]
    );
    assert_eq!(
        said("Epoch: [0]  [ 10/59143]  lr: 0.000100  loss: 54.3824 (54.3824)"),
        ["@Epoch=0", "@Bare=10", "/59143", "lr=0.000100", "loss=54.3824", "loss_avg=54.3824"]
    );
    assert_eq!(
        said("[487]\ttraining's binary_logloss: 0.232154\tvalid_1's auc: 0.83739"),
        ["@Bare=487", "train:training's binary_logloss=0.232154", "val:valid_1's auc=0.83739"]
    );
    assert_eq!(
        said("90:\tlearn: 0.6880592\ttest: 0.6936112\ttotal: 523ms"),
        ["@Bare=90", "learn=0.6880592", "test:test=0.6936112", "total=523 ms"]
    );
    assert_eq!(
        said(
            "[Training][Iteration 100][Epoch 1, Batch 100/115] lr: 0.03120, training time: 230.951 [ms], speed: 4433.848 [imgs/sec], loss=9.127"
        ),
        [
            "@Step(7)=100",
            "@Epoch=1",
            "@Batch=100",
            "/115",
            "train:lr=0.03120",
            "train:training time=230.951 ms",
            "train:speed=4433.848 imgs/sec",
            "train:loss=9.127"
        ]
    );
}

#[test]
fn sentences_and_remarks_measure_nothing() {
    assert_eq!(
        said("[valid] Ep. 1 : Up. 40 : valid-script : 222.3 : stalled 1 times (last best: 222.4)"),
        ["@Epoch=1", "@Step(7)=40", "val:valid-script=222.3"]
    );
    assert_eq!(said("Namespace(lr=0.1, epochs=200)"), [""; 0]);
}

#[test]
fn bars_keep_their_counter_and_postfix() {
    assert_eq!(
        said("Train epoch [1/1]:  50%|██  | 4/8 [00:10<00:10,  9.9it/s, pg=0.01, kl=1e-5]"),
        ["@Epoch=1", "/1", "@Bar=4", "/8", "train:pg=0.01", "train:kl=1e-5"]
    );
    assert_eq!(
        said("1875/1875 [==============================] - 2s 1ms/step - loss: 0.4830 - val_loss: 0.5206"),
        ["@Bare=1875", "/1875", "loss=0.4830", "val:val_loss=0.5206"]
    );
    assert_eq!(
        said("accuracy: 0.7500, loss: 0.6267 ||: 100%|##########| 1/1 [00:00<00:00, 90.84it/s]"),
        ["accuracy=0.7500", "loss=0.6267", "@Bar=1", "/1"]
    );
    assert_eq!(
        said("4096/4096 - 749s - loss: 0.1983 - val_mean_absolute_error: 0.3010"),
        ["@Bare=4096", "/4096", "loss=0.1983", "val:val_mean_absolute_error=0.3010"]
    );
}

#[test]
fn names_may_hold_numbers_marks_and_blanks() {
    assert_eq!(
        said("Epoch(val) [130][6/6]    coco/AP: 0.580725  coco/AP .5: 1.000000  coco/AP (M): -1.000000"),
        ["@Epoch=130", "@Bare=6", "/6", "val:coco/AP=0.580725", "val:coco/AP .5=1.000000", "val:coco/AP (M)=-1.000000"]
    );
    assert_eq!(
        said("step:1 - train/loss:0.92 - train/lr(1e-3):0.00027 - train/time(s):6.3"),
        ["@Step(8)=1", "train:train/loss=0.92", "train:train/lr(1e-3)=0.00027", "train:train/time(s)=6.3"]
    );
    assert_eq!(said("Train net output #0: loss = 1.54804 (* 1 = 1.54804 loss)"), ["train:loss=1.54804"]);
    assert_eq!(
        said("elapsed time per iteration (ms): 255940.5 | global batch size:   288"),
        ["elapsed time per iteration (ms)=255940.5", "global batch size=288"]
    );
}

#[test]
fn the_name_may_follow_its_value() {
    assert_eq!(
        said("Step 50/100000; acc:   2.15; 10559/11089 tok/s;     35 sec"),
        ["@Step(8)=50", "/100000", "acc=2.15", "tok/s=10559", "sec=35"]
    );
    assert_eq!(
        said("11000: 0.051831, 0.085730 avg loss, 0.001000 rate, 2816000 images"),
        ["@Bare=11000", "avg loss=0.085730", "rate=0.001000", "images=2816000"]
    );
}

#[test]
fn dictionaries_and_events_are_read_by_key() {
    assert_eq!(
        said("{'loss': 2.075, 'learning_rate': 0.000233, 'epoch': 0.04}"),
        ["loss=2.075", "learning_rate=0.000233", "@Epoch=0.04"]
    );
    assert_eq!(
        said(r#"{"epoch": 8, "loss": "4.021", "num_updates": "3400", "eval": {"acc": 0.5}}"#),
        ["@Epoch=8", "loss=4.021", "@Step(9)=3400", "eval.acc=0.5"]
    );
    assert_eq!(
        said(
            r#":::LOG {"time_ms": 1, "key": "eval_accuracy", "value": 0.4, "metadata": {"lineno": 987, "epoch_num": 4}}"#
        ),
        ["eval:eval_accuracy=0.4", "@Epoch=4"]
    );
    assert_eq!(said(r#":::LOG {"time_ms": 1, "key": "seed", "value": 4, "metadata": {"lineno": 987}}"#), [""; 0]);
}
