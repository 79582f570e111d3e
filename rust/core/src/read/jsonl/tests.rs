//! The laws of JSON lines: any split, any cut, moulds or not: the same rows; and what single lines give.

use jiter::JsonValue;
use proptest::prelude::*;

use super::*;
use crate::read::roles::Names;
use crate::read::show::{line_ends, listing, read_in_blocks, read_whole};
use crate::wanted::Wanted;

fn plan(head: &str) -> JsonlPlan {
    JsonlPlan::decide(head.as_bytes(), Dialect::Json, &Names::default())
}

fn read(text: &str) -> Rows {
    read_whole(&mut JsonlReader::new(&plan(text)), text.as_bytes())
}

/// The one row of a line, without its offset.
fn row(line: &str) -> String {
    let rows = listing(&read(line));
    assert_eq!(1, rows.len(), "{rows:?}");
    rows[0].split_once(' ').expect("an offset").1.to_owned()
}

#[test]
fn one_line_each() {
    for (line, wanted) in [
        (r#"{"loss": 2.5, "step": 10}"#, "train: loss=2.5, Step=10"),
        (r#"{"step": 10.0, "loss": NaN}"#, "train: Step=10, loss=NaN"),
        (r#"{"loss": "4.021", "num_updates": "3400"}"#, "train: loss=4.021, Step=3400"),
        (r#"{"a": {"b": 1, "c": {"d": -2e-3}}, "e": true, "f": null}"#, "train: a.b=1.0, a.c.d=-0.002, e=1.0"),
        (r#"{"ap": [1, 2.5], "names": ["x"], "x": 1}"#, "train: ap.0=1.0, ap.1=2.5, x=1.0"),
        (
            r#"{"elapsed_time": "0:32:48", "remaining": "9 days, 21:39:23"}"#,
            "train: elapsed_time=1968.0, remaining=855563.0",
        ),
        (r#"{"at": "2024-01-01T00:00:00Z", "x": 1}"#, "train: at='2024-01-01T00:00:00Z', x=1.0"),
        (r#"{"timestamp": "2024-01-01T00:00:00Z", "x": 1}"#, "train: WallTime=1704067200000000, x=1.0"),
        (r#"{"timestamp": "17:01:30", "x": 1}"#, "train: Elapsed=61290.0, x=1.0"),
        (r#"{"loss": 1, "loss": 2}"#, "train: loss=2.0"),
        (r#"{"loss": 1, "loss": null, "x": 3}"#, "train: x=3.0"),
        (r#"{"eval_loss": 1, "eval_acc": 0.5, "epoch": 1}"#, "val: eval_loss=1.0, eval_acc=0.5, Epoch=1.0"),
        (r#"{"train_loss": 1, "test_loss": 2}"#, "train: train_loss=1.0, test_loss[test]=2.0"),
        (r#"{"mode": "val", "acc": 0.5}"#, "val: val_acc=0.5"),
        (r#"{"mode": "train", "acc": 0.5}"#, "train: acc=0.5"),
        (r#"{"mode": "turbo", "acc": 0.5}"#, "train: mode='turbo', acc=0.5"),
        (r#"{"_timestamp": 1541809092.5, "x": 1}"#, "train: WallTime=1541809092500000, x=1.0"),
        (r#"{"time": 0.65, "x": 1}"#, "train: time=0.65, x=1.0"),
        (r#"{"note": "a \"b\" \u00e9\n", "x": 1}"#, "train: note='a \"b\" é\n', x=1.0"),
        (r#"{"value": 1, "value_": 2}"#, "train: value_=1.0, value__2=2.0"),
        (r#":::MLLOG {"loss": 1.5}"#, "train: loss=1.5"),
        (r#"  {"loss": 1.5} "#, "train: loss=1.5"),
        (r#"{"loss": 1.5},"#, "train: loss=1.5"),
        (r#"{"loss": -Infinity, "rank": 3}"#, "train: loss=-inf, Rank=3"),
        (
            r#"{"big": 12345678901234567890123, "step": 9007199254740993}"#,
            "train: big=1.2345678901234568e22, Step=9007199254740993",
        ),
        (r#"{"step": -3, "global_step": 1.5, "x": 1}"#, "train: Step=-3, global_step=1.5, x=1.0"),
    ] {
        assert_eq!(wanted, row(line), "{line}");
    }
}

#[test]
fn what_is_no_object_is_counted() {
    let text =
        "{\"loss\": 1.5}\n\nbooting\n{\"loss\": 1.5\n{\"loss\": }\n{\"event\": null}\n[1, 2]\n{\"loss\": 2.5}x\n";
    let rows = read(text);
    assert_eq!(vec!["0 train: loss=1.5"], listing(&rows));
    assert_eq!((8, vec![2], 3), (rows.seen.lines, rows.seen.matched, rows.seen.near.count));
}

#[test]
fn line_ends_of_any_sort() {
    let unix = listing(&read("{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}"));
    let rows = read("{\"a\": 1}\r\n{\"a\": 2}\r\n{\"a\": 3}");
    assert_eq!(3, rows.seen.lines);
    assert_eq!(unix.len(), listing(&rows).len());
    assert_eq!(3, listing(&read("{\"a\": 1}\r{\"a\": 2}\r{\"a\": 3}\r")).len());
}

#[test]
fn the_step_is_decided_once() {
    let text = "{\"iter\": 1, \"step\": 5}\n{\"iter\": 2, \"step\": 5}\n{\"iter\": 3, \"step\": 5}\n";
    assert_eq!(Some("iter"), plan(text).map.step.as_deref());
    let text = "{\"epoch\": 1, \"iter\": 50}\n{\"epoch\": 1, \"iter\": 100}\n{\"epoch\": 2, \"iter\": 50}\n{\"epoch\": 2, \"iter\": 100}\n";
    assert_eq!((Some("iter"), true), (plan(text).map.step.as_deref(), plan(text).map.step_in_epoch));
}

#[test]
fn words_stay_words() {
    let text = "{\"id\": \"9a1\", \"x\": 1}\n{\"id\": \"123\", \"x\": 2}\n";
    assert_eq!(vec!["0 train: id='9a1', x=1.0", "22 train: id='123', x=2.0"], listing(&read(text)));
}

#[test]
fn lines_documents_and_neither() {
    let sort = |text: &str| recognise(text.as_bytes()).map(|found| matches!(found, Recognised::Lines(_)));
    for (text, wanted) in [
        ("{\"loss\": 1}\n", Some(true)),
        ("{\"loss\": 1}\n{\"loss\": 2}\n{\"lo", Some(true)),
        ("[2022-04-08 20:41:42,442][train_inner][INFO] - {\"epoch\": 8}\n", Some(true)),
        ("{\n  \"log_history\": [\n    {\"loss\": 1}\n  ]\n}\n", Some(false)),
        ("{\"log_history\": [{\"loss\": 1}]}", Some(false)),
        (
            "{\"log\": [\n{\"loss\": 1},\n{\"loss\": 2},\n{\"loss\": 3},\n{\"loss\": 4},\n{\"loss\": 5},\n{\"loss\": 6},\n{\"loss\": 7},\n{\"loss\": 8},\n{\"loss\": 9}\n]}\n",
            Some(false),
        ),
        (
            "[\n{\"loss\": 1},\n{\"loss\": 2},\n{\"loss\": 3},\n{\"loss\": 4},\n{\"loss\": 5},\n{\"loss\": 6},\n{\"loss\": 7},\n{\"loss\": 8},\n{\"loss\": 9}]\n",
            Some(true),
        ),
        ("[\n  {\n  \"loss\": 1", Some(false)),
        ("{\n  \"text\": \"an {open", Some(false)),
        ("", None),
        ("step 1 loss 2\n", None),
        ("[INFO] step 1 loss 2\n", None),
        ("{'loss': 1}\n", None),
        ("{\"loss\": 1}\nstep 1\n", None),
    ] {
        assert_eq!(wanted, sort(text), "{text}");
    }
}

#[test]
fn a_value_nobody_asked_for_is_there_all_the_same() {
    let text = "{\"loss\": 1, \"lr\": 2, \"note\": \"x\", \"step\": 7}\n".repeat(2);
    let plan = JsonlPlan { wanted: Wanted::new(Some(vec!["lr".to_owned()])), ..plan(&text) };
    let rows = read_whole(&mut JsonlReader::new(&plan), text.as_bytes());
    assert_eq!(vec!["0 train: loss?, lr=2.0, note?, Step=7", "45 train: loss?, lr=2.0, note?, Step=7"], listing(&rows));
    assert!(rows.text.is_empty());
}

#[test]
fn python_dicts_a_line() {
    let text = "{'loss': 2.31, 'grad_norm': np.float64(nan), 'epoch': 0.1}\n{'loss': '2.30', 'grad_norm': 1e-05, 'epoch': 0.2}\n";
    let plan = recognise_dicts(text.as_bytes()).expect("dicts");
    assert!(recognise(text.as_bytes()).is_none());
    let rows = read_whole(&mut JsonlReader::new(&plan), text.as_bytes());
    let wanted = vec!["0 train: loss=2.31, grad_norm=NaN, Epoch=0.1", "59 train: loss=2.3, grad_norm=1e-5, Epoch=0.2"];
    assert_eq!(wanted, listing(&rows));
}

/// Lines as programs write them, some alike and some not.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let number = prop_oneof![
        any::<f64>().prop_map(|v| format!("{v:?}")),
        any::<i32>().prop_map(|v| v.to_string()),
        (0u32..9999).prop_map(|v| format!("{:.4}", f64::from(v) / 100.0)),
        Just("NaN".to_owned()),
        Just("-Infinity".to_owned()),
        Just("1.0".to_owned()),
    ];
    let word = prop_oneof![
        "[a-z0-9:. ]{0,6}".prop_map(|w| w),
        number.clone(),
        Just("0:32:48".to_owned()),
        Just("val".to_owned()),
        Just("a\\\"b\\u00e9".to_owned()),
        Just("é".to_owned()),
        Just("2024-01-01T00:00:00Z".to_owned()),
    ];
    let value = prop_oneof![
        6 => number.clone(),
        2 => word.prop_map(|w| format!("\"{w}\"")),
        1 => Just("null".to_owned()),
        1 => Just("true".to_owned()),
        1 => proptest::collection::vec(number.clone(), 0..3).prop_map(|v| format!("[{}]", v.join(", "))),
        1 => number.clone().prop_map(|v| format!("{{\"mean\": {v}, \"n\": \"x\"}}")),
        1 => (1_500_000_000u64..1_600_000_000).prop_map(|v| v.to_string()),
    ];
    let key = prop_oneof![
        Just("loss"),
        Just("step"),
        Just("epoch"),
        Just("timestamp"),
        Just("mode"),
        Just("eval_loss"),
        Just("rank"),
        Just("x")
    ];
    let pair = (key, value);
    let keys = proptest::collection::vec(pair, 0..5);
    let object = keys.prop_map(|pairs| {
        let pairs: Vec<String> = pairs.into_iter().map(|(k, v)| format!("\"{k}\": {v}")).collect();
        format!("{{{}}}", pairs.join(", "))
    });
    proptest::collection::vec(object, 1..12)
}

/// The slow path alone: a reader of its own for every line.
fn line_by_line(plan: &JsonlPlan, data: &[u8]) -> Vec<String> {
    let mut rows = Vec::new();
    let mut start = 0;
    for end in line_ends(data) {
        let mut padded = data[start..end].to_vec();
        padded.resize(end - start + crate::row::PAD, 0);
        let mut found = Rows::default();
        let block = Block { data: &padded, len: end - start, offset: start as u64 };
        JsonlReader::new(plan).read(block, &mut found);
        rows.extend(listing(&found));
        start = end;
    }
    rows
}

fn flatten(path: &str, value: &JsonValue<'_>, out: &mut Vec<(String, f64)>) {
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        JsonValue::Null | JsonValue::Str(_) => {}
        JsonValue::Bool(flag) => out.push((path.to_owned(), f64::from(u8::from(*flag)))),
        JsonValue::Int(v) => out.push((path.to_owned(), *v as f64)),
        JsonValue::Float(v) => out.push((path.to_owned(), *v)),
        JsonValue::Array(list) => list.iter().enumerate().for_each(|(i, v)| flatten(&join(&i.to_string()), v, out)),
        JsonValue::Object(pairs) => pairs.iter().for_each(|(k, v)| flatten(&join(k), v, out)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn moulds_agree_with_the_slow_path(lines in lines(), more in lines(), order in proptest::collection::vec(any::<prop::sample::Index>(), 1..60)) {
        let pool: Vec<&String> = lines.iter().chain(&more).collect();
        let text: String = order.iter().map(|i| format!("{}\n", i.get(&pool))).collect();
        let plan = plan(&text);
        let rows = read_whole(&mut JsonlReader::new(&plan), text.as_bytes());
        prop_assert_eq!(line_by_line(&plan, text.as_bytes()), listing(&rows));
    }

    #[test]
    fn moulds_agree_on_damaged_lines(lines in lines(), edits in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"0123456789.,:-+eE\"{}[] naxNI\\\n".to_vec()), 0u8..3), 0..12)) {
        let once: String = lines.iter().map(|l| format!("{l}\n")).collect();
        let plan = plan(&once);
        let mut data = once.repeat(3).into_bytes();
        for (at, byte, how) in edits {
            if data.len() == once.len() {
                break;
            }
            let at = once.len() + at.index(data.len() - once.len());
            match how {
                0 => data[at] = byte,
                1 => data.insert(at, byte),
                _ => { data.remove(at); }
            }
        }
        data.push(b'\n');
        let rows = read_whole(&mut JsonlReader::new(&plan), &data);
        prop_assert_eq!(line_by_line(&plan, &data), listing(&rows));
    }

    #[test]
    fn any_split_gives_the_same(lines in lines(), at in any::<prop::sample::Index>()) {
        let text: String = lines.iter().map(|l| format!("{l}\n")).collect::<String>().repeat(2);
        let plan = plan(&text);
        let ends = line_ends(text.as_bytes());
        let cut = *at.get(&ends);
        let whole = read_whole(&mut JsonlReader::new(&plan), text.as_bytes());
        let split = read_in_blocks(&mut JsonlReader::new(&plan), text.as_bytes(), &[cut]);
        prop_assert_eq!(listing(&whole), listing(&split));
        prop_assert_eq!(whole.seen, split.seen);
    }

    #[test]
    fn every_cut_keeps_the_whole_lines(lines in lines()) {
        let text: String = lines.iter().map(|l| format!("{l}\n")).collect();
        let plan = plan(&text);
        let whole = listing(&read_whole(&mut JsonlReader::new(&plan), text.as_bytes()));
        for cut in 0..text.len() {
            let rows = listing(&read_whole(&mut JsonlReader::new(&plan), &text.as_bytes()[..cut]));
            prop_assert!(whole.starts_with(&rows), "cut at {}: {:?}", cut, rows);
            prop_assert!(recognise(&text.as_bytes()[..cut]).is_none_or(|_| cut > 0));
        }
    }

    #[test]
    fn leaves_are_those_of_a_plain_parser(lines in lines()) {
        for line in lines {
            let Ok(value) = JsonValue::parse(line.as_bytes(), true) else { continue };
            let mut wanted = Vec::new();
            flatten("", &value, &mut wanted);
            let mut leaves = crate::literal::Leaves::default();
            prop_assert!(leaves.read(line.as_bytes(), 0, line.len(), Dialect::Json).is_some());
            let mut found = Vec::new();
            for leaf in &leaves.list {
                let key = String::from_utf8_lossy(leaves.key(leaf)).into_owned();
                match leaf.value {
                    crate::literal::Value::Number(v) => found.push((key, v)),
                    crate::literal::Value::Flag(v) => found.push((key, f64::from(u8::from(v)))),
                    crate::literal::Value::Null | crate::literal::Value::Quoted { .. } => {}
                }
            }
            prop_assert_eq!(format!("{wanted:?}"), format!("{found:?}"));
        }
    }

    #[test]
    fn moulds_agree_on_python_dicts(lines in lines(), edits in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"0123456789.,:-+eE\"'{}[]() nauNT\\\n".to_vec())), 0..6)) {
        let once: String = lines.iter().map(|l| format!("{}\n", l.replace('"', "'").replace("null", "None").replace("true", "np.bool_(True)").replace("1.0", "tensor(1.0, device='x')"))).collect();
        let plan = JsonlPlan::decide(once.as_bytes(), Dialect::Python, &Names::default());
        let mut data = once.repeat(3).into_bytes();
        for (at, byte) in edits {
            let at = once.len() + at.index(data.len() - once.len());
            data[at] = byte;
        }
        data.push(b'\n');
        let rows = read_whole(&mut JsonlReader::new(&plan), &data);
        prop_assert_eq!(line_by_line(&plan, &data), listing(&rows));
    }

    #[test]
    fn no_bytes_are_too_strange(data in proptest::collection::vec(any::<u8>(), 0..200), joints in "[{}\\[\\]()\"',:0-9a-z\\\\. \n]{0,80}") {
        for bytes in [&data[..], joints.as_bytes()] {
            let _ = recognise(bytes);
            for dialect in [Dialect::Json, Dialect::Python] {
                read_whole(&mut JsonlReader::new(&JsonlPlan::decide(bytes, dialect, &Names::default())), bytes);
            }
        }
    }
}
