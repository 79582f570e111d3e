"""Writes a read to a file of any size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlogs._read import table_of
from fastlogs._request import Request
from fastlogs._whole import whole
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

# How polars writes each ending.
_SINKS: dict[str, str] = {
    ".arrow": "sink_ipc",
    ".csv": "sink_csv",
    ".feather": "sink_ipc",
    ".ipc": "sink_ipc",
    ".jsonl": "sink_ndjson",
    ".ndjson": "sink_ndjson",
    ".parquet": "sink_parquet",
}


def write(request: Request, path: Path) -> int:
    """Writes the table; returns its rows. A failure leaves nothing under the final name.

    >>> write(ask("train.log"), Path("train.parquet"))
    100
    """
    sink = _SINKS.get(path.suffix.lower())
    if sink is None:
        raise UsageError(f"wanted a file ending in {', '.join(sorted(_SINKS))}, found '{path.name}'")
    with whole(path) as temporary:
        return _pour(_lazily(request), sink, temporary)


def _lazily(request: Request) -> pl.LazyFrame:
    """A pipe has no schema before its end: it is read whole first."""
    if request.layout == "summary":
        # The little curves have no place in a csv.
        return table_of(request)[0].drop("trend", strict=False).lazy()
    if not request.sources.repeatable:
        return table_of(request)[0].lazy()
    from fastlogs._lazy import lazy

    return lazy(request)


def _pour(frame: pl.LazyFrame, sink: str, path: Path) -> int:
    rows = 0

    def counted(batch: pl.DataFrame) -> pl.DataFrame:
        nonlocal rows
        rows += batch.height
        return batch

    schema = frame.collect_schema()
    frame = frame.map_batches(counted, streamable=True, schema=schema)
    pour: Callable[..., Any] = getattr(frame, sink)
    pour(path, engine="streaming")
    return rows
