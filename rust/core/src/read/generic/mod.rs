//! The generic reader: any text log that nobody has described gives the table a person would write down.

pub mod boxes;
pub mod grid;
pub mod line;
pub mod model;
pub mod prefix;
pub mod reader;
pub mod roles;
pub mod seen;
pub mod spots;
pub mod tables;
pub mod token;
pub mod words;

#[cfg(test)]
#[cfg(test)]
mod tests;
pub use model::{Learned, Model, learn};
