//! The files below a folder as runs; by their names alone, no file is looked into.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::spec::{Kind, Layouts};
use super::{Place, below};
use crate::source::natural;

/// What makes two files of one run differ in name: rank, rotation, the stream that was captured.
static VARIANT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = r"(?i)[._-]?(?:rank|worker|node|proc|host|gpu)[._-]?\d+|\.\d+$|\.(?:out|err|stdout|stderr)$";
    Regex::new(words).ok()
});
static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d+").ok());
const CODECS: [&str; 5] = [".gz", ".xz", ".zst", ".bz2", ".lz4"];

/// A file and where it stands below the root.
struct File<'a> {
    path: &'a Path,
    /// Its folders, joined with `/`; empty for the root.
    folder: String,
    name: String,
    kind: Kind,
}

impl<'a> File<'a> {
    fn new(path: &'a Path, root: &Path, layouts: &Layouts) -> File<'a> {
        let key = below(path, root);
        let (folder, name) = key.rsplit_once('/').unwrap_or(("", &key));
        let weights = folder.split('/').any(|name| layouts.holds_checkpoints(name));
        let kind = match layouts.kind(name) {
            Kind::Checkpoint => Kind::Checkpoint,
            _ if weights => Kind::Never,
            kind => kind,
        };
        File { path, folder: folder.to_owned(), name: name.to_owned(), kind }
    }

    /// Whether it is of records, which programs write beside their logs.
    fn holds_records(&self) -> bool {
        self.holds_events() || unpacked(&self.name).ends_with(".wandb")
    }

    fn holds_events(&self) -> bool {
        self.name.contains("tfevents.")
    }

    /// The folder of the run that a log is of, as its folders are named.
    fn run_folder(&self, layouts: &Layouts) -> &str {
        let mut folder = outside(&self.folder, layouts);
        while self.holds_events() {
            let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
            if name.is_empty() || !layouts.holds_events(name) {
                break;
            }
            folder = outside(above, layouts);
        }
        folder
    }

    /// The folder that a layout's log is of, if this file is that log.
    fn run_of(&self, logs: &str) -> Option<String> {
        let (within, name) = logs.rsplit_once('/').unwrap_or(("", logs));
        let folder = self.folder.strip_suffix(within).filter(|_| name == self.name)?;
        match (folder, within) {
            ("", _) | (_, "") => Some(folder.to_owned()),
            _ => folder.strip_suffix('/').map(str::to_owned),
        }
    }
}

/// The runs among files below a root, each with its settings and checkpoints.
pub(super) fn arrange(root: &Path, paths: &[PathBuf], layouts: &Layouts) -> Vec<Place> {
    let files: Vec<File<'_>> = paths.iter().map(|path| File::new(path, root, layouts)).collect();
    let mut drafts = recognised(&files, layouts);
    drafts.extend(judged(&files, &drafts, layouts));
    drafts.sort_by(|one, other| natural(Path::new(&one.key), Path::new(&other.key)));
    let settings = Settings::of(&files, &drafts, layouts);
    let mut checkpoints = checkpoints(&files, &drafts, root, layouts);
    let place = |draft: Draft<'_>| Place {
        path: if draft.alone { draft.logs[0].to_owned() } else { joined(root, &draft.folder) },
        config: settings.of_run(&draft),
        checkpoints: checkpoints.remove(&draft.folder).filter(|_| !draft.alone).unwrap_or_default(),
        logs: draft.logs.into_iter().map(Path::to_owned).collect(),
        key: draft.key,
        why: draft.why,
    };
    drafts.into_iter().map(place).collect()
}

fn joined(root: &Path, folder: &str) -> PathBuf {
    if folder.is_empty() { root.to_owned() } else { root.join(folder) }
}

/// A run that is being put together.
struct Draft<'a> {
    key: String,
    folder: String,
    logs: Vec<&'a Path>,
    /// A file among others that are runs too.
    alone: bool,
    why: String,
}

fn keyed(folder: &str) -> String {
    if folder.is_empty() { ".".to_owned() } else { folder.to_owned() }
}

/// The folders that have the log of a layout; the first of its paths that is there is the one.
fn recognised<'a>(files: &[File<'a>], layouts: &Layouts) -> Vec<Draft<'a>> {
    let (mut drafts, mut taken, mut spent) = (Vec::new(), HashSet::new(), HashSet::new());
    for layout in &layouts.list {
        for logs in &layout.logs {
            for file in files.iter().filter(|file| file.kind == Kind::Log) {
                let Some(folder) = file.run_of(logs).filter(|_| !spent.contains(file.path)) else { continue };
                spent.insert(file.path);
                if taken.insert(folder.clone()) {
                    let why = format!("{}: {logs}", layout.name);
                    drafts.push(Draft { key: keyed(&folder), folder, logs: vec![file.path], alone: false, why });
                }
            }
        }
    }
    drafts
}

/// Runs by how files are named, of the logs that no layout has; what lies beside a layout's log is left to it.
fn judged<'a>(files: &[File<'a>], known: &[Draft<'_>], layouts: &Layouts) -> Vec<Draft<'a>> {
    let known: HashSet<&str> = known.iter().map(|draft| &*draft.folder).collect();
    let mut folders: BTreeMap<&str, Vec<&File<'a>>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.kind == Kind::Log) {
        let folder = file.run_folder(layouts);
        if !known.contains(folder) {
            folders.entry(folder).or_default().push(file);
        }
    }
    folders.into_iter().flat_map(|(folder, files)| of_folder(folder, &files)).collect()
}

