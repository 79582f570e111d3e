"""Convergence: false alarms and power in simulation, the words for each goal, the unit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.converge import state
from hypothesis import given, settings
from hypothesis import strategies as st
from series import wandering

X = np.arange(1, 5001, dtype=float)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_a_flat_run_seldom_improves_or_worsens(rho):
    rng = np.random.default_rng(int(rho * 10))
    found = [state(X, 3 + 0.05 * wandering(rng, 5000, rho)).state for _ in range(400)]

    assert np.mean([s in ("improving", "worsening") for s in found]) < 0.08


@pytest.mark.parametrize(("goal", "word"), [("low", "improving"), ("high", "worsening"), ("none", "changing")])
def test_a_falling_run(goal, word):
    y = 3 - 0.3 * X / 5000 + 0.05 * wandering(np.random.default_rng(1), 5000, 0.5)
    got = state(X, y, goal=goal)

    assert got.state == word
    assert got.low < -0.03 < got.high
    assert state(X, -y, goal="high").state == state(X, y, goal="low").state


def test_a_plateau_is_shown_flat_not_merely_not_falling():
    rng = np.random.default_rng(2)

    assert state(X, 3 + 0.002 * wandering(rng, 5000)).state == "plateau"
    loud = [state(X, 3 + 0.2 * wandering(rng, 5000)).state for _ in range(50)]
    assert loud.count("undecided") >= 44
    assert "plateau" not in loud


@pytest.mark.parametrize(
    ("n", "rho", "why"),
    [(200, 0.0, "fewer than 50 points"), (5000, 0.998, "independent blocks"), (0, 0, "fewer than 50")],
)
def test_refusals(n, rho, why):
    got = state(X[:n], wandering(np.random.default_rng(3), n, rho))

    assert got.state == "undecided"
    assert why in got.reason


@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-50, 50))
@settings(max_examples=25)
def test_only_the_unit_changes(seed, scale, shift):
    y = 3 + wandering(np.random.default_rng(seed), 600)
    before, after = state(X[:600], y), state(X[:600] * 7, scale * y + shift)

    assert (after.slope, after.low) == (pytest.approx(scale * before.slope), pytest.approx(scale * before.low))
    assert after.value == pytest.approx(scale * before.value + shift)
    assert after.share() is None or after.share()[0] == pytest.approx(after.slope / abs(after.value))


@given(st.lists(st.floats(), max_size=90).map(lambda y: y * 5))
@settings(max_examples=50)
def test_no_values_raise(y):
    got = state(range(len(y)), y)

    assert got.slope is None or math.isfinite(got.slope)


def test_values_that_are_not_finite_are_left_out():
    y = 3 + wandering(np.random.default_rng(5), 5000)
    holed = y.copy()
    holed[::7] = math.nan

    assert state(X, holed).slope == pytest.approx(state(X, y).slope, abs=0.05)
