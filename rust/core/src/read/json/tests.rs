//! The shapes of documents, and the laws of their reading.

use proptest::prelude::*;

use super::*;
use crate::read::show::{listing, read_in_blocks, read_whole};

fn rows(text: &str) -> Vec<String> {
    let plan = recognise(text.as_bytes()).unwrap_or_else(|| panic!("a document: {text}"));
    let found = read_whole(&mut *plan.reader(), text.as_bytes());
    listing(&found).iter().map(|row| row.split_once(' ').expect("an offset").1.to_owned()).collect()
}

#[test]
fn each_shape_gives_its_rows() {
    for (text, wanted) in [
        // Hugging Face's trainer_state.json: rows in a list, settings around it.
        (
            "{\n \"best_metric\": null,\n \"log_history\": [\n  {\n   \"epoch\": 0.5,\n   \"loss\": 2.5,\n   \"step\": 10\n  },\n  {\n   \"epoch\": 0.5,\n   \"eval_loss\": NaN,\n   \"step\": 10\n  }\n ],\n \"max_steps\": 20\n}\n",
            &["train: Epoch=0.5, loss=2.5, Step=10", "val: Epoch=0.5, eval_loss=NaN, Step=10"][..],
        ),
        // CatBoost: values by position, their names elsewhere.
        (
            r#"{"meta":{"test_metrics":[{"best_value":"Min","name":"Logloss"},{"best_value":"Max","name":"AUC"}],"learn_metrics":[{"best_value":"Min","name":"Logloss"}]},
"iterations":[
{"learn":[0.5],"iteration":0,"passed_time":0.25,"test":[0.75,0.5]},
{"learn":[0.25],"iteration":1,"passed_time":0.5,"test":[0.5,0.625]}]}"#,
            &[
                "train: learn.Logloss=0.5, Step=0, passed_time=0.25, test.Logloss[test]=0.75, test.AUC[test]=0.5",
                "train: learn.Logloss=0.25, Step=1, passed_time=0.5, test.Logloss[test]=0.5, test.AUC[test]=0.625",
            ],
        ),
        // Megatron's goldens: values by metric and by step.
        (
            r#"{"lm loss": {"start_step": 1, "end_step": 3, "step_interval": 1, "values": {"1": 10.5, "2": 10.25, "3": 10.0}},
 "iteration-time": {"start_step": 1, "end_step": 3, "step_interval": 1, "values": {"1": "nan", "3": 0.5}}}"#,
            &[
                "train: Step=1, lm loss=10.5, iteration-time=NaN",
                "train: Step=2, lm loss=10.25",
                "train: Step=3, lm loss=10.0, iteration-time=0.5",
            ],
        ),
        // The older ones: a list and where it begins.
        (
            r#"{"lm loss": {"start_step": 0, "end_step": 10, "step_interval": 5, "values": [10.5, 10.25]}}"#,
            &["train: Step=0, lm loss=10.5", "train: Step=5, lm loss=10.25"],
        ),
        // Sacred: each metric with its own steps.
        (
            r#"{"loss": {"steps": [0, 10], "timestamps": ["2024-01-02T03:04:05.5", "2024-01-02T03:04:06"], "values": [2.5, 2.25]}, "val.acc": {"steps": [10], "timestamps": ["2024-01-02T03:04:07"], "values": [0.5]}}"#,
            &[
                "train: Step=0, WallTime=1704164645500000, loss=2.5",
                "train: Step=10, WallTime=1704164647000000, loss=2.25, val.acc[val]=0.5",
            ],
        ),
        // Keras' History: lists of one length, nothing else.
        (
            r#"{"loss": [2.5, 2.25], "val_loss": [2.75, null]}"#,
            &["train: loss=2.5, val_loss[val]=2.75", "train: loss=2.25"],
        ),
        (
            r#"{"history": {"epoch": [1, 2], "loss": [2.5, Infinity]}}"#,
            &["train: Epoch=1.0, loss=2.5", "train: Epoch=2.0, loss=inf"],
        ),
        // A list of rows; rows by step; rows that follow each other.
        (
            r#"[{"step": 1, "loss": "2.5"}, {"step": 2, "loss": 2.25}]"#,
            &["train: Step=1, loss=2.5", "train: Step=2, loss=2.25"],
        ),
        (
            "{\"1\": {\"loss\": 2.5},\n \"2\": {\"loss\": 2.25}}",
            &["train: Step=1, loss=2.5", "train: Step=2, loss=2.25"],
        ),
        (
            "{\n \"step\": 1,\n \"loss\": 2.5\n}\n{\n \"step\": 2,\n \"loss\": 2.25\n}\n",
            &["train: Step=1, loss=2.5", "train: Step=2, loss=2.25"],
        ),
        (
            r#"{"train": [{"epoch": 1, "loss": 2.5}], "valid": [{"epoch": 1, "loss": 2.75}]}"#,
            &["train: Epoch=1.0, loss=2.5", "val: Epoch=1.0, val_loss=2.75"],
        ),
        // AllenNLP's metrics.json: what the run came to.
        (
            "{\n  \"best_epoch\": 3,\n  \"training_loss\": 0.625,\n  \"validation_accuracy3\": 0.75,\n  \"training_duration\": \"0:00:01.5\"\n}",
            &["train: best_epoch=3.0, training_loss=0.625, validation_accuracy3[val]=0.75, training_duration=1.5"],
        ),
    ] {
        assert_eq!(wanted, rows(text), "{text}");
    }
}

