//! Decides, in file order, what couples lines: steps, merging, ranks, restarts, progress bars.
//!
//! This is the one place that does, so blocks may be read in any order by any number of threads.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::collect::counted::{Counted, alone, keep};
use crate::collect::fuse::repeats;
use crate::collect::track::{Found, Open, Track};
use crate::collect::{Collector, Steps, Stretch};
use crate::row::{Head, MISSING, Rows, Seen, Setting};
use crate::types::{Holds, Keep, Shape, TRAIN};

/// A shape, looked through once.
#[derive(Debug)]
pub struct Info {
    pub shape: Arc<Shape>,
    /// What the collector calls it.
    admitted: usize,
    train: bool,
    step: Option<usize>,
    epoch: Option<usize>,
    batch: Option<usize>,
    batches: Option<usize>,
    wall_time: Option<usize>,
    elapsed: Option<usize>,
    rank: Option<usize>,
    /// Slots of metrics, with the ordinal of their name.
    names: Vec<(usize, u32)>,
    /// Rows of it may go in stretches.
    swift: bool,
}

impl Info {
    fn slot(at: Option<usize>, slots: &[u64]) -> Option<u64> {
        at.map(|k| slots[k]).filter(|&slot| slot != MISSING)
    }

    pub fn step_of(&self, slots: &[u64]) -> Option<i64> {
        Info::slot(self.step, slots).map(|s| s as i64)
    }

    pub fn epoch_of(&self, slots: &[u64]) -> Option<f64> {
        Info::slot(self.epoch, slots).map(f64::from_bits)
    }

    pub fn batch_of(&self, slots: &[u64]) -> Option<i64> {
        Info::slot(self.batch, slots).map(|s| s as i64)
    }

    pub fn batches_of(&self, slots: &[u64]) -> Option<i64> {
        Info::slot(self.batches, slots).map(|s| s as i64)
    }

    /// Which names of a row are there; none when all are.
    fn presence(&self, slots: &[u64]) -> Option<Vec<bool>> {
        let missing = self.names.iter().any(|&(slot, _)| slots[slot] == MISSING);
        missing.then(|| self.names.iter().map(|&(slot, _)| slots[slot] != MISSING).collect())
    }
}

/// What was decided, for the coverage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub unfinished: u64,
    pub resumes: u64,
    pub new_starts: u64,
    /// How the first counted row's step was found: logged, or counted; else by order.
    pub logged: Option<bool>,
    pub ranks: Vec<i64>,
}

/// Feeds a collector with rows, block by block.
pub struct Assembler<C> {
    pub collector: C,
    pub told: Told,
    pub seen: Seen,
    pub settings: Vec<Setting>,
    /// The settings so far: a log may state each of them a thousand times.
    stated: HashSet<Setting>,
    /// Whether attempts are told apart even where a resume joins them.
    keep_attempts: bool,
    /// Whether the leading lines state a step: rows before the first step then stand at 0.
    expects_step: bool,
    counted: Counted,
    /// By the address of a shape, which is kept so that none has it after it.
    known: HashMap<usize, (usize, Arc<Shape>)>,
    infos: Vec<Info>,
    names: HashMap<Arc<str>, u32>,
    tracks: BTreeMap<i64, Track>,
    /// The last row of the block before, to know its repeat.
    tail: Option<(Rows, Head)>,
    bar: Option<(Rows, Head)>,
}

impl<C: Collector> Assembler<C> {
    pub fn new(collector: C, keep_attempts: bool, expects_step: bool) -> Self {
        Assembler {
            collector,
            told: Told::default(),
            seen: Seen::default(),
            settings: Vec::new(),
            stated: HashSet::new(),
            keep_attempts,
            expects_step,
            counted: Counted::Unknown(Box::default()),
            known: HashMap::new(),
            infos: Vec::new(),
            names: HashMap::new(),
            tracks: BTreeMap::new(),
            tail: None,
            bar: None,
        }
    }

