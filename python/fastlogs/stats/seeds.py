"""Is the method better? Tests whose unit is the run: one value a seed in each arm."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from fastlogs.stats.student import interval, two_sided

Values = Iterable[float]

# A floor that the user gives is worth about this many degrees of freedom (STATS 1.3).
FLOOR_DF = 30.0
_PERMUTED = range(4, 9)
_NO_SPREAD = "the seeds do not differ: no spread to measure by"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference (candidate - baseline) between arms of runs; `reason` says why it has no test.

    >>> welch([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]).difference
    1.0
    """

    method: str
    baseline: float | None
    candidate: float | None
    difference: float | None
    se: float | None
    df: float | None
    p: float | None
    n_a: int
    n_b: int
    reason: str | None = None
    note: str | None = None

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """The interval of the difference, or None when there is no test."""
        return interval(self.difference, self.se, self.df, level)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far seeds of one config lie apart: a pooled sd with its degrees of freedom."""

    sd: float | None
    df: float
    groups: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """The moments of one arm's values; sums are exact, so that the order of the seeds cannot matter."""

    n: int
    mean: float | None
    variance: float | None
    largest: float
    flaw: str | None

    @classmethod
    def of(cls, values: Values, name: str) -> Arm:
        given = [float(v) for v in values]
        bad = sum(not math.isfinite(v) for v in given)
        if not given:
            return cls(0, None, None, 0.0, f"the {name} has no runs")
        if bad:
            # Leaving diverged seeds out would make the arm look better than it is.
            return cls(len(given), None, None, 0.0, f"{bad} of {len(given)} {name} runs has no finite value")
        try:
            return cls(len(given), *_moments(given), max(map(abs, given)), None)
        except OverflowError:
            return cls(len(given), None, None, 0.0, f"the values of the {name} are too large")


def between(
    baseline: Values,
    candidate: Values,
    *,
    paired_seeds: bool = False,
    sd: float | None = None,
    sd_df: float = FLOOR_DF,
) -> Estimate:
    """The test that fits what is there: paired, Welch, prediction, a given seed spread, or a refusal.

    >>> between([3.30], [3.28]).reason
    'one seed per arm: cannot tell the method from luck'
    """
    a, b = list(baseline), list(candidate)
    if paired_seeds and len(a) == len(b) >= 3:
        return paired(a, b)
    if min(len(a), len(b)) >= 2:
        return welch(a, b)
    if min(len(a), len(b)) == 1 and max(len(a), len(b)) >= 3:
        return prediction(a, b)
    if sd is not None:
        return floor(a, b, sd, sd_df)
    return refused("none", Arm.of(a, "baseline"), Arm.of(b, "candidate"), _too_few(len(a), len(b)))


def welch(baseline: Values, candidate: Values) -> Estimate:
    """Welch's t between two arms of at least two seeds each.

    >>> round(welch([1.0, 2.0, 3.0], [3.0, 4.0, 5.0]).p, 4)
    0.0705
    """
    a, b = Arm.of(baseline, "baseline"), Arm.of(candidate, "candidate")
    if a.variance is None or b.variance is None:
        return refused("welch", a, b, _too_few(a.n, b.n))
    va, vb = a.variance / a.n, b.variance / b.n
    if va + vb == 0.0:
        return refused("welch", a, b, _NO_SPREAD)
    # As shares of the whole, so that no unit over- or underflows.
    df = 1.0 / ((va / (va + vb)) ** 2 / (a.n - 1) + (vb / (va + vb)) ** 2 / (b.n - 1))
    note = "2 seeds in an arm: only huge differences can be found" if min(a.n, b.n) == 2 else None
    return estimate("welch", a, b, math.sqrt(va + vb), df, note=note)


def paired(baseline: Sequence[float], candidate: Sequence[float]) -> Estimate:
    """The paired t of at least three runs that share their seeds, given in the same order in both arms."""
    a, b = Arm.of(baseline, "baseline"), Arm.of(candidate, "candidate")
    if a.n != b.n or a.n < 3:
        return refused("paired", a, b, "pairing needs the same seeds in both arms, at least 3")
    if a.flaw or b.flaw:
        return refused("paired", a, b, "")
    gaps = Arm.of((y - x for x, y in zip(baseline, candidate, strict=True)), "pairs'")
    if gaps.variance is None:
        return refused("paired", a, b, gaps.flaw or _NO_SPREAD)
    return estimate("paired", a, b, math.sqrt(gaps.variance / a.n), a.n - 1.0, note=f"paired by seed, {a.n} pairs")


