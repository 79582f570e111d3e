//! Joins values on (attempt, step): for sources that keep one metric at a time, in whatever order.
//!
//! The k-th value that a metric has of a step goes to the k-th row of that step. Rows of a stretch between restarts are
//! in the order of their steps. The wide table is made of whole stretches, whose columns it takes as they are; the others
//! get each value as it comes. Lists that are whole, of which none begins again, are joined by `meet`.

mod grid;
mod places;
mod restart;

use std::collections::HashMap;
use std::sync::Arc;

use crate::collect::assemble::Told;
use crate::collect::{At, Collector};
use crate::row::{Head, MISSING, Rows, Seen, Setting};
use crate::types::{Field, Holds, Keep, Shape, TRAIN};
use grid::Grid;
use places::Places;
use restart::{Restarts, Verdict};

/// A value, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub series: usize,
    pub step: i64,
    /// Epoch, time and time elapsed, as slots.
    pub context: [u64; 3],
    pub slot: u64,
    pub offset: u64,
}

/// The values of one metric so far.
#[derive(Debug)]
struct Series {
    field: Field,
    /// What the collector calls a row of it alone.
    admitted: usize,
    /// Where its last value went: step, how many it has of that step, row.
    step: Option<i64>,
    place: u32,
    row: usize,
    /// Rows that have a value of it, a bit each.
    rows: Vec<u64>,
    /// Its steps fall where no run begins again: the place of its next value of each step.
    counts: HashMap<i64, u32>,
}

