//! Tensors of other libraries, where they lie: what a DLPack capsule says, checked.
#![allow(unsafe_code, reason = "a capsule holds a C structure; each use says why it is sound")]

use std::ffi::{CStr, c_void};
use std::ops::Range;
use std::ptr::NonNull;
use std::slice;

use fastlogs_core::kernels::tensors::{Cells, CellsMut, Layout};
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use crate::errors::usage;

/// The first version that has flags, and the flag of what may not be written.
const VERSION: (u32, u32) = (1, 0);
const READ_ONLY: u64 = 1;

/// Memory that a processor can read: its own, and what a GPU's driver has pinned.
const NEAR: [i32; 3] = [1, 3, 11];

#[repr(C)]
struct Structure {
    data: *mut c_void,
    device: (i32, i32),
    axes: i32,
    kind: (u8, u8, u16),
    shape: *const i64,
    strides: *const i64,
    offset: u64,
}

#[repr(C)]
struct Versioned {
    version: (u32, u32),
    context: *mut c_void,
    deleter: *mut c_void,
    flags: u64,
    tensor: Structure,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    F32,
    F64,
    Half,
    Brain,
}

/// A tensor as long as its capsule is held. The capsule is never taken over: dropping it gives the tensor back.
pub struct Held<'py> {
    _capsule: Bound<'py, PyCapsule>,
    kind: Kind,
    at: usize,
    cells: usize,
    pub layout: Layout,
    pub shape: Vec<usize>,
    read_only: bool,
}

impl<'py> Held<'py> {
    pub fn of(tensor: &Bound<'py, PyAny>) -> PyResult<Self> {
        let capsule = exported(tensor)?;
        let (structure, read_only) = opened(&capsule)?;
        // SAFETY: the structure lives as long as the capsule, which is held.
        let structure = unsafe { structure.as_ref() };
        let (kind, shape, strides) = checked(tensor.py(), structure)?;
        let (start, first, cells) = extent(&shape, &strides);
        let at = (structure.data as usize)
            .wrapping_add(structure.offset as usize)
            .wrapping_add_signed(start.wrapping_mul(width(kind) as isize));
        let layout = Layout::new(&shape, &strides, first, cells);
        let layout = layout.ok_or_else(|| usage(tensor.py(), "a tensor's strides lead out of its memory"))?;
        if cells > 0 && (at == 0 || at % width(kind) != 0) {
            return Err(usage(tensor.py(), "a tensor's memory is not aligned to its numbers: copy it first"));
        }
        Ok(Self { _capsule: capsule, kind, at, cells, layout, shape, read_only })
    }

    /// The bytes of memory it spans.
    pub fn span(&self) -> Range<usize> {
        self.at..self.at + self.cells * width(self.kind)
    }

    pub fn same_kind(&self, other: &Self) -> bool {
        self.kind == other.kind
    }

    pub fn read_only(&self) -> bool {
        self.read_only
    }

    pub fn cells(&self) -> Cells<'_> {
        match self.kind {
            Kind::F32 => Cells::F32(self.slice()),
            Kind::F64 => Cells::F64(self.slice()),
            Kind::Half => Cells::Half(self.slice()),
            Kind::Brain => Cells::Brain(self.slice()),
        }
    }

    /// Its memory to write, once the caller has seen that it is dense, may be written and is no one else's.
    pub fn cells_mut(&mut self) -> CellsMut<'_> {
        match self.kind {
            Kind::F32 => CellsMut::F32(self.slice_mut()),
            Kind::F64 => CellsMut::F64(self.slice_mut()),
            Kind::Half => CellsMut::Half(self.slice_mut()),
            Kind::Brain => CellsMut::Brain(self.slice_mut()),
        }
    }

    fn slice<T>(&self) -> &[T] {
        if self.cells == 0 {
            return &[];
        }
        // SAFETY: the library that exported the tensor says that these numbers are there while the capsule is held; the
        // address is aligned and not null. Numbers of any bits are valid.
        unsafe { slice::from_raw_parts(self.at as *const T, self.cells) }
    }

    fn slice_mut<T>(&mut self) -> &mut [T] {
        if self.cells == 0 {
            return &mut [];
        }
        // SAFETY: as above; and the caller has seen that the memory may be written and overlaps no other.
        unsafe { slice::from_raw_parts_mut(self.at as *mut T, self.cells) }
    }
}

