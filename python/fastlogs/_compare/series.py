"""The numbers of one run: each metric as a series on one axis, cleaned once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fastlogs._metrics import role_of
from fastlogs._request import CONTEXT
from fastlogs._series import main_rows
from fastlogs.stats.prepare import kept

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._compare.options import Axis
    from fastlogs._runs import Run

Floats: TypeAlias = NDArray[np.float64]

_ALONG = "_along"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Series:
    """One metric of one run: `x`, `y` are finite; `logged_x`, `logged_y` hold the non-finite values too.

    Known by identity, so that what was made of it can be kept as long as it lives.
    """

    x: Floats
    y: Floats
    logged_x: Floats
    logged_y: Floats

    @property
    def nonfinite(self) -> int:
        return self.logged_y.size - self.y.size

    def upto(self, end: float) -> Series:
        """The part that is not beyond a place on the axis."""
        near, logged = self.x <= end, self.logged_x <= end
        return Series(self.x[near], self.y[near], self.logged_x[logged], self.logged_y[logged])


@dataclass(frozen=True)
class Curves:
    """A run's series, made when asked for; of several attempts the longest, of several ranks the lowest."""

    run: Run
    axis: Axis = "step"
    # What another run's name for the same thing is here.
    aliases: Mapping[str, str] = field(default_factory=dict)
    _made: dict[str, Series] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return self.run.name

    @cached_property
    def table(self) -> pl.DataFrame:
        """The rows that count, in one piece: numpy then shares the columns' memory instead of copying it."""
        _in_one_piece(self.run.metrics)
        return main_rows(self.run.metrics)

    def column(self, name: str) -> pl.Series:
        return self.table[name]

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The names of the numeric metrics, in order of appearance."""
        import polars as pl

        schema = self.run.metrics.schema
        known = {own: name for name, own in self.aliases.items()}
        own = (name for name, kind in schema.items() if name not in CONTEXT and kind == pl.Float64)
        return tuple(known.get(name, name) for name in own)

    @cached_property
    def steps(self) -> Floats:
        return self.column("step").cast(float).to_numpy()

    @cached_property
    def places(self) -> Floats:
        """Where each row stands on the axis."""
        import polars as pl

        if self.axis == "step":
            return self.steps
        rows = self.run.metrics.with_columns(self.run.axis(self.axis).alias(_ALONG))
        along = main_rows(rows)[_ALONG]
        if along.dtype.is_temporal():
            along = (along - along.min()).dt.total_microseconds() / 1e6
        return along.cast(pl.Float64).to_numpy()

    def place_of(self, last: int) -> float:
        """Where on the axis a step stands."""
        reached = self.places[self.steps <= last]
        return float(reached.max()) if reached.size else -np.inf

    def series(self, metric: str) -> Series:
        """A metric's series; one that the run has not is empty."""
        if metric not in self._made:
            self._made[metric] = self._series(metric)
        return self._made[metric]

    def _series(self, metric: str) -> Series:
        if metric not in self.metrics:
            nothing = np.empty(0)
            return Series(nothing, nothing, nothing, nothing)
        column = self.column(self.aliases.get(metric, metric))
        y, x = column.to_numpy(), self.places
        if column.null_count():
            there = column.is_not_null().to_numpy()
            x, y = x[there], y[there]
        if x.size > 1 and not np.all(x[1:] > x[:-1]):
            mask = kept(x)
            x, y = x[mask], y[mask]
        finite = np.isfinite(y)
        if finite.all():
            return Series(x, y, x, y)
        return Series(x[finite], y[finite], x, y)

    def of_role(self, role: str) -> str | None:
        """The first metric of a role."""
        return next((name for name in self.metrics if (found := role_of(name)) and found.name == role), None)


def _in_one_piece(table: pl.DataFrame) -> None:
    """In place, and all columns at once: the pieces that a log was read in are freed when none of theirs is left."""
    if table.width and table.n_chunks() > 1:
        for at, column in enumerate(table.rechunk()):
            table.replace_column(at, column)
