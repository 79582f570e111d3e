//! The laws of tables, and what each quirk of a table gives.

use proptest::prelude::*;

use super::*;
use crate::read::roles::Names;
use crate::read::show::{line_ends, listing, read_in_blocks, read_whole};

fn plan(text: &str) -> CsvPlan {
    recognise(text.as_bytes()).unwrap_or_else(|| panic!("a table: {text:?}"))
}

fn read(text: &str) -> Rows {
    read_whole(&mut CsvReader::new(&plan(text)), text.as_bytes())
}

/// The rows without their offsets.
fn rows(text: &str) -> Vec<String> {
    let listed = listing(&read(text));
    listed.iter().map(|row| row.split_once(' ').expect("an offset").1.to_owned()).collect()
}

#[test]
fn plain_tables() {
    for (text, wanted) in [
        (
            "epoch,loss,step\n0,2.5,49\n0,2.25,99\n",
            &["train: Epoch=0.0, loss=2.5, Step=49", "train: Epoch=0.0, loss=2.25, Step=99"][..],
        ),
        ("step\tloss\n1\t2.5\n2\t\n", &["train: Step=1, loss=2.5", "train: Step=2"]),
        ("step;loss\n1;0,5\n2;1,25\n", &["train: Step=1, loss=0.5", "train: Step=2, loss=1.25"]),
        (
            "| step | loss |\n|:---|---:|\n| 1 | 0.5 |\n| 2 | nan |\n",
            &["train: Step=1, loss=0.5", "train: Step=2, loss=NaN"],
        ),
        (
            "step   loss   acc\n   1   0.5  0.25\n   2   inf  1e-3\n",
            &["train: Step=1, loss=0.5, acc=0.25", "train: Step=2, loss=inf, acc=0.001"],
        ),
        (
            "   epoch,   train/loss,  val/loss\n     0,    0.5,   0.25\n",
            &["train: Epoch=0.0, train/loss=0.5, val/loss[val]=0.25"],
        ),
        ("1,0.5\n2,0.25\n", &["train: c0=1.0, c1=0.5", "train: c0=2.0, c1=0.25"]),
        ("step,loss\r\n1,0.5\r\n\r\n2,0.25\r\n", &["train: Step=1, loss=0.5", "train: Step=2, loss=0.25"]),
        ("# step loss\n1 0.5\n2 0.25\n", &["train: Step=1, loss=0.5", "train: Step=2, loss=0.25"]),
        (",loss\n0,0.5\n1,0.25\n", &["train: index=0.0, loss=0.5", "train: index=1.0, loss=0.25"]),
        ("step,val_loss,eval_acc\n1,0.5,1\n", &["val: Step=1, val_loss=0.5, eval_acc=1.0"]),
        (
            "epoch,phase,loss\n1,train,0.5\n1,val,0.75\n",
            &["train: Epoch=1.0, loss=0.5", "val: Epoch=1.0, val_loss=0.75"],
        ),
        (
            "step,done,loss\n1,False,0.5\n2,True,0.25\n",
            &["train: Step=1, done=0.0, loss=0.5", "train: Step=2, done=1.0, loss=0.25"],
        ),
        ("step,loss\n1.0,0.5\n2.0,0.25\n", &["train: Step=1, loss=0.5", "train: Step=2, loss=0.25"]),
        (
            "wall_time,time,x\n1541809092,0.5,1\n1541809093,0.5,2\n",
            &["train: WallTime=1541809092000000, time=0.5, x=1.0", "train: WallTime=1541809093000000, time=0.5, x=2.0"],
        ),
        ("loss,loss\n1,2\n", &["train: loss=1.0, loss_2=2.0"]),
        ("epoch,batch,loss\n0,0,1\n0,1,2\n1,0,3\n1,1,4\n", &["train: Epoch=0.0, Batch=0, loss=1.0"]),
        (
            "name,step,loss\nNA,1,0.5\n\"a, b\",2,0.25\n",
            &["train: Step=1, loss=0.5", "train: name='a, b', Step=2, loss=0.25"],
        ),
    ] {
        let found = rows(text);
        assert_eq!(wanted, &found[..wanted.len().min(found.len())], "{text}");
    }
}

