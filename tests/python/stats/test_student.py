"""Student's t against scipy's, over all degrees of freedom that a comparison can have."""

from __future__ import annotations

import math

import pytest
from fastlogs.stats.student import interval, reach, two_sided
from scipy import stats

DEGREES = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 19.0, 30.3, 63.0, 99.0, 101.0, 500.0, 1e4, 1e6, 9e6, 1e7, 1e9, math.inf)


@pytest.mark.parametrize("df", DEGREES)
def test_the_chance_is_scipy_s(df):
    for t in (0.0, 1e-12, 1e-5, 0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 1e4):
        assert two_sided(t, df) == pytest.approx(2 * stats.t.sf(t, df), rel=1e-8, abs=1e-250), t
        assert two_sided(-t, df) == two_sided(t, df)


@pytest.mark.parametrize("df", DEGREES)
@pytest.mark.parametrize("level", [0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 0.999999])
def test_the_reach_is_scipy_s(df, level):
    assert reach(level, df) == pytest.approx(stats.t.isf((1 - level) / 2, df), rel=1e-9)


def test_what_has_no_distribution_has_no_number():
    assert math.isnan(two_sided(math.nan, 3))
    assert math.isnan(two_sided(1, 0))
    assert math.isnan(two_sided(1, math.nan))
    assert math.isnan(reach(0.95, math.nan))
    assert math.isnan(reach(0.95, 0))
    assert math.isnan(reach(1.5, 3))
    assert two_sided(math.inf, 3) == 0.0
    assert reach(1.0, 3) == math.inf
    assert interval(1.0, 2.0, None, 0.95) is None
