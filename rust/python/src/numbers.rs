//! `fastlogs._core.numbers`: the kernels, arrays in and arrays out.
//!
//! Values are copied in, so that the interpreter can go on while a kernel runs; but for what pictures need of very long
//! series, where a copy would cost more than the kernel.

use fastlogs_core::kernels::{self, Edges};
use std::borrow::Cow;

use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

type Values<'py> = PyReadonlyArray1<'py, f64>;
type Array<'py, T> = Bound<'py, PyArray1<T>>;

/// What a kernel makes of an array's values.
fn of<T: Send>(values: &Values<'_>, kernel: impl FnOnce(&[f64]) -> T + Send) -> T {
    let copied: Vec<f64> = values.as_array().iter().copied().collect();
    values.py().detach(|| kernel(&copied))
}

/// The values where they lie, when they lie one after the other.
fn there<'a>(values: &'a Values<'_>) -> Cow<'a, [f64]> {
    match values.as_slice() {
        Ok(slice) => Cow::Borrowed(slice),
        Err(_) => Cow::Owned(values.as_array().iter().copied().collect()),
    }
}

/// Means of stretches whose lengths differ by at most one.
#[pyfunction]
pub fn bin_means<'py>(values: Values<'py>, bins: usize) -> Array<'py, f64> {
    PyArray1::from_vec(values.py(), of(&values, |v| kernels::bin_means(v, bins)))
}

/// Medians of stretches of one length; the values left over are the first.
#[pyfunction]
pub fn block_medians<'py>(values: Values<'py>, blocks: usize) -> Array<'py, f64> {
    PyArray1::from_vec(values.py(), of(&values, |v| kernels::block_medians(v, blocks)))
}

/// Which rows of one series a resume leaves standing.
#[pyfunction]
pub fn kept(steps: Values<'_>) -> Array<'_, bool> {
    PyArray1::from_vec(steps.py(), of(&steps, kernels::kept))
}

/// Lag-1 autocorrelation about a line.
#[pyfunction]
pub fn lag1(values: Values<'_>) -> f64 {
    of(&values, kernels::lag1)
}

/// (variance, degrees of freedom, independent blocks, lag-1 correlation) of bins.
#[pyfunction]
pub fn long_run(bins: Values<'_>) -> (f64, usize, f64, f64) {
    let found = of(&bins, kernels::long_run);
    (found.variance, found.df, found.n_eff, found.rho)
}

/// The mean around each value, `weight` to the power of the distance being what another weighs.
#[pyfunction]
pub fn mean_around<'py>(values: Values<'py>, weight: f64) -> Array<'py, f64> {
    let py = values.py();
    let slice = there(&values);
    PyArray1::from_vec(py, py.detach(|| kernels::mean_around(&slice, weight)))
}

/// The middle value; NaN of none.
#[pyfunction]
pub fn median(values: Values<'_>) -> f64 {
    of(&values, kernels::median)
}

/// The value that a share of the values are below; NaN of none.
#[pyfunction]
pub fn quantile(values: Values<'_>, share: f64) -> f64 {
    of(&values, |v| kernels::quantile(v, share))
}

/// The median of the `width` values around each; beyond its ends the series is mirrored, or its ends are repeated.
#[pyfunction]
#[pyo3(signature = (values, width, *, mirror))]
pub fn running_median<'py>(values: Values<'py>, width: usize, mirror: bool) -> Array<'py, f64> {
    let edges = if mirror { Edges::Mirrored } else { Edges::Repeated };
    PyArray1::from_vec(values.py(), of(&values, |v| kernels::running_median(v, width, edges)))
}

/// The places of what a picture needs: first, last, and the extremes of each of `columns` columns along `x`.
#[pyfunction]
pub fn thin<'py>(x: Values<'py>, values: Values<'py>, columns: usize) -> Array<'py, i64> {
    let py = values.py();
    let (x, values) = (there(&x), there(&values));
    let kept = py.detach(|| kernels::thin(&x, &values, columns));
    PyArray1::from_iter(py, kept.into_iter().map(|place| place as i64))
}
