//! Reads many sources to their ends, in order: large ones by all threads, small ones a group a thread.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::detect::Chooser;
use crate::error::{Error, Kind, Result};
use crate::scan::feed::Desk;
use crate::scan::join;
use crate::scan::pass::{Aim, Done, Pass};
use crate::scan::pile::Piles;
use crate::scan::request::{Control, Input, Layout, Request, Restarts};

/// Files up to this size are read whole by one thread each.
const SMALL: u64 = 4 << 20;

/// Bytes of small files that one thread reads and makes one batch of.
const GROUP: u64 = 32 << 20;

/// Groups a thread at least, so that none ends long before the others.
const TURNS: u64 = 3;

/// What is the same for all sources of a read.
#[derive(Clone, Copy)]
pub struct Many<'a> {
    pub aim: Aim,
    pub request: &'a Request,
    pub control: &'a Control,
    pub chooser: &'a Chooser,
}

/// Sources that follow each other: one for all threads, or small ones for one.
struct Part {
    inputs: Vec<Input>,
    small: bool,
    bytes: u64,
}

/// What came of a part.
type Read = Result<Vec<Done>>;

impl Many<'_> {
    pub fn read(self, inputs: Vec<Input>) -> Result<Vec<Done>> {
        let alone = inputs.len() == 1;
        let parts = parts(inputs, self.request.threads);
        let small: Vec<usize> = (0..parts.len()).filter(|&k| parts[k].small).collect();
        let slots: Vec<_> = parts.into_iter().map(|part| (Mutex::new(Some(part)), Mutex::new(None))).collect();
        let turn = AtomicUsize::new(0);
        let work = || {
            let mut desk = Desk::default();
            while let Some(&k) = small.get(turn.fetch_add(1, Ordering::Relaxed)) {
                self.settle(&slots[k], alone, &mut desk);
            }
        };
        if !small.is_empty() && self.request.threads > 1 {
            std::thread::scope(|scope| (0..self.request.threads).for_each(|_| drop(scope.spawn(work))));
        }
        // What is left has all threads for itself.
        let mut desk = Desk::default();
        slots.iter().for_each(|slot| self.settle(slot, alone, &mut desk));
        let mut all = Vec::new();
        for (_, read) in slots {
            let ended = || Err(Error::new(Kind::Cancelled, "stopped"));
            all.extend(read.into_inner().ok().flatten().unwrap_or_else(ended)?);
        }
        Ok(all)
    }

    /// Reads a part unless that is done, and keeps what came of it.
    fn settle(self, (part, read): &(Mutex<Option<Part>>, Mutex<Option<Read>>), alone: bool, desk: &mut Desk) {
        let part = part.lock().ok().and_then(|mut part| part.take());
        if let (Some(part), Ok(mut read)) = (part, read.lock()) {
            *read = Some(self.part(part, alone, desk));
        }
    }

    fn part(self, part: Part, alone: bool, desk: &mut Desk) -> Read {
        let threads = if part.small { 1 } else { self.request.threads };
        let (run, mut ahead) = (self.request.run_column, part.bytes);
        let (mut sums, mut piles) = (None, Piles::default());
        let mut dones: Vec<Done> = Vec::with_capacity(part.inputs.len());
        let piled = self.piles(&part);
        for input in part.inputs {
            let mut done = self.one(input, threads, alone, desk)?;
            done.sum_up(run, &mut sums, desk);
            ahead = ahead.saturating_sub(done.bytes());
            if piled {
                piles.add(&mut done, &mut dones, ahead, run)?;
            }
            dones.push(done);
        }
        // The rows of all their summaries come with the first.
        if let (Some(first), Some(mut sums)) = (dones.first_mut(), sums) {
            first.joined = Some(sums.take()?);
        }
        piles.close(&mut dones, run)?;
        if piles.are_many() {
            join::gather(&mut dones, run)?;
        }
        Ok(dones)
    }

    /// Whether the rows of sources are put under one another: the files of one run are joined.
    fn piles(self, part: &Part) -> bool {
        let several = part.inputs.windows(2).any(|pair| pair[0].run == pair[1].run);
        part.inputs.len() > 1 && !several && self.aim == Aim::Rows && self.request.layout == Layout::Wide
    }

    fn one(self, input: Input, threads: usize, alone: bool, desk: &mut Desk) -> Result<Done> {
        let (run, name) = (input.run.clone(), input.name.clone());
        let again = input.again();
        let mut pass = |input, known| {
            let desk_now = std::mem::take(desk);
            let pass =
                Pass::open(input, known, (self.aim, threads), self.request, self.control, self.chooser, desk_now)?;
            pass.run_to_end(self.control, desk)
        };
        // A summary keeps no rows to take back: where a resume wrote some again, it is made once more without them.
        let stitched = self.request.layout == Layout::Summary && self.request.restarts == Restarts::Stitch;
        let done = pass(input, None).and_then(|done| match again {
            Some(input) if stitched && done.resumed() => pass(input, Some(done.outline().clone())),
            _ => Ok(done),
        });
        match done {
            // One broken run never breaks the others.
            Err(error) if !alone && !self.control.stop.load(Ordering::Relaxed) => {
                Ok(Done::failed(run, name, self.request, error.to_string()))
            }
            done => done,
        }
    }
}

/// Whether one thread is all that can read it: records follow each other. By its name, which decides nothing else.
fn holds_records(input: &Input) -> bool {
    input.name.contains("tfevents.") || input.name.ends_with(".wandb")
}

/// The sources in order, small ones that follow each other together.
fn parts(inputs: Vec<Input>, threads: usize) -> Vec<Part> {
    let alone = inputs.len() == 1;
    let sizes: Vec<Option<u64>> =
        inputs.iter().map(|input| input.size().filter(|&size| size <= SMALL || holds_records(input))).collect();
    let all: u64 = sizes.iter().flatten().sum();
    let most = GROUP.min(all / (threads as u64 * TURNS).max(1));
    let mut parts: Vec<Part> = Vec::new();
    let mut held = u64::MAX;
    for (input, size) in inputs.into_iter().zip(sizes) {
        held = size.map_or(u64::MAX, |size| held.saturating_add(size));
        match parts.last_mut() {
            Some(part) if held <= most => {
                part.inputs.push(input);
                part.bytes = held;
            }
            _ => {
                let bytes = size.unwrap_or_default();
                parts.push(Part { inputs: vec![input], small: size.is_some() && !alone, bytes });
                held = size.unwrap_or(u64::MAX);
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;

    #[test]
    fn parts_hold_every_source_once_and_in_order() {
        let sizes = [10, 3, SMALL as usize + 1, 5, 1, 0, 7, 900];
        let input = |(k, &size): (usize, &usize)| Input {
            run: k.to_string(),
            name: String::new(),
            origin: Origin::Bytes(vec![0; size].into()),
        };
        for threads in [1, 2, 7] {
            let parts = parts(sizes.iter().enumerate().map(input).collect(), threads);
            let runs: Vec<&str> = parts.iter().flat_map(|part| &part.inputs).map(|input| &*input.run).collect();
            assert_eq!(vec!["0", "1", "2", "3", "4", "5", "6", "7"], runs);
            assert!(parts.iter().all(|part| part.small || part.inputs.len() == 1));
        }
    }
}
