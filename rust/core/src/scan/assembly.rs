//! What makes tables of a source's rows: line by line, or joined by their steps.

use crate::collect::assemble::{Assembler, Told};
use crate::collect::join::Joiner;
use crate::collect::table::Table;
use crate::row::{Rows, Seen, Setting};

/// One of the two ways, as the source's plan says.
pub enum Assembly {
    Lines(Box<Assembler<Table>>),
    Steps(Box<Joiner<Table>>),
}

/// What is known at the end of a source.
pub struct Assembled {
    pub table: Table,
    pub told: Told,
    pub seen: Seen,
    pub settings: Vec<Setting>,
}

impl Assembly {
    pub fn feed(&mut self, rows: &Rows) {
        match self {
            Assembly::Lines(lines) => lines.feed(rows),
            Assembly::Steps(steps) => steps.feed(rows),
        }
    }

    pub fn table(&mut self) -> &mut Table {
        match self {
            Assembly::Lines(lines) => &mut lines.collector,
            Assembly::Steps(steps) => &mut steps.collector,
        }
    }

    /// No more rows come.
    pub fn finish(self) -> Assembled {
        match self {
            Assembly::Lines(mut lines) => {
                lines.finish();
                lines.collector.finish();
                let Assembler { collector: table, told, seen, settings, .. } = *lines;
                Assembled { table, told, seen, settings }
            }
            Assembly::Steps(mut steps) => {
                steps.finish();
                steps.collector.finish();
                let Joiner { collector: table, told, seen, settings, .. } = *steps;
                Assembled { table, told, seen, settings }
            }
        }
    }
}
