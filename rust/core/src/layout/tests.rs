//! Folders as lists of names, and a few on the disk.
#![allow(clippy::unwrap_used)]

use super::*;

/// Runs of a folder of such files: key, and what belongs to it, below the root.
fn runs(files: &[&str]) -> Vec<(String, [Vec<String>; 3])> {
    let root = Path::new("root");
    let mut paths: Vec<_> = files.iter().map(|file| root.join(file)).collect();
    paths.sort_by(|one, other| crate::source::natural(one, other));
    let names = |list: &[PathBuf]| list.iter().map(|path| below(path, root)).collect();
    let found = arrange(root, &paths, Layouts::builtin());
    found.iter().map(|p| (p.key.clone(), [names(&p.logs), names(&p.config), names(&p.checkpoints)])).collect()
}

fn counts(files: &[&str]) -> Vec<(String, usize)> {
    runs(files).into_iter().map(|(key, [logs, ..])| (key, logs.len())).collect()
}

fn named(pairs: &[(&str, usize)]) -> Vec<(String, usize)> {
    pairs.iter().map(|&(key, count)| (key.to_owned(), count)).collect()
}

#[test]
fn every_layout_holds_on_its_examples() {
    let layouts = Layouts::read(include_str!("../../layouts.toml")).unwrap();
    for layout in &layouts.list {
        for example in &layout.examples {
            let files: Vec<&str> = example.files.iter().map(String::as_str).collect();
            let expected = [&example.logs, &example.config, &example.checkpoints].map(Clone::clone);

            assert_eq!(vec![(".".to_owned(), expected.clone())], runs(&files), "{}", layout.name);
            // The same a level deeper, beside another.
            let both: Vec<String> =
                ["a/", "b/"].iter().flat_map(|f| files.iter().map(move |n| format!("{f}{n}"))).collect();
            let found = runs(&both.iter().map(String::as_str).collect::<Vec<_>>());
            let below = expected.map(|list| list.iter().map(|name| format!("b/{name}")).collect());
            assert_eq!(2, found.len(), "{}", layout.name);
            assert_eq!(("b".to_owned(), below), found[1], "{}", layout.name);
        }
    }
}

#[test]
fn a_file_of_layouts_tells_its_mistakes() {
    let text = include_str!("../../layouts.toml");

    assert_eq!("unknown key 'hiden'", Layouts::read(&text.replace("hidden =", "hiden = []\nhidden =")).unwrap_err());
    assert_eq!("wanted a string 'name'", Layouts::read(&text.replace("name = \"metrics_csv\"", "")).unwrap_err());
    assert_eq!("wanted a table 'files'", Layouts::read("").unwrap_err());
}

#[test]
fn a_run_or_a_folder_of_runs() {
    assert_eq!(named(&[("run_0.csv", 1), ("run_1.csv", 1)]), counts(&["run_0.csv", "run_1.csv"]));
    assert_eq!(named(&[(".", 2)]), counts(&["train.log", "eval.csv"]));
    assert_eq!(named(&[(".", 2)]), counts(&["train.log.1", "train.log.2"]));
    assert_eq!(named(&[(".", 2)]), counts(&["log_rank0.txt", "log_rank1.txt"]));
    assert_eq!(named(&[(".", 2)]), counts(&["job.out", "job.err"]));
    assert_eq!(named(&[("a", 1), ("b", 1)]), counts(&["a/train.log", "b/train.log"]));
    assert_eq!(named(&[("a", 2), ("b", 1)]), counts(&["a/train.log", "a/eval.csv", "b/train.log"]));
    assert_eq!(named(&[("run1.log", 1), ("run2.log", 1)]), counts(&["run1.log.gz", "run2.log.gz"]));
    assert_eq!(named(&[("a", 1), ("b/x", 1)]), counts(&["a/logs/train.log", "b/x/logs/train.log"]));
    assert_eq!(named(&[("s2", 1), ("s10", 1)]), counts(&["s10/train.log", "s2/train.log"]));
    assert_eq!(named(&[]), counts(&["config.json", "model.pt", "a.png"]));
}

#[test]
fn trackers_know_what_is_theirs() {
    // A store of MLflow: two experiments, three runs, nothing else.
    let run =
        |at: &str| ["meta.yaml", "metrics/loss", "params/lr", "tags/mlflow.user"].map(|name| format!("{at}/{name}"));
    let store: Vec<String> =
        ["0/aa", "0/bb", "1/cc"].iter().flat_map(|at| run(at)).chain(["0/meta.yaml".into()]).collect();
    let store: Vec<&str> = store.iter().map(String::as_str).collect();
    assert_eq!(named(&[("0/aa", 1), ("0/bb", 1), ("1/cc", 1)]), counts(&store));
    // Event files belong to the log beside them; alone they are the log; in a run's own folder they are neither.
    assert_eq!(named(&[(".", 2)]), counts(&["train.log", "events.out.tfevents.1.node"]));
    assert_eq!(named(&[("tb", 2)]), counts(&["tb/events.out.tfevents.1.node", "tb/events.out.tfevents.2.node"]));
    assert_eq!(
        named(&[("run-0", 1), ("run-1", 1)]),
        counts(&[
            "run-0/checkpoint-5/trainer_state.json",
            "run-0/checkpoint-10/trainer_state.json",
            "run-0/runs/Nov21_node/events.out.tfevents.1",
            "run-1/checkpoint-5/trainer_state.json",
        ])
    );
    // Hydra's jobs are runs by their folders, Lightning's by their versions.
    assert_eq!(named(&[("0", 1), ("1", 1)]), counts(&["0/main.log", "1/main.log", "multirun.yaml"]));
    assert_eq!(
        named(&[("lightning_logs/version_0", 1), ("lightning_logs/version_1", 1)]),
        counts(&[
            "lightning_logs/version_0/metrics.csv",
            "lightning_logs/version_0/hparams.yaml",
            "lightning_logs/version_1/metrics.csv",
        ])
    );
    // A database is whatever runs it holds.
    assert_eq!(named(&[("mlflow.db", 1), ("a", 1)]).len(), counts(&["mlflow.db", "a/train.log"]).len());
}

