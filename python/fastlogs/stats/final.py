"""What a run came to: the mean of its last stretch, and how far its own noise leaves that open."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastlogs.stats.bins import bin_means
from fastlogs.stats.noise import BINS, long_run_variance, profile, scales
from fastlogs.stats.within import LEAST_BLOCKS, LEAST_POINTS


@dataclass(frozen=True, slots=True)
class Final:
    """The mean of the last `n` values; `se` is None where the run is too short to tell (`reason`)."""

    value: float | None
    n: int
    se: float | None = None
    reason: str | None = None


def final(x: npt.ArrayLike, y: npt.ArrayLike, *, share: float = 0.1) -> Final:
    """The mean over the last `share` of the axis; its error from how the last half of the run wanders.

    >>> final([1, 2, 3, 4], [4.0, 3.0, 2.0, 1.0]).value
    1.0
    """
    at, values = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    whole = np.isfinite(at) & np.isfinite(values)
    at, values = at[whole], values[whole]
    if not len(at):
        return Final(None, 0, reason="no finite value")
    span = at[-1] - at[0]
    window = max(int((at > at[-1] - share * span).sum()), 1)
    value = float(values[-window:].mean())
    half = values[at > at[-1] - 0.5 * span] if span else values
    if len(half) < LEAST_POINTS:
        return Final(value, window, reason=f"{len(half)} points in the last half, {LEAST_POINTS} are needed")
    slope = profile(half)
    means = bin_means(half, BINS)
    middle = float(half.mean())
    noise = long_run_variance(middle + (means - middle) / scales(slope, len(means)))
    if noise.n_eff < LEAST_BLOCKS:
        return Final(value, window, reason=f"about {noise.n_eff:.0f} independent blocks, {LEAST_BLOCKS} are needed")
    level = math.exp(slope * (0.5 - 0.5 * window / len(half)))
    return Final(value, window, level * math.sqrt(noise.variance / len(means) * len(half) / window))
