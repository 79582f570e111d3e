//! Ways to take the values out of a line.

pub mod mould;
