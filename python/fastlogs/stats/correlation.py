"""How a result goes up or down with each setting: a footnote, for a U-shape and a pure interaction have none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastlogs.stats.floats import Floats
from fastlogs.stats.parameter import Parameter
from fastlogs.stats.student import two_sided


@dataclass(frozen=True, slots=True)
class Correlation:
    """Pearson's (on the parameter's own scale) and Spearman's, with the p of the latter; None where nothing varies."""

    name: str
    n: int
    pearson: float | None
    spearman: float | None
    p: float | None


def correlation(parameter: Parameter, target: npt.ArrayLike) -> Correlation:
    """The correlations of a parameter with a target, over the runs that have both; of words only of two.

    >>> round(correlation(Parameter("lr", np.array([1.0, 2.0, 3.0, 4.0])), [1.0, 4.0, 9.0, 16.0]).spearman, 6)
    1.0
    """
    y = np.asarray(target, dtype=np.float64)
    there = parameter.known & np.isfinite(y)
    x, y = parameter.scaled[there], y[there]
    n = len(x)
    if n < 3 or len(parameter.words) > 2:
        return Correlation(parameter.name, n, None, None, None)
    rho = _product(ranks(x), ranks(y))
    return Correlation(parameter.name, n, _product(x, y), rho, None if rho is None else _chance(rho, n))


def ranks(values: Floats) -> Floats:
    """Ranks from 1; equal values share their mean.

    >>> ranks(np.array([5.0, 2.0, 5.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, where, count = np.unique(values, return_inverse=True, return_counts=True)
    shared: Floats = (np.cumsum(count) - (count - 1) / 2)[where]
    return shared


def _product(x: Floats, y: Floats) -> float | None:
    x, y = x - x.mean(), y - y.mean()
    norm = math.sqrt(float(x @ x)) * math.sqrt(float(y @ y))
    return min(max(float(x @ y) / norm, -1.0), 1.0) if norm > 0 else None


def _chance(rho: float, n: int) -> float:
    rest = 1.0 - rho * rho
    return two_sided(rho * math.sqrt((n - 2) / rest), n - 2) if rest > 1e-15 else 0.0