/// A folder without the parts of a run at its end: `a/logs` is part of `a`.
fn outside<'f>(mut folder: &'f str, layouts: &Layouts) -> &'f str {
    loop {
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        if name.is_empty() || !layouts.is_part(name) {
            return folder;
        }
        folder = above;
    }
}

fn of_folder<'a>(folder: &str, files: &[&File<'a>]) -> Vec<Draft<'a>> {
    // Where logs of text are, what is kept in records besides is mostly the same once more.
    let (records, texts): (Vec<&File<'a>>, Vec<&File<'a>>) = files.iter().partition(|file| file.holds_records());
    let files = if texts.is_empty() { records } else { texts };
    if files.iter().all(|file| file.holds_events()) {
        let why = match &files[..] {
            [_] => "the one event file of its folder".to_owned(),
            _ => format!("{} event files of one run", files.len()),
        };
        let logs = files.iter().map(|file| file.path).collect();
        return vec![Draft { key: keyed(folder), folder: folder.to_owned(), logs, alone: false, why }];
    }
    let names: Vec<&str> = files.iter().map(|file| unpacked(&file.name)).collect();
    if !apart(&names) {
        let why = match &files[..] {
            [_] => "the one log of its folder".to_owned(),
            _ => format!("{} logs that are parts of one run", files.len()),
        };
        let logs = files.iter().map(|file| file.path).collect();
        return vec![Draft { key: keyed(folder), folder: folder.to_owned(), logs, alone: false, why }];
    }
    let each = |(file, name): (&&File<'a>, &str)| {
        let key = if file.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", file.folder) };
        let why = format!("one of {} files alike but for digits", files.len());
        Draft { key, folder: folder.to_owned(), logs: vec![file.path], alone: true, why }
    };
    files.iter().zip(names).map(each).collect()
}

fn unpacked(name: &str) -> &str {
    CODECS.iter().find_map(|codec| name.strip_suffix(codec)).unwrap_or(name)
}

/// Whether files of one folder are runs of their own: one name but for digits, and not by rank or rotation.
fn apart(names: &[&str]) -> bool {
    if names.len() < 2 {
        return false;
    }
    let without = |regex: &Option<Regex>, name: &str, by: &str| {
        regex.as_ref().map_or_else(|| name.to_owned(), |regex| regex.replace_all(name, by).into_owned())
    };
    let alike: HashSet<String> = names.iter().map(|name| without(&DIGITS, name, "0")).collect();
    let plain: HashSet<String> = names.iter().map(|name| without(&VARIANT, name, "")).collect();
    alike.len() == 1 && plain.len() == names.len()
}

/// Files of settings by the folder they are for.
struct Settings<'a> {
    shared: HashMap<String, Vec<&'a Path>>,
    /// By folder and stem.
    named: HashMap<(String, String), Vec<&'a Path>>,
    /// Folders that are runs: their settings are nobody else's.
    runs: HashSet<String>,
}

impl<'a> Settings<'a> {
    fn of(files: &[File<'a>], drafts: &[Draft<'_>], layouts: &Layouts) -> Settings<'a> {
        let (mut shared, mut named) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for file in files {
            let folder = || outside(&file.folder, layouts).to_owned();
            match file.kind {
                Kind::Config => shared.entry(folder()).or_default().push(file.path),
                Kind::Named => named.entry((folder(), stem(&file.name).to_owned())).or_default().push(file.path),
                Kind::Log | Kind::Checkpoint | Kind::Never => {}
            }
        }
        let runs = drafts.iter().filter(|draft| !draft.alone).map(|draft| draft.folder.clone()).collect();
        Settings { shared, named, runs }
    }

    /// Those of the folders above, then of the run's own, then those that have its log's name.
    fn of_run(&self, draft: &Draft<'_>) -> Vec<PathBuf> {
        let mut folders: Vec<&str> = vec![&draft.folder];
        while let Some((above, _)) =
            folders.last().filter(|f| !f.is_empty()).map(|f| f.rsplit_once('/').unwrap_or(("", f)))
        {
            folders.push(above);
        }
        let others = folders.into_iter().rev().filter(|&f| f == draft.folder || !self.runs.contains(f));
        let shared = others.filter_map(|folder| self.shared.get(folder)).flatten();
        let names = draft.logs.iter().filter_map(|log| log.file_name()?.to_str());
        let own = names.filter_map(|name| self.named.get(&(draft.folder.clone(), stem(unpacked(name)).to_owned())));
        shared.chain(own.flatten()).map(|&path| path.to_owned()).collect()
    }
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The checkpoints of each run's folder, in the order of the files; a folder that is one checkpoint comes once.
fn checkpoints(
    files: &[File<'_>],
    drafts: &[Draft<'_>],
    root: &Path,
    layouts: &Layouts,
) -> HashMap<String, Vec<PathBuf>> {
    let runs: HashSet<&str> = drafts.iter().map(|draft| &*draft.folder).collect();
    let mut found: HashMap<String, Vec<PathBuf>> = HashMap::new();
    for file in files.iter().filter(|file| file.kind == Kind::Checkpoint) {
        let Some(run) = ancestors(&file.folder).find(|folder| runs.contains(folder)) else { continue };
        let whole = ancestors(&file.folder)
            .filter(|folder| folder.len() > run.len())
            .filter(|folder| layouts.is_checkpoint(folder.rsplit('/').next().unwrap_or(folder)));
        let path = whole.last().map_or_else(|| file.path.to_owned(), |folder| root.join(folder));
        let list = found.entry(run.to_owned()).or_default();
        if list.last() != Some(&path) {
            list.push(path);
        }
    }
    found
}

/// A folder, and those it is in, up to the root.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}
