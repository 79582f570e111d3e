"""What a picture needs of a long series: of each pixel column the lowest and the highest point."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from fastlogs._core import numbers
from fastlogs.stats.floats import Floats

Places: TypeAlias = npt.NDArray[np.int64]


def thin(x: Floats, y: Floats, columns: int) -> Places:
    """The places to draw: the first, the last, and the extremes of each of `columns` columns of equal width along `x`.

    `x` rises. A column with no finite value keeps its first, so that the line breaks there. At most two points a
    column are kept as they are.

    >>> thin(np.arange(8.0), np.array([0.0, 5, 1, 2, 3, 9, 4, 0]), 2).tolist()
    [0, 1, 5, 7]
    """
    return numbers.thin(x, y, max(columns, 1))
