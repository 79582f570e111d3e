"""What has become of tensors: sums a tensor, joined to those of any group of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from fastlogs.model.keys import label
from fastlogs.stats.floats import Floats

# The columns of a row of `_core.tensors.measure`; the counts over each threshold follow.
N, LEFT, MEAN, SPREAD, SIZE, LOW, HIGH, SQUARE, PEAK, BOTH, CROSSED = range(11)
NAMED = 11


@dataclass(frozen=True, slots=True)
class Change:
    """The differences of a tensor, or of many: norms, moments, counts. Of a tensor by itself: of its numbers.

    Differences that are not finite are counted in `nonfinite`, and in nothing else.
    """

    row: Floats
    thresholds: tuple[float, ...] = ()

    @property
    def n(self) -> int:
        """Finite differences."""
        return int(self.row[N])

    @property
    def nonfinite(self) -> int:
        """Differences that are NaN or infinite."""
        return int(self.row[LEFT])

    @property
    def norm_l2(self) -> float:
        """The root of the sum of squares."""
        return math.sqrt(self.row[SPREAD] + self.row[N] * self.row[MEAN] ** 2)

    @property
    def norm_l1(self) -> float:
        """The sum of sizes."""
        return float(self.row[SIZE])

    @property
    def norm_max(self) -> float:
        """The greatest size."""
        return float(max(abs(self.row[LOW]), abs(self.row[HIGH]))) if self.n else math.nan

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.row[MEAN]) if self.n else math.nan

    @property
    def mean_size(self) -> float:
        """The mean of sizes."""
        return self.norm_l1 / self.n if self.n else math.nan

    @property
    def std(self) -> float:
        """The standard deviation, with ddof 1; of one number there is none."""
        return math.sqrt(self.row[SPREAD] / (self.n - 1)) if self.n > 1 else math.nan

    @property
    def min(self) -> float:
        """The least."""
        return float(self.row[LOW]) if self.n else math.nan

    @property
    def max(self) -> float:
        """The greatest."""
        return float(self.row[HIGH]) if self.n else math.nan

    @property
    def weight_norm(self) -> float:
        """The L2 norm of the new numbers themselves."""
        return math.sqrt(self.row[SQUARE])

    @property
    def weight_max(self) -> float:
        """The greatest size among the new numbers."""
        return float(self.row[PEAK])

    @property
    def update_ratio(self) -> float:
        """The norm of the differences over that of the new numbers."""
        return self.norm_l2 / self.weight_norm if self.weight_norm else math.nan

    @property
    def sign_flips(self) -> int:
        """Pairs without a zero whose signs differ."""
        return int(self.row[CROSSED])

    @property
    def sign_flip_ratio(self) -> float:
        """Their share of the pairs without a zero."""
        return float(self.row[CROSSED] / self.row[BOTH]) if self.row[BOTH] else math.nan

    def over(self, threshold: float) -> int:
        """How many sizes are over one of the thresholds that were asked for."""
        return int(self.row[NAMED + self.thresholds.index(threshold)])

    def changed(self, threshold: float) -> float:
        """Their share."""
        return self.over(threshold) / self.n if self.n else math.nan

    def sparsity(self, threshold: float) -> float:
        """The share at most as large as a threshold."""
        return 1 - self.changed(threshold)


@dataclass(frozen=True, slots=True)
class Changes(Mapping[str, Change]):
    """The change of each tensor by name; `total` is that of all, `of` that of some."""

    names: tuple[str, ...]
    rows: Floats
    thresholds: tuple[float, ...] = ()
    _at: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_at", {name: at for at, name in enumerate(self.names)})

    def __getitem__(self, name: str) -> Change:
        return Change(self.rows[self._at[name]], self.thresholds)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def total(self) -> Change:
        """Over all numbers of all tensors."""
        return Change(joined(self.rows), self.thresholds)

    def of(self, names: Iterable[str]) -> Change:
        """Over the tensors of these names."""
        return Change(joined(self.rows[[self._at[name] for name in names]]), self.thresholds)

    def by(self, group: Callable[[str], str | None]) -> dict[str, Change]:
        """Over the tensors of each group, in order of first appearance; a name without a group is in none."""
        groups: dict[str, list[str]] = {}
        for name in self.names:
            if (key := group(name)) is not None:
                groups.setdefault(key, []).append(name)
        return {key: self.of(names) for key, names in groups.items()}


def joined(rows: Floats) -> Floats:
    """The row of several tensors taken as one.

    >>> from fastlogs.model import statistics
    >>> found = statistics({"a": np.array([1.0, 3.0]), "b": np.array([5.0])})
    >>> found.total.mean, found.total.std
    (3.0, 2.0)
    """
    width = rows.shape[1] if rows.ndim == 2 else NAMED
    if not len(rows):
        return empty(width - NAMED)
    total: Floats = rows.sum(axis=0)
    total[LOW], total[HIGH], total[PEAK] = rows[:, LOW].min(), rows[:, HIGH].max(), rows[:, PEAK].max()
    weights = rows[:, N]
    total[MEAN] = (weights * rows[:, MEAN]).sum() / max(total[N], 1)
    total[SPREAD] += (weights * (rows[:, MEAN] - total[MEAN]) ** 2).sum()
    return total


def empty(thresholds: int) -> Floats:
    """The row of nothing."""
    row = np.zeros(NAMED + thresholds)
    row[LOW], row[HIGH] = math.inf, -math.inf
    return row


def finite(metrics: Mapping[str, float]) -> dict[str, float]:
    """What has a value: of nothing, or of one number, some things have none."""
    return {key: value for key, value in metrics.items() if math.isfinite(value)}


def totals(change: Change) -> dict[str, float]:
    """The basic metrics by the last part of their keys.

    >>> from fastlogs.model import statistics
    >>> totals(statistics({"w": np.array([3.0, 4.0])}).total)["norm_l2"]
    5.0
    """
    metrics: dict[str, float] = {
        name: getattr(change, name) for name in ("norm_l2", "norm_l1", "norm_max", "mean", "std")
    }
    return finite(metrics)


def at_thresholds(change: Change, thresholds: Sequence[float]) -> dict[str, float]:
    """Sparsity and changed ratio at each threshold."""
    metrics = {}
    for threshold in thresholds:
        metrics[f"sparsity_at_{label(threshold)}"] = change.sparsity(threshold)
        metrics[f"changed_ratio_at_{label(threshold)}"] = change.changed(threshold)
    return finite(metrics)
