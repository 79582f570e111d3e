"""What the scripts print: their formulas by hand and by scipy, and the cases in which they are wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.naive import (
    cohens_d,
    gap_grew,
    jumps,
    outliers,
    ratio_divergence,
    row_convergence,
    statistics,
    step_time,
    student_t,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from series import wandering

values = st.lists(st.floats(-100, 100).map(lambda v: round(v, 3)), min_size=2, max_size=40)
X = np.arange(200.0)


@given(values)
def test_the_statistics_are_numpy_s_with_ddof_0(y):
    got = statistics(y)

    assert (got.mean, got.sd, got.variance) == pytest.approx((np.mean(y), np.std(y), np.var(y)))
    assert (got.min, got.max, got.initial, got.final) == (min(y), max(y), y[0], y[-1])
    assert (got.cv is None) == (np.mean(y) <= 0)
    assert got.cv is None or got.cv == pytest.approx(np.std(y) / np.mean(y))
    assert (got.improvement_percent is None) == (y[0] == 0)


def test_statistics_of_nothing():
    assert statistics([]) == statistics([math.nan]) == statistics([math.inf])
    assert statistics([]).mean is None
    assert statistics([math.nan, 2.0, 1.0]).initial == 2.0


@given(values, values)
def test_student_s_t_is_scipy_s(a, b):
    got = student_t(a, b)
    if min(np.ptp(a), np.ptp(b)) < 0.01:
        return
    theirs = stats.ttest_ind(a, b)

    assert got.t == pytest.approx(theirs.statistic, rel=1e-6, abs=1e-9)
    assert got.p == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-12)
    assert "independent samples" in got.caution


def test_student_s_t_alarms_on_equal_runs_as_its_caution_says():
    rng = np.random.default_rng(0)
    labels = [student_t(wandering(rng, 500, 0.9), wandering(rng, 500, 0.9)).label for _ in range(300)]

    assert 0.5 < np.mean([label != "not significant" for label in labels]) < 0.8


def test_labels():
    a = np.r_[np.zeros(50), np.ones(50)]

    assert student_t(a, a + 0.16).label == "significant"
    assert student_t(a, a + 1).label == "highly significant"
    assert student_t([1.0, 1.0], [1.0, 1.0]).label is None
    assert student_t([1.0], [1.0, 2.0]).p is None
    # The spread is one half: a shift of s is an effect of 2 s.
    assert [cohens_d(a, a - s).label for s in (0.45, 0.3, 0.2, 0.0)] == ["large", "medium", "small", "small"]
    assert cohens_d(a, a + 0.45).d == pytest.approx(-0.9)
    assert cohens_d([1.0], [1.0]).d is None
    assert cohens_d([], [1.0]).label is None


def test_divergence_by_ratio_one_way_is_the_original_s():
    # Original: the first row whose baseline / (candidate + 1e-8) is over 2, else never.
    base, cand = [8.0, 8.0, 8.0, 8.0], [8.0, 80.0, 4.0, 3.9]

    one = ratio_divergence([0, 10, 20, 30], base, [0, 10, 20, 30], cand, both_ways=False)
    two = ratio_divergence([0, 10, 20, 30], base, [0, 10, 20, 30], cand)

    assert (one.x, one.higher) == (30.0, "baseline")
    assert (two.x, two.higher, two.ratio) == (10.0, "candidate", pytest.approx(10.0))


def test_divergence_by_ratio_may_start_at_zero_and_must_be_sustained():
    base, cand = [9.0, 1.0, 9.0, 9.0], [1.0, 1.0, 1.0, 1.0]

    assert ratio_divergence(range(4), base, range(4), cand).x == 0.0
    assert ratio_divergence(range(4), base, range(4), cand, sustained=2).x == 2.0
    assert ratio_divergence(range(4), base, range(4), cand, sustained=3) is None
    assert ratio_divergence(range(4), base, range(4), cand, threshold=10.0) is None


def test_divergence_by_ratio_looks_at_equal_steps():
    assert ratio_divergence([0, 20, 40], [1.0, 5.0, 9.0], [10, 20, 30, 40], [9.0, 5.0, 9.0, 1.0]).x == 40.0
    assert ratio_divergence([1], [1.0], [2], [9.0]) is None


def test_divergence_by_ratio_of_what_is_not_finite():
    assert ratio_divergence([0, 1], [math.inf, math.nan], [0, 1], [math.inf, 1.0]) is None
    assert ratio_divergence([0, 1], [1.0, math.inf], [0, 1], [1.0, 1.0]).x == 1.0


@given(values, values, st.integers(1, 4))
def test_divergence_by_ratio_mirrors(a, b, sustained):
    x = np.arange(min(len(a), len(b)))
    a, b = np.abs(a[: len(x)]) + 0.1, np.abs(b[: len(x)]) + 0.1
    there, back = ratio_divergence(x, a, x, b, sustained=sustained), ratio_divergence(x, b, x, a, sustained=sustained)

    assert (there is None) == (back is None)
    if there:
        assert (there.x, there.higher) == (back.x, {"baseline": "candidate", "candidate": "baseline"}[back.higher])


@given(values, st.floats(0.5, 4))
def test_jumps_are_z_scores_of_the_differences(y, threshold):
    steps = np.diff(y)
    if np.ptp(steps) > 0.01:
        assert jumps(y, threshold) == tuple(np.flatnonzero(np.abs(stats.zscore(steps)) > threshold))


def test_jumps_see_spikes_in_a_descent_and_outliers_do_not():
    smooth = 100 * np.exp(-X / 20)

    assert len(jumps(smooth)) > 5
    assert outliers(smooth) == ()
    assert outliers(5 + 10 * (X + 1) ** -0.5) == ()


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_a_spike_is_found_where_it_is(noise):
    y = 100 * np.exp(-X / 20) + noise * np.random.default_rng(1).normal(size=200)
    y[150] += 30
    holed = y.copy()
    holed[60] = math.nan

    assert outliers(y) == (150,)
    assert outliers(holed) == (150,)
    assert jumps(holed) == ()


def test_white_noise_has_few_outliers():
    rng = np.random.default_rng(2)

    assert sum(len(outliers(rng.normal(size=1000))) for _ in range(20)) <= 20


@given(st.lists(st.floats(), max_size=40))
def test_no_values_raise(y):
    with np.errstate(all="ignore"):
        statistics(y), jumps(y), outliers(y), row_convergence(y), step_time(y, 2)
        student_t(y, y[::-1]), cohens_d(y, y[1:])
        ratio_divergence(range(len(y)), y, range(len(y)), y[::-1])


def test_convergence_by_rows_calls_a_rising_loss_converged():
    rising = row_convergence([3.0, 3.09, 3.18, 3.27])

    assert (rising.slope, rising.converged) == (pytest.approx(0.09), True)
    assert row_convergence([3.0, 3.2, 3.4]).converged is False
    assert row_convergence([3.0, 3.05]).slope == pytest.approx(0.05)
    assert row_convergence([3.0]).converged is False


@given(values)
def test_convergence_by_rows_is_a_least_squares_line(y):
    got = row_convergence(y)

    assert got.slope == pytest.approx(np.polyfit(range(len(y[-3:])), y[-3:], 1)[0], abs=1e-9)
    assert got.stability == pytest.approx(np.std(y[-3:]))


@given(st.floats(0.001, 10), st.floats(-10, 10))
def test_gaps_above_zero_are_judged_as_the_original_does(baseline, candidate):
    if abs(candidate - 1.5 * baseline) > 1e-9:
        assert gap_grew(baseline, candidate) == gap_grew(baseline, candidate, original=True)


def test_a_gap_that_shrinks_below_zero_did_not_grow():
    assert not gap_grew(-0.1, -0.12)
    assert gap_grew(-0.1, 0.2)


def test_step_times_by_hand():
    assert step_time([87_819.0] + [100.0] * 14 + [1.0, 3.0]) == (2.0, 1.0, 2)
    assert step_time([1.0] * 15) is None
    assert step_time([1.0, 3.0], -4) == (2.0, 1.0, 2)
