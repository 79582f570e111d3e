"""`Run`: one execution of a training program, read when asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from fastlogs._checkpoints import Checkpoint, checkpoints_of
from fastlogs._configs import Settings, settings_of
from fastlogs._places import NOWHERE, Place
from fastlogs._read import Fields, table_of
from fastlogs._request import CONTEXT, Request
from fastlogs.errors import FastlogsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from fastlogs._coverage import Coverage


class _Read(NamedTuple):
    table: pl.DataFrame
    fields: Fields
    coverage: Coverage


@dataclass(frozen=True)
class Run:
    """One run: its tables, settings and what its reading left, each read on first use.

    >>> fastlogs.load("train.log").metrics.height
    100
    """

    path: str
    name: str
    request: Request
    place: Place = field(default=NOWHERE, repr=False)

    @property
    def is_read(self) -> bool:
        return "_read" in self.__dict__

    def read(self) -> None:
        """Reads the run now, in any thread: what is cached on first use is made behind a lock that all runs share."""
        self.__dict__.setdefault("_read", _Read(*table_of(self.request)))

    @cached_property
    def _read(self) -> _Read:
        return _Read(*table_of(self.request))

    @property
    def metrics(self) -> pl.DataFrame:
        """The wide table."""
        return self._read.table

    @cached_property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """A frame a kind (`train`, `val` ...), with the names of the wide table."""
        import polars as pl

        table = self.metrics
        kinds: dict[str, list[str]] = {}
        context = [name for name in CONTEXT if name in table.columns]
        for name, about in self._read.fields.items():
            if name not in CONTEXT:
                kinds.setdefault(about.get("kind", "train"), []).append(name)
        return MappingProxyType(
            {
                kind: table.select(*context, *names).filter(pl.any_horizontal(pl.col(names).is_not_null()))
                for kind, names in kinds.items()
            }
        )

    @cached_property
    def units(self) -> Mapping[str, str]:
        """The unit of each column that has one, as printed."""
        return MappingProxyType({n: about["unit"] for n, about in self._read.fields.items() if about.get("unit")})

    @cached_property
    def config(self) -> Settings:
        """The settings, nested ones as `model.dim`: of the files beside the log, and what the log states besides."""
        try:
            stated = self.coverage.sources
        except FastlogsError:
            if not self.place.config:
                raise
            # Settings are known of a run that never got to its first step.
            stated = ()
        return MappingProxyType(settings_of(self.place, stated))

    @cached_property
    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """The checkpoints of the run, in the order that people count: path, step, size, time and kind of each."""
        return checkpoints_of(self.place.checkpoints, self.place.path)

    @property
    def coverage(self) -> Coverage:
        """What was matched and what was left."""
        return self._read.coverage

    def summary(self) -> pl.DataFrame:
        """A row a metric: count, first, last, extremes with their steps, mean, spread; read without the rows."""
        from fastlogs._summary import summary_of

        return summary_of(self.request)[0]

    def axis(self, name: str) -> pl.Series:
        """The rows' `tokens`, `samples`, `time` or `epoch`: as logged, else counted up; refused when neither can be."""
        from fastlogs._axis import axis

        return axis(self, name)

    def __repr__(self) -> str:
        if not self.is_read:
            return f"<Run {self.name!r}>"[:80]
        table = self.metrics
        names = ", ".join(n for n in table.columns if n not in CONTEXT)
        text = f"<Run {self.name!r}: {table.height:,} rows of {names}"
        return text + ">" if len(text) < 80 else text[:76] + "...>"

    def _repr_html_(self) -> str:
        """The name, a line a metric with its trend, what was read."""
        from fastlogs._summary import best_of
        from fastlogs._svg import spark, table

        columns = ("metric", "unit", "n", "last", "best", "at step", "mean of last 100", "trend")
        rows = [
            (
                fact["metric"],
                fact["unit"],
                fact["n"],
                fact["last"],
                *best_of(fact),
                fact["last100"],
                spark(fact.get("trend") or ()),
            )
            for fact in self.summary().to_dicts()
        ]
        coverage = escape("\n".join(self.coverage.words()))
        return f"<h4>{escape(self.name)}</h4>{table(columns, rows)}<pre>{coverage}</pre>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Run, (self.path, self.name, self.request, self.place)
