"""Smoothing equals the plain loops, and pandas where it has the piece."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from fastlogs.stats.smooth import ema, moving_average, running_median
from hypothesis import given
from hypothesis import strategies as st

values = st.lists(st.floats(-1e3, 1e3) | st.just(math.nan), min_size=1, max_size=60)


def slow_ema(y, weight, gaps):
    """The definition: y <- w^dx * y + x, k <- w^dx * k + 1, shown y / k."""
    top = bottom = 0.0
    out = []
    for v, gap in zip(y, gaps, strict=True):
        top, bottom = weight**gap * top + v, weight**gap * bottom + 1.0
        out.append(top / bottom)
    return out


@given(values.map(lambda v: [x for x in v if x == x]), st.floats(0.01, 0.999))
def test_ema_is_the_loop(y, weight):
    assert ema(y, weight) == pytest.approx(slow_ema(y, weight, [1.0] * len(y)), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("weight", [0.01, 0.6, 0.99, 0.9999])
def test_ema_of_many_values_is_pandas_s(weight):
    y = np.random.default_rng(0).normal(3, 1, 30_000)

    assert ema(y, weight) == pytest.approx(pd.Series(y).ewm(alpha=1 - weight, adjust=True).mean().to_numpy())


@given(st.lists(st.tuples(st.floats(0.0, 50.0), st.floats(-10, 10)), min_size=3, max_size=40), st.floats(0.05, 0.98))
def test_the_time_weighted_ema_is_the_loop(points, weight):
    x, y = np.cumsum([p[0] + 1e-3 for p in points]), [p[1] for p in points]
    gaps = np.diff(x, prepend=x[0]) * (len(x) - 1) / (x[-1] - x[0])

    assert ema(y, weight, x=x) == pytest.approx(slow_ema(y, weight, gaps), rel=1e-6, abs=1e-6)


def test_even_steps_need_no_x():
    y = np.random.default_rng(1).normal(size=100)

    assert ema(y, 0.9, x=np.arange(0, 1000, 10)) == pytest.approx(ema(y, 0.9))


def test_values_that_are_not_finite_stay_and_do_not_spread():
    y = [1.0, math.nan, 3.0, math.inf, 2.0]
    got = ema(y, 0.5)

    assert np.isnan(got[1])
    assert np.isinf(got[3])
    assert got[[0, 2, 4]] == pytest.approx(ema([1.0, 3.0, 2.0], 0.5))


@pytest.mark.parametrize("weight", [-0.1, 1.0, math.nan])
def test_no_such_weight(weight):
    with pytest.raises(ValueError, match="wanted a weight"):
        ema([1.0], weight)


@given(values, st.integers(-1, 80))
def test_moving_averages_and_medians_are_pandas_s(y, window):
    y = [round(v, 3) for v in y]
    if window <= 1:
        assert moving_average(y, window) == pytest.approx(y, nan_ok=True)
        assert running_median(y, window) == pytest.approx(y, nan_ok=True)
        return
    frame = pd.Series(y)
    trailing = frame.rolling(window, min_periods=1).mean().to_numpy()
    assert moving_average(y, window, centred=False) == pytest.approx(trailing, nan_ok=True, abs=1e-8)
    if window % 2:
        centred = frame.rolling(window, min_periods=1, center=True)
        assert moving_average(y, window) == pytest.approx(centred.mean().to_numpy(), nan_ok=True, abs=1e-8)
        assert running_median(y, window) == pytest.approx(centred.median().to_numpy(), nan_ok=True, abs=1e-8)


def test_whole_windows_only():
    got = moving_average([1.0, 2.0, 3.0, 4.0], 3, centred=False, partial=False)

    assert got == pytest.approx([math.nan, math.nan, 2.0, 3.0], nan_ok=True)


@given(values, st.floats(0, 0.99), st.integers(0, 9))
def test_a_constant_added_is_added(y, weight, window):
    y = np.array(y)
    for smooth in (lambda v: ema(v, weight), lambda v: moving_average(v, window), lambda v: running_median(v, window)):
        assert smooth(y + 5) == pytest.approx(smooth(y) + 5, nan_ok=True, abs=1e-6)


@pytest.mark.parametrize(
    "smooth", [lambda y: ema(y, 0.5), lambda y: moving_average(y, 3), lambda y: running_median(y, 3)]
)
def test_nothing_smoothed_is_nothing(smooth):
    assert len(smooth([])) == 0
