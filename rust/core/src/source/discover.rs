//! Finds the files that a path, a folder or a glob means, in an order people expect.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use std::thread::available_parallelism;

use globset::{GlobBuilder, GlobMatcher};
use hashbrown::{HashMap, HashSet};
use rustix::fs::FileType;

use crate::error::{Error, Kind, Result};
use crate::source::folder::{Folder, Held, Identity};
use crate::source::order::natural;

/// Folders that one thread looks into, at least.
const FEW: usize = 128;

/// Files found, and what could not be looked into.
#[derive(Debug, Default)]
pub struct Found {
    pub paths: Vec<PathBuf>,
    pub problems: Vec<Error>,
    /// The folders walked that hold something hidden.
    pub hiding: HashSet<PathBuf>,
}

/// The files meant by a path: itself, those below it if it is a folder, those that match if it is a glob
/// (`*`, `?`, `[..]` within a name, `**` for folders in between). Hidden files and loops are left out.
/// Refuses what is missing and globs that match nothing; a folder that is forbidden is only told.
pub fn expand(path: &Path) -> Result<Found> {
    let mut walk = Walk::default();
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => {
            fs::read_dir(path).map_err(|error| Error::io(error, path.to_string_lossy()))?;
            walk.below(path);
        }
        Ok(_) => walk.paths.push(path.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_glob(path) => walk.glob(path)?,
        Err(error) => return Err(Error::io(error, path.to_string_lossy())),
    }
    Ok(walk.finish())
}

/// The files and folders that a glob matches, as they are. Refuses what is no glob, and one that matches nothing.
pub fn matches(glob: &Path) -> Result<Found> {
    if !is_glob(glob) {
        return Err(Error::io(io::Error::from_raw_os_error(2), glob.to_string_lossy()));
    }
    let mut walk = Walk::default();
    walk.paths = walk.matching(glob)?;
    walk.refuse_nothing(glob)?;
    Ok(Found { paths: walk.paths, problems: walk.problems, hiding: walk.hiding })
}

fn is_glob(path: &Path) -> bool {
    path.as_os_str().as_bytes().iter().any(|b| matches!(b, b'*' | b'?' | b'[' | b'{'))
}

#[derive(Default)]
struct Walk {
    paths: Vec<PathBuf>,
    problems: Vec<Error>,
    /// Folders been in, and files that real entries stand for: links to them say nothing new.
    seen: HashSet<Identity>,
    /// Links, followed when all real entries are known, so that the real name wins.
    links: Vec<PathBuf>,
    /// Folders that were looked into with those beside them, and are not entered yet.
    ahead: HashMap<PathBuf, io::Result<(Identity, Held)>>,
    hiding: HashSet<PathBuf>,
}

/// What is yet to be walked: a folder, or a file that is known to be one.
type Left = (PathBuf, Option<Identity>);

/// What is looked for below a folder: a part of a glob.
enum Part {
    Name(GlobMatcher, bool),
    Plain(PathBuf),
    AnyDepth,
}

impl Walk {
    fn finish(mut self) -> Found {
        self.follow_links();
        self.paths.sort_by(|a, b| natural(a, b));
        self.paths.dedup();
        Found { paths: self.paths, problems: self.problems, hiding: self.hiding }
    }

    /// All files below a folder, nearly in order. A stack, not recursion: depth is what the disk says.
    fn below(&mut self, folder: &Path) {
        let mut left: Vec<Left> = vec![(folder.to_owned(), None)];
        while let Some((path, file)) = left.pop() {
            match file {
                Some(identity) => {
                    self.seen.insert(identity);
                    self.paths.push(path);
                }
                None => self.enter(path, &mut left),
            }
        }
    }

    /// Leaves what stands in a folder to be walked, the first on top; nothing where we have been before.
    fn enter(&mut self, path: PathBuf, left: &mut Vec<Left>) {
        let Some(((device, _), held)) = self.look_into(&path) else { return };
        self.look_ahead(&path, &held);
        for entry in held.entries.into_iter().rev() {
            let there = path.join(entry.name);
            match entry.kind {
                FileType::Directory => left.push((there, None)),
                FileType::RegularFile => left.push((there, Some((device, entry.inode)))),
                FileType::Symlink => self.links.push(there),
                // Sockets, pipes and devices in a folder are nobody's logs, and reading them may never end.
                _ => {}
            }
        }
        if held.hides {
            self.hiding.insert(path);
        }
    }

    /// What stands in a folder and isn't hidden, and notes that we are in it; none if we have been, or can't be.
    fn look_into(&mut self, path: &Path) -> Option<(Identity, Held)> {
        match self.ahead.remove(path).unwrap_or_else(|| held(path)) {
            Ok((identity, mut held)) => {
                if !self.seen.insert(identity) {
                    return None;
                }
                if let Some(error) = held.error.take() {
                    self.note(error, path);
                }
                Some((identity, held))
            }
            Err(error) => {
                // One that is forbidden is told of once, whatever leads to it.
                let known = fs::metadata(path).is_ok_and(|about| !self.seen.insert((about.dev(), about.ino())));
                if !known {
                    self.note(error, path);
                }
                None
            }
        }
    }

