"""Anomalies: every detector keeps its word, and the spike rule finds spikes and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs.stats.anomalies import DETECTORS, Detector, blips, find
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import median_filter
from series import falling, steps, wandering

ROLES = ["loss", "grad_norm", "throughput", "step_time", "time", "any"]
N = 3000


@pytest.mark.parametrize("one", DETECTORS, ids=lambda d: f"{d.kind}-{'-'.join(d.roles)}")
def test_every_detector_fires_and_is_quiet(one: Detector) -> None:
    role = one.roles[0]
    fired, quiet = (find(*series(), role) for series in (one.fires, one.quiet))

    assert one.kind in {a.kind for a in fired}
    assert one.kind not in {a.kind for a in quiet}


def _loss(seed: int, *, rho: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    x = steps(N)
    return x, falling(x) + 0.05 * wandering(np.random.default_rng(seed), N, rho)


def _at(seed: int, role: str = "loss", **spike: float) -> list[float]:
    x, y = _loss(seed)
    if spike:
        since = x - spike["at"]
        y = y + np.where(since >= 0, spike["height"] * np.exp(-np.clip(since, 0, None) / spike["fade"]), 0)
    return [a.first for a in find(x, y, role) if a.kind == "loss_spike"]


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_clean_losses_have_no_spikes(rho: float) -> None:
    false = sum(len(find(*_loss(seed, rho=rho), "loss")) for seed in range(30))

    # One in 10,000 steps is allowed; these are 90,000.
    assert false <= 9


def test_spikes_are_found_where_they_are() -> None:
    found = [_at(seed, at=1500, height=0.75, fade=10) for seed in range(30)]

    assert sum(any(abs(first - 1500) <= 3 for first in f) for f in found) >= 27
    assert sum(len(f) for f in found) <= 33


def test_a_spike_says_how_high_and_how_long() -> None:
    x, y = _loss(1)
    y[1000:1020] += 2.0
    (spike,) = [a for a in find(x, y, "loss") if a.kind == "loss_spike"]

    assert (spike.first, spike.last, spike.recovered) == (1001, 1020, 20)
    assert spike.value == y[1000:1020].max()
    assert spike.severity == pytest.approx(40, rel=0.25)


def test_a_spike_at_the_end_has_not_recovered() -> None:
    x, y = _loss(2)
    y[-10:] += 2.0
    spike = find(x, y, "loss")[-1]

    assert (spike.kind, spike.last, spike.recovered) == ("loss_spike", N, None)
    assert spike.note == "not back by the end"


def test_near_spikes_are_one_event() -> None:
    x, y = _loss(3)
    y[1000:1006] += 2.0
    y[1015:1021] += 2.0
    y[1500:1506] += 2.0

    assert [a.first for a in find(x, y, "loss")] == [1001, 1501]


def test_a_lone_point_is_a_blip() -> None:
    x, y = _loss(4)
    before = blips(y)
    y[1000] += 2.0

    assert blips(y) == before + 1
    assert find(x, y, "loss") == ()


def test_the_rule_is_the_rule() -> None:
    """The definition, said plainly with scipy's median filter."""
    rng = np.random.default_rng(5)
    x, y = _loss(5, rho=0.5)
    for at in rng.choice(N - 200, 12, replace=False):
        y[at : at + 40] += rng.uniform(0.1, 1) * np.exp(-np.arange(40) / rng.uniform(1, 20))
    off = y - median_filter(y, 51, mode="reflect")
    local = median_filter(np.abs(off), 401, mode="reflect")
    z = off / (1.4826 * np.maximum(local, np.median(np.abs(off)) / 4))
    places = [i for i in range(51, N) if z[i] > 5 and (z[i + 1 : i + 6] > 2.5).sum() >= 3]
    firsts = [p for i, p in enumerate(places) if i == 0 or p - places[i - 1] > 20]

    assert len(firsts) > 3
    assert [a.first for a in find(x, y, "loss") if a.kind == "loss_spike"] == x[firsts].tolist()


def test_values_that_are_not_finite_are_told_step_by_step() -> None:
    x, y = _loss(6)
    y[[10, 11, 500]], y[900] = np.nan, np.inf
    found = find(x, y, "loss")

    assert [(a.kind, a.first, a.last) for a in found] == [("nan", 11, 12), ("nan", 501, 501), ("inf", 901, 901)]
    assert [a.recovered for a in found] == [2, 1, 1]
    assert all(a.value is None for a in found)


def test_a_run_that_ends_in_nan_did_not_recover() -> None:
    x, y = _loss(7)
    y[2000:] = np.nan

    assert [(a.kind, a.first, a.last, a.recovered) for a in find(x, y, "loss")] == [("nan", 2001, 3000, None)]


def test_a_loss_that_never_moves_is_dead() -> None:
    x, y = _loss(8)
    (dead,) = [a for a in find(x, 10.8 + 0 * y + 1e-3 * np.sin(x), "loss") if a.kind == "dead"]

    assert dead.note == "never left its first level"


def test_a_slow_down_is_placed_and_sized() -> None:
    rng, x = np.random.default_rng(9), steps(N)
    times = np.exp(0.02 * wandering(rng, N, 0.5)) * np.where(x > 2000, 1.2, 1)
    (drop,) = find(x, times, "step_time")
    (rate,) = find(x, 1 / times, "throughput")

    assert drop.first == pytest.approx(2000, abs=60)
    assert drop.severity == pytest.approx(1.2, rel=0.02)
    assert drop.value == pytest.approx(1.2, rel=0.02)
    assert (rate.first, rate.value) == (drop.first, pytest.approx(1 / 1.2, rel=0.02))


def test_four_per_cent_is_no_drop() -> None:
    rng, x = np.random.default_rng(10), steps(N)

    assert find(x, np.exp(0.01 * wandering(rng, N)) * np.where(x > 2000, 1.04, 1), "step_time") == ()


@settings(deadline=None, max_examples=60)
@given(arrays(np.float64, st.integers(0, 150)), st.integers(1, 4), st.sampled_from(ROLES))
def test_anything_can_be_looked_at(values: np.ndarray, times: int, role: str) -> None:
    y = np.tile(values, times)
    with np.errstate(all="ignore"):
        found = find(np.arange(float(len(y))), y, role)

    assert all(a.first <= a.last for a in found)
    assert sum(a.last - a.first + 1 for a in found if a.kind == "nan") == np.isnan(y).sum()
