"""Adjusted p-values: scipy's, hand arithmetic, and the error they control."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.many import benjamini_hochberg, holm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

ps = st.lists(st.floats(0, 1), max_size=30)


@given(ps.filter(bool))
def test_benjamini_hochberg_is_scipy_s(p):
    assert benjamini_hochberg(p) == pytest.approx(tuple(stats.false_discovery_control(p)))


def test_holm_by_hand():
    # Sorted .01 .02 .03 .04 times 4 3 2 1 is .04 .06 .06 .04, then never falling.
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx((0.06, 0.04, 0.06, 0.06))


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
def test_tests_not_made_do_not_count(adjust):
    with_gaps = adjust([None, 0.01, math.nan, 0.02])

    assert (with_gaps[1], with_gaps[3]) == adjust([0.01, 0.02])
    assert (with_gaps[0], with_gaps[2]) == (None, None)
    assert adjust([]) == ()


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
@given(p=ps, random=st.randoms())
def test_laws(adjust, p, random):
    order = random.sample(range(len(p)), len(p))
    adjusted = adjust(p)

    assert adjust([p[i] for i in order]) == tuple(adjusted[i] for i in order)
    assert all(before <= after * (1 + 1e-12) and after <= 1 for before, after in zip(p, adjusted, strict=True))


@given(ps)
def test_holm_is_between_bonferroni_and_benjamini_hochberg(p):
    for value, strict, loose in zip(p, holm(p), benjamini_hochberg(p), strict=True):
        assert loose <= strict * (1 + 1e-12)
        assert strict <= min(1.0, value * len(p)) * (1 + 1e-12)


def test_the_errors_they_control():
    rng = np.random.default_rng(1)
    families, discoveries = 0, []
    for _ in range(800):
        z = np.r_[rng.normal(0, 1, 18), rng.normal(4, 1, 6)]
        p = list(2 * stats.norm.sf(abs(z)))
        families += any(q < 0.05 for q in holm(p)[:18])
        found = [i for i, q in enumerate(benjamini_hochberg(p)) if q < 0.05]
        discoveries.append(sum(i < 18 for i in found) / max(len(found), 1))

    assert families / 800 < 0.073
    assert 0.02 < np.mean(discoveries) < 0.055
