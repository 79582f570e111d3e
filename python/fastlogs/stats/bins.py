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


def block_medians(y: Floats, blocks: int) -> Floats:
    """Medians of `blocks` stretches of one length; the points left over are the first.

    >>> block_medians(np.array([9.0, 1.0, 2.0, 6.0, 5.0, 7.0, 7.0]), 2).tolist()
    [2.0, 7.0]
    """
    blocks = min(blocks, len(y))
    if blocks == 0:
        return np.empty(0)
    medians: Floats = np.median(y[len(y) % blocks :].reshape(blocks, -1), axis=1)
    return medians


def running_median(y: Floats, width: int, *, mirror: bool) -> Floats:
    """The median of the `width` points around each; beyond an end the series is mirrored, or its end repeated.

    >>> running_median(np.array([1.0, 9.0, 2.0, 3.0]), 3, mirror=False).tolist()
    [1.0, 2.0, 3.0, 3.0]
    """
    from scipy.ndimage import median_filter

    medians: Floats = median_filter(y, width, mode="reflect" if mirror else "nearest")
    return medians
