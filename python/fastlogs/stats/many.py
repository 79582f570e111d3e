"""Many tests at once: p-values adjusted so that looking at many does not find what is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """The q-values: flagging q < .05 keeps false finds at 5 % of all finds. Tests without a p count as not made.

    >>> benjamini_hochberg([0.01, None, 0.04, 0.03])
    (0.03, None, 0.04, 0.04)
    """
    return _adjusted(p, _stepped_up)


def holm(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """The adjusted p-values under which any false find at all has a chance of at most the level.

    >>> holm([0.01, None, 0.04, 0.03])
    (0.03, None, 0.06, 0.06)
    """
    return _adjusted(p, _stepped_down)


def _adjusted(p: Sequence[float | None], adjust: Callable[[_Floats], _Floats]) -> tuple[float | None, ...]:
    made = [i for i, value in enumerate(p) if value is not None and value == value]
    values = np.array([p[i] for i in made], dtype=np.float64)
    order = np.argsort(values, kind="stable")
    adjusted: list[float | None] = [None] * len(p)
    for rank, value in zip(order, adjust(values[order]), strict=True):
        adjusted[made[rank]] = float(min(value, 1.0))
    return tuple(adjusted)


def _stepped_up(ordered: _Floats) -> _Floats:
    scaled = ordered * len(ordered) / np.arange(1, len(ordered) + 1)
    return np.minimum.accumulate(scaled[::-1])[::-1]


def _stepped_down(ordered: _Floats) -> _Floats:
    return np.maximum.accumulate(ordered * np.arange(len(ordered), 0, -1))
