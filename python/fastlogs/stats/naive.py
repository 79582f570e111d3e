"""The figures that scripts of this kind print, as they print them, labelled for what they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from fastlogs.stats.floats import MAD_TO_SD, Floats
from fastlogs.stats.smooth import running_median
from fastlogs.stats.student import two_sided

STEPS_ARE_NOT_SAMPLES = (
    "treats the steps of a run as independent samples: on runs that do not differ it alarms up to 90 % of the time"
)
_NEVER_ZERO = 1e-8


@dataclass(frozen=True, slots=True)
class Statistics:
    """A curve's figures with n in the denominator (ddof 0); the spread is mostly the curve's descent, not its noise."""

    mean: float | None = None
    sd: float | None = None
    variance: float | None = None
    cv: float | None = None
    min: float | None = None
    max: float | None = None
    initial: float | None = None
    final: float | None = None
    improvement_percent: float | None = None


@dataclass(frozen=True, slots=True)
class StudentT:
    """Student's t over all steps of two runs; `caution` says why it cannot be believed."""

    t: float | None
    p: float | None
    label: Literal["highly significant", "significant", "not significant"] | None
    caution: str = STEPS_ARE_NOT_SAMPLES


@dataclass(frozen=True, slots=True)
class CohensD:
    """Cohen's d over all steps of two runs, baseline - candidate; positive when the baseline is higher."""

    d: float | None
    label: Literal["large", "medium", "small"] | None
    caution: str = STEPS_ARE_NOT_SAMPLES


@dataclass(frozen=True, slots=True)
class RatioDivergence:
    """The first axis value at which one run is `ratio` times the other, and which of them is the higher."""

    x: float
    ratio: float
    higher: Literal["baseline", "candidate"]


@dataclass(frozen=True, slots=True)
class RowConvergence:
    """Slope per row and spread of the last rows, in absolute units, and whether both are small."""

    slope: float | None
    stability: float | None
    converged: bool


def statistics(values: npt.ArrayLike) -> Statistics:
    """The figures of the finite values; the CV is None where they would print 0 for a mean that is not positive.

    >>> statistics([4.0, 2.0]).improvement_percent
    50.0
    """
    y = _finite(values)
    if not len(y):
        return Statistics()
    mean, sd, first, last = float(y.mean()), float(y.std()), float(y[0]), float(y[-1])
    return Statistics(
        mean=mean,
        sd=sd,
        variance=float(y.var()),
        cv=sd / mean if mean > 0.0 else None,
        min=float(y.min()),
        max=float(y.max()),
        initial=first,
        final=last,
        improvement_percent=(first - last) / first * 100.0 if first else None,
    )


def student_t(baseline: npt.ArrayLike, candidate: npt.ArrayLike) -> StudentT:
    """Student's t with equal variances, baseline - candidate, every step a sample; None without two values an arm.

    >>> student_t([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]).label
    'not significant'
    """
    a, b = _finite(baseline), _finite(candidate)
    df = len(a) + len(b) - 2
    if min(len(a), len(b)) < 2:
        return StudentT(None, None, None)
    pooled = (len(a) * float(a.var()) + len(b) * float(b.var())) / df
    se = math.sqrt(pooled * (1.0 / len(a) + 1.0 / len(b)))
    if se == 0.0 or not math.isfinite(se):
        return StudentT(None, None, None)
    t = float(a.mean() - b.mean()) / se
    p = two_sided(t, df)
    return StudentT(t, p, "highly significant" if p < 0.001 else "significant" if p < 0.05 else "not significant")


def cohens_d(baseline: npt.ArrayLike, candidate: npt.ArrayLike) -> CohensD:
    """Cohen's d with the root of the mean of both variances (ddof 0), and its usual label.

    >>> cohens_d([1.0, 3.0], [0.0, 2.0]).label
    'large'
    """
    a, b = _finite(baseline), _finite(candidate)
    if not (len(a) and len(b)):
        return CohensD(None, None)
    sd = math.sqrt((float(a.var()) + float(b.var())) / 2.0)
    if sd == 0.0 or not math.isfinite(sd):
        return CohensD(None, None)
    d = float(a.mean() - b.mean()) / sd
    return CohensD(d, "large" if abs(d) > 0.8 else "medium" if abs(d) > 0.5 else "small")


def ratio_divergence(
    xa: npt.ArrayLike,
    ya: npt.ArrayLike,
    xb: npt.ArrayLike,
    yb: npt.ArrayLike,
    *,
    threshold: float = 2.0,
    both_ways: bool = True,
    sustained: int = 1,
) -> RatioDivergence | None:
    """The first common axis value at which a run is over `threshold` times the other, for `sustained` values in a row.

    `both_ways=False` is the original's: only a baseline above the candidate counts. None when it never happens.

    >>> ratio_divergence([0, 1, 2], [4, 4, 4], [0, 1, 2], [4, 9, 1]).higher
    'candidate'
    """
    x, a, b = _together(xa, ya, xb, yb)
    with np.errstate(all="ignore"):
        down, up = a / (b + _NEVER_ZERO), b / (a + _NEVER_ZERO)
    hits = [_first_run(r > threshold, sustained) for r in ((down, up) if both_ways else (down,))]
    found = [(hit, way) for way, hit in enumerate(hits) if hit is not None]
    if not found:
        return None
    at, way = min(found)
    return RatioDivergence(float(x[at]), float((down, up)[way][at]), "candidate" if way else "baseline")


