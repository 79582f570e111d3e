//! What the system can do to a source: pipes nobody writes to, files that change, folders, links, devices.

#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fastlogs_core::error::{Error, Kind, Result};
use fastlogs_core::lines::lines;
use fastlogs_core::source::{Blocks, Buffer, Harm, Limits, Opened, Origin, PlainFile, expand, open};
use rustix::fs::{CWD, Mode, mkfifoat};

fn open_path(path: impl Into<PathBuf>) -> Result<Opened> {
    open(Origin::Path(path.into()), "test", &Limits { head: 100, ..Limits::default() })
}

fn count(mut blocks: Blocks) -> Result<(usize, u64, Blocks)> {
    let (mut buffer, mut found, mut torn) = (Buffer::new(), 0, 0);
    while blocks.next(&mut buffer)? {
        found += lines(buffer.block()).count();
        torn += buffer.lost.torn.count;
    }
    Ok((found, torn, blocks))
}

/// Lines, torn lines, and what was said of the last stretch that had something to say.
fn count_segments(plain: &PlainFile, size: usize) -> (usize, u64, Option<Harm>) {
    let (mut buffer, mut found) = (Buffer::new(), (0, 0, None));
    for index in 0..plain.segments(size) {
        let mut segment = plain.segment(index, size);
        while segment.next(&mut buffer).unwrap() {
            found.0 += lines(buffer.block()).count();
            found.1 += buffer.lost.torn.count;
        }
        found.2 = segment.damage().map(|damage| damage.harm).or(found.2);
    }
    found
}

fn refusal(result: Result<Opened>) -> ErrorKind {
    match result {
        Err(Error { kind: Kind::Io(error), place: Some(place), .. }) => {
            assert_eq!("test", place.path);
            error.kind()
        }
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("was opened"),
    }
}

fn fifo(folder: &Path) -> PathBuf {
    let path = folder.join("pipe");
    mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
    path
}

/// Stops what a source does after a while, and says how long it took to notice.
fn stopped(read: impl FnOnce(&Limits) -> Result<()>) -> Duration {
    let limits = Limits { stop: Arc::new(AtomicBool::new(false)), ..Limits::default() };
    let stop = Arc::clone(&limits.stop);
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        stop.store(true, Ordering::Relaxed);
        Instant::now()
    });
    let result = read(&limits);
    let ended = Instant::now();

    assert!(matches!(result, Err(Error { kind: Kind::Cancelled, .. })), "{result:?}");
    ended.duration_since(stopper.join().unwrap())
}

#[test]
fn what_cannot_be_read_is_refused_with_the_system_s_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (ring, secret) = (folder.path().join("ring"), folder.path().join("secret"));
    symlink("ring", &ring).unwrap();
    fs::write(&secret, "x").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();

    assert_eq!(ErrorKind::NotFound, refusal(open_path(folder.path().join("missing"))));
    // A folder is a source of its files: whether that is what was meant is for who names it to say.
    assert!(open_path(folder.path()).is_ok());
    assert_eq!(ErrorKind::NotADirectory, refusal(open_path(secret.join("below"))));
    assert_eq!(rustix::io::Errno::LOOP.kind(), refusal(open_path(ring)));
    // Root reads everything.
    if File::open(&secret).is_err() {
        assert_eq!(ErrorKind::PermissionDenied, refusal(open_path(secret)));
    }
}

#[test]
fn empty_files_and_devices_have_no_lines() {
    let empty = tempfile::NamedTempFile::new().unwrap();
    for path in [empty.path(), Path::new("/dev/null")] {
        let opened = open_path(path).unwrap();
        assert!(opened.is_whole() && opened.head().is_empty() && opened.plain.is_none());
        assert_eq!(0, count(opened.blocks(100)).unwrap().0);
    }
}

#[test]
fn files_without_a_size_are_read() {
    let opened = open_path("/proc/self/status").unwrap();
    assert!(count(opened.blocks(100)).unwrap().0 > 10);
}

#[test]
fn a_pipe_gives_its_lines_whenever_its_writer_comes() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let writer = thread::spawn({
        let path = path.clone();
        move || {
            thread::sleep(Duration::from_millis(150));
            let mut pipe = File::options().write(true).open(path).unwrap();
            for n in 0..50_000 {
                writeln!(pipe, "step {n}").unwrap();
                if n == 100 {
                    thread::sleep(Duration::from_millis(150));
                }
            }
        }
    });
    let opened = open_path(&path).unwrap();
    assert_eq!((None, true), (opened.size, opened.plain.is_none()));
    let (found, torn, blocks) = count(opened.blocks(1 << 16)).unwrap();
    writer.join().unwrap();

    assert_eq!((50_000, 0, None), (found, torn, blocks.damage()));
}

