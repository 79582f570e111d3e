//! The generic reader: any text log that nobody has described gives the table a person would write down.

pub mod line;
pub mod prefix;
pub mod token;
pub mod words;
