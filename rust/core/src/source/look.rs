//! What files look like from outside, so that one look tells whether any has changed.

use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use crate::source::expand;

/// Files that one thread looks at, at least.
const FEW: usize = 256;

const NANO: i128 = 1_000_000_000;

/// How long after a write another may leave the same time behind: clocks of files tick; those without parts of a
/// second tick every other second.
const TICK: i128 = NANO / 20;
const COARSE_TICK: i128 = 2 * NANO;

/// Size, times and place of each file, and of each below a folder. None of what is neither, cannot be looked at, or was
/// written so shortly before `began` (nanoseconds since 1970) that a later write may look the same.
///
/// ```
/// use fastlogs_core::source::looks;
/// let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos() as i128;
/// let paths = ["Cargo.toml".into(), "not there".into()];
/// let found = looks(&paths, now);
/// assert_eq!((true, false), (found[0].is_some(), found[1].is_some()));
/// assert_eq!(found, looks(&paths, now));
/// assert_eq!(vec![None, None], looks(&paths, 0), "all was written later");
/// # Ok::<(), std::time::SystemTimeError>(())
/// ```
pub fn looks(paths: &[PathBuf], began: i128) -> Vec<Option<String>> {
    let look = |paths: &[PathBuf]| paths.iter().map(|path| one(path, began)).collect::<Vec<_>>();
    if paths.len() <= FEW {
        return look(paths);
    }
    let threads = available_parallelism().map_or(1, usize::from);
    let share = paths.len().div_ceil(threads).max(FEW);
    std::thread::scope(|scope| {
        let shares: Vec<_> = paths.chunks(share).map(|some| (some, scope.spawn(move || look(some)))).collect();
        shares.into_iter().flat_map(|(some, share)| share.join().unwrap_or_else(|_| vec![None; some.len()])).collect()
    })
}

fn one(path: &Path, began: i128) -> Option<String> {
    let about = fs::metadata(path).ok()?;
    match () {
        () if about.is_file() => of_file(&about, began),
        () if about.is_dir() => of_folder(path, began),
        () => None,
    }
}

/// What is written to a file of a folder does not touch the folder.
fn of_folder(path: &Path, began: i128) -> Option<String> {
    let found = expand(path).ok().filter(|found| found.problems.is_empty())?;
    let look = |file: &PathBuf| {
        let name = file.strip_prefix(path).unwrap_or(file).as_os_str().as_bytes().escape_ascii().to_string();
        Some(format!("{name}\0{}", of_file(&fs::metadata(file).ok()?, began)?))
    };
    let all: Vec<String> = found.paths.iter().map(look).collect::<Option<_>>()?;
    Some(all.join("\n"))
}

fn of_file(about: &Metadata, began: i128) -> Option<String> {
    let whole = |seconds: i64, parts: i64| i128::from(seconds) * NANO + i128::from(parts);
    let written = whole(about.mtime(), about.mtime_nsec());
    let changed = whole(about.ctime(), about.ctime_nsec());
    let tick = if about.mtime_nsec() != 0 || about.ctime_nsec() != 0 { TICK } else { COARSE_TICK };
    let settled = written.max(changed) + tick <= began;
    settled.then(|| format!("{} {written} {changed} {}", about.len(), about.ino()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LATER: i128 = i64::MAX as i128;

    #[test]
    fn what_is_written_below_a_folder_is_seen() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("metrics");
        fs::create_dir_all(folder.join("val")).unwrap();
        fs::write(folder.join("val/loss"), "1 0.5 1\n").unwrap();
        let look = || looks(std::slice::from_ref(&folder), LATER).remove(0).unwrap();

        let before = look();
        fs::write(folder.join("val/loss"), "1 0.5 1\n2 0.4 2\n").unwrap();

        assert_ne!(before, look());
    }

    #[test]
    fn many_are_looked_at_side_by_side_and_come_in_order() {
        let root = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = (0..1000).map(|k| root.path().join(k.to_string())).collect();
        for (k, path) in paths.iter().enumerate().filter(|(k, _)| k % 7 > 0) {
            fs::write(path, "x".repeat(k)).unwrap();
        }

        for (k, look) in looks(&paths, LATER).into_iter().enumerate() {
            let size = look.map(|look| look.split(' ').next().unwrap().to_owned());
            assert_eq!((k % 7 > 0).then(|| k.to_string()), size);
        }
    }

    #[test]
    fn a_pipe_is_never_known() {
        let root = tempfile::tempdir().unwrap();
        let pipe = root.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();

        assert_eq!(vec![None], looks(&[pipe], LATER));
    }
}
