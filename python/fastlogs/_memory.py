"""Warns before a table that this machine can hardly hold."""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path

from fastlogs._labels import is_packed
from fastlogs._request import Request
from fastlogs.errors import FastlogsError

_HEAD = 1 << 20
# Below this nothing is measured: no table is that much larger than its log.
_SMALL = 64 << 20
# A log that is so small a part of the free memory makes a table that is no burden.
_PART = 16


class LargeTable(UserWarning):
    """The table asked for may not fit the memory that is free."""


def caution(request: Request) -> None:
    """Estimates the table from the head of the largest file; above half of the free memory it warns and goes on."""
    sizes = [(os.path.getsize(f.path), f.path) for f in request.sources.files if f.path and os.path.isfile(f.path)]
    total = sum(size for size, _ in sizes)
    if total < _SMALL or request.layout == "summary":
        return
    free = free_memory()
    if free is None or total * 4 < free:
        return
    table = int(total * _density(request, max(sizes)[1]))
    if table * 2 > free:
        warnings.warn(
            f"the table may take {table / 1e9:.1f} GB and {free / 1e9:.1f} GB are free; metrics= reads fewer columns,"
            " fastlogs.scan(...) reads lazily, 'fastlogs export' writes a file of any size",
            LargeTable,
            stacklevel=5,
        )


def _density(request: Request, path: str) -> float:
    """Bytes of table a byte of log, by the first mebibyte."""
    import polars as pl

    from fastlogs import _core

    with open(path, "rb") as file:
        head = file.read(_HEAD)
    try:
        with _core.open([("", path, io.BytesIO(head))], _core.Options(**request.options, rearm=False)) as stream:
            return pl.DataFrame(stream).estimated_size() / max(len(head), 1)
    except (FastlogsError, OSError, pl.exceptions.PolarsError):
        return 0.0


def is_light(request: Request) -> bool:
    """Whether the table is no burden to hold; what a compressed log comes to is not known."""
    sources = request.sources
    packed = any(is_packed(file.name) for file in sources.files)
    return not packed and 0 < sources.bytes < (free_memory() or 0) // _PART


def free_memory() -> int | None:
    """What can be had without swapping: the machine's, or the container's when that is less."""
    known = [n for n in (_machine(), _container()) if n is not None]
    return min(known, default=None)


def _machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _container() -> int | None:
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
        return None if limit == "max" else max(int(limit) - used, 0)
    except (OSError, ValueError):
        return None
