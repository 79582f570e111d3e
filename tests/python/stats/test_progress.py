"""Progress: hand arithmetic, coverage in simulation, mirror."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.progress import progression, time_to_target
from hypothesis import given, settings
from hypothesis import strategies as st
from series import falling, wandering

X = np.arange(1, 5001, dtype=float)


def test_the_bins_by_hand():
    # 64 bins of one step each over 0..64: bin k holds step k + 1, and the first holds 0 and 1.
    x = np.arange(0.0, 65.0)
    got = progression(x, x, x, x + 1, at=(1, 50, 100))

    assert [(s.x, s.baseline, s.candidate, s.difference) for s in got] == [
        (0.64, 0.5, 1.5, 1.0),
        (32.0, 32.0, 33.0, 1.0),
        (64.0, 64.0, 65.0, 1.0),
    ]


def test_only_the_common_range_counts():
    got = progression([1, 2, 3, 4], [1.0, 1.0, 1.0, 9.0], [1, 2, 3], [2.0, 2.0, 2.0], at=(100,))

    assert (got[0].x, got[0].baseline) == (3.0, 1.0)
    assert progression([1, 2], [0.0, 0.0], [3, 4], [0.0, 0.0]) == ()
    assert progression([], [], [3, 4], [0.0, 0.0]) == ()


@pytest.mark.parametrize(("every", "rho"), [(1, 0.0), (1, 0.9), (2, 0.5)])
def test_the_intervals_hold_the_truth(every, rho):
    rng = np.random.default_rng(11)
    held = []
    for _ in range(150):
        a = falling(X) + 0.05 * wandering(rng, 5000, rho)
        xb = X[every - 1 :: every]
        b = falling(xb) + 0.01 + 0.05 * wandering(rng, len(xb), rho)
        held.append([s.low <= 0.01 <= s.high for s in progression(X, a, xb, b) if s.percent >= 10])

    assert np.min(np.mean(held, axis=0)) > 0.87
    assert np.mean(held) > 0.93


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=25)
def test_swapping_negates(seed, same):
    rng = np.random.default_rng(seed)
    xb = X[:600] if same else X[:600:3]
    a, b = rng.normal(size=600), rng.normal(size=len(xb))

    for there, back in zip(progression(X[:600], a, xb, b), progression(xb, b, X[:600], a), strict=True):
        assert (back.difference, back.low, back.high) == pytest.approx((-there.difference, -there.high, -there.low))
        assert (back.baseline_se, back.baseline) == (there.candidate_se, there.candidate)


def test_short_runs_have_values_without_errors():
    got = progression([1, 2, 3], [3.0, 2.0, 1.0], [1, 2, 3], [3.0, 2.0, 1.0])

    assert (got[-1].difference, got[-1].low, got[-1].baseline_se) == (0.0, None, None)


def test_twice_as_fast_is_there_in_half_the_time():
    a = 4.0 - 3.0 * np.minimum(X / 4000, 1.0)
    b = 4.0 - 3.0 * np.minimum(X / 2000, 1.0)
    got = time_to_target(X, a, X, b)

    assert got.target == pytest.approx(1.0)
    assert got.ratio == pytest.approx(2.0, abs=0.08)
    assert got.baseline.at == pytest.approx(4000, abs=120)


def test_a_noisy_target_has_an_interval_that_holds_the_ratio():
    rng = np.random.default_rng(4)
    a = 4.0 - 3.0 * X / 5000 + 0.05 * wandering(rng, 5000)
    b = 4.0 - 6.0 * X / 5000 + 0.05 * wandering(rng, 5000)
    got = time_to_target(X, a, X, b)

    assert got.low <= got.ratio <= got.high
    assert got.ratio == pytest.approx(2.0, abs=0.1)
    assert got.baseline.low <= got.baseline.at <= got.baseline.high


def test_a_rising_metric_mirrors_a_falling_one():
    a, b = falling(X), falling(X / 2)
    down, up = time_to_target(X, a, X, b), time_to_target(X, -a, X, -b, goal="high")

    assert (up.ratio, up.baseline.at, up.candidate.at) == (down.ratio, down.baseline.at, down.candidate.at)


def test_who_never_arrives_is_said_so():
    got = time_to_target(X, 3 - X / 5000, X, 3 + X * 0)

    assert (got.candidate.at, got.ratio) == (None, None)
    assert got.reason == "a run never reached the target"
    assert time_to_target([], [], X, X).reason == "a run has no values"
    assert time_to_target(X, X, X, X, target=-1.0).ratio is None


@given(st.lists(st.floats(), max_size=30), st.lists(st.floats(), max_size=30))
def test_no_values_raise(a, b):
    with np.errstate(all="ignore"):
        progression(range(len(a)), a, range(len(b)), b)
        got = time_to_target(range(len(a)), a, range(len(b)), b)

    assert got.ratio is None or not math.isnan(got.ratio)
