"""Small groups of seeds lend each other their spread: the moderated t of a sweep."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, polygamma

from fastlogs.stats.noncentral import falling_root
from fastlogs.stats.seeds import Arm, Estimate, Values, estimate, refused


@dataclass(frozen=True, slots=True)
class Prior:
    """What all groups say of a group's variance, worth `df` degrees of freedom; `total` is what they have in all."""

    variance: float | None
    df: float
    total: float
    reason: str | None = None

    def squeeze(self, variance: float, df: float) -> tuple[float, float]:
        """A group's own variance drawn towards the prior, and its degrees of freedom."""
        assert self.variance is not None
        if math.isinf(self.df):
            return self.variance, self.total
        return (self.df * self.variance + df * variance) / (self.df + df), min(self.df + df, self.total)


def prior(groups: Iterable[Values]) -> Prior:
    """The prior of a sweep, from the mean and the variance of its groups' log variances.

    Groups of one run say nothing; under three groups there is no prior.

    >>> prior([[1.0, 2.0], [1.0]]).reason
    'fewer than 3 groups of seeds'
    """
    arms = [arm for arm in (Arm.of(g, "group") for g in groups) if arm.variance is not None]
    df = np.array([arm.n - 1.0 for arm in arms])
    variances = np.array([arm.variance for arm in arms], dtype=np.float64)
    if np.count_nonzero(variances) < 3:
        return Prior(None, 0.0, float(df.sum()), "fewer than 3 groups of seeds")
    # The log of a group without any spread would outweigh all others.
    variances = np.maximum(variances, 1e-5 * np.median(variances[variances > 0.0]))
    logs = np.log(variances) - digamma(df / 2.0) + np.log(df / 2.0)
    excess = float(logs.var(ddof=1) - polygamma(1, df / 2.0).mean())
    if excess <= 0.0:
        # The groups differ no more than chance makes them: one variance for all.
        return Prior(float(df @ variances / df.sum()), math.inf, float(df.sum()))
    d0 = 2.0 * trigamma_inverse(excess)
    level = float(logs.mean() + digamma(d0 / 2.0) - math.log(d0 / 2.0))
    return Prior(math.exp(level), d0, float(df.sum()))


def moderated(baseline: Values, candidate: Values, given: Prior) -> Estimate:
    """The t of two arms of which each has its variance drawn towards the prior; an arm may then be a single run."""
    a, b = Arm.of(baseline, "baseline"), Arm.of(candidate, "candidate")
    if given.variance is None or not (a.n and b.n):
        return refused("moderated", a, b, given.reason or "")
    va, dfa = given.squeeze(a.variance or 0.0, a.n - 1.0)
    vb, dfb = given.squeeze(b.variance or 0.0, b.n - 1.0)
    va, vb = va / a.n, vb / b.n
    df = 1.0 / ((va / (va + vb)) ** 2 / dfa + (vb / (va + vb)) ** 2 / dfb)
    note = (
        f"spread shared over the sweep ({given.df:.3g} df)" if math.isfinite(given.df) else "one spread for the sweep"
    )
    return estimate("moderated", a, b, math.sqrt(va + vb), min(df, given.total), note=note)


def trigamma_inverse(value: float) -> float:
    """The x whose trigamma is `value`, for a positive value.

    >>> round(trigamma_inverse(math.pi**2 / 6), 6)
    1.0
    """
    return math.exp(falling_root(lambda log: float(polygamma(1, math.exp(min(log, 700.0)))) - value, start=0.0))
