"""Two runs along the way: their values at shares of the axis, and when each reaches a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from fastlogs.stats.bins import bin_means
from fastlogs.stats.converge import finite
from fastlogs.stats.floats import Floats
from fastlogs.stats.noise import BINS, long_run_variance, noise_sd
from fastlogs.stats.student import reach
from fastlogs.stats.within import LEAST_BLOCKS, LEAST_POINTS

AT = (1, 5, 10, 20, 50, 80, 90, 100)
_NEIGHBOURS = 2
_FINAL = 0.1


@dataclass(frozen=True, slots=True)
class Stage:
    """Both runs at one share of the axis: bin means, their errors, and the difference with its interval."""

    percent: float
    x: float
    baseline: float | None
    candidate: float | None
    baseline_se: float | None
    candidate_se: float | None
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Reached:
    """The first axis value at which a target was reached to stay; `low` and `high` for a target 2 SE easier, harder."""

    at: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class TimeToTarget:
    """When each run reached the baseline's final value; `ratio` above 1 means the candidate was there first."""

    target: float | None
    se: float | None
    baseline: Reached
    candidate: Reached
    ratio: float | None
    low: float | None
    high: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Level:
    """A noise that holds over a run: variance of a mean times its points, and the step noise it was learnt at."""

    per_point: float
    step: float
    df: float


def progression(
    xa: npt.ArrayLike, ya: npt.ArrayLike, xb: npt.ArrayLike, yb: npt.ArrayLike, *, at: Sequence[float] = AT
) -> tuple[Stage, ...]:
    """Both runs at these percents of their common range; empty when they have none.

    Runs that logged the same steps are compared step by step.

    >>> x = np.arange(1.0, 101.0)
    >>> [(s.percent, s.difference) for s in progression(x, x, x, x + 2, at=(50, 100))]
    [(50.0, 2.0), (100.0, 2.0)]
    """
    (xa, ya), (xb, yb) = finite(xa, ya), finite(xb, yb)
    if not (len(xa) and len(xb)) or max(xa[0], xb[0]) > min(xa[-1], xb[-1]):
        return ()
    edges = np.linspace(max(xa[0], xb[0]), min(xa[-1], xb[-1]), BINS + 1)
    paired = np.array_equal(xa, xb)
    traces = [(xa, ya), (xb, yb), (xa, yb - ya)] if paired else [(xa, ya), (xb, yb)]
    levels = [_level(y) for _, y in traces]
    return tuple(_stage(float(p), edges, traces, levels) for p in at)


def _stage(percent: float, edges: Floats, traces: list[tuple[Floats, Floats]], levels: list[_Level | None]) -> Stage:
    place = min(max(math.ceil(percent / 100.0 * BINS) - 1, 0), BINS - 1)
    means = [_bin(x, y, edges, place) for x, y in traces]
    errors = [_bin_error(x, y, edges, place, level) for (x, y), level in zip(traces, levels, strict=True)]
    a, b = means[0], means[1]
    difference = None if a is None or b is None else b - a
    low, high = _interval(difference, errors[2:] or errors, [level.df for level in levels if level])
    x = float(edges[0] + percent / 100.0 * (edges[-1] - edges[0]))
    return Stage(percent, x, a, b, errors[0], errors[1], difference, low, high)


def _inside(x: Floats, edges: Floats, first: int, last: int) -> slice:
    """The points of bins first..last; a point on an edge belongs to the bin it ends, the very first to the first."""
    start = np.searchsorted(x, edges[first], side="left" if first == 0 else "right")
    return slice(int(start), int(np.searchsorted(x, edges[last + 1], side="right")))


def _bin(x: Floats, y: Floats, edges: Floats, place: int) -> float | None:
    there = y[_inside(x, edges, place, place)]
    return float(there.mean()) if len(there) else None


def _level(y: Floats) -> _Level | None:
    """The noise of the last half, as the run-level test learns it; None when that is too short or too tied."""
    half = y[len(y) // 2 :]
    if len(half) < LEAST_POINTS:
        return None
    size = float(np.abs(half).max()) or 1.0
    variance = long_run_variance(bin_means(half / size, BINS))
    step = noise_sd(half)
    if variance.n_eff < LEAST_BLOCKS or step is None:
        return None
    return _Level(size * size * variance.variance * len(half) / BINS, step, variance.df)


def _bin_error(x: Floats, y: Floats, edges: Floats, place: int, level: _Level | None) -> float | None:
    """The error of a bin's mean, scaled by how noisy the steps around it are."""
    there = y[_inside(x, edges, place, place)]
    if level is None or not len(there):
        return None
    around = y[_inside(x, edges, max(place - _NEIGHBOURS, 0), min(place + _NEIGHBOURS, BINS - 1))]
    local = noise_sd(around)
    louder = local / level.step if local and level.step > 0.0 else 1.0
    return louder * math.sqrt(level.per_point / len(there))


def _interval(
    difference: float | None, errors: Sequence[float | None], dfs: Sequence[float]
) -> tuple[float | None, float | None]:
    known = [e for e in errors if e is not None]
    if difference is None or len(known) < len(errors) or not dfs:
        return None, None
    half = reach(0.95, min(dfs)) * math.hypot(*known)
    return difference - half, difference + half


def time_to_target(
    xa: npt.ArrayLike,
    ya: npt.ArrayLike,
    xb: npt.ArrayLike,
    yb: npt.ArrayLike,
    *,
    goal: Literal["low", "high"] = "low",
    target: float | None = None,
) -> TimeToTarget:
    """When each run's bin mean first reached the baseline's final mean (or `target`) for two bins in a row.

    The interval is what a target 2 standard errors easier or harder would give.
    """
    (xa, ya), (xb, yb) = finite(xa, ya), finite(xb, yb)
    nobody = Reached(None, None, None)
    if not (len(xa) and len(xb)) or xa[-1] <= xa[0]:
        return TimeToTarget(None, None, nobody, nobody, None, None, None, "a run has no values")
    final = ya[xa > xa[-1] - _FINAL * (xa[-1] - xa[0])]
    level = _level(ya) if target is None else None
    se = math.sqrt(level.per_point / len(final)) if level else None
    aim = float(final.mean()) if target is None else target
    shifts = [0.0] if se is None else [0.0, 2.0 * se, -2.0 * se]
    aims = [aim + s if goal == "low" else aim - s for s in shifts]
    width = (xa[-1] - xa[0]) / BINS
    a, b = ([_first(x, y, t, width, goal) for t in aims] for x, y in ((xa, ya), (xb, yb)))
    ratios = [p / q for p, q in zip(a, b, strict=True) if p is not None and q]
    low, high = (min(ratios), max(ratios)) if len(ratios) == 3 else (None, None)
    ratio = a[0] / b[0] if a[0] is not None and b[0] else None
    reason = None if ratio is not None else "a run never reached the target"
    return TimeToTarget(aim, se, _reached(a), _reached(b), ratio, low, high, reason)


def _reached(found: list[float | None]) -> Reached:
    return Reached(found[0], *(found[1:] if len(found) == 3 else (None, None)))


def _first(x: Floats, y: Floats, target: float, width: float, goal: str) -> float | None:
    """The middle of the first bin whose mean reaches the target together with the next bin's."""
    place = ((x - x[0]) / width).astype(np.intp)
    _, place = np.unique(place, return_inverse=True)
    count = np.bincount(place)
    means, middles = np.bincount(place, y) / count, np.bincount(place, x) / count
    there = means <= target if goal == "low" else means >= target
    stays = there[:-1] & there[1:]
    return float(middles[int(stays.argmax())]) if stays.any() else None
