//! The settings of many files, read side by side.

use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use super::{LONGEST, Settings, settings};
use crate::source::bytes_of;

/// Files that one thread reads at least: fewer are read before another has begun.
const FEW: usize = 64;

/// The settings of each file, by its path; none of one that cannot be read or holds no settings.
pub fn settings_of(paths: &[PathBuf]) -> Vec<Option<Settings>> {
    let threads = available_parallelism().map_or(1, usize::from);
    let share = paths.len().div_ceil(threads).max(FEW);
    let read = |paths: &[PathBuf]| paths.iter().map(|path| one(path)).collect::<Vec<_>>();
    if paths.len() <= share {
        return read(paths);
    }
    std::thread::scope(|scope| {
        let shares: Vec<_> = paths.chunks(share).map(|some| (some, scope.spawn(move || read(some)))).collect();
        shares.into_iter().flat_map(|(some, share)| share.join().unwrap_or_else(|_| vec![None; some.len()])).collect()
    })
}

fn one(path: &Path) -> Option<Settings> {
    settings(&bytes_of(path, LONGEST as u64 + 1)?, &path.to_string_lossy()).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Setting;

    #[test]
    fn each_file_gives_its_own_and_a_broken_one_none() {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = (0..300).map(|k| folder.path().join(format!("{k}.yaml"))).collect();
        for (k, path) in paths.iter().enumerate().filter(|(k, _)| k % 7 > 0) {
            std::fs::write(path, if k % 7 == 1 { "a: [".to_owned() } else { format!("seed: {k}\n") }).unwrap();
        }

        for (k, found) in settings_of(&paths).into_iter().enumerate() {
            let wanted = (k % 7 > 1).then(|| vec![("seed".to_owned(), Setting::Int(k as i64))]);
            assert_eq!(wanted, found, "{k}");
        }
        assert_eq!(vec![None], settings_of(&[folder.path().to_owned()]));
    }
}
