"""Makes the series of two runs comparable: void rows of resumes, the common range, equal steps or equal bins."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from fastlogs._core import numbers
from fastlogs.stats.floats import Flags, Floats
from fastlogs.stats.noise import noise_sd

_MOST_BINS = 4096
# How noisy a single value of two arms is.
Noise: TypeAlias = Callable[[Floats, Floats], "float | None"]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two runs on one axis, value beside value; `reason` says why there is nothing to compare."""

    x: Floats
    baseline: Floats
    candidate: Floats
    same: bool  # step by step; else equal bins of the axis, about a trend that both arms share
    low: float
    high: float
    points: tuple[int, int]  # finite values of each arm in the range
    nonfinite: float  # share of the values in the range that are not finite, in the worse arm
    noise_sd: float | None  # of a single logged value, both arms pooled
    reason: str | None = None


def kept(step: Floats) -> Flags:
    """Which rows of one series stand: a row is void when a later row has a step not above its own.

    >>> kept(np.array([1.0, 2.0, 3.0, 2.0, 3.0])).tolist()
    [True, False, False, True, True]
    """
    return numbers.kept(step)


def align(xa: Floats, ya: Floats, xb: Floats, yb: Floats, *, share: float = 0.5, noise: bool = True) -> Aligned:
    """The last `share` of the range that both runs cover: step by step when they logged the same steps, else in bins.

    Rows that a resume made void are dropped, and values that are not finite. Noisy points are never interpolated.
    Without `noise` the step noise is not measured, which is most of the work.
    Refuses (`reason`) when the runs have no range in common.

    >>> x = np.arange(1.0, 9.0)
    >>> align(x, x, x, x + 1, share=0.5).x.tolist()
    [5.0, 6.0, 7.0, 8.0]
    """
    (xa, ya), (xb, yb) = _standing(xa, ya), _standing(xb, yb)
    if not (len(xa) and len(xb)):
        return _nothing(0.0, 0.0, "a run has no values")
    start, high = max(xa[0], xb[0]), min(xa[-1], xb[-1])
    low = high - share * (high - start)
    (xa, ya), (xb, yb) = (_cut(x, y, low, high, closed=share >= 1) for x, y in ((xa, ya), (xb, yb)))
    if not (len(xa) and len(xb)):
        return _nothing(float(low), float(high), "the runs have no range in common")
    together = _by_step if np.array_equal(xa, xb) else _by_bin
    return together(xa, ya, xb, yb, float(low), float(high), _pooled if noise else _unmeasured)


def _standing(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if len(x) > 1 and not (np.diff(x) > 0).all():
        stands = kept(x)
        return x[stands], y[stands]
    return (x, y) if np.isfinite(x).all() else (x[np.isfinite(x)], y[np.isfinite(x)])


def _cut(x: Floats, y: Floats, low: float, high: float, *, closed: bool) -> tuple[Floats, Floats]:
    first = int(np.searchsorted(x, low, side="left" if closed else "right"))
    last = int(np.searchsorted(x, high, side="right"))
    return x[first:last], y[first:last]


def _nothing(low: float, high: float, reason: str) -> Aligned:
    none = np.empty(0)
    return Aligned(none, none, none, False, low, high, (0, 0), 0.0, None, reason)


def _by_step(xa: Floats, ya: Floats, _: Floats, yb: Floats, low: float, high: float, noise: Noise) -> Aligned:
    finite = np.isfinite(ya), np.isfinite(yb)
    points = int(finite[0].sum()), int(finite[1].sum())
    if min(points) < len(xa):
        both = finite[0] & finite[1]
        xa, ya, yb = xa[both], ya[both], yb[both]
    worse = 1 - min(points) / len(finite[0])
    reason = None if len(xa) else "the runs have no finite value in common"
    return Aligned(xa, ya, yb, True, low, high, points, worse, noise(ya, yb), reason)


def _by_bin(xa: Floats, ya: Floats, xb: Floats, yb: Floats, low: float, high: float, noise: Noise) -> Aligned:
    logged = len(xa), len(xb)
    (xa, ya), (xb, yb) = _finite(xa, ya), _finite(xb, yb)
    points = len(xa), len(xb)
    if not min(points):
        return _nothing(low, high, "the runs have no finite value in common")
    worse = 1 - min(points[0] / logged[0], points[1] / logged[1])
    bins = min(*points, _MOST_BINS)
    span = high - low or 1.0
    place = (xa - low) / span - 0.5, (xb - low) / span - 0.5
    trend = _shared_trend(*place, ya, yb)
    a = _bin(place[0], ya - _quadratic(trend, place[0]), bins)
    b = _bin(place[1], yb - _quadratic(trend, place[1]), bins)
    both = np.isfinite(a) & np.isfinite(b)
    if not both.any():
        return _nothing(low, high, "the runs have no value in the same stretch of the axis")
    center = ((np.arange(bins) + 0.5) / bins - 0.5)[both]
    level = _quadratic(trend, center)
    x = low + (center + 0.5) * span
    return Aligned(x, a[both] + level, b[both] + level, False, low, high, points, worse, noise(ya, yb))


def _finite(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    finite = np.isfinite(y)
    return (x, y) if finite.all() else (x[finite], y[finite])


def _pooled(ya: Floats, yb: Floats) -> float | None:
    a, b = noise_sd(ya), noise_sd(yb)
    return None if a is None or b is None else math.sqrt((a * a + b * b) / 2)


def _unmeasured(_: Floats, __: Floats) -> None:
    return None


def _shared_trend(ua: Floats, ub: Floats, ya: Floats, yb: Floats) -> Floats:
    """Slope and bend that fit both arms best, each about its own level and each arm weighing the same."""
    columns = [np.stack([u, u * u], axis=1) for u in (ua, ub)]
    weighed = [(c - c.mean(axis=0)) / np.sqrt(len(c)) for c in columns]
    values = [(y - y.mean()) / np.sqrt(len(y)) for y in (ya, yb)]
    fitted: Floats = np.linalg.lstsq(np.concatenate(weighed), np.concatenate(values), rcond=None)[0]
    return fitted


def _quadratic(trend: Floats, u: Floats) -> Floats:
    curve: Floats = trend[0] * u + trend[1] * u * u
    return curve


def _bin(place: Floats, y: Floats, bins: int) -> Floats:
    """Means in equal bins of the axis, NaN where a bin is empty."""
    # A point on an edge belongs to the bin that it ends.
    index = np.minimum((bins * (place + 0.5) - 1e-9).astype(np.intp), bins - 1)
    count = np.bincount(index, minlength=bins)
    total = np.bincount(index, y, bins)
    means: Floats = np.divide(total, count, out=np.full(bins, np.nan), where=count > 0)
    return means
