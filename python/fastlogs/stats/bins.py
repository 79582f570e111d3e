"""Cuts a series into stretches of equal length and says one number of each."""

from __future__ import annotations

import numpy as np

from fastlogs.stats.floats import Floats


def bin_means(y: Floats, bins: int) -> Floats:
    """Means of `bins` stretches of equal length (to a point); of each point when there are fewer points than bins.

    >>> bin_means(np.array([1.0, 3.0, 5.0, 7.0]), 2).tolist()
    [2.0, 6.0]
    """
    bins = min(bins, len(y))
    if bins == 0:
        return np.empty(0)
    edges = np.arange(bins + 1) * len(y) // bins
    means: Floats = np.add.reduceat(y, edges[:-1]) / np.diff(edges)
    return means
