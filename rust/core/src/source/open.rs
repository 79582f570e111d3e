//! Opens what a source names and reads its raw bytes, in a way that can always be stopped.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::error::{Error, Kind, Result};
use crate::source::codec::{Codec, Damage, Harm};
use crate::source::feed::{Feed, STRIDE};
use crate::source::gather::Gathered;

/// A reader over a network, which may ask its server once more.
pub trait Far: Read + Send {
    /// The same bytes from the beginning; none where they cannot be had again.
    fn again(&self) -> Option<Box<dyn Far>>;
}

/// Where bytes come from.
pub enum Origin {
    Path(PathBuf),
    Stdin,
    /// An open file of somebody else's.
    Reader(Box<dyn Read + Send>),
    /// A reader over a network: where it breaks off the source ends, and what came before is kept.
    Far(Box<dyn Far>),
    Bytes(Arc<[u8]>),
    /// Files of one run that its program wrote one after the other, or side by side; each is opened by itself.
    Files(Vec<PathBuf>),
}

/// What opening gave.
pub(crate) struct Raw {
    pub(crate) feed: Box<dyn Feed>,
    pub(crate) size: Option<u64>,
    /// The same bytes for many threads, where the source is a file that says its size.
    pub(crate) file: Option<FileFeed>,
}

pub(crate) fn open(origin: Origin, name: &Arc<str>, stop: &Arc<AtomicBool>) -> Result<Raw> {
    let watch = Watch { name: Arc::clone(name), stop: Arc::clone(stop) };
    match origin {
        Origin::Path(path) => open_path(&path, watch),
        Origin::Files(paths) => open_path(paths.first().map_or(Path::new(""), PathBuf::as_path), watch),
        Origin::Stdin => {
            let stdin = io::stdin().as_fd().try_clone_to_owned().map_err(|e| watch.error(e))?;
            Ok(Raw::flow(FlowFeed { file: File::from(stdin), watch }))
        }
        Origin::Reader(reader) => Ok(Raw::flow(ReaderFeed { reader, watch })),
        Origin::Far(reader) => Ok(Raw::flow(FarFeed { near: ReaderFeed { reader, watch }, read: 0, broke: None })),
        Origin::Bytes(bytes) => {
            let size = Some(bytes.len() as u64);
            Ok(Raw { feed: Box::new(BytesFeed { bytes, at: 0, watch }), size, file: None })
        }
    }
}

fn open_path(path: &Path, watch: Watch) -> Result<Raw> {
    // Not blocking: opening a FIFO nobody writes to would otherwise wait for ever.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
    let opened = File::options().read(true).custom_flags(flags).open(path);
    let (file, about) = opened.and_then(|f| f.metadata().map(|m| (f, m))).map_err(|e| watch.error(e))?;
    if about.is_dir() {
        return Ok(Raw::flow(ReaderFeed { reader: Box::new(Gathered::open(path)?), watch }));
    }
    // Sizes of /proc and the like are 0 and mean nothing.
    if !about.is_file() || about.len() == 0 {
        let size = (!about.file_type().is_fifo() && about.is_file()).then_some(0);
        return Ok(Raw { size, ..Raw::flow(FlowFeed { file, watch }) });
    }
    let file = FileFeed { file: Arc::new(file), at: 0, size: about.len(), shrunk: false, watch };
    Ok(Raw { feed: Box::new(file.clone()), size: Some(about.len()), file: Some(file) })
}

impl Raw {
    fn flow(feed: impl Feed + 'static) -> Raw {
        Raw { feed: Box::new(feed), size: None, file: None }
    }
}

/// What every read looks at and every error names.
#[derive(Clone)]
pub(crate) struct Watch {
    name: Arc<str>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    fn error(&self, error: io::Error) -> Error {
        Error::io(error, &*self.name)
    }

    fn check(&self) -> Result<()> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(Error::new(Kind::Cancelled, "stopped").at(&*self.name)),
            false => Ok(()),
        }
    }

    /// Reads, and again while the system says it was only interrupted.
    fn read(&self, mut read: impl FnMut() -> io::Result<usize>) -> Result<Option<usize>> {
        loop {
            self.check()?;
            match read() {
                Ok(count) => return Ok(Some(count)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(self.error(error)),
            }
        }
    }
}

/// A regular file, up to the size it had when opened. Read by position, so that clones are independent.
#[derive(Clone)]
pub(crate) struct FileFeed {
    file: Arc<File>,
    at: u64,
    size: u64,
    /// A read found nothing where there had been something at open.
    shrunk: bool,
    watch: Watch,
}

