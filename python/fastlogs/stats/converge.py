"""Is it still improving? The slope of a run's last stretch, tested against its own noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from fastlogs.stats.bins import bin_means
from fastlogs.stats.floats import Floats
from fastlogs.stats.noise import BINS, long_run_variance
from fastlogs.stats.student import reach
from fastlogs.stats.verdict import Goal, direction
from fastlogs.stats.within import LEAST_BLOCKS, LEAST_POINTS

State = Literal["improving", "worsening", "changing", "plateau", "undecided"]

_STATES: dict[str, State] = {"better": "improving", "worse": "worsening", "different": "changing"}


@dataclass(frozen=True, slots=True)
class Convergence:
    """Where a run is heading: its change per tenth of the run, with the interval, in its unit and as shares of it."""

    state: State
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    value: float | None = None
    n_eff: float | None = None
    reason: str | None = None

    def share(self) -> tuple[float, float, float] | None:
        """Slope, low and high as shares of the value; None for a value of zero or when there is no slope."""
        if not self.value or self.slope is None or self.low is None or self.high is None:
            return None
        size = abs(self.value)
        return self.slope / size, self.low / size, self.high / size


def state(
    x: npt.ArrayLike, y: npt.ArrayLike, *, goal: Goal = "low", window: float = 0.2, plateau: float = 0.001
) -> Convergence:
    """Improving or worsening when the interval of the slope excludes zero, plateau when it lies within `plateau` of the
    value per tenth of the run, else undecided. A metric without a goal is `changing`.

    Refuses (`reason`) under 50 points or 10 independent blocks in the last `window` of the run.

    >>> state(np.arange(1000), 4 - np.arange(1000) / 500 + np.sin(np.arange(1000.0) ** 2) / 50).state
    'improving'
    """
    at, values = finite(x, y)
    span = float(at[-1] - at[0]) if len(at) else 0.0
    last = at >= at[-1] - window * span if len(at) else np.zeros(0, dtype=bool)
    if last.sum() < LEAST_POINTS or span <= 0.0:
        return Convergence("undecided", reason=f"fewer than {LEAST_POINTS} points in the last stretch")
    found = _sloped(bin_means(at[last], BINS), values[last], span / 10.0)
    if found.reason or found.slope is None or found.low is None or found.high is None:
        return found
    return _with_state(found, goal, plateau)


def finite(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The points of a series whose both numbers are finite."""
    at, values = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    whole = np.isfinite(at) & np.isfinite(values)
    return (at, values) if whole.all() else (at[whole], values[whole])


def _sloped(at: Floats, values: Floats, tenth: float) -> Convergence:
    size = float(np.abs(values).max()) or 1.0
    bins, u = bin_means(values / size, BINS), at - at.mean()
    variance = long_run_variance(bins)
    value = size * float(bins.mean())
    if variance.n_eff < LEAST_BLOCKS:
        why = f"about {variance.n_eff:.0f} independent blocks in the last stretch, {LEAST_BLOCKS:.0f} are needed"
        return Convergence("undecided", value=value, n_eff=variance.n_eff, reason=why)
    u = u / tenth
    slope = float(u @ bins / (u @ u))
    half = reach(0.95, variance.df) * math.sqrt(variance.variance / float(u @ u))
    return Convergence("undecided", size * slope, size * (slope - half), size * (slope + half), value, variance.n_eff)


def _with_state(found: Convergence, goal: Goal, plateau: float) -> Convergence:
    assert found.slope is not None
    assert found.low is not None
    assert found.high is not None
    name: State = "undecided"
    small = plateau * abs(found.value or 0.0)
    if found.low > 0.0 or found.high < 0.0:
        name = _STATES[direction(found.slope, goal)]
    elif -small < found.low and found.high < small:
        name = "plateau"
    return Convergence(name, found.slope, found.low, found.high, found.value, found.n_eff)
