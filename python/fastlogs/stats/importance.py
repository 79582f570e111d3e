"""Which settings matter for a result: first whether any does, then by how much each, by refits without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from fastlogs.stats.floats import Floats
from fastlogs.stats.forest import Codes, explained, foretold
from fastlogs.stats.interaction import Interaction, interactions
from fastlogs.stats.many import holm
from fastlogs.stats.parameter import Parameter
from fastlogs.stats.shape import Shape, shape
from fastlogs.stats.student import reach, two_sided

LEAST = 20
MOST = 1000
_SHUFFLES = 19
# Refits a setting; where nothing matters none is named, and a few show as much.
_DRAWS, _FEW_DRAWS = 10, 4
_LEVEL = 0.05
_TOP = 4


@dataclass(frozen=True, slots=True)
class Weight:
    """One parameter: how much less is foretold once its values are shuffled; `named` when that is surely more than 0.

    `band` is what a parameter of no importance reaches by luck, `n` how many runs have it.
    """

    name: str
    drop: float
    low: float
    high: float
    band: float
    p: float
    named: bool
    n: int
    distinct: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class Importance:
    """What settings foretell of a result: `r2` against shuffled results, then each parameter, the weightiest first.

    `matters` is None where that cannot be known (`reason`), False when nothing was found: then none is named.
    """

    n: int
    r2: float | None = None
    null: tuple[float, ...] = ()
    p: float | None = None
    matters: bool | None = None
    weights: tuple[Weight, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    reason: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The parameters that surely matter."""
        return tuple(weight.name for weight in self.weights if weight.named)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The design and the target of all fits."""

    parameters: tuple[Parameter, ...]
    blocks: tuple[Codes, ...]
    target: Floats
    seed: int

    def r2(self, draw: int, *, without: int | None = None, shuffled: bool = False) -> float:
        """R2 out of bag of a forest; the same trees for the same draw, whatever is shuffled."""
        lot = np.random.default_rng([self.seed, draw, 1 + (-1 if without is None else without), shuffled])
        order = lot.permutation(len(self.target))
        blocks = [block[order] if at == without else block for at, block in enumerate(self.blocks)]
        target = self.target[order] if shuffled else self.target
        return explained(target, foretold(np.column_stack(blocks), target, np.random.default_rng([self.seed, draw])))


def importance(parameters: Iterable[Parameter], target: npt.ArrayLike, *, seed: int = 0) -> Importance:
    """Which parameters matter for a target of one finite value a run; refuses (`reason`) under 20 runs.

    The target counts by its ranks, so that one diverged run does not outweigh all. Out-of-bag R2 of a forest against 19
    shuffles of the target; if it is beaten by one, nothing matters and no parameter is named. Over 1,000 runs a sample.

    >>> rng = np.random.default_rng(0)
    >>> lr, wd = rng.uniform(0, 1, (2, 100))
    >>> importance([Parameter("lr", lr), Parameter("wd", wd)], (lr - 0.5) ** 2).named
    ('lr',)
    """
    given, y = tuple(parameters), np.asarray(target, dtype=np.float64)
    reason = _refusal(given, y)
    if reason is not None:
        return Importance(len(y), reason=reason)
    whole, all_y = given, y
    if len(y) > MOST:
        kept = np.sort(np.random.default_rng([seed, 7]).choice(len(y), MOST, replace=False))
        given, y = tuple(one.some(kept) for one in given), y[kept]
    asked = _Asked(given, tuple(one.columns() for one in given), normal_scores(y), seed)
    found = _whether(asked)
    weights = _weights(asked, named=bool(found.matters))
    told = tuple(replace(w, shape=shape(one, all_y)) for one, w in zip(whole, weights, strict=True))
    ranked = tuple(sorted(told, key=lambda w: (not w.named, -w.drop)))
    pairs = _pairs(whole, ranked, all_y) if found.matters else ()
    return replace(found, n=len(all_y), weights=ranked, interactions=pairs)


def _refusal(parameters: Sequence[Parameter], y: Floats) -> str | None:
    if not parameters:
        return "no setting varies"
    if not np.isfinite(y).all():
        return f"{int((~np.isfinite(y)).sum())} of {len(y)} results are not finite"
    if len(y) < LEAST:
        return f"{len(y)} results, {LEAST} are needed"
    if len(np.unique(y)) < 2:
        return "all results are the same"
    return None


def normal_scores(values: Floats) -> Floats:
    """The values as the normal quantiles of their ranks; equal values share theirs.

    >>> normal_scores(np.array([3.0, 1e9, 1.0])).round(2).tolist()
    [0.0, 0.67, -0.67]
    """
    _, where, count = np.unique(values, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[where]
    scores: Floats = ndtri(rank / (len(values) + 1))
    return scores


def _whether(asked: _Asked) -> Importance:
    """Does anything matter: the target as it is against shuffles of it."""
    r2 = asked.r2(0)
    null = tuple(asked.r2(draw, shuffled=True) for draw in range(1, _SHUFFLES + 1))
    p = (1 + sum(one >= r2 for one in null)) / (1 + _SHUFFLES)
    return Importance(len(asked.target), r2, null, p, p <= _LEVEL)


def _weights(asked: _Asked, *, named: bool) -> list[Weight]:
    """Each parameter's drop, tested by Holm over all."""
    whole = np.array([asked.r2(draw) for draw in range(_DRAWS if named else _FEW_DRAWS)])
    found = [_weight(asked, at, whole) for at in range(len(asked.parameters))]
    adjusted = holm([one.p for one in found])
    return [replace(one, named=named and p is not None and p < _LEVEL) for one, p in zip(found, adjusted, strict=True)]


def _weight(asked: _Asked, at: int, whole: Floats) -> Weight:
    """Its own values held against shuffles of them: of no importance, they are one shuffle more."""
    draws = len(whole)
    drops = whole - np.array([asked.r2(draw, without=at) for draw in range(draws)])
    drop, sd = float(drops.mean()), float(drops.std(ddof=1)) * np.sqrt(1 + 1 / draws)
    t = drop / sd if sd > 0 else 0.0
    p = two_sided(t, draws - 1) / 2
    half = reach(0.95, draws - 1) * sd
    band = reach(0.90, draws - 1) * sd
    one = asked.parameters[at]
    chance = p if t > 0 else 1 - p
    return Weight(
        one.name, drop, drop - half, drop + half, band, chance, False, int(one.known.sum()), one.distinct, Shape()
    )


def _pairs(parameters: Sequence[Parameter], ranked: Sequence[Weight], y: Floats) -> tuple[Interaction, ...]:
    """Interactions among the weightiest, where there are runs enough to see any."""
    if len(y) < LEAST * len(parameters):
        return ()
    by_name = {one.name: one for one in parameters}
    return interactions([by_name[weight.name] for weight in ranked[:_TOP]], normal_scores(y), y)
