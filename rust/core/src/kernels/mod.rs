//! Statistics over plain slices of numbers: what a comparison spends its time on.
//!
//! No kernel fails: values that are not finite give values that are not finite, an empty slice gives none.

mod around;
mod bins;
mod kept;
mod noise;
mod order;
mod quantile;
mod running;
pub mod tensors;
mod thin;

pub use around::mean_around;
pub use bins::{bin_means, block_medians};
pub use kept::kept;
pub use noise::{LongRun, lag1, long_run};
pub use quantile::{median, quantile};
pub use running::{Edges, running_median};
pub use thin::thin;
