"""What a run counts with: the mean of its last tenth, its best value, or its last."""

from __future__ import annotations

import math

from fastlogs._metrics import Goal
from fastlogs._sweep.glance import Curve as Curve
from fastlogs._sweep.glance import Glance
from fastlogs._sweep.options import Score
from fastlogs.stats.final import Final, final


def worth(glance: Glance, goal: Goal, score: Score) -> Final:
    """The value of a run, with the error of a mean.

    >>> worth(Glance("a", curve=Curve(np.arange(3.0), np.array([3.0, 1.0, 2.0]), 3)), "low", "best").value
    1.0
    """
    curve = glance.curve
    if score == "final" or not len(curve.y):
        return final(curve.x, curve.y)
    if score == "last":
        return Final(float(curve.y[-1]), 1)
    fact = glance.fact(glance.metric)
    kept = None if fact is None else fact["max" if goal == "high" else "min"]
    value = float(curve.y.max() if goal == "high" else curve.y.min()) if kept is None else float(kept)
    return Final(value, 1) if math.isfinite(value) else Final(None, 0)
