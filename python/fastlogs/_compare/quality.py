"""One metric between two arms: the estimate, what these runs show, what can be said of the method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from fastlogs._compare.arms import Arm
from fastlogs._compare.options import Options
from fastlogs._compare.series import Floats, Series
from fastlogs._metrics import Goal, goal_of, role_of
from fastlogs.stats import seeds
from fastlogs.stats.divergence import Divergence, divergence
from fastlogs.stats.prepare import Aligned, align
from fastlogs.stats.verdict import LEVEL, Margin, Verdict, settled, verdict
from fastlogs.stats.within import Sensitivity, Within, within

# What is negligible unless somebody says otherwise, by role; a share of the baseline's final value.
_MARGINS = {"step_time": "1%", "throughput": "1%", "memory": "2%"}
_MARGIN = "0.5%"
# The share of the axis whose mean is a run's final value.
_FINAL = 0.1
# More non-finite values than this, and nothing is claimed.
_NONFINITE = 0.01
ONE_SEED = "one seed per arm; two seeds of the same config often differ by this much"
_SEVERAL = "several runs in an arm: the seeds answer, at the level of the method"


@dataclass(frozen=True, slots=True)
class Estimate:
    """The final values and their difference, candidate - baseline, with its interval."""

    baseline: float | None
    candidate: float | None
    difference: float | None
    low: float | None
    high: float | None
    level: float = 0.95

    @property
    def percent(self) -> float | None:
        """The difference as a share of the baseline."""
        return 100 * self.difference / abs(self.baseline) if self.difference is not None and self.baseline else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True, slots=True)
class Level:
    """What is claimed at one level, and on what ground."""

    verdict: Verdict
    reason: str
    p: float | None = None
    n_eff: float | None = None
    method: str = ""
    depends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quality:
    """One metric between two arms."""

    metric: str
    goal: Goal
    unit: str | None
    estimate: Estimate
    run_level: Level
    method_level: Level
    margin: float
    within: Within | None = None
    seeds: seeds.Estimate | None = None
    finals: tuple[Floats, Floats] | None = None
    pair: tuple[Series, Series] | None = None
    q: float | None = None

    @property
    def level(self) -> Level:
        """The level that answers: the method's when seeds or their spread are known, else that of these runs."""
        return self.run_level if self.seeds is None else self.method_level

    @property
    def verdict(self) -> Verdict:
        return self.level.verdict

    @cached_property
    def divergence(self) -> Divergence | None:
        """Where two runs part; none when an arm has several."""
        if self.pair is None:
            return None
        a, b = self.pair
        if not a.nonfinite and not b.nonfinite and np.array_equal(a.x, b.x) and np.isfinite(a.x).all():
            # What lining them up would give, without its medians.
            return divergence(a.x, a.y, b.y)
        whole = _whole(a, b)
        return divergence(whole.x, whole.baseline, whole.candidate, same=whole.same)

    def corrected(self, q: float) -> Quality:
        """With a q-value: a difference that so many metrics would show by chance is none."""
        if q < LEVEL or self.verdict not in ("better", "worse", "different"):
            return replace(self, q=q)
        lost = replace(self.level, verdict="no_difference_found", reason=f"q = {q:.2g} over all metrics compared")
        return replace(self, q=q, run_level=lost) if self.seeds is None else replace(self, q=q, method_level=lost)


def measure(metric: str, baseline: Arm, candidate: Arm, options: Options) -> Quality:
    """Compares one metric, by the runs' own noise or by the spread of seeds."""
    arms = series_of(baseline, metric, options), series_of(candidate, metric, options)
    goal = options.goal or goal_of(metric)
    unit = baseline.unit(metric)
    if len(baseline) == len(candidate) == 1:
        return _one_each(metric, goal, unit, arms[0][0], arms[1][0], options)
    return _by_seeds(metric, goal, unit, *arms, options)


def series_of(arm: Arm, metric: str, options: Options) -> list[Series]:
    """A metric's series of every run of an arm, cut where the comparison ends."""
    made = [curves.series(metric) for curves in arm.curves]
    if not options.max_steps:
        return made
    ends = [curves.place_of(options.max_steps) for curves in arm.curves]
    return [series.upto(end) for series, end in zip(made, ends, strict=True)]


def margin_of(metric: str, options: Options) -> Margin:
    """The margin that was asked for, else the one of the metric's role."""
    if options.margin is not None:
        return Margin.of(options.margin)
    role = role_of(metric)
    return Margin.of(_MARGINS.get(role.name, _MARGIN) if role else _MARGIN)


def _whole(a: Series, b: Series) -> Aligned:
    return align(a.logged_x, a.logged_y, b.logged_x, b.logged_y, share=1.0, noise=False)


def _last_half(a: Series, b: Series) -> Aligned:
    return align(a.logged_x, a.logged_y, b.logged_x, b.logged_y, share=0.5)


