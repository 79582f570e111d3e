//! What settings files say, by hand.
#![allow(clippy::unwrap_used)]

use super::Setting::{Flag, Float, Int, Text};
use super::*;

fn read(text: &str, name: &str) -> Vec<(String, Setting)> {
    settings(text.as_bytes(), name).unwrap()
}

fn text(word: &str) -> Setting {
    Text(word.to_owned())
}

fn told(text: &str, name: &str) -> String {
    settings(text.as_bytes(), name).unwrap_err().to_string()
}

fn named(pairs: Vec<(&str, Setting)>) -> Vec<(String, Setting)> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The same settings in every form.
fn expected() -> Vec<(String, Setting)> {
    named(vec![
        ("lr", Float(1e-3)),
        ("batch", Int(32)),
        ("amp", Flag(true)),
        ("name", text("tiny 1")),
        ("model.dim", Int(64)),
        ("model.betas", text("[0.9, 0.95]")),
    ])
}

#[test]
fn every_form_says_the_same() {
    let json = r#"{"lr": 1e-3, "batch": 32, "amp": true, "seed": null, "name": "tiny 1",
                   "model": {"dim": 64, "betas": [0.9, 0.95]}}"#;
    let yaml = "lr: 1e-3\nbatch: 32\namp: yes\nseed: null\nname: tiny 1\nmodel:\n  dim: 64\n  betas: [0.9, 0.95]\n";
    let toml = "lr = 1e-3\nbatch = 32\namp = true\nname = 'tiny 1'\n[model]\ndim = 64\nbetas = [0.9, 0.95]\n";

    assert_eq!(expected(), read(json, "config.json"));
    assert_eq!(expected(), read(json, "config"));
    assert_eq!(expected(), read(yaml, "a/hparams.yaml"));
    // The order of TOML's keys means nothing.
    let mut by_name = expected();
    by_name.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(by_name, read(toml, "config.toml"));
    assert_eq!(expected(), read(&format!("\u{feff}{json}"), "config.json"));
}

#[test]
fn lines_and_namespaces() {
    let lines = "# made by hand\nlr = 0.001\n--batch 32\n\n[model]\ndim: 64\nname='a b'\nnothing = None\n";
    let expected =
        named(vec![("lr", Float(0.001)), ("batch", Int(32)), ("model.dim", Int(64)), ("model.name", text("a b"))]);
    assert_eq!(expected, read(lines, "config.ini"));

    let namespace =
        "Namespace(lr=0.001, name='a, b', betas=(0.9, 0.95), opt=Namespace(kind='adam', eps=1e-08), x=None)";
    let expected = named(vec![
        ("lr", Float(0.001)),
        ("name", text("a, b")),
        ("betas", text("(0.9, 0.95)")),
        ("opt.kind", text("adam")),
        ("opt.eps", Float(1e-8)),
    ]);
    assert_eq!(expected, read(namespace, "args.txt"));
}

#[test]
fn tables_in_lists_are_numbered() {
    let expected = named(vec![("layers.0.dim", Int(1)), ("layers.1.dim", Int(2)), ("layers.2", Int(3))]);

    assert_eq!(expected, read(r#"{"layers": [{"dim": 1}, {"dim": 2}, 3]}"#, "c.json"));
}

#[test]
fn the_last_of_equal_keys_stays() {
    assert_eq!(named(vec![("a", Int(3)), ("b", Int(2))]), read(r#"{"a": 1, "b": 2, "a": 3}"#, "c.json"));
}

#[test]
fn yaml_anchors_and_merges() {
    let yaml = "base: &base {lr: 0.1, wd: 0}\nrun:\n  <<: *base\n  lr: 0.2\nagain: *base\n";
    let expected = named(vec![
        ("base.lr", Float(0.1)),
        ("base.wd", Int(0)),
        ("run.lr", Float(0.2)),
        ("run.wd", Int(0)),
        ("again.lr", Float(0.1)),
        ("again.wd", Int(0)),
    ]);

    assert_eq!(expected, read(yaml, "c.yaml"));
}

#[test]
fn scalars_are_what_people_mean() {
    let yaml = "a: '1'\nb: !!str 2\nc: 1_000\nd: -.inf\ne: v1.2\nf: 2024-01-01\ng: 99999999999999999999\nh: |\n  x\n";
    let expected = named(vec![
        ("a", text("1")),
        ("b", text("2")),
        ("c", Int(1000)),
        ("d", Float(f64::NEG_INFINITY)),
        ("e", text("v1.2")),
        ("f", text("2024-01-01")),
        ("g", Float(1e20)),
        ("h", text("x\n")),
    ]);

    assert_eq!(expected, read(yaml, "c.yml"));
}

#[test]
fn nothing_is_no_settings() {
    for (body, name) in [("", "c.yaml"), ("{}", "c.json"), ("", "c.toml"), ("# x\n", "c.txt"), ("--- \n", "c.yaml")] {
        assert_eq!(named(vec![]), read(body, name), "{name}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    assert!(told("{\"a\": 1", "c.json").starts_with("wanted JSON settings, found EOF while parsing"));
    assert!(told("a: [1", "c.yaml").starts_with("wanted YAML settings"));
    assert!(told("a = ", "c.toml").starts_with("wanted TOML settings"));
    assert_eq!("wanted settings by name, found a bare value (c.json)", told("[1, 2]", "c.json"));
    assert_eq!("wanted settings as `key = value` lines, found none (notes)", told("to be or not\n", "notes"));
}

#[test]
fn giants_are_refused_in_no_time() {
    let doubled = (1..40).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1));
    let laughs = format!("a0: &a0 [1, 2]\n{}", doubled.collect::<String>());
    let deep = "[".repeat(100_000);
    let many: Vec<_> = (0..10_001).map(|n| format!("\"k{n}\": {n}")).collect();

    assert_eq!(format!("{} (c.yaml)", tree::TOO_MANY), told(&laughs, "c.yaml"));
    assert!(told(&format!("a: {deep}"), "c.yaml").starts_with("wanted"));
    assert!(told(&format!("{{\"a\": {deep}"), "c.json").starts_with("wanted"));
    assert!(told(&format!("a = {deep}"), "c.toml").starts_with("wanted"));
    let nested = format!("Namespace(a={}1{}", "Namespace(a=".repeat(5000), ")".repeat(5001));
    assert_eq!(format!("{} (c.txt)", tree::TOO_DEEP), told(&nested, "c.txt"));
    assert_eq!(format!("{} (c.json)", tree::TOO_MANY), told(&format!("{{{}}}", many.join(",")), "c.json"));
}
