"""What many runs come to: summary, settings, coverage of each, read now or remembered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fastlogs._configs import Setting, settings_of_each
from fastlogs._engines import Over, here
from fastlogs._index import segment, sketches, stamp, where
from fastlogs._index.sketches import Drawn, Look, Sketches
from fastlogs._together import Together, read_together

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._coverage import Coverage
    from fastlogs._run import Run

# Runs that are read before what was found of them is kept; with a closer look their curves are held as well.
_BATCH, _CLOSE = 2048, 1024
# Runs of a part that is read elsewhere, and the fewest parts worth dealing out.
_PART, _FEWEST = 64, 8
# What tells entries apart: the run, for as long as it is called so, and what its files look like.
_NAMES = ("run", "stamp")
_TEXTS = (*_NAMES, "settings", "coverage", "broken")

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
    # What a closer look keeps, by run and metric.
    sketches: Mapping[str, Mapping[str, Drawn]] = field(default_factory=dict)


class _Read(NamedTuple):
    """Some runs as they were read: an entry a run, and the sketches of a closer look."""

    entries: pl.DataFrame
    sketches: pl.DataFrame


def facts_of(
    runs: Sequence[Run],
    root: str | None,
    tell: Tell | None = None,
    *,
    way: Over = here,
    look: Look | None = None,
) -> Facts:
    """The facts of runs below a root; those whose files are as they were when last read are remembered.

    Without a root, or where no index can be kept, all are read. `look` has sketches of some metrics taken too, or
    remembered; `way` says where runs are read.
    """
    import polars as pl

    folder = None if root is None else where.folder_of(root)
    stamps = {} if folder is None else _stamps(runs, root or "")
    there, taken = (_nothing(), Sketches()) if folder is None else _known(folder, stamps, look)
    known = set(there["run"])
    if tell is not None and known:
        tell(len(known), len(runs))
    found, done = [there], len(known)
    parts = list(_parts([run for run in runs if run.name not in known], way, look))
    for part, read in zip(parts, way(partial(_read, look=look), parts), strict=True):
        found.append(_stamped(read.entries, part, stamps, root or ""))
        taken.add(read.sketches)
        if folder is not None:
            _keep(folder, found[-1], read.sketches, look)
        done += len(part)
        if tell is not None:
            tell(done, len(runs))
    table = pl.concat(found, rechunk=False)
    if folder is not None and parts:
        segment.join(folder, _lasting(table).drop("run"))
    return replace(facts_in(table, runs, len(known)), sketches=taken.of)


def _parts(runs: Sequence[Run], way: Over, look: Look | None) -> Iterator[Sequence[Run]]:
    """The runs in order, as many at a time as one reads here, or one of many."""
    most = _BATCH if look is None else _CLOSE
    if way is not here:
        most = min(most, max(-(-len(runs) // _FEWEST), 1), _PART)
    return (runs[at : at + most] for at in range(0, len(runs), most))


def _keep(folder: Path, table: pl.DataFrame, taken: pl.DataFrame, look: Look | None) -> None:
    lasting = _lasting(table)
    segment.write(folder, lasting.drop("run"))
    if look is not None:
        told = taken.join(lasting.select("run", "stamp"), on="run", how="inner").drop("run")
        segment.write(folder, told, segment.SKETCHES)


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


def _known(folder: Path, stamps: Mapping[str, str], look: Look | None) -> tuple[pl.DataFrame, Sketches]:
    """The entries of the runs whose stamp is that of an entry; with a look, of those whose sketches are there too."""
    import polars as pl

    there = segment.entries(segment.segments(folder))
    if there is None or not there.height:
        return _nothing(), Sketches()
    now = pl.DataFrame({"run": list(stamps), "stamp": list(stamps.values())}, schema=dict.fromkeys(_NAMES, pl.String))
    found = now.filter(pl.col("stamp") != "").join(there.unique("stamp", keep="any"), on="stamp", maintain_order="left")
    table = found.select("run", *there.columns)
    if look is None:
        return table, Sketches()
    taken, whole = sketches.known(folder, table, look)
    return table if len(whole) == table.height else table.filter(pl.col("run").is_in(whole)), taken


def _nothing() -> pl.DataFrame:
    import polars as pl

    rows: Any = pl.List(pl.Struct(_row()))
    return pl.DataFrame(schema={**dict.fromkeys(_TEXTS, pl.String), "rows": rows})


def _lasting(table: pl.DataFrame) -> pl.DataFrame:
    """The entries that may be kept: those with a stamp, which says what is whose."""
    import polars as pl

    return table.filter(pl.col("stamp") != "")


def _stamped(table: pl.DataFrame, runs: Sequence[Run], stamps: Mapping[str, str], root: str) -> pl.DataFrame:
    """The entries with the stamps of what was read, where that will be read of the same files again."""
    import polars as pl

    # A file that was written while it was read may not be what was read; a fault of the machine may not come again.
    still = _stamps(runs, root) if stamps else {}
    holds = [
        stamps[run] if stamps.get(run) and whole and stamps[run] == still.get(run) else ""
        for run, whole in table.select("run", "stamp").iter_rows()
    ]
    return table.with_columns(pl.Series("stamp", holds, dtype=pl.String))


def _read(runs: Sequence[Run], look: Look | None = None) -> _Read:
    """An entry a run, read now; its stamp says no more than whether all of it was read."""
    import polars as pl

    curves = () if look is None else sketches.asked_for(look)
    read = read_together(runs, layout="summary", curves=curves)
    settings = settings_of_each((run.place, _sources(read, run.name)) for run in runs)
    entries = [
        {
            "run": run.name,
            "stamp": "whole" if _is_whole(run.name, read) else "",
            "settings": json.dumps(own),
            "coverage": json.dumps(_left(read.coverage.get(run.name))),
            "broken": read.broken.get(run.name),
        }
        for run, own in zip(runs, settings, strict=True)
    ]
    table = pl.DataFrame(entries, schema=dict.fromkeys(_TEXTS, pl.String))
    table = table.join(_by_run(read), on="run", how="left", maintain_order="left")
    return _Read(table, sketches.none() if look is None else sketches.drawn(read.tables, runs, look))


def _is_whole(run: str, read: Together) -> bool:
    return run in read.coverage and not any(source.damage for source in read.coverage[run].sources)


def _sources(read: Together, run: str) -> Sequence[Any]:
    return read.coverage[run].sources if run in read.coverage else ()


def _by_run(read: Together) -> pl.DataFrame:
    """The rows of each run's summary as a list."""
    import polars as pl

    kinds: Any = {"run": pl.String, **_row()}
    tables = [
        table.select(
            pl.col(name).cast(kind) if name in table.columns else pl.lit(None, kind).alias(name)
            for name, kind in kinds.items()
        )
        for table in read.tables
    ]
    table = pl.concat(tables) if tables else pl.DataFrame(schema=kinds)
    return table.group_by("run", maintain_order=True).agg(pl.struct(pl.all().exclude("run")).alias("rows"))


def _row() -> dict[str, Any]:
    """A row of a summary, as the engine makes it."""
    import polars as pl

    whole, number = dict.fromkeys(("n", "n_nan", "n_inf"), pl.Int64), dict.fromkeys(("first", "last"), pl.Float64)
    ends = {"min": pl.Float64, "min_step": pl.Int64, "max": pl.Float64, "max_step": pl.Int64}
    means = dict.fromkeys(("mean", "sd", "last100"), pl.Float64)
    steps = dict.fromkeys(("first_step", "last_step", "attempts"), pl.Int64)
    texts = dict.fromkeys(("metric", "kind", "unit"), pl.String)
    return {**texts, **whole, **number, **ends, **means, **steps, "trend": pl.List(pl.Float64)}


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
