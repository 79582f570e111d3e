"""Where two runs of the same steps part, and how sure that place is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np

from fastlogs.stats.bins import bin_means, median, running_median
from fastlogs.stats.floats import MAD_TO_SD, Flags, Floats
from fastlogs.stats.noise import lag1

Verdict = Literal["diverged", "no_divergence_found", "identical", "not_enough_evidence"]

LEAST_POINTS = 256
LEAST_BLOCKS = 64
MOST_NONFINITE = 0.01
_WIDTH = 25  # of the running median that spikes are drawn in to
_FAR = 6.0  # scaled MADs
_MIXED, _TOO_MIXED = (
    0.15,
    0.45,
)  # correlation of bins above which they are doubled in length; above which nothing is said
_BEHIND = 6.0  # how much worse, in squared spreads, an onset may fit and still be believed

# bins: least length of a stretch, and the 95 % points of the largest |mean| in standard errors over all stretches
# to the end, and over all stretches. Drawn by benches/scan_limits.py.
LIMITS = {
    64: (4, 2.850, 3.760),
    32: (2, 2.917, 3.822),
    16: (2, 3.227, 4.168),
}


@dataclass(frozen=True, slots=True)
class Divergence:
    """A verdict with its places in units of x; `interval` holds the onset at about 95 %."""

    verdict: Verdict
    onset: float | None = None
    interval: tuple[float, float] | None = None
    first_difference: float | None = None  # the first value that is not the same, bit for bit
    excursion: tuple[float, float] | None = None  # a stretch apart that closes again
    from_the_start: bool = False  # the interval holds the first step
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """Bins of a difference, in their own standard errors, and the correlation left between them."""

    means: Floats
    rho: float

    @property
    def bins(self) -> int:
        return len(self.means)

    @property
    def told(self) -> bool:
        return self.rho <= _TOO_MIXED

    @property
    def parted(self) -> bool:
        """Whether the end of the series is away from zero."""
        return self.told and _largest_suffix(self.means, LIMITS[self.bins][0]) > LIMITS[self.bins][1]


def divergence(x: Floats, baseline: Floats, candidate: Floats, *, same: bool = True) -> Divergence:
    """Whether two runs part and stay apart, where they do, and where they first differ at all.

    Not enough evidence (`reason`) when the steps are not the same, under 256 of them, over 1 % not finite, or when the
    difference wanders too slowly. A difference that closes again is an excursion, not a divergence.

    >>> rng = np.random.default_rng(0)
    >>> noise = rng.normal(size=2000)
    >>> found = divergence(np.arange(2000.0), 0 * noise, noise + np.r_[np.zeros(1000), np.ones(1000)])
    >>> found.verdict, found.interval[0] <= 1000 <= found.interval[1]
    ('diverged', True)
    """
    if not same or not len(x) == len(baseline) == len(candidate):
        return _untold("the runs did not log the same steps")
    differs = (baseline != candidate) & ~(np.isnan(baseline) & np.isnan(candidate))
    if not differs.any():
        return Divergence("identical") if len(x) else _untold("the runs have no range in common")
    first = float(x[int(differs.argmax())])
    finite = np.isfinite(baseline) & np.isfinite(candidate)
    x, d = x[finite], candidate[finite] - baseline[finite]
    reason = _refusal(finite, d)
    if reason is not None:
        return _untold(reason, first)
    apart = int(np.flatnonzero(d)[0]) if d.any() else 0
    if apart > len(d) / 2:  # too little noise is left beside what is exactly equal: from there on, then
        late = divergence(x[apart:], np.zeros(len(d) - apart), d[apart:])
        return replace(late, from_the_start=False)
    drawn = drawn_in(d)
    if _steps_worth(drawn) < LEAST_BLOCKS:
        return _untold("the difference wanders too slowly to place its start", first)
    return _told(x, scan(drawn), first)


def _untold(reason: str, first: float | None = None) -> Divergence:
    return Divergence("not_enough_evidence", first_difference=first, reason=reason)


def _refusal(finite: Flags, d: Floats) -> str | None:
    lost = 1 - len(d) / len(finite)
    if lost > MOST_NONFINITE:
        return f"{lost:.1%} of the values are not finite, over {MOST_NONFINITE:.0%}"
    if len(d) < LEAST_POINTS:
        return f"{len(d)} common points, {LEAST_POINTS} are needed"
    return None


def drawn_in(d: Floats) -> Floats:
    """With lone spikes drawn in to six scaled MADs of the running median; as it is when half of it is equal."""
    middle = running_median(d, _WIDTH, mirror=False)
    off = d - middle
    reach = _FAR * MAD_TO_SD * median(np.abs(off))
    return middle + np.clip(off, -reach, reach) if reach > 0 else d


def _steps_worth(d: Floats) -> float:
    """How many independent steps there are, by the lag-1 correlation inside quarters: a parting is not correlation."""
    rho = max(median(np.array([lag1(quarter) for quarter in _quarters(d)])), 0.0)
    return len(d) * (1 - rho) / (1 + rho)


def _quarters(d: Floats) -> list[Floats]:
    return [d[i * len(d) // 4 : (i + 1) * len(d) // 4] for i in range(4)]


def scan(d: Floats, bins: int = 64) -> Scan:
    """Bins long enough to be nearly independent: 64, 32 or 16 of them."""
    found = _scan(d, bins)
    while found.rho > _MIXED and bins > min(LIMITS):
        bins //= 2
        found = _scan(d, bins)
    return found


def _scan(d: Floats, bins: int) -> Scan:
    means = bin_means(d, bins)
    count = bins // 4
    left = _detrended(np.stack([bin_means(quarter, count) for quarter in _quarters(d)]))
    squares = (left * left).sum(axis=1)
    if median(squares) == 0 < squares.max():  # equal runs that part late: what is equal holds no noise
        left, squares = left[squares > 0], squares[squares > 0]
    mixed = float(((left[:, 1:] * left[:, :-1]).sum(axis=1) / (squares + 1e-300)).mean())
    rho = mixed + (1 + 3 * max(mixed, 0.0)) / count + 1 / count
    return Scan(means / _spread(means, squares / (count - 2), max(rho, 0.0)), rho)


def _spread(means: Floats, variances: Floats, rho: float) -> float:
    """The standard deviation of a bin's mean, with what its correlation adds."""
    # A parting inside one quarter must not count as noise.
    one_off = variances.max() > 8 * variances.min()
    variance = median(variances) if one_off else float(variances.mean())
    inflated = (1 + rho) / (1 - rho) if rho < 1 else np.inf
    # A difference without any noise is still measured in something.
    return max(float(np.sqrt(variance * inflated)), 1e-12 * float(np.abs(means).max()), 1e-300)