def prediction(baseline: Values, candidate: Values) -> Estimate:
    """Whether a single run, on either side, lies outside what the other arm's seeds (at least three) produce."""
    a, b = Arm.of(baseline, "baseline"), Arm.of(candidate, "candidate")
    many = a if a.n >= b.n else b
    if min(a.n, b.n) != 1 or many.n < 3:
        return refused("prediction", a, b, "needs one run against at least 3 seeds")
    if many.variance is None:
        return refused("prediction", a, b, many.flaw or _NO_SPREAD)
    se = math.sqrt(many.variance * (1.0 + 1.0 / many.n))
    return estimate("prediction", a, b, se, many.n - 1.0, note=f"one run against the spread of {many.n} seeds")


def floor(baseline: Values, candidate: Values, sd: float, df: float = FLOOR_DF) -> Estimate:
    """The t of arms of any size against a known spread of seeds, from the user or from other groups of seeds."""
    a, b = Arm.of(baseline, "baseline"), Arm.of(candidate, "candidate")
    if not (math.isfinite(sd) and sd > 0.0 and df > 0.0):
        return refused("floor", a, b, "the seed spread must be a positive number")
    if a.n == 0 or b.n == 0:
        return refused("floor", a, b, "")
    se = sd * math.sqrt(1.0 / a.n + 1.0 / b.n)
    return estimate("floor", a, b, se, df, note=f"assuming a seed spread of {sd:.3g} in both arms ({df:.3g} df)")


def spread(groups: Iterable[Values]) -> Spread:
    """The sd pooled over groups of seeds; groups of one run, or with values that are not finite, say nothing.

    >>> spread([[1.0, 3.0], [5.0, 7.0], [4.0]])
    Spread(sd=1.4142135623730951, df=2.0, groups=2, reason=None)
    """
    arms = [arm for arm in (Arm.of(g, "group") for g in groups) if arm.variance is not None]
    df = sum(arm.n - 1 for arm in arms)
    if df == 0:
        return Spread(None, 0.0, 0, "no group has two seeds")
    pooled = math.fsum((arm.n - 1) * (arm.variance or 0.0) for arm in arms) / df
    return Spread(math.sqrt(pooled), float(df), len(arms), None if pooled > 0.0 else _NO_SPREAD)


def permutation(baseline: Values, candidate: Values) -> float | None:
    """The exact two-sided p of the difference of means under every relabelling; None unless both arms have 4 to 8.

    >>> permutation([1.0, 2.0, 3.0, 4.0], [11.0, 12.0, 13.0, 14.0]) == 2 / 70
    True
    """
    a, b = sorted(map(float, baseline)), sorted(map(float, candidate))
    if len(a) not in _PERMUTED or len(b) not in _PERMUTED:
        return None
    values = np.array(sorted(a + b))
    scale = float(np.abs(values).max())
    if not math.isfinite(scale) or scale == 0.0:
        return None if scale else 1.0
    # The smaller arm's sum says all; its distance from the expected sum orders the relabellings.
    small = min(a, b, key=len)
    values = values / scale
    sums = values[_choices(len(values), len(small))].sum(axis=1)
    expected = float(values.mean()) * len(small)
    seen = abs(math.fsum(v / scale for v in small) - expected)
    return float(np.mean(np.abs(sums - expected) >= seen - 1e-12))


def estimate(
    method: str, a: Arm, b: Arm, se: float, df: float, *, note: str | None = None, p: float | None = None
) -> Estimate:
    """The estimate of a t test of these arms, or a refusal where their values or the error do not allow one."""
    if a.mean is None or b.mean is None:
        return refused(method, a, b, "")
    if not math.isfinite(se) or se <= 4.0 * sys.float_info.epsilon * max(a.largest, b.largest):
        return refused(method, a, b, _NO_SPREAD)
    difference = b.mean - a.mean
    p = two_sided(difference / se, df) if p is None else p
    return Estimate(method, a.mean, b.mean, difference, se, df, p, a.n, b.n, None, note)


def refused(method: str, a: Arm, b: Arm, reason: str) -> Estimate:
    difference = None if a.mean is None or b.mean is None else b.mean - a.mean
    why = a.flaw or b.flaw or reason
    return Estimate(method, a.mean, b.mean, difference, None, None, None, a.n, b.n, why)


def _too_few(n_a: int, n_b: int) -> str:
    if n_a == n_b == 1:
        return "one seed per arm: cannot tell the method from luck"
    return "one seed in an arm: needs 2 in each, or 3 in the other"


def _moments(values: list[float]) -> tuple[float, float | None]:
    mean = math.fsum(values) / len(values)
    if len(values) == 1:
        return mean, None
    return mean, math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1)


@lru_cache(maxsize=32)
def _choices(n: int, k: int) -> npt.NDArray[np.intp]:
    """Every way to choose k of n, a row each."""
    return np.array(list(combinations(range(n), k)), dtype=np.intp)