impl Series {
    fn has(&self, row: usize) -> bool {
        self.rows.get(row / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    #[inline]
    fn mark(&mut self, row: usize) {
        if self.rows.len() <= row / 64 {
            self.rows.resize(row / 64 + 1, 0);
        }
        self.rows[row / 64] |= 1 << (row % 64);
    }

    /// Rows are counted from 0 again.
    fn begin(&mut self) {
        (self.step, self.place, self.row) = (None, 0, 0);
        self.rows.clear();
        self.counts.clear();
    }
}

/// A shape, looked through once.
#[derive(Debug)]
struct Info {
    /// Kept alive, so that no address is used twice.
    _shape: Arc<Shape>,
    carries: bool,
    step: Option<usize>,
    context: [Option<usize>; 3],
    /// Slot, and series.
    values: Vec<(usize, usize)>,
    /// The series, where step, time and one number of it are all.
    plain: Option<usize>,
}

/// What the rows of event files are mostly made of.
const PLAIN: [Holds; 3] = [Holds::Step, Holds::WallTime, Holds::Metric];

/// What is the same for the rows between two restarts.
#[derive(Debug, Default)]
struct Since {
    attempt: i32,
    life: u32,
    /// What the collector had before.
    position: u64,
}

/// See the module.
pub struct Joiner<C> {
    pub collector: C,
    pub told: Told,
    pub seen: Seen,
    pub settings: Vec<Setting>,
    keep_attempts: bool,
    /// Where rows are handed on whole.
    grid: Option<Grid>,
    known: HashMap<usize, usize>,
    infos: Vec<Info>,
    by_name: HashMap<(Arc<str>, bool), usize>,
    series: Vec<Series>,
    places: Places,
    restarts: Restarts,
    /// Values that wait until it is known whether the run began again before them; their texts.
    waiting: Vec<Cell>,
    texts: Rows,
    since: Since,
    utc: bool,
}

impl<C: Collector> Joiner<C> {
    /// `whole` where the collector wants rows with all their metrics.
    pub fn new(collector: C, keep_attempts: bool, whole: bool) -> Self {
        Joiner {
            collector,
            told: Told::default(),
            seen: Seen::default(),
            settings: Vec::new(),
            keep_attempts,
            grid: whole.then(Grid::default),
            known: HashMap::new(),
            infos: Vec::new(),
            by_name: HashMap::new(),
            series: Vec::new(),
            places: Places::default(),
            restarts: Restarts::default(),
            waiting: Vec::new(),
            texts: Rows::default(),
            since: Since::default(),
            utc: false,
        }
    }

    /// Takes the next block's rows.
    pub fn feed(&mut self, rows: &Rows) {
        let infos: Vec<usize> = rows.shapes.iter().map(|shape| self.info(shape)).collect();
        for head in &rows.heads {
            let info = infos[head.shape as usize];
            let plain = self.infos[info].plain;
            if !plain.is_some_and(|series| self.goes_on(series, rows, head)) {
                self.row(rows, info, head);
            }
        }
        self.seen.absorb(&rows.seen);
        self.settings.extend(rows.settings.iter().cloned());
    }

    /// No more rows.
    pub fn finish(&mut self) {
        if let Some(verdict) = self.restarts.give_up() {
            self.settle(verdict);
        }
        self.close();
        self.told.ranks = vec![0];
    }

    fn info(&mut self, shape: &Arc<Shape>) -> usize {
        let key = Arc::as_ptr(shape) as usize;
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let measured = |field: &Field| matches!(field.holds, Holds::Metric | Holds::Text);
        let fields = shape.fields.iter().enumerate().filter(|(_, field)| measured(field));
        let values: Vec<(usize, usize)> = fields.map(|(slot, field)| (slot, self.series_of(shape, field))).collect();
        self.utc |= shape.utc;
        let carries = shape.keep == Keep::Carry;
        let plain = !carries && shape.fields.iter().map(|field| field.holds).eq(PLAIN);
        self.infos.push(Info {
            carries,
            plain: values.first().map(|(_, series)| *series).filter(|_| plain),
            step: shape.position(Holds::Step),
            context: [Holds::Epoch, Holds::WallTime, Holds::Elapsed].map(|holds| shape.position(holds)),
            values,
            _shape: Arc::clone(shape),
        });
        self.known.insert(key, self.infos.len() - 1);
        self.infos.len() - 1
    }

    fn series_of(&mut self, shape: &Shape, field: &Field) -> usize {
        let key = (Arc::clone(&field.name), field.holds == Holds::Text);
        if let Some(&known) = self.by_name.get(&key) {
            return known;
        }
        let alone = Shape { fields: vec![field.clone()], keep: Keep::All, ..shape.clone() };
        let admitted = if self.grid.is_some() { 0 } else { self.collector.admit(&Arc::new(alone)) };
        let (rows, counts) = (Vec::new(), HashMap::new());
        let series = Series { field: field.clone(), admitted, step: None, place: 0, row: 0, rows, counts };
        self.series.push(series);
        self.by_name.insert(key, self.series.len() - 1);
        self.series.len() - 1
    }

    fn row(&mut self, rows: &Rows, info: usize, head: &Head) {
        let (about, slots) = (&self.infos[info], rows.slots_of(head));
        let step = about.step.map(|slot| slots[slot]).filter(|&slot| slot != MISSING).map(|slot| slot as i64);
        if about.carries {
            return self.begin_writer(step);
        }
        let context = about.context.map(|slot| slot.map_or(MISSING, |slot| slots[slot]));
        for k in 0..about.values.len() {
            let (slot, series) = self.infos[info].values[k];
            if slots[slot] != MISSING {
                // Without a step the order of the values is one.
                let step = step.unwrap_or_else(|| self.series[series].step.map_or(1, |step| step.saturating_add(1)));
                self.cell(Cell { series, step, context, slot: slots[slot], offset: head.offset }, rows);
            }
        }
    }

    /// Takes the number of a plain row if it is of the next step of its metric and nothing is in doubt; else says no.
    #[inline]
    fn goes_on(&mut self, series: usize, rows: &Rows, head: &Head) -> bool {
        let Some(&[step, time, slot]) = rows.slots[head.at as usize..].first_chunk() else { return false };
        if step == MISSING || slot == MISSING || !self.restarts.goes_on(series, step as i64) {
            return false;
        }
        let cell = Cell { series, step: step as i64, context: [MISSING, time, MISSING], slot, offset: head.offset };
        let about = &mut self.series[series];
        match self.places.next(cell.step, about.row) {
            Some((row, is_new)) => {
                about.mark(row);
                (about.step, about.place, about.row) = (Some(cell.step), 0, row + 1);
                self.store(&cell, (row, is_new), None, rows);
            }
            None => self.put(cell, rows),
        }
        true
    }

    fn cell(&mut self, cell: Cell, rows: &Rows) {
        match self.restarts.judge(cell.series, cell.step) {
            Verdict::Goes => self.put(cell, rows),
            Verdict::Waits => self.wait(cell, rows),
            verdict @ (Verdict::Begins { .. } | Verdict::Stays) => {
                self.settle(verdict);
                self.cell(cell, rows);
            }
        }
    }

    /// A program says that it begins to write, from a step on if it knows.
    fn begin_writer(&mut self, step: Option<i64>) {
        if let Some(verdict) = self.restarts.begin_writer(step) {
            self.settle(verdict);
        }
    }

    fn wait(&mut self, mut cell: Cell, rows: &Rows) {
        if self.series[cell.series].field.holds == Holds::Text {
            cell.slot = self.texts.keep_text(rows.text_of(cell.slot).as_bytes());
        }
        self.waiting.push(cell);
    }

    /// What waited goes on, in a new stretch if the run began again before it.
    fn settle(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Begins { anew } => {
                self.close();
                self.begin(anew);
            }
            Verdict::Stays => self.restarts.stay(),
            Verdict::Goes | Verdict::Waits => {}
        }
        let texts = std::mem::take(&mut self.texts);
        for cell in std::mem::take(&mut self.waiting) {
            self.restarts.accept(cell.series, cell.step);
            self.put(cell, &texts);
        }
    }

    fn begin(&mut self, anew: bool) {
        self.since.attempt += i32::from(anew || self.keep_attempts);
        self.since.life += u32::from(anew);
        self.told.new_starts += u64::from(anew);
        self.since.position = self.collector.position();
        self.restarts.begin(anew);
        self.series.iter_mut().for_each(Series::begin);
    }

    fn put(&mut self, cell: Cell, rows: &Rows) {
        let place = self.place(&cell);
        let text = self.series[cell.series].field.holds == Holds::Text;
        self.store(&cell, place, text.then_some(rows), rows);
    }

    /// Stores a value in its row; `texts` hold it where it is a text.
    #[inline]
    fn store(&mut self, cell: &Cell, (row, is_new): (usize, bool), texts: Option<&Rows>, rows: &Rows) {
        self.told.logged = Some(true);
        if let Some(grid) = &mut self.grid {
            return grid.put(cell, row, texts);
        }
        let at = self.at(cell);
        if is_new {
            self.collector.open(&at);
        }
        self.collector.add(self.series[cell.series].admitted, rows, &[cell.slot], &at);
    }

    /// The row a value goes to, and whether it is the first there.
    fn place(&mut self, cell: &Cell) -> (usize, bool) {
        let loose = self.restarts.is_loose(cell.series);
        let series = &mut self.series[cell.series];
        let mut place = match series.step {
            _ if loose => series.counts.get(&cell.step).copied().unwrap_or_default(),
            Some(step) if step == cell.step => series.place + 1,
            Some(_) | None => 0,
        };
        let (mut row, mut is_new) = self.places.find(cell.step, place, series.row);
        while loose && series.has(row) {
            place += 1;
            (row, is_new) = self.places.find(cell.step, place, series.row);
        }
        if loose {
            series.counts.insert(cell.step, place + 1);
        }
        series.mark(row);
        (series.step, series.place, series.row) = (Some(cell.step), place, row + 1);
        (row, is_new)
    }

    fn at(&self, cell: &Cell) -> At {
        let [epoch, wall_time, elapsed] = cell.context;
        let Since { attempt, life, .. } = self.since;
        At { step: cell.step, epoch, wall_time, elapsed, utc: self.utc, attempt, life, offset: cell.offset, rank: 0 }
    }

    /// The stretch is at its end: which older rows it wrote again is known, and its rows are whole.
    fn close(&mut self) {
        if let Some(step) = self.restarts.rewritten() {
            self.told.resumes += 1;
            let position = if self.grid.is_some() { self.collector.position() } else { self.since.position };
            self.collector.resume(&At { step, life: self.since.life, ..At::default() }, position);
        }
        if let Some(grid) = self.grid.take() {
            self.hand_over(grid);
            self.grid = Some(Grid::default());
        }
        self.places = Places::default();
    }

    fn hand_over(&mut self, grid: Grid) {
        let context = [Holds::Step, Holds::Epoch, Holds::WallTime, Holds::Elapsed];
        let mut fields: Vec<Field> = context.into_iter().map(Field::context).collect();
        fields.extend(self.series.iter().map(|series| series.field.clone()));
        let shape = Shape { rule: 0, kind: TRAIN.into(), keep: Keep::All, utc: self.utc, guessed: false, fields };
        let shape = Arc::new(shape);
        let admitted = self.collector.admit(&shape);
        let Since { attempt, life, .. } = self.since;
        let at = At { attempt, life, ..At::default() };
        let columns = grid.columns(std::mem::take(&mut self.places), shape, at);
        self.collector.columns(admitted, columns);
    }
}

#[cfg(test)]
mod tests;