#[test]
fn waiting_for_a_pipe_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let nobody = stopped(|limits| open(Origin::Path(path.clone()), "test", limits).map(|_| ()));

    let mut writer = File::options().read(true).write(true).open(&path).unwrap();
    writer.write_all(b"step 1\nstep 2").unwrap();
    let silent = stopped(|limits| open(Origin::Path(path.clone()), "test", limits).map(|_| ()));
    writer.write_all(&[b'\n'; 200]).unwrap();
    let midway = stopped(|limits| {
        let limits = Limits { head: 100, ..limits.clone() };
        count(open(Origin::Path(path.clone()), "test", &limits)?.blocks(1 << 20)).map(|_| ())
    });

    for took in [nobody, silent, midway] {
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}

#[test]
fn endless_sources_can_be_stopped() {
    for path in ["/dev/zero", "/dev/urandom"] {
        let took = stopped(|limits| {
            let opened = open(Origin::Path(path.into()), "test", limits)?;
            count(opened.blocks(1 << 18)).map(|_| ())
        });
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}

fn big(lines: usize) -> (tempfile::NamedTempFile, String) {
    let text: String = (0..lines).map(|n| format!("step {n} loss 1.25\n")).collect();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    (file, text)
}

#[test]
fn a_file_cut_while_it_is_read_ends_with_its_last_whole_line() {
    let (file, text) = big(10_000);
    let opened = open_path(file.path()).unwrap();
    let plain = opened.plain.clone().unwrap();
    file.as_file().set_len(100_003).unwrap();
    let whole = text[..100_003].matches('\n').count();
    let (found, torn, blocks) = count(opened.blocks(1000)).unwrap();

    assert_eq!((whole, 1, Some(Harm::Shrunk)), (found, torn, blocks.damage().map(|d| d.harm)));
    assert_eq!((whole, 1, Some(Harm::Shrunk)), count_segments(&plain, 1000));
}

#[test]
fn a_file_that_grows_is_read_as_far_as_it_was_when_opened() {
    let (mut file, _) = big(100);
    write!(file, "step 100 loss 3.1").unwrap();
    let opened = open_path(file.path()).unwrap();
    let unchanged = open_path(file.path()).unwrap();
    assert_eq!(101, count(unchanged.blocks(77)).unwrap().0);

    write!(file, "4159\nstep 101").unwrap();
    let plain = opened.plain.clone().unwrap();
    let (found, torn, blocks) = count(opened.blocks(77)).unwrap();
    assert_eq!((100, 1, Some(Harm::Growing)), (found, torn, blocks.damage().map(|d| d.harm)));
    assert_eq!((100, 1, Some(Harm::Growing)), count_segments(&plain, 77));

    // A line that was whole but for its end is not torn.
    let opened = open_path(file.path()).unwrap();
    writeln!(file).unwrap();
    assert_eq!(102, count(opened.blocks(77)).unwrap().0);
}

#[test]
fn a_deleted_file_is_read_to_its_end() {
    let (file, _) = big(1000);
    let opened = open_path(file.path()).unwrap();
    file.close().unwrap();

    assert_eq!(1000, count(opened.blocks(100)).unwrap().0);
}

#[test]
fn segments_may_be_read_by_many_threads() {
    let (file, _) = big(20_000);
    let plain = open_path(file.path()).unwrap().plain.unwrap();
    let count = |thread: u64| {
        let (mut buffer, mut found) = (Buffer::new(), 0);
        for index in (0..plain.segments(4096)).filter(|index| index % 4 == thread) {
            let mut segment = plain.segment(index, 4096);
            while segment.next(&mut buffer).unwrap() {
                found += lines(buffer.block()).count();
            }
        }
        found
    };
    let count = &count;
    let found: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|thread| scope.spawn(move || count(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });

    assert_eq!(20_000, found);
}

#[test]
fn many_files_in_many_folders_are_found() {
    let folder = tempfile::tempdir().unwrap();
    for run in 0..50 {
        let below = folder.path().join(format!("run_{run}"));
        fs::create_dir(&below).unwrap();
        (0..40).for_each(|n| drop(File::create(below.join(n.to_string())).unwrap()));
    }
    let found = expand(folder.path()).unwrap();

    assert_eq!((2_000, 0), (found.paths.len(), found.problems.len()));
    assert!(found.paths[1_999].ends_with("run_49/39"));
}
