use super::*;
use crate::format::builtin::{ENVELOPES, FORMATS, formats};

fn told(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("{p}\n")).collect()
}

#[test]
fn every_format_of_the_catalogue_satisfies_the_eight_checks() {
    let mut problems = Vec::new();
    for file in FORMATS {
        let others: Vec<_> = formats().iter().filter(|f| format!("{}.toml", f.name()) != file.name).cloned().collect();
        problems.extend(check(file.text, file.name, &others));
    }

    assert!(problems.is_empty(), "\n{}", told(&problems));
    assert_eq!(FORMATS.len(), formats().len());
}

#[test]
fn every_envelope_takes_off_what_its_examples_say() {
    let problems: Vec<_> = ENVELOPES.iter().flat_map(|file| check_envelope(*file)).collect();

    assert!(problems.is_empty(), "\n{}", told(&problems));
    assert_eq!(ENVELOPES.len(), envelopes().list().len());
}

#[test]
fn the_lists_name_all_files_of_the_catalogue() {
    for (folder, listed) in [("formats", FORMATS), ("formats/envelopes", ENVELOPES)] {
        let files = std::fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let missing: Vec<_> = names.filter(|n| n.ends_with(".toml") && !listed.iter().any(|f| f.name == *n)).collect();

        assert!(missing.is_empty(), "{missing:?} are not in builtin.rs");
    }
    assert!(FORMATS.is_sorted_by_key(|file| file.name), "the formats are sorted by name");
}

/// A file for each kind of mistake, and beside it what is said about it. Where a message is meant to change,
/// `FASTLOGS_BLESS=1 cargo test` writes the new ones, to be read before they are kept.
#[test]
fn every_mistake_is_told_where_it_stands_and_what_to_type() {
    let folder = format!("{}/../../tests/data/broken", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext == "toml"));
    files.sort();
    assert!(files.len() >= 30);
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let found = told(&check(&std::fs::read_to_string(&path).unwrap(), name, formats()));
        let expected = path.with_extension("txt");
        if std::env::var_os("FASTLOGS_BLESS").is_some() {
            std::fs::write(&expected, &found).unwrap();
        }

        assert!(!found.is_empty(), "{name} has no mistake");
        assert_eq!(std::fs::read_to_string(&expected).unwrap(), found, "{name}");
    }
}

/// A user's format begins as a copy of one of ours: under its name or another.
#[test]
fn a_copy_is_not_held_against_what_it_was_copied_from() {
    for file in FORMATS {
        let own = format!("\"{}\"", file.name.trim_end_matches(".toml"));
        let renamed = file.text.replacen(&own, "\"my_own\"", 1);
        for (text, name) in [(file.text, file.name), (renamed.as_str(), "my_own.toml")] {
            let problems = check(text, name, formats());

            assert!(problems.is_empty(), "\n{}", told(&problems));
        }
    }
}

const STRANGE: &str = "
[[line]]
name = 'own'
regex = '^step:{step:INT}/{_all:INT} train_time:{_time:NUM}ms step_avg:{step_avg:NUMms}$'

[[example]]
line = 'step:13/1480 train_time:424ms step_avg:141.27ms'
is = 'own'
at = { step = 13 }
row = { step_avg = 141.27 }
";

#[test]
fn a_copy_with_a_rule_more_is_held_against_all_others() {
    let file = FORMATS.iter().find(|file| file.name == "nanogpt.toml").unwrap();
    let text = format!("{}{STRANGE}", file.text.replacen("needs = [", "needs = [\"step:\", ", 1));

    let problems = told(&check(&text, "nanogpt.toml", formats()));

    assert!(problems.contains("takes an example of format 'nanogpt'"), "{problems}");
}
