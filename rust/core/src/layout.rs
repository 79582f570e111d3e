//! Finds the runs that a path stands for: which folders are runs, and where their logs, settings and checkpoints lie.

mod arrange;
mod spec;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};
use crate::source::{expand, matches};
use arrange::arrange;
use spec::Layouts;

/// A run on a disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Its path below what was asked for, `.` for that itself.
    pub key: String,
    /// Its folder; its file, where that is all it has.
    pub path: PathBuf,
    pub logs: Vec<PathBuf>,
    /// Files of settings, those that win last.
    pub config: Vec<PathBuf>,
    pub checkpoints: Vec<PathBuf>,
    /// What says that this is a run.
    pub why: String,
}

/// Runs found, in the order people count, and what could not be looked into.
#[derive(Debug, Default)]
pub struct Places {
    pub list: Vec<Place>,
    pub problems: Vec<Error>,
}

/// The runs of a folder; of a glob those of each folder it matches, and each file; of a file that alone.
/// Refuses what is missing.
pub fn places(path: &Path) -> Result<Places> {
    if path.is_dir() {
        return folder(path, path);
    }
    if path.exists() {
        return Ok(Places { list: vec![file(path, path, "a file")], problems: Vec::new() });
    }
    let found = matches(path)?;
    let mut all = Places { list: Vec::new(), problems: found.problems };
    let root = fixed(path);
    for path in found.paths {
        if path.is_dir() {
            let Places { list, problems } = folder(&path, &root)?;
            all.list.extend(list);
            all.problems.extend(problems);
        } else {
            all.list.push(file(&path, &root, "a file"));
        }
    }
    Ok(all)
}

/// The run of a log that was named itself, with what lies beside it; then those of the logs beside it, each as if named.
pub fn beside(log: &Path) -> Vec<Place> {
    let layouts = Layouts::builtin();
    let folder = layouts.folder_of(log);
    let files = shallow(&folder, layouts);
    let hidden = hidden(&folder, layouts);
    let alone = |found: &Place, log: &PathBuf| Place {
        config: hidden.iter().chain(&found.config).cloned().collect(),
        checkpoints: found.checkpoints.clone(),
        ..file(log, &folder, "a file")
    };
    let found = arrange(&folder, &files, layouts);
    let all = found.iter().flat_map(|found| found.logs.iter().map(|log| alone(found, log)));
    let (mut own, others): (Vec<Place>, Vec<Place>) = all.partition(|place| place.path == log);
    if own.is_empty() {
        own.push(file(log, &folder, "a file"));
    }
    own.extend(others);
    own
}

fn folder(path: &Path, root: &Path) -> Result<Places> {
    let layouts = Layouts::builtin();
    let found = expand(path)?;
    let mut list = arrange(path, &found.paths, layouts);
    for place in &mut list {
        if found.hiding.contains(&place.path) {
            place.config.splice(0..0, hidden(&place.path, layouts));
        }
        if path != root {
            place.key = below(&place.path, root);
        }
    }
    Ok(Places { list, problems: found.problems })
}

fn file(path: &Path, root: &Path, why: &str) -> Place {
    let key =
        if path == root { path.file_name().unwrap_or_default().to_string_lossy().into() } else { below(path, root) };
    Place { key, path: path.to_owned(), logs: vec![path.to_owned()], why: why.to_owned(), ..Place::default() }
}

/// A path below a root, with `/` whatever the system.
fn below(path: &Path, root: &Path) -> String {
    let rest = path.strip_prefix(root).unwrap_or(path);
    let names: Vec<_> = rest.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if names.is_empty() { ".".to_owned() } else { names.join("/") }
}

/// The part of a glob before its first sign.
fn fixed(glob: &Path) -> PathBuf {
    let plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
    glob.components().take_while(plain).collect()
}

/// Files of settings in hidden folders.
fn hidden(folder: &Path, layouts: &Layouts) -> Vec<PathBuf> {
    layouts.hidden.iter().map(|name| folder.join(name)).filter(|path| path.is_file()).collect()
}

/// The files of a folder and of its checkpoint and log folders; not all that is below it, which may be a disk.
fn shallow(folder: &Path, layouts: &Layouts) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![(folder.to_owned(), 2_u8)]);
    while let Some((folder, depth)) = folders.pop() {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        let entries = fs::read_dir(here).into_iter().flatten().filter_map(std::io::Result::ok);
        for entry in entries {
            let path = folder.join(entry.file_name());
            match path.is_dir() {
                true if depth > 0 && layouts.is_part(&entry.file_name().to_string_lossy()) => {
                    folders.push((path, depth - 1));
                }
                true => {}
                false => files.push(path),
            }
        }
    }
    files.sort_by(|one, other| crate::source::natural(one, other));
    files
}
