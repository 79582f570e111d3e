"""How noisy a series is: its autocorrelation, its long-run variance, and how its noise level runs along it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from fastlogs.stats.bins import bin_means
from fastlogs.stats.floats import MAD_TO_SD, Floats

BINS = 64

_COSINES_PER_BLOCK = 0.30
_LEAST_COSINES, _MOST_COSINES = 6, 24


@dataclass(frozen=True, slots=True)
class Variance:
    """Long-run variance of one bin; `n_eff` is how many independent blocks the bins are worth."""

    variance: float
    df: int
    n_eff: float
    rho: float


def lag1(y: Floats) -> float:
    """Lag-1 autocorrelation about the line that fits best, corrected for what fitting it takes away.

    >>> round(lag1(np.array([1.0, -1.0] * 50)), 2)
    -1.01
    """
    if len(y) < 3:
        return 0.0
    r = _detrended(y)
    total = float(r @ r)
    rho = float(r[1:] @ r[:-1]) / total if total > 0 else 0.0
    return min(rho + (2 + 4 * rho) / len(y), 0.9995) if total > 0 else 0.0


def _detrended(y: Floats) -> Floats:
    u = np.arange(len(y)) - (len(y) - 1) / 2
    centered = y - y.mean()
    flat: Floats = centered - u * ((u @ centered) / (u @ u))
    return flat


def long_run_variance(bins: Floats) -> Variance:
    """The variance that the mean of correlated bins has, times their number, from their slowest cosines.

    Equal-weighted cosine estimator with a line projected out; the more independent the bins, the more cosines.

    >>> alternating = np.tile([1.0, -1.0], 32)
    >>> long_run_variance(alternating).df
    19
    """
    n = len(bins)
    if n < 3:
        return Variance(1e-300, 1, float(n), 0.0)
    rho = lag1(bins)
    kept = min(max(rho, 0.0), 0.98)
    n_eff = n * (1 - kept) / (1 + kept)
    count = min(max(int(_COSINES_PER_BLOCK * n_eff), _LEAST_COSINES), _MOST_COSINES, n // 2)
    cosines, ramp = _basis(n, count + 1)
    waves = cosines @ bins
    left = float(waves @ waves) - float(waves @ ramp) ** 2 / float(ramp @ ramp)
    return Variance(max(left / count, 1e-300), count, n_eff, rho)


@cache
def _basis(n: int, count: int) -> tuple[Floats, Floats]:
    """The first type-II cosines, orthonormal, and what a line is in them."""
    angle = np.pi / n * np.outer(np.arange(1, count + 1), np.arange(n) + 0.5)
    cosines = np.cos(angle) * math.sqrt(2 / n)
    return cosines, cosines @ (np.arange(n) - (n - 1) / 2)


def profile(d: Floats) -> float:
    """Slope of the log noise level along a series (per whole length), 0 when it hardly changes.

    >>> rng = np.random.default_rng(1)
    >>> profile(rng.normal(size=1000))
    0.0
    """
    steps = bin_means(np.abs(np.diff(d)), BINS // 2)
    # One quiet bin must not bend the line: no bin counts as under a twentieth of the usual.
    steps = np.maximum(steps, 0.05 * np.median(steps)) + 1e-300
    u = _places(len(steps))
    slope = float(u @ np.log(steps)) / float(u @ u)
    return 0.0 if abs(slope) < math.log(1.3) else min(max(slope, -1.5), 1.5)


def scales(slope: float, count: int) -> Floats:
    """The noise level in each of `count` bins, 1 in the middle."""
    return np.exp(slope * _places(count))


def _places(count: int) -> Floats:
    return (np.arange(count) + 0.5) / count - 0.5


def noise_sd(y: Floats) -> float | None:
    """Standard deviation of the step-to-step noise, by the median first difference; None under three values.

    >>> round(noise_sd(np.array([0.0, 1.0, 0.0, 1.0])), 2)
    1.05
    """
    if len(y) < 3:
        return None
    return MAD_TO_SD * float(np.median(np.abs(np.diff(y)))) / math.sqrt(2)
