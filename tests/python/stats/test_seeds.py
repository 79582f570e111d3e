"""Tests over seeds: scipy's numbers, their laws, and their false alarms in simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.seeds import Estimate, between, floor, paired, permutation, prediction, spread, welch
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

BASE = [3.301, 3.312, 3.297, 3.305, 3.300]
CAND = [3.283, 3.290, 3.279, 3.288, 3.281]
number = st.floats(-100, 100).map(lambda v: round(v, 6))
arm = st.lists(number, min_size=3, max_size=8)
TESTS = [welch, permutation]


def test_welch_is_scipy_s():
    theirs = stats.ttest_ind(CAND, BASE[:3], equal_var=False)
    ours = welch(BASE[:3], CAND)

    assert ours.p == pytest.approx(theirs.pvalue)
    assert ours.df == pytest.approx(theirs.df)
    assert ours.difference / ours.se == pytest.approx(theirs.statistic)
    assert ours.interval(0.9) == pytest.approx(tuple(theirs.confidence_interval(0.9)))


@given(arm, arm)
def test_welch_is_scipy_s_whatever_the_values(a, b):
    assume(np.ptp(a) > 1e-3 and np.ptp(b) > 1e-3)

    assert welch(a, b).p == pytest.approx(stats.ttest_ind(a, b, equal_var=False).pvalue, rel=1e-6, abs=1e-12)


def test_paired_is_scipy_s():
    theirs = stats.ttest_rel(CAND, BASE)
    ours = paired(BASE, CAND)

    assert (ours.p, ours.df) == (pytest.approx(theirs.pvalue), 4)
    assert ours.interval() == pytest.approx(tuple(theirs.confidence_interval()))


def test_a_prediction_by_hand():
    # Baseline 1, 2, 3: mean 2, sd 1; se = sqrt(4/3); the candidate is 6.
    ours = prediction([1.0, 2.0, 3.0], [6.0])

    assert (ours.difference, ours.df) == (4.0, 2.0)
    assert ours.se == pytest.approx(math.sqrt(4 / 3))
    assert ours.p == pytest.approx(2 * stats.t.sf(4 / math.sqrt(4 / 3), 2))


def test_a_single_baseline_is_predicted_from_the_candidates():
    there, back = prediction([1.0, 2.0, 4.0], [6.0]), prediction([6.0], [1.0, 2.0, 4.0])

    assert (back.difference, back.p) == (-there.difference, there.p)
    assert back.interval() == pytest.approx((-there.interval()[1], -there.interval()[0]))


def test_a_floor_by_hand():
    ours = floor([3.30], [3.28], 0.005)

    assert ours.se == pytest.approx(0.005 * math.sqrt(2))
    assert (ours.df, ours.p) == (30.0, pytest.approx(2 * stats.t.sf(0.02 / (0.005 * math.sqrt(2)), 30)))
    assert "assuming" in ours.note


def test_the_spread_pools_by_degrees_of_freedom():
    # Variances 2 (1 df) and 1 (2 df): (2 + 2) / 3.
    ours = spread([[1.0, 3.0], [4.0, 5.0, 6.0], [9.0], [math.nan, 1.0]])

    assert (ours.sd, ours.df, ours.groups) == (pytest.approx(math.sqrt(4 / 3)), 3.0, 2)
    assert spread([[1.0], []]).reason == "no group has two seeds"


@pytest.mark.parametrize(("n", "m"), [(4, 4), (5, 5), (4, 6), (8, 5)])
def test_the_permutation_is_scipy_s(n, m):
    rng = np.random.default_rng(n * 10 + m)
    a, b = rng.normal(0, 1, n), rng.normal(0.8, 1, m)
    apart = stats.permutation_test(
        (a, b),
        lambda x, y, axis: abs(x.mean(axis) - y.mean(axis)),
        alternative="greater",
        n_resamples=np.inf,
        vectorized=True,
    )

    assert permutation(a, b) == pytest.approx(apart.pvalue)


def test_a_permutation_is_for_four_to_eight():
    assert permutation([1, 2, 3], [4, 5, 6]) is None
    assert permutation(range(9), range(9)) is None
    assert permutation([2.0] * 4, [2.0] * 4) == 1.0


@pytest.mark.parametrize(
    ("a", "b", "extra", "method"),
    [
        ([1.0], [2.0], {}, "none"),
        ([1.0], [2.0], {"sd": 0.1}, "floor"),
        ([1.0], [2.0, 2.5], {}, "none"),
        ([1.0], [2.0, 2.5, 2.2], {}, "prediction"),
        ([1.0, 1.1], [2.0, 2.5], {}, "welch"),
        ([1.0, 1.1, 1.3], [2.0, 2.5, 2.1], {"paired_seeds": True}, "paired"),
        ([1.0, 1.1], [2.0, 2.5], {"paired_seeds": True}, "welch"),
    ],
)
def test_the_test_that_fits(a, b, extra, method):
    assert between(a, b, **extra).method == method


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ([1.0], [2.0], "one seed per arm: cannot tell the method from luck"),
        ([], [2.0], "the baseline has no runs"),
        ([1.0, 2.0], [math.nan, 2.0], "1 of 2 candidate runs has no finite value"),
        ([1.0, 1.0], [1.0, 1.0], "the seeds do not differ: no spread to measure by"),
        ([1.0, 1.0], [2.0, 2.0], "the seeds do not differ: no spread to measure by"),
        ([0.1 + 0.2, 0.3], [0.1 + 0.2, 0.3], "the seeds do not differ: no spread to measure by"),
        ([1e308, -1e308], [1e308, 1.0], "the values of the baseline are too large"),
    ],
)
def test_refusals_say_why(a, b, why):
    ours = between(a, b)

    assert (ours.reason, ours.p, ours.interval()) == (why, None, None)


@pytest.mark.parametrize("sd", [0.0, -1.0, math.nan, math.inf])
def test_a_floor_is_positive(sd):
    assert floor([1.0], [2.0], sd).p is None


@given(st.lists(st.floats(), max_size=6), st.lists(st.floats(), max_size=6), st.booleans(), st.floats())
def test_no_values_raise(a, b, together, sd):
    ours = between(a, b, paired_seeds=together, sd=sd)

    assert (ours.p is None) == (ours.reason is not None)
    assert ours.p is None or 0 <= ours.p <= 1
    permutation(a, b)
    spread([a, b])


@given(arm, arm, st.booleans())
def test_swapping_the_arms_negates(a, b, together):
    there, back = between(a, b, paired_seeds=together), between(b, a, paired_seeds=together)

    assert back.p == there.p
    assert there.difference is None or back.difference == -there.difference
    if there.interval():
        assert back.interval() == (-there.interval()[1], -there.interval()[0])
    assert permutation(a, b) == permutation(b, a)


@given(arm, arm, st.randoms())
def test_the_order_of_seeds_is_nothing(a, b, random):
    shuffled_a, shuffled_b = random.sample(a, len(a)), random.sample(b, len(b))

    assert welch(shuffled_a, shuffled_b) == welch(a, b)
    assert permutation(shuffled_a, shuffled_b) == permutation(a, b)


@given(arm, arm, st.randoms())
def test_the_order_of_pairs_is_nothing(a, b, random):
    pairs = list(zip(a, b, strict=False))
    mixed = random.sample(pairs, len(pairs))

    assert paired(*zip(*mixed, strict=True)) == paired(*zip(*pairs, strict=True))


@given(arm, arm, st.floats(0.01, 100), st.floats(-50, 50))
def test_only_the_unit_changes(a, b, scale, shift):
    assume(np.ptp(a) > 1e-2 and np.ptp(b) > 1e-2)
    before, after = welch(a, b), welch([scale * v + shift for v in a], [scale * v + shift for v in b])

    assert after.p == pytest.approx(before.p, rel=1e-5, abs=1e-10)
    assert after.se == pytest.approx(before.se * scale, rel=1e-6)


def alarms(test, n, m, runs=4000, seed=3):
    rng = np.random.default_rng(seed)
    ps = [test(rng.normal(3, 0.01, n), rng.normal(3, 0.01, m)) for _ in range(runs)]
    return np.mean([(p.p if isinstance(p, Estimate) else p) < 0.05 for p in ps])


@pytest.mark.parametrize(
    ("test", "n", "m", "most"),
    [(welch, 2, 2, 0.05), (welch, 3, 3, 0.06), (welch, 5, 3, 0.08), (paired, 4, 4, 0.062), (prediction, 5, 1, 0.062)],
)
def test_false_alarms_are_what_they_should_be(test, n, m, most):
    assert 0.01 < alarms(test, n, m) < most


def test_a_permutation_alarms_at_most_at_its_level():
    assert 0.02 < alarms(permutation, 5, 5, runs=1500) < 0.066


def test_the_interval_holds_the_truth():
    rng = np.random.default_rng(8)
    held = [
        low <= 0.02 <= high
        for low, high in (welch(rng.normal(3, 0.01, 5), rng.normal(3.02, 0.03, 4)).interval() for _ in range(3000))
    ]

    assert 0.935 < np.mean(held) < 0.985
