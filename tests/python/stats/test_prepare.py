"""Preparation: void rows, common ranges, equal steps and equal bins."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs.stats.bins import bin_means
from fastlogs.stats.prepare import align, kept
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from series import falling, steps, wandering


@given(st.lists(st.integers(0, 30), max_size=40))
def test_a_row_is_void_when_a_later_row_is_not_above_it(logged: list[int]) -> None:
    expected = [all(later > step for later in logged[i + 1 :]) for i, step in enumerate(logged)]

    assert kept(np.array(logged, dtype=float)).tolist() == expected


def test_a_step_that_is_no_number_is_void_and_voids_nothing() -> None:
    assert kept(np.array([1.0, np.nan, 2.0])).tolist() == [True, False, True]


@given(arrays(np.float64, st.integers(1, 80), elements=st.floats(-1e6, 1e6)), st.integers(1, 90))
def test_bin_means_are_the_means_of_the_stretches(y: np.ndarray, bins: int) -> None:
    count = min(bins, len(y))
    expected = [y[i * len(y) // count : (i + 1) * len(y) // count].mean() for i in range(count)]

    assert np.allclose(bin_means(y, bins), expected, rtol=1e-9, atol=1e-6)


def test_equal_steps_are_compared_step_by_step() -> None:
    x = steps(100)
    aligned = align(x, x, x, x + 1)

    assert aligned.same
    assert aligned.x.tolist() == list(range(51, 101))
    assert (aligned.candidate - aligned.baseline == 1).all()
    assert (aligned.low, aligned.high, aligned.points) == (50.5, 100, (50, 50))


def test_a_whole_share_takes_every_common_point() -> None:
    x = steps(10)

    assert align(x, x, x, x, share=1.0).x.tolist() == x.tolist()


def test_only_the_common_range_is_compared() -> None:
    aligned = align(steps(100), steps(100), steps(60), steps(60), share=1.0)

    assert (aligned.low, aligned.high) == (1, 60)


def test_a_resume_is_stitched_before() -> None:
    x = steps(100)
    resumed = np.concatenate([x[:60], x[50:]])
    aligned = align(x, x, resumed, np.concatenate([np.full(60, 99.0), x[50:]]))

    assert aligned.same
    assert (aligned.baseline == aligned.candidate).all()


@pytest.mark.parametrize(("every_a", "every_b"), [(10, 25), (1, 10), (5, 7)])
def test_unequal_steps_keep_the_difference_through_a_steep_curve(every_a: int, every_b: int) -> None:
    a, b = steps(5000, every_a), steps(5000, every_b)
    aligned = align(a, falling(a), b, falling(b) + 0.25)

    assert not aligned.same
    assert len(aligned.x) <= min(len(a), len(b)) / 2 + 1
    # A quadratic is not quite the curve; what it leaves must be far under any step noise.
    assert np.abs(aligned.candidate - aligned.baseline - 0.25).max() < 1e-3
    assert np.abs(aligned.baseline - falling(aligned.x)).max() < 1e-3


def test_a_quadratic_trend_is_taken_out_exactly() -> None:
    a, b = steps(3000, 10), steps(3000, 7)
    curve = lambda x: 3 - x / 1000 + (x / 3000) ** 2  # noqa: E731
    aligned = align(a, curve(a), b, curve(b) + 1)

    assert np.allclose(aligned.candidate - aligned.baseline, 1, atol=1e-12)
    assert np.allclose(aligned.baseline, curve(aligned.x), atol=1e-12)


def test_a_value_that_is_not_finite_leaves_with_its_pair() -> None:
    x, y = steps(100), steps(100).copy()
    y[[70, 80]] = np.nan, np.inf
    aligned = align(x, x, x, y)

    assert aligned.same
    assert aligned.points == (50, 48)
    assert aligned.nonfinite == pytest.approx(0.04)
    assert len(aligned.x) == 48


def test_runs_that_do_not_meet_give_a_reason() -> None:
    early, late = steps(10), steps(10) + 100
    none = np.empty(0)

    assert align(early, early, late, late).reason == "the runs have no range in common"
    assert align(none, none, late, late).reason == "a run has no values"
    assert align(early, early * np.nan, early, early).reason == "the runs have no finite value in common"


@given(
    st.lists(st.tuples(st.integers(0, 50), st.floats()), max_size=60),
    st.lists(st.tuples(st.integers(0, 50), st.floats()), max_size=60),
    st.sampled_from([0.1, 0.5, 1.0]),
)
def test_anything_can_be_aligned(a: list[tuple[int, float]], b: list[tuple[int, float]], share: float) -> None:
    columns = [np.array([row[i] for row in rows], dtype=float) for rows in (a, b) for i in (0, 1)]
    with np.errstate(all="ignore"):
        aligned = align(*columns, share=share)

    assert len(aligned.x) == len(aligned.baseline) == len(aligned.candidate)
    assert (aligned.reason is None) == (len(aligned.x) > 0)
    assert 0 <= aligned.nonfinite <= 1


def test_swapping_the_arms_mirrors() -> None:
    rng = np.random.default_rng(3)
    a, b = steps(4000, 10), steps(4000, 25)
    ya, yb = falling(a) + wandering(rng, len(a)), falling(b) + wandering(rng, len(b))
    one, other = align(a, ya, b, yb), align(b, yb, a, ya)

    assert np.allclose(one.candidate - one.baseline, other.baseline - other.candidate, atol=1e-12)
