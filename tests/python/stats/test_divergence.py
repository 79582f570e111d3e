"""Divergence: its critical values, false detections, where the onset is put, and when it refuses."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from fastlogs.stats.divergence import LIMITS, Divergence, divergence, scan
from hypothesis import given, settings
from hypothesis import strategies as st
from series import steps, wandering

N = 4000


def _apart(
    seed: int, *, rho: float = 0.0, onset: int | None = None, size: float = 0.0, ramp: bool = False
) -> Divergence:
    rng, x = np.random.default_rng(seed), steps(N)
    a, b = wandering(rng, N, rho), wandering(rng, N, rho)
    if onset is not None:
        se = np.sqrt(2 * (1 + rho) / (1 - rho) / (N - onset))
        since = np.clip((x - onset) / (N - onset), 0, 1)
        b = b + size * se * (2 * since if ramp else (x >= onset))
    return divergence(x, a, b)


def _generator():
    path = Path(__file__).parents[3] / "benches" / "scan_limits.py"
    spec = importlib.util.spec_from_file_location("scan_limits", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("bins", "least", "df"), _generator().CASES)
def test_the_limits_are_those_that_chance_draws(bins: int, least: int, df: int) -> None:
    suffix, stretch = _generator().limits(bins, least, df, draws=20_000, seed=9)

    assert LIMITS[bins][0] == least
    # 20,000 draws put a 95 % point within about 1 %; three of that.
    assert LIMITS[bins][1:] == pytest.approx((suffix, stretch), rel=0.03)


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_equal_runs_part_no_more_often_than_said(rho: float) -> None:
    alarms = sum(_apart(seed, rho=rho).verdict == "diverged" for seed in range(200))

    assert alarms <= 200 * 0.07 + 3 * np.sqrt(200 * 0.07 * 0.93)


@pytest.mark.parametrize("ramp", [False, True])
@pytest.mark.parametrize("onset", [800, 2000, 3000])
def test_a_clear_onset_is_found_where_it_is(onset: int, ramp: bool) -> None:
    found = [_apart(seed, rho=0.5, onset=onset, size=8, ramp=ramp) for seed in range(40)]
    there = [f for f in found if f.verdict == "diverged"]
    covering = sum(f.interval[0] <= onset <= f.interval[1] for f in there)

    assert len(there) >= 37
    assert covering >= 34
    assert np.median([abs(f.onset - onset) for f in there]) <= N * (0.12 if ramp else 0.05)


def test_runs_equal_to_the_bit_before_they_part() -> None:
    rng, x = np.random.default_rng(1), steps(N)
    a = wandering(rng, N)
    late = np.where(x >= 3700, wandering(rng, N) + 3, 0.0)
    found = divergence(x, a, a + late)

    assert (found.verdict, found.first_difference) == ("diverged", 3700)
    assert found.interval[0] <= 3700 <= found.interval[1]


def test_a_parting_from_the_first_step_is_said_to_be() -> None:
    assert _apart(2, onset=0, size=12).from_the_start
    assert not _apart(2, onset=2000, size=12).from_the_start


def test_a_gap_that_closes_is_an_excursion() -> None:
    rng, x = np.random.default_rng(3), steps(N)
    gap = 0.35 * ((x > 1000) & (x <= 1500))
    found = divergence(x, wandering(rng, N), wandering(rng, N) + gap)

    assert found.verdict == "no_divergence_found"
    assert found.excursion == pytest.approx((1001, 1500), abs=130)
    assert _apart(3).excursion is None


def test_the_first_difference_is_the_first() -> None:
    x = steps(N)
    y = wandering(np.random.default_rng(4), N)
    other = y.copy()
    other[1234] = np.nextafter(y[1234], 9)

    assert divergence(x, y, other).first_difference == x[1234]
    assert divergence(x, y, y.copy()).verdict == "identical"
    assert divergence(x[:3], y[:3], y[:3]).verdict == "identical"


def test_holes_at_the_same_steps_are_the_same() -> None:
    x = steps(N)
    y = wandering(np.random.default_rng(5), N)
    y[[5, 9]] = np.nan, np.inf

    assert divergence(x, y, y.copy()).verdict == "identical"


@pytest.mark.parametrize("seed", range(5))
def test_swapping_the_arms_changes_nothing(seed: int) -> None:
    rng, x = np.random.default_rng(seed), steps(N)
    a, b = wandering(rng, N), wandering(rng, N) + 0.3 * (x > 1500)

    assert divergence(x, a, b) == divergence(x, b, a)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_the_unit_does_not_matter(scale: float) -> None:
    rng, x = np.random.default_rng(6), steps(N)
    a, b = wandering(rng, N), wandering(rng, N) + 0.3 * (x > 1500)

    assert divergence(x, a * scale, b * scale) == divergence(x, a, b)


def test_an_offset_without_noise() -> None:
    x = steps(N)
    found = divergence(x, 0 * x, 0 * x + 2)

    assert (found.verdict, found.from_the_start, found.first_difference) == ("diverged", True, 1)


def _refusals() -> list[tuple[Divergence, str]]:
    x, y = steps(N), wandering(np.random.default_rng(7), N)
    slow = np.cumsum(y)
    holes = np.where(x % 20 == 0, np.nan, y)
    return [
        (divergence(x, 0 * y, y, same=False), "did not log the same steps"),
        (divergence(x, 0 * y, y[1:]), "did not log the same steps"),
        (divergence(x[:0], y[:0], y[:0]), "no range in common"),
        (divergence(x[:200], 0 * y[:200], y[:200]), "200 common points, 256 are needed"),
        (divergence(x, 0 * y, slow), "wanders too slowly"),
        (divergence(x, 0 * y, holes), "5.0% of the values are not finite"),
    ]


@pytest.mark.parametrize(("found", "reason"), _refusals())
def test_what_cannot_be_told_is_not_told(found: Divergence, reason: str) -> None:
    assert found.verdict == "not_enough_evidence"
    assert reason in (found.reason or "")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=40), st.integers(1, 20))
def test_anything_can_be_scanned(rows: list[tuple[float, float]], times: int) -> None:
    values = np.tile(np.array(rows).reshape(-1, 2), (times, 1))
    with np.errstate(all="ignore"):
        found = divergence(np.arange(float(len(values))), values[:, 0], values[:, 1])

    assert (found.verdict == "diverged") == (found.onset is not None) == (found.interval is not None)


def test_correlated_bins_are_made_longer() -> None:
    rng = np.random.default_rng(8)

    assert scan(wandering(rng, N)).bins == 64
    assert scan(wandering(rng, N, 0.99)).bins < 64
