"""Smoothing, for the eye only: no test, effect or final value is ever taken from a smoothed curve."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastlogs.stats import bins
from fastlogs.stats.floats import Floats

# The decay within one vectorised stretch stays well inside what a float holds.
_DEEPEST = 300.0


def ema(y: npt.ArrayLike, weight: float, *, x: npt.ArrayLike | None = None) -> Floats:
    """The debiased exponential moving average; weight 0 is the raw curve.

    With `x` it is time-weighted: a gap of k usual steps forgets as much as k points. Values that are not finite stay
    where they are and are left out of the average. ValueError unless 0 <= weight < 1.

    >>> ema([1.0, 3.0], 0.5).round(4).tolist()
    [1.0, 2.3333]
    """
    if not 0.0 <= weight < 1.0:
        raise ValueError(f"wanted a weight of at least 0 and below 1, found {weight!r}")
    values = np.array(y, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(values))
    if weight == 0.0 or len(known) < 2:
        return values
    forgotten = _gaps(known, x) * -np.log(weight)
    top, bottom = _discounted(values[known], forgotten), _discounted(np.ones(len(known)), forgotten)
    values[known] = top / bottom
    return values


def _gaps(known: npt.NDArray[np.intp], x: npt.ArrayLike | None) -> Floats:
    """How many usual steps each point is after the one before."""
    if x is None:
        # A value that is missing forgets nothing.
        return np.concatenate([np.zeros(1), np.ones(len(known) - 1)])
    at: Floats = np.asarray(x, dtype=np.float64)[known]
    span = float(at[-1] - at[0])
    gaps = np.diff(at, prepend=at[0]) * ((len(at) - 1) / span if span > 0.0 else 0.0)
    kept: Floats = np.maximum(np.nan_to_num(gaps), 0.0)
    return kept


def _discounted(values: Floats, forgotten: Floats) -> Floats:
    """s_i = s_(i-1) * exp(-forgotten_i) + values_i, a stretch at a time."""
    age = np.cumsum(forgotten)
    out = np.empty_like(values)
    first, carried = 0, 0.0
    while first < len(values):
        last = max(int(np.searchsorted(age, age[first] + _DEEPEST, side="right")), first + 1)
        since = age[first:last] - age[first]
        carried *= float(np.exp(-forgotten[first]))
        out[first:last] = (carried + np.cumsum(values[first:last] * np.exp(since))) * np.exp(-since)
        first, carried = last, float(out[last - 1])
    return out


def moving_average(y: npt.ArrayLike, window: int, *, centred: bool = True, partial: bool = True) -> Floats:
    """The mean of `window` points around each (or up to each); at the ends of those there are, or NaN unless `partial`.

    A window of 1 or less is the raw curve; values that are not finite are left out.

    >>> moving_average([1.0, 2.0, 6.0], 3).tolist()
    [1.5, 3.0, 4.0]
    """
    values = np.array(y, dtype=np.float64)
    if window <= 1 or not len(values):
        return values
    whole = np.isfinite(values)
    # Around the middle, so that the running sums do not cancel.
    middle = float(np.median(values[whole])) if whole.any() else 0.0
    first, last = _window(len(values), window, centred)
    total = _sums(np.where(whole, values, middle) - middle, first, last)
    count = _sums(whole.astype(np.float64), first, last)
    short = (last - first) < window
    means: Floats = np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0) + middle
    return np.where(short & (not partial), np.nan, means)


def running_median(y: npt.ArrayLike, window: int) -> Floats:
    """The median of `window` points around each, at the ends of those there are; 1 or less is the raw curve.

    >>> running_median([1.0, 9.0, 2.0, 3.0], 3).tolist()
    [5.0, 2.0, 3.0, 2.5]
    """
    values = np.array(y, dtype=np.float64)
    if window <= 1 or not len(values):
        return values
    if window % 2 and window <= len(values) and np.isfinite(values).all():
        return _odd_median(values, window)
    before, after = window // 2, window - 1 - window // 2
    held = np.where(np.isfinite(values), values, np.nan)
    padded = np.pad(held, (before, after), constant_values=np.nan)
    rows = np.lib.stride_tricks.sliding_window_view(padded, window)
    known = np.isfinite(rows).any(axis=1)
    values[known] = np.nanmedian(rows[known], axis=1)
    return values


def _odd_median(values: Floats, window: int) -> Floats:
    """The same by ranks, a hundred times faster; only the ends are told one by one."""
    half = window // 2
    medians = bins.running_median(values, window, mirror=False)
    for i in range(half):
        medians[i], medians[-1 - i] = np.median(values[: i + half + 1]), np.median(values[-1 - i - half :])
    return medians


def _window(n: int, window: int, centred: bool) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    before = window // 2 if centred else window - 1
    at = np.arange(n)
    return np.maximum(at - before, 0), np.minimum(at - before + window, n)


def _sums(y: Floats, first: npt.NDArray[np.intp], last: npt.NDArray[np.intp]) -> Floats:
    running = np.r_[0.0, np.cumsum(y)]
    sums: Floats = running[last] - running[first]
    return sums
