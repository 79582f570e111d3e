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
