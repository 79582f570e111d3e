"""Settings that matter together: what a pair says of a result beyond what each says alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc

from fastlogs.stats.floats import Floats
from fastlogs.stats.many import holm
from fastlogs.stats.parameter import Parameter
from fastlogs.stats.shape import binned

_MOST = 4
_LEVEL = 0.05

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Interaction:
    """A pair of parameters: the share of the result's variance that only the pair explains, and a table of medians.

    `rows` and `columns` are the stretches (first, last) of `a` and `b`; a cell without runs is NaN.
    """

    a: str
    b: str
    share: float
    p: float
    named: bool
    rows: tuple[tuple[float, float], ...] = ()
    columns: tuple[tuple[float, float], ...] = ()
    medians: tuple[tuple[float, ...], ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()


def interactions(parameters: Sequence[Parameter], scores: Floats, target: Floats) -> tuple[Interaction, ...]:
    """Every pair, the strongest first: an F test of the cells of a table against stretches of each alone, by Holm.

    `scores` are what is explained (the target's ranks, so that no outlier decides), `target` what is shown.

    >>> rng = np.random.default_rng(0)
    >>> x = rng.uniform(-1, 1, (2, 300))
    >>> found = interactions([Parameter("lr", x[0]), Parameter("bs", x[1])], x[0] * x[1], x[0] * x[1])
    >>> found[0].named, round(found[0].share, 1)
    (True, 0.8)
    """
    parts = [_parts(one) for one in parameters]
    alone = np.column_stack([np.ones(len(scores)), *(_dummies(part) for part in parts)])
    found = []
    for i, j in combinations(range(len(parts)), 2):
        share, p = _tested(alone, parts[i], parts[j], scores)
        found.append(_table(parameters[i], parameters[j], parts[i], parts[j], target, share, p))
    adjusted = holm([one.p for one in found])
    told = [replace(one, named=p is not None and p < _LEVEL) for one, p in zip(found, adjusted, strict=True)]
    return tuple(sorted(told, key=lambda one: (not one.named, -one.share)))


def _parts(one: Parameter) -> Places:
    """The stretch of each run; those that do not know the parameter are a stretch of their own."""
    parts = np.zeros(len(one.values), dtype=np.intp)
    parts[one.known] = 1 + binned(one.values[one.known], words=bool(one.words), most=_MOST)
    return np.unique(parts, return_inverse=True)[1]


def _dummies(part: Places) -> Floats:
    return np.asarray(part[:, None] == np.arange(1, part.max() + 1), dtype=np.float64)


def _tested(alone: Floats, a: Places, b: Places, scores: Floats) -> tuple[float, float]:
    """The share beyond what chance would explain, and its p."""
    cells = _dummies(np.unique(a * (b.max() + 1) + b, return_inverse=True)[1])
    both = np.column_stack([alone, cells])
    (few, rank), (rest, full) = _left(alone, scores), _left(both, scores)
    more, free = full - rank, len(scores) - full
    if more < 1 or free < 1 or rest <= 1e-12 * few:
        return 0.0, 1.0
    noise = rest / free
    whole = float(((scores - scores.mean()) ** 2).sum())
    return float(few - rest - more * noise) / whole, float(fdtrc(more, free, (few - rest) / more / noise))


def _left(design: Floats, scores: Floats) -> tuple[float, int]:
    """What a linear model leaves, and its rank."""
    weights, _, rank, _ = np.linalg.lstsq(design, scores, rcond=None)
    off = scores - design @ weights
    return float(off @ off), int(rank)


def _table(
    a: Parameter, b: Parameter, parts_a: Places, parts_b: Places, target: Floats, share: float, p: float
) -> Interaction:
    shape = (int(parts_a.max()) + 1, int(parts_b.max()) + 1)
    medians, counts = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    for at in np.ndindex(shape):
        inside = target[(parts_a == at[0]) & (parts_b == at[1])]
        counts[at] = len(inside)
        medians[at] = np.median(inside) if len(inside) else np.nan
    rows, columns = _ends(a, parts_a), _ends(b, parts_b)
    told = tuple(map(tuple, medians.tolist())), tuple(map(tuple, counts.tolist()))
    return Interaction(a.name, b.name, share, p, False, rows, columns, *told)


def _ends(one: Parameter, parts: Places) -> tuple[tuple[float, float], ...]:
    inside = [one.values[parts == at] for at in range(int(parts.max()) + 1)]
    return tuple((float(v.min()), float(v.max())) for v in inside)
