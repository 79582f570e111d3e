//! Event files and W&B run files give what was logged: whole, cut anywhere, broken anywhere, in every layout.
//!
//! `tests/data/make/` wrote the files with the real packages, and beside each what it logged.
#![allow(clippy::unwrap_used)]

mod reading;

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use fastlogs_core::grammar::Grammar;
use fastlogs_core::scan::Scan;
use fastlogs_core::scan::coverage::Coverage;
use fastlogs_core::scan::request::{Control, Input, Layout, Request, Restarts};
use fastlogs_core::source::Origin;
use jiter::JsonValue;
use reading::{Value, long, rows};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/records").join(name)
}

/// The logs of a folder, by name.
fn logs(name: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder(name)).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_none_or(|ending| ending != "json"));
    paths.sort();
    paths
}

const EVENTS: [&str; 9] =
    ["plain", "keras/train", "keras/validation", "elements", "resumed", "purged", "loose", "hparams", "histograms"];

/// What was logged: metric, step and value, in order.
type Series = BTreeMap<String, Vec<(i64, String)>>;

fn truth(name: &str) -> Series {
    let text = std::fs::read(folder(name).join("truth.json")).unwrap();
    let told = JsonValue::parse(&text, false).unwrap();
    let prefix = if name.ends_with("validation") { "val_" } else { "" };
    let scalars = object(&told).into_iter().find(|(key, _)| key == "scalars").unwrap().1;
    object(scalars).into_iter().map(|(tag, values)| (format!("{prefix}{tag}"), series(values))).collect()
}

fn object<'a>(value: &'a JsonValue<'a>) -> Vec<(String, &'a JsonValue<'a>)> {
    let JsonValue::Object(object) = value else { panic!("no object") };
    object.iter().map(|(key, value)| (key.to_string(), value)).collect()
}

fn series(values: &JsonValue<'_>) -> Vec<(i64, String)> {
    let JsonValue::Array(values) = values else { panic!("no list") };
    let pair = |pair: &JsonValue<'_>| match pair {
        JsonValue::Array(pair) => match (&pair[0], shown(&pair[1])) {
            (JsonValue::Int(step), value) => (*step, value),
            _ => panic!("no step"),
        },
        _ => panic!("no pair"),
    };
    values.iter().map(pair).collect()
}

fn shown(value: &JsonValue<'_>) -> String {
    match value {
        JsonValue::Int(value) => format!("{:?}", *value as f64),
        JsonValue::Float(value) => format!("{value:?}"),
        JsonValue::Bool(value) => format!("{:?}", f64::from(u8::from(*value))),
        JsonValue::Str(word) if word == "nan" => "NaN".into(),
        JsonValue::Str(word) if word == "inf" => "inf".into(),
        JsonValue::Str(text) => format!("{text:?}"),
        _ => panic!("no value"),
    }
}

fn open(paths: &[PathBuf], request: Request) -> Scan {
    let input = |path: &PathBuf| Input {
        run: "run".into(),
        name: path.to_string_lossy().into_owned(),
        origin: Origin::Path(path.clone()),
    };
    Scan::open(paths.iter().map(input).collect(), request, Arc::new(Control::default())).unwrap()
}

fn batches(mut scan: Scan) -> (Vec<RecordBatch>, Coverage) {
    let mut all = Vec::new();
    while let Some(batch) = scan.next_batch().unwrap() {
        all.push(batch);
    }
    (all, scan.coverage()[0].clone())
}

fn read(paths: &[PathBuf], request: Request) -> (Vec<Value>, Coverage) {
    let (all, told) = batches(open(paths, request));
    (all.iter().flat_map(rows).collect(), told)
}

/// The numbers among values, by metric.
fn by_metric(values: &[Value]) -> Series {
    let mut found = Series::new();
    for value in values.iter().filter(|value| !value.value.starts_with('"')) {
        found.entry(value.metric.clone()).or_default().push((value.step, value.value.clone()));
    }
    found
}