def _one_each(metric: str, goal: Goal, unit: str | None, a: Series, b: Series, options: Options) -> Quality:
    found = within(_last_half(a, b))
    margin = margin_of(metric, options).resolve(found.baseline)
    if _same(a, b):
        return _copies(metric, goal, unit, (a, b), found, margin)
    estimate = Estimate(found.baseline, found.candidate, found.difference, *(found.interval(0.95) or (None, None)))
    floor = None
    if options.seed_std is not None and found.baseline is not None and found.candidate is not None:
        floor = seeds.floor([found.baseline], [found.candidate], options.seed_std)
    method_level = Level("not_enough_evidence", ONE_SEED) if floor is None else _method_level(floor, margin, goal)
    run_level = _run_level(found, margin, goal)
    return Quality(metric, goal, unit, estimate, run_level, method_level, margin, found, floor, pair=(a, b))


def _same(a: Series, b: Series) -> bool:
    """Whether two runs logged the same, bit by bit."""
    alike = np.array_equal(a.logged_x, b.logged_x) and np.array_equal(a.logged_y, b.logged_y, equal_nan=True)
    return alike and a.logged_x.size > 0


def _copies(
    metric: str, goal: Goal, unit: str | None, pair: tuple[Series, Series], found: Within, margin: float
) -> Quality:
    estimate = Estimate(found.baseline, found.baseline, 0.0, 0.0, 0.0)
    alike = Level("identical", "the runs logged the same values at the same steps")
    unknown = Level("not_enough_evidence", "the runs are the same: no second one to learn from")
    return Quality(metric, goal, unit, estimate, alike, unknown, margin, found, pair=pair)


def _run_level(found: Within, margin: float, goal: Goal) -> Level:
    claim = verdict(found.difference, found.p, found.interval(0.90), margin, goal, reason=found.reason)
    if claim == "not_enough_evidence":
        return Level(claim, found.reason or "no common range", found.p, found.n_eff, "R1")
    others = {check.name: _checked(check, margin, goal) for check in found.sensitivity}
    claim, depends = settled(claim, others)
    return Level(claim, _window(found), found.p, found.n_eff, "R1", depends)


def _checked(check: Sensitivity, margin: float, goal: Goal) -> Verdict:
    # The checks carry 95 % intervals: they say whether a difference is lost, not whether it is negligible.
    return verdict(check.difference, check.p, None, margin, goal)


def _window(found: Within) -> str:
    edges = f"{found.window_low or 0:,.6g} to {found.window_high or 0:,.6g}"
    return f"last {found.window_points:,} points ({edges}), about {found.n_eff or 0:.0f} independent blocks"


def _method_level(found: seeds.Estimate, margin: float, goal: Goal, reason: str | None = None) -> Level:
    why = reason or found.reason
    claim = verdict(found.difference, found.p, found.interval(0.90), margin, goal, reason=why)
    said = why or found.note or f"{found.n_a} and {found.n_b} seeds"
    return Level(claim, said, found.p, None, found.method)


def _by_seeds(metric: str, goal: Goal, unit: str | None, a: list[Series], b: list[Series], options: Options) -> Quality:
    """Several runs in an arm: the run is the unit."""
    several = Level("not_enough_evidence", _SEVERAL)
    finals = _finals(a, b)
    if finals is None:
        nothing = Level("not_enough_evidence", "the runs have no range of the axis in common")
        return Quality(metric, goal, unit, Estimate(None, None, None, None, None), several, nothing, 0.0)
    found = seeds.between(*(map(float, f) for f in finals), paired_seeds=options.paired, sd=options.seed_std)
    margin = margin_of(metric, options).resolve(found.baseline)
    interval = found.interval(0.95) or (None, None)
    estimate = Estimate(found.baseline, found.candidate, found.difference, *interval)
    level = _method_level(found, margin, goal, _unfinite([*a, *b]))
    return Quality(metric, goal, unit, estimate, several, level, margin, seeds=found, finals=finals)


def _unfinite(runs: list[Series]) -> str | None:
    bad = sum(series.nonfinite > _NONFINITE * max(series.logged_y.size, 1) for series in runs)
    return f"{bad} of {len(runs)} runs logged over 1 % values that are not finite" if bad else None


def _finals(a: list[Series], b: list[Series]) -> tuple[Floats, Floats] | None:
    """Each run's mean over the last tenth of the range that all have in common."""
    runs = [*a, *b]
    if any(series.x.size == 0 for series in runs):
        return None
    low, high = max(s.x[0] for s in runs), min(s.x[-1] for s in runs)
    if high < low:
        return None
    means = [np.array([_final(series, low, high) for series in arm]) for arm in (a, b)]
    return means[0], means[1]


def _final(series: Series, low: float, high: float) -> float:
    end = np.searchsorted(series.x, high, side="right")
    start = np.searchsorted(series.x, high - _FINAL * (high - low), side="right")
    return float(series.y[min(start, end - 1) : end].mean())
