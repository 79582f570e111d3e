//! Framings that several binary logs share: no file is opened here, and no bytes make these panic.

pub mod blocks;
pub mod proto;
pub mod records;