#[test]
fn every_scalar_is_what_was_logged() {
    for name in EVENTS {
        let (values, told) = read(&logs(name), long());

        assert_eq!(truth(name), by_metric(&values), "{name}");
        assert_eq!(("tfevents", "binary", ""), (&*told.format, &*told.encoding, &*told.damage), "{name}");
        assert_eq!(0, told.clipped.count + told.bad_values.count, "{name}");
    }
}

#[test]
fn settings_texts_and_what_is_passed_over_are_told() {
    let (values, told) = read(&logs("plain"), long());
    let text: Vec<&Value> = values.iter().filter(|value| value.value.starts_with('"')).collect();
    let counts: Vec<(&str, u64)> =
        told.rules.iter().filter(|r| r.lines > 0).map(|rule| (&*rule.rule, rule.lines)).collect();

    assert_eq!(vec![("args/text_summary".to_owned(), "dim: 512".to_owned())], told.settings);
    assert_eq!(1, text.len());
    assert_eq!(("sample", 58, "\"a fox\\na hen\""), (&*text[0].metric, text[0].step, &*text[0].value));
    let wanted = [("scalars", 96), ("texts", 2), ("histograms", 6), ("images", 6), ("graphs", 1), ("sessions", 1)];
    assert_eq!(wanted.to_vec(), counts);

    let mut settings = read(&logs("hparams"), long()).1.settings;
    settings.sort();
    let wanted = [("bias", "true"), ("layers", "12"), ("lr", "0.001"), ("optimizer", "adamw")];
    assert_eq!(wanted.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec(), settings);
}

/// What is told of a histogram, in the order in which the truth has it.
const STATISTICS: [&str; 10] = ["count", "min", "max", "mean", "std", "p7", "p16", "p50", "p84", "p93"];

#[test]
fn histograms_say_what_tensorboard_says_of_them() {
    let text = std::fs::read(folder("histograms").join("truth.json")).unwrap();
    let told = JsonValue::parse(&text, false).unwrap();
    let parts: HashMap<String, &JsonValue<'_>> = object(&told).into_iter().collect();
    let mut expected: BTreeMap<(String, i64), f64> = BTreeMap::new();
    for (tag, steps) in object(parts["histograms"]) {
        let JsonValue::Array(steps) = steps else { panic!("no list") };
        for step in steps.iter() {
            let JsonValue::Array(pair) = step else { panic!("no pair") };
            let (JsonValue::Int(step), JsonValue::Array(told)) = (&pair[0], &pair[1]) else { panic!("no step") };
            for (what, value) in STATISTICS.iter().zip(told.iter()) {
                expected.insert((format!("{tag}/{what}"), *step), shown(value).parse().unwrap());
            }
        }
    }

    let named = Request { grammar: Grammar::Named("tfevents_histograms".into()), ..long() };
    let (values, coverage) = read(&logs("histograms"), named);
    let found: BTreeMap<(String, i64), f64> =
        values.into_iter().map(|v| ((v.metric, v.step), v.value.parse().unwrap())).collect();
    assert!(found.keys().eq(expected.keys()), "{found:?}");
    for (key, value) in &expected {
        // TensorBoard turns the buckets of older files into 32-bit numbers.
        let slack = if key.0.starts_with("old") { 1e-6 } else { 1e-14 };
        assert!((found[key] - value).abs() <= slack * value.abs().max(1.0), "{key:?}: {} for {value}", found[key]);
    }
    assert_eq!(("tfevents_histograms", 0), (&*coverage.format, coverage.bad_values.count));
}

