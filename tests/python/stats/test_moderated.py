"""The moderated t: known variances are found again, false alarms stay, power grows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.moderated import Prior, moderated, prior, trigamma_inverse
from fastlogs.stats.seeds import welch
from hypothesis import given
from hypothesis import strategies as st
from scipy import special


@given(st.floats(1e-6, 1e6))
def test_trigamma_is_inverted(x):
    assert trigamma_inverse(float(special.polygamma(1, x))) == pytest.approx(x, rel=1e-6)


@pytest.mark.parametrize("d0", [3.0, 8.0, 30.0])
def test_the_truth_behind_the_variances_is_found(d0):
    rng = np.random.default_rng(2)
    sds = np.sqrt(4.0 * d0 / rng.chisquare(d0, 6000))
    found = prior(rng.normal(0, sd, 15) for sd in sds)

    assert found.variance == pytest.approx(4.0, rel=0.05)
    assert found.df == pytest.approx(d0, rel=0.25)


def test_equal_variances_become_one():
    found = prior([[0.0, 1.0, 2.0], [5.0, 6.0, 7.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])

    assert (found.variance, found.df, found.total) == (1.0, math.inf, 8.0)


def test_squeezing_by_hand():
    assert Prior(2.0, 4.0, 100.0).squeeze(8.0, 2.0) == (4.0, 6.0)
    assert Prior(2.0, 4.0, 5.0).squeeze(8.0, 2.0) == (4.0, 5.0)
    assert Prior(2.0, math.inf, 40.0).squeeze(8.0, 2.0) == (2.0, 40.0)


def sweep(rng, d0=math.inf, shift=0.0, groups=60):
    sds = np.ones(groups + 1) if math.isinf(d0) else np.sqrt(d0 / rng.chisquare(d0, groups + 1))
    return rng.normal(0, sds[0], 5), [rng.normal(shift, sd, 3) for sd in sds[1:]]


def rates(d0, shift, sweeps=60):
    rng = np.random.default_rng(9)
    found, plain = [], []
    for _ in range(sweeps):
        base, groups = sweep(rng, d0, shift)
        known = prior([base, *groups])
        found += [moderated(base, g, known).p < 0.05 for g in groups]
        plain += [welch(base, g).p < 0.05 for g in groups]
    return np.mean(found), np.mean(plain)


def test_false_alarms_and_power_with_equal_variances():
    alarms, _ = rates(math.inf, 0.0)
    power, plain = rates(math.inf, 2.0)

    assert alarms < 0.09
    assert power > 1.3 * plain


@pytest.mark.parametrize("d0", [3.0, 8.0])
def test_false_alarms_with_unequal_variances(d0):
    assert rates(d0, 0.0)[0] < 0.1


def test_a_single_run_borrows_its_spread():
    rng = np.random.default_rng(1)
    _, groups = sweep(rng)
    got = moderated([0.0], [9.0], prior(groups))

    assert got.p < 0.001
    assert "spread" in got.note


@given(st.lists(st.lists(st.floats(-100, 100), max_size=4), max_size=8))
def test_no_groups_raise(groups):
    known = prior(groups)
    got = moderated([1.0, 2.0], [2.0, 3.0], known)

    assert (got.p is None) == (got.reason is not None)
    assert (known.variance is None) == (known.reason is not None)


def test_swapping_negates():
    known = prior([[0.0, 1.0, 2.5], [5.0, 6.0, 9.0], [1.0, 2.2, 3.0], [1.0, 7.0, 3.0]])
    there, back = moderated([1.0, 2.0], [4.0, 5.5, 5.0], known), moderated([4.0, 5.5, 5.0], [1.0, 2.0], known)

    assert (back.difference, back.p) == (-there.difference, there.p)