    /// Looks into the folders of a folder side by side, where they are many.
    fn look_ahead(&mut self, path: &Path, here: &Held) {
        let folders = here.entries.iter().filter(|entry| entry.kind == FileType::Directory);
        if folders.clone().count() <= FEW {
            return;
        }
        let folders: Vec<PathBuf> = folders.map(|entry| path.join(&entry.name)).collect();
        let threads = available_parallelism().map_or(1, usize::from);
        let share = folders.len().div_ceil(threads).max(FEW);
        let look = |some: &[PathBuf]| some.iter().map(|path| (path.clone(), held(path))).collect::<Vec<_>>();
        std::thread::scope(|scope| {
            let shares: Vec<_> = folders.chunks(share).map(|some| scope.spawn(move || look(some))).collect();
            // Those of a thread that failed are looked into when they are entered.
            self.ahead.extend(shares.into_iter().filter_map(|share| share.join().ok()).flatten());
        });
    }

    fn follow_links(&mut self) {
        while !self.links.is_empty() {
            let mut links = std::mem::take(&mut self.links);
            links.sort_by(|a, b| natural(a, b));
            for link in links {
                self.follow(link);
            }
        }
    }

    fn follow(&mut self, link: PathBuf) {
        match fs::metadata(&link) {
            Ok(about) if about.is_dir() => self.below(&link),
            Ok(about) if about.is_file() => {
                if self.seen.insert((about.dev(), about.ino())) {
                    self.paths.push(link);
                }
            }
            Ok(_) => {}
            Err(error) => self.note(error, &link),
        }
    }

    fn note(&mut self, error: io::Error, path: &Path) {
        self.problems.push(Error::io(error, path.to_string_lossy()));
    }

    fn glob(&mut self, pattern: &Path) -> Result<()> {
        for path in self.matching(pattern)? {
            self.take(path);
        }
        self.refuse_nothing(pattern)
    }

    /// The paths that a glob matches, in order.
    fn matching(&mut self, pattern: &Path) -> Result<Vec<PathBuf>> {
        let parts = pattern.components().map(|part| self::part(part, pattern)).collect::<Result<Vec<_>>>()?;
        let mut found = vec![PathBuf::new()];
        for part in &parts {
            found = found.into_iter().flat_map(|folder| self.step(&folder, part)).collect();
        }
        found.sort_by(|a, b| natural(a, b));
        found.dedup();
        Ok(found)
    }

    fn refuse_nothing(&self, pattern: &Path) -> Result<()> {
        let nothing = self.paths.is_empty() && self.links.is_empty() && self.problems.is_empty();
        if nothing {
            let missing = io::Error::new(io::ErrorKind::NotFound, "nothing matches the pattern");
            return Err(Error::io(missing, pattern.to_string_lossy()));
        }
        Ok(())
    }

    fn take(&mut self, path: PathBuf) {
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() => self.below(&path),
            Ok(about) if about.is_file() => {
                if self.seen.insert((about.dev(), about.ino())) {
                    self.paths.push(path);
                }
            }
            Ok(_) => {}
            Err(error) => self.note(error, &path),
        }
    }

    /// The paths one part further.
    fn step(&mut self, folder: &Path, part: &Part) -> Vec<PathBuf> {
        match part {
            Part::Plain(name) => Some(folder.join(name)).filter(|path| path.exists()).into_iter().collect(),
            Part::AnyDepth => self.folders_below(folder),
            Part::Name(name, hidden) => {
                let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                let names = self.names(here, *hidden);
                names.into_iter().filter(|n| name.is_match(n)).map(|n| folder.join(n)).collect()
            }
        }
    }

    fn names(&mut self, folder: &Path, hidden: bool) -> Vec<PathBuf> {
        match fs::read_dir(folder) {
            Ok(entries) => {
                let names = entries.filter_map(|entry| entry.ok().map(|e| e.file_name()));
                names.filter(|name| hidden || !is_hidden(name)).map(PathBuf::from).collect()
            }
            // What matched so far may be a file, which has nothing below it.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Vec::new(),
            Err(error) => {
                self.note(error, folder);
                Vec::new()
            }
        }
    }

    /// The folder itself and all below it, without links: those could lead round.
    fn folders_below(&mut self, folder: &Path) -> Vec<PathBuf> {
        let mut found = vec![folder.to_owned()];
        let mut next = 0;
        while let Some(folder) = found.get(next).cloned() {
            next += 1;
            let here = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
            if !here.is_dir() {
                continue;
            }
            let held = match held(here) {
                Ok((_, held)) => held,
                Err(error) => {
                    self.note(error, here);
                    continue;
                }
            };
            if let Some(error) = held.error {
                self.note(error, here);
            }
            let folders = held.entries.into_iter().filter(|entry| entry.kind == FileType::Directory);
            found.extend(folders.map(|entry| folder.join(entry.name)));
        }
        found
    }
}

