"""What the laws compare: a table and what was told of it, read with the engine's own options."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable

import polars as pl
import pyarrow as pa
from fastlogs import _core

# What says how the bytes came, not what they hold.
_WAY = {"bytes", "codec", "encoding", "run", "source"}
TOLD = [name for name in dir(_core.Coverage) if not name.startswith("_") and name not in _WAY]
CONTEXT = ("run", "step", "rank", "epoch", "attempt", "wall_time", "elapsed")
# What a row of the long table says, but for where it stood: bytes that were rewritten stand elsewhere.
SAID = ("kind", "metric", "step", "epoch", "wall_time", "elapsed", "value", "text", "attempt", "rank")


def table(source: object, **options: object) -> pl.DataFrame:
    """The table of a path, or of bytes as they are."""
    return tables(source, **options)[0]


def tables(source: object, **options: object) -> tuple[pl.DataFrame, dict[str, object]]:
    """The table, and the coverage as a dictionary."""
    origin = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    opened = _core.open([("", "x", origin)], _core.Options(**options))  # type: ignore[arg-type]
    frame = pl.DataFrame(opened)
    (coverage,) = opened.coverage()
    return frame, {name: getattr(coverage, name) for name in TOLD}


def said(source: object, **options: object) -> pl.DataFrame:
    """What the long table says, with all attempts."""
    return table(source, layout="long", restarts="keep", **options).select(SAID)


def _arrow(codec: str) -> Callable[[bytes], bytes]:
    def packed(data: bytes) -> bytes:
        into = pa.BufferOutputStream()
        with pa.CompressedOutputStream(into, codec) as out:
            out.write(data)
        return into.getvalue().to_pybytes()

    return packed


CODECS: dict[str, Callable[[bytes], bytes]] = {
    "bz2": bz2.compress,
    "gz": lambda data: gzip.compress(data, 1),
    "lz4": _arrow("lz4"),
    "xz": lambda data: lzma.compress(data, preset=0),
    "zst": _arrow("zstd"),
}
