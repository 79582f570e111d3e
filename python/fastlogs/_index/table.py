"""The index as a file: a row a run, the parts of many machines put together."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fastlogs._index.index import Facts
from fastlogs._index.shard import key_of
from fastlogs._whole import written
from fastlogs.errors import DamagedFile, UsageError

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._run import Run

_COLUMNS = ("run", "settings", "coverage", "broken", "rows")


def table_of(runs: Iterable[Run], facts: Facts, keys: Mapping[str, str] | None = None) -> pl.DataFrame:
    """A row a run, in the order of their keys: settings and coverage as JSON, the summary as a list of rows."""
    import polars as pl

    keys = keys if keys is not None else {run.name: key_of(run) for run in runs}
    entries = [
        {
            "name": name,
            "run": key,
            "settings": json.dumps(facts.settings[name]),
            "coverage": json.dumps(facts.coverage[name]),
            "broken": facts.broken.get(name),
        }
        for name, key in keys.items()
    ]
    table = pl.DataFrame(entries, schema=dict.fromkeys(("name", *_COLUMNS[:-1]), pl.String))
    rows = facts.summary.group_by("run", maintain_order=True).agg(pl.struct(pl.all().exclude("run")).alias("rows"))
    return table.join(rows.rename({"run": "name"}), on="name", how="left").select(_COLUMNS).sort("run")


def write(table: pl.DataFrame, path: Path) -> Path:
    """Writes a part or the whole, whole or not at all."""
    # In memory first: polars says of a full disk that Parquet is out of order.
    data = io.BytesIO()
    table.write_parquet(data)
    return written(path, data.getvalue())


def merged(paths: Sequence[str | os.PathLike[str]]) -> pl.DataFrame:
    """The parts under one another, in the order of the keys; a run that two of them tell otherwise is refused."""
    return together([_read(path) for path in paths])


def together(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Parts that were read as one table; the same refusal."""
    import polars as pl

    # A part without a single summary does not know what one looks like.
    told = [part for part in tables if part["rows"].null_count() < part.height]
    kind = told[0]["rows"].dtype if told else tables[0]["rows"].dtype
    parts = [
        part if any(part is one for one in told) else part.with_columns(pl.lit(None, kind).alias("rows"))
        for part in tables
    ]
    table = pl.concat(parts, how="vertical_relaxed").unique(maintain_order=True).sort("run")
    twice = table.filter(pl.col("run").is_duplicated())["run"]
    if len(twice):
        raise UsageError(
            f"two parts tell of '{twice[0]}' otherwise",
            help="parts of one look at one root can be merged: index the stale one again",
        )
    return table


def _read(path: str | os.PathLike[str]) -> pl.DataFrame:
    import polars as pl

    try:
        table = pl.read_parquet(Path(path))
    except pl.exceptions.PolarsError as error:
        raise DamagedFile(f"{os.fspath(path)} is no index: {str(error).partition(chr(10))[0]}") from error
    if table.columns != list(_COLUMNS):
        raise UsageError(
            f"wanted an index, found a table with {', '.join(table.columns[:4])} in {os.fspath(path)}",
            help="fastlogs index ROOT -o part.parquet writes one",
        )
    return table
