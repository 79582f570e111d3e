//! `Batch`: one Arrow record batch, handed over by capsule as often as asked.

use arrow_array::ffi::to_ffi;
use arrow_array::{Array, RecordBatch, StructArray};
use arrow_schema::ffi::FFI_ArrowSchema;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors;

/// Rows of a table that arrived together.
#[pyclass(frozen, module = "fastlogs._core")]
pub struct Batch {
    batch: RecordBatch,
}

impl Batch {
    pub fn new(batch: RecordBatch) -> Self {
        Batch { batch }
    }

    fn schema(&self) -> PyResult<FFI_ArrowSchema> {
        FFI_ArrowSchema::try_from(&*self.batch.schema()).map_err(|e| errors::bug(&e.to_string()))
    }
}

#[pymethods]
impl Batch {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        drop(requested_schema);
        let whole = StructArray::from(self.batch.clone());
        let (array, _) = to_ffi(&whole.to_data()).map_err(|e| errors::bug(&e.to_string()))?;
        let schema = PyCapsule::new_with_value(py, self.schema()?, c"arrow_schema")?;
        Ok((schema, PyCapsule::new_with_value(py, array, c"arrow_array")?))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        PyCapsule::new_with_value(py, self.schema()?, c"arrow_schema")
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }
}
