"""The difference of two arms along the axis: means of 64 stretches, with what chance could make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from fastlogs._compare.quality import series_of
from fastlogs.errors import TooFew
from fastlogs.plot.bands import binned
from fastlogs.stats import seeds
from fastlogs.stats.noise import BINS
from fastlogs.stats.prepare import Aligned, align
from fastlogs.stats.progress import progression

if TYPE_CHECKING:
    from fastlogs._compare import Pair
    from fastlogs._compare.series import Series
    from fastlogs.stats.floats import Floats


@dataclass(frozen=True, slots=True)
class Difference:
    """Candidate less baseline: bin means `y` at `x`, their 95 % interval (NaN where unknown), and the raw points."""

    x: Floats
    y: Floats
    low: Floats
    high: Floats
    baseline: Floats
    candidate: Floats
    raw: Aligned | None = None


_MADE: WeakKeyDictionary[Series, WeakKeyDictionary[Series, Difference]] = WeakKeyDictionary()


def difference(pair: Pair, metric: str) -> Difference:
    """How far a metric of the candidate is from the baseline's all along; refuses arms without a range in common."""
    a, b = (series_of(arm, metric, pair.options) for arm in (pair.baseline, pair.candidate))
    if any(not series.x.size for series in (*a, *b)):
        raise TooFew(f"no finite {metric} in an arm of {pair.candidate.name} against {pair.baseline.name}")
    found = _of_runs(a[0], b[0]) if len(a) == len(b) == 1 else _of_seeds(a, b)
    if not found.x.size:
        raise TooFew(f"{pair.candidate.name} and {pair.baseline.name} have no range in common")
    return found


def _of_runs(a: Series, b: Series) -> Difference:
    """Made once for all figures."""
    made = _MADE.setdefault(a, WeakKeyDictionary())
    if b not in made:
        made[b] = _between(a, b)
    return made[b]


def _between(a: Series, b: Series) -> Difference:
    stages = progression(a.x, a.y, b.x, b.y, at=[100 * (k + 1) / BINS for k in range(BINS)])
    half = (stages[1].x - stages[0].x) / 2 if stages else 0.0
    if all(s.difference is None for s in stages):
        stages = ()
    columns = [(s.x - half, s.difference, s.low, s.high, s.baseline, s.candidate) for s in stages]
    table = np.array([[np.nan if v is None else v for v in row] for row in columns], dtype=np.float64).reshape(-1, 6)
    raw = align(a.logged_x, a.logged_y, b.logged_x, b.logged_y, share=1.0, noise=False)
    x, y, low, high, baseline, candidate = table.T
    return Difference(x, y, low, high, baseline, candidate, raw if raw.x.size else None)


def _of_seeds(a: list[Series], b: list[Series]) -> Difference:
    """Of arms of several runs: the interval is that of their means, the run being the unit."""
    x, table = binned([*a, *b], BINS)
    there = np.isfinite(table).all(axis=0)
    one, other = table[: len(a), there], table[len(a) :, there]
    told = [seeds.between(one[:, at], other[:, at]).interval(0.95) for at in range(one.shape[1])]
    low, high = np.array([(np.nan, np.nan) if t is None else t for t in told]).reshape(-1, 2).T
    means = one.mean(axis=0), other.mean(axis=0)
    return Difference(x[there], means[1] - means[0], low, high, *means)
