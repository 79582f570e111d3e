//! A small file, whole.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The first bytes of a file, `most` at most; none of what is no file, which may never open or never end.
pub fn bytes_of(path: &Path, most: u64) -> Option<Vec<u8>> {
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
