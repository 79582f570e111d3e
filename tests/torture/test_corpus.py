"""Real logs in every dress: the same series each time. The corpus is found by FASTLOGS_CORPUS, or beside the repository."""

from __future__ import annotations

import gzip
import io
import os
import threading
import tomllib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastlogs
import polars as pl
import pytest
from fastlogs._infer import confessions
from fastlogs._read import recognise

CORPUS = Path(os.environ.get("FASTLOGS_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
TEXTS = ("text", "csv", "tsv", "jsonl")
SAID = ("kind", "metric", "step", "epoch", "value", "text", "attempt", "rank")


def files() -> dict[str, str]:
    """The text files of the corpus, and what they are."""
    manifest = CORPUS / "MANIFEST.toml"
    if not manifest.exists():
        return {}
    listed = tomllib.loads(manifest.read_text())["file"]
    return {entry["file"]: entry["kind"] for entry in listed if entry["kind"] in TEXTS}


FILES = files()
needs_corpus = pytest.mark.skipif(not FILES, reason="no corpus: FASTLOGS_CORPUS=../shared/corpus")


def said(source: object, **grammar: Any) -> pl.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        return fastlogs.read(source, layout="long", restarts="keep", **grammar).select(SAID)  # type: ignore[arg-type]


def series(table: pl.DataFrame) -> dict[tuple[str, str], list[object]]:
    """The values of each metric, in order."""
    values = pl.coalesce(pl.col("value").cast(pl.String), "text").alias("said")
    parts = table.select(pl.col("kind", "metric").cast(pl.String), values).group_by(
        "kind", "metric", maintain_order=True
    )
    return {(kind, metric): column for kind, metric, column in parts.agg("said").rows()}


def each_line(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Changes the lines; their ends stay."""

    def changed(data: bytes) -> bytes:
        lines = [(line.rstrip(b"\r\n"), line[len(line.rstrip(b"\r\n")) :]) for line in data.split(b"\n")]
        return b"\n".join(change(line) + end for line, end in lines)

    return changed


def utf16(data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode("utf-16")


DRESSES: dict[str, Callable[[bytes], bytes]] = {
    "colours": each_line(lambda line: b"\x1b[32m" + line + b"\x1b[0m" if line else line),
    "crlf": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "utf-16": utf16,
    "gz": lambda data: gzip.compress(data, 1),
    "members": lambda data: gzip.compress(data[:9999], 1) + gzip.compress(data[9999:], 1),
}


@needs_corpus
@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", FILES)
def test_the_same_series_in_every_dress(name: str, dress: str) -> None:
    data = (CORPUS / name).read_bytes()
    plain = data.decode("utf-8", "replace").encode() if dress == "utf-16" else data

    assert series(said(io.BytesIO(DRESSES[dress](data)))) == series(said(io.BytesIO(plain)))


@needs_corpus
@pytest.mark.parametrize("name", FILES)
def test_the_same_series_through_a_pipe(name: str, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes((CORPUS / name).read_bytes()))
    writer.start()
    got = said(fifo)
    writer.join()

    assert got.equals(said(CORPUS / name))


@needs_corpus
@pytest.mark.parametrize("name", FILES)
def test_the_same_series_with_bad_bytes(name: str) -> None:
    """A line of bad bytes after every twentieth, as another process would write it."""
    data = (CORPUS / name).read_bytes()
    lines = data.split(b"\n")
    spoilt = (
        b"\n".join(line + b"\n\xff\xfe\x80" * (k % 20 == 19) for k, line in enumerate(lines[:-1])) + b"\n" + lines[-1]
    )

    assert series(said(io.BytesIO(spoilt))) == series(said(io.BytesIO(data)))


TEXT_FILES = [name for name, kind in FILES.items() if kind == "text"]


@needs_corpus
@pytest.mark.parametrize("name", TEXT_FILES)
def test_the_same_series_with_a_bad_byte_a_line(name: str) -> None:
    """Behind a blank at the line's end: glued to a number it may as well be a digit that was hit."""
    data = (CORPUS / name).read_bytes()
    spoilt = each_line(lambda line: line + b" \xff" if line.strip() else line)(data)

    assert series(said(io.BytesIO(spoilt))) == series(said(io.BytesIO(data)))


# Lines that two formats of the catalogue share in one file: no one format may take the other's.
OF_TWO = ("mlperf + ", " + mlperf")


@needs_corpus
@pytest.mark.parametrize("name", FILES)
def test_the_inferred_format_reads_the_log_as_it_is_read_without(name: str) -> None:
    path = CORPUS / name
    try:
        wanted = said(path)
    except fastlogs.NoMetricsFound:
        return
    if wanted.is_empty():
        return
    format = fastlogs.infer(path)
    got = said(path, format=format)

    assert format.check() == []
    if any(two in recognise(path)[0][1] for two in OF_TWO):
        assert confessions(format)
        return
    assert confessions(format) == []
    assert got.equals(wanted)
