//! The words that logs share whatever wrote them: counters, splits, units, and those that join a sentence.

mod counter;
mod measure;
mod sentence;
mod split;
mod unit;

pub use counter::{Counter, counter};
pub use measure::{
    counted, estimate, falls_or_rises, learning_rate, measured, names_metric, names_value, played, rate, setting,
    statistic,
};
pub use sentence::{joins, level, part, whole, wrapper};
pub use split::{split, split_of_name};
pub use unit::{long_time, magnitude, size, unit};
