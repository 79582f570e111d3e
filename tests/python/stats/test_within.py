"""The run-level test: false alarms, power, laws, and when it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs.stats.prepare import Aligned, align
from fastlogs.stats.within import Within, within
from hypothesis import given, settings
from hypothesis import strategies as st
from series import falling, steps, wandering

N = 2000


def _pair(seed: int, *, rho: float = 0.5, effect: float = 0.0, n: int = N) -> Aligned:
    rng, x = np.random.default_rng(seed), steps(n)
    a, b = (falling(x) + 0.05 * wandering(rng, n, rho) for _ in range(2))
    return align(x, a, x, b + effect)


def _swapped(aligned: Aligned) -> Aligned:
    a = aligned
    return Aligned(a.x, a.candidate, a.baseline, a.same, a.low, a.high, a.points, a.nonfinite, a.noise_sd)


@pytest.mark.parametrize("rho", [0.0, 0.9])
def test_equal_runs_are_called_different_no_more_often_than_said(rho: float) -> None:
    alarms = sum((within(_pair(seed, rho=rho)).p or 1.0) < 0.05 for seed in range(300))

    # 5 % of 300, and three standard errors above.
    assert alarms <= 15 + 3 * np.sqrt(300 * 0.05 * 0.95)


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_a_difference_of_four_standard_errors_is_found(rho: float) -> None:
    effect = 4 * 0.05 * np.sqrt(2 * (1 + rho) / (1 - rho) / (0.1 * N))
    tested = [within(_pair(seed, rho=rho, effect=effect)) for seed in range(100)]
    covering = sum(low <= effect <= high for low, high in filter(None, (t.interval() for t in tested)))

    assert sum((t.p or 1.0) < 0.05 for t in tested) >= 85
    assert covering >= 88


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_swapping_the_arms_mirrors(seed: int) -> None:
    aligned = _pair(seed, effect=0.02)
    one, other = within(aligned), within(_swapped(aligned))

    assert one.difference == -other.difference
    assert (one.p, one.se, one.n_eff) == (other.p, other.se, other.n_eff)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([1e-6, 0.5, 1e6]), st.floats(-100, 100))
def test_the_unit_changes_only_the_unit(seed: int, scale: float, shift: float) -> None:
    a = _pair(seed, effect=0.02)
    moved = align(a.x, a.baseline * scale + shift * scale, a.x, a.candidate * scale + shift * scale, share=1.0)
    one, other = within(align(a.x, a.baseline, a.x, a.candidate, share=1.0)), within(moved)

    assert other.difference == pytest.approx(one.difference * scale, rel=1e-6)
    assert other.p == pytest.approx(one.p, rel=1e-5)
    assert other.effect == pytest.approx(one.effect, rel=1e-6)


def test_the_window_is_the_last_tenth_of_the_run() -> None:
    tested = within(_pair(0))

    assert (tested.window_points, tested.window_low, tested.window_high) == (200, 1801, 2000)
    assert tested.difference == pytest.approx(tested.candidate - tested.baseline)


def test_noise_that_falls_is_met_at_the_window() -> None:
    rng, x = np.random.default_rng(1), steps(N)
    sd = 0.05 * np.exp(-2.2 * x / N)
    alarms, answered = 0, 0
    for _ in range(200):
        a, b = (falling(x) + sd * wandering(rng, N, 0.5) for _ in range(2))
        tested = within(align(x, a, x, b))
        answered += tested.p is not None
        alarms += (tested.p or 1.0) < 0.05

    assert answered >= 190
    assert alarms <= 10 + 3 * np.sqrt(200 * 0.05 * 0.95)


def test_shared_data_order_is_seen_and_used() -> None:
    rng, x = np.random.default_rng(2), steps(N)
    shared = 0.05 * wandering(rng, N)
    a, b = (falling(x) + shared + 0.005 * wandering(rng, N) for _ in range(2))
    tested = within(align(x, a, x, b + 0.003))

    assert tested.shared == pytest.approx(0.99, abs=0.01)
    assert tested.p < 0.01


def test_unequal_steps_are_tested_on_bins_and_shown_as_values() -> None:
    rng = np.random.default_rng(3)
    a, b = steps(20_000, 10), steps(20_000, 25)
    ya, yb = falling(a) + 0.05 * wandering(rng, len(a)), falling(b) + 0.05 * wandering(rng, len(b)) + 0.05
    tested = within(align(a, ya, b, yb))

    assert tested.shared is None
    assert tested.baseline == pytest.approx(ya[-200:].mean(), abs=0.01)
    assert tested.candidate - tested.baseline == pytest.approx(tested.difference)
    assert tested.p < 0.001
    assert tested.noise_sd == pytest.approx(0.05, rel=0.1)


def test_an_equal_start_says_nothing_about_noise() -> None:
    aligned = _pair(4)
    half = len(aligned.x) // 2
    joined = np.concatenate([aligned.baseline[:half], aligned.candidate[half:]])
    tested = within(align(aligned.x, aligned.baseline, aligned.x, joined, share=1.0))
    cut = align(aligned.x[half:], aligned.baseline[half:], aligned.x[half:], joined[half:], share=1.0)

    assert tested.n_eff == within(cut).n_eff


def test_sensitivity_repeats_the_test_with_other_choices() -> None:
    tested = within(_pair(5, effect=0.05))

    assert [s.name for s in tested.sensitivity] == ["last 5 %", "last 20 %", "outliers drawn in"]
    assert all(s.low < s.difference < s.high for s in tested.sensitivity)
    assert within(_pair(5, effect=0.05), window=0.1).p == pytest.approx(tested.sensitivity[0].p)


def test_one_huge_value_is_drawn_in() -> None:
    a = _pair(6)
    wild = a.candidate.copy()
    wild[-5] += 1000
    tested = within(align(a.x, a.baseline, a.x, wild, share=1.0))

    assert tested.difference > 1
    assert abs(tested.sensitivity[-1].difference) < 0.1


def _refusals() -> list[tuple[Within, str]]:
    x = steps(4000)
    slow = np.cumsum(np.random.default_rng(7).normal(size=4000))
    holes = np.where(x % 20 == 0, np.nan, slow)
    return [
        (within(align(x, slow * 0, x, slow)), "independent blocks, 10 are needed"),
        (within(align(x, slow, x, slow)), "the runs are equal, value for value"),
        (within(align(x[:60], slow[:60], x[:60], 2 * slow[:60])), "30 common points in the range, 50 are needed"),
        (within(align(x, slow, x, holes)), "5.0% of the values are not finite"),
        (within(align(x, slow, x + 9999, slow)), "no range in common"),
    ]


@pytest.mark.parametrize(("tested", "reason"), _refusals())
def test_what_cannot_be_told_is_not_told(tested: Within, reason: str) -> None:
    assert reason in (tested.reason or "")
    assert tested.p is tested.se is tested.interval() is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300)), min_size=1, max_size=150))
def test_anything_can_be_tested(rows: list[tuple[float, float]]) -> None:
    x, values = np.arange(float(len(rows))), np.array(rows)
    with np.errstate(all="ignore"):
        tested = within(align(x, values[:, 0], x, values[:, 1], share=1.0))

    assert (tested.p is None) == (tested.reason is not None)
