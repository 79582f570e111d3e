"""Overfitting: false alarms on flat curves, power on turns, and what the gap says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.overfit import _rising, gap, overfitting
from hypothesis import given
from hypothesis import strategies as st

M = np.arange(1, 21, dtype=float) * 250


def test_flat_curves_seldom_alarm():
    rng = np.random.default_rng(0)
    found = [overfitting(M, 3 + rng.normal(0, 0.01, 20)).found for _ in range(500)]

    assert np.mean([f is True for f in found]) < 0.075


def test_a_turn_is_found():
    rng = np.random.default_rng(1)
    turn = 3 + 0.3 * np.abs(np.linspace(-1, 1, 20)) ** 1.5
    found = [overfitting(M, turn + rng.normal(0, 0.01, 20)) for _ in range(100)]

    assert np.mean([f.found for f in found]) > 0.95
    assert np.mean([f.best_x for f in found]) == pytest.approx(2600, abs=400)


def test_a_run_that_gets_worse_altogether_is_not_overfitting():
    turn = 3 + 0.3 * np.abs(np.linspace(-1, 1, 20))
    x = np.arange(1, 5001, dtype=float)
    falls, rises = 3 - x / 5000, 2 + np.abs(x - 2500) / 2500

    assert overfitting(M, turn, x, falls).found is True
    assert overfitting(M, turn, x, rises).found is False
    assert overfitting(M, turn, x, rises).train_rose is True


def test_still_falling_is_not_overfitting():
    got = overfitting(M, 3 - M / 10_000)

    assert (got.found, got.p) == (False, None)


def test_a_small_sure_rise_is_not_reported():
    assert overfitting(M, 3 + np.abs(np.linspace(-1, 1, 20)) * 0.01).found is False


@pytest.mark.parametrize("n", [0, 1, 7])
def test_too_few(n):
    assert overfitting(M[:n], M[:n]).found is None
    assert "8 are needed" in overfitting(M[:n], M[:n]).reason


@given(st.floats(0.01, 100), st.integers(0, 100))
def test_the_unit_does_not_matter(scale, seed):
    val = 3 + np.random.default_rng(seed).normal(0, 0.02, 20) + np.linspace(0, 0.1, 20)
    before, after = overfitting(M, val), overfitting(M, val * scale)

    assert (after.found, after.p, after.best_x) == (before.found, before.p, before.best_x)


@given(st.lists(st.floats(), max_size=30), st.lists(st.floats(), max_size=30))
def test_no_values_raise(val, train):
    with np.errstate(all="ignore"):
        overfitting(range(len(val)), val, range(len(train)), train)
        gap(range(len(val)), val, range(len(train)), train)


def test_the_gap_by_hand():
    # Training means 2, 1.5, 1; validation 2.5, 2.5, 2.5.
    got = gap([2, 4, 6], [2.5] * 3, [1, 2, 3, 4, 5, 6], [3.0, 1.0, 1.5, 1.5, 1.2, 0.8])

    assert (got.last, got.ratio, got.evals) == (pytest.approx(1.5), pytest.approx(2.5), 3)
    assert got.slope == pytest.approx(0.1)


def test_a_negative_gap_that_shrinks_is_no_overfitting():
    # What the ratio rule of a well-known script flags: gaps of -0.10 and -0.12.
    got = gap([1, 2], [2.9, 2.88], [1, 2], [3.0, 3.0])

    assert got.slope < 0


def test_no_gap_without_training():
    assert gap([1.0], [2.0], [], []).reason == "no evaluation with training before it"
    assert gap([], [], [1.0], [1.0]).last is None
    assert gap([1.0], [math.nan], [1.0], [1.0]).last is None


@pytest.mark.parametrize("n", [6, 10, 33, 50, 51, 200, 1001])
@pytest.mark.parametrize("decimals", [9, 1])
def test_kendalls_trend_is_scipys(n, decimals):
    from scipy.stats import kendalltau

    y = np.round(np.random.default_rng(n).normal(np.arange(n) / 50, 1), decimals)
    method = "exact" if decimals == 9 and n <= 50 else "asymptotic"
    wanted = kendalltau(np.arange(n), y, alternative="greater", method=method).pvalue

    assert _rising(y) == pytest.approx(wanted, rel=1e-9)


def test_a_constant_has_no_trend():
    assert _rising(np.ones(9)) == 1.0
