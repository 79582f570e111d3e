//! A folder as one source: its files one after the other, each under its name.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::source::expand;

/// What tells a line that was not ended: its last number may not be whole.
const OPEN: &str = " ...";

/// The files below a folder, each behind a line `==> its/name <==`. A last line that its file left open ends in [`OPEN`].
pub(crate) struct Gathered {
    rest: VecDeque<(String, PathBuf)>,
    heading: Cursor<Vec<u8>>,
    file: Option<File>,
    /// Whether the byte given last ended a line.
    ended: bool,
}

impl Gathered {
    pub(crate) fn open(folder: &Path) -> Result<Gathered> {
        let found = expand(folder)?;
        let named = |path: PathBuf| {
            let below = path.strip_prefix(folder).unwrap_or(&path);
            let name = below.to_string_lossy().into_owned();
            let plain = [".tsv", ".csv", ".txt"].iter().find_map(|ending| name.strip_suffix(ending));
            (plain.unwrap_or(&name).to_owned(), path)
        };
        let rest = found.paths.into_iter().map(named).collect();
        Ok(Gathered { rest, heading: Cursor::default(), file: None, ended: true })
    }

    /// Goes on to the next file; false when there is none.
    fn next(&mut self) -> io::Result<bool> {
        let Some((name, path)) = self.rest.pop_front() else { return Ok(false) };
        let open = if self.ended { String::new() } else { format!("{OPEN}\n") };
        self.heading = Cursor::new(format!("{open}==> {name} <==\n").into_bytes());
        self.file = Some(File::open(path)?);
        Ok(true)
    }
}

impl Read for Gathered {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut count = self.heading.read(into)?;
            if let (0, Some(file)) = (count, &mut self.file) {
                count = file.read(into)?;
            }
            if count > 0 {
                self.ended = into[count - 1] == b'\n';
                return Ok(count);
            }
            if into.is_empty() || !self.next()? {
                return Ok(0);
            }
        }
    }
}

/// Bytes below a folder.
pub fn bytes_below(folder: &Path) -> u64 {
    let found = expand(folder).map(|found| found.paths).unwrap_or_default();
    found.iter().filter_map(|path| path.metadata().ok()).map(|about| about.len()).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_under_their_names() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("val")).unwrap();
        std::fs::write(root.path().join("val/loss.tsv"), "step\tloss\n1\t0.5").unwrap();
        std::fs::write(root.path().join("lr"), "1 0.25 1\n2 0.2").unwrap();
        std::fs::write(root.path().join("empty"), "").unwrap();

        let mut text = String::new();
        Gathered::open(root.path()).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!("==> empty <==\n==> lr <==\n1 0.25 1\n2 0.2 ...\n==> val/loss <==\nstep\tloss\n1\t0.5", text);
    }
}