#[test]
fn what_a_row_cannot_be_is_counted() {
    let text = "step,loss\n1,0.5\n2,oops\n3,0.5,9\n4\nstep,loss\n1,0.25\n5,0.5,\n";
    let found = read_whole(&mut CsvReader::new(&plan("step,loss\n1,0.5\n")), text.as_bytes());
    let wanted = [
        "10 train: Step=1, loss=0.5",
        "16 train: Step=2",
        "31 train: Step=4",
        "43 train: Step=1, loss=0.25",
        "50 train: Step=5, loss=0.5",
    ];
    assert_eq!(&wanted[..], listing(&found));
    assert_eq!((8, vec![7], 3), (found.seen.lines, found.seen.matched, found.seen.bad.count));
}

#[test]
fn monitor_files_begin_with_a_comment() {
    let text =
        "#{\"t_start\": 1614619328.3, \"env_id\": \"Acrobot-v1\"}\nr,l,t\r\n-500.0,500,4.64879\r\n-128.0,129,277.5\r\n";
    let found = read(text);
    assert_eq!(vec!["train: r=-500.0, l=500.0, t=4.64879", "train: r=-128.0, l=129.0, t=277.5"], rows(text));
    assert_eq!(vec!["t_start", "env_id"], found.settings.iter().map(|s| s.key.as_str()).collect::<Vec<_>>());
}

#[test]
fn a_new_header_names_new_columns() {
    let text = "step,loss\n1,0.5\n2,0.25\nstep,acc,loss\n3,0.75,0.125\n4,,1\n";
    let wanted = [
        "train: Step=1, loss=0.5",
        "train: Step=2, loss=0.25",
        "train: Step=3, acc=0.75, loss=0.125",
        "train: Step=4, loss=1.0",
    ];
    assert_eq!(&wanted[..], rows(text));
}

#[test]
fn a_column_that_starts_blank() {
    let plan = plan("step,loss,val_loss,note\n1,0.5,,\n2,0.25,,\n");
    let text = "step,loss,val_loss,note\n1,0.5,,\n2,0.25,0.75,x\n";
    let found = listing(&read_whole(&mut CsvReader::new(&plan), text.as_bytes()));
    assert_eq!(vec!["24 train: Step=1, loss=0.5", "32 train: Step=2, loss=0.25, val_loss[val]=0.75, note='x'"], found);
}

#[test]
fn a_stray_quote_costs_one_line() {
    let many = (3..4000).map(|i| format!("{i},{i}.5,ok\n")).collect::<String>();
    let text = format!("step,loss,note\n1,0.5,ok\n2,0.5,\"oops\n{many}");
    let found = read(&text);
    assert_eq!((3998, 1), (found.heads.len(), found.seen.near.count));
    let ends = line_ends(text.as_bytes());
    let split = read_in_blocks(&mut CsvReader::new(&plan(&text)), text.as_bytes(), &ends);
    assert_eq!(listing(&found), listing(&split));
    assert_eq!(found.seen, split.seen);
}

#[test]
fn the_end_of_the_source_cuts_a_row() {
    let text = "step,loss,acc\n1,0.5,1\n2,0.25,0.5\n3,0.125,0.7";
    assert_eq!(3, rows(text).len());
    let plan = plan(text);
    let cut = &text[..text.len() - 5];
    let found = read_whole(&mut CsvReader::new(&plan), cut.as_bytes());
    assert_eq!((2, 1), (found.heads.len(), found.seen.near.count));
}

#[test]
fn a_last_number_with_all_its_digits_is_whole() {
    let text = "epoch\tloss\tf1\n1\t0.5\t0.7667\n2\t0.25\t0.73\n3\t0.5\t0.7612\n4\t0.5\t0.7712\n5\t0.5\t0.7812\n6\t0.125\t0.7187";
    let last =
        |text: &str| listing(&read_whole(&mut CsvReader::new(&plan(text)), text.as_bytes())).pop().expect("a row");
    assert_eq!("78 train: Epoch=6.0, loss=0.125, f1=0.7187", last(text));
    // Too few to know.
    let few = "epoch\tf1\n1\t0.7667\n2\t0.7187";
    assert_eq!("18 train: Epoch=2.0", last(few));
    // One digit less, and it may have been cut.
    assert_eq!("78 train: Epoch=6.0, loss=0.125", last(&text[..text.len() - 1]));
}

