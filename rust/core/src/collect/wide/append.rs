//! Appends rows of one shape column by column.

use crate::collect::outline::cut_text;
use crate::collect::wide::Wide;
use crate::collect::wide::store::Store;
use crate::collect::{At, Stretch};
use crate::row::MISSING;

impl Wide {
    /// Appends a stretch that fits the batch, column by column.
    pub(super) fn append(&mut self, shape: usize, stretch: Stretch<'_>) {
        let (count, row) = (stretch.heads.len(), self.len);
        let from = stretch.heads[0].at as usize;
        let plan = &self.plans[shape];
        let (width, slots) = (plan.width, &stretch.rows.slots[from..]);
        let even = count == 1 || stretch.heads[count - 1].at as usize - from == (count - 1) * width;
        if !even {
            return self.append_apart(shape, stretch);
        }
        for m in &plan.moves {
            let meaning = &mut self.outline.metrics[m.column];
            let column = slots[m.slot..].iter().step_by(width).take(count);
            let first_row = (self.before + row as u64, column.clone());
            let begins = || first_row.0 + first_row.1.take_while(|&&slot| slot == MISSING).count() as u64;
            if !self.store {
                meaning.note(column.filter(|&&slot| slot != MISSING).count() as u64, begins, m.slot);
                continue;
            }
            match &mut self.columns[m.column] {
                Store::Numbers(words) => {
                    words.pad(row, &mut self.supply);
                    meaning.note(words.push_strided(&slots[m.slot..], width, count, &mut self.supply), begins, m.slot);
                    if let Some(factor) = m.factor {
                        self.converted += count as u64;
                        words.scale(row, factor);
                    }
                }
                Store::Texts(texts) => {
                    texts.pad(row);
                    meaning.note(column.clone().filter(|&&slot| slot != MISSING).count() as u64, begins, m.slot);
                    for slot in column {
                        match *slot {
                            MISSING => texts.push(None),
                            slot => texts.push(Some(cut_text(&stretch.rows.text_of(slot)))),
                        }
                    }
                }
            }
        }
        let (epoch, wall_time, elapsed, utc) = (plan.epoch, plan.wall_time, plan.elapsed, plan.utc);
        let first = At {
            epoch: epoch.map_or(stretch.at.epoch, |k| slots[k]),
            wall_time: wall_time.map_or(MISSING, |k| slots[k]),
            elapsed: elapsed.map_or(MISSING, |k| slots[k]),
            utc,
            ..stretch.at
        };
        self.note(&first);
        if self.store {
            self.steps.extend((0..count).map(|k| stretch.step(k)), &mut self.supply);
            let context = [
                (&mut self.epochs, epoch, stretch.at.epoch),
                (&mut self.wall_times, wall_time, MISSING),
                (&mut self.elapsed, elapsed, MISSING),
            ];
            for (words, slot, constant) in context {
                match slot {
                    Some(slot) => {
                        words.pad(row, &mut self.supply);
                        words.push_strided(&slots[slot..], width, count, &mut self.supply);
                    }
                    None if constant != MISSING => {
                        words.pad(row, &mut self.supply);
                        words.push_many(constant, count);
                    }
                    None => {}
                }
            }
            self.owner(&stretch.at, count);
        }
        self.grow(count);
    }

    /// Rows whose slots do not follow each other: one at a time.
    fn append_apart(&mut self, shape: usize, stretch: Stretch<'_>) {
        for k in 0..stretch.heads.len() {
            self.append(shape, Stretch { heads: &stretch.heads[k..=k], steps: stretch.steps.after(k), ..stretch });
        }
    }
}