/// Which folder a path leads to, and what stands in it.
fn held(path: &Path) -> io::Result<(Identity, Held)> {
    let folder = Folder::open(path)?;
    Ok((folder.identity, folder.held(path)))
}

fn part(part: Component<'_>, pattern: &Path) -> Result<Part> {
    let name = part.as_os_str();
    match name.as_bytes() {
        b"**" => Ok(Part::AnyDepth),
        _ if !is_glob(Path::new(name)) => Ok(Part::Plain(name.into())),
        _ => {
            let text = name.to_string_lossy();
            let built = GlobBuilder::new(&text).literal_separator(true).build();
            let wrong =
                |error: globset::Error| Error::new(Kind::Usage, error.to_string()).at(pattern.to_string_lossy());
            Ok(Part::Name(built.map_err(wrong)?.compile_matcher(), is_hidden(name)))
        }
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_bytes().first() == Some(&b'.')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        root
    }

    fn found(root: &Path, pattern: &str) -> Vec<String> {
        let path = if pattern.is_empty() { root.to_owned() } else { root.join(pattern) };
        let found = expand(&path).unwrap();
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        found.paths.iter().map(|p| p.strip_prefix(root).unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn files_come_in_the_order_people_count() {
        let root = tree(&["run_10.log", "run_2.log", "run_2/b", "run_10/a", "run_02.log", ".hidden", ".git/x"]);

        assert_eq!(["run_2/b", "run_02.log", "run_2.log", "run_10/a", "run_10.log"], *found(root.path(), ""));
        assert_eq!(["run_2.log"], *found(root.path(), "run_2.log"));
    }

    #[test]
    fn globs_match_names_and_depths() {
        let root = tree(&["a/1.log", "a/b/2.log", "a/b/c/10.log", "a/x.txt", "d[1].log", "a/.h/3.log"]);

        assert_eq!(["a/1.log"], *found(root.path(), "*/*.log"));
        assert_eq!(["a/1.log", "a/b/2.log", "a/b/c/10.log"], *found(root.path(), "a/**/*.log"));
        assert_eq!(["a/1.log", "a/b/2.log"], *found(root.path(), "**/[0-9].log"));
        assert_eq!(["a/x.txt"], *found(root.path(), "?/x.*"));
        assert_eq!(["d[1].log"], *found(root.path(), "d[1].log"));
        assert_eq!(["a/b/2.log", "a/b/c/10.log"], *found(root.path(), "a/[a-c]"));
        assert_eq!(["a/.h/3.log"], *found(root.path(), "a/.*/3.log"));
    }

    #[test]
    fn many_folders_are_looked_into_like_few() {
        let names: Vec<String> = (0..3 * FEW).map(|k| format!("run_{k}/deep/train.log")).collect();
        let root = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
        symlink("run_1", root.path().join("latest")).unwrap();

        assert_eq!(names, found(root.path(), ""));
    }

    #[test]
    fn links_lead_nowhere_twice() {
        let root = tree(&["runs/run_1/log", "elsewhere/other"]);
        symlink("run_1", root.path().join("runs/latest")).unwrap();
        symlink("run_1/log", root.path().join("runs/a.log")).unwrap();
        symlink("..", root.path().join("runs/run_1/up")).unwrap();
        symlink("../elsewhere", root.path().join("runs/out")).unwrap();

        assert_eq!(["runs/out/other", "runs/run_1/log"], *found(root.path(), "runs"));
    }

    #[test]
    fn what_is_missing_is_refused_and_what_is_broken_told() {
        let root = tree(&["a"]);
        symlink("gone", root.path().join("dangling")).unwrap();

        assert!(matches!(expand(&root.path().join("no")), Err(Error { kind: Kind::Io(_), .. })));
        assert!(matches!(expand(&root.path().join("*.no")), Err(Error { kind: Kind::Io(_), .. })));
        assert!(matches!(expand(&root.path().join("a[")), Err(Error { kind: Kind::Usage, .. })));
        let found = expand(root.path()).unwrap();
        assert_eq!((1, 1), (found.paths.len(), found.problems.len()));
    }

    #[test]
    fn pipes_in_folders_are_left_alone() {
        let root = tree(&["a"]);
        rustix::fs::mkfifoat(rustix::fs::CWD, root.path().join("pipe"), rustix::fs::Mode::RUSR).unwrap();

        assert_eq!(["a"], *found(root.path(), ""));
    }
}