#[test]
fn what_a_resume_wrote_again_is_dropped_and_every_layout_agrees() {
    for (name, from, file) in [("resumed", 35, 22), ("purged", 30, 10)] {
        let stitch = Request { restarts: Restarts::Stitch, ..long() };
        let (values, told) = read(&logs(name), stitch.clone());
        // The first of the newer values, of all that were logged.
        let newer: Series = truth(name)
            .into_iter()
            .map(|(tag, values)| {
                let split = file / truth(name).len();
                let (old, new) = values.split_at(split);
                let old = old.iter().filter(|(step, _)| *step < from).cloned();
                (tag, old.chain(new.iter().cloned()).collect())
            })
            .collect();

        assert_eq!(newer, by_metric(&values), "{name}");
        assert_eq!((1, 0), (told.resumes, told.new_starts), "{name}");
        let (wide, _) = batches(open(&logs(name), Request { layout: Layout::Wide, ..stitch }));
        assert_eq!(newer, unpivoted(&wide), "{name}");
    }
}

/// The wide table as series.
fn unpivoted(batches: &[RecordBatch]) -> Series {
    let mut found = Series::new();
    for batch in batches {
        let steps = batch.column_by_name("step").unwrap().as_primitive::<Int64Type>().clone();
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let context = ["step", "attempt", "wall_time", "elapsed", "epoch", "rank"].contains(&field.name().as_str());
            let Some(numbers) = column.as_primitive_opt::<Float64Type>().filter(|_| !context) else { continue };
            for row in (0..batch.num_rows()).filter(|&row| !numbers.is_null(row)) {
                let series = found.entry(field.name().clone()).or_default();
                series.push((steps.value(row), format!("{:?}", numbers.value(row))));
            }
        }
    }
    found
}

#[test]
fn wide_holds_what_long_does_in_rows_of_one_step() {
    for name in EVENTS {
        for restarts in [Restarts::Keep, Restarts::Stitch] {
            let request = Request { restarts, ..long() };
            let (values, told) = read(&logs(name), request.clone());
            let (wide, wide_told) = batches(open(&logs(name), Request { layout: Layout::Wide, ..request }));

            let mut flat = by_metric(&values);
            if restarts == Restarts::Stitch {
                // Within a stretch rows are in the order of their steps; in the file they need not be.
                flat.values_mut().for_each(|values| values.sort_by_key(|(step, _)| *step));
            } else if name == "loose" {
                continue;
            }
            assert_eq!(flat, unpivoted(&wide), "{name}");
            assert_eq!(told.rows, wide_told.rows, "{name}");
        }
    }
}

#[test]
fn the_kth_value_of_a_step_goes_to_its_kth_row() {
    let (wide, told) = batches(open(&logs("loose"), Request { layout: Layout::Wide, ..Request::default() }));
    let batch = &wide[0];
    let steps = batch.column_by_name("step").unwrap().as_primitive::<Int64Type>();
    let rows: Vec<i64> = steps.values().to_vec();
    let at = |step: i64| rows.iter().filter(|&&s| s == step).count();

    assert!(rows.is_sorted());
    assert_eq!((0, 0), (told.resumes, told.new_starts));
    // Four epochs of five batches, beside a step each; two values a step of the first four.
    assert_eq!((4, 4, 4, 1, 1), (at(0), at(3), at(4), at(5), at(39)));
    let twice = batch.column_by_name("twice").unwrap().as_primitive::<Float64Type>();
    let there: Vec<usize> = (0..rows.len()).filter(|&row| !twice.is_null(row)).collect();
    assert_eq!(vec![0, 1, 4, 5, 8, 9, 12, 13], there);
}

