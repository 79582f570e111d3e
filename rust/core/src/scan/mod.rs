//! Drives a read: sources to readers to collectors, over threads, in file order.
//!
//! ```ignore
//! let mut scan = Scan::open(Request::new(vec![input]), control)?;
//! let schema = scan.schema();
//! while let Some(batch) = scan.next_batch()? { .. }
//! let told = scan.coverage();
//! ```

pub mod coverage;
pub mod request;