#[test]
fn what_is_no_log_is_none() {
    for text in [
        "",
        "{}",
        "[]",
        "[1, 2, 3]",
        "{\"step\": 1, \"loss\": 2.5}",
        "{\"step\": 1, \"loss\": 2.5}\n{\"step\": 2, \"loss\": 2.25}\n",
        "{'step': 1}",
        "{\n \"architectures\": [\"Bert\"],\n \"layer_norm_eps\": 1e-12,\n \"hidden_size\": 768\n}\n",
        "{\n \"images\": [{\"id\": 1, \"width\": 640}],\n \"annotations\": [{\"id\": 1, \"area\": 2.5}]\n}\n",
        "{\"weight_map\": {\"a\": \"b\"}}",
        "{\n \"learning_rate\": 0.001,\n \"batch_size\": 8\n}\n",
        "{\"a\": [1, 2], \"b\": [3, 4]}",
        "{ not json }",
    ] {
        assert!(recognise(text.as_bytes()).is_none(), "{text}");
    }
}

#[test]
fn what_stands_beside_the_rows_is_a_setting() {
    let text = "{\"best_metric\": 0.5, \"log_history\": [{\"step\": 1, \"loss\": 2.5}], \"args\": {\"note\": \"x\\\"y\", \"gone\": null}, \"max_steps\": 20}\n";
    let plan = recognise(text.as_bytes()).expect("a document");
    let found = read_whole(&mut *plan.reader(), text.as_bytes());
    let settings: Vec<_> = found.settings.iter().map(|s| format!("{}={}", s.key, s.value)).collect();
    assert_eq!(vec!["best_metric=0.5", "args.note=x\\\"y", "max_steps=20"], settings);
}

#[test]
fn a_cut_document_gives_the_rows_before_the_cut() {
    let text = "{\"log_history\": [\n{\"step\": 1, \"loss\": 2.5},\n{\"step\": 2, \"loss\": 2.25},\n{\"step\": 3, \"loss\": 2.125}\n]}\n";
    let plan = recognise(text.as_bytes()).expect("a document");
    let whole = listing(&read_whole(&mut *plan.reader(), text.as_bytes()));
    for cut in 0..text.len() {
        let found = read_whole(&mut *plan.reader(), &text.as_bytes()[..cut]);
        let complete = whole.iter().filter(|row| {
            let start: usize = row.split(' ').next().and_then(|at| at.parse().ok()).expect("an offset");
            text[start..].find('}').is_some_and(|end| start + end < cut)
        });
        assert_eq!(complete.cloned().collect::<Vec<_>>(), listing(&found), "{cut}");
    }
}

#[test]
fn a_cut_column_gives_no_shorter_number() {
    let text = "{\"loss\": {\"steps\": [10, 20, 30], \"values\": [2.5, 2.25, 2.125]}}";
    let whole = rows(text);
    for cut in 1..text.len() {
        if recognise(&text.as_bytes()[..cut]).is_some() {
            for row in rows(&text[..cut]).iter().filter(|row| row.contains("loss=")) {
                let value = row.rsplit('=').next().expect("a value");
                assert!(whole.iter().any(|whole| whole.ends_with(value)), "{cut}: {row}");
            }
        }
    }
}