#[test]
fn streams_and_summaries_agree_with_reads() {
    for name in EVENTS.into_iter().chain(["wandb"]) {
        for layout in [Layout::Wide, Layout::Long, Layout::Summary] {
            for restarts in [Restarts::Keep, Restarts::Stitch] {
                let request = Request { layout, restarts, ..Request::default() };
                let whole = batches(open(&logs(name), request.clone()));
                let mut streamed = Vec::new();
                let small = Request { streaming: true, batch_rows: 7, block_bytes: 113, threads: 2, ..request };
                let mut scan = open(&logs(name), small);
                let schema = scan.schema().unwrap();
                while let Some(batch) = scan.next_batch().unwrap() {
                    streamed.push(batch);
                }
                let joined = |batches: &[RecordBatch]| batches.iter().map(RecordBatch::num_rows).sum::<usize>();
                assert_eq!(joined(&whole.0), joined(&streamed), "{name} {layout:?} {restarts:?}");
                if (layout, restarts) == (Layout::Long, Restarts::Keep) {
                    // Nothing is known beforehand of what is streamed as it is: the zone of times is not in its schema.
                    let values = |batches: &[RecordBatch]| batches.iter().flat_map(rows).collect::<Vec<_>>();
                    assert_eq!(values(&whole.0), values(&streamed), "{name}");
                    continue;
                }
                assert!(whole.0.iter().all(|batch| batch.schema() == schema), "{name} {layout:?}");
                assert_eq!(cells(&whole.0), cells(&streamed), "{name} {layout:?} {restarts:?}");
                assert_eq!(whole.1.rows, scan.coverage()[0].rows);
            }
        }
        let (values, _) = read(&logs(name), Request { restarts: Restarts::Stitch, ..long() });
        let (summary, _) = batches(open(&logs(name), Request { layout: Layout::Summary, ..Request::default() }));
        let counts = counts(&summary[0]);
        let expected: HashMap<String, i64> =
            by_metric(&values).into_iter().map(|(tag, values)| (tag, values.len() as i64)).collect();
        assert_eq!(expected, counts, "{name}");
    }
}

fn counts(batch: &RecordBatch) -> HashMap<String, i64> {
    let names = batch.column_by_name("metric").unwrap().as_string::<i32>();
    let n = batch.column_by_name("n").unwrap().as_primitive::<Int64Type>();
    (0..batch.num_rows()).map(|row| (names.value(row).to_owned(), n.value(row))).collect()
}

