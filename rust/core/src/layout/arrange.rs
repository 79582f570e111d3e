//! The files below a folder as runs; by their names alone, no file is looked into.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::spec::{Kind, Layout, Layouts, Way};
use super::{Place, below};
use crate::source::natural;

/// What makes two files of one run differ in name: rank, rotation, the stream that was captured.
static VARIANT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = r"(?i)[._-]?(?:rank|worker|node|proc|host|gpu)[._-]?\d+|\.\d+$|\.(?:out|err|stdout|stderr)$";
    Regex::new(words).ok()
});
static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d+").ok());
/// What says that a run is a database of runs.
const STORE: &str = "a database";
const CODECS: [&str; 5] = [".gz", ".xz", ".zst", ".bz2", ".lz4"];

/// What files are, by the names that were met: runs have files of the same names.
type Kinds = hashbrown::HashMap<String, Kind>;

/// A file and where it stands below the root.
struct File<'a> {
    path: &'a Path,
    /// Its folders, joined with `/`; empty for the root.
    folder: String,
    name: String,
    kind: Kind,
}

impl<'a> File<'a> {
    /// Its path below the root.
    fn key(&self) -> String {
        if self.folder.is_empty() { self.name.clone() } else { format!("{}/{}", self.folder, self.name) }
    }

    fn new(path: &'a Path, root: &Path, layouts: &Layouts, kinds: &mut Kinds) -> File<'a> {
        let key = below(path, root);
        let (folder, name) = key.rsplit_once('/').unwrap_or(("", &key));
        let weights = layouts.is_weights(folder);
        let kind = match *kinds.entry_ref(name).or_insert_with(|| layouts.kind(name)) {
            Kind::Checkpoint => Kind::Checkpoint,
            _ if weights => Kind::Never,
            kind => kind,
        };
        File { path, folder: folder.to_owned(), name: name.to_owned(), kind }
    }

    /// The folder that a way leads from to this file, or to a folder above it.
    fn run_of(&self, way: &Way) -> Option<&str> {
        let depth = way.within.len();
        let Some(name) = &way.name else { return self.run_above(way, depth) };
        if !name.fits(&self.name) {
            return None;
        }
        let mut rest = &*self.folder;
        for word in way.within.iter().rev() {
            let (above, last) = rest.rsplit_once('/').unwrap_or(("", rest));
            if last.is_empty() || !word.fits(last) {
                return None;
            }
            rest = above;
        }
        Some(rest)
    }

    /// The same of a folder of files that are one metric each.
    fn run_above(&self, way: &Way, depth: usize) -> Option<&str> {
        let parts: Vec<&str> = self.folder.split('/').collect();
        let fits = |at: &usize| way.within.iter().zip(&parts[*at..]).all(|(word, part)| word.fits(part));
        let at = (0..(parts.len() + 1).saturating_sub(depth)).find(fits)?;
        let len = parts[..at].iter().map(|part| part.len() + 1).sum::<usize>().saturating_sub(1);
        Some(&self.folder[..len])
    }
}

/// The runs among files below a root, each with its settings and checkpoints.
pub(super) fn arrange(root: &Path, paths: &[PathBuf], layouts: &'static Layouts) -> Vec<Place> {
    let mut kinds = Kinds::new();
    let mut files: Vec<File<'_>> = paths.iter().map(|path| File::new(path, root, layouts, &mut kinds)).collect();
    let marked = marked(&files, layouts);
    for file in files.iter_mut().filter(|file| ancestors(&file.folder).any(|folder| marked.contains(folder))) {
        file.kind = Kind::Checkpoint;
    }
    let mut drafts = recognised(&files, root, layouts);
    drafts.extend(judged(&files, &drafts, layouts));
    drafts.sort_by(|one, other| natural(Path::new(&one.key), Path::new(&other.key)));
    let settings = Settings::of(&files, &drafts, layouts);
    let mut own = layout_settings(&files, &drafts, root);
    let is_whole = |folder: &str| marked.contains(folder) || layouts.is_checkpoint(last(folder));
    let mut checkpoints = checkpoints(&files, &drafts, root, is_whole);
    let place = |draft: Draft<'_>| Place {
        path: if draft.alone { draft.logs[0].clone() } else { joined(root, &draft.folder) },
        config: settings.of_run(&draft).into_iter().chain(own.remove(&draft.folder).unwrap_or_default()).collect(),
        checkpoints: checkpoints.remove(&draft.folder).filter(|_| !draft.alone).unwrap_or_default(),
        logs: draft.logs,
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
    logs: Vec<PathBuf>,
    /// A file among others that are runs too.
    alone: bool,
    why: String,
    layout: Option<&'a Layout>,
}

fn keyed(folder: &str) -> String {
    if folder.is_empty() { ".".to_owned() } else { folder.to_owned() }
}

/// The folders that have the log of a layout; the first of its ways that leads to one is the one.
fn recognised<'a>(files: &[File<'a>], root: &Path, layouts: &'a Layouts) -> Vec<Draft<'a>> {
    let keys: HashSet<String> = files.iter().map(File::key).collect();
    let other_logs: HashSet<&str> =
        files.iter().filter(|file| file.kind == Kind::Log).map(|file| outside(&file.folder, layouts)).collect();
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    let (mut taken, mut spent) = (HashMap::<String, (usize, &Way)>::new(), HashSet::new());
    // What stands higher says whose the folders below it are.
    let mut highest: Vec<&File<'a>> = files.iter().collect();
    highest.sort_by_key(|file| file.folder.matches('/').count() + usize::from(!file.folder.is_empty()));
    for layout in &layouts.list {
        for way in &layout.logs {
            for file in &highest {
                let Some(folder) = file.run_of(way).filter(|_| !spent.contains(file.path)) else { continue };
                if layouts.is_weights(folder) || way.within.is_empty() && layouts.is_weights(&file.folder) {
                    continue;
                }
                let log = way.log(file, folder, root);
                if let Some((at, by)) = taken.get(folder) {
                    drafts[*at].add_by(by, way, log);
                    spent.insert(file.path);
                } else if layout.has_all(folder, &keys)
                    && !(layout.alone && other_logs.contains(folder))
                    && !is_inside(&file.folder, folder, &drafts, &taken)
                {
                    taken.insert(folder.to_owned(), (drafts.len(), way));
                    let why = format!("{}: {}", layout.name, way.text);
                    let logs = vec![log];
                    let (key, folder) = (keyed(folder), folder.to_owned());
                    drafts.push(Draft { key, folder, logs, alone: false, why, layout: Some(layout) });
                    spent.insert(file.path);
                }
            }
        }
    }
    for file in files.iter().filter(|file| !spent.contains(file.path)) {
        for layout in &layouts.list {
            for way in &layout.also {
                let known = file.run_of(way).and_then(|folder| taken.get(folder));
                let Some((at, _)) = known.filter(|(at, _)| drafts[*at].is_of(layout)) else { continue };
                drafts[*at].logs.push(file.path.to_owned());
            }
        }
    }
    drafts
}