/// The capsule of a tensor: with flags from who knows them, without from who does not.
fn exported<'py>(tensor: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyCapsule>> {
    let py = tensor.py();
    let Ok(method) = tensor.getattr("__dlpack__") else {
        let kind = tensor.get_type().name()?;
        return Err(usage(py, &format!("wanted a tensor with __dlpack__ (torch, numpy, jax ...), found a {kind}")));
    };
    let asked = PyDict::new(py);
    asked.set_item("max_version", VERSION)?;
    let made = match method.call((), Some(&asked)) {
        Err(refused) if refused.is_instance_of::<PyTypeError>(py) => method.call0(),
        made => made,
    };
    let made = made.map_err(|refused| match refused.is_instance_of::<PyBufferError>(py) {
        true => usage(py, &format!("a tensor that cannot be shared: {}", refused.value(py))),
        false => refused,
    })?;
    Ok(made.cast_into::<PyCapsule>()?)
}

/// The structure in a capsule of either generation, and whether it may not be written.
fn opened(capsule: &Bound<'_, PyCapsule>) -> PyResult<(NonNull<Structure>, bool)> {
    const OLD: &CStr = c"dltensor";
    const NEW: &CStr = c"dltensor_versioned";
    if let Ok(pointer) = capsule.pointer_checked(Some(NEW)) {
        let pointer = pointer.cast::<Versioned>();
        // SAFETY: a capsule of this name holds this structure, says the protocol.
        let (version, flags) = unsafe { ((*pointer.as_ptr()).version, (*pointer.as_ptr()).flags) };
        if version.0 != VERSION.0 {
            return Err(usage(capsule.py(), &format!("a tensor of DLPack {}, wanted 1", version.0)));
        }
        // SAFETY: of this version the structure has this field.
        let tensor = unsafe { NonNull::new_unchecked(&raw mut (*pointer.as_ptr()).tensor) };
        return Ok((tensor, flags & READ_ONLY != 0));
    }
    Ok((capsule.pointer_checked(Some(OLD))?.cast::<Structure>(), false))
}

/// What it holds, its shape and its strides; refused where it is far away or no floats.
fn checked(py: Python<'_>, tensor: &Structure) -> PyResult<(Kind, Vec<usize>, Vec<isize>)> {
    if !NEAR.contains(&tensor.device.0) {
        return Err(usage(
            py,
            "a tensor that lies on a device: move it to the processor, or measure it by fastlogs.torch",
        ));
    }
    let axes = usize::try_from(tensor.axes).unwrap_or_default();
    let kind = match tensor.kind {
        (2, 32, 1) => Kind::F32,
        (2, 64, 1) => Kind::F64,
        (2, 16, 1) => Kind::Half,
        // numpy has no bfloat16: its bits come as whole numbers.
        (4, 16, 1) | (1, 16, 1) => Kind::Brain,
        (code, bits, lanes) => {
            let found = format!(
                "wanted float32, float64, float16 or bfloat16, found DLPack type {code}, {bits} bits x {lanes}"
            );
            return Err(usage(py, &found));
        }
    };
    // SAFETY: the protocol says that shape, and strides where they are given, have a number an axis.
    let (shape, strides) = unsafe { (numbers(tensor.shape, axes), numbers(tensor.strides, axes)) };
    let shape: Vec<usize> = shape.iter().map(|&count| usize::try_from(count).unwrap_or_default()).collect();
    let strides = match strides.len() == axes {
        true => strides.iter().map(|&stride| stride as isize).collect(),
        false => row_major(&shape),
    };
    Ok((kind, shape, strides))
}

/// # Safety
/// A pointer that is not null has as many numbers.
unsafe fn numbers<'a>(at: *const i64, count: usize) -> &'a [i64] {
    // SAFETY: as the caller says.
    if at.is_null() || count == 0 { &[] } else { unsafe { slice::from_raw_parts(at, count) } }
}

fn row_major(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis] as isize;
    }
    strides
}

fn width(kind: Kind) -> usize {
    match kind {
        Kind::F32 => 4,
        Kind::F64 => 8,
        Kind::Half | Kind::Brain => 2,
    }
}

/// How far before its first number a tensor begins, which number of its memory the first is, and how many there are.
fn extent(shape: &[usize], strides: &[isize]) -> (isize, usize, usize) {
    if shape.contains(&0) {
        return (0, 0, 0);
    }
    let reaches = || shape.iter().zip(strides).map(|(&count, &stride)| (count as isize - 1).saturating_mul(stride));
    let before: isize = reaches().map(|reach| reach.min(0)).sum();
    let after: isize = reaches().map(|reach| reach.max(0)).sum();
    (before, before.unsigned_abs(), before.unsigned_abs() + after.unsigned_abs() + 1)
}
