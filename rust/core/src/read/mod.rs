//! Readers: the bytes of one encoding become rows.

pub mod generic;
