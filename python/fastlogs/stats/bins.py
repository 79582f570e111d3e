"""Cuts a series into stretches and says one number of each."""

from __future__ import annotations

from fastlogs._core import numbers
from fastlogs.stats.floats import Floats


def bin_means(y: Floats, bins: int) -> Floats:
    """Means of `bins` stretches of equal length (to a point); of each point when there are fewer points than bins.

    >>> bin_means(np.array([1.0, 3.0, 5.0, 7.0]), 2).tolist()
    [2.0, 6.0]
    """
    return numbers.bin_means(y, bins)


def block_medians(y: Floats, blocks: int) -> Floats:
    """Medians of `blocks` stretches of one length; the points left over are the first.

    >>> block_medians(np.array([9.0, 1.0, 2.0, 6.0, 5.0, 7.0, 7.0]), 2).tolist()
    [2.0, 7.0]
    """
    return numbers.block_medians(y, blocks)


def median(y: Floats) -> float:
    """The middle value; NaN of none.

    >>> median(np.array([3.0, 1.0, 9.0]))
    3.0
    """
    return numbers.median(y)


def quantile(y: Floats, share: float) -> float:
    """The value that a share of the values are below, on the line between its neighbours; NaN of none.

    >>> quantile(np.array([1.0, 2.0, 4.0]), 0.75)
    3.0
    """
    return numbers.quantile(y, share)


def running_median(y: Floats, width: int, *, mirror: bool) -> Floats:
    """The median of the `width` points around each; beyond an end the series is mirrored, or its end repeated.

    >>> running_median(np.array([1.0, 9.0, 2.0, 3.0]), 3, mirror=False).tolist()
    [1.0, 2.0, 3.0, 3.0]
    """
    return numbers.running_median(y, width, mirror=mirror)
