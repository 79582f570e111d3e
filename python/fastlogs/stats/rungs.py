"""May a run be stopped early? What a place along the runs foretells of their end, and whether one surely trails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastlogs.stats.correlation import ranks
from fastlogs.stats.floats import Floats
from fastlogs.stats.sequence import LEAST_BATCHES, radius

LEAST_RUNS = 10
_FORETELLS = 0.7


@dataclass(frozen=True, slots=True)
class Rung:
    """How the order of finished runs at one place agrees with their order at the end."""

    agreement: float | None
    n: int
    reason: str | None = None

    @property
    def foretells(self) -> bool:
        """Whether it is safe to judge by that place: a rank correlation of 0.7 and more in this sweep."""
        return self.agreement is not None and self.agreement >= _FORETELLS


def rung(early: npt.ArrayLike, final: npt.ArrayLike) -> Rung:
    """The rank correlation of values at one place with final values, over runs that have finished.

    >>> rung([3.0, 2.0, 1.0], [3.0, 2.0, 1.0]).reason
    '3 finished runs, 10 are needed'
    """
    a, b = np.asarray(early, dtype=np.float64), np.asarray(final, dtype=np.float64)
    there = np.isfinite(a) & np.isfinite(b)
    n = int(there.sum())
    if n < LEAST_RUNS:
        return Rung(None, n, f"{n} finished runs, {LEAST_RUNS} are needed")
    x, y = (one - one.mean() for one in (ranks(a[there]), ranks(b[there])))
    norm = float(np.sqrt((x @ x) * (y @ y)))
    return Rung(float(x @ y) / norm, n) if norm > 0 else Rung(None, n, "all are the same")


def trails(gaps: Floats, *, alpha: float = 0.05) -> bool:
    """Whether a run is behind for sure, however often one looks: `gaps` are means of batches, positive when behind.

    Of at least 12 batches, the first of which may still be the start that all runs share.

    >>> trails(np.full(20, 0.5) + np.random.default_rng(0).normal(0, 0.05, 20)), trails(np.zeros(5))
    (True, False)
    """
    if len(gaps) < LEAST_BATCHES:
        return False
    return float(gaps.mean()) > radius(gaps, alpha)
