"""Looking again and again at runs that still train: a confidence sequence does not alarm more for that."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastlogs.stats.bins import bin_means
from fastlogs.stats.floats import Floats
from fastlogs.stats.noise import lag1

LEAST_BATCHES = 12
_TUNED_FOR = 30
_SHORTEST, _LONGEST = 100, 2000


@dataclass(frozen=True, slots=True)
class Look:
    """The mean difference so far and the interval that holds the truth at every look at once with the given chance."""

    difference: float | None
    low: float | None
    high: float | None
    batches: int
    batch: int
    decided: bool
    reason: str | None = None


def look(d: npt.ArrayLike, *, alpha: float = 0.05) -> Look:
    """The look at a difference (candidate - baseline, step by step) as far as it is known; look as often as you like.

    `decided` when the interval excludes zero. Refuses under 12 batches of independent length (100 to 2,000 steps).

    >>> look(np.zeros(500)).reason
    '5 batches of 100 steps, 12 are needed'
    """
    values = np.asarray(d, dtype=np.float64)
    values = values[np.isfinite(values)]
    size = float(np.abs(values).max(initial=0.0))
    batch = _batch(values / size if size else values)
    j = len(values) // batch
    if j < LEAST_BATCHES:
        why = f"{j} batches of {batch} steps, {LEAST_BATCHES} are needed"
        mean = float(np.mean(values / size)) * size if size else (0.0 if len(values) else None)
        return Look(mean, None, None, j, batch, False, why)
    if not size:
        return Look(0.0, None, None, j, batch, False, "the runs do not differ")
    means = bin_means(values[: j * batch] / size, j)
    mean, half = float(means.mean()) * size, radius(means, alpha) * size
    return Look(mean, mean - half, mean + half, j, batch, abs(mean) > half)


def radius(means: Floats, alpha: float) -> float:
    """Half the interval around the mean of these batch means: the normal mixture's, tight at about 30 batches."""
    j = len(means)
    r = min(max(lag1(means), 0.0), 0.95)
    s2 = float(means.var(ddof=1)) * (1.0 + r) / (1.0 - r) * (1.0 + 2.0 / (j - 1.0))
    log = -2.0 * math.log(alpha)
    e = (log + math.log(log + 1.0)) / _TUNED_FOR
    return math.sqrt(s2 * 2.0 * (j * e + 1.0) / (j * j * e) * math.log(math.sqrt(j * e + 1.0) / alpha))


def _batch(values: Floats) -> int:
    """Batches long enough to be nearly independent, for how much each step is like the one before."""
    rho = min(max(lag1(values), 0.0), 0.9999) if len(values) > 2 else 0.0
    return int(min(max(20.0 * (1.0 + rho) / (1.0 - rho), _SHORTEST), _LONGEST))