/// Whether a file lies in a folder that a run keeps for itself.
fn is_inside(of_file: &str, run: &str, drafts: &[Draft<'_>], taken: &HashMap<String, (usize, &Way)>) -> bool {
    ancestors(of_file).any(|above| {
        let Some((at, _)) = taken.get(above).filter(|_| above != run) else { return false };
        let rest = of_file[above.len()..].trim_start_matches('/');
        let part = rest.split('/').next().unwrap_or(rest);
        drafts[*at].layout.is_some_and(|layout| layout.inside.iter().any(|name| name == part))
    })
}

impl Layout {
    fn has_all(&self, folder: &str, keys: &HashSet<String>) -> bool {
        let key = |name: &String| if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        self.beside.iter().all(|name| keys.contains(&key(name)))
    }
}

impl Way {
    /// The log that a file stands for: itself, or the folder that holds it.
    fn log(&self, file: &File<'_>, run: &str, root: &Path) -> PathBuf {
        if self.name.is_some() {
            return file.path.to_owned();
        }
        let rest = file.folder[run.len()..].trim_start_matches('/');
        let within: Vec<&str> = rest.split('/').take(self.within.len()).collect();
        joined(root, run).join(within.join("/"))
    }
}

impl Draft<'_> {
    /// Another log that fits a way to the run's own.
    fn add_by(&mut self, own: &Way, way: &Way, log: PathBuf) {
        match () {
            () if !std::ptr::eq(own, way) || self.logs.last() == Some(&log) => {}
            () if way.takes_all() => self.logs.push(log),
            () if way.takes_last() => self.logs = vec![log],
            () => {}
        }
    }

    fn is_of(&self, layout: &Layout) -> bool {
        self.layout.is_some_and(|own| std::ptr::eq(own, layout))
    }
}

/// Runs by how files are named, of the logs that no layout has; what lies beside a layout's log is left to it.
fn judged<'a>(files: &[File<'a>], known: &[Draft<'_>], layouts: &Layouts) -> Vec<Draft<'a>> {
    let taken: HashMap<&str, &Draft<'_>> = known.iter().map(|draft| (&*draft.folder, draft)).collect();
    let inside = |file: &File<'_>| {
        ancestors(&file.folder).any(|above| {
            let rest = file.folder[above.len()..].trim_start_matches('/');
            let part = rest.split('/').next().unwrap_or(rest);
            let layout = taken.get(above).and_then(|draft| draft.layout);
            layout.is_some_and(|layout| layout.inside.iter().any(|name| name == part))
        })
    };
    let mut folders: BTreeMap<&str, Vec<&File<'a>>> = BTreeMap::new();
    let mut events: HashMap<&str, Vec<PathBuf>> = HashMap::new();
    let mut drafts = Vec::new();
    for file in files.iter().filter(|file| !inside(file)) {
        let folder = outside(&file.folder, layouts);
        match file.kind {
            Kind::Log if !taken.contains_key(folder) => folders.entry(folder).or_default().push(file),
            Kind::Events if !taken.contains_key(folder) => events.entry(folder).or_default().push(file.path.to_owned()),
            Kind::Store => drafts.push(store(file)),
            Kind::Log | Kind::Events | Kind::Config | Kind::Checkpoint | Kind::Named | Kind::Never => {}
        }
    }
    for (folder, files) in folders {
        let mut found = of_folder(folder, &files);
        // Beside one run's logs they are another of its logs; beside several, nobody knows whose.
        if let [one] = &mut found[..] {
            one.logs.extend(events.remove(folder).into_iter().flatten());
        }
        drafts.extend(found);
    }
    drafts
}

