"""How noisy a trace is, and how much of its noise is independent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BINS = 64
# Below these there is no test (STATS 1.2).
LEAST_POINTS = 50
LEAST_BLOCKS = 10.0
_MAD = 1.4826


@dataclass(frozen=True, slots=True)
class Variance:
    """The long-run variance of bin means; that of their mean is `variance` / bins."""

    variance: float
    df: float
    n_eff: float
    rho: float


def bin_means(y: Floats, bins: int = BINS) -> Floats:
    """The means of equal stretches of `y`, in order; as many as there are values when those are fewer."""
    k = min(bins, len(y))
    if not k:
        return y
    edges = np.arange(k) * len(y) // k
    means: Floats = np.add.reduceat(y, edges) / np.diff(edges, append=len(y))
    return means


def detrended(y: Floats) -> Floats:
    """The residuals of a straight line."""
    if len(y) < 2:
        return y - y
    u = np.linspace(-1.0, 1.0, len(y))
    level = y - y.mean()
    rest: Floats = level - u * (u @ level / (u @ u))
    return rest


def lag1(y: Floats) -> float:
    """The correlation of each value with the next, once a straight line is taken out; 0 for a constant.

    >>> lag1(np.array([1.0, 1.0, 1.0]))
    0.0
    """
    size = float(np.abs(y).max(initial=0.0))
    e = detrended(y / size) if size else y
    power = float(e @ e)
    # What is left of an exact line is rounding, not noise.
    return float(e[:-1] @ e[1:]) / power if power > len(y) * 1e-28 else 0.0


def noise_sd(y: Floats) -> float | None:
    """The sd of the step-to-step noise, from first differences, which a slow trend hardly touches."""
    return _MAD * float(np.median(np.abs(np.diff(y)))) / math.sqrt(2.0) if len(y) > 1 else None


def blocks(rho: float, n: int) -> tuple[float, float]:
    """How many independent blocks n values hold, and their correlation corrected for the bias of short series."""
    rho = rho + (2.0 + 4.0 * rho) / n
    kept = min(max(rho, 0.0), 0.999)
    return n * (1.0 - kept) / (1.0 + kept), rho


def long_run_variance(bins: Floats) -> Variance:
    """The variance from the lowest cosines of the bins, a straight line taken out (Lazarus et al. 2018)."""
    n_eff, rho = blocks(lag1(bins), len(bins))
    b = int(min(max(math.floor(0.30 * n_eff), 6), 24, len(bins) - 2))
    if b < 1:
        return Variance(0.0, 0.0, n_eff, rho)
    cosines, ramp = _cosines(len(bins), b + 1)
    a = cosines @ (bins - bins.mean())
    a = a - ramp * (ramp @ a) / (ramp @ ramp)
    return Variance(float(a @ a) / b, float(b), n_eff, rho)


@cache
def _cosines(n: int, count: int) -> tuple[Floats, Floats]:
    """The first type-II cosines over n points, a row each, and what a ramp has of each."""
    at = (np.arange(n) + 0.5) * math.pi / n
    rows = math.sqrt(2.0 / n) * np.cos(np.outer(np.arange(1, count + 1), at))
    return rows, rows @ np.linspace(-1.0, 1.0, n)
