"""Where a loss curve is going: a power law, with an error from having been wrong before. Only ever a hint."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastlogs.stats.converge import finite
from fastlogs.stats.floats import Floats

LEAST_POINTS = 100
_BINS = 40
_SHARES = (0.25, 0.35, 0.5)
_EXPONENTS = np.linspace(0.05, 2.0, 79)
_FURTHEST = 2.0
# A law of powers holds after the first descent; left in, its misfit decides the exponent.
_TRANSIENT = 0.1


@dataclass(frozen=True, slots=True)
class Extrapolation:
    """The value expected at `x`: floor + amplitude * x ** -exponent, with twice the error of its own backtests."""

    x: float
    value: float | None
    low: float | None
    high: float | None
    floor: float | None = None
    amplitude: float | None = None
    exponent: float | None = None
    reason: str | None = None


def extrapolate(x: npt.ArrayLike, y: npt.ArrayLike, to: float, *, lr: npt.ArrayLike | None = None) -> Extrapolation:
    """The value of a loss at `to`, at most twice as far as the run has come.

    Refuses when the learning rate (`lr`, beside `x`) has still to decay: then the past says little of the future.

    >>> x = np.arange(1.0, 2001.0)
    >>> round(extrapolate(x, 2 + 3 * x**-0.5, 4000).value, 3)
    2.047
    """
    at, values = finite(x, y)
    at, values = at[at > 0.0], values[at > 0.0]
    reason = _refusal(at, values, to, lr)
    if reason:
        return Extrapolation(to, None, None, None, reason=reason)
    size = float(np.abs(values).max()) or 1.0
    law, error = _fitted(at, values / size), _backtested(at, values / size)
    value, half = _at(law, to) * size, 2.0 * error * size
    floor, amplitude, exponent = law
    return Extrapolation(to, value, value - half, value + half, floor * size, amplitude * size, exponent)


def schedule_settled(lr: npt.ArrayLike) -> bool:
    """Whether a learning rate is in its last regime: constant since its warm-up, or decayed to a tenth of its peak.

    >>> schedule_settled([1e-3] * 50), schedule_settled(np.linspace(1e-3, 5e-4, 50))
    (True, False)
    """
    rates = np.asarray(lr, dtype=np.float64)
    rates = rates[np.isfinite(rates)]
    if not len(rates):
        return True
    peak, late = float(rates.max()), rates[-max(len(rates) // 5, 1) :]
    if peak <= 0.0:
        return True
    steady = float(np.ptp(late)) <= 0.01 * peak
    decayed = float(rates[-1]) <= 0.1 * peak
    return decayed or (steady and float(rates[-1]) >= 0.99 * peak)


def _refusal(x: Floats, y: Floats, to: float, lr: npt.ArrayLike | None) -> str | None:
    if len(y) < LEAST_POINTS:
        return f"fewer than {LEAST_POINTS} points"
    if not x[-1] < to <= _FURTHEST * x[-1]:
        return "further than twice the run" if to > x[-1] else "not ahead of the run"
    if lr is not None and not schedule_settled(lr):
        return "the learning rate has still to decay"
    return None


def _fitted(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Floor, amplitude and exponent that fit geometric bins best: a grid for the exponent, straight lines for the rest,
    so that it cannot fail."""
    late = x >= _TRANSIENT * x[-1]
    x, y = x[late], y[late]
    edges = np.geomspace(x[0], x[-1] * (1.0 + 1e-12), _BINS + 1)
    place = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, _BINS - 1)
    count = np.bincount(place, minlength=_BINS)
    there = count > 0
    means = np.bincount(place, y, _BINS)[there] / count[there]
    middles = np.bincount(place, x, _BINS)[there] / count[there]
    return _best_line(middles, means, np.sqrt(count[there]))


def _best_line(x: Floats, y: Floats, weights: Floats) -> tuple[float, float, float]:
    """The straight line in x ** -exponent with the least squared error, over all exponents at once; a loss does not
    rise, so the amplitude is not negative."""
    w = weights / weights.sum()
    u = (x / x[-1]) ** -_EXPONENTS[:, None]
    off_u, off_y = u - (u @ w)[:, None], y - w @ y
    power = (off_u * off_u) @ w
    slope = np.maximum(np.divide((off_u * off_y) @ w, power, out=np.zeros_like(power), where=power > 0.0), 0.0)
    best = int((np.square(off_y - slope[:, None] * off_u) @ w).argmin())
    exponent, amplitude = float(_EXPONENTS[best]), float(slope[best])
    return float(w @ y - amplitude * (u[best] @ w)), amplitude * float(x[-1]) ** exponent, exponent


def _at(law: tuple[float, float, float], x: float) -> float:
    floor, amplitude, exponent = law
    return floor + amplitude * math.pow(x, -exponent)


def _backtested(x: Floats, y: Floats) -> float:
    """The RMS error of forecasts from parts of the run to twice as far, each against the mean of what came there."""
    errors = []
    for share in _SHARES:
        end = share * x[-1]
        known, came = x <= end, (x > 1.9 * end) & (x <= 2.0 * end)
        if known.sum() >= LEAST_POINTS // 4 and came.any():
            errors.append(_at(_fitted(x[known], y[known]), 1.95 * end) - float(y[came].mean()))
    return math.sqrt(float(np.mean(np.square(errors)))) if errors else math.inf