    /// Takes the next block's rows.
    pub fn feed(&mut self, rows: &Rows) {
        let infos: Vec<usize> = rows.shapes.iter().map(|shape| self.info(shape)).collect();
        let mut i = usize::from(self.repeats_tail(rows));
        while i < rows.heads.len() {
            let taken = self.stretch(rows, &infos, i);
            if taken == 0 {
                self.line(rows, &infos, rows.heads[i]);
            }
            i += taken.max(1);
        }
        self.seen.absorb(&rows.seen);
        let new = rows.settings.iter().filter(|&setting| self.stated.insert(setting.clone()));
        self.settings.extend(new.cloned());
        if let Some(head) = rows.tail {
            self.tail = Some(alone(rows, &head));
        }
    }

    /// No more rows: what was held back is a row now.
    pub fn finish(&mut self) {
        self.flush_bar();
        if matches!(self.counted, Counted::Unknown(_)) {
            self.count(Counted::All);
        }
        self.told.ranks = self.tracks.keys().copied().collect();
    }

    fn info(&mut self, shape: &Arc<Shape>) -> usize {
        let key = Arc::as_ptr(shape) as usize;
        if let Some(&(info, _)) = self.known.get(&key) {
            return info;
        }
        let twin = self.infos.iter().rposition(|info| info.swift && are_twins(&info.shape, shape));
        let at = twin.unwrap_or(self.infos.len());
        if twin.is_none() {
            let info = self.look_through(shape);
            self.infos.push(info);
        }
        self.known.insert(key, (at, Arc::clone(shape)));
        at
    }

    fn look_through(&mut self, shape: &Arc<Shape>) -> Info {
        let mut names = Vec::new();
        for (slot, field) in shape.fields.iter().enumerate() {
            if matches!(field.holds, Holds::Metric | Holds::Text) {
                let next = self.names.len() as u32;
                names.push((slot, *self.names.entry(Arc::clone(&field.name)).or_insert(next)));
            }
        }
        let train = &*shape.kind == TRAIN;
        let coupled = [Holds::Rank, Holds::Batch, Holds::Batches].iter().any(|&h| shape.position(h).is_some());
        Info {
            admitted: if shape.keep == Keep::Carry { usize::MAX } else { self.collector.admit(shape) },
            train,
            step: shape.position(Holds::Step),
            epoch: shape.position(Holds::Epoch),
            batch: shape.position(Holds::Batch),
            batches: shape.position(Holds::Batches),
            wall_time: shape.position(Holds::WallTime),
            elapsed: shape.position(Holds::Elapsed),
            rank: shape.position(Holds::Rank),
            swift: train && shape.keep == Keep::All && !coupled && !names.is_empty(),
            names,
            shape: Arc::clone(shape),
        }
    }

    /// Whether the block begins with the line the block before ended with.
    fn repeats_tail(&mut self, rows: &Rows) -> bool {
        let (Some((before, tail)), Some(head)) = (&self.tail, rows.heads.first()) else { return false };
        let same = repeats(before, rows, tail, head);
        self.seen.repeated += u64::from(same);
        same
    }

    /// Takes a stretch of rows that need no second thought; gives how many.
    fn stretch(&mut self, rows: &Rows, infos: &[usize], from: usize) -> usize {
        let head = rows.heads[from];
        let at = infos[head.shape as usize];
        let info = &self.infos[at];
        if !info.swift || self.tracks.len() > 1 || self.bar.is_some() || !matches!(self.counted, Counted::Train) {
            return 0;
        }
        let track = self.tracks.entry(0).or_insert_with(|| Track::new(0));
        let heads = &rows.heads[from..];
        let (count, steps) = match info.step {
            Some(slot) => rising(rows, heads, infos, slot, track),
            None => in_order(heads, rows, at, info, track, self.expects_step),
        };
        if count == 0 {
            return 0;
        }
        let stretch = Stretch { rows, heads: &heads[..count], steps, at: track.at(0, head.offset) };
        let last = stretch.step(count - 1);
        let slots = rows.slots_of(&heads[count - 1]);
        if info.step.is_some() {
            track.first.get_or_insert(stretch.step(0));
            track.last = Some(last);
            track.carried_step = None;
            track.fell_at = None;
        } else {
            track.count = last;
        }
        let says = |head: &&Head| Info::slot(info.epoch, rows.slots_of(head)).is_some();
        let said = heads[..count].iter().rev().find(says).map_or(slots, |head| rows.slots_of(head));
        track.note_epoch(info, if info.epoch.is_some() { said } else { slots });
        let epoch = Info::slot(info.epoch, slots).unwrap_or(track.carried_epoch);
        let lines = vec![(at, info.presence(slots))];
        track.open = Some(Open { step: last, epoch, lines, ordered: info.step.is_none(), counted: true });
        if info.step.is_some() {
            self.told.logged.get_or_insert(true);
        }
        self.collector.stretch(info.admitted, stretch);
        count
    }

