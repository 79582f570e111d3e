"""Student's t in plain Python: loading scipy.special takes longer than all that a comparison asks of it."""

from __future__ import annotations

import math
from functools import lru_cache

# Where the continued fraction stops, and how many terms it may take; a divisor that is zero is this instead.
_CLOSE, _TERMS, _TINY = 3e-16, 10_000, 1e-300
# From here on a quotient of gamma functions is told by its series: their difference would cancel.
_LARGE = 50.0
# From so many degrees of freedom on it is nearly normal, and the fraction would take long.
_NEARLY_NORMAL = 1e7


def two_sided(t: float, df: float) -> float:
    """The chance of a |t| this large or larger; NaN where there is no such distribution.

    >>> round(two_sided(2.228, 10), 3)
    0.05
    """
    if math.isnan(t) or not df > 0:
        return math.nan
    square = float(t) * float(t)
    if math.isinf(square):
        return 0.0
    if df >= _NEARLY_NORMAL:
        return math.erfc(_normal(abs(t), df) / math.sqrt(2))
    return _beta(df / 2, 0.5, df / (df + square), square / (df + square))


def interval(difference: float | None, se: float | None, df: float | None, level: float) -> tuple[float, float] | None:
    """The interval of an estimate; None when there is no test.

    >>> interval(1.0, None, 10.0, 0.95) is None
    True
    """
    if difference is None or se is None or df is None:
        return None
    half = reach(level, df) * se
    return difference - half, difference + half


@lru_cache(256)
def reach(level: float, df: float) -> float:
    """How many standard errors an interval of a level reaches to either side; NaN where there is no such distribution.

    >>> round(reach(0.95, 10), 3)
    2.228
    """
    if not (df > 0 and 0 <= level < 1):
        return math.inf if df > 0 and level == 1 else math.nan
    if level == 0:
        return 0.0
    low, high = 0.0, 1.0
    while two_sided(high, df) > 1 - level and math.isfinite(high):
        low, high = high, 2 * high
    return _root(low, high, 1 - level, df)


def _root(low: float, high: float, chance: float, df: float) -> float:
    """Where the chance is as wanted: Newton's step while it stays between the ends, else their middle."""
    t = (low + high) / 2
    for _ in range(200):
        off = two_sided(t, df) - chance
        low, high = (t, high) if off > 0 else (low, t)
        step = t + off / (2 * _density(t, df))
        following = step if low < step < high else (low + high) / 2
        if abs(following - t) <= 4e-16 * t:
            return following
        t = following
    return t


def _normal(t: float, df: float) -> float:
    """The normal deviate of the same chance, by Wallace: its error falls with the square of the degrees."""
    return t if math.isinf(df) else (8 * df + 1) / (8 * df + 3) * math.sqrt(df * math.log1p(t * t / df))


def _density(t: float, df: float) -> float:
    if math.isinf(df):
        return math.exp(-t * t / 2) / math.sqrt(2 * math.pi)
    return math.exp(_quotient(df / 2) - 0.5 * math.log(df * math.pi) - (df + 1) / 2 * math.log1p(t * t / df)) + _TINY


def _quotient(a: float) -> float:
    """The log of gamma(a + 1/2) / gamma(a)."""
    if a < _LARGE:
        return math.lgamma(a + 0.5) - math.lgamma(a)
    return 0.5 * math.log(a) - 1 / (8 * a) + 1 / (192 * a**3) - 1 / (640 * a**5)


def _beta(a: float, b: float, x: float, rest: float) -> float:
    """The regularised incomplete beta function of `x` = 1 - `rest`, where a or b is 1/2."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        # From the other side the fraction converges fast.
        return 1 - _beta(b, a, rest, x)
    front = _quotient(b if a == 0.5 else a) - 0.5 * math.log(math.pi)
    # The log of what is nearly one keeps its digits by what it lacks.
    logs = [math.log(part) if part < 0.5 else math.log1p(-other) for part, other in ((x, rest), (rest, x))]
    return math.exp(front + a * logs[0] + b * logs[1]) / a * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's rule."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    found = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            c, d = 1 + term / c or _TINY, 1 / (1 + term * d or _TINY)
            found *= c * d
        if abs(c * d - 1) <= _CLOSE:
            break
    return found
