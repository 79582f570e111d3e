"""Which of two arms is faster, from whatever the logs say of time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from fastlogs._compare.arms import Arm
from fastlogs._compare.options import Options
from fastlogs._compare.series import Curves, Floats
from fastlogs._metrics import SECONDS
from fastlogs.stats import seeds
from fastlogs.stats.speed import Ratio, Speed, Verdict, speed, warm_up


@dataclass(frozen=True, slots=True)
class Pace:
    """The speed of two arms: `metric` is what tells it, `speed` that of their first runs; seeds give the ratios."""

    metric: str
    unit: str | None
    speed: Speed
    typical: Ratio
    effective: Ratio


def measure(baseline: Arm, candidate: Arm, options: Options) -> Pace | None:
    """The speed by step time, else by throughput, else by the clock; none when the arms have none in common."""
    for role in ("step_time", "throughput", "clock"):
        a, b = (_times(arm, role) for arm in (baseline, candidate))
        if a and b:
            return _pace(role, baseline, a, b, options)
    return None


def _pace(role: str, baseline: Arm, a: list[Floats], b: list[Floats], options: Options) -> Pace:
    metric = baseline.curves[0].of_role(role) or "wall_time"
    unit = baseline.unit(metric) if role == "throughput" else "s"
    found = speed(a[0], b[0], skip=options.warmup_steps)
    if len(a) == len(b) == 1:
        return Pace(metric, unit, found, found.typical, found.effective)
    steady = [[_steady(times, options.warmup_steps) for times in arm] for arm in (a, b)]
    typical, effective = (_across(steady, middle, options) for middle in (np.median, np.mean))
    return Pace(metric, unit, replace(found, reason=None), typical, effective)


def _steady(times: Floats, skip: int | None) -> Floats:
    skipped = warm_up(times) if skip is None else min(skip, times.size - 1)
    return times[skipped:]


def _across(arms: list[list[Floats]], middle: Callable[[Floats], np.floating], options: Options) -> Ratio:
    """The ratio over seeds: the run is the unit, its middle time on the log scale."""
    logs = [[math.log(float(middle(times))) for times in arm] for arm in arms]
    found = seeds.between(*logs, paired_seeds=options.paired)
    if found.p is None or found.difference is None:
        ratio = None if found.difference is None else math.exp(-found.difference)
        return Ratio(ratio, None, None, None, "not_enough_evidence")
    low, high = found.interval(0.95) or (0.0, 0.0)
    sure: Verdict = "faster" if found.difference < 0 else "slower"
    claim: Verdict = sure if found.p < 0.05 else "no_difference_found"
    return Ratio(math.exp(-found.difference), math.exp(-high), math.exp(-low), found.p, claim)


def _times(arm: Arm, role: str) -> list[Floats]:
    """The time of each step of every run of an arm; empty when one has none."""
    made = [_clock(curves) if role == "clock" else _logged(curves, role) for curves in arm.curves]
    return [] if any(times is None for times in made) else [times for times in made if times is not None]


def _logged(curves: Curves, role: str) -> Floats | None:
    metric = curves.of_role(role)
    if metric is None:
        return None
    values = curves.series(metric).y
    there = values > 0
    values = values if there.all() else values[there]
    if not values.size:
        return None
    return 1.0 / values if role == "throughput" else values * seconds(curves.run.units.get(metric, "s"))


def seconds(unit: str) -> float:
    """How long a unit of time is; a unit that nobody knows counts as a second."""
    return SECONDS.get(unit, 1.0)


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
