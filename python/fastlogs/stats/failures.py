"""Which runs fail: rates with intervals, where along a setting, and what those that failed have in common."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, ndtri

from fastlogs.stats.floats import Flags
from fastlogs.stats.parameter import Parameter
from fastlogs.stats.shape import binned

_LEVEL = 0.05
_LEAST = 3
_EDGES = 24


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with Wilson's 95 % interval; `first` and `last` are the stretch of a setting."""

    failed: int
    n: int
    low: float
    high: float
    first: float = math.nan
    last: float = math.nan

    @property
    def rate(self) -> float:
        return self.failed / self.n if self.n else math.nan


@dataclass(frozen=True, slots=True)
class Shared:
    """What failed runs have in common: of those with `name` in this stretch `inside` failed, of the rest `outside`."""

    name: str
    inside: Rate
    outside: Rate
    p: float


def wilson(failed: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a rate.

    >>> [round(end, 3) for end in wilson(2, 10)]
    [0.057, 0.51]
    """
    if n <= 0:
        return 0.0, 1.0
    z = float(ndtri(0.5 + level / 2))
    rate, more = failed / n, z * z / n
    middle = (rate + more / 2) / (1 + more)
    half = z / (1 + more) * math.sqrt(rate * (1 - rate) / n + more / (4 * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def rates(parameter: Parameter, failed: npt.ArrayLike) -> tuple[Rate, ...]:
    """The rate in each stretch of a parameter.

    >>> [one.failed for one in rates(Parameter("lr", np.array([1.0, 1.0, 9.0])), [False, False, True])]
    [0, 1]
    """
    flags = np.asarray(failed, dtype=bool)[parameter.known]
    x = parameter.values[parameter.known]
    bins = binned(x, words=bool(parameter.words))
    return tuple(_rate(x[bins == at], flags[bins == at]) for at in np.unique(bins))


def _rate(x: npt.NDArray[np.float64], flags: Flags) -> Rate:
    known = (float(x.min()), float(x.max())) if len(x) else (math.nan, math.nan)
    return Rate(int(flags.sum()), len(flags), *wilson(int(flags.sum()), len(flags)), *known)


def shared(parameters: Iterable[Parameter], failed: npt.ArrayLike) -> tuple[Shared, ...]:
    """Where runs fail more often than elsewhere, the surest first: a word, or one side of a value, one a parameter.

    Fisher's exact p, corrected for every place that was tried, under 5 %.

    >>> x = np.arange(40.0)
    >>> found = shared([Parameter("lr", x)], x >= 30)
    >>> (found[0].inside.first, found[0].inside.rate, found[0].outside.failed)
    (30.0, 1.0, 0)
    """
    flags = np.asarray(failed, dtype=bool)
    tried = [(one, inside) for one in parameters for inside in _places(one)]
    if flags.sum() < _LEAST or flags.all():
        return ()
    found: dict[str, Shared] = {}
    for one, inside in tried:
        p = min(fisher(int(flags[inside].sum()), int(inside.sum()), int(flags.sum()), len(flags)) * len(tried), 1.0)
        if p < _LEVEL and (one.name not in found or p < found[one.name].p):
            outside = ~inside & one.known
            there, rest = (_rate(one.values[part], flags[part]) for part in (inside, outside))
            found[one.name] = Shared(one.name, there, rest, p)
    return tuple(sorted(found.values(), key=lambda shared: shared.p))


def _places(one: Parameter) -> Iterator[Flags]:
    """Each word; of numbers each side of some two dozen values."""
    known = np.unique(one.values[one.known])
    if one.words:
        yield from (one.values == value for value in known)
        return
    edges = known[1:] if len(known) <= _EDGES else np.unique(np.quantile(known, np.arange(1, _EDGES) / _EDGES))
    for edge in edges:
        yield one.known & (one.values >= edge)
        yield one.known & (one.values < edge)


def fisher(hits: int, inside: int, failed: int, n: int) -> float:
    """The chance of at least so many of the failed inside, if failing had nothing to do with being inside.

    >>> round(fisher(3, 3, 3, 6), 3)
    0.05
    """
    k = np.arange(hits, min(inside, failed) + 1)
    ways = _choose(failed, k) + _choose(n - failed, inside - k) - _choose(n, np.array([inside]))
    return float(min(np.exp(ways).sum(), 1.0))


def _choose(n: int, k: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Logarithm of the number of ways; of none, minus infinity."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.where((k < 0) | (k > n), -np.inf, ways)
