"""Leaderboards, fronts, failures, correlations: against hand arithmetic, scipy and known truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fastlogs.stats.adaptive import drifts
from fastlogs.stats.correlation import correlation
from fastlogs.stats.failures import fisher, rates, shared, wilson
from fastlogs.stats.final import final
from fastlogs.stats.leaderboard import MOST_TIERS, leaderboard, shrink
from fastlogs.stats.parameter import Parameter
from fastlogs.stats.pareto import pareto
from fastlogs.stats.rungs import rung, trails
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as oracle


def seeds(truth: np.ndarray, count: int, seed: int = 0) -> list[list[float]]:
    rng = np.random.default_rng(seed)
    return [list(value + rng.normal(size=count)) for value in truth]


def test_the_order_is_that_of_the_means_and_a_high_goal_turns_it():
    values = [[3.0, 3.2], [1.0, 1.2], [2.0, 2.2]]

    assert leaderboard(values).order == (1, 2, 0)
    assert leaderboard(values, goal="high").order == (0, 2, 1)


def test_without_seeds_there_is_an_order_and_no_claim():
    found = leaderboard([[3.0], [1.0], [2.0]])

    assert found.order == (1, 2, 0)
    assert found.reason == "nothing was run with two seeds: how far seeds lie apart is not known"
    assert {one.tier for one in found.standings} == {None}
    assert found.optimism is None


def test_a_given_spread_allows_claims_of_single_runs():
    found = leaderboard([[3.0], [3.001], [9.0]], sd=0.1)

    assert [one.tier for one in found.standings] == [1, 1, 2]
    assert found.noise.sd == 0.1


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="1 candidates without"):
        leaderboard([[1.0], [math.nan]])


def test_a_leader_far_ahead_is_alone_and_surely_the_best():
    found = leaderboard(seeds(np.array([0.0, 50.0, 50.0, 50.0]), 3))
    leader = found.standings[0]

    assert found.tier(1) == (0,)
    assert leader.p_best > 0.999
    assert (leader.rank_low, leader.rank_high) == (1, 1)
    assert found.optimism < 0.5


def test_two_candidates_are_separated_as_student_does():
    # With two there is nobody to pick from: the bound is that of the two-sided t.
    sd, bound = 1.0, oracle.t.ppf(0.975, 30) * math.sqrt(2)
    for gap, tier in ((0.9 * bound, 1), (1.1 * bound, 2)):
        assert leaderboard([[0.0], [gap]], sd=sd).standings[1].tier == tier


def test_many_equals_are_separated_as_tukey_does():
    k, sd = 10, 1.0
    bound = oracle.studentized_range.ppf(0.95, k, 30) * sd
    values = [[0.0]] * (k - 1)

    assert leaderboard([*values, [0.93 * bound]], sd=sd).standings[-1].tier == 1
    assert leaderboard([*values, [1.07 * bound]], sd=sd).standings[-1].tier == 2


def test_tiers_end():
    found = leaderboard([[100.0 * at] for at in range(12)], sd=0.1)

    assert [one.tier for one in found.standings] == [*range(1, MOST_TIERS), *[MOST_TIERS] * 8]


def test_equals_share_their_chances_and_any_rank():
    found = leaderboard(seeds(np.zeros(20), 3, seed=2))

    assert found.tier(1) == found.order
    assert sum(one.p_best for one in found.standings) == pytest.approx(1)
    assert np.median([one.rank_high - one.rank_low for one in found.standings]) >= 8
    assert found.optimism > 0.5


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 1000), st.floats(-1000, 1000), st.randoms())
def test_unit_and_order_change_nothing(scale, shift, shuffled):
    values = seeds(np.linspace(0, 3, 6), 2, seed=2)
    order = list(range(6))
    shuffled.shuffle(order)
    plain = leaderboard(values).standings
    moved = leaderboard([[scale * v + shift for v in values[at]] for at in order]).standings

    assert [moved[place].tier for place in np.argsort(order)] == [one.tier for one in plain]


def test_what_is_shrunk_is_nearer_to_the_truth():
    rng = np.random.default_rng(3)
    truth = rng.normal(size=400)
    seen = truth + rng.normal(size=400)
    shrunken, error = shrink(seen, np.ones(400))

    assert ((shrunken - truth) ** 2).mean() == pytest.approx(0.5, abs=0.08)
    assert 0.9 <= (abs(shrunken - truth) <= 1.96 * error).mean() <= 0.98
    assert shrunken[seen.argmin()] - truth[seen.argmin()] == pytest.approx(0, abs=1.5)


# Fronts.


def plain_front(q: np.ndarray, c: np.ndarray) -> set[int]:
    """By the definition, pair by pair."""
    return {
        i
        for i in range(len(q))
        if not any(q[j] <= q[i] and c[j] <= c[i] and (q[j] < q[i] or c[j] < c[i]) for j in range(len(q)))
    }


def test_the_front_is_that_of_the_definition():
    rng = np.random.default_rng(0)
    q, c = rng.integers(0, 9, (2, 60)).astype(float)
    found = pareto(q, c, tie=0.0)

    assert set(found.front) == plain_front(q, c)
    assert "possibly" not in found.places


def test_noise_lets_runs_be_possibly_on_the_front():
    found = pareto([1.0, 1.01, 5.0], [1.0, 2.0, 2.0], quality_se=0.1)

    assert found.places == ("on", "possibly", "dominated")


def test_costs_nearly_alike_are_alike():
    assert pareto([1.0, 2.0], [1.0, 0.999]).places == ("on", "dominated")
    assert pareto([1.0, 2.0], [1.0, 0.9]).places == ("on", "on")
    assert pareto([1.0, math.nan], [1.0, 2.0]).places == ("on", "unknown")


def test_the_knee_loses_little_of_both():
    assert pareto([0.0, 1.0, 10.0], [10.0, 1.0, 0.0], tie=0.0).knee == 1
    assert pareto([0.0, 1.0], [1.0, 0.0]).knee is None


# Failures.


@pytest.mark.parametrize(("failed", "n"), [(0, 5), (2, 10), (10, 10), (37, 100)])
def test_wilson_is_scipys(failed, n):
    expected = oracle.binomtest(failed, n).proportion_ci(method="wilson")

    assert wilson(failed, n) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("table", [(3, 5, 8, 20), (0, 5, 8, 20), (5, 5, 5, 50), (4, 12, 9, 33)])
def test_fisher_is_scipys(table):
    hits, inside, failed, n = table
    expected = oracle.fisher_exact(
        [[hits, inside - hits], [failed - hits, n - inside - failed + hits]], alternative="greater"
    ).pvalue

    assert fisher(*table) == pytest.approx(expected)


def test_what_failed_runs_share_is_found_and_chance_is_not():
    rng = np.random.default_rng(1)
    lr, word = 10 ** rng.uniform(-5, -1, 150), rng.integers(0, 3, 150).astype(float)
    failed = lr > 0.02
    found = shared([Parameter("lr", lr), Parameter("opt", word, ("a", "b", "c"))], failed)

    assert [one.name for one in found] == ["lr"]
    assert found[0].inside.rate > 0.9
    assert found[0].outside.failed <= 2
    alarms = sum(bool(shared([Parameter("lr", lr)], rng.random(150) < 0.2)) for _ in range(100))
    assert alarms <= 9


def test_rates_count_every_run_once():
    x = np.random.default_rng(2).normal(size=90)
    found = rates(Parameter("x", x), x > 1)

    assert sum(one.n for one in found) == 90
    assert sum(one.failed for one in found) == (x > 1).sum()


# Correlation, drift, rungs, the final value.


def test_correlations_are_scipys():
    x, y = np.random.default_rng(3).normal(size=(2, 50))
    x[:10] = x[0]
    found = correlation(Parameter("x", x), y)
    expected = oracle.spearmanr(x, y)

    assert found.spearman == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.pearson == pytest.approx(oracle.pearsonr(x, y).statistic)
    assert correlation(Parameter("opt", x, ("a", "b", "c")), y).spearman is None


def test_the_drift_is_that_of_kolmogorov_and_smirnov():
    x = np.concatenate([np.random.default_rng(4).normal(size=50), np.random.default_rng(5).normal(1.5, size=50)])
    found = drifts([Parameter("lr", x), Parameter("wd", np.random.default_rng(6).normal(size=100))])
    apart = oracle.ks_2samp(x[:50], x[50:]).statistic

    assert [one.name for one in found] == ["lr"]
    assert found[0].p == pytest.approx(oracle.kstwobign.sf(apart * 5))


def test_a_rung_foretells_when_the_orders_agree():
    early = np.random.default_rng(7).normal(size=30)

    assert rung(early, early + 0.1 * np.random.default_rng(8).normal(size=30)).foretells
    assert not rung(early, np.random.default_rng(9).normal(size=30)).foretells
    assert rung(early, early**3).agreement == pytest.approx(1)


def test_a_run_that_does_not_trail_is_rarely_said_to():
    rng = np.random.default_rng(10)

    assert sum(trails(rng.normal(size=20)) for _ in range(200)) <= 10
    assert sum(trails(1.5 + rng.normal(size=20)) for _ in range(200)) >= 190


def test_the_final_value_is_the_mean_of_the_last_tenth():
    x = np.arange(1000.0)
    found = final(x, x)

    assert found.value == x[-100:].mean()
    assert found.n == 100
    assert final([], []).reason == "no finite value"
    assert final([1, 2], [1.0, math.nan]).value == 1.0


def test_the_error_of_the_final_value_is_what_it_varies_by():
    rng = np.random.default_rng(11)
    found = [final(np.arange(2000), rng.normal(size=2000)) for _ in range(300)]

    assert np.mean([one.se for one in found]) == pytest.approx(np.std([one.value for one in found]), rel=0.15)
