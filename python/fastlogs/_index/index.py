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
    """Some runs as they were read: an entry a run, the rows of their summaries, the sketches of a closer look."""

    entries: pl.DataFrame
    rows: pl.DataFrame
    sketches: pl.DataFrame


class _Parsed(Mapping[str, dict[str, Any]]):
    """What texts of JSON say, by name; each is parsed when it is asked for, as of most runs none is."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __getitem__(self, name: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._texts[name])
        return said

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


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
    seen = {} if folder is None else _seen(runs, root or "")
    stamps = _stamps(runs, seen)
    there, taken = (_nothing(), Sketches()) if folder is None else _known(folder, stamps, look)
    known = set(there["run"])
    if tell is not None and known:
        tell(len(known), len(runs))
    entries, rows, done = [there.drop("rows")], [_flat(there)], len(known)
    parts = list(_parts([run for run in runs if run.name not in known], way, look))
    for part, read in zip(parts, way(partial(_read, look=look), parts), strict=True):
        entries.append(_stamped(read.entries, part, stamps, seen, root or ""))
        rows.append(read.rows)
        taken.add(read.sketches)
        if folder is not None:
            _keep(folder, entries[-1], read, look)
        done += len(part)
        if tell is not None:
            tell(done, len(runs))
    if folder is not None and parts:
        segment.join(folder, _lasting(pl.concat(entries))["stamp"])
    return replace(facts_in(entries, rows, runs, len(known)), sketches=taken.of)


def _parts(runs: Sequence[Run], way: Over, look: Look | None) -> Iterator[Sequence[Run]]:
    """The runs in order, as many at a time as one reads here, or one of many."""
    most = _BATCH if look is None else _CLOSE
    if way is not here:
        most = min(most, max(-(-len(runs) // _FEWEST), 1), _PART)
    return (runs[at : at + most] for at in range(0, len(runs), most))


def _keep(folder: Path, entries: pl.DataFrame, read: _Read, look: Look | None) -> None:
    lasting = _lasting(entries)
    segment.write(folder, lasting.join(_nested(read.rows), on="run", how="left", maintain_order="left").drop("run"))
    if look is not None:
        told = read.sketches.join(lasting.select("run", "stamp"), on="run", how="inner").drop("run")
        segment.write(folder, told, segment.SKETCHES)


def _seen(runs: Sequence[Run], root: str) -> dict[str, str]:
    """What the files of each run look like; empty where they may look the same though another wrote to them."""
    began = stamp.now()
    return dict(zip((run.name for run in runs), stamp.stamps(map(_files, runs), root, began), strict=True))


def _files(run: Run) -> list[object]:
    """What a run's facts are made of; nothing where that is not known."""
    if run.request.line_hook is not None:
        return []
    files = [file.path or file.origin for file in run.request.sources.files]
    return [*files, *run.place.config] if files else []


def _stamps(runs: Iterable[Run], seen: Mapping[str, str]) -> dict[str, str]:
    """What the files of each run look like, how they are read and by what, in few letters; empty where unsure."""
    if not seen:
        return {}
    engine = stamp.engine()
    options: dict[int, str] = {}

    def asked(run: Run) -> str:
        given = run.request.options
        if id(given) not in options:
            options[id(given)] = repr(sorted((k, repr(v)) for k, v in given.items() if k != "run_column"))
        return options[id(given)]

    look = ((run, seen[run.name]) for run in runs)
    return {run.name: stamp.short(f"{engine}\0{asked(run)}\0{text}") if text else "" for run, text in look}


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


def _stamped(
    table: pl.DataFrame, runs: Sequence[Run], stamps: Mapping[str, str], seen: Mapping[str, str], root: str
) -> pl.DataFrame:
    """The entries with the stamps of what was read, where that will be read of the same files again."""
    import polars as pl

    # A file that was written while it was read may not be what was read; a fault of the machine may not come again.
    still = _seen(runs, root) if seen else {}
    holds = [
        stamps[run] if stamps.get(run) and whole and seen[run] == still.get(run) else ""
        for run, whole in table.select("run", "stamp").iter_rows()
    ]
    return table.with_columns(pl.Series("stamp", holds, dtype=pl.String))


def _read(runs: Sequence[Run], look: Look | None = None) -> _Read:
    """An entry a run, read now; its stamp says no more than whether all of it was read."""
    import polars as pl

    curves = () if look is None else sketches.asked_for(look)
    read = read_together(runs, layout="summary", curves=curves)
    settings = settings_of_each((run.place, _sources(read, run.name)) for run in runs)
    names = [run.name for run in runs]
    entries = {
        "run": names,
        "stamp": ["whole" if _is_whole(name, read) else "" for name in names],
        "settings": [json.dumps(own) for own in settings],
        "coverage": [json.dumps(_left(read.coverage.get(name))) for name in names],
        "broken": [read.broken.get(name) for name in names],
    }
    table = pl.DataFrame(entries, schema=dict.fromkeys(_TEXTS, pl.String))
    return _Read(table, _rows(read), sketches.none() if look is None else sketches.drawn(read.tables, runs, look))


def _is_whole(run: str, read: Together) -> bool:
    return run in read.coverage and not any(source.damage for source in read.coverage[run].sources)


def _sources(read: Together, run: str) -> Sequence[Any]:
    return read.coverage[run].sources if run in read.coverage else ()


def _rows(read: Together) -> pl.DataFrame:
    """The rows of the summaries of all runs."""
    import polars as pl

    kinds: Any = {"run": pl.String, **_row()}
    tables = [
        table.select(
            pl.col(name).cast(kind) if name in table.columns else pl.lit(None, kind).alias(name)
            for name, kind in kinds.items()
        )
        for table in read.tables
    ]
    return pl.concat(tables) if tables else pl.DataFrame(schema=kinds)


def _nested(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of each run as a list."""
    import polars as pl

    return rows.group_by("run", maintain_order=True).agg(pl.struct(pl.all().exclude("run")).alias("rows"))


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """The rows of the lists."""
    import polars as pl

    return table.select("run", "rows").filter(pl.col("rows").is_not_null()).explode("rows").unnest("rows")


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


def facts_in(
    entries: Sequence[pl.DataFrame], rows: Sequence[pl.DataFrame], runs: Sequence[Run], remembered: int = 0
) -> Facts:
    """Entries of a row a run, and the rows of their summaries, as facts in the order of the runs."""
    import polars as pl

    table, names = pl.concat(entries), [run.name for run in runs]

    def by_run(column: str) -> dict[str, Any]:
        told = dict(zip(table["run"], table[column], strict=True))
        return {name: told[name] for name in names}

    settings = json.loads("[" + ",".join(by_run("settings").values()) + "]")
    broken = {name: why for name, why in by_run("broken").items() if why is not None}
    summary = _in_order(pl.concat(rows), names)
    return Facts(summary, dict(zip(names, settings, strict=True)), _Parsed(by_run("coverage")), broken, remembered)


def _in_order(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The rows in the order of the runs, in which they mostly are."""
    import polars as pl

    runs = rows.select(pl.col("run").rle().struct.field("value")).to_series().to_list()
    there = set(runs)
    if runs == [name for name in names if name in there]:
        return rows
    order = pl.DataFrame({"run": names}, schema={"run": pl.String})
    return order.join(rows, on="run", maintain_order="left_right")
