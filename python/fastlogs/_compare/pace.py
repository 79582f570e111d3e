"""Which of two arms is faster, from whatever the logs say of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fastlogs._compare.arms import Arm
from fastlogs._compare.options import Options
from fastlogs._compare.series import Curves, Floats
from fastlogs.stats.speed import Ratio, Speed, speed
from fastlogs.stats import seeds

# Seconds in the units that step times are printed in.
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Pace:
    """The speed of two arms: `metric` is what it was taken from, times in seconds where the unit is known."""

    metric: str
    unit: str | None
    speed: Speed
    times: tuple[tuple[Floats, ...], tuple[Floats, ...]]
    across: seeds.Estimate | None = None
    pooled: tuple[Ratio, Ratio] | None = None

    @property
    def typical(self) -> Ratio:
        return self.speed.typical if self.pooled is None else self.pooled[0]

    @property
    def effective(self) -> Ratio:
        return self.speed.effective if self.pooled is None else self.pooled[1]


def measure(baseline: Arm, candidate: Arm, options: Options) -> Pace | None:
    """The speed by step time, else by throughput, else by the clock; none when the arms have none in common."""
    for role in ("step_time", "throughput", "clock"):
        arms = [_times(arm, role) for arm in (baseline, candidate)]
        if all(arms):
            return _pace(role, baseline, *arms, options)
    return None


def _pace(role: str, baseline: Arm, a: list[Floats], b: list[Floats], options: Options) -> Pace:
    metric = baseline.curves[0].of_role(role) or "wall_time"
    unit = "s" if role != "throughput" else baseline.unit(metric)
    found = speed(a[0], b[0], skip=options.warmup_steps)
    return Pace(metric, unit, found, (tuple(a), tuple(b)))


def _times(arm: Arm, role: str) -> list[Floats]:
    """A run's time of each step, for every run of an arm; empty when one has none."""
    made = [_clock(curves) if role == "clock" else _logged(curves, role) for curves in arm.curves]
    return [times for times in made if times is not None] if all(m is not None for m in made) else []


def _logged(curves: Curves, role: str) -> Floats | None:
    metric = curves.of_role(role)
    if metric is None:
        return None
    values = curves.series(metric).y
    values = values[values > 0]
    if not values.size:
        return None
    return 1.0 / values if role == "throughput" else values * _SECONDS.get(curves.run.units.get(metric, "s"), 1.0)


def _clock(curves: Curves) -> Floats | None:
    """The time between lines, shared out over the steps between them."""
    for name in ("elapsed", "wall_time"):
        if name in curves.run.metrics.columns:
            along = curves.column(name)
            if along.dtype.is_temporal():
                along = along.dt.epoch("us") / 1e6
            gaps = np.diff(along.to_numpy()) / np.maximum(np.diff(curves.steps), 1)
            gaps = gaps[np.isfinite(gaps) & (gaps > 0)]
            return gaps if gaps.size else None
    return None
