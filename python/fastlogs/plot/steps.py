"""How long each step of a run took, from whatever its log says of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastlogs._compare.pace import seconds
from fastlogs.stats.speed import warm_up

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._compare.series import Curves
    from fastlogs.stats.floats import Floats


@dataclass(frozen=True, slots=True)
class Steps:
    """Seconds a step along the axis; the first `skipped` are warm-up."""

    x: Floats
    seconds: Floats
    skipped: int


def steps(curves: Curves, warmup_steps: int | None = None) -> Steps | None:
    """A run's step times as logged, else from its clock; none when the log says nothing of time."""
    found = _logged(curves) or _clock(curves)
    if found is None:
        return None
    x, seconds = found
    kept = np.isfinite(seconds) & (seconds > 0)
    if not kept.all():
        x, seconds = x[kept], seconds[kept]
    if not seconds.size:
        return None
    skipped = warm_up(seconds) if warmup_steps is None else warmup_steps
    return Steps(x, seconds, min(skipped, seconds.size - 1))


def _logged(curves: Curves) -> tuple[Floats, Floats] | None:
    metric = curves.of_role("step_time")
    if metric is None or not curves.series(metric).x.size:
        return None
    found = curves.series(metric)
    return found.x, found.y * seconds(curves.run.units.get(metric, "s"))


def _clock(curves: Curves) -> tuple[Floats, Floats] | None:
    """The time between lines, shared out over the steps between them."""
    for name in ("elapsed", "wall_time", "time_elapsed_seconds", "elapsed_seconds"):
        if name in curves.table.columns:
            return _between(curves, curves.column(name))
    return None


def _between(curves: Curves, clock: pl.Series) -> tuple[Floats, Floats] | None:
    tick = 1.0
    if clock.dtype.is_temporal():
        clock, tick = clock.dt.epoch("us"), 1e-6
    counted, x = curves.steps, curves.places
    if clock.null_count():
        known = clock.is_not_null().to_numpy()
        clock, counted, x = clock.drop_nulls(), counted[known], x[known]
    if clock.len() < 2:
        return None
    return x[1:], np.diff(clock.to_numpy()) * tick / np.maximum(np.diff(counted), 1)


def unit_of(middle: float) -> tuple[str, float]:
    """The unit that times about so many seconds are told in, and how many of it a second has."""
    return ("µs", 1e6) if middle < 1e-3 else ("ms", 1e3) if middle < 1 else ("s", 1.0)
