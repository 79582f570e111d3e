//! What a caller asks for, complete: no setting lives anywhere else.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::grammar::Grammar;
use crate::source::{Origin, bytes_below};

/// Which of the tables to make of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Wide,
    Long,
    Summary,
}

/// What to do with the rows that a resumed run wrote again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restarts {
    /// Keep the newer ones.
    Stitch,
    /// Keep all, with their attempt.
    Keep,
}

/// One source and the run it belongs to.
pub struct Input {
    pub run: String,
    pub name: String,
    pub origin: Origin,
}

impl Input {
    /// Bytes on disk, where that means something.
    pub fn size(&self) -> Option<u64> {
        match &self.origin {
            Origin::Path(path) => size_of(path),
            Origin::Bytes(bytes) => Some(bytes.len() as u64),
            Origin::Files(paths) => Some(paths.iter().filter_map(|path| path.metadata().ok()).map(|m| m.len()).sum()),
            Origin::Stdin | Origin::Reader(_) | Origin::Far(_) => None,
        }
    }

    /// Whether it can be read from the beginning again.
    pub fn repeatable(&self) -> bool {
        self.again().is_some() && self.size().is_some()
    }

    /// The same source once more; none when it can be read only once.
    pub fn again(&self) -> Option<Input> {
        let origin = match &self.origin {
            Origin::Path(path) => Origin::Path(path.clone()),
            Origin::Bytes(bytes) => Origin::Bytes(Arc::clone(bytes)),
            Origin::Files(paths) => Origin::Files(paths.clone()),
            Origin::Far(reader) => Origin::Far(reader.again()?),
            Origin::Stdin | Origin::Reader(_) => return None,
        };
        Some(Input { run: self.run.clone(), name: self.name.clone(), origin })
    }
}

/// Bytes of a file, or of those below a folder: of metrics, it is one source.
pub fn size_of(path: &Path) -> Option<u64> {
    let about = path.metadata().ok()?;
    let folder = || about.is_dir().then(|| bytes_below(path));
    about.is_file().then_some(about.len()).or_else(folder)
}

/// How to read, whatever the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub grammar: Grammar,
    /// Final names, printed names or globs; none means all.
    pub metrics: Option<Vec<String>>,
    /// Of a summary: the metrics whose curve is told with it; none at all makes no columns for them.
    pub curves: Vec<String>,
    pub layout: Layout,
    pub restarts: Restarts,
    /// Put a `run` column first even when there is one source.
    pub run_column: bool,
    /// 0 means as many as the machine has.
    pub threads: usize,
    pub block_bytes: usize,
    pub batch_rows: usize,
    /// Batches as they come, in bounded memory, instead of the whole table before the first.
    pub streaming: bool,
    pub max_line: usize,
}

impl Default for Request {
    /// The wide table of everything, stitched.
    fn default() -> Self {
        Request {
            grammar: Grammar::Detect,
            metrics: None,
            curves: Vec::new(),
            layout: Layout::Wide,
            restarts: Restarts::Stitch,
            run_column: false,
            threads: 0,
            block_bytes: 512 << 10,
            batch_rows: 64 << 10,
            streaming: false,
            max_line: 1 << 20,
        }
    }
}

/// Shared with whoever waits: how far it is, and whether to stop.
#[derive(Debug, Default)]
pub struct Control {
    pub stop: Arc<AtomicBool>,
    pub bytes_done: AtomicU64,
    pub bytes_total: AtomicU64,
    pub rows: AtomicU64,
}
