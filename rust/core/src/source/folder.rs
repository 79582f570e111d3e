//! A folder, opened once: which it is and what stands in it, without a look at each of its entries.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{Dir, FileType, OFlags};

use crate::source::order::natural_name;

/// A file or folder, whatever path leads to it.
pub type Identity = (u64, u64);

/// What stands in a folder.
#[derive(Debug)]
pub struct Entry {
    pub name: OsString,
    pub kind: FileType,
    pub inode: u64,
}

/// What a folder holds, in the order people count.
#[derive(Debug, Default)]
pub struct Held {
    pub entries: Vec<Entry>,
    /// Whether there are others, whose names begin with a dot.
    pub hides: bool,
    /// Why these may not be all.
    pub error: Option<io::Error>,
}

#[derive(Debug)]
pub struct Folder {
    pub identity: Identity,
    file: File,
}

impl Folder {
    pub fn open(path: &Path) -> io::Result<Folder> {
        // What has become a pipe meanwhile is refused, not waited for.
        let file = OpenOptions::new().read(true).custom_flags(OFlags::DIRECTORY.bits().cast_signed()).open(path)?;
        let about = file.metadata()?;
        Ok(Folder { identity: (about.dev(), about.ino()), file })
    }

    /// What isn't hidden; `path` leads here.
    pub fn held(self, path: &Path) -> Held {
        let mut held = Held::default();
        let dir = match Dir::new(self.file) {
            Ok(dir) => dir,
            Err(error) => return Held { error: Some(error.into()), ..held },
        };
        for entry in dir {
            match entry {
                Ok(entry) => held.add(entry.file_name().to_bytes(), entry.file_type(), entry.ino(), path),
                Err(error) => held.error = Some(error.into()),
            }
        }
        held.entries.sort_by(|a, b| natural_name(a.name.as_bytes(), b.name.as_bytes()).then(a.name.cmp(&b.name)));
        held
    }
}

impl Held {
    fn add(&mut self, name: &[u8], kind: FileType, inode: u64, folder: &Path) {
        let name = OsStr::from_bytes(name);
        match name.as_bytes() {
            b"." | b".." => {}
            [b'.', ..] => self.hides = true,
            _ => match known(kind, folder, name) {
                Ok(kind) => self.entries.push(Entry { name: name.to_owned(), kind, inode }),
                Err(error) => self.error = Some(error),
            },
        }
    }
}

/// Some disks don't say what an entry is: then it is looked at.
fn known(kind: FileType, folder: &Path, name: &OsStr) -> io::Result<FileType> {
    if kind != FileType::Unknown {
        return Ok(kind);
    }
    let kind = fs::symlink_metadata(folder.join(name))?.file_type();
    Ok(match () {
        () if kind.is_dir() => FileType::Directory,
        () if kind.is_symlink() => FileType::Symlink,
        () if kind.is_file() => FileType::RegularFile,
        () => FileType::Fifo,
    })
}
