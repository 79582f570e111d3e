"""How strongly a curve is smoothed, and by what: a debiased average over all of its points."""

from __future__ import annotations

from fastlogs._core import numbers
from fastlogs.stats.floats import Floats

# Below this many points every one of them is worth seeing.
FEW = 40
_SHARE = 100


def points(n: int, asked: int | None) -> int:
    """Over how many points a curve of `n` is averaged: as asked, else a hundredth of it; 1 is not at all.

    >>> points(5000, None), points(30, None), points(5000, 10), points(5, 10)
    (50, 1, 10, 1)
    """
    window = asked if asked is not None else (n // _SHARE if n >= FEW else 1)
    return window if 1 < window <= n else 1


def smoothed(y: Floats, window: int) -> Floats:
    """The exponential average around each point, as steady as a mean of `window` points; it lags nowhere.

    What is not finite stays where it is and is passed over.

    >>> smoothed(np.array([0.0, 8.0, 0.0]), 5).round(2).tolist()
    [2.29, 4.0, 2.29]
    """
    # A kernel weight**distance has about the variance of `window` equal weights.
    return numbers.mean_around(y, (window - 1) / (window + 3)) if window > 1 else y
