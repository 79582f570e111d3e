//! Reads machine-learning training logs into Arrow tables.
//!
//! Bytes come from a [`source`], a [`read`]er makes [`row`]s of them, [`collect`] makes tables of the rows,
//! and [`scan`] drives the three. Layers, lowest first; a file uses lower layers and its own folder only
//! (a test reads the `use` lines):
//!
//! 0 error types · 1 number time text lines row · 2 pattern source · 3 format · 4 read collect config ·
//! 5 detect layout · 6 check scan · and beside them all, kernels: statistics that know only numbers
//! 0 error types · 1 number time text lines row checksum · 2 pattern source · 3 format · 4 read collect config ·
//! 5 detect · 6 check scan · and beside them all, kernels: statistics that know only numbers
//! 5 detect layout · 6 check scan
#![forbid(unsafe_code)]

pub mod check;
pub mod checksum;
pub mod collect;
pub mod config;
pub mod detect;
pub mod error;
pub mod format;
pub mod grammar;
pub mod kernels;
pub mod layout;
pub mod lines;
pub mod literal;
pub mod meet;
pub mod number;
pub mod pattern;
pub mod read;
pub mod row;
pub mod scan;
pub mod shapes;
pub mod source;
pub mod text;
pub mod time;
pub mod types;
pub mod wanted;
