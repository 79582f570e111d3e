//! The files of one run that its program wrote one after the other or side by side, read as one source.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::detect::Chooser;
use crate::error::Result;
use crate::read::ahead::Ahead;
use crate::read::tfevents::kind_of_folder;
use crate::row::Plan;
use crate::scan::request::Input;
use crate::source::{self, Encoding, Limits, Opened, Origin};

/// The files that are still to be read, and how.
pub struct Parts {
    paths: VecDeque<PathBuf>,
    plan: Arc<dyn Plan>,
    limits: Limits,
}

/// A file that is open, and how to read it.
pub type Part = (Opened, Option<Arc<dyn Plan>>);

/// Opens the first file in which something is recognised; gives it, and the others. What was read of it meanwhile
/// is kept in `ahead`, if that is all of it.
pub fn open(
    memory: Vec<u8>,
    input: Input,
    chooser: &Chooser,
    limits: &Limits,
    ahead: &mut Ahead,
) -> Result<(Part, Option<Parts>)> {
    let Origin::Files(paths) = input.origin else {
        let opened = source::open_within(memory, input.origin, &input.name, limits)?;
        let plan = chooser.choose(opened.head(), ahead)?.map(|plan| of_folder(plan, &input.name));
        if !opened.is_whole() {
            *ahead = Ahead::default();
        }
        return Ok(((opened, plan), None));
    };
    let mut paths: VecDeque<PathBuf> = paths.into();
    loop {
        let path = paths.pop_front().unwrap_or_default();
        let name = path.to_string_lossy().into_owned();
        let first = source::open(Origin::Path(path), &name, limits).and_then(|opened| {
            let plan = chooser.choose(opened.head(), &mut Ahead::default())?;
            Ok((opened, plan))
        });
        match first {
            Ok((opened, Some(plan))) => {
                let here = of_folder(Arc::clone(&plan), &name);
                return Ok(((opened, Some(here)), Some(Parts { paths, plan, limits: limits.clone() })));
            }
            Ok((opened, None)) if paths.is_empty() => return Ok(((opened, None), None)),
            Err(error) if paths.is_empty() => return Err(error),
            // An empty file, or one that is forbidden, says nothing of the others.
            Ok(_) | Err(_) => {}
        }
    }
}

/// An open source, and how it is read.
type Known = (Opened, Arc<dyn Plan>);

impl Parts {
    /// The next file of records, if there is one; why one before it could not be read.
    pub fn next(&mut self) -> (Option<Known>, Option<String>) {
        let mut wrong = None;
        while let Some(path) = self.paths.pop_front() {
            let name = path.to_string_lossy().into_owned();
            match source::open(Origin::Path(path), &name, &self.limits) {
                Ok(opened) if opened.encoding == Encoding::Binary => {
                    return (Some((opened, of_folder(Arc::clone(&self.plan), &name))), wrong);
                }
                // Nothing is written to it yet.
                Ok(opened) if opened.head().is_empty() => {}
                Ok(_) => wrong = Some(format!("{name} holds no records")),
                Err(error) => wrong = Some(error.to_string()),
            }
        }
        (None, wrong)
    }
}

fn of_folder(plan: Arc<dyn Plan>, name: &str) -> Arc<dyn Plan> {
    kind_of_folder(name).and_then(|kind| plan.of_kind(kind)).unwrap_or(plan)
}

/// Event files that one program after the other wrote for one run, as one source, in the order of the times in their
/// names. A name is believed only for that: how each is read its bytes say.
pub fn gather(inputs: Vec<Input>) -> Vec<Input> {
    let mut gathered: Vec<Input> = Vec::new();
    for input in inputs {
        let same = gathered.last_mut().filter(|last| last.run == input.run);
        match (same.map(|last| (time_of(&last.origin), &mut last.origin)), &input.origin) {
            (Some((Some(_), origin)), Origin::Path(path)) if time(path).is_some() => add(origin, path),
            _ => gathered.push(input),
        }
    }
    for input in &mut gathered {
        if let Origin::Files(paths) = &mut input.origin {
            paths.sort_by_key(|path| time(path));
            input.name = format!("{} and {} more", input.name, paths.len() - 1);
        }
    }
    gathered
}

fn add(origin: &mut Origin, path: &Path) {
    match origin {
        Origin::Files(paths) => paths.push(path.to_owned()),
        Origin::Path(first) => *origin = Origin::Files(vec![std::mem::take(first), path.to_owned()]),
        Origin::Stdin | Origin::Reader(_) | Origin::Far(_) | Origin::Bytes(_) => {}
    }
}

fn time_of(origin: &Origin) -> Option<u64> {
    match origin {
        Origin::Path(path) => time(path),
        Origin::Files(paths) => paths.first().and_then(|path| time(path)),
        Origin::Stdin | Origin::Reader(_) | Origin::Far(_) | Origin::Bytes(_) => None,
    }
}

/// The seconds in `events.out.tfevents.1614214754.host`.
fn time(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_string_lossy();
    let (_, behind) = name.split_once("tfevents.")?;
    behind.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_files_of_a_run_are_one_source_in_the_order_of_their_times() {
        let input =
            |run: &str, path: &str| Input { run: run.into(), name: path.into(), origin: Origin::Path(path.into()) };
        let given = vec![
            input("a", "a/events.out.tfevents.200.host"),
            input("a", "a/events.out.tfevents.100.host"),
            input("a", "a/train.log"),
            input("b", "b/events.out.tfevents.100.host"),
        ];

        let names: Vec<String> = gather(given)
            .into_iter()
            .map(|input| match input.origin {
                Origin::Files(paths) => paths.iter().map(|p| p.to_string_lossy()).collect::<Vec<_>>().join(" "),
                Origin::Path(path) => path.to_string_lossy().into_owned(),
                _ => String::new(),
            })
            .collect();

        let both = "a/events.out.tfevents.100.host a/events.out.tfevents.200.host";
        assert_eq!(vec![both, "a/train.log", "b/events.out.tfevents.100.host"], names);
    }
}
