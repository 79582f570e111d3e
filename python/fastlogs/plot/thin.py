"""What a picture needs of a long series: of each pixel column the lowest and the highest point."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from fastlogs.stats.floats import Floats

Places: TypeAlias = npt.NDArray[np.intp]


def thin(x: Floats, y: Floats, columns: int) -> Places:
    """The places to draw: the first, the last, and the extremes of each of `columns` columns of equal width along `x`.

    `x` rises. A column with no finite value keeps its first, so that the line breaks there. At most two points a
    column are kept as they are.

    >>> thin(np.arange(8.0), np.array([0.0, 5, 1, 2, 3, 9, 4, 0]), 2).tolist()
    [0, 1, 5, 7]
    """
    columns = max(columns, 1)
    if len(x) <= 2 * columns:
        return np.arange(len(x))
    edges = np.searchsorted(x, x[0] + (x[-1] - x[0]) * (np.arange(1, columns) / columns), side="left")
    starts = np.unique(np.concatenate([[0], edges]))
    starts = starts[starts < len(x)]
    places = [place for first, last in zip(starts, [*starts[1:], len(x)], strict=True) for place in _two(y, first, last)]
    return np.unique(np.array([0, *places, len(x) - 1], dtype=np.intp))


def _two(y: Floats, first: int, last: int) -> tuple[int, int]:
    """Where the lowest and the highest finite value are; the first place when there is none."""
    part = y[first:last]
    low, high = int(part.argmin()), int(part.argmax())
    if not (np.isfinite(part[low]) and np.isfinite(part[high])):
        finite = np.isfinite(part)
        low = int(np.where(finite, part, np.inf).argmin())
        high = int(np.where(finite, part, -np.inf).argmax())
    return first + low, first + high
