"""The run-level test: do these two runs differ in their last stretch, given how their own noise wanders?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from fastlogs.stats.bins import bin_means, median
from fastlogs.stats.floats import MAD_TO_SD, Floats
from fastlogs.stats.noise import BINS, Variance, long_run_variance, profile, scales
from fastlogs.stats.prepare import Aligned
from fastlogs.stats.student import interval, reach, two_sided

LEAST_POINTS = 50
LEAST_BLOCKS = 10
MOST_NONFINITE = 0.01
_LEAST_WINDOW = 10
_WINDOWS = (0.1, 0.2, 0.4)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The same test with one choice made differently."""

    name: str
    difference: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Within:
    """Candidate less baseline over the last stretch; `reason` says why there is no test, `difference` stays."""

    difference: float | None = None
    se: float | None = None
    df: int | None = None
    p: float | None = None
    n_eff: float | None = None
    rho: float | None = None
    baseline: float | None = None
    candidate: float | None = None
    window_points: int = 0
    window_low: float | None = None
    window_high: float | None = None
    noise_sd: float | None = None
    effect: float | None = None  # relative to step noise; not Cohen's d across seeds
    shared: float | None = None  # correlation of the arms' step noise; None unless compared step by step
    sensitivity: tuple[Sensitivity, ...] = ()
    reason: str | None = None

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """The difference's interval at a level; None when there is no test."""
        return interval(self.difference, self.se, self.df, level)


@dataclass(frozen=True, slots=True)
class _Noise:
    """What the whole range says about the noise of the difference."""

    variance: Variance
    bins: int
    slope: float
    points: int

    def se(self, window: int) -> float:
        """Of the mean over the last `window` points, at the noise level they have."""
        level = math.exp(self.slope * (0.5 - 0.5 * window / self.points))
        return level * math.sqrt(self.variance.variance / self.bins * self.points / window)


def within(aligned: Aligned, *, window: float = 0.2) -> Within:
    """Tests the mean difference over the last `window` of the aligned range, its noise learnt from the whole range.

    No test (`reason`) under 50 points, over 1 % that are not finite, under 10 independent blocks, or when all is equal.

    >>> from fastlogs.stats.prepare import align
    >>> x, wobble = np.arange(2000.0), np.random.default_rng(0).normal(size=(2, 2000))
    >>> tested = within(align(x, wobble[0], x, wobble[1] + 0.5))
    >>> tested.window_points, tested.p < 0.01
    (200, True)
    """
    d = aligned.candidate - aligned.baseline
    if aligned.reason is not None or not len(d):
        return Within(reason=aligned.reason or "the runs have no range in common")
    points = _points(window, len(d))
    shown = _described(aligned, d, points)
    told = _unequal(d, points)
    reason = _refusal(aligned, told)
    if reason is not None:
        return replace(shown, reason=reason)
    found = _noise(told)
    shown = replace(shown, n_eff=found.variance.n_eff, rho=found.variance.rho)
    if found.variance.n_eff < LEAST_BLOCKS:
        return replace(shown, reason=_too_few_blocks(found.variance.n_eff))
    main = _test("", d, points, found)
    sensitivity = _sensitivity(d, points, found)
    return replace(shown, se=found.se(points), df=found.variance.df, p=main.p, sensitivity=sensitivity)


def _points(window: float, points: int) -> int:
    return min(max(round(window * points), _LEAST_WINDOW), points)


def _described(aligned: Aligned, d: Floats, points: int) -> Within:
    difference = float(d[-points:].mean())
    known = aligned.noise_sd is not None and aligned.noise_sd > 0
    return Within(
        difference=difference,
        baseline=float(aligned.baseline[-points:].mean()),
        candidate=float(aligned.candidate[-points:].mean()),
        window_points=points,
        window_low=float(aligned.x[-points]),
        window_high=float(aligned.x[-1]),
        noise_sd=aligned.noise_sd,
        effect=difference / aligned.noise_sd if aligned.noise_sd and known else None,
        shared=_shared(aligned) if aligned.same else None,
    )


def _shared(aligned: Aligned) -> float | None:
    """How the arms' step noise goes together: near 1 when they saw the same data in the same order."""
    a, b = np.diff(aligned.baseline), np.diff(aligned.candidate)
    if len(a) < 2:
        return None
    a, b = a - a.mean(), b - b.mean()
    norm = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / norm if norm > 0 else None


def _unequal(d: Floats, points: int) -> Floats:
    """Without a start that is exactly equal: it says nothing about noise. The verdict window stays."""
    if d[0] != 0.0 or not d.any():
        return d
    return d[min(int(np.flatnonzero(d)[0]), len(d) - points) :]


def _refusal(aligned: Aligned, d: Floats) -> str | None:
    if aligned.nonfinite > MOST_NONFINITE:
        return f"{aligned.nonfinite:.1%} of the values are not finite, over {MOST_NONFINITE:.0%}"
    if not d.any():
        return "the runs are equal, value for value"
    if len(d) < LEAST_POINTS:
        return f"{len(d)} common points in the range, {LEAST_POINTS} are needed"
    return None


def _too_few_blocks(n_eff: float) -> str:
    return f"the range holds about {n_eff:.0f} independent blocks, {LEAST_BLOCKS} are needed"


def _noise(d: Floats) -> _Noise:
    slope = profile(d)
    # Less one of its values, so that a difference without noise leaves no rounding to look like noise.
    d = d - d[0]
    means = bin_means(d, BINS)
    center = float(d.mean())
    variance = long_run_variance(center + (means - center) / scales(slope, len(means)))
    return _Noise(variance, len(means), slope, len(d))


def _test(name: str, d: Floats, points: int, found: _Noise) -> Sensitivity:
    difference, se, df = float(d[-points:].mean()), found.se(points), found.variance.df
    half = reach(0.95, df) * se
    return Sensitivity(name, difference, two_sided(difference / se, df), difference - half, difference + half)


def _sensitivity(d: Floats, points: int, found: _Noise) -> tuple[Sensitivity, ...]:
    """The windows not chosen, and the chosen one with outliers drawn in."""
    windows = {_points(share, len(d)): f"last {50 * share:.0f} %" for share in _WINDOWS}
    tested = [_test(name, d, w, found) for w, name in windows.items() if w != points and w <= found.points]
    drawn = _clipped(d)
    noise = found if drawn is d else _noise(_unequal(drawn, points))
    return (*tested, _test("outliers drawn in", drawn, points, noise))


def _clipped(d: Floats) -> Floats:
    """Within six scaled MADs of the median; as it is when half of it is equal."""
    middle = median(d)
    far = 6 * MAD_TO_SD * median(np.abs(d - middle))
    return np.clip(d, middle - far, middle + far) if far > 0 else d