def jumps(values: npt.ArrayLike, threshold: float = 2.0) -> tuple[int, ...]:
    """The rows before which the curve jumps: its first differences whose z-score is over the threshold.

    On any smooth descent these are its first rows; `outliers` does without that. One value that is not finite, or a
    straight line, gives none, as in the original.

    >>> jumps([0, 0, 0, 0, 0, 0, 9, 9, 9, 9])
    (5,)
    """
    steps = np.diff(np.asarray(values, dtype=np.float64))
    with np.errstate(all="ignore"):
        sd = float(steps.std()) if len(steps) else 0.0
        if not sd > 0.0 or not math.isfinite(sd):
            return ()
        far = np.abs((steps - steps.mean()) / sd) > threshold
    return tuple(int(i) for i in np.flatnonzero(far))


def outliers(values: npt.ArrayLike, threshold: float = 5.0, *, window: int = 51) -> tuple[int, ...]:
    """The rows that stand out from the line between their neighbours by so many local deviations (MAD).

    A descent has none, and values that are not finite are passed over.

    >>> outliers([5, 4, 3.2, 2.6, 9.1, 1.8, 1.5, 1.3, 1.2, 1.15, 1.1])
    (4,)
    """
    given = np.asarray(values, dtype=np.float64)
    rows = np.flatnonzero(np.isfinite(given))
    y = given[rows]
    if len(y) < 7:
        return ()
    apart = _from_neighbours(y)
    scale = MAD_TO_SD * running_median(np.abs(apart), window)
    # Where the curve is steep and has no noise its bend is all that is left, and is less than its fall.
    fall = np.abs(np.concatenate([[0.0], y[2:] - y[:-2], [0.0]]))
    rounding = 1e-12 * np.abs(y).max()
    far = np.abs(apart) > np.maximum(np.maximum(threshold * scale, 2.0 * fall), rounding)
    return tuple(int(i) for i in rows[far])


def row_convergence(values: npt.ArrayLike, window: int = 3) -> RowConvergence:
    """Whether the last rows have a slope under 0.1 a row and a spread under 1.0, whatever the unit and the sign.

    `stats.state` is the answer that does not depend on the unit or on how often values were logged.

    >>> row_convergence([9.0, 3.09, 3.18, 3.27]).converged
    True
    """
    y = _finite(values)[-window:]
    if len(y) < 2:
        return RowConvergence(None, None, False)
    u = np.arange(len(y)) - (len(y) - 1) / 2.0
    slope, spread = float(u @ y / (u @ u)), float(y.std())
    return RowConvergence(slope, spread, abs(slope) < 0.1 and spread < 1.0)


def gap_grew(baseline: float, candidate: float, *, factor: float = 1.5, original: bool = False) -> bool:
    """Whether the candidate's gap between evaluation and training exceeds the baseline's by half.

    Of negative gaps the original compares the products, which turns its sense around; here the growth is compared with
    the size of the baseline's gap, which is the same for positive ones.

    >>> gap_grew(-0.1, -0.12), gap_grew(-0.1, -0.12, original=True)
    (False, True)
    """
    if original:
        return candidate > factor * baseline
    return candidate - baseline > (factor - 1.0) * abs(baseline)


def step_time(times: npt.ArrayLike, warm_up: int = 15) -> tuple[float, float, int] | None:
    """Mean and sd (ddof 0) of the step times after so many entries, and how many those are; None when none are left.

    >>> step_time([900.0, 10.0, 12.0], warm_up=1)
    (11.0, 1.0, 2)
    """
    left = _finite(np.asarray(times, dtype=np.float64)[max(warm_up, 0) :])
    return (float(left.mean()), float(left.std()), len(left)) if len(left) else None


def _finite(values: npt.ArrayLike) -> Floats:
    y = np.asarray(values, dtype=np.float64)
    return y[np.isfinite(y)]


def _together(
    xa: npt.ArrayLike, ya: npt.ArrayLike, xb: npt.ArrayLike, yb: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Both runs at the axis values they share; of a repeated one the first row counts."""
    x, at_a, at_b = np.intersect1d(
        np.asarray(xa, dtype=np.float64), np.asarray(xb, dtype=np.float64), return_indices=True
    )
    return x, np.asarray(ya, dtype=np.float64)[at_a], np.asarray(yb, dtype=np.float64)[at_b]


def _first_run(hits: npt.NDArray[np.bool_], length: int) -> int | None:
    """Where the first stretch of so many hits begins."""
    length = max(length, 1)
    if len(hits) < length:
        return None
    whole = np.lib.stride_tricks.sliding_window_view(hits, length).all(axis=1)
    return int(whole.argmax()) if whole.any() else None


def _from_neighbours(y: Floats) -> Floats:
    """Each value less the median of the middles of its three nearest pairs of neighbours; 0 for the first and last."""
    middles = np.full((3, len(y)), np.nan)
    for row, k in enumerate((1, 2, 3)):
        middles[row, k:-k] = (y[: -2 * k] + y[2 * k :]) / 2.0
    middles[:, [0, -1]] = y[[0, -1]]
    return np.asarray(y - np.nanmedian(middles, axis=0))
