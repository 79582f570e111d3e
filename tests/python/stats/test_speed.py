"""Speed: warm-up, typical and effective ratios, and when there is no test."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs.stats.bins import block_medians
from fastlogs.stats.speed import speed, warm_up
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from series import wandering


def _times(seed: int, n: int = 1000, *, rho: float = 0.5, stalls: float = 0.01) -> np.ndarray:
    rng = np.random.default_rng(seed)
    times = 0.7 * np.exp(0.02 * wandering(rng, n, rho))
    return np.where(rng.random(n) < stalls, times * (2 + rng.exponential(3, n)), times)


def _warming(times: np.ndarray, steps: int) -> np.ndarray:
    slow = np.where(np.arange(len(times)) < steps, 3.0, 1.0)
    return times * slow


@pytest.mark.parametrize("steps", [20, 57, 120])
def test_warm_up_is_found_to_a_block(steps: int) -> None:
    assert 0 <= warm_up(_warming(_times(1), steps)) - steps <= 10


def test_warm_up_has_its_bounds() -> None:
    steady, climbing = _times(2), np.exp(np.arange(1000.0) / 100)

    assert warm_up(steady) == 5
    assert warm_up(steady[:30]) == 5
    assert warm_up(steady[:8]) == 2
    assert warm_up(climbing) <= 500
    assert warm_up(np.empty(0)) == 0


def test_typical_is_welch_on_block_medians() -> None:
    a, b = _times(3), _times(4) / 1.01
    found = speed(a, b, skip=0)
    medians = [block_medians(np.log(t), 16) for t in (a, b)]
    welch = stats.ttest_ind(*medians, equal_var=False)
    low, high = welch.confidence_interval(0.95)

    assert found.n_eff >= 48, "enough for sixteen blocks"
    assert found.typical.p == pytest.approx(welch.pvalue)
    assert (found.typical.low, found.typical.high) == pytest.approx((np.exp(low), np.exp(high)))
    assert found.typical.ratio == np.median(a) / np.median(b)


def test_block_medians_leave_the_first_points_over() -> None:
    y = np.random.default_rng(5).normal(size=103)
    expected = [np.median(y[3 + 10 * i : 13 + 10 * i]) for i in range(10)]

    assert block_medians(y, 10).tolist() == expected


def test_equal_speeds_are_called_different_no_more_often_than_said() -> None:
    found = [speed(_times(2 * s), _times(2 * s + 1)) for s in range(200)]
    most = 200 * 0.08 + 3 * np.sqrt(200 * 0.08 * 0.92)

    assert sum(f.typical.verdict in ("faster", "slower") for f in found) <= most
    assert sum(f.effective.verdict in ("faster", "slower") for f in found) <= most


def test_one_per_cent_is_found_and_its_size_right() -> None:
    found = [speed(_times(2 * s), _times(2 * s + 1) / 1.01) for s in range(60)]

    assert sum(f.typical.verdict == "faster" for f in found) >= 57
    assert np.median([f.typical.ratio for f in found]) == pytest.approx(1.01, abs=0.002)
    assert sum(f.typical.low <= 1.01 <= f.typical.high for f in found) >= 54


def test_warm_up_in_one_arm_does_not_count() -> None:
    found = [speed(_times(2 * s), _warming(_times(2 * s + 1), 120)) for s in range(40)]

    assert np.median([f.typical.ratio for f in found]) == pytest.approx(1, abs=0.003)
    assert np.median([f.effective.ratio for f in found]) == pytest.approx(1, abs=0.01)


def test_a_given_warm_up_is_taken() -> None:
    assert speed(_times(1), _times(2), skip=15).skipped == (15, 15)


def test_stalls_count_in_the_mean_alone() -> None:
    a, b = _times(6, stalls=0), _times(7, stalls=0)
    b[10::50] *= 10
    found = speed(a, b, skip=0)

    assert found.stalls[0].count == 0
    assert found.stalls[1].count == 20
    assert found.stalls[1].share == pytest.approx(b[10::50].sum() / b.sum())
    assert found.typical.ratio == pytest.approx(1, abs=0.01)
    assert found.effective.ratio == pytest.approx(a.mean() / b.mean())
    assert found.effective.verdict == "slower"


def test_pace_is_numpys() -> None:
    a = _times(8)
    pace = speed(a, a, skip=0).baseline

    assert (pace.steps, pace.mean, pace.median) == (1000, a.mean(), np.median(a))
    assert (pace.sd, pace.p95) == pytest.approx((a.std(ddof=1), np.quantile(a, 0.95)))
    assert pace.center == pytest.approx(np.median(a), rel=0.01)


def test_swapping_the_arms_inverts() -> None:
    one, other = speed(_times(9), _times(10)), speed(_times(10), _times(9))

    assert one.typical.p == pytest.approx(other.typical.p)
    assert one.typical.ratio == pytest.approx(1 / other.typical.ratio)
    assert one.effective.low == pytest.approx(1 / other.effective.high)


def test_what_cannot_be_told_is_not_told() -> None:
    short, slow = speed(_times(1, 40), _times(2, 40)), np.exp(np.cumsum(_times(3) - 0.7) / 30)

    assert (short.typical.verdict, short.typical.p) == ("not_enough_evidence", None)
    assert short.reason == "35 step times after warm-up, 50 are needed"
    assert speed(np.empty(0), np.empty(0)).typical.ratio is None
    assert "independent blocks of step times, 10 are needed" in (speed(slow, slow).reason or "")


def test_times_that_are_none_are_left_out() -> None:
    a, b = _times(1), _times(2)
    holes = b.copy()
    holes[[3, 500, 600]] = np.nan, 0, -1

    assert speed(a, holes).skipped[1] <= 20
    assert speed(a, holes).candidate.steps + speed(a, holes).skipped[1] == 997


def test_steps_that_all_take_the_same() -> None:
    one, two = np.full(200, 1.0), np.full(200, 2.0)

    assert speed(one, one).typical.p == 1
    assert speed(two, one).typical.verdict == "faster"


@settings(deadline=None, max_examples=50)
@given(arrays(np.float64, st.integers(0, 200)), arrays(np.float64, st.integers(0, 200)))
def test_anything_can_be_timed(a: np.ndarray, b: np.ndarray) -> None:
    with np.errstate(all="ignore"):
        found = speed(a, b)

    assert (found.typical.p is None) == (found.reason is not None)
