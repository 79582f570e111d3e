//! Readers: the bytes of one encoding become rows. One encoding a file.

pub mod ahead;
pub mod cleaned;
pub mod csv;
pub mod generic;
pub mod json;
pub mod jsonl;
pub mod mixed;
pub mod object;
pub mod parts;
pub mod probe;
pub mod roles;
pub mod sheet;
pub mod text;
pub mod tfevents;
pub mod wandb;
pub mod wire;

#[cfg(test)]
mod show;
