//! `fastlogs._core`: the engine as Python sees it. Arguments, waiting, errors and Arrow capsules; no logic.

use pyo3::prelude::*;

mod batch;
mod catalogue;
mod coverage;
mod errors;
mod options;
mod pump;
mod sources;
mod stream;

#[pymodule(gil_used = false)]
mod _core {
    use super::*;

    #[pymodule_export]
    use batch::Batch;
    #[pymodule_export]
    use catalogue::{check_format, expand, formats, settings};
    #[pymodule_export]
    use coverage::Coverage;
    #[pymodule_export]
    use options::Options;
    #[pymodule_export]
    use stream::{Stream, open};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
