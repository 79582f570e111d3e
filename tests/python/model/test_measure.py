"""Tensors by name: the sums, beside numpy's in double precision."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.errors import UsageError
from fastlogs.model import Changes, change, joined, statistics
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, max_side=7)
ODD = [0.0, -0.0, math.nan, math.inf, -math.inf, 1e-7, -65504.0]


def _values(kind: str) -> st.SearchStrategy[np.ndarray]:
    width = int(kind[-2:])
    usual = st.floats(-2, 2, width=width)  # type: ignore[arg-type]
    return SHAPES.flatmap(
        lambda shape: st.tuples(
            *[arrays.arrays(kind, shape, elements=st.one_of(usual, usual, st.sampled_from(ODD))) for _ in range(2)]
        )
    )


def _near(found: float, wanted: float, scale: float = 0.0) -> bool:
    return math.isclose(found, wanted, rel_tol=1e-5, abs_tol=max(1e-5 * scale, 1e-300)) or (
        found != found and wanted != wanted
    )


def _check(found: Changes, new: np.ndarray, old: np.ndarray) -> None:
    """As the definitions say, in double precision, over finite differences."""
    with np.errstate(invalid="ignore", over="ignore"):
        narrow = new.dtype != np.float64
        apart = (new.astype(np.float32) - old.astype(np.float32) if narrow else new - old).astype(np.float64)
    kept = np.isfinite(apart)
    d, total = apart[kept], found.total
    assert (d.size, apart.size - d.size) == (total.n, total.nonfinite)
    if not d.size:
        return
    scale = float(np.abs(d).max())
    assert _near(total.norm_l2, float(np.sqrt((d**2).sum())), 1e-150)
    assert _near(total.norm_l1, float(np.abs(d).sum()))
    assert total.norm_max == scale
    assert (total.min, total.max) == (d.min(), d.max())
    assert _near(total.mean, float(d.mean()), scale)
    assert _near(total.std, float(d.std(ddof=1)) if d.size > 1 else math.nan, 1e-7 * scale)
    for threshold in found.thresholds:
        assert total.over(threshold) == int((np.abs(d) > threshold).sum())
    a, b = new[kept], old[kept]
    both = (a != 0) & (b != 0)
    assert total.sign_flips == int((both & (np.signbit(a) != np.signbit(b))).sum())


@pytest.mark.parametrize("kind", ["float32", "float64", "float16"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_changes_are_those_of_numpy(kind: str, data: st.DataObject) -> None:
    new, old = data.draw(_values(kind))
    bounds = data.draw(st.lists(st.floats(0, 1), max_size=6))

    _check(change({"w": new}, {"w": old}, thresholds=bounds, signs=True), new, old)


@given(pair=_values("float32"), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_strides_give_the_same(pair: tuple[np.ndarray, np.ndarray], data: st.DataObject) -> None:
    new, old = pair
    if new.ndim:
        axes = data.draw(st.permutations(range(new.ndim)))
        steps = tuple(slice(None, None, data.draw(st.sampled_from([1, 2, -1]))) for _ in range(new.ndim))
        new, old = new.transpose(axes)[steps], old.transpose(axes)[steps]
        old = np.ascontiguousarray(old) if data.draw(st.booleans()) else old

    _check(change({"w": new}, {"w": old}, thresholds=[1e-6], signs=True), new, old)


@given(bits=arrays.arrays(np.uint16, st.integers(0, 100).map(lambda n: (2, n))))
@settings(max_examples=60, deadline=None)
def test_whole_numbers_of_two_bytes_are_bfloat16(bits: np.ndarray) -> None:
    wide = (bits.astype(np.uint32) << 16).view(np.float32)

    _check(change({"w": bits[0]}, {"w": bits[1]}, thresholds=[1e-3], signs=True), wide[0], wide[1])


def test_refreshing_copies_every_bit_in_the_same_pass() -> None:
    new = np.random.default_rng(0).standard_normal((300, 400)).astype(np.float32)
    new[0, 0], old = np.nan, np.zeros_like(new)
    found = change({"w": new}, {"w": old}, refresh=True)

    assert old.tobytes() == new.tobytes()
    assert found.total.nonfinite == 1
    assert change({"w": new}, {"w": old}).total.norm_l2 == 0


def test_any_number_of_threads_gives_the_same_bits() -> None:
    draw = np.random.default_rng(1)
    new = {str(n): draw.standard_normal(n).astype(np.float32) for n in (1, 1000, 700_001)}
    old = {name: draw.standard_normal(len(values)).astype(np.float32) for name, values in new.items()}
    of = [change(new, old, threads=threads).rows.tobytes() for threads in (1, 2, 5, 16)]

    assert len(set(of)) == 1


def test_joining_is_measuring_together() -> None:
    parts = [np.random.default_rng(n).normal(3 * n, 1, 50) for n in range(4)]
    together = statistics({"w": np.concatenate(parts)}).total
    apart = statistics({str(n): part for n, part in enumerate(parts)}).total

    assert together.n == apart.n
    for name in ("norm_l2", "norm_l1", "mean", "std", "min", "max"):
        assert math.isclose(getattr(together, name), getattr(apart, name), rel_tol=1e-12)


def test_nothing_has_no_values() -> None:
    total = statistics({"w": np.zeros((0, 3), np.float32)}).total

    assert (total.n, total.norm_l2) == (0, 0)
    assert math.isnan(total.mean)
    assert joined(np.zeros((0, 11)))[0] == 0


def _read_only() -> np.ndarray:
    values = np.zeros(4, np.float32)
    values.setflags(write=False)
    return values


SHARED = np.zeros(8, np.float32)
REFUSED = {
    "names": ({"a": np.zeros(2)}, {"b": np.zeros(2)}, False, "same names"),
    "shapes": ({"a": np.zeros(2)}, {"a": np.zeros(3)}, False, "shape"),
    "whole numbers": ({"a": np.zeros(2, int)}, {"a": np.zeros(2, int)}, False, "float32"),
    "no tensor": ({"a": "text"}, {"a": "text"}, False, "__dlpack__"),
    "read-only": ({"a": np.zeros(4, np.float32)}, {"a": _read_only()}, True, "writable"),
    "another type": ({"a": np.zeros(4)}, {"a": np.zeros(4, np.float32)}, True, "same type"),
    "not dense": ({"a": np.zeros(4)}, {"a": np.zeros(8)[::2]}, True, "dense"),
    "its own memory": ({"a": SHARED}, {"a": SHARED}, True, "shares memory"),
    "overlapping": ({"a": SHARED[1:5]}, {"a": SHARED[:4]}, True, "shares memory"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_measured_says_so(case: str) -> None:
    new, old, refresh, said = REFUSED[case]

    with pytest.raises(UsageError, match=said):
        change(new, old, refresh=refresh)


def test_more_thresholds_than_there_is_room_for() -> None:
    with pytest.raises(UsageError, match="at most 16"):
        change({"w": np.zeros(2)}, {"w": np.zeros(2)}, thresholds=range(17))


def test_a_tensor_that_was_read_only_can_be_measured() -> None:
    assert statistics({"w": _read_only()}).total.n == 4
