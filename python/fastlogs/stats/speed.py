"""How much faster one run steps than another: typically, and with its stalls."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fastlogs.stats.bins import bin_means, block_medians, median, quantile
from fastlogs.stats.floats import MAD_TO_SD, Floats
from fastlogs.stats.noise import BINS, Variance, long_run_variance
from fastlogs.stats.student import reach, two_sided

Verdict = Literal["faster", "slower", "no_difference_found", "not_enough_evidence"]

LEAST_STEPS = 50
LEAST_BLOCKS = 10
STALL = 3.0  # times the median
_BLOCK = 10
_LEAST_SKIP = 5
# Beyond these no clock has ticked, and squares of them are no numbers.
_LEAST_TIME, _MOST_TIME = 1e-100, 1e100


@dataclass(frozen=True, slots=True)
class Ratio:
    """Old time over new time with its 95 % interval: above 1 the candidate is faster."""

    ratio: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    verdict: Verdict = "not_enough_evidence"


@dataclass(frozen=True, slots=True)
class Stalls:
    """Steps of over three times the median."""

    count: int
    share: float  # of the time


@dataclass(frozen=True, slots=True)
class Pace:
    """One run's step times after warm-up, in the unit given."""

    steps: int
    center: float  # mean of the logs, outliers drawn in, and back
    mean: float
    sd: float
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Speed:
    """Two runs' step times; the pairs are baseline, candidate. `reason` says why there is no test."""

    typical: Ratio
    effective: Ratio
    skipped: tuple[int, int]
    stalls: tuple[Stalls, Stalls] | None
    baseline: Pace | None
    candidate: Pace | None
    n_eff: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Timed:
    """One run's step times after warm-up, and what its noise allows."""

    times: Floats
    mean: float
    median: float
    logs: Floats
    center: float  # of the logs, outliers drawn in
    noise: Variance  # of the same


def warm_up(times: Floats) -> int:
    """How many first steps are warm-up: until three blocks in a row are at the pace of the second half.

    At least 5 steps, never over half of them.

    >>> warm_up(np.r_[np.full(40, 9.0), np.full(160, 1.0)])
    40
    """
    return warming(np.log(times))