/// A database: whoever reads it knows its runs.
fn store<'a>(file: &File<'a>) -> Draft<'a> {
    let (folder, why) = (file.folder.clone(), STORE.to_owned());
    Draft { key: file.key(), folder, logs: vec![file.path.to_owned()], alone: true, why, layout: None }
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
    let names: Vec<&str> = files.iter().map(|file| unpacked(&file.name)).collect();
    if !apart(&names) {
        let why = match files {
            [_] => "the one log of its folder".to_owned(),
            _ => format!("{} logs that are parts of one run", files.len()),
        };
        let logs = files.iter().map(|file| file.path.to_owned()).collect();
        return vec![Draft { key: keyed(folder), folder: folder.to_owned(), logs, alone: false, why, layout: None }];
    }
    let each = |(file, name): (&&File<'a>, &str)| {
        let key = if file.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", file.folder) };
        let why = format!("one of {} files alike but for digits", files.len());
        Draft { key, folder: folder.to_owned(), logs: vec![file.path.to_owned()], alone: true, why, layout: None }
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
                Kind::Log | Kind::Events | Kind::Store | Kind::Checkpoint | Kind::Never => {}
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

/// Settings that only a layout knows for such, by the folder of the run.
fn layout_settings(files: &[File<'_>], drafts: &[Draft<'_>], root: &Path) -> HashMap<String, Vec<PathBuf>> {
    let runs: HashMap<&str, &Layout> = drafts
        .iter()
        .filter_map(|draft| Some((&*draft.folder, draft.layout?)))
        .filter(|(_, l)| !l.config.is_empty())
        .collect();
    let mut found: HashMap<String, Vec<PathBuf>> = HashMap::new();
    if runs.is_empty() {
        return found;
    }
    for file in files {
        for (folder, layout) in ancestors(&file.folder).filter_map(|above| Some((above, *runs.get(above)?))) {
            for way in layout.config.iter().filter(|way| file.run_of(way) == Some(folder)) {
                let list = found.entry(folder.to_owned()).or_default();
                let path = way.log(file, folder, root);
                if list.last() != Some(&path) {
                    list.push(path);
                }
            }
        }
    }
    found
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The checkpoints of each run's folder, in the order of the files; a folder that is one checkpoint comes once.
fn checkpoints(
    files: &[File<'_>],
    drafts: &[Draft<'_>],
    root: &Path,
    is_whole: impl Fn(&str) -> bool,
) -> HashMap<String, Vec<PathBuf>> {
    let runs: HashSet<&str> = drafts.iter().map(|draft| &*draft.folder).collect();
    let mut found: HashMap<String, Vec<PathBuf>> = HashMap::new();
    for file in files.iter().filter(|file| file.kind == Kind::Checkpoint) {
        let Some(run) = ancestors(&file.folder).find(|folder| runs.contains(folder)) else { continue };
        let whole = ancestors(&file.folder).filter(|folder| folder.len() > run.len()).filter(|folder| is_whole(folder));
        let path = whole.last().map_or_else(|| file.path.to_owned(), |folder| root.join(folder));
        let list = found.entry(run.to_owned()).or_default();
        if list.last() != Some(&path) {
            list.push(path);
        }
    }
    found
}

/// The folders that a file in them, or in a part of them, says are checkpoints. One that has a log is none.
fn marked(files: &[File<'_>], layouts: &Layouts) -> HashSet<String> {
    let logged: HashSet<&str> = files.iter().filter(|f| is_named_log(&f.name)).map(|f| f.folder.as_str()).collect();
    let numbered = |folder: &str| {
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        last(folder).bytes().all(|b| b.is_ascii_digit()) && layouts.holds_checkpoints(last(above))
    };
    let mut found = HashSet::new();
    for file in files.iter().filter(|file| !file.folder.is_empty() && layouts.is_mark(&file.name)) {
        let whole =
            ancestors(&file.folder).skip(1).filter(|folder| layouts.is_checkpoint(last(folder)) || numbered(folder));
        found.extend(whole.chain([&*file.folder]).filter(|folder| !folder.is_empty()).map(str::to_owned));
    }
    found.retain(|folder: &String| !logged.contains(folder.as_str()));
    found
}

/// Whether a name is a log's and nothing else's.
fn is_named_log(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["log", "csv", "tsv", "jsonl", "out", "err"].contains(&ending)
}

/// The name of a folder, without those it is in.
fn last(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// A folder, and those it is in, up to the root.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}
