//! Statistics over plain slices of numbers: what a comparison spends its time on.
//!
//! No kernel fails: values that are not finite give values that are not finite, an empty slice gives none.

mod bins;
mod kept;
mod noise;
mod order;
mod quantile;
mod running;

pub use bins::{bin_means, block_medians};
pub use kept::kept;
pub use noise::{LongRun, lag1, long_run};
pub use quantile::{median, quantile};
pub use running::{Edges, running_median};
