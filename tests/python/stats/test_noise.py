"""Noise: against numpy's plain forms and against noise of known spread."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs.stats.noise import lag1, long_run_variance, noise_sd, profile, scales
from scipy.fft import dct
from series import wandering


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_lag1_is_the_correlation_of_neighbours(rho: float) -> None:
    y = wandering(np.random.default_rng(1), 4000, rho)

    assert lag1(y) == pytest.approx(np.corrcoef(y[1:], y[:-1])[0, 1], abs=0.005)


def test_lag1_sees_no_trend() -> None:
    y = wandering(np.random.default_rng(2), 500)

    assert lag1(y + np.arange(500.0)) == pytest.approx(lag1(y), abs=1e-9)


def test_lag1_of_what_does_not_vary_is_nothing() -> None:
    assert lag1(np.full(20, 3.0)) == 0
    assert lag1(np.array([1.0, 2.0])) == 0


def test_long_run_variance_is_the_mean_square_of_cosines_less_the_line() -> None:
    bins = wandering(np.random.default_rng(3), 64, 0.3)
    found = long_run_variance(bins)
    waves = dct(bins, norm="ortho")[1 : found.df + 2]
    ramp = dct(np.arange(64.0), norm="ortho")[1 : found.df + 2]
    left = waves - ramp * (ramp @ waves) / (ramp @ ramp)

    assert found.variance == pytest.approx(left @ left / found.df)


def test_long_run_variance_sees_no_line() -> None:
    bins = wandering(np.random.default_rng(4), 64)

    assert long_run_variance(bins + np.arange(64.0)).variance == pytest.approx(long_run_variance(bins).variance)


@pytest.mark.parametrize("rho", [0.0, 0.4])
def test_long_run_variance_is_right_on_average(rho: float) -> None:
    rng = np.random.default_rng(5)
    found = [long_run_variance(wandering(rng, 64, rho)).variance for _ in range(400)]

    assert np.mean(found) == pytest.approx((1 + rho) / (1 - rho), rel=0.2)


def test_more_correlation_leaves_fewer_blocks_and_cosines() -> None:
    rng = np.random.default_rng(6)
    found = [long_run_variance(wandering(rng, 64, rho)) for rho in (0.0, 0.5, 0.9)]

    assert [v.n_eff for v in found] == sorted((v.n_eff for v in found), reverse=True)
    assert all(6 <= v.df <= 24 for v in found)


def test_profile_follows_noise_that_falls() -> None:
    noise = wandering(np.random.default_rng(7), 3200)
    falling = noise * np.exp(-1.0 * np.linspace(-0.5, 0.5, 3200))

    assert profile(falling) == pytest.approx(-1.0, abs=0.1)
    assert profile(noise) == 0
    assert profile(noise * np.exp(np.linspace(0, 5, 3200))) == 1.5
    assert scales(0.0, 4).tolist() == [1, 1, 1, 1]


def test_noise_sd_is_the_spread_of_white_noise() -> None:
    noise = 0.3 * wandering(np.random.default_rng(8), 20_000)

    assert noise_sd(noise) == pytest.approx(0.3, rel=0.03)
    assert noise_sd(noise + np.linspace(0, 50, 20_000)) == pytest.approx(0.3, rel=0.03)
    assert noise_sd(noise[:2]) is None
