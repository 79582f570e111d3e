//! Formats as data: what a log's lines look like and what they mean, read from TOML.

mod keys;
pub mod problem;
pub mod spec;
