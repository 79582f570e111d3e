//! What the leading cells of a column are.

use crate::read::csv::cells::is_missing;
use crate::read::csv::columns::{Column, Use, number_of};
use crate::read::roles::{self, Clock, Course};
use crate::time::Stamp;
use crate::types::Holds;

/// Numbers of as many digits before they are taken for rounded; the one that a cut may have shortened is one of them.
const ROUNDED: u64 = 4;

/// What the cells of a column are.
#[derive(Default)]
pub struct Facts {
    cells: u64,
    numbers: u64,
    unit: Option<String>,
    pub course: Course,
    clock: Option<Clock>,
    moments: u64,
    days: u64,
    split_words: u64,
    /// The most digits behind a point, and how many cells have so many; none where one is written with an exponent.
    decimals: Option<(usize, u64)>,
    exponents: bool,
    pub utc: bool,
}

/// Digits behind the point of a number written without an exponent.
pub fn decimals(cell: &[u8]) -> Option<usize> {
    let digits = cell.rsplit(|&b| b == b'.').next().filter(|rest| rest.len() < cell.len())?;
    digits.iter().all(u8::is_ascii_digit).then_some(digits.len())
}

impl Facts {
    pub fn note(&mut self, cell: &[u8], name: &str, decimal_comma: bool, epoch_rose: bool) {
        if is_missing(cell) {
            return;
        }
        self.cells += 1;
        self.split_words += u64::from(roles::kind_of_word(cell).is_some());
        self.note_stamp(cell);
        let Some((value, unit)) = number_of(cell, name, decimal_comma) else { return };
        self.numbers += 1;
        self.note_decimals(cell);
        self.exponents |= cell.iter().any(|b| matches!(b, b'e' | b'E'));
        self.unit.get_or_insert_with(|| unit.to_owned());
        self.course.note(value, epoch_rose);
        let clock = Clock::of_number(value);
        if clock.is_some() && self.clock.is_none_or(|known| Some(known) == clock) {
            self.clock = clock;
            self.moments += 1;
        }
    }

    fn note_decimals(&mut self, cell: &[u8]) {
        let Some(found) = decimals(cell) else { return };
        self.decimals = match self.decimals {
            Some((most, cells)) if most == found => Some((most, cells + 1)),
            Some((most, cells)) if most > found => Some((most, cells)),
            _ => Some((found, 1)),
        };
    }

    /// The digits that the numbers are rounded to: most have just so many, and none has more.
    fn rounded_to(&self) -> Option<usize> {
        let (most, cells) = self.decimals.filter(|_| !self.exponents)?;
        (cells >= ROUNDED && 2 * cells >= self.numbers).then_some(most)
    }

    fn note_stamp(&mut self, cell: &[u8]) {
        match roles::whole_stamp(cell) {
            Some(Stamp::Wall { utc, .. }) => {
                self.clock = Some(Clock::Stamp);
                self.moments += 1;
                self.utc |= utc;
            }
            Some(Stamp::Clock { .. }) => self.days += 1,
            None => {}
        }
    }

    pub fn is_number(&self) -> bool {
        self.numbers > 0 && self.numbers * 2 >= self.cells
    }

    pub fn is_whole(&self) -> bool {
        self.numbers == self.cells && self.cells > 0 && self.course.whole == self.course.seen
    }

    /// Every cell is a moment, or a time of day.
    pub fn times(&self) -> bool {
        self.cells > 0 && (self.moments == self.cells || self.days == self.cells)
    }

    pub fn time_use(&self) -> Use {
        match self.clock {
            Some(clock) if self.moments == self.cells => Use::Time(clock),
            Some(_) | None => Use::Context(Holds::Elapsed),
        }
    }

    pub fn splits(&self) -> bool {
        self.cells > 0 && self.split_words == self.cells
    }

    pub fn column(&self, title: &str) -> Column {
        let used = match () {
            () if self.cells == 0 => Use::Open,
            () if self.is_number() => Use::Metric,
            () => Use::Text,
        };
        let decimals = self.rounded_to().filter(|_| used == Use::Metric);
        Column { name: title.to_owned(), used, unit: self.unit.clone().unwrap_or_default(), decimals }
    }
}