    /// One row, with all care.
    fn line(&mut self, rows: &Rows, infos: &[usize], head: Head) {
        if let Some(fused) = rows.fused.iter().find(|f| f.whole == head.shape) {
            let width = rows.shapes[fused.first as usize].fields.len() as u32;
            self.line(rows, infos, Head { shape: fused.first, ..head });
            return self.line(rows, infos, Head { shape: fused.second, at: head.at + width, ..head });
        }
        let at = infos[head.shape as usize];
        match self.infos[at].shape.keep {
            Keep::All => {
                self.flush_full_bar(rows.shapes[head.shape as usize].rule);
                self.row(rows, at, head);
            }
            Keep::Last => self.hold_bar(rows, at, head),
            Keep::Carry => {
                self.flush_bar();
                match self.counted.keep_between(rows, &head) {
                    true => self.count_if_full(),
                    false => self.carry(rows, at, head),
                }
            }
        }
    }

    fn carry(&mut self, rows: &Rows, at: usize, head: Head) {
        let (info, slots) = (&self.infos[at], rows.slots_of(&head));
        let rank = Info::slot(info.rank, slots).unwrap_or_default() as i64;
        self.tracks.entry(rank).or_insert_with(|| Track::new(rank)).carry(info, slots);
    }

    /// Whether the row waits until it is known whose rows are counted; a train row settles that.
    fn waits(&mut self, rows: &Rows, at: usize, head: &Head) -> bool {
        let train = self.infos[at].train && !self.infos[at].names.is_empty();
        match &mut self.counted {
            Counted::Train => false,
            Counted::All | Counted::Unknown(_) if train => {
                self.count(Counted::Train);
                false
            }
            Counted::All => false,
            Counted::Unknown(waiting) => {
                keep(waiting, rows, head);
                self.count_if_full();
                true
            }
        }
    }

    fn count_if_full(&mut self) {
        if self.counted.is_full() {
            self.count(Counted::All);
        }
    }

    /// It is known whose rows are counted: those that waited are rows now.
    fn count(&mut self, counted: Counted) {
        let waited = match std::mem::replace(&mut self.counted, counted) {
            Counted::Unknown(waiting) => waiting,
            Counted::All => {
                self.told.logged = None;
                return self.tracks.values_mut().for_each(Track::begin);
            }
            Counted::Train => return,
        };
        let infos: Vec<usize> = waited.shapes.iter().map(|shape| self.info(shape)).collect();
        for &head in &waited.heads {
            let at = infos[head.shape as usize];
            match self.infos[at].shape.keep {
                Keep::Carry => self.carry(&waited, at, head),
                Keep::All | Keep::Last => self.row(&waited, at, head),
            }
        }
    }