def warming(logs: Floats) -> int:
    """The same of the logs of the times."""
    blocks = len(logs) // _BLOCK
    if blocks < 8:
        return min(_LEAST_SKIP, len(logs) // 4)
    medians = block_medians(logs[: blocks * _BLOCK], blocks)
    middle, mad = _middle(medians[blocks // 2 :])
    steady = np.abs(medians - middle) <= max(4 * MAD_TO_SD * mad, 0.01)
    threes = np.flatnonzero(steady[:-2] & steady[1:-1] & steady[2:])
    if len(threes) and threes[0] < blocks // 2 - 2:
        return max(int(threes[0]) * _BLOCK, _LEAST_SKIP)
    return blocks // 2 * _BLOCK


def _middle(y: Floats) -> tuple[float, float]:
    """Median, and median absolute deviation."""
    middle = median(y)
    return middle, median(np.abs(y - middle))


def speed(baseline: Floats, candidate: Floats, *, skip: int | None = None) -> Speed:
    """Compares step times: typical by medians, effective by means (so with stalls), warm-up left out.

    Times that are not finite or not above zero are left out. No test (`reason`) under 50 steps after warm-up or under
    10 independent blocks. `skip` is the warm-up in steps; None finds it in each run.

    >>> wobble = np.exp(0.01 * np.random.default_rng(0).normal(size=(2, 1000)))
    >>> found = speed(2.0 * wobble[0], 1.0 * wobble[1])
    >>> round(found.typical.ratio, 2), found.typical.verdict
    (2.0, 'faster')
    """
    ticks = [_ticks(times) for times in (baseline, candidate)]
    logs = [np.log(times) for times in ticks]
    skips = [warming(log) if skip is None else min(skip, len(log)) for log in logs]
    parts = [(times[s:], log[s:]) for times, log, s in zip(ticks, logs, skips, strict=True)]
    skipped = skips[0], skips[1]
    if min(len(times) for times, _ in parts) < LEAST_STEPS:
        return _too_short(parts, skipped)
    one, other = (_timed(*part) for part in parts)
    n_eff = min(one.noise.n_eff, other.noise.n_eff)
    told = n_eff >= LEAST_BLOCKS
    typical, effective = _typical(one, other, n_eff), _effective(one, other)
    return Speed(
        typical=typical if told else _untold(typical),
        effective=effective if told else _untold(effective),
        skipped=skipped,
        stalls=(_stalls(one), _stalls(other)),
        baseline=_pace(one),
        candidate=_pace(other),
        n_eff=n_eff,
        reason=None if told else f"about {n_eff:.0f} independent blocks of step times, {LEAST_BLOCKS} are needed",
    )


def _ticks(times: Floats) -> Floats:
    """The times that a clock can have ticked."""
    there = (times > _LEAST_TIME) & (times < _MOST_TIME)
    return times if there.all() else times[there]


def _too_short(parts: list[tuple[Floats, Floats]], skipped: tuple[int, int]) -> Speed:
    least = min(len(times) for times, _ in parts)
    one, other = (_timed(*part) for part in parts) if least else (None, None)
    return Speed(
        typical=Ratio(one.median / other.median if one and other else None),
        effective=Ratio(one.mean / other.mean if one and other else None),
        skipped=skipped,
        stalls=(_stalls(one), _stalls(other)) if one and other else None,
        baseline=_pace(one) if one else None,
        candidate=_pace(other) if other else None,
        n_eff=None,
        reason=f"{least} step times after warm-up, {LEAST_STEPS} are needed",
    )


def _untold(ratio: Ratio) -> Ratio:
    return Ratio(ratio.ratio)


def _timed(times: Floats, logs: Floats) -> _Timed:
    middle, mad = _middle(logs)
    reach = 3 * (MAD_TO_SD * mad + 1e-12)
    # About the middle, so that times that are all the same leave no rounding to look like noise.
    drawn = np.clip(logs - middle, -reach, reach)
    noise = long_run_variance(bin_means(drawn, BINS))
    return _Timed(times, float(times.mean()), median(times), logs, middle + float(drawn.mean()), noise)


def _typical(a: _Timed, b: _Timed, n_eff: float) -> Ratio:
    """Welch's t on the medians of a few long blocks: neither stalls nor correlation reach it."""
    blocks = min(max(int(n_eff / 3), 6), 16)
    medians = tuple(block_medians(t.logs, blocks) for t in (a, b))
    parts = tuple(float(m.var(ddof=1)) / blocks for m in medians)
    difference = float(medians[0].mean() - medians[1].mean())
    return _ratio(a.median / b.median, difference, parts, (blocks - 1, blocks - 1))


def _effective(a: _Timed, b: _Timed) -> Ratio:
    """The means' ratio by the delta method, each mean's variance from its run's slow cosines."""
    noise = tuple(long_run_variance(bin_means(t.times, BINS) / t.mean) for t in (a, b))
    parts = tuple(v.variance / min(BINS, len(t.times)) for v, t in zip(noise, (a, b), strict=True))
    return _ratio(a.mean / b.mean, math.log(a.mean / b.mean), parts, (noise[0].df, noise[1].df))


def _ratio(ratio: float, difference: float, parts: tuple[float, ...], dfs: tuple[int, int]) -> Ratio:
    """A ratio whose log has this difference, from two parts of variance."""
    variance = parts[0] + parts[1]
    if variance <= 0:
        return Ratio(ratio, ratio, ratio, float(difference == 0), _verdict(difference, float(difference == 0)))
    part = parts[0] / variance
    df = 1 / (part**2 / dfs[0] + (1 - part) ** 2 / dfs[1])
    se = math.sqrt(variance)
    half = reach(0.95, df) * se
    p = two_sided(difference / se, df)
    return Ratio(ratio, math.exp(difference - half), math.exp(difference + half), p, _verdict(difference, p))


def _verdict(difference: float, p: float) -> Verdict:
    if p >= 0.05:
        return "no_difference_found"
    return "faster" if difference > 0 else "slower"


def _stalls(timed: _Timed) -> Stalls:
    stalled = timed.times[timed.times > STALL * timed.median]
    return Stalls(len(stalled), float(stalled.sum() / timed.times.sum()))


def _pace(timed: _Timed) -> Pace:
    times = timed.times
    return Pace(
        steps=len(times),
        center=math.exp(timed.center),
        mean=timed.mean,
        sd=float(times.std(ddof=1)) if len(times) > 1 else 0.0,
        median=timed.median,
        p95=quantile(times, 0.95),
    )
