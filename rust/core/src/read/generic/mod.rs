//! The generic reader: any text log that nobody has described gives the table a person would write down.

pub mod boxes;
pub mod cells;
pub mod dialect;
pub mod draft;
pub mod grid;
pub mod header;
pub mod judge;
pub mod line;
pub mod model;
pub mod prefix;
pub mod reader;
pub mod recipe;
pub mod roles;
pub mod seen;
pub mod splits;
pub mod spots;
pub mod tables;
pub mod titles;
pub mod token;
pub mod trail;
pub mod words;

pub use model::{Learned, Model, learn};

#[cfg(test)]
mod lines_tests;
#[cfg(test)]
mod logs_tests;
#[cfg(test)]
mod plain_tests;
#[cfg(test)]
mod tables_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod together_tests;
