"""Descriptions: numpy's figures, what is not known, and errors that hold in simulation."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest
from fastlogs.stats.describe import describe
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal, stats

values = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=80)


def ar1(rng, n, rho):
    noise = signal.lfilter([math.sqrt(1 - rho**2)], [1, -rho], rng.normal(0, 1, n + 500))
    return noise[500:]


@given(values)
def test_the_figures_are_numpy_s(y):
    got = describe(range(len(y)), y)

    assert got.mean == pytest.approx(np.mean(y), abs=1e-9)
    assert (got.min, got.max, got.first, got.last) == (min(y), max(y), y[0], y[-1])
    assert (got.min_x, got.max_x) == (y.index(min(y)), y.index(max(y)))
    assert got.median == pytest.approx(np.median(y))
    assert got.mad == pytest.approx(stats.median_abs_deviation(y) * 1.4826)
    assert (got.sd is None) == (len(y) < 2)
    if len(y) > 1:
        assert got.sd == pytest.approx(np.std(y, ddof=1), abs=1e-9)
        assert got.variance == pytest.approx(np.var(y, ddof=1), abs=1e-9)


def test_by_hand():
    got = describe([10, 20, 30, 40], [4.0, 2.0, 3.0, 1.0], last=2)

    assert (got.n, got.final, got.final_n) == (4, 2.0, 2)
    assert (got.improvement, got.improvement_percent) == (3.0, 75.0)
    assert describe(range(8), [9, 9, 9, 9, 1, 3, 2, 4]).noise_sd == pytest.approx(1.4826 * 2 / math.sqrt(2))
    assert got.noise_sd is None
    assert got.cv == pytest.approx(math.sqrt(5 / 3) / 2.5)
    assert (got.min_x, got.se_mean, got.final_se) == (40, None, None)


def test_the_final_value_is_the_mean_of_the_last_hundred():
    y = np.random.default_rng(0).normal(size=300)

    assert describe(range(300), y).final == pytest.approx(y[200:].mean())
    assert describe(range(60), y[:60]).final_n == 60


def test_what_is_not_finite_is_counted_and_left_out():
    got = describe(range(6), [5.0, math.nan, 3.0, math.inf, -math.inf, 4.0])

    assert (got.n, got.n_nan, got.n_inf) == (6, 1, 2)
    assert (got.mean, got.max, got.last, got.max_x) == (4.0, 5.0, 4.0, 0.0)


@pytest.mark.parametrize(("y", "why"), [([], "no values"), ([math.nan], "no finite value")])
def test_nothing_is_known_of_nothing(y, why):
    got = describe(range(len(y)), y)

    assert (got.reason, got.mean, got.final_n, got.improvement_percent) == (why, None, 0, None)


def test_no_cv_where_zero_is_near_or_means_nothing():
    y = np.random.default_rng(1).normal(0, 1, 400)
    y -= y.mean()

    assert describe(range(400), y).cv is None
    assert describe(range(400), y + 9).cv == pytest.approx(np.std(y, ddof=1) / np.mean(y + 9))
    assert describe(range(400), y + 9, true_zero=False).cv is None
    assert describe(range(3), [0.0, 0.0, 0.0]).cv is None
    assert describe(range(2), [0.0, 1.0]).improvement_percent is None


@given(st.lists(st.floats(), max_size=120))
def test_unknown_is_none_and_nothing_raises(y):
    got = describe(range(len(y)), y)
    shown = [getattr(got, f.name) for f in fields(got)]

    assert all(type(v) in (int, float, str, type(None)) for v in shown)
    assert all(math.isfinite(v) for v in shown if isinstance(v, float))


@given(st.integers(0, 10_000), st.floats(0.1, 50), st.floats(-20, 20))
def test_only_the_unit_changes(seed, scale, shift):
    y = np.random.default_rng(seed).normal(3, 1, 150)
    before, after = describe(range(150), y), describe(range(150), scale * y + shift)

    assert after.mean == pytest.approx(scale * before.mean + shift)
    assert after.final == pytest.approx(scale * before.final + shift)
    for name in ("sd", "mad", "noise_sd", "se_mean", "final_se"):
        assert getattr(after, name) == pytest.approx(scale * getattr(before, name), rel=1e-6)
    assert after.rho == pytest.approx(before.rho, abs=1e-6)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_the_errors_are_those_of_correlated_steps(rho):
    rng = np.random.default_rng(17)
    finals, errors, means, mean_errors = [], [], [], []
    for _ in range(300):
        got = describe(range(5000), 3 + ar1(rng, 5000, rho), last=500)
        finals.append(got.final)
        errors.append(got.final_se)
        means.append(got.mean)
        mean_errors.append(got.se_mean)

    assert np.median(errors) == pytest.approx(np.std(finals), rel=0.2)
    assert np.median(mean_errors) == pytest.approx(np.std(means), rel=0.2)


def test_noise_is_not_trend():
    rng = np.random.default_rng(2)
    x = np.arange(5000)
    got = describe(x, 3 + 5 * np.exp(-x / 800) + rng.normal(0, 0.05, 5000))

    assert got.noise_sd == pytest.approx(0.05, rel=0.05)
    assert got.sd > 0.5
    assert abs(got.rho) < 0.2
    assert not got.averaged


def test_a_logged_running_average_is_seen():
    assert describe(range(5000), 3 + ar1(np.random.default_rng(3), 5000, 0.95)).averaged
