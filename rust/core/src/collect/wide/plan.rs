//! Where the slots of a shape go.

use crate::types::{Field, Holds, Naming, Shape};

/// Where the slots of an admitted shape go.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub width: usize,
    pub epoch: Option<usize>,
    pub wall_time: Option<usize>,
    pub elapsed: Option<usize>,
    pub utc: bool,
    /// Slot, column, factor to the column's unit.
    pub moves: Vec<Move>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    pub slot: usize,
    pub column: usize,
    pub factor: Option<f64>,
    /// The slot holds an integer (a raw counter), not f64 bits.
    pub integer: bool,
}

impl Plan {
    /// Without its moves.
    pub fn new(shape: &Shape) -> Plan {
        Plan {
            width: shape.fields.len(),
            epoch: shape.position(Holds::Epoch),
            wall_time: shape.position(Holds::WallTime),
            elapsed: shape.position(Holds::Elapsed),
            utc: shape.utc,
            moves: Vec::new(),
        }
    }
}

/// What a slot is to the table; none for context.
pub(super) struct Metric<'a> {
    pub field: &'a Field,
    pub text: bool,
    pub integer: bool,
}

/// The metric that a raw counter is.
pub(super) fn batch_metric(shape: &Shape) -> Field {
    Field::metric("batch", &shape.kind, Naming::Stored, None)
}

pub(super) fn metric<'a>(field: &'a Field, batch: &'a Field) -> Option<Metric<'a>> {
    match field.holds {
        Holds::Metric => Some(Metric { field, text: false, integer: false }),
        Holds::Text => Some(Metric { field, text: true, integer: false }),
        Holds::Batch => Some(Metric { field: batch, text: false, integer: true }),
        _ => None,
    }
}
