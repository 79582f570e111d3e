"""Reads many runs in one call of the engine, so that a thousand small files cost one; who fails is left out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fastlogs._coverage import Coverage, nothing_found
from fastlogs._request import Request, covered, frame
from fastlogs._sources import Source, Sources
from fastlogs._summary import summary_of_frame
from fastlogs.errors import FastlogsError, NoMetricsFound

if TYPE_CHECKING:
    import polars as pl

    from fastlogs import _core
    from fastlogs._run import Run

# Fewer runs are read as soon as they are asked for; a larger one keeps all cores busy by itself.
_SEVERAL, _SMALL = 8, 1 << 20


@dataclass
class Together:
    """What a joint read gave: tables with a `run` column, coverage by run, and why a run gave nothing."""

    tables: list[pl.DataFrame] = field(default_factory=list)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


def read_together(
    runs: Sequence[Run], *, layout: str = "wide", metrics: Sequence[str] | None = None, curves: Sequence[str] = ()
) -> Together:
    """The tables of runs under one another; runs with other options make other tables.

    A summary has the `curves` of the metrics named, in columns of their own.
    """
    found = Together()
    asked: dict[str, Any] = {"layout": layout, "run_column": True}
    asked |= {} if metrics is None else {"metrics": list(metrics)}
    asked |= {"curves": list(curves)} if curves else {}
    for alike in _alike(runs):
        if _alone(alike[0]):
            _take_one(alike[0], layout, bool(curves), found)
        else:
            _read(alike, asked, found)
    return found


def read_ahead(runs: Iterable[Run]) -> None:
    """Reads many small runs side by side, each as it would be read alone; one that fails does so when it is asked."""
    waiting = [run for run in runs if not run.is_read and not _alone(run) and run.request.sources.bytes <= _SMALL]
    if len(waiting) >= _SEVERAL:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(_try, waiting))


def _try(run: Run) -> None:
    from polars.exceptions import PolarsError

    try:
        run.read()
    except (FastlogsError, OSError, ValueError, PolarsError):
        # Told by whoever asks for the table.
        return


def _alone(run: Run) -> bool:
    """Whether a run cannot share a request: a pipe is read once, a Python function reads by itself."""
    return run.request.line_hook is not None or not run.request.sources.repeatable


def _alike(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs that one request can read."""
    groups: dict[str, list[Run]] = {}
    # Runs found together share their options.
    said: dict[int, str] = {}
    for at, run in enumerate(runs):
        options = run.request.options
        if id(options) not in said:
            said[id(options)] = repr(sorted((k, v) for k, v in options.items() if k != "run_column"))
        groups.setdefault(f"alone {at}" if _alone(run) else said[id(options)], []).append(run)
    return list(groups.values())


def _read(runs: Sequence[Run], asked: dict[str, Any], found: Together) -> None:
    """Reads runs at once; where that fails, each half by itself, until the failing one stands alone."""
    from polars.exceptions import PolarsError

    files = tuple(Source(run.name, f.name, f.origin) for run in runs for f in run.request.sources.files)
    sources = Sources(files, many=True, label=f"{len(runs)} runs")
    try:
        _take(replace(runs[0].request, sources=sources).with_options(**asked), found)
    except (FastlogsError, OSError, ValueError, PolarsError) as error:
        if len(runs) == 1:
            found.broken[runs[0].name] = reason(error)
            return
        half = len(runs) // 2
        _read(runs[:half], asked, found)
        _read(runs[half:], asked, found)


def _take(request: Request, found: Together) -> None:
    opened = request.open()
    try:
        found.tables.append(frame(opened, request))
    except NoMetricsFound:
        pass
    by_run: dict[str, list[_core.Coverage]] = {}
    for source in covered(opened).sources:
        by_run.setdefault(source.run, []).append(source)
    for name, sources in by_run.items():
        part = found.coverage[name] = Coverage(tuple(sources))
        if part.rows == 0:
            found.broken[name] = reason(nothing_found(sources, ", ".join(s.source for s in sources[:2])))


def _take_one(run: Run, layout: str, curves: bool, found: Together) -> None:
    import polars as pl

    try:
        table = summary_of_frame(run.metrics, curves=curves) if layout == "summary" else run.metrics
    except (FastlogsError, OSError, ValueError, pl.exceptions.PolarsError) as error:
        found.broken[run.name] = reason(error)
        return
    found.tables.append(table.select(pl.lit(run.name).alias("run"), pl.all().exclude("run")))
    found.coverage[run.name] = run.coverage


def own_columns(table: pl.DataFrame) -> pl.DataFrame:
    """A run's part of a joint table without the columns that only other runs have."""

    def is_own(column: pl.Series) -> bool:
        if column.name in ("rank", "attempt"):
            return column.n_unique() > 1
        return column.name == "step" or column.null_count() < len(column)

    return table.select(column for column in table if is_own(column))


def reason(error: Exception) -> str:
    """An error as one line."""
    text = error.message if isinstance(error, FastlogsError) else str(error)
    return text.partition("\n")[0].removesuffix("; its commonest lines:")
