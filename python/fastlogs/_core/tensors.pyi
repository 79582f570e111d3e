"""Sums over tensors of any library that shares its memory by DLPack."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["measure"]

def measure(
    new: Sequence[Any],
    old: Sequence[Any] | None = None,
    *,
    bounds: Sequence[float] = ...,
    signs: bool = False,
    refresh: bool = False,
    threads: int | None = None,
) -> NDArray[np.float64]: ...
