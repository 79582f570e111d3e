"""Who leads a sweep, and how surely: tiers, shrunken values, the chance to be the best, ranks as intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from fastlogs.stats.floats import Floats
from fastlogs.stats.moderated import prior
from fastlogs.stats.seeds import FLOOR_DF, Arm, Values, spread

_LEVEL = 0.05
_DRAWS = 4000
_CELLS = 4_000_000  # numbers drawn at once
_ROUNDS = 4
# Tiers that are told apart; whoever is left stands in the last.
MOST_TIERS = 5
_SOME = 8


@dataclass(frozen=True, slots=True)
class Noise:
    """How far the value of each candidate would lie elsewhere with other seeds; `shared` when it is one estimate."""

    se: Floats
    df: Floats
    shared: bool
    sd: float | None
    told: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One candidate. What needs the spread of seeds is None where that is not known."""

    value: float
    n: int
    se: float | None = None
    shrunken: float | None = None
    low: float | None = None
    high: float | None = None
    p_best: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """`standings` as given, `order` from the best; `optimism` is by how much the top value is surely too good.

    `regret` is what taking the leader is expected to cost against the best there is, with its spread. `reason` says why
    ranks carry no claim: then there are no tiers.
    """

    standings: tuple[Standing, ...]
    order: tuple[int, ...]
    noise: Noise | None = None
    optimism: float | None = None
    regret: tuple[float, float] | None = None
    reason: str | None = None

    def tier(self, number: int) -> tuple[int, ...]:
        """The candidates of a tier, from the best."""
        return tuple(at for at in self.order if self.standings[at].tier == number)


def leaderboard(
    candidates: Sequence[Values],
    *,
    goal: Literal["low", "high"] = "low",
    sd: float | None = None,
    sd_df: float = FLOOR_DF,
    seed: int = 0,
) -> Leaderboard:
    """Candidates with one finite value a seed, ranked by their means.

    The first tier holds whoever cannot be separated from the leader at 5 %, allowing for that the leader was picked
    for leading. Without seeds in any candidate, or `sd`, there is an order and no claim.

    >>> board = leaderboard([[3.0, 3.1], [3.05, 2.95], [5.0, 5.1]])
    >>> [one.tier for one in board.standings]
    [1, 1, 2]
    """
    arms = [Arm.of(values, "candidate") for values in candidates]
    means = np.array([math.nan if arm.mean is None else arm.mean for arm in arms])
    if not np.isfinite(means).all():
        raise ValueError(f"wanted finite values, found {int((~np.isfinite(means)).sum())} candidates without")
    sign = 1.0 if goal == "low" else -1.0
    order = tuple(np.argsort(sign * means, kind="stable").tolist())
    noise = _noise(candidates, arms, sd, sd_df)
    plain = [Standing(float(mean), arm.n) for mean, arm in zip(means, arms, strict=True)]
    if noise is None or len(arms) < 2:
        return Leaderboard(tuple(plain), order, reason=_reason(noise))
    return _ranked(sign * means, noise, plain, order, sign, seed)


def _reason(noise: Noise | None) -> str:
    return "nothing was run with two seeds: how far seeds lie apart is not known" if noise is None else "one candidate"


def _noise(candidates: Sequence[Values], arms: Sequence[Arm], sd: float | None, sd_df: float) -> Noise | None:
    """The spread given; else each candidate's own, drawn towards all others'; else one for all."""
    n = np.array([arm.n for arm in arms], dtype=np.float64)
    if sd is not None:
        return _alike(sd, sd_df, n, f"a seed spread of {sd:.3g}, as given")
    lent = prior(candidates)
    if lent.variance is not None and math.isfinite(lent.df):
        squeezed = [lent.squeeze(arm.variance or 0.0, arm.n - 1.0) for arm in arms]
        variance, df = np.array(squeezed).T
        told = f"a seed spread of about {math.sqrt(lent.variance):.3g}, each candidate's own drawn towards it"
        return Noise(np.sqrt(variance / n), df, False, math.sqrt(lent.variance), told)
    pooled = spread(candidates)
    if pooled.sd is None or pooled.sd <= 0.0:
        return None
    groups = f"{pooled.groups} candidate" + "s" * (pooled.groups > 1)
    return _alike(pooled.sd, pooled.df, n, f"a seed spread of {pooled.sd:.3g} from {groups} with seeds")


def _alike(sd: float, df: float, n: Floats, told: str) -> Noise:
    return Noise(sd / np.sqrt(n), np.full(len(n), df), True, sd, told)


def _ranked(
    y: Floats, noise: Noise, plain: list[Standing], order: tuple[int, ...], sign: float, seed: int
) -> Leaderboard:
    """The whole table; inside, low is good."""
    tiers = _tiers(y, noise, seed)
    shrunken, error = shrink(y, noise.se)
    best, low_rank, high_rank, regret = _chances(shrunken, error, noise, order[0], seed)
    half = stdtrit(noise.df, 0.975) * error
    ends = np.sort(sign * (shrunken[:, None] + half[:, None] * np.array([-1.0, 1.0])), axis=1)
    standings = tuple(
        Standing(
            one.value,
            one.n,
            float(noise.se[at]),
            float(sign * shrunken[at]),
            float(ends[at, 0]),
            float(ends[at, 1]),
            float(best[at]),
            int(low_rank[at]),
            int(high_rank[at]),
            int(tiers[at]),
        )
        for at, one in enumerate(plain)
    )
    optimism = max(float(shrunken[order[0]] - y[order[0]]), 0.0)
    return Leaderboard(standings, order, noise, optimism, regret)


