"""Quality against cost: which runs no other beats in both, as far as their noise lets one say."""

from __future__ import annotations

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
) -> Pareto:
    """Places by quality and cost, both better when low: `on` the front, `possibly` on it, or `dominated`.

    A run is possibly on it when no other is better in both beyond the 90 % interval of the difference (and `margin`).
    One whose quality or cost is not finite is `unknown`.

    >>> pareto([1.0, 2.0, 3.0, 2.9], [3.0, 1.0, 1.5, 3.0], quality_se=0.5).places
    ('on', 'on', 'possibly', 'dominated')
    """
    every = [np.asarray(one, dtype=np.float64) for one in (quality, cost)]
    known = np.isfinite(every[0]) & np.isfinite(every[1])
    q, c = every[0][known], every[1][known]
    errors = (np.nan_to_num(np.asarray(se, dtype=np.float64)) for se in (quality_se, cost_se))
    q_se, c_se = (np.broadcast_to(se, known.shape)[known] for se in errors)
    beaten = np.zeros(len(q), dtype=bool)
    surely = np.zeros(len(q), dtype=bool)
    for start in range(0, len(q), _ROWS):
        rows = slice(start, start + _ROWS)
        worse, dearer = q[rows, None] - q, c[rows, None] - c
        beaten[rows] = ((worse >= 0) & (dearer >= 0) & ((worse > 0) | (dearer > 0))).any(axis=1)
        far = _far(worse, q_se[rows, None], q_se, margin) & _far(dearer, c_se[rows, None], c_se, 0.0)
        surely[rows] = (far & ((worse > 0) | (dearer > 0))).any(axis=1)
    told = iter(zip(beaten, surely, strict=True))
    places = tuple(_place(*next(told)) if there else "unknown" for there in known)
    return Pareto(places, _knee(*every, [at for at, place in enumerate(places) if place == "on"]))


def _place(beaten: np.bool_, surely: np.bool_) -> Place:
    return "dominated" if surely else ("possibly" if beaten else "on")


def _far(gap: Floats, own: Floats, others: Floats, margin: float) -> npt.NDArray[np.bool_]:
    """Whether gaps exceed what noise makes; without noise, whether they are not negative."""
    bound = reach(0.90, _FREE) * np.sqrt(own**2 + others**2) + margin
    far: npt.NDArray[np.bool_] = gap >= bound
    return far


def _knee(q: Floats, c: Floats, front: list[int]) -> int | None:
    """The run of the front whose larger relative loss, in quality or in cost, is the smallest."""
    if len(front) < 3:
        return None
    losses = [(one[front] - one[front].min()) / (np.ptp(one[front]) or 1.0) for one in (q, c)]
    return front[int(np.maximum(*losses).argmin())]
