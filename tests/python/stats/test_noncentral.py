"""The noncentral t agrees with scipy.stats, and every search ends."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs.stats.noncentral import below, power, shift_at, shift_found
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

DFS = [1.0, 2.5, 4.0, 11.0, 30.0, 400.0]


@pytest.mark.parametrize("df", DFS)
@pytest.mark.parametrize("shift", [-4.0, -0.5, 0.0, 0.3, 2.0, 9.0])
def test_the_noncentral_t_is_scipy_s(shift, df):
    for t in (0.2, 1.5, 6.0):
        assert below(t, df, shift) == pytest.approx(stats.nct.cdf(t, df, shift), abs=1e-9)


@given(st.floats(-300, 300), st.floats(1, 1000), st.floats(-300, 300))
def test_a_chance_is_a_chance(t, df, shift):
    assert 0.0 <= below(t, df, shift) <= 1.0


@pytest.mark.parametrize("share", [0.025, 0.5, 0.975])
@pytest.mark.parametrize("t", [-200.0, -3.0, 0.0, 1.1, 8.0, 500.0])
def test_the_shift_found_has_that_share_below(t, share):
    shift = shift_at(t, 8.0, share)

    assert stats.nct.cdf(t, 8.0, shift) == pytest.approx(share, abs=1e-6)


def test_power_is_that_of_simulated_tests():
    rng = np.random.default_rng(5)
    a, b = rng.normal(0, 1, (20_000, 5)), rng.normal(1.5, 1, (20_000, 5))
    found = np.mean(stats.ttest_ind(a, b, axis=1).pvalue < 0.05)

    assert power(1.5 / np.sqrt(2 / 5), 8.0) == pytest.approx(found, abs=0.012)


def test_power_without_a_shift_is_the_level():
    assert power(0.0, 7.0) == pytest.approx(0.05)


@pytest.mark.parametrize("df", DFS)
def test_the_shift_found_is_found_that_often(df):
    assert power(shift_found(df), df) == pytest.approx(0.8)