/// Rows of a log as JSON: a step that rises, and values of any look.
fn log() -> impl Strategy<Value = Vec<(i64, Vec<(usize, f64)>)>> {
    let row = (1i64..5, proptest::collection::vec((0usize..4, -1e6f64..1e6), 1..4));
    proptest::collection::vec(row, 1..12).prop_map(|rows| {
        let mut step = 0;
        let next = |(by, values): (i64, Vec<(usize, f64)>)| {
            step += by;
            (step, values)
        };
        rows.into_iter().map(next).collect()
    })
}

const NAMES: [&str; 4] = ["loss", "val_loss", "a \\\"b\\\" }", "lr"];

fn object((step, values): &(i64, Vec<(usize, f64)>), blank: &str) -> String {
    let mut seen = [false; 4];
    let fresh = values.iter().filter(|(name, _)| !std::mem::replace(&mut seen[*name], true));
    let values: String = fresh.map(|(name, value)| format!(",{blank}\"{}\": {value:?}", NAMES[*name])).collect();
    format!("{{{blank}\"step\": {step}{values}{blank}}}")
}

proptest! {
    /// The rows of a list are those of the same objects a line, however they are indented and cut into blocks.
    #[test]
    fn a_list_gives_what_its_lines_give(log in log(), indent in 0usize..3, block in 1usize..40) {
        let blank = ["", " ", "\n    "][indent];
        let objects: Vec<String> = log.iter().map(|row| object(row, blank)).collect();
        let text = format!("{{\"head\": [1, {{}}],{blank}\"history\": [{blank}{}{blank}]}}", objects.join(","));
        let plain: String = log.iter().map(|row| object(row, "") + "\n").collect();
        let lines = crate::read::jsonl::JsonlPlan::decide(plain.as_bytes(), Dialect::Json, &Names::default());
        let without = |row: &String| row.split_once(' ').expect("an offset").1.to_owned();

        let expected = listing(&read_whole(&mut *lines.reader(), plain.as_bytes()));
        let plan = recognise(text.as_bytes()).expect("a document");
        let cuts: Vec<usize> = (1..text.len()).filter(|at| at % block == 0).collect();
        let found = listing(&read_in_blocks(&mut *plan.reader(), text.as_bytes(), &cuts));
        prop_assert_eq!(
            expected.iter().map(without).collect::<Vec<_>>(),
            found.iter().map(without).collect::<Vec<_>>()
        );
    }

    /// A table of columns by step gives each value at its step, and no other.
    #[test]
    fn columns_give_each_value_at_its_step(log in log()) {
        let of = |name: usize| log.iter().filter_map(move |(step, values)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*step, *value))
        });
        let table = |name: usize| {
            let values: Vec<String> = of(name).map(|(step, value)| format!("\"{step}\": {value:?}")).collect();
            format!("\"{}\": {{\"values\": {{{}}}}}", NAMES[name], values.join(", "))
        };
        prop_assume!(of(0).count() > 1);
        let text = format!("{{{}, {}}}", table(0), table(1));
        let expected: Vec<String> = log.iter().filter_map(|(step, _)| {
            let value = |name: usize| of(name).find(|(at, _)| at == step).map(|(_, value)| value);
            let loss = value(0).map(|value| format!(", loss={value:?}")).unwrap_or_default();
            let val = value(1).map(|value| format!(", val_loss[val]={value:?}")).unwrap_or_default();
            (!loss.is_empty() || !val.is_empty()).then(|| format!("train: Step={step}{loss}{val}"))
        }).collect();
        prop_assert_eq!(expected, rows(&text));
    }

    #[test]
    fn no_document_breaks_the_reader(text in "[\\[{}\\]\",:0-9a-e. \\\\\n]{0,60}") {
        if let Some(plan) = recognise(text.as_bytes()) {
            read_in_blocks(&mut *plan.reader(), text.as_bytes(), &[text.len() / 2]);
        }
    }
}