def _detrended(rows: Floats) -> Floats:
    u = np.arange(rows.shape[1]) - (rows.shape[1] - 1) / 2
    centered = rows - rows.mean(axis=1, keepdims=True)
    flat: Floats = centered - np.outer(centered @ u / (u @ u), u)
    return flat


def _told(x: Floats, found: Scan, first: float) -> Divergence:
    if not found.told:
        return _untold("the difference wanders too slowly to place its start", first)
    if not found.parted:
        return Divergence("no_divergence_found", first_difference=first, excursion=_excursion(x, found))
    best, low, high = onset(found)
    places = [x[min(int(place * len(x) / found.bins), len(x) - 1)] for place in (best, low, high)]
    interval = float(places[1]), float(places[2])
    return Divergence("diverged", float(places[0]), interval, first, from_the_start=low == 0)


def onset(found: Scan) -> tuple[float, float, float]:
    """The bin where the parting starts, by the best jump, ramp, or ramp that levels off; and the range believed."""
    waves = np.stack(_shapes(found.bins)) @ found.means
    left = float(found.means @ found.means) - (waves * waves).max(axis=0)
    believed = np.flatnonzero(left <= left.min() + _BEHIND)
    return float(left.argmin()), max(float(believed[0]) - 0.5, 0.0), float(believed[-1] + 1)


@cache
def _shapes(bins: int) -> tuple[Floats, ...]:
    """Unit shapes of what may follow an onset: a row for each bin it may start in."""
    since = np.maximum(np.arange(bins) - np.arange(bins)[:, None] + 0.5, 0.0)
    lasting = bins - np.arange(bins)
    levelling = (
        np.where(lasting[:, None] > width, np.minimum(since / width, 1.0), 0.0)
        for width in (bins // 16, bins // 8, bins // 4)
    )
    shapes = [np.sign(since), since, *levelling]
    return tuple(s / np.maximum(np.sqrt((s * s).sum(axis=1, keepdims=True)), 1e-300) for s in shapes)


def _largest_suffix(means: Floats, least: int) -> float:
    sums = np.cumsum(means[::-1])[least - 1 :]
    return float(np.abs(sums / np.sqrt(np.arange(least, len(means) + 1))).max())


def _excursion(x: Floats, found: Scan) -> tuple[float, float] | None:
    """The stretch of bins that is farthest from zero, when chance does not give such, and it ends before the end."""
    least, _, limit = LIMITS[found.bins]
    sums = np.concatenate([[0.0], np.cumsum(found.means)])
    ends = np.arange(found.bins + 1)
    length = ends[None, :] - ends[:, None]
    away = np.abs(sums[None, :] - sums[:, None]) / np.sqrt(np.maximum(length, 1)) * (length >= least)
    first, last = (int(i) for i in np.unravel_index(int(away.argmax()), away.shape))
    if away[first, last] <= limit or last == found.bins:
        return None
    return float(x[first * len(x) // found.bins]), float(x[last * len(x) // found.bins - 1])
