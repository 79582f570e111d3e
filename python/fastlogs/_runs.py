"""`Run`: one execution of a training program, read when asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from fastlogs._read import Fields, table_of
from fastlogs._request import CONTEXT, Request, ask
from fastlogs._sources import resolve
from fastlogs.errors import UsageError

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
    def config(self) -> Mapping[str, str]:
        """The settings that the log itself states."""
        return MappingProxyType({key: value for source in self.coverage.sources for key, value in source.settings})

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
        if "_read" not in self.__dict__:
            return f"<Run {self.name!r}>"[:80]
        table = self.metrics
        names = ", ".join(n for n in table.columns if n not in CONTEXT)
        text = f"<Run {self.name!r}: {table.height:,} rows of {names}"
        return text + ">" if len(text) < 80 else text[:76] + "...>"

    def _repr_html_(self) -> str:
        coverage = escape("\n".join(self.coverage.words()))
        return f"<h4>{escape(self.name)}</h4>{self.summary()._repr_html_()}<pre>{coverage}</pre>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Run, (self.path, self.name, self.request)


def load(path: str | os.PathLike[str], **options: Any) -> Run:
    """The run at a path: a file, or a folder that is one run. Takes the reading options of `read`.

    >>> fastlogs.load("train.log").units
    mappingproxy({'time': 'ms', 'mfu': '%'})
    """
    sources = resolve(path)
    runs = {f.run for f in sources.files}
    if len(runs) > 1:
        few = ", ".join(sorted(runs)[:3])
        raise UsageError(f"wanted one run, found {len(runs)} in {sources.label}: {few} ...", help="load one of them")
    request = ask(sources, **options)
    return Run(sources.label, next(iter(runs)) or os.path.basename(sources.label), request)
