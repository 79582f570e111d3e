"""Facts gathered in parts, wherever those are read, and put together as the parts of many machines are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastlogs._engines import Over
from fastlogs._index.index import Facts, Tell, facts_in, facts_of
from fastlogs._index.shard import Shard
from fastlogs._index.table import table_of, together

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._run import Run

# Runs of a part, and the fewest parts worth dealing out.
_PART, _FEWEST = 64, 8


def spread(runs: Sequence[Run], way: Over, tell: Tell | None = None) -> Facts:
    """The facts of runs, a shard at a time; nothing is remembered of another look, nor for one."""
    parts = max(-(-len(runs) // _PART), min(len(runs), _FEWEST), 1)
    shards = [part for k in range(parts) if (part := Shard(k + 1, parts).among(runs))]
    tables, done = [], 0
    for part, table in zip(shards, way(_part, shards), strict=True):
        tables.append(table)
        done += len(part)
        if tell is not None:
            tell(done, len(runs))
    return facts_in(together(tables) if tables else _part([]), runs)


def _part(runs: Sequence[Run]) -> pl.DataFrame:
    """A row a run, by its name."""
    return table_of(runs, facts_of(runs, None), {run.name: run.name for run in runs})
