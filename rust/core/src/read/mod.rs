//! One encoding of rows a file.

pub mod csv;
pub mod dict;
pub mod jsonl;
pub mod object;
pub mod roles;
#[cfg(test)]
mod show;
