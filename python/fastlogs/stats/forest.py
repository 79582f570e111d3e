"""A random forest whose trees all grow together, level by level: how much of a target can settings foretell?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastlogs.stats.floats import Floats

# Values of a setting that a tree tells apart; what lies in one bin is one value to it.
BINS = 16
TREES = 64
_LEAF = 3
_DEEP = 8

Codes = npt.NDArray[np.int64]


def coded(values: Floats) -> Codes:
    """A column as up to 15 bins of about equally many values, in order; what is not known is a bin below all others.

    >>> coded(np.array([0.1, np.nan, 0.3, 0.1])).tolist()
    [1, 0, 2, 1]
    """
    known = np.isfinite(values)
    levels = np.unique(values[known])
    if len(levels) > BINS - 1:
        levels = np.unique(np.quantile(values[known], np.arange(1, BINS - 1) / (BINS - 1), method="nearest"))
    return np.where(known, 1 + np.searchsorted(levels, values, side="left"), 0)


@dataclass
class _Growth:
    """Where every row of every tree stands: `node` of those that still move, `found` of those that have arrived."""

    tree: Codes
    row: Codes
    weight: Floats
    node: Codes
    place: Codes
    found: Floats

    def keep(self, moving: npt.NDArray[np.bool_], node: Codes) -> None:
        self.tree, self.row, self.weight = self.tree[moving], self.row[moving], self.weight[moving]
        self.node, self.place = node[moving], self.place[moving]


def foretold(codes: Codes, target: Floats, rng: np.random.Generator, *, trees: int = TREES) -> Floats:
    """What the trees that did not see a row foretell of it, NaN where all saw it; `codes` has a column a setting.

    >>> rng = np.random.default_rng(0)
    >>> x = rng.integers(0, 8, (200, 2))
    >>> said = foretold(x, (x[:, 0] - 3.5) ** 2, rng)
    >>> bool(np.corrcoef(said, (x[:, 0] - 3.5) ** 2)[0, 1] > 0.95)
    True
    """
    n = len(target)
    weight = np.zeros((trees, n))
    np.add.at(weight, (np.arange(trees)[:, None], rng.integers(0, n, (trees, n))), 1.0)
    tree, row = np.divmod(np.arange(trees * n), n)
    growth = _Growth(tree, row, weight.ravel(), tree.copy(), np.arange(trees * n), np.zeros(trees * n))
    nodes = trees
    for depth in range(_DEEP + 1):
        nodes = _level(growth, codes, target, nodes, rng, last=depth == _DEEP)
        if not nodes:
            break
    unseen = weight == 0.0
    with np.errstate(invalid="ignore"):
        said: Floats = (growth.found.reshape(trees, n) * unseen).sum(axis=0) / unseen.sum(axis=0)
    return said


def _level(growth: _Growth, codes: Codes, target: Floats, nodes: int, rng: np.random.Generator, *, last: bool) -> int:
    """One level further down in all trees; gives how many nodes are left to split."""
    weight: Floats = np.bincount(growth.node, growth.weight, nodes).astype(np.float64)
    total: Floats = np.bincount(growth.node, growth.weight * target[growth.row], nodes).astype(np.float64)
    mean = total / np.maximum(weight, 1.0)
    growth.found[growth.place] = mean[growth.node]
    if last:
        return 0
    tried = _tried(nodes, codes.shape[1], rng)
    gain, column, cut = _best(growth, codes, target, tried, weight, total)
    splits = gain > 1e-9
    if not splits.any():
        return 0
    renamed = np.cumsum(splits) - 1
    moving = splits[growth.node]
    right = codes[growth.row, column[growth.node]] > cut[growth.node]
    growth.keep(moving, 2 * renamed[growth.node] + right)
    return 2 * int(splits.sum())


def _tried(nodes: int, columns: int, rng: np.random.Generator) -> Codes:
    """The columns that each node looks at: half of them by lot, which lets pairs show that say nothing alone."""
    count = max(1, -(-columns // 2))
    return np.argsort(rng.random((nodes, columns)), axis=1)[:, :count]


def _best(
    growth: _Growth, codes: Codes, target: Floats, tried: Codes, weight: Floats, total: Floats
) -> tuple[Floats, Codes, Codes]:
    """Each node's best split: what it gains in squares, the column, and the last bin that goes left."""
    nodes, count = tried.shape
    seen = growth.weight > 0
    node, row, w = growth.node[seen], growth.row[seen], growth.weight[seen]
    bins = int(codes.max()) + 1
    at = (node[:, None] * count + np.arange(count)) * bins + codes[row[:, None], tried[node]]
    shape = (nodes, count, bins)
    flat = at.ravel()
    size = nodes * count * bins
    n = np.bincount(flat, np.repeat(w, count), size).reshape(shape).cumsum(axis=2)
    s = np.bincount(flat, np.repeat(w * target[row], count), size).reshape(shape).cumsum(axis=2)
    whole, all_ = weight[:, None, None], total[:, None, None]
    rest = whole - n
    fits = (n >= _LEAF) & (rest >= _LEAF)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(fits, s * s / n + (all_ - s) ** 2 / rest - all_ * all_ / whole, 0.0).reshape(nodes, -1)
    best = gain.argmax(axis=1)
    each = np.arange(nodes)
    which, cut = np.divmod(best, bins)
    return gain[each, best], tried[each, which], cut


def explained(target: Floats, said: Floats) -> float:
    """R2: the share of the target's variance that was foretold; below 0 when the mean would have done better.

    >>> explained(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    1.0
    """
    there = np.isfinite(said)
    off = target[there] - said[there]
    around = target[there] - target[there].mean()
    whole = float(around @ around)
    return 1.0 - float(off @ off) / whole if whole > 0 else 0.0