impl FileFeed {
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn from(&self, at: u64) -> Self {
        FileFeed { at, shrunk: false, ..self.clone() }
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> Result<usize> {
        // A regular file never would block; should one claim so, it has ended.
        Ok(self.watch.read(|| self.file.read_at(into, at))?.unwrap_or(0))
    }

    /// Whether the last line goes on after the size seen at open.
    fn is_growing(&self) -> bool {
        let mut pair = [0; 2];
        let count = self.read_at(&mut pair, self.size.saturating_sub(1)).unwrap_or(0);
        count == 2 && !pair.iter().any(|b| matches!(b, b'\n' | b'\r'))
    }
}

impl Feed for FileFeed {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let room = into.len().min(STRIDE).min(usize::try_from(self.size - self.at).unwrap_or(usize::MAX));
        if room == 0 {
            return Ok(0);
        }
        let count = self.read_at(&mut into[..room], self.at)?;
        self.at += count as u64;
        self.shrunk |= count == 0;
        Ok(count)
    }

    fn left(&self) -> Option<u64> {
        Some(self.size - self.at)
    }

    fn damage(&self) -> Option<Damage> {
        let (harm, what) = match self.shrunk {
            true => (Harm::Shrunk, "the file became shorter while it was read"),
            false if self.at == self.size && self.is_growing() => {
                (Harm::Growing, "the file is still written to, its last line was not whole")
            }
            false => return None,
        };
        Some(Damage { codec: Codec::Plain, harm, offset: self.at, what: what.into() })
    }

    fn zeros_before(&self, offset: u64, enough: usize) -> Result<usize> {
        let enough = enough.min(usize::try_from(offset).unwrap_or(enough));
        let mut before = vec![0; enough];
        let count = self.read_at(&mut before, offset - enough as u64)?;
        Ok(before[..count].iter().rev().take_while(|&&b| b == 0).count())
    }
}

/// Pipes, terminals, sockets: whatever gives its bytes when it pleases.
struct FlowFeed {
    file: File,
    watch: Watch,
}

impl FlowFeed {
    fn wait(&self) -> Result<()> {
        let timeout = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        loop {
            self.watch.check()?;
            let mut polled = [PollFd::new(&self.file, PollFlags::IN)];
            match poll(&mut polled, Some(&timeout)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(self.watch.error(error.into())),
            }
        }
    }
}

impl Feed for FlowFeed {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let room = into.len().min(STRIDE);
        loop {
            self.wait()?;
            if let Some(count) = self.watch.read(|| self.file.read(&mut into[..room]))? {
                return Ok(count);
            }
        }
    }
}

/// Somebody else's reader; it may block as long as it likes.
struct ReaderFeed {
    reader: Box<dyn Read + Send>,
    watch: Watch,
}

impl Feed for ReaderFeed {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let room = into.len().min(STRIDE);
        let read = self.watch.read(|| self.reader.read(&mut into[..room]))?;
        let would_block = || self.watch.error(io::ErrorKind::WouldBlock.into());
        read.map(|count| count.min(room)).ok_or_else(would_block)
    }
}

/// A reader whose server may die: what it raises once bytes have come is the damage of a source that was cut.
struct FarFeed {
    near: ReaderFeed,
    read: u64,
    broke: Option<String>,
}

impl Feed for FarFeed {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        match self.near.read(into) {
            Err(Error { kind: Kind::Io(_), what, .. }) if self.read > 0 => {
                self.broke.get_or_insert(what);
                Ok(0)
            }
            read => read.inspect(|&count| self.read += count as u64),
        }
    }

    fn damage(&self) -> Option<Damage> {
        let what = self.broke.as_ref()?.lines().next().unwrap_or_default();
        let what = format!("{what}; {} bytes had come", self.read);
        Some(Damage { codec: Codec::Plain, harm: Harm::Cut, offset: self.read, what })
    }
}

struct BytesFeed {
    bytes: Arc<[u8]>,
    at: usize,
    watch: Watch,
}

impl Feed for BytesFeed {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        self.watch.check()?;
        let count = into.len().min(STRIDE).min(self.bytes.len() - self.at);
        into[..count].copy_from_slice(&self.bytes[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }

    fn left(&self) -> Option<u64> {
        Some((self.bytes.len() - self.at) as u64)
    }
}
