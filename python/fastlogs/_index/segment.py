"""Segments: files of entries, written whole under names of their own, so that no process waits for another.

An entry is found by its key and its stamp. Whoever wrote it, it is true of the files that have this stamp; so segments
need no order, no lock and no owner, and one that is damaged is as good as none.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# More than so many are joined into one by the next who writes.
_MANY = 12


def segments(folder: Path) -> list[Path]:
    """The segments there are."""
    try:
        return sorted(folder.glob("*.arrow"))
    except OSError:
        return []


def entries(paths: Sequence[Path]) -> pl.DataFrame | None:
    """All entries of some segments; those that cannot be read are left out."""
    import polars as pl

    tables = [table for path in paths if (table := _read(path)) is not None]
    return pl.concat(tables, how="vertical_relaxed") if tables else None


def _read(path: Path) -> pl.DataFrame | None:
    import polars as pl

    try:
        return pl.read_ipc(path)
    except (OSError, pl.exceptions.PolarsError):
        # Removed by who joined segments, cut by a full disk, of another version.
        return None


def write(folder: Path, table: pl.DataFrame, instead_of: Sequence[Path] = ()) -> bool:
    """Writes a segment, whole or not at all, and removes those that it holds; false where the disk refuses."""
    name = secrets.token_hex(8)
    part, whole = folder / f".{name}.part", folder / f"{name}.arrow"
    try:
        with open(part, "wb") as file:
            table.write_ipc(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)
    except OSError:
        # A full disk, a folder that is gone: what is not kept is read again.
        _gone(part)
        return False
    for path in instead_of:
        _gone(path)
    return True


def join(folder: Path, current: pl.DataFrame) -> None:
    """Where there are many segments, makes one of the entries that still hold."""
    there = segments(folder)
    if len(there) > _MANY:
        write(folder, current, there)


def _gone(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # Somebody else's to remove: an entry that stands twice does no harm.
        return
