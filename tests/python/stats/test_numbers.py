"""The kernels, against scipy and numpy."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs._core import numbers
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import median_filter

VALUES = arrays(np.float64, st.integers(1, 200), elements=st.floats(-1e6, 1e6))


@given(VALUES, st.integers(1, 60), st.booleans())
def test_running_median_is_scipys(y: np.ndarray, width: int, mirror: bool) -> None:
    width = min(width, 2 * len(y))
    expected = median_filter(y, width, mode="reflect" if mirror else "nearest")

    assert numbers.running_median(y, width, mirror=mirror).tolist() == expected.tolist()


@pytest.mark.parametrize("width", [25, 51, 401])
@pytest.mark.parametrize("tail", ["normal", "cauchy", "few values"])
def test_running_median_of_long_series_is_scipys(width: int, tail: str) -> None:
    rng = np.random.default_rng(1)
    y = {"normal": rng.normal, "cauchy": rng.standard_cauchy}.get(tail, lambda size: rng.integers(0, 4, size) / 2)(
        size=5000
    )

    assert (numbers.running_median(y, width, mirror=True) == median_filter(y, width, mode="reflect")).all()
    assert (numbers.running_median(y, width, mirror=False) == median_filter(y, width, mode="nearest")).all()


@given(VALUES, st.floats(0, 1))
def test_quantiles_are_numpys(y: np.ndarray, share: float) -> None:
    assert numbers.quantile(y, share) == pytest.approx(np.quantile(y, share), rel=1e-9, abs=1e-9)
    assert numbers.median(y) == np.median(y)


@given(VALUES, st.integers(0, 250))
def test_blocks_are_numpys(y: np.ndarray, count: int) -> None:
    count = min(count, len(y))
    expected = np.median(y[len(y) % count :].reshape(count, -1), axis=1) if count else np.empty(0)

    assert numbers.block_medians(y, count).tolist() == expected.tolist()


def test_strides_do_not_matter() -> None:
    y = np.random.default_rng(2).normal(size=400)

    assert numbers.median(y[::2]) == np.median(y[::2])
    assert numbers.bin_means(y[::-1], 5).tolist() == numbers.bin_means(y[::-1].copy(), 5).tolist()


def test_the_values_are_left_as_they_were() -> None:
    y = np.random.default_rng(3).normal(size=100)
    before = y.copy()
    numbers.median(y), numbers.block_medians(y, 7), numbers.running_median(y, 9, mirror=True)

    assert (y == before).all()


def test_other_types_are_refused() -> None:
    with pytest.raises(TypeError):
        numbers.median(np.arange(5))
    with pytest.raises(TypeError):
        numbers.median(np.zeros((2, 2)))


def test_the_boundary_has_at_most_ten_names() -> None:
    assert len(numbers.__all__) <= 10
