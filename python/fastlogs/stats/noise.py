"""How noisy a series is: its autocorrelation, its long-run variance, and how its noise level runs along it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fastlogs._core import numbers
from fastlogs.stats.bins import bin_means, median
from fastlogs.stats.floats import MAD_TO_SD, Floats

BINS = 64


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
    return numbers.lag1(y)


def long_run_variance(bins: Floats) -> Variance:
    """The variance that the mean of correlated bins has, times their number, from their slowest cosines.

    Equal-weighted cosine estimator with a line projected out; the more independent the bins, the more cosines. Under
    three bins, and of values that are not finite, there are no independent blocks.

    >>> alternating = np.tile([1.0, -1.0], 32)
    >>> long_run_variance(alternating).df
    19
    """
    return Variance(*numbers.long_run(bins))


def profile(d: Floats) -> float:
    """Slope of the log noise level along a series (per whole length), 0 when it hardly changes.

    >>> rng = np.random.default_rng(1)
    >>> profile(rng.normal(size=1000))
    0.0
    """
    steps = bin_means(np.abs(np.diff(d)), BINS // 2)
    # One quiet bin must not bend the line: no bin counts as under a twentieth of the usual.
    steps = np.maximum(steps, 0.05 * median(steps)) + 1e-300
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
    return MAD_TO_SD * median(np.abs(np.diff(y))) / math.sqrt(2)
