"""Quality against cost: which runs no other beats in both, as far as their noise lets one say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from fastlogs.stats.floats import Floats
from fastlogs.stats.student import reach

_ROWS = 500
_FREE = 1e6  # degrees of freedom of what counts as known

Place = Literal["on", "possibly", "dominated", "unknown"]


@dataclass(frozen=True, slots=True)
class Pareto:
    """The place of each run on the front, and the run at its knee: where both relative losses are about equal."""

    places: tuple[Place, ...]
    knee: int | None

    @property
    def front(self) -> tuple[int, ...]:
        return tuple(at for at, place in enumerate(self.places) if place == "on")


def pareto(
    quality: npt.ArrayLike,
    cost: npt.ArrayLike,
    *,
    quality_se: npt.ArrayLike = 0.0,
    cost_se: npt.ArrayLike = 0.0,
    margin: float = 0.0,
    tie: float = 0.01,
) -> Pareto:
    """Places by quality and cost, both better when low: `on` the front, `possibly` on it, or `dominated`.

    A run is possibly on it when no other beats it in both beyond the 90 % intervals of the differences (and `margin`).
    Costs within a share `tie` of one another count as equal. One that is not finite in either is `unknown`.

    >>> pareto([1.0, 2.0, 3.0, 2.9], [3.0, 1.0, 1.5, 3.0], quality_se=0.5).places
    ('on', 'on', 'possibly', 'dominated')
    """
    every = [np.asarray(one, dtype=np.float64) for one in (quality, cost)]
    known = np.isfinite(every[0]) & np.isfinite(every[1])
    errors = (np.nan_to_num(np.asarray(se, dtype=np.float64)) for se in (quality_se, cost_se))
    q_se, c_se = (np.broadcast_to(se, known.shape)[known] for se in errors)
    told = iter(_beaten(every[0][known], every[1][known], q_se, c_se, margin, tie))
    places = tuple(_place(*next(told)) if there else "unknown" for there in known)
    return Pareto(places, _knee(every[0], every[1], [at for at, place in enumerate(places) if place == "on"]))


def _beaten(q: Floats, c: Floats, q_se: Floats, c_se: Floats, margin: float, tie: float) -> Iterator[tuple[bool, bool]]:
    """Whether each is beaten by some other as measured, and whether it surely is; some hundred runs at a time."""
    for start in range(0, len(q), _ROWS):
        rows = slice(start, start + _ROWS)
        worse, dearer = q[rows, None] - q, c[rows, None] - c
        even = tie * np.abs(c)
        seen = _wins(worse, dearer, 0.0, 0.0, even)
        surely = _wins(worse, dearer, _far(q_se[rows], q_se) + margin, _far(c_se[rows], c_se), even)
        yield from zip(np.any(seen, axis=1).tolist(), np.any(surely, axis=1).tolist(), strict=True)


def _wins(
    worse: Floats, dearer: Floats, bound: Floats | float, cost_bound: Floats | float, even: Floats
) -> npt.NDArray[np.bool_]:
    """Whether gaps beyond the bounds are a win: in one of the two, while the other is no worse."""
    by_quality = (worse > bound) & (dearer >= cost_bound - even)
    by_cost = (worse >= bound) & (dearer > cost_bound + even)
    won: npt.NDArray[np.bool_] = by_quality | by_cost
    return won


def _far(own: Floats, others: Floats) -> Floats:
    """How large the noise makes a gap, nine times in ten."""
    far: Floats = reach(0.90, _FREE) * np.sqrt(own[:, None] ** 2 + others**2)
    return far


def _place(beaten: bool, surely: bool) -> Place:
    return "dominated" if surely else ("possibly" if beaten else "on")


def _knee(q: Floats, c: Floats, front: list[int]) -> int | None:
    """The run of the front whose larger relative loss, in quality or in cost, is the smallest."""
    if len(front) < 3:
        return None
    losses = [(one[front] - one[front].min()) / (np.ptp(one[front]) or 1.0) for one in (q, c)]
    return front[int(np.maximum(*losses).argmin())]
