"""Has validation turned up while training went on down? And how far are the two apart?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastlogs.stats.converge import finite
from fastlogs.stats.floats import Floats
from fastlogs.stats.smooth import moving_average

LEAST_EVALS, LEAST_AFTER = 8, 6
_LEVEL = 0.05
_RISE = 0.005


@dataclass(frozen=True, slots=True)
class Overfitting:
    """Whether a validation loss turned: where it was lowest, how far it rose, and the p of its rise, corrected for
    having looked for the turn. `found` is None when there are too few evaluations to say."""

    found: bool | None
    best_x: float | None = None
    best: float | None = None
    rise: float | None = None
    p: float | None = None
    train_rose: bool | None = None
    evals: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Validation less training at the evaluations: the last, its change per tenth of the run, and the ratio that some
    logs print."""

    last: float | None
    slope: float | None
    ratio: float | None
    evals: int
    reason: str | None = None


def overfitting(
    x: npt.ArrayLike,
    val: npt.ArrayLike,
    train_x: npt.ArrayLike | None = None,
    train: npt.ArrayLike | None = None,
) -> Overfitting:
    """Found when validation rises after its smoothed minimum, surely and by over 0.5 %, and training did not.

    Refuses below 8 evaluations, or 6 after the minimum ("not found" when there were enough but none after).

    >>> overfitting(range(20), [abs(i - 8) / 10 + 2 for i in range(20)]).best_x
    8.0
    """
    at, y = finite(x, val)
    m = len(y)
    if m < LEAST_EVALS:
        return Overfitting(None, evals=m, reason=f"{m} evaluations, {LEAST_EVALS} are needed")
    width = max(3, m // 8)
    smoothed = moving_average(y, width)
    k = int(smoothed.argmin())
    best_x, best, after = float(at[k]), float(smoothed[k]), y[k + 1 :]
    rise = float(y[-min(width, len(after)) :].mean() - best) if len(after) else 0.0
    if len(after) < LEAST_AFTER:
        return Overfitting(False, best_x, best, rise, None, None, m)
    # The turn was looked for at about this many places.
    p = min(1.0, _rising(after) * max(1.0, (m - 6) / width))
    rose = _rose(train_x, train, best_x)
    found = p < _LEVEL and rise > _RISE * abs(best) and not rose
    return Overfitting(found, best_x, best, rise, p, rose, m)


def gap(x: npt.ArrayLike, val: npt.ArrayLike, train_x: npt.ArrayLike, train: npt.ArrayLike) -> Gap:
    """The gap between validation and training, the latter averaged over the steps up to each evaluation.

    Overfitting is a gap that grows: its sign, and the ratio, say nothing alone.

    >>> gap([10, 20], [2.0, 2.5], [5, 10, 15, 20], [1.5, 1.5, 1.0, 1.0]).last
    1.5
    """
    at, y = finite(x, val)
    steps, values = finite(train_x, train)
    means = _up_to(at, steps, values)
    there = np.isfinite(means)
    at, y, means = at[there], y[there], means[there]
    if not len(y):
        return Gap(None, None, None, 0, "no evaluation with training before it")
    apart, span = y - means, float(at[-1] - at[0])
    slope = float(np.polynomial.polynomial.polyfit((at - at[0]) / span, apart, 1)[1]) / 10.0 if span > 0.0 else None
    return Gap(float(apart[-1]), slope, float(y[-1] / means[-1]) if means[-1] else None, len(y))


# Up to so many evaluations the null distribution is counted out, beyond it is normal to three digits.
_COUNTED = 50
# More pairs than these are better sorted than looked at one by one.
_PAIRED = 1000


def _rising(y: Floats) -> float:
    """The one-sided p of Kendall's trend; scipy.stats has it too, but takes longer to load than a log to be read."""
    n = len(y)
    if n > _PAIRED:
        from scipy.stats import kendalltau

        return float(kendalltau(np.arange(n), y, alternative="greater").pvalue)
    later = np.sign(y[None, :] - y[:, None])[np.triu_indices(n, 1)]
    score = float(later.sum())
    _, ties = np.unique(y, return_counts=True)
    if ties.max() == 1 and n <= _COUNTED:
        return _chance_of_inversions(n, int((later < 0).sum()))
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    return 0.5 * math.erfc(score / math.sqrt(2 * variance)) if variance > 0 else 1.0


def _chance_of_inversions(n: int, most: int) -> float:
    """How likely a random order of n has at most so many pairs the wrong way round."""
    chances = np.ones(1)
    for k in range(2, n + 1):
        chances = np.convolve(chances, np.full(k, 1 / k))
    return float(min(1.0, chances[: most + 1].sum()))


def _rose(x: npt.ArrayLike | None, y: npt.ArrayLike | None, since: float) -> bool | None:
    """Whether training too is higher at its end than around the turn; None when there is no training to look at."""
    if x is None or y is None:
        return None
    at, values = finite(x, y)
    after = values[at > since]
    if len(after) < 2:
        return None
    part = max(len(after) // 5, 1)
    far = np.abs(at - since)
    around = values[far <= np.partition(far, part - 1)[part - 1]]
    return bool(after[-part:].mean() > around.mean())


def _up_to(at: Floats, steps: Floats, values: Floats) -> Floats:
    """The mean of the training values since the evaluation before; NaN where there are none."""
    total = np.r_[0.0, np.cumsum(values)]
    last = np.searchsorted(steps, at, side="right")
    first = np.r_[0, last[:-1]]
    count = last - first
    means: Floats = np.divide(total[last] - total[first], count, out=np.full(len(at), np.nan), where=count > 0)
    return means
