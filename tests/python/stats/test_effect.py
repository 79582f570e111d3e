"""Effects and prospects: coverage and power in simulation, hand arithmetic, mirror."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.effect import detectable, hedges, more_seeds, seeds_needed
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

arm = st.lists(st.floats(-50, 50).map(lambda v: round(v, 4)), min_size=2, max_size=7)


def test_hedges_by_hand():
    # Means 2 and 3.5, pooled variance (2*1 + 1*0.5)/3, J = 1 - 3/11.
    d = 1.5 / math.sqrt(2.5 / 3)

    assert hedges([1.0, 2.0, 3.0], [3.0, 4.0]).g == pytest.approx(d * (1 - 3 / 11))


def test_the_ends_are_the_effects_that_just_fit():
    a, b = [1.0, 2.0, 3.0, 2.5], [3.0, 4.0, 4.5, 2.0]
    t = stats.ttest_ind(b, a).statistic
    got = hedges(a, b)

    assert stats.nct.sf(t, 6, got.low * math.sqrt(2)) == pytest.approx(0.025, abs=1e-7)
    assert stats.nct.cdf(t, 6, got.high * math.sqrt(2)) == pytest.approx(0.025, abs=1e-7)


@pytest.mark.parametrize("delta", [0.0, 1.0, -3.0])
def test_the_interval_holds_the_truth(delta):
    rng = np.random.default_rng(4)
    got = [hedges(rng.normal(0, 1, 4), rng.normal(delta, 1, 6)) for _ in range(800)]

    assert np.mean([e.low <= delta <= e.high for e in got]) == pytest.approx(0.95, abs=0.025)
    assert np.mean([e.g for e in got]) == pytest.approx(delta, abs=0.12)


@given(arm, arm)
def test_swapping_negates_and_g_is_inside(a, b):
    there, back = hedges(a, b), hedges(b, a)

    assert back.reason == there.reason
    if there.g is not None:
        assert (back.g, back.low, back.high) == pytest.approx((-there.g, -there.high, -there.low), rel=1e-12)
        assert there.low <= there.high


@given(st.lists(st.floats(), max_size=5), st.lists(st.floats(), max_size=5))
def test_no_values_raise(a, b):
    got = hedges(a, b)

    assert (got.g is None) == (got.reason is not None)


def test_what_is_detectable_is_found():
    rng = np.random.default_rng(7)
    size = detectable(1.0, 4, 6)
    p = stats.ttest_ind(rng.normal(0, 1, (20_000, 4)), rng.normal(size, 1, (20_000, 6)), axis=1).pvalue

    assert np.mean(p < 0.05) == pytest.approx(0.8, abs=0.012)


def test_a_known_spread_finds_more():
    assert detectable(1.0, 1, 1) is None
    # A z-test would need (1.96 + 0.842) * sqrt 2.
    assert detectable(1.0, 1, 1, df=1e6) == pytest.approx((1.959964 + 0.841621) * math.sqrt(2), rel=1e-4)


@pytest.mark.parametrize("sd", [None, 0.0, -1.0, math.nan, math.inf])
def test_no_spread_no_prospect(sd):
    assert detectable(sd, 5, 5) is None
    assert more_seeds(sd, 5, 5) == ()


def test_more_seeds_find_less_and_less():
    found = more_seeds(0.01, 3, 2)

    assert [(p.extra, p.n_a, p.n_b) for p in found] == [(1, 4, 3), (2, 5, 4), (3, 6, 5), (5, 8, 7), (10, 13, 12)]
    assert [p.difference for p in found] == sorted((p.difference for p in found), reverse=True)
    assert found[0].difference == detectable(0.01, 4, 3)


def test_the_seeds_needed_are_the_fewest():
    n = seeds_needed(0.01, -0.02)

    assert detectable(0.01, n, n) <= 0.02 < detectable(0.01, n - 1, n - 1)
    assert seeds_needed(0.01, 0.0, most=50) is None