#[test]
fn torn_rows_in_a_small_table_are_counted_and_the_rest_read() {
    let text = "step,loss,acc\n1,0.5,0.1\n2,0.25\n3,0.125,0.3\n4,0.5,0.1,9\n5,0.25,0.2\n6,0.125,0.3\n";
    let found = read(text);
    assert_eq!((5, 2), (found.heads.len(), found.seen.bad.count));
}

#[test]
fn thousands_of_columns_are_a_table() {
    for (width, height) in [(2000, 3), (5000, 3), (5000, 40)] {
        let header: Vec<String> = (0..width).map(|k| format!("m{k}")).collect();
        let row = |step: usize| (0..width).map(|k| format!("{}.5", step + k)).collect::<Vec<_>>().join(",");
        let lines: Vec<String> = (0..height).map(row).collect();
        let text = format!("{}\n{}\n", header.join(","), lines.join("\n"));

        assert_eq!(Some(width), super::recognise(text.as_bytes()).map(|plan| plan.columns.len()), "{width} {height}");
    }
}

#[test]
fn what_is_no_table() {
    for text in [
        "",
        "\n\n",
        "step,loss\n",
        "hello world\n",
        "Starting training, device cuda\nEpoch 1, 0.53\nEpoch 2, 0.42\n",
        "step: 1, loss: 2.5\nstep: 2, loss: 2.4\n",
        "step=1, loss=2.5\nstep=2, loss=2.4\n",
        "ckpt=1\tloss=2.5\nckpt=2\tloss=2.4\n",
        "{\"a\": 1, \"b\": 2}\n{\"a\": 1, \"b\": 2}\n",
        "iter 0: loss 10.6813, time 387977.50ms, mfu -100.00%\niter 1: loss 10.6263, time 7808.16ms, mfu -100.00%\n",
        "2024-01-01 10:00:00,123 INFO start\n2024-01-01 10:00:01,123 INFO next\n",
        "E    #       LOSS\n---  ------  ----\n  0       0  0.00\n",
        "-----\n| rollout/ |   |\n|  ep_rew  | 0 |\n-----\n",
        "The loss was, as we saw, low.\nIt fell, as it should, fast.\nAnd so, it ended, well.\n",
    ] {
        assert!(recognise(text.as_bytes()).is_none(), "{text}");
    }
}

#[test]
fn a_format_may_name_the_step() {
    let text = "num episodes,loss\n4,0.5\n8,0.25\n";
    let names = Names { step: vec!["num episodes".to_owned()], drop: vec!["loss".to_owned()], ..Names::default() };
    let plan = CsvPlan::decide(text.as_bytes(), &names).expect("a table");
    let found = listing(&read_whole(&mut CsvReader::new(&plan), text.as_bytes()));
    assert_eq!(vec!["18 train: Step=4", "24 train: Step=8"], found);
}

/// A table of four columns, its cells as they stand between the commas.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let number = || {
        prop_oneof![
            4 => (-1000i32..1000).prop_map(|v| v.to_string()),
            4 => (-1e3f64..1e3).prop_map(|v| format!("{v:?}")),
            1 => Just("nan".to_owned()),
            1 => Just(" 7 ".to_owned()),
            1 => Just(String::new()),
            1 => Just("1e-5".to_owned()),
        ]
    };
    let text = prop_oneof![
        2 => "[a-z]{0,5}",
        1 => Just("\"a, \"\"b\"\"\"".to_owned()),
        1 => Just("\"two\nlines\"".to_owned()),
        1 => Just("\"{'a': 1, 'b': None}\"".to_owned()),
    ];
    let step = 0i64..100_000;
    let row = (step, number(), text, number()).prop_map(|(step, a, text, b)| vec![step.to_string(), a, text, b]);
    proptest::collection::vec(row, 1..20)
}

fn written(table: &[Vec<String>]) -> String {
    let lines: String = table.iter().map(|row| format!("{}\n", row.join(","))).collect();
    format!("step,loss,note,acc\n{lines}")
}