    /// Of a bar's states the last is the row: holds this one until it is known whether another follows.
    fn hold_bar(&mut self, rows: &Rows, at: usize, head: Head) {
        let info = &self.infos[at];
        let slots = rows.slots_of(&head);
        let (batch, total) = (info.batch_of(slots), info.batches_of(slots));
        let goes_on = self.bar.as_ref().is_some_and(|(held, before)| {
            let shape = &held.shapes[before.shape as usize];
            let old = held.slots_of(before);
            let slot = |holds| shape.position(holds).map(|k| old[k]).filter(|&s| s != MISSING);
            let value = |holds| slot(holds).map(|s| s as i64);
            shape.rule == info.shape.rule
                && slot(Holds::Epoch) == Info::slot(info.epoch, slots)
                && total == value(Holds::Batches)
                && batch >= value(Holds::Batch)
        });
        if !goes_on {
            self.flush_bar();
        }
        self.bar = Some(alone(rows, &head));
    }

    /// A bar that reached its total is a row before what another rule's line says; one on its way goes on behind it.
    fn flush_full_bar(&mut self, rule: u32) {
        let full = self.bar.as_ref().is_some_and(|(held, head)| {
            let (shape, slots) = (&held.shapes[head.shape as usize], held.slots_of(head));
            let value = |holds| shape.position(holds).map(|k| slots[k]).filter(|&s| s != MISSING);
            let total = value(Holds::Batches);
            shape.rule != rule && total.is_some() && total == value(Holds::Batch)
        });
        if full {
            self.flush_bar();
        }
    }

    fn flush_bar(&mut self) {
        let Some((rows, head)) = self.bar.take() else { return };
        let at = self.info(&rows.shapes[0].clone());
        let (info, slots) = (&self.infos[at], rows.slots_of(&head));
        if let (Some(batch), Some(total)) = (info.batch_of(slots), info.batches_of(slots)) {
            self.told.unfinished += u64::from(batch < total);
        }
        self.row(&rows, at, head);
    }

    fn row(&mut self, rows: &Rows, at: usize, head: Head) {
        if self.waits(rows, at, &head) {
            return;
        }
        let slots = rows.slots_of(&head);
        let info = &self.infos[at];
        let all = self.counted.everything();
        let rank = Info::slot(info.rank, slots).unwrap_or_default() as i64;
        let track = self.tracks.entry(rank).or_insert_with(|| Track::new(rank));
        let found = track.find(info, slots, self.expects_step);
        let position = self.collector.position();
        let mut resumed = None;
        if let Found::Own { step, logged } = found {
            if info.train {
                resumed = fall(track, step, position, self.keep_attempts, &mut self.told);
                track.last = Some(step);
                track.carried_step = None;
                self.told.logged.get_or_insert(logged);
            } else if all {
                track.last = Some(step);
                self.told.logged.get_or_insert(logged);
            } else if track.last.is_some_and(|last| step < last) {
                track.fell_at.get_or_insert((position, step));
            }
        }
        let presence = info.presence(slots);
        let mut epoch = Info::slot(info.epoch, slots).unwrap_or(track.carried_epoch);
        let joins = track.open.as_ref().is_some_and(|open| {
            let apart = all && open.ordered && open.is_of_another(epoch);
            !(apart || collides(&self.infos, open, at, presence.as_deref()))
        });
        let counts = info.train || all;
        let (step, ordered) = place(track, found, counts, joins, self.expects_step && !all);
        let joined = joins && track.open.as_ref().is_some_and(|open| open.step == step);
        let lent = !info.train && matches!(found, Found::Last(_) | Found::Order);
        if epoch == MISSING && (joined || lent) {
            epoch = track.lent_epoch(joined);
        }
        let mut here = track.at(step, head.offset);
        here.epoch = epoch;
        here.wall_time = Info::slot(info.wall_time, slots).unwrap_or(MISSING);
        here.elapsed = Info::slot(info.elapsed, slots).unwrap_or(MISSING);
        here.utc = info.shape.utc;
        track.note_epoch(info, slots);
        if let Some(position) = resumed {
            self.collector.resume(&here, position);
        }
        match &mut track.open {
            Some(open) if joined => open.lines.push((at, presence)),
            open => {
                *open = Some(Open { step, epoch, lines: vec![(at, presence)], ordered, counted: counts });
                self.collector.open(&here);
            }
        }
        let admitted = info.admitted;
        self.collector.add(admitted, rows, slots, &here);
    }
}

