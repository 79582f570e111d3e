"""Figures over tasks: scipy's trimmed mean and U, refusals, coverage, mirror."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.tasks import aggregate, improvement, iqm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

arms = st.integers(0, 10_000).map(lambda s: np.random.default_rng(s).normal(0, 1, (2, 3, 5)).round(2))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_the_iqm_is_scipy_s(y):
    assert iqm(y) == pytest.approx(stats.trim_mean(y, 0.25), abs=1e-6)


def test_no_iqm():
    assert iqm([]) is None
    assert iqm([1.0, math.nan]) is None


def test_improvement_is_mann_whitney_s_u():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 6, (2, 8)).astype(float), rng.integers(1, 7, (2, 6)).astype(float)
    chances = [stats.mannwhitneyu(x, y).statistic / 48 for x, y in zip(a, b, strict=True)]

    assert improvement(a, b, goal="low").value == pytest.approx(np.mean(chances))
    assert improvement(a, b, goal="high").value == pytest.approx(1 - np.mean(chances))


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ([[1.0] * 4] * 9, [[1.0] * 9] * 9, "fewer than 5 seeds"),
        ([[1.0] * 9], [[1.0] * 12], "fewer than 10 runs"),
        ([[1.0] * 9], [], "same tasks"),
        ([], [], "same tasks"),
        ([[math.inf] * 12], [[1.0] * 12], "no finite value"),
    ],
)
def test_refusals(a, b, why):
    assert why in aggregate(a, b).reason
    assert why in improvement(a, b).reason


@settings(max_examples=20)
@given(arms, st.sampled_from([aggregate, improvement]), st.randoms())
def test_laws(both, figure, random):
    a, b = both
    there, back = figure(a, b, resamples=200), figure(b, a, resamples=200)
    half = 1.0 if figure is improvement else 0.0
    order = random.sample(range(3), 3)
    mixed = figure([random.sample(list(a[i]), 5) for i in order], [list(b[i]) for i in order], resamples=200)

    assert back.value == pytest.approx(half - there.value)
    assert (back.low, back.high) == (pytest.approx(half - there.high), pytest.approx(half - there.low))
    assert (mixed.low, mixed.high) == (there.low, there.high)
    assert figure(a, b, resamples=200) == there
    assert there.low <= there.high


def test_only_the_unit_changes():
    a, b = np.random.default_rng(3).normal(0, 1, (2, 4, 6))
    before, after = aggregate(a, b), aggregate(3 * a + 7, 3 * b + 7)

    assert (after.value, after.low) == (pytest.approx(3 * before.value), pytest.approx(3 * before.low))
    assert after.baseline == pytest.approx(3 * before.baseline + 7)


@pytest.mark.parametrize("statistic", ["iqm", "mean"])
def test_false_alarms(statistic):
    rng = np.random.default_rng(6)
    alarms = 0
    for _ in range(300):
        a, b = rng.normal(0, 1, (2, 4, 6))
        got = aggregate(a, b, statistic=statistic, resamples=400)
        alarms += not got.low <= 0.0 <= got.high

    assert alarms / 300 < 0.12
