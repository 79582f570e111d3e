//! `fastlogs._core.tensors`: sums over tensors of any library that shares its memory.

use std::thread::available_parallelism;

use fastlogs_core::kernels::tensors::{BOUNDS, Before, Layout, Pair, Sums, Tensor, Wanted, measure as sums};
use numpy::{PyArray2, PyArrayMethods};
use pyo3::prelude::*;

use crate::dlpack::Held;
use crate::errors::usage;

/// More threads than this wait for memory.
const THREADS: usize = 8;

/// The sums of each tensor of `new` less its fellow of `old`, or of `new` itself: a row each. `refresh` makes `old` equal
/// to `new` in the same pass.
#[pyfunction]
#[pyo3(signature = (new, old=None, *, bounds=Vec::new(), signs=false, refresh=false, threads=None))]
pub fn measure<'py>(
    py: Python<'py>,
    new: Vec<Bound<'py, PyAny>>,
    old: Option<Vec<Bound<'py, PyAny>>>,
    bounds: Vec<f64>,
    signs: bool,
    refresh: bool,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    if bounds.len() > BOUNDS {
        return Err(usage(py, &format!("wanted at most {BOUNDS} thresholds, found {}", bounds.len())));
    }
    let mut new = held(&new)?;
    let mut old = old.map(|old| held(&old)).transpose()?;
    if let Some(old) = &mut old {
        align(py, &mut new, old)?;
        if refresh {
            writable(py, &new, old)?;
        }
    }
    let threads = threads.unwrap_or_else(|| available_parallelism().map_or(1, |n| n.get().min(THREADS)));
    let wanted = Wanted { bounds: &bounds, signs };
    let mut pairs = pairs(&new, old.as_mut(), refresh);
    let found = py.detach(|| sums(&mut pairs, wanted, threads));
    rows(py, &found, bounds.len())
}

fn held<'py>(tensors: &[Bound<'py, PyAny>]) -> PyResult<Vec<Held<'py>>> {
    tensors.iter().map(Held::of).collect()
}

/// Brings both sides of each pair into the order of memory.
fn align(py: Python<'_>, new: &mut [Held<'_>], old: &mut [Held<'_>]) -> PyResult<()> {
    if new.len() != old.len() {
        return Err(usage(py, &format!("{} tensors cannot be held against {}", new.len(), old.len())));
    }
    for (at, (new, old)) in new.iter_mut().zip(old).enumerate() {
        if new.shape != old.shape {
            let told = format!("tensor {at}: the shape {:?} cannot be held against {:?}", new.shape, old.shape);
            return Err(usage(py, &told));
        }
        (new.layout, old.layout) = new.layout.clone().aligned(old.layout.clone());
    }
    Ok(())
}

/// Whether the old ones can be written: dense, of the same type, theirs alone.
fn writable(py: Python<'_>, new: &[Held<'_>], old: &[Held<'_>]) -> PyResult<()> {
    for (at, (new, old)) in new.iter().zip(old).enumerate() {
        if old.read_only() || !old.layout.is_dense() || !old.same_kind(new) {
            let told =
                format!("tensor {at}: what is refreshed must be writable, dense and of the same type as the new");
            return Err(usage(py, &told));
        }
    }
    let spans = |held: &[Held<'_>], written| held.iter().map(|h| (h.span(), written)).collect::<Vec<_>>();
    let mut all = [spans(new, false), spans(old, true)].concat();
    all.retain(|(span, _)| !span.is_empty());
    all.sort_by_key(|(span, _)| span.start);
    let (mut reached, mut written) = (0, 0);
    for (span, writes) in all {
        // Two that are only read may overlap: tied weights.
        if span.start < if writes { reached } else { written } {
            return Err(usage(py, "what is refreshed shares memory with another tensor"));
        }
        reached = reached.max(span.end);
        written = if writes { written.max(span.end) } else { written };
    }
    Ok(())
}

fn tensor<'a>(held: &'a Held<'_>) -> Tensor<'a> {
    Tensor { cells: held.cells(), layout: held.layout.clone() }
}

fn pairs<'a>(new: &'a [Held<'_>], old: Option<&'a mut Vec<Held<'_>>>, refresh: bool) -> Vec<Pair<'a>> {
    let Some(old) = old else {
        return new.iter().map(|new| Pair { new: alone(new), before: Before::Nothing }).collect();
    };
    let before = |old: &'a mut Held<'_>| match refresh {
        true => Before::Refreshed(old.cells_mut()),
        false => Before::Kept(tensor(old)),
    };
    new.iter().zip(old).map(|(new, old)| Pair { new: tensor(new), before: before(old) }).collect()
}

/// A tensor by itself may be gone through in the order of memory, whatever that of its axes.
fn alone<'a>(held: &'a Held<'_>) -> Tensor<'a> {
    let (layout, _): (Layout, Layout) = held.layout.clone().aligned(held.layout.clone());
    Tensor { cells: held.cells(), layout }
}

/// A row a tensor: the columns that `fastlogs.model` names.
fn rows<'py>(py: Python<'py>, found: &[Sums], bounds: usize) -> PyResult<Bound<'py, PyArray2<f64>>> {
    const NAMED: usize = 11;
    let values: Vec<f64> = found.iter().flat_map(|sums| row(sums, bounds)).collect();
    numpy::PyArray1::from_vec(py, values).reshape([found.len(), NAMED + bounds])
}

fn row(s: &Sums, bounds: usize) -> Vec<f64> {
    let named = [s.n, s.left, s.mean, s.spread, s.size, s.low, s.high, s.square, s.peak, s.both, s.crossed];
    [&named, &s.over[..bounds]].concat()
}
