//! One rank's way through a log: the step it is at, the row that is open, what state lines lent it.

use crate::collect::At;
use crate::row::MISSING;
use crate::types::{Keep, TRAIN};

use super::assemble::Info;
use super::pace::Pace;

/// How a row's step was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Stated by the line, or counted from its counters.
    Own { step: i64, logged: bool },
    /// Lent by a state line.
    Carried(i64),
    /// The last train row's.
    Last(i64),
    /// Nothing says; the order of the rows must.
    Order,
}

/// The row that later lines may still join.
#[derive(Debug, Clone, Default)]
pub struct Open {
    pub step: i64,
    /// Of its first line.
    pub epoch: u64,
    /// The lines in it: shape, and which of its names are there (all, when none).
    pub lines: Vec<(usize, Option<Vec<bool>>)>,
    /// Its step came from the order of the rows.
    pub ordered: bool,
    /// A row that is counted began it: another that is counted may only join such a one.
    pub counted: bool,
}

impl Open {
    pub fn is_of_another(&self, epoch: u64) -> bool {
        self.epoch != MISSING && epoch != MISSING && self.epoch != epoch
    }
}

#[derive(Debug, Clone)]
pub struct Track {
    pub rank: i64,
    pub attempt: i32,
    pub life: u32,
    /// First and last step that train rows stated, in this attempt.
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// Rows counted, for logs that state no step.
    pub count: i64,
    /// What earlier epochs add to a counter that begins again in each.
    pub base: i64,
    pub pace: Pace,
    pub epoch_base: Option<i64>,
    pub last_epoch: Option<f64>,
    pub open: Option<Open>,
    pub carried_step: Option<i64>,
    pub carried_epoch: u64,
    /// Where a row of another kind stood whose step fell back: a resume may have begun there.
    pub fell_at: Option<(u64, i64)>,
}

impl Track {
    pub fn new(rank: i64) -> Self {
        Track {
            rank,
            attempt: 0,
            life: 0,
            first: None,
            last: None,
            count: 0,
            base: 0,
            pace: Pace::default(),
            epoch_base: None,
            last_epoch: None,
            open: None,
            carried_step: None,
            carried_epoch: MISSING,
            fell_at: None,
        }
    }

    pub fn at(&self, step: i64, offset: u64) -> At {
        At {
            step,
            epoch: self.carried_epoch,
            rank: self.rank,
            attempt: self.attempt,
            life: self.life,
            offset,
            ..At::default()
        }
    }

    /// The first train row comes: what rows of other kinds were counted to is not its.
    pub fn begin(&mut self) {
        (self.first, self.last, self.count, self.open, self.fell_at) = (None, None, 0, None, None);
    }

    /// A line that is no row: what it states holds for the lines after it.
    pub fn carry(&mut self, info: &Info, slots: &[u64]) {
        if let Some(epoch) = info.epoch_of(slots) {
            self.carried_epoch = epoch.to_bits();
        }
        let batch = info.batch_of(slots).filter(|_| &*info.shape.kind == TRAIN);
        if let Some(step) = info.step_of(slots) {
            self.carried_step = Some(step);
        } else if let Some(batch) = batch {
            self.carried_step = Some(self.count_batches(info, slots, batch));
        }
    }

    /// The step of a row, from what its line says; where other lines state it, a bar's counter is none.
    pub fn find(&mut self, info: &Info, slots: &[u64], expects_step: bool) -> Found {
        if let Some(step) = info.step_of(slots) {
            return Found::Own { step: self.unfold(info, slots, step), logged: true };
        }
        let outranked = expects_step && info.shape.keep == Keep::Last;
        if &*info.shape.kind == TRAIN
            && !outranked
            && let Some(batch) = info.batch_of(slots)
        {
            return Found::Own { step: self.count_batches(info, slots, batch), logged: false };
        }
        match (self.carried_step, self.last) {
            (Some(step), _) => Found::Carried(step),
            (None, Some(step)) => Found::Last(step),
            (None, None) => Found::Order,
        }
    }

    /// A logged step that falls while the epoch rises begins again in each epoch: earlier epochs are added.
    fn unfold(&mut self, info: &Info, slots: &[u64], step: i64) -> i64 {
        let resolved = step.saturating_add(self.base);
        if &*info.shape.kind != TRAIN {
            return resolved;
        }
        let pace = self.pace.note(step);
        let (Some(last), Some(before), Some(epoch)) = (self.last, self.last_epoch, self.epoch_now(info, slots)) else {
            return resolved;
        };
        if resolved <= last && epoch >= before + 1.0 && epoch.fract() == 0.0 && before.fract() == 0.0 {
            self.base = last.saturating_add(pace.rest(step));
        }
        step.saturating_add(self.base)
    }

    fn count_batches(&mut self, info: &Info, slots: &[u64], batch: i64) -> i64 {
        let epoch = self.epoch_now(info, slots).filter(|e| e.is_finite()).map(|e| e.floor() as i64);
        let pace = self.pace.note(batch);
        match (epoch, info.batches_of(slots)) {
            (Some(epoch), Some(total)) if total > 0 => {
                let base = *self.epoch_base.get_or_insert(i64::from(epoch != 0));
                epoch.saturating_sub(base).saturating_mul(total).saturating_add(batch)
            }
            (_, total) => {
                if let Some(last) = pace.last.filter(|&last| batch < last) {
                    let length = total.filter(|&t| t > 0).unwrap_or(last.saturating_add(pace.rest(batch)));
                    self.base = self.base.saturating_add(length);
                }
                batch.saturating_add(self.base)
            }
        }
    }

    fn epoch_now(&self, info: &Info, slots: &[u64]) -> Option<f64> {
        info.epoch_of(slots).or_else(|| (self.carried_epoch != MISSING).then(|| f64::from_bits(self.carried_epoch)))
    }

    /// The epoch of the row whose step is taken too: the open row's, if it is joined, else the last one stated.
    pub fn lent_epoch(&self, joined: bool) -> u64 {
        match &self.open {
            Some(open) if joined => open.epoch,
            Some(_) | None => self.last_epoch.map_or(MISSING, f64::to_bits),
        }
    }

    /// Remembers the epoch of a row that states its step or its epoch.
    pub fn note_epoch(&mut self, info: &Info, slots: &[u64]) {
        let counted = info.step_of(slots).is_some() || info.batch_of(slots).is_some();
        let epoch = if counted { self.epoch_now(info, slots) } else { info.epoch_of(slots) };
        self.last_epoch = epoch.or(self.last_epoch);
    }
}