/// Every cell of some batches, in order, as text.
fn cells(batches: &[RecordBatch]) -> Vec<String> {
    let mut out = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cell = |column: &Arc<dyn Array>| match column.as_dictionary_opt::<Int32Type>() {
                Some(words) => words.values().as_string::<i32>().value(words.keys().value(row) as usize).to_owned(),
                None => format!("{:?}", column.slice(row, 1)),
            };
            out.push(batch.columns().iter().map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    out
}

fn of_bytes(bytes: &[u8], block_bytes: usize) -> (Vec<Value>, Coverage) {
    let mut scan = reading::scan(Origin::Bytes(bytes.into()), Request { block_bytes, threads: 1, ..long() }).unwrap();
    let mut values = Vec::new();
    while let Some(batch) = scan.next_batch().unwrap() {
        values.extend(rows(&batch));
    }
    (values, scan.coverage()[0].clone())
}

#[test]
fn a_file_cut_at_any_byte_gives_all_that_was_whole() {
    for name in EVENTS.into_iter().chain(["wandb"]) {
        let bytes = std::fs::read(&logs(name)[0]).unwrap();
        let (whole, _) = of_bytes(&bytes, 1 << 20);
        // Small ones at every byte; what is large is mostly one image after the other.
        let stride = if bytes.len() > 20_000 && !reading::torture() { 97 } else { 1 };
        for cut in (60..bytes.len()).step_by(stride) {
            let (values, told) = of_bytes(&bytes[..cut], 4096);
            let same = whole.iter().zip(&values).filter(|(one, other)| one == other).count();
            assert_eq!(values.len(), same, "{name} cut at {cut}");
            let behind = whole.get(values.len()).map(|value| value.offset);
            // What is missing begins in the record that the cut is in, or behind the cut.
            let held = whole[..values.len()].last().map_or(0, |value| value.offset);
            assert!(behind.is_none_or(|at| at >= held), "{name} cut at {cut}");
            let records = whole.iter().filter(|v| behind.is_some_and(|at| v.offset >= at) && end(&bytes, v) <= cut);
            assert!(name == "wandb" || records.count() == 0, "{name} cut at {cut} loses a whole record");
            let told = told.damage;
            assert!(told.is_empty() || told.ends_with("the last record is cut off"), "{name} cut at {cut}: {told}");
            let whole_record = whole.iter().any(|value| name != "wandb" && end(&bytes, value) == cut);
            assert!(!whole_record || told.is_empty(), "{name} cut at {cut}");
        }
    }
}

/// Where the record of a value ends.
fn end(bytes: &[u8], value: &Value) -> usize {
    let at = value.offset as usize;
    let length = u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    at + length as usize + 16
}

#[test]
fn the_size_of_blocks_changes_nothing() {
    for name in ["plain", "loose", "elements", "wandb"] {
        let bytes = std::fs::read(&logs(name)[0]).unwrap();
        let whole = of_bytes(&bytes, 1 << 20);
        for block in [1, 2, 3, 7, 11, 13, 64, 100, 1000, 5000].into_iter().chain(500..520) {
            assert_eq!(whole, of_bytes(&bytes, block), "{name} in blocks of {block}");
        }
    }
}

#[test]
fn a_wrong_byte_costs_no_other_record_and_is_told() {
    for name in EVENTS.into_iter().chain(["wandb"]) {
        let bytes = std::fs::read(&logs(name)[0]).unwrap();
        let (whole, _) = of_bytes(&bytes, 1 << 20);
        let stride = if bytes.len() > 20_000 { 1009 } else { 1 };
        for wrong in (40..bytes.len()).step_by(stride) {
            let mut changed = bytes.clone();
            changed[wrong] ^= 0x44;
            let (values, told) = of_bytes(&changed, 4096);
            let numbers = |values: &[Value]| {
                values.iter().map(|v| (v.offset, v.metric.clone(), v.value.clone())).collect::<Vec<_>>()
            };
            let (mine, all) = (numbers(&values), numbers(&whole));
            let lost: Vec<_> = all.iter().filter(|value| !mine.contains(value)).collect();
            assert!(mine.iter().all(|value| all.contains(value)), "{name}: byte {wrong} makes a value");
            let offsets: std::collections::HashSet<i64> = lost.iter().map(|value| value.0).collect();
            assert!(offsets.len() <= 1, "{name}: byte {wrong} costs {offsets:?}");
            assert!(told.damage.contains("damaged"), "{name}: byte {wrong} is not told");
        }
    }
}

/// A record as TensorBoard frames it.
fn framed(data: &[u8]) -> Vec<u8> {
    headed(data.len() as u64, data)
}

/// The same of any length that its header says.
fn headed(length: u64, data: &[u8]) -> Vec<u8> {
    use fastlogs_core::checksum::{crc32c, masked};
    let length = length.to_le_bytes();
    let sums = [masked(crc32c(0, &length)), masked(crc32c(0, data))].map(u32::to_le_bytes);
    [&length[..], &sums[0], data, &sums[1]].concat()
}

#[test]
fn lengths_that_cannot_be_and_unknown_records_cost_no_other() {
    let bytes = std::fs::read(&logs("loose")[0]).unwrap();
    let (whole, _) = of_bytes(&bytes, 1 << 20);
    let values =
        |values: &[Value]| values.iter().map(|v| (v.metric.clone(), v.step, v.value.clone())).collect::<Vec<_>>();
    // Nothing, a field that nobody knows, a group, and bytes that are no message; between the version and the rest.
    let version = 16 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    for odd in [framed(b""), framed(b"\x7a\x03abc"), framed(b"\x0b\x0c"), framed(&[0xff; 40]), vec![0; 300]] {
        let mixed = [&bytes[..version], &odd, &bytes[version..]].concat();
        assert_eq!(values(&whole), values(&of_bytes(&mixed, 4096).0));
    }
    // A length that no file has: what stands before it is read, and that it has no end is told.
    for length in [1 << 40, u64::MAX - 15, u64::MAX] {
        let (found, told) = of_bytes(&[&bytes[..], &headed(length, b"a few bytes")].concat(), 4096);
        assert_eq!(values(&whole), values(&found), "{length}");
        assert!(
            told.damage.contains("the last record is cut off") || told.damage.contains("damaged"),
            "{}",
            told.damage
        );
    }
}

#[test]
fn of_several_files_those_that_are_whole_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(&logs("purged")[0]).unwrap();
    let at = |second: u32| folder.path().join(format!("events.out.tfevents.{second}.host"));
    std::fs::write(at(1), &bytes[..bytes.len() - 7]).unwrap();
    std::fs::write(at(2), b"").unwrap();
    std::fs::write(at(3), b"no records: a note of somebody\n").unwrap();
    std::fs::write(at(4), &bytes).unwrap();
    let paths: Vec<PathBuf> = (1..5).map(at).collect();

    for threads in [1, 2] {
        let (values, told) = read(&paths, Request { threads, block_bytes: 64, ..long() });
        let once = of_bytes(&bytes, 4096).0.len();
        assert_eq!(2 * once - 1, values.len());
        assert!(told.damage.contains("damaged") || told.damage.contains("holds no records"), "{}", told.damage);
    }
}

