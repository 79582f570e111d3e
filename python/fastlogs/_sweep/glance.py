"""`Glance`: all that a sweep looks at of one run; whoever gathers it keeps no rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from fastlogs._configs import Settings
from fastlogs._findings import Finding

Floats: TypeAlias = npt.NDArray[np.float64]

# Bins of a curve: as many as the engine's sketch has.
BINS = 1024


@dataclass(frozen=True)
class Curve:
    """A metric along a run in at most 1,024 stretches of steps: the mean of the finite values of each.

    `points` is how many values were logged, `bad` how many were not finite; `digest` is the same for the same values.
    """

    x: Floats = field(default_factory=lambda: np.empty(0))
    y: Floats = field(default_factory=lambda: np.empty(0))
    points: int = 0
    bad: int = 0
    ends_bad: bool = False
    digest: str = ""

    def at(self, share: float) -> float:
        """The mean over the tenth of the run that ends at a share of it; NaN where there is nothing."""
        if not len(self.x):
            return float("nan")
        end = self.x[0] + share * (self.x[-1] - self.x[0])
        inside = (self.x <= end) & (self.x > end - 0.1 * (self.x[-1] - self.x[0]))
        return float(self.y[inside].mean()) if inside.any() else float("nan")


class Fact(Mapping[str, Any]):
    """A row of a summary; thousands of them share the names of their columns.

    >>> Fact(("metric", "n"), ("loss", 9))["n"]
    9
    """

    __slots__ = ("_names", "_values")

    def __init__(self, names: tuple[str, ...], values: tuple[Any, ...]) -> None:
        self._names, self._values = names, values

    def __getitem__(self, name: str) -> Any:
        try:
            return self._values[self._names.index(name)]
        except ValueError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Glance:
    """One run: its settings, a row a metric (those of `Run.summary()`), the curve of the metric that decides,
    findings about it, the last words of its log, and when that was written; `broken` says why there is no table."""

    run: str
    path: str = ""
    config: Settings = field(default_factory=dict)
    summary: tuple[Mapping[str, Any], ...] = ()
    metric: str | None = None
    curve: Curve = field(default_factory=Curve)
    findings: tuple[Finding, ...] = ()
    tail: str = ""
    written: float | None = None
    planned: int | None = None
    broken: str = ""

    def fact(self, metric: str | None) -> Mapping[str, Any] | None:
        """The summary of one metric."""
        return next((fact for fact in self.summary if fact["metric"] == metric), None)

    @property
    def last_step(self) -> int | None:
        """The last step that any metric has."""
        return max((fact["last_step"] for fact in self.summary if fact["last_step"] is not None), default=None)


def curve_of(x: Floats, y: Floats) -> Curve:
    """The curve of a series whose steps rise.

    >>> curve_of(np.array([1.0, 2.0, 3.0]), np.array([3.0, np.nan, 1.0])).bad
    1
    """
    import hashlib

    finite = np.isfinite(y)
    digest = hashlib.blake2b(np.concatenate([x, y]).tobytes(), digest_size=16).hexdigest() if len(x) else ""
    facts = (len(y), int((~finite).sum()), bool(len(y) and not finite[-1]), digest)
    at, values = x[finite], y[finite]
    if len(at) <= BINS:
        return Curve(at, values, *facts)
    place = np.minimum(((at - at[0]) / (at[-1] - at[0]) * BINS).astype(np.intp), BINS - 1)
    count = np.bincount(place, minlength=BINS)
    there = count > 0
    means = [np.bincount(place, one, BINS)[there] / count[there] for one in (at, values)]
    return Curve(means[0], means[1], *facts)


def of_curve(fact: Mapping[str, Any], x: Floats, y: Floats, digest: int | None) -> Curve:
    """The curve that the engine drew of a metric, and what its summary says of all values.

    >>> of_curve({"n": 3, "n_nan": 1, "n_inf": 0, "last": 1.0}, np.array([1.0, 3.0]), np.array([3.0, 1.0]), 7).bad
    1
    """
    finite = np.isfinite(y)
    at, values = (x, y) if finite.all() else (x[finite], y[finite])
    return Curve(
        at, values, fact["n"], fact["n_nan"] + fact["n_inf"], not math.isfinite(fact["last"]), f"{digest or 0:x}"
    )