#[test]
fn the_first_log_of_a_layout_is_the_one() {
    let files =
        ["e/logs/metrics.csv", "e/logs.pdf/metrics.csv", "e/metrics.csv", "e/train.log", "metrics.csv", "f/x.log"];
    let found: Vec<_> = runs(&files).into_iter().map(|(key, [logs, ..])| (key, logs.join(" "))).collect();
    let expected = [(".", "metrics.csv"), ("e", "e/logs/metrics.csv"), ("f", "f/x.log")];

    assert_eq!(expected.map(|(key, logs)| (key.to_owned(), logs.to_owned())).to_vec(), found);
}

#[test]
fn settings_go_down_and_the_nearest_wins() {
    let files =
        ["config.yaml", "a/config.json", "a/run_0.csv", "a/run_1.csv", "a/run_1.yaml", "b/t.log", "b/notes.yaml"];
    let found: Vec<_> = runs(&files).into_iter().map(|(key, [_, config, _])| (key, config.join(" "))).collect();
    let expected = [
        ("a/run_0.csv", "config.yaml a/config.json"),
        ("a/run_1.csv", "config.yaml a/config.json a/run_1.yaml"),
        ("b", "config.yaml"),
    ];

    assert_eq!(expected.map(|(key, config)| (key.to_owned(), config.to_owned())).to_vec(), found);
}

#[test]
fn a_run_keeps_its_settings_to_itself() {
    let files = ["config.json", "train.log", "old/train.log"];

    assert_eq!(
        vec![Vec::<String>::new()],
        runs(&files)[1..].iter().map(|(_, [_, c, _])| c.clone()).collect::<Vec<_>>()
    );
}

#[test]
fn checkpoints_are_in_order_and_whole() {
    let files =
        ["train.log", "ckpt/10.pt", "ckpt/9.pt", "checkpoint-10/a.safetensors", "checkpoint-10/o.pt", "best.pth"];

    let expected = ["best.pth", "checkpoint-10", "ckpt/9.pt", "ckpt/10.pt"].map(str::to_owned).to_vec();
    assert_eq!(expected, runs(&files)[0].1[2]);
}

fn tree(files: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for file in files {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    root
}

#[test]
fn a_log_by_its_name_has_what_lies_beside_it() {
    let root = tree(&[
        "e/logs/metrics.csv",
        "e/config.json",
        "e/checkpoints/1.pt",
        "r/run_0.csv",
        "r/run_1.csv",
        "r/run_0.yaml",
    ]);
    let names = |list: Vec<PathBuf>| list.iter().map(|path| below(path, root.path())).collect::<Vec<_>>();
    let metrics = beside(&root.path().join("e/logs/metrics.csv")).remove(0);

    assert_eq!(["e/config.json"], *names(metrics.config));
    assert_eq!(["e/checkpoints/1.pt"], *names(metrics.checkpoints));
    assert_eq!(["r/run_0.yaml"], *names(beside(&root.path().join("r/run_0.csv")).remove(0).config));
    assert_eq!(PathBuf::from("gone/x.log"), beside(Path::new("gone/x.log"))[0].path);
}

#[test]
fn globs_give_folders_as_runs_and_files_each() {
    let root = tree(&["s1/train.log", "s1/config.json", "s1/.hydra/config.yaml", "s2/train.log", "x.log", "y.log"]);
    let keys = |glob: &str| {
        let found = places(&root.path().join(glob)).unwrap();
        found.list.into_iter().map(|place| (place.key, place.config.len())).collect::<Vec<_>>()
    };

    assert_eq!(vec![("s1".to_owned(), 2), ("s2".to_owned(), 0)], keys("s*"));
    assert_eq!(vec![("x.log".to_owned(), 0), ("y.log".to_owned(), 0)], keys("*.log"));
    assert_eq!(vec![("s1/train.log".to_owned(), 0), ("s2/train.log".to_owned(), 0)], keys("*/train.log"));
    assert!(places(&root.path().join("*.no")).is_err());
}

#[test]
fn ten_thousand_runs_are_no_trouble() {
    let files: Vec<String> =
        (0..10_000).flat_map(|n| [format!("r{n}/logs/metrics.csv"), format!("r{n}/config.json")]).collect();
    let found = runs(&files.iter().map(String::as_str).collect::<Vec<_>>());

    assert_eq!(10_000, found.len());
    assert_eq!(["r9999/config.json"], *found[9999].1[1]);
}
