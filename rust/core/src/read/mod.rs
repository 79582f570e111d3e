//! One encoding of rows a file.

pub mod dict;
pub mod jsonl;
pub mod object;
pub mod roles;
pub mod text;
#[cfg(test)]
mod show;
//! Readers: the bytes of one encoding become rows.

pub mod generic;