/// The step a row stands at, and whether the order of the rows gave it.
fn place(track: &mut Track, found: Found, counts: bool, joins: bool, expects_step: bool) -> (i64, bool) {
    match found {
        Found::Own { step, .. } | Found::Carried(step) | Found::Last(step) => (step, false),
        Found::Order if expects_step => (0, false),
        Found::Order => {
            let open = track.open.as_ref().filter(|open| joins && open.ordered && (open.counted || !counts));
            match open {
                Some(open) => (open.step, true),
                None if counts => {
                    track.count += 1;
                    (track.count, true)
                }
                None => (track.count, true),
            }
        }
    }
}

/// Judges a train row's step against the one before; gives where newer rows begin when it is a resume.
fn fall(track: &mut Track, step: i64, position: u64, keep_attempts: bool, told: &mut Told) -> Option<u64> {
    let first = *track.first.get_or_insert(step);
    let since = track.fell_at.take();
    if track.last.is_none_or(|last| step >= last) {
        return None;
    }
    track.open = None;
    if step > first {
        told.resumes += 1;
        track.attempt += i32::from(keep_attempts);
        return Some(since.filter(|&(_, s)| s >= step).map_or(position, |(p, _)| p));
    }
    told.new_starts += 1;
    track.attempt += 1;
    track.life += 1;
    track.first = Some(step);
    None
}

/// Whether some name stands both in the open row and in this one.
fn collides(infos: &[Info], open: &Open, at: usize, presence: Option<&[bool]>) -> bool {
    let there = |presence: Option<&[bool]>, k: usize| presence.is_none_or(|p| p[k]);
    open.lines.iter().any(|(other, theirs)| {
        let (mine, others) = (&infos[at].names, &infos[*other].names);
        mine.iter().enumerate().any(|(k, (_, name))| {
            there(presence, k) && others.iter().enumerate().any(|(j, (_, n))| n == name && there(theirs.as_deref(), j))
        })
    })
}

/// Whether the rows of two shapes differ in nothing but the rule that claims their lines.
fn are_twins(a: &Shape, b: &Shape) -> bool {
    let Shape { rule: _, kind, keep, utc, guessed, fields } = a;
    (kind, keep, utc, guessed, fields) == (&b.kind, &b.keep, &b.utc, &b.guessed, &b.fields)
}

/// How many rows of one kind follow with steps rising over all before them.
fn rising(rows: &Rows, heads: &[Head], infos: &[usize], slot: usize, track: &Track) -> (usize, Steps) {
    let steps = Steps::Slot { slot, base: track.base };
    let open = track.open.as_ref().map(|open| open.step);
    let mut last = track.last.unwrap_or(i64::MIN);
    let (mut count, shape) = (0, heads[0].shape);
    for head in heads {
        if head.shape != shape && infos[head.shape as usize] != infos[shape as usize] {
            break;
        }
        let raw = rows.slots[head.at as usize + slot];
        let step = (raw as i64).saturating_add(track.base);
        if raw == MISSING || step <= last || count == 0 && Some(step) == open {
            break;
        }
        last = step;
        count += 1;
    }
    (count, steps)
}

/// How many rows of one shape follow that only their order numbers: each bears a name the row before bears.
fn in_order(heads: &[Head], rows: &Rows, at: usize, info: &Info, track: &Track, expects: bool) -> (usize, Steps) {
    let steps = Steps::Count { first: track.count + 1 };
    let follows = track.open.as_ref().is_some_and(|open| {
        open.ordered && open.lines.iter().any(|(line, presence)| *line == at && presence.is_none())
    });
    if expects || !follows || track.last.is_some() || track.carried_step.is_some() {
        return (0, steps);
    }
    let (name, _) = info.names[0];
    let fits = |head: &&Head| head.shape == heads[0].shape && rows.slots[head.at as usize + name] != MISSING;
    (heads.iter().take_while(fits).count(), steps)
}
