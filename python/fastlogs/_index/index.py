"""What many runs come to: summary, settings, coverage of each, read now or remembered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlogs._configs import Setting, settings_of_each
from fastlogs._index import segment, stamp, where
from fastlogs._together import Together, read_together

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._coverage import Coverage
    from fastlogs._run import Run

# Runs that are read before what was found of them is kept.
_BATCH = 2048
# What tells entries apart: the run, for as long as it is called so, and what its files look like.
_NAMES = ("run", "stamp")

# Told how many runs are done, of how many.
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Facts:
    """Of each run by name: its settings, what its reading left, why it gives nothing; and the summaries of all."""

    summary: pl.DataFrame
    settings: Mapping[str, dict[str, Setting]]
    coverage: Mapping[str, dict[str, Any]]
    broken: Mapping[str, str]
    # How many were not read, because nothing of them has changed.
    remembered: int = 0


def facts_of(runs: Sequence[Run], root: str | None, tell: Tell | None = None) -> Facts:
    """The facts of runs below a root; those whose files are as they were when last read are remembered.

    Without a root, or where no index can be kept, all are read.
    """
    import polars as pl

    folder = None if root is None else where.folder_of(root)
    stamps = {} if folder is None else _stamps(runs, root or "")
    known = None if folder is None else _known(folder, stamps)
    tables = [] if known is None else [known]
    there = set() if known is None else set(known["run"])
    missing = [run for run in runs if run.name not in there]
    for part in _parts(missing):
        tables.append(_read(part, stamps, root or ""))
        if folder is not None:
            segment.write(folder, _lasting(tables[-1]))
        if tell is not None:
            tell(len(there) + sum(map(len, tables[len(tables) - 1 :])), len(runs))
    table = pl.concat(tables, how="vertical_relaxed") if tables else _read([], stamps, "")
    if folder is not None and missing:
        segment.join(folder, _lasting(table))
    return facts_in(table, runs, len(there))


def _parts(runs: Sequence[Run]) -> Iterator[Sequence[Run]]:
    return (runs[at : at + _BATCH] for at in range(0, len(runs), _BATCH))


def _stamps(runs: Iterable[Run], root: str) -> dict[str, str]:
    """What the files of each run look like, how they are read and by what; empty when that may be seen twice."""
    began, engine = stamp.now(), stamp.engine()
    options: dict[int, str] = {}

    def one(run: Run) -> str:
        files = [file.path or file.origin for file in run.request.sources.files]
        if run.request.line_hook is not None or not files:
            return ""
        seen = stamp.stamp([*files, *run.place.config], root, began)
        asked = id(run.request.options)
        if asked not in options:
            options[asked] = repr(sorted((k, repr(v)) for k, v in run.request.options.items() if k != "run_column"))
        return stamp.short(f"{engine}\0{options[asked]}\0{seen}") if seen else ""

    return {run.name: one(run) for run in runs}


def _known(folder: Path, stamps: Mapping[str, str]) -> pl.DataFrame | None:
    """The entries of the runs whose stamp is that of an entry."""
    import polars as pl

    there = segment.entries(segment.segments(folder))
    if there is None:
        return None
    now = pl.DataFrame({"run": list(stamps), "stamp": list(stamps.values())}, schema=dict.fromkeys(_NAMES, pl.String))
    found = now.filter(pl.col("stamp") != "").join(there.unique("stamp", keep="any"), on="stamp", maintain_order="left")
    return found.select("run", *there.columns)


def _lasting(table: pl.DataFrame) -> pl.DataFrame:
    """The entries that may be kept: those with a stamp, which says what is whose."""
    import polars as pl

    return table.filter(pl.col("stamp") != "").drop("run")


def _read(runs: Sequence[Run], stamps: Mapping[str, str], root: str) -> pl.DataFrame:
    """An entry a run: read now."""
    import polars as pl

    read = read_together(runs, layout="summary")
    rows = _by_run(read)
    # A file that was written while it was read may not be what was read.
    still = _stamps(runs, root) if stamps else {}
    settings = settings_of_each((run.place, _sources(read, run.name)) for run in runs)
    entries = [
        {
            "run": run.name,
            "stamp": stamps[run.name] if _holds(run.name, read, stamps, still) else "",
            "settings": json.dumps(own),
            "coverage": json.dumps(_left(read.coverage.get(run.name))),
            "broken": read.broken.get(run.name),
        }
        for run, own in zip(runs, settings, strict=True)
    ]
    columns = (*_NAMES, "settings", "coverage", "broken")
    table = pl.DataFrame(entries, schema=dict.fromkeys(columns, pl.String))
    return table.join(rows, on="run", how="left", maintain_order="left")


def _holds(run: str, read: Together, stamps: Mapping[str, str], still: Mapping[str, str]) -> bool:
    """Whether what was read of a run will be read of the same files again: a fault of the machine may not."""
    whole = run in read.coverage and not any(source.damage for source in read.coverage[run].sources)
    return whole and bool(stamps.get(run)) and stamps[run] == still[run]


def _sources(read: Together, run: str) -> Sequence[Any]:
    return read.coverage[run].sources if run in read.coverage else ()


def _by_run(read: Together) -> pl.DataFrame:
    """The rows of each run's summary as a list."""
    import polars as pl

    tables = [table.with_columns(pl.col("run").cast(pl.String)) for table in read.tables]
    if not tables:
        return pl.DataFrame(schema={"run": pl.String, "rows": pl.List(pl.Struct({"metric": pl.String}))})
    table = pl.concat(tables, how="diagonal_relaxed")
    return table.group_by("run", maintain_order=True).agg(pl.struct(pl.all().exclude("run")).alias("rows"))


def _left(coverage: Coverage | None) -> dict[str, Any]:
    """The numbers of a coverage: what was read, and what was left where anything was."""
    if coverage is None:
        return {}
    formats = sorted({source.format for source in coverage.sources})
    counts = {name: count for name, count in coverage.counts.items() if count}
    return {"format": ", ".join(formats), "lines": coverage.lines, "rows": coverage.rows, **counts}


def facts_in(table: pl.DataFrame, runs: Sequence[Run], remembered: int = 0) -> Facts:
    """A table of a row a run as facts, in the order of the runs."""
    import polars as pl

    order = pl.DataFrame({"run": [run.name for run in runs]}, schema={"run": pl.String})
    table = order.join(table, on="run", how="left", maintain_order="left")
    rows = table.select("run", "rows").filter(pl.col("rows").is_not_null()).explode("rows").unnest("rows")
    broken = table.filter(pl.col("broken").is_not_null())

    def parsed(column: str) -> dict[str, dict[str, Any]]:
        return {run: json.loads(text) for run, text in zip(table["run"], table[column], strict=True)}

    told = dict(zip(broken["run"], broken["broken"], strict=True))
    return Facts(rows, parsed("settings"), parsed("coverage"), told, remembered)
