"""What there is in one trace: counts, centre, spread, extremes, final value, noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastlogs.stats.bins import bin_means
from fastlogs.stats.floats import MAD_TO_SD, Floats
from fastlogs.stats.noise import BINS, lag1, long_run_variance, noise_sd
from fastlogs.stats.within import LEAST_POINTS

LAST = 100


@dataclass(frozen=True, slots=True)
class Description:
    """The figures of one trace; all but the counts are of its finite values, and None is "not known".

    `final` is the mean of the last `final_n` values; `improvement` is first - last, positive for a fall.
    `se_mean` and `final_se` allow for correlated steps; `noise_sd` and `rho` are those of the last half.
    """

    n: int
    n_nan: int
    n_inf: int
    mean: float | None = None
    sd: float | None = None
    variance: float | None = None
    cv: float | None = None
    median: float | None = None
    mad: float | None = None
    min: float | None = None
    min_x: float | None = None
    max: float | None = None
    max_x: float | None = None
    first: float | None = None
    last: float | None = None
    final: float | None = None
    final_n: int = 0
    final_se: float | None = None
    noise_sd: float | None = None
    rho: float | None = None
    se_mean: float | None = None
    improvement: float | None = None
    improvement_percent: float | None = None
    reason: str | None = None

    @property
    def averaged(self) -> bool:
        """Whether the values look like running averages: each is nearly the one before."""
        return self.rho is not None and self.rho > 0.8


def describe(x: npt.ArrayLike, y: npt.ArrayLike, *, last: int = LAST, true_zero: bool = True) -> Description:
    """The description of a trace; `true_zero=False` for units whose zero means nothing, which have no CV.

    >>> describe([1, 2, 3], [4.0, 3.0, 2.0]).mean
    3.0
    """
    at, given = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    whole = np.isfinite(given)
    counts = len(given), int(np.isnan(given).sum()), int(np.isinf(given).sum())
    with np.errstate(over="ignore", invalid="ignore"):
        return _described(counts, at[whole], given[whole], last, true_zero)


def _described(counts: tuple[int, int, int], x: Floats, y: Floats, last: int, true_zero: bool) -> Description:
    if not len(y):
        return Description(*counts, reason="no finite value" if counts[0] else "no values")
    sd = _known(y.std(ddof=1)) if len(y) > 1 else None
    mean, median, half = _known(y.mean()), _middle(y), y[len(y) // 2 :]
    se_mean, tail = _error(y, len(y)), y[-max(last, 1) :]
    fall, size = _known(y[0] - y[-1]), float(np.abs(half).max())
    return Description(
        *counts,
        mean=mean,
        sd=sd,
        variance=_known(y.var(ddof=1)) if len(y) > 1 else None,
        cv=_cv(mean, sd, se_mean, len(y)) if true_zero else None,
        median=median,
        mad=None if median is None else _known(MAD_TO_SD * np.median(np.abs(y - median))),
        min=float(y.min()),
        min_x=float(x[y.argmin()]),
        max=float(y.max()),
        max_x=float(x[y.argmax()]),
        first=float(y[0]),
        last=float(y[-1]),
        final=_known(tail.mean()),
        final_n=len(tail),
        final_se=_error(half, len(tail)),
        noise_sd=_known(noise_sd(half)),
        rho=lag1(half / size) if size and len(half) > 2 else None,
        se_mean=se_mean,
        improvement=fall,
        improvement_percent=_known(100.0 * fall / y[0]) if fall is not None and y[0] else None,
    )


def _middle(y: Floats) -> float | None:
    """The median; two huge values in the middle have a mean all the same."""
    return _known(2.0 * float(np.median(y / 2.0)))


def _error(y: Floats, n: int) -> float | None:
    """The error of a mean of n values whose noise is that of `y`; None when `y` is too short to tell."""
    if len(y) < LEAST_POINTS:
        return None
    size = float(np.abs(y).max())
    # In units of the largest value, so that no square overflows.
    bins = bin_means(y / size, BINS) if size else np.zeros(BINS)
    return _known(size * math.sqrt(long_run_variance(bins).variance / len(bins) * len(y) / n))


def _cv(mean: float | None, sd: float | None, se: float | None, n: int) -> float | None:
    """Sd / |mean|, unless the mean may as well be zero."""
    if mean is None or sd is None:
        return None
    se = sd / math.sqrt(n) if se is None else se
    return _known(sd / abs(mean)) if abs(mean) > 2.0 * se and mean else None


def _known(value: float | np.floating | None) -> float | None:
    """A plain finite float, or None for what overflowed."""
    return float(value) if value is not None and math.isfinite(value) else None
