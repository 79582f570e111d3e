"""Two runs in the figures of the usual scripts: last values, every step a sample, fixed warm-up; no valid tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastlogs._compare.pace import seconds
from fastlogs._compare.series import Curves, Series
from fastlogs.stats import naive

if TYPE_CHECKING:
    from fastlogs._compare.comparison import Pair

WARM_UP = 15
TAIL = 100


@dataclass(frozen=True, slots=True)
class StepTime:
    """Mean and sd (ddof 0) of the times after the warm-up, in the unit of the log."""

    mean: float
    sd: float
    steps: int
    unit: str


@dataclass(frozen=True, slots=True)
class Told:
    """One run: the statistics of its whole curve, its tail, its jumps, where its outliers are.

    `gap` is the last val less the last train loss.
    """

    statistics: naive.Statistics
    mean_last: float | None
    points_last: int
    jumps: int
    outliers: tuple[float, ...]
    converged: naive.RowConvergence
    step_time: StepTime | None
    gap: float | None


@dataclass(frozen=True, slots=True)
class Tested:
    """One metric of both runs, every step taken for a sample."""

    student: naive.StudentT
    cohen: naive.CohensD


@dataclass(frozen=True, slots=True)
class Classic:
    """What the usual scripts print of a pair; `parted` counts both ways, `parted_one_way` as the original does."""

    metric: str
    baseline: Told
    candidate: Told
    tests: Mapping[str, Tested]
    parted: naive.RatioDivergence | None
    parted_one_way: naive.RatioDivergence | None
    speed_up: float | None
    gap_grew: bool | None
    warm_up: int


def classic(pair: Pair) -> Classic:
    """The figures of the first run of each arm, on the deciding metric; the tests on every metric compared."""
    one, other = pair.baseline.curves[0], pair.candidate.curves[0]
    skip = WARM_UP if pair.options.warmup_steps is None else pair.options.warmup_steps
    a, b = (_told(curves, pair.primary, skip) for curves in (one, other))
    x = one.series(pair.primary), other.series(pair.primary)
    return Classic(
        metric=pair.primary,
        baseline=a,
        candidate=b,
        tests={name: _tested(one.series(name), other.series(name)) for name in pair.metrics},
        parted=_parted(*x, both_ways=True),
        parted_one_way=_parted(*x, both_ways=False),
        speed_up=_speed_up(a.step_time, b.step_time),
        gap_grew=None if a.gap is None or b.gap is None else naive.gap_grew(a.gap, b.gap),
        warm_up=skip,
    )


def _told(curves: Curves, metric: str, skip: int) -> Told:
    series = curves.series(metric)
    tail = series.y[-TAIL:]
    return Told(
        statistics=naive.statistics(series.y),
        mean_last=float(tail.mean()) if tail.size else None,
        points_last=tail.size,
        jumps=len(naive.jumps(series.logged_y)),
        outliers=tuple(float(series.logged_x[row]) for row in naive.outliers(series.logged_y)),
        converged=naive.row_convergence(series.y),
        step_time=_step_time(curves, skip),
        gap=_gap(curves),
    )


def _step_time(curves: Curves, skip: int) -> StepTime | None:
    metric = curves.of_role("step_time")
    found = naive.step_time(curves.series(metric).y, skip) if metric is not None else None
    return None if metric is None or found is None else StepTime(*found, curves.run.units.get(metric, "s"))


def _gap(curves: Curves) -> float | None:
    ends = [curves.series(name).y[-1:] for role in ("val_loss", "loss") if (name := curves.of_role(role))]
    return float(ends[0][0] - ends[1][0]) if len(ends) == 2 and all(end.size for end in ends) else None


def _tested(a: Series, b: Series) -> Tested:
    with np.errstate(all="ignore"):
        return Tested(naive.student_t(a.y, b.y), naive.cohens_d(a.y, b.y))


def _parted(a: Series, b: Series, *, both_ways: bool) -> naive.RatioDivergence | None:
    return naive.ratio_divergence(a.logged_x, a.logged_y, b.logged_x, b.logged_y, both_ways=both_ways)


def _speed_up(a: StepTime | None, b: StepTime | None) -> float | None:
    if a is None or b is None or not b.mean:
        return None
    return a.mean * seconds(a.unit) / (b.mean * seconds(b.unit))
