"""Extrapolation: known laws are found again, intervals hold, and what must be refused is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.extrapolate import extrapolate, schedule_settled
from hypothesis import given, settings
from hypothesis import strategies as st
from series import wandering

X = np.arange(1, 4001, dtype=float)


@pytest.mark.parametrize("alpha", [0.2, 0.5, 1.0])
def test_a_law_without_noise_is_found_again(alpha):
    got = extrapolate(X, 2 + 3 * X**-alpha, 8000)

    assert got.value == pytest.approx(2 + 3 * 8000**-alpha, rel=0.005)
    assert got.exponent == pytest.approx(alpha, abs=0.1)


@pytest.mark.parametrize("rho", [0.0, 0.9])
def test_the_interval_holds_the_truth(rho):
    rng = np.random.default_rng(3)
    truth = 2.5 + 5 * (8000 + 40) ** -0.4
    held = []
    for _ in range(80):
        got = extrapolate(X, 2.5 + 5 * (X + 40) ** -0.4 + 0.05 * wandering(rng, 4000, rho), 8000)
        held.append(got.low <= truth <= got.high)

    assert np.mean(held) > 0.8


@pytest.mark.parametrize(
    ("n", "to", "lr", "why"),
    [
        (50, 80, None, "fewer than 100 points"),
        (4000, 9000, None, "further than twice the run"),
        (4000, 3000, None, "not ahead of the run"),
        (4000, math.nan, None, "not ahead of the run"),
        (4000, 6000, 1e-3 * (1 + np.cos(X / 4000 * 2)), "the learning rate has still to decay"),
    ],
)
def test_refusals(n, to, lr, why):
    got = extrapolate(X[:n], 3 + X[:n] ** -0.5, to, lr=lr)

    assert (got.value, got.reason) == (None, why)


@pytest.mark.parametrize(
    ("lr", "settled"),
    [
        ([1e-3] * 9, True),
        (np.r_[np.linspace(0, 1e-3, 10), np.full(90, 1e-3)], True),
        (1 + np.cos(np.linspace(0, 2, 100)), False),
        (1 + np.cos(np.linspace(0, np.pi, 100)), True),
        (np.linspace(0, 1e-3, 50), False),
        (np.r_[np.full(50, 1.0), np.full(50, 0.5)], False),
        ([], True),
        ([0.0, 0.0], True),
        ([math.nan], True),
    ],
)
def test_schedules(lr, settled):
    assert schedule_settled(lr) is settled


@settings(max_examples=25)
@given(st.floats(0.01, 100), st.floats(-10, 10), st.integers(0, 100))
def test_only_the_unit_changes(scale, shift, seed):
    y = 2 + 3 * X[:500] ** -0.5 + 0.05 * np.random.default_rng(seed).normal(size=500)
    before, after = extrapolate(X[:500], y, 900), extrapolate(X[:500], scale * y + shift, 900)

    assert after.value == pytest.approx(scale * before.value + shift, abs=1e-4 * scale)
    assert after.high - after.low == pytest.approx(scale * (before.high - before.low), rel=1e-2)


@given(st.lists(st.floats(), max_size=20).map(lambda y: y * 10))
def test_no_values_raise(y):
    with np.errstate(all="ignore"):
        extrapolate(np.arange(1, len(y) + 1), y, len(y) * 1.5 + 1)
