//! `fastlogs._core`: the engine as Python sees it. Arguments, waiting, errors and Arrow capsules; no logic.

use pyo3::prelude::*;

mod batch;
mod catalogue;
mod coverage;
mod dlpack;
mod errors;
mod files;
mod numbers;
mod options;
mod pump;
mod sources;
mod stream;
mod tensors;

#[pymodule(gil_used = false)]
mod _core {
    use super::*;

    #[pymodule_export]
    use batch::Batch;
    #[pymodule_export]
    use catalogue::{candidates, check_format, expand, formats, settings};
    #[pymodule_export]
    use coverage::Coverage;
    #[pymodule_export]
    use options::Options;
    #[pymodule_export]
    use stream::{Stream, open};

    /// What files look like.
    #[pymodule(gil_used = false)]
    mod files {
        #[pymodule_export]
        use crate::files::looks;
    }

    /// Kernels over arrays of numbers.
    #[pymodule(gil_used = false)]
    mod numbers {
        #[pymodule_export]
        use crate::numbers::{
            bin_means, block_medians, kept, lag1, long_run, mean_around, median, quantile, running_median, thin,
        };
    }

    /// Sums over tensors.
    #[pymodule(gil_used = false)]
    mod tensors {
        #[pymodule_export]
        use crate::tensors::measure;
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // A submodule made by an extension can be imported from, but not by its dotted name, unless it is listed.
        let listed = module.py().import("sys")?.getattr("modules")?;
        listed.set_item("fastlogs._core.files", module.getattr("files")?)?;
        listed.set_item("fastlogs._core.numbers", module.getattr("numbers")?)?;
        listed.set_item("fastlogs._core.tensors", module.getattr("tensors")?)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