fn four_columns() -> CsvPlan {
    let columns = vec![
        Column::new("step", Use::Whole(crate::types::Holds::Step)),
        Column::new("loss", Use::Metric),
        Column::new("note", Use::Text),
        Column::new("acc", Use::Metric),
    ];
    CsvPlan { columns, ..plan("step,loss,note,acc\n1,2,x,3\n") }
}

/// The plain reading of one row.
fn expected(row: &[String]) -> String {
    let mut values = vec![format!("Step={}", row[0])];
    let mut metric = |name: &str, cell: &String| {
        if !cell.trim().is_empty() {
            values.push(format!("{name}={:?}", cell.trim().parse::<f64>().expect("a number")));
        }
    };
    metric("loss", &row[1]);
    let inner = row[2].strip_prefix('"').and_then(|note| note.strip_suffix('"'));
    let note = inner.unwrap_or(&row[2]).replace("\"\"", "\"");
    if !note.is_empty() && note != "null" {
        values.push(format!("note='{note}'"));
    }
    let mut metric = |name: &str, cell: &String| {
        if !cell.trim().is_empty() {
            values.push(format!("{name}={:?}", cell.trim().parse::<f64>().expect("a number")));
        }
    };
    metric("acc", &row[3]);
    format!("train: {}", values.join(", "))
}

proptest! {
    #[test]
    fn rows_are_those_of_a_plain_reading(table in table()) {
        let text = written(&table);
        let found = listing(&read_whole(&mut CsvReader::new(&four_columns()), text.as_bytes()));
        let found: Vec<&str> = found.iter().map(|row| row.split_once(' ').expect("an offset").1).collect();
        let wanted: Vec<String> = table.iter().map(|row| expected(row)).collect();
        prop_assert_eq!(wanted, found);
    }

    #[test]
    fn any_blocks_give_the_same(table in table(), picks in proptest::collection::vec(any::<bool>(), 60), quotes in proptest::collection::vec(any::<prop::sample::Index>(), 0..3)) {
        let mut text = written(&table).into_bytes();
        for at in quotes {
            text.insert(at.index(text.len()), b'"');
        }
        let ends = line_ends(&text);
        let cuts: Vec<usize> = ends.iter().zip(&picks).filter(|&(_, &pick)| pick).map(|(&end, _)| end).collect();
        let whole = read_whole(&mut CsvReader::new(&four_columns()), &text);
        let split = read_in_blocks(&mut CsvReader::new(&four_columns()), &text, &cuts);
        prop_assert_eq!(listing(&whole), listing(&split));
        prop_assert_eq!(whole.seen, split.seen);
    }

    #[test]
    fn every_cut_keeps_the_whole_rows(table in table()) {
        let table = &table[..table.len().min(6)];
        let text = written(table);
        let whole = listing(&read_whole(&mut CsvReader::new(&four_columns()), text.as_bytes()));
        let whole_at = |cut: usize| text[..cut].matches('\n').count();
        for cut in 0..=text.len() {
            let found = listing(&read_whole(&mut CsvReader::new(&four_columns()), &text.as_bytes()[..cut]));
            // The row under the cut may be there if it has all its cells; a quote left open gives pieces.
            let sure = found.len().min(whole.len()).min(whole_at(cut)).saturating_sub(2);
            prop_assert_eq!(&whole[..sure], &found[..sure]);
        }
    }

    #[test]
    fn no_bytes_are_too_strange(data in proptest::collection::vec(any::<u8>(), 0..200), text in "[a-c0-9.,;|\t\"#{}=: \n\r-]{0,120}") {
        for bytes in [&data[..], text.as_bytes()] {
            if let Some(plan) = recognise(bytes) {
                read_whole(&mut CsvReader::new(&plan), bytes);
            }
            read_whole(&mut CsvReader::new(&four_columns()), bytes);
            read_in_blocks(&mut CsvReader::new(&four_columns()), bytes, &line_ends(bytes));
        }
    }
}

#[test]
fn the_last_comment_that_says_something_names_the_columns() {
    let text = "####\n# Learning curves\n#     1    2\n# epoch  rmse\n####\n    0  0.5\n    1  0.25\n";
    assert_eq!(vec!["train: Epoch=0.0, rmse=0.5", "train: Epoch=1.0, rmse=0.25"], rows(text));
}
