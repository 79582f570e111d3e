"""Importance: a null that names nothing, shapes and pairs that are there, a forest held against the plain way."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs.stats import forest
from fastlogs.stats.importance import importance, normal_scores
from fastlogs.stats.interaction import interactions
from fastlogs.stats.parameter import Parameter, is_log, parameter
from fastlogs.stats.shape import binned, median_interval, shape
from scipy import stats as oracle


def uniform(n: int, columns: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (columns, n))


def of(columns: np.ndarray) -> list[Parameter]:
    return [Parameter(f"x{at}", values) for at, values in enumerate(columns)]


def test_too_few_runs_are_refused():
    x = uniform(19, 1)

    assert importance(of(x), x[0]).reason == "19 results, 20 are needed"
    assert importance(of(x), x[0]).matters is None
    assert importance([], x[0]).reason == "no setting varies"
    assert importance(of(uniform(30, 1)), np.ones(30)).reason == "all results are the same"
    assert importance(of(uniform(2, 1)), [1.0, np.inf]).reason == "1 of 2 results are not finite"


def test_where_one_setting_decides_it_is_named_and_no_other():
    x = uniform(150, 4, seed=1)
    found = importance(of(x), x[2] ** 2 + 0.05 * np.random.default_rng(2).normal(size=150))

    assert found.matters
    assert found.named == ("x2",)
    assert found.weights[0].shape.word == "U-shaped"
    assert found.weights[0].low > 0 > found.weights[-1].low
    assert found.p == 1 / 20
    assert len(found.null) == 19


def test_nothing_is_named_when_shuffles_do_as_well():
    found = importance(of(uniform(100, 3, seed=3)), np.random.default_rng(4).normal(size=100), seed=1)

    assert found.matters is False
    assert found.named == ()
    assert found.interactions == ()
    assert max(found.null) >= found.r2


def test_only_ranks_count():
    x = uniform(80, 2, seed=5)
    y = x[0] + 0.1 * x[1]
    wild = np.exp(20 * y)

    assert importance(of(x), y).r2 == importance(of(x), wild).r2


def test_the_same_seed_says_the_same_and_the_order_of_settings_does_not_matter_to_the_verdict():
    x = uniform(90, 3, seed=6)
    found = importance(of(x), x[1], seed=3)

    assert found == importance(of(x), x[1], seed=3)
    assert set(importance(of(x)[::-1], x[1], seed=3).named) == set(found.named)


def test_over_a_thousand_runs_a_sample_is_fitted_and_all_are_shown():
    x = uniform(1500, 2, seed=7)
    found = importance(of(x), x[0])

    assert found.n == 1500
    assert sum(level.n for level in found.weights[0].shape.levels) == 1500


def test_normal_scores_are_the_quantiles_of_ranks():
    values = np.array([5.0, 1.0, 3.0, 3.0])

    assert normal_scores(values) == pytest.approx(oracle.norm.ppf(oracle.rankdata(values) / 5))


def plain_tree(codes: np.ndarray, y: np.ndarray, row: np.ndarray) -> float:
    """What one split of one column foretells of a row: the best by squares, tried one after the other."""
    best, split = np.inf, None
    for cut in np.unique(codes)[:-1]:
        left, right = y[codes <= cut], y[codes > cut]
        if min(len(left), len(right)) >= 3:
            squares = ((left - left.mean()) ** 2).sum() + ((right - right.mean()) ** 2).sum()
            if squares < best - 1e-12:
                best, split = squares, (cut, left.mean(), right.mean())
    assert split is not None
    return split[1] if row <= split[0] else split[2]


def test_a_forest_of_stumps_splits_where_plain_code_does(monkeypatch):
    monkeypatch.setattr(forest, "_DEEP", 1)
    rng = np.random.default_rng(8)
    x = rng.integers(0, 6, 40)
    y = np.where(x > 3, 2.0, 0.0) + rng.normal(0, 0.1, 40)
    drawn = np.random.default_rng(9).integers(0, 40, (1, 40))[0]
    said = forest.foretold(x[:, None], y, np.random.default_rng(9), trees=1)
    unseen = np.setdiff1d(np.arange(40), drawn)

    assert said[unseen] == pytest.approx([plain_tree(x[drawn], y[drawn], x[row]) for row in unseen])
    assert np.isnan(said[np.unique(drawn)]).all()


def test_the_forest_explains_about_what_scikit_learn_does():
    ensemble = pytest.importorskip("sklearn.ensemble", reason="scikit-learn is not installed")
    x = uniform(300, 5, seed=10)
    y = x[0] ** 2 + 0.5 * x[1] * x[2] + 0.1 * np.random.default_rng(11).normal(size=300)
    codes = np.column_stack([forest.coded(column) for column in x])
    own = forest.explained(y, forest.foretold(codes, y, np.random.default_rng(0)))
    theirs = ensemble.RandomForestRegressor(64, oob_score=True, min_samples_leaf=3, max_features=0.5, random_state=0)

    assert own == pytest.approx(theirs.fit(x.T, y).oob_score_, abs=0.08)


def test_codes_keep_the_order_and_put_the_unknown_below():
    values = np.random.default_rng(12).normal(size=200)
    values[:5] = np.nan
    codes = forest.coded(values)
    order = np.argsort(values[5:])

    assert set(codes[:5]) == {0}
    assert (np.diff(codes[5:][order]) >= 0).all()
    assert codes.max() < forest.BINS


# Settings.


@pytest.mark.parametrize(
    ("raw", "words", "log"),
    [
        ([1e-4, 1e-3, 1e-2], (), True),
        ([16, 32, 64], (), False),
        ([True, False], ("False", "True"), False),
        (["b", "a", "b"], ("a", "b"), False),
        ([1, "auto"], ("1", "auto"), False),
        ([0.1, None], (), False),
    ],
)
def test_a_setting_is_of_numbers_or_of_words(raw, words, log):
    found = parameter("k", raw)

    assert (found.words, found.log) == (words, log)


def test_a_setting_that_says_nothing_is_none():
    assert parameter("k", [1, 1, 1]) is None
    assert parameter("k", [f"run {at}" for at in range(40)]) is None


def test_a_range_is_logarithmic_by_its_spread_and_its_middle():
    assert is_log(10 ** np.random.default_rng(0).uniform(-5, -1, 50))
    assert not is_log(np.random.default_rng(0).uniform(0.0001, 1, 50))
    assert not is_log(np.array([-1.0, 1000.0]))


# Shapes.


@pytest.mark.parametrize(
    ("curve", "word"),
    [
        (lambda x: x**2, "U-shaped"),
        (lambda x: -(x**2), "peaked"),
        (lambda x: x, "rising"),
        (lambda x: -x, "falling"),
        (lambda x: 0 * x, "flat"),
        (lambda x: np.sin(np.pi * x), "uneven"),
    ],
)
def test_shapes_have_their_word(curve, word):
    x = np.linspace(-1, 1, 400)
    y = curve(x) + 0.05 * np.random.default_rng(0).normal(size=400)

    assert shape(Parameter("x", x), y).word == word


def test_words_differ_or_do_not():
    y = np.concatenate([np.zeros(20), np.ones(20)]) + 0.01 * np.random.default_rng(0).normal(size=40)

    assert shape(Parameter("opt", np.repeat([0.0, 1.0], 20), ("a", "b")), y).word == "differs"
    assert shape(Parameter("opt", np.tile([0.0, 1.0], 20), ("a", "b")), y).word == "flat"


def test_the_best_level_is_where_the_result_is():
    x = np.linspace(0, 10, 200)
    found = shape(Parameter("x", x), (x - 7) ** 2)
    best = found.best()

    assert best.first <= 7 <= best.last
    assert found.best(high=True).first == 0


def test_the_interval_of_a_median_covers_as_promised():
    rng = np.random.default_rng(0)
    held = [low <= 0 <= high for low, high in (median_interval(rng.normal(size=25)) for _ in range(2000))]

    assert 0.94 <= np.mean(held) <= 0.99


def test_bins_hold_about_equally_many():
    counts = np.bincount(binned(np.random.default_rng(0).normal(size=400)))

    assert len(counts) == 8
    assert counts.min() >= 45


# Pairs.


def test_a_pure_interaction_is_found_and_a_sum_is_none():
    x = uniform(300, 3, seed=1)
    noise = 0.1 * np.random.default_rng(2).normal(size=300)
    product, together = x[0] * x[1] + noise, x[0] + x[1] + noise
    found = interactions(of(x), normal_scores(product), product)

    assert [(one.a, one.b) for one in found if one.named] == [("x0", "x1")]
    assert found[0].share > 0.4
    assert sum(map(sum, found[0].counts)) == 300
    assert not any(one.named for one in interactions(of(x), normal_scores(together), together))


def test_the_p_of_a_pair_is_that_of_the_two_way_table():
    # By hand: a balanced 2 x 2 table, the F of its interaction with 1 and n - 4 degrees of freedom.
    a, b = np.tile([0.0, 1.0], 20), np.repeat([0.0, 1.0], 20)
    y = np.random.default_rng(3).normal(size=40) + 0.8 * a * b
    cells = [[y[(a == i) & (b == j)] for j in (0, 1)] for i in (0, 1)]
    contrast = sum((1 if i == j else -1) * cells[i][j].mean() for i in (0, 1) for j in (0, 1))
    within = sum(((one - one.mean()) ** 2).sum() for row in cells for one in row) / 36
    expected = oracle.f.sf(contrast**2 / (4 * within / 10), 1, 36)

    assert interactions([Parameter("a", a), Parameter("b", b)], y, y)[0].p == pytest.approx(expected)