def _tiers(y: Floats, noise: Noise, seed: int) -> npt.NDArray[np.intp]:
    """The tier of each: those not to be told from the leader, then of the rest those not to be told from its leader."""
    tiers = np.full(len(y), MOST_TIERS, dtype=np.intp)
    left = np.arange(len(y))
    for tier in range(1, MOST_TIERS):
        if not len(left):
            break
        together = left[_together(y[left], noise.se[left], noise.df[left], noise.shared, seed)]
        tiers[together] = tier
        left = np.setdiff1d(left, together)
    return tiers


def _together(y: Floats, se: Floats, df: Floats, shared: bool, seed: int) -> npt.NDArray[np.intp]:
    """Whoever stays with the leader when those who are surely behind go, round after round, as in Holm's procedure."""
    leader = int(y.argmin())
    behind = (y - y[leader]) / np.sqrt(se**2 + se[leader] ** 2)
    kept = np.arange(len(y))
    for _ in range(_ROUNDS):
        if len(kept) < 2:
            break
        bound = float(np.quantile(_widest(se[kept], df[kept], shared, seed), 1 - _LEVEL))
        stays = kept[behind[kept] <= bound]
        if len(stays) == len(kept):
            break
        kept = stays
    return kept


def _widest(se: Floats, df: Floats, shared: bool, seed: int) -> Floats:
    """How far behind its leader the last would be if all were equal, drawn many times."""
    return np.concatenate([_behind(draws, se) for draws in _draws(se, df, shared, seed)])


def _draws(se: Floats, df: Floats, shared: bool, seed: int) -> Iterator[Floats]:
    """Values of candidates that are all equal, a row a draw, some thousand numbers at a time."""
    rng = np.random.default_rng([seed, 11])
    rows = max(_CELLS // len(se), 50)
    left = _DRAWS if len(se) <= 500 else _DRAWS // 4
    while left > 0:
        count = min(rows, left)
        left -= count
        yield rng.normal(size=(count, len(se))) * se / _loose(rng, df, shared, count)


def _loose(rng: np.random.Generator, df: Floats, shared: bool, count: int) -> Floats:
    """How far off estimates of a spread are, as factors of it: one for all, or one each."""
    known = np.minimum(df[:1] if shared else df, 1e6)
    factors: Floats = np.sqrt(rng.chisquare(known, (count, len(known))) / known)
    return factors


def _behind(values: Floats, se: Floats) -> Floats:
    leader = values.argmin(axis=1)
    gap = values - values[np.arange(len(values)), leader][:, None]
    behind: Floats = (gap / np.sqrt(se**2 + se[leader][:, None] ** 2)).max(axis=1)
    return behind


def shrink(y: Floats, se: Floats) -> tuple[Floats, Floats]:
    """What the values probably would be once more, and how far that is known: drawn towards the middle by their noise.

    Low values count: how far the true ones lie apart is taken from the better half, so that runs that went astray do
    not make the top look sure.

    >>> shrunken, _ = shrink(np.array([0.0, 1.0, 2.0, 3.0]), np.full(4, 0.1))
    >>> bool(0.0 < shrunken[0] < 0.1)
    True
    """
    k = len(y)
    middle = float(np.median(y)) if k >= _SOME else float(y.mean())
    true = max(_apart(y, middle) - float((se**2).mean()), 0.0)
    few = max(k - 3, 1) / max(k - 1, 1)
    share = few * se**2 / (se**2 + true)
    shrunken = y - share * (y - middle)
    # The middle and the share are themselves estimates (Morris 1983).
    variance = se**2 * (1 - (k - 1) / k * share) + 2 / max(k - 3, 1) * share**2 * (y - middle) ** 2
    return shrunken, np.sqrt(variance)


def _apart(y: Floats, middle: float) -> float:
    """How far values lie apart, squared: of many by those better than the middle."""
    good = y[y < middle]
    if len(y) >= _SOME and len(good):
        return float(((good - middle) ** 2).mean())
    return float(y.var(ddof=1)) if len(y) > 1 else 0.0


def _chances(
    shrunken: Floats, error: Floats, noise: Noise, leader: int, seed: int
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64], tuple[float, float]]:
    """How often each is the lowest of draws, the range of its rank in 95 % of them, how far the leader is behind."""
    rng = np.random.default_rng([seed, 13])
    k = len(shrunken)
    count = min(_DRAWS, max(_CELLS // k, 200))
    drawn = shrunken + error * rng.normal(size=(count, k)) / _loose(rng, noise.df, noise.shared, count)
    best = np.bincount(drawn.argmin(axis=1), minlength=k) / count
    ranks = np.empty((count, k), dtype=np.int64)
    np.put_along_axis(ranks, drawn.argsort(axis=1), np.broadcast_to(np.arange(1, k + 1), (count, k)), axis=1)
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
    gap = drawn[:, leader] - drawn.min(axis=1)
    return best, low, high, (float(gap.mean()), float(gap.std()))
