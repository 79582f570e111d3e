"""How a result goes along one setting: the median in bins of it, with intervals, and a word for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from fastlogs.stats.floats import Floats
from fastlogs.stats.parameter import Parameter

_MOST = 8
_EACH = 12  # runs in a bin, where there are enough
_FEW = 4


@dataclass(frozen=True, slots=True)
class Level:
    """The runs with one stretch of a setting: the median of their results, and its 95 % interval."""

    first: float
    last: float
    n: int
    median: float
    low: float
    high: float

    def under(self, other: Level) -> bool:
        """Whether it is surely below another."""
        return self.high < other.low


@dataclass(frozen=True, slots=True)
class Shape:
    """`word`: rising, falling, U-shaped, peaked, uneven, flat; of words `differs` or flat."""

    word: str = "unknown"
    levels: tuple[Level, ...] = ()

    def best(self, *, high: bool = False) -> Level | None:
        """The level with the lowest median, or the highest."""
        return min(self.levels, key=lambda level: -level.median if high else level.median, default=None)


def shape(parameter: Parameter, target: npt.ArrayLike) -> Shape:
    """The shape of a target along a parameter, by bins of about equally many runs.

    >>> x = np.linspace(0, 1, 200)
    >>> shape(Parameter("lr", x), (x - 0.5) ** 2).word
    'U-shaped'
    """
    y = np.asarray(target, dtype=np.float64)
    there = parameter.known & np.isfinite(y)
    x, y = parameter.values[there], y[there]
    bins = binned(x, words=bool(parameter.words))
    levels = tuple(
        _level(x[bins == at], y[bins == at]) for at in np.unique(bins) if (bins == at).sum() >= min(_FEW, len(x))
    )
    return Shape(_word(levels, words=bool(parameter.words)), levels)


def binned(x: Floats, *, words: bool = False, most: int = _MOST) -> npt.NDArray[np.intp]:
    """The bin of each value: a value each where there are few, else stretches of about equally many.

    >>> binned(np.array([1.0, 2.0, 2.0, 5.0])).tolist()
    [0, 1, 1, 2]
    """
    distinct = np.unique(x)
    if words or len(distinct) <= most:
        return np.searchsorted(distinct, x)
    count = min(max(len(x) // _EACH, 3), most)
    edges = np.unique(np.quantile(x, np.arange(1, count) / count))
    return np.searchsorted(edges, x, side="right")


def _level(x: Floats, y: Floats) -> Level:
    low, high = median_interval(y)
    return Level(float(x.min()), float(x.max()), len(y), float(np.median(y)), low, high)


def median_interval(y: Floats) -> tuple[float, float]:
    """The 95 % interval of a median, by order: all of it under six values.

    >>> median_interval(np.arange(100.0))
    (39.0, 60.0)
    """
    ordered = np.sort(y)
    n = len(ordered)
    at = max(math.floor(n / 2 - 0.98 * math.sqrt(n)) - 1, 0)
    return float(ordered[at]), float(ordered[n - 1 - at])


def _word(levels: tuple[Level, ...], *, words: bool) -> str:
    if len(levels) < 2:
        return "unknown"
    apart = any(a.under(b) or b.under(a) for a in levels for b in levels)
    if words:
        return "differs" if apart else "flat"
    first, last = levels[0], levels[-1]
    lowest, highest = (choose(levels, key=lambda level: level.median) for choose in (min, max))
    dips = lowest.under(first) and lowest.under(last)
    rises = first.under(highest) and last.under(highest)
    if dips and rises:
        return "uneven"
    if dips or rises:
        return "U-shaped" if dips else "peaked"
    up = any(a.under(b) for a, b in combinations(levels, 2))
    down = any(b.under(a) for a, b in combinations(levels, 2))
    if up != down:
        return "rising" if up else "falling"
    return "uneven" if apart else "flat"
