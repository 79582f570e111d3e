"""Segments: files of entries, written whole under names of their own, so that no process waits for another.

An entry is found by its stamp. Whoever wrote it, it is true of the files that have this stamp; so segments need no
order, no lock and no owner, and one that is damaged is as good as none.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fastlogs._whole import ENDING, whole

if TYPE_CHECKING:
    import polars as pl

# What segments end in: those of facts, which every look reads, and those of sketches, of which it reads some.
FACTS, SKETCHES = ".arrow", ".parquet"
# More than so many are joined into one by the next who writes.
_MANY = 12
# Runs of a segment that are read at once, where only some are wanted.
_ROWS = 256
# What was begun so many seconds ago and is not whole was left by a process that was killed.
_LEFT = 86_400


def segments(folder: Path, ending: str = FACTS) -> list[Path]:
    """The segments there are."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ending and not path.name.startswith("."))
    except OSError:
        return []


def entries(paths: Sequence[Path]) -> pl.DataFrame | None:
    """All entries of some segments of facts; those that cannot be read are left out."""
    import polars as pl

    tables = [table for path in paths if (table := _read(partial(pl.read_ipc, path))) is not None]
    return pl.concat(tables, how="vertical_relaxed", rechunk=False) if tables else None


def some(path: Path, fits: pl.Expr) -> pl.DataFrame | None:
    """The entries of a segment of sketches that fit, the rest not looked at; none where it cannot be read."""
    import polars as pl

    return _read(lambda: pl.scan_parquet(path).filter(fits).collect(engine="streaming"))


def _read(ask: Callable[[], pl.DataFrame]) -> pl.DataFrame | None:
    """A segment; none of one that was removed by who joined segments, cut by a full disk, of another version."""
    import polars as pl

    try:
        return ask()
    except (OSError, pl.exceptions.PolarsError):
        return None


def write(folder: Path, table: pl.DataFrame, ending: str = FACTS, instead_of: Sequence[Path] = ()) -> bool:
    """Writes a segment, whole or not at all, and removes those that it holds; false where the disk refuses."""

    def pour(path: Path) -> None:
        with open(path, "wb") as file:
            if ending == FACTS:
                table.write_ipc(file)
            else:
                table.sort("metric").write_parquet(file, row_group_size=_ROWS, compression_level=1)

    return _written(folder, pour, ending, instead_of)


def _written(folder: Path, pour: Callable[[Path], object], ending: str, instead_of: Sequence[Path]) -> bool:
    import polars as pl

    try:
        with whole(folder / f"{secrets.token_hex(8)}{ending}") as temporary:
            pour(temporary)
    except (OSError, pl.exceptions.PolarsError):
        # A full disk, a folder that is gone: what is not kept is read again.
        return False
    for path in instead_of:
        _gone(path)
    return True


def join(folder: Path, stamps: pl.Series) -> None:
    """Where there are many segments, makes one of the entries that still hold, and clears what was left half done."""
    import polars as pl

    there, sketches = segments(folder), segments(folder, SKETCHES)
    holds = pl.col("stamp").is_in(stamps.implode())
    if len(there) > _MANY and (current := entries(there)) is not None:
        write(folder, current.filter(holds).unique("stamp", maintain_order=True), FACTS, there)
    if len(sketches) > _MANY:
        kept = pl.scan_parquet(sketches).filter(holds).unique(["stamp", "metric"]).sort("metric")
        _written(folder, lambda path: kept.sink_parquet(path, row_group_size=_ROWS), SKETCHES, sketches)
    if len(there) > _MANY or len(sketches) > _MANY:
        _clear(folder)


def _clear(folder: Path) -> None:
    """Removes what a killed process left long ago."""
    with suppress(OSError):
        for part in folder.glob(f".*{ENDING}"):
            if part.stat().st_mtime + _LEFT < time.time():
                shutil.rmtree(part, ignore_errors=True)


def _gone(path: Path) -> None:
    # Somebody else's to remove: an entry that stands twice does no harm.
    with suppress(OSError):
        path.unlink(missing_ok=True)