#[test]
fn files_end_to_end_are_read_with_what_follows_a_torn_one() {
    let (first, second) = (std::fs::read(&logs("loose")[0]).unwrap(), std::fs::read(&logs("purged")[0]).unwrap());
    let torn = [&first[..first.len() - 5], &second[..]].concat();
    let (values, told) = of_bytes(&torn, 1 << 20);
    let expected = of_bytes(&first, 1 << 20).0.len() - 1 + of_bytes(&second, 1 << 20).0.len();

    assert_eq!(expected, values.len());
    assert!(told.damage.contains("1 place"), "{}", told.damage);
}

#[test]
fn a_compressed_file_is_the_file() {
    for name in ["plain", "wandb"] {
        let bytes = std::fs::read(&logs(name)[0]).unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&bytes).unwrap();
        let (values, told) = of_bytes(&packed.finish().unwrap(), 777);

        assert_eq!(of_bytes(&bytes, 777).0, values);
        assert_eq!("gz", told.codec);
    }
}

#[test]
fn a_file_without_scalars_gives_no_rows_and_says_what_it_is() {
    let bytes = std::fs::read(&logs("plain")[0]).unwrap();
    let (values, told) = of_bytes(&bytes[..40], 4096);

    assert_eq!((0, "tfevents", 0), (values.len(), &*told.format, told.rows));
}

#[test]
fn the_history_of_a_wandb_run_is_what_was_logged() {
    let text = std::fs::read(folder("wandb").join("truth.json")).unwrap();
    let told = JsonValue::parse(&text, false).unwrap();
    let parts: HashMap<String, &JsonValue<'_>> = object(&told).into_iter().collect();
    let (JsonValue::Array(steps), JsonValue::Array(rows)) = (parts["steps"], parts["rows"]) else { panic!() };
    let mut expected: BTreeMap<(i64, String), String> = BTreeMap::new();
    for (step, row) in steps.iter().zip(rows.iter()) {
        let JsonValue::Int(step) = step else { panic!() };
        for (key, value) in object(row) {
            match value {
                JsonValue::Object(_) => {
                    expected.insert((*step, "nested.a".into()), "1.0".into());
                    expected.insert((*step, "nested.b.c".into()), "2.5".into());
                }
                value => drop(expected.insert((*step, key), shown(value))),
            }
        }
    }

    let (values, coverage) = read(&logs("wandb"), long());
    let found: BTreeMap<(i64, String), String> = values.into_iter().map(|v| ((v.step, v.metric), v.value)).collect();
    assert_eq!(expected, found);
    let settings: HashMap<&str, &str> = coverage.settings.iter().map(|(k, v)| (&**k, &**v)).collect();
    let wanted = [("lr", "0.001"), ("layers", "12"), ("optimizer.name", "adamw"), ("bias", "true"), ("added", "later")];
    for (key, value) in wanted {
        assert_eq!(Some(&value), settings.get(key), "{key}");
    }
    assert!(!settings.keys().any(|key| key.starts_with("_wandb")));
}
