"""The confidence sequence: watched all along it alarms no more than it says, and it finds what is there."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.sequence import look, radius
from hypothesis import given
from hypothesis import strategies as st
from series import wandering


def ever(d, every=250):
    return any(look(d[:n]).decided for n in range(every, len(d) + 1, every))


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_watching_does_not_make_alarms(rho):
    rng = np.random.default_rng(int(10 * rho) + 1)

    assert np.mean([ever(wandering(rng, 5000, rho)) for _ in range(150)]) < 0.08


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_a_difference_is_found(rho):
    rng = np.random.default_rng(2)
    # Four and a half standard errors of the whole run.
    shift = 4.5 * math.sqrt((1 + rho) / (1 - rho) / 5000)

    assert np.mean([ever(shift + wandering(rng, 5000, rho)) for _ in range(100)]) > 0.8


def test_the_radius_by_hand():
    # Variance 1, no correlation left: j = 30, alpha .05.
    means = np.sqrt(29 / 30) * np.tile([1.0, -1.0], 15)
    e = (5.99146 + math.log(6.99146)) / 30
    wide = math.sqrt((1 + 2 / 29) * 2 * (30 * e + 1) / (900 * e) * math.log(math.sqrt(30 * e + 1) / 0.05))

    assert radius(means, 0.05) == pytest.approx(wide, rel=1e-5)


def test_refusals():
    assert look([]).difference is None
    assert look(np.ones(1199)).reason == "11 batches of 100 steps, 12 are needed"
    assert look(np.zeros(5000)).reason == "the runs do not differ"
    assert look(wandering(np.random.default_rng(0), 5000, 0.999)).batch == 2000


@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_mirror_and_unit(seed, scale):
    d = 0.02 + wandering(np.random.default_rng(seed), 2000)
    there, back = look(d), look(-scale * d)

    assert (back.difference, back.low) == pytest.approx((-scale * there.difference, -scale * there.high))
    assert back.decided == there.decided


@given(st.lists(st.floats(), max_size=20).map(lambda d: d * 100))
def test_no_values_raise(d):
    with np.errstate(all="ignore"):
        assert look(d).batches >= 0


def test_values_that_are_not_finite_are_left_out():
    d = wandering(np.random.default_rng(0), 3000)

    assert look(np.insert(d, [5, 900], [math.nan, math.inf])) == look(d)
