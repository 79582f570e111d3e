"""The noncentral t: how often a test finds a true difference, and which differences fit what was found."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.polynomial.legendre import leggauss

from fastlogs.stats.student import reach

# Doublings, then halvings: enough for any float, and an end for every loop.
_STEPS = 200
_NODES = 128


def below(t: float, df: float, shift: float) -> float:
    """The chance that a noncentral t with this shift is below `t`."""
    # Loaded when it is asked for: few comparisons have several seeds.
    from scipy.special import nctdtr

    # The mirror keeps the shift positive, where the series is accurate.
    if shift < 0.0:
        return 1.0 - below(-t, df, -shift)
    chance = float(nctdtr(df, shift, t))
    # The series gives up far out: there it is NaN.
    return chance if chance == chance else _averaged_below(t, df, shift)


def _averaged_below(t: float, df: float, shift: float) -> float:
    """The same as an average of normal chances over the shares of the chi-squared under the root."""
    from scipy.special import gammaincinv, ndtr

    nodes, weights = leggauss(_NODES)
    sd = np.sqrt(2.0 * gammaincinv(df / 2.0, 0.5 * (nodes + 1.0)) / df)
    return float(min(1.0, 0.5 * np.dot(weights, ndtr(t * sd - shift))))


def shift_at(t: float, df: float, share: float) -> float:
    """The shift at which this share of the noncentral t lies below `t`; the chance falls as the shift grows."""
    return falling_root(lambda shift: below(t, df, shift) - share, start=t)


def power(shift: float, df: float, level: float = 0.95) -> float:
    """The chance that a two-sided test of this level finds a true shift (difference / standard error)."""
    bar = reach(level, df)
    return 1.0 - below(bar, df, shift) + below(-bar, df, shift)


@lru_cache(maxsize=256)
def shift_found(df: float, share: float = 0.8, level: float = 0.95) -> float:
    """The shift that a two-sided test finds this share of the time."""
    return falling_root(lambda shift: share - power(abs(shift), df, level), start=reach(level, df))


def falling_root(f: Callable[[float], float], *, start: float) -> float:
    """Where a falling function crosses zero, by bracketing from `start` and halving."""
    low, high = _bracket(f, start)
    for _ in range(_STEPS):
        middle = low + (high - low) / 2.0
        if middle in (low, high):
            break
        low, high = (middle, high) if f(middle) > 0.0 else (low, middle)
    return low + (high - low) / 2.0


def _bracket(f: Callable[[float], float], start: float) -> tuple[float, float]:
    low = high = start
    width = 1.0
    while f(low) <= 0.0 and width < 1e12:
        low, width = low - width, width * 2.0
    width = 1.0
    while f(high) > 0.0 and width < 1e12:
        high, width = high + width, width * 2.0
    return low, high
