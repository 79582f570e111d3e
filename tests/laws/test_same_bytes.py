"""Law 1: same bytes, same tables, whatever the block size, threads, compression, pipe or file, or growth history."""

from __future__ import annotations

import gzip
import io
import itertools
import os
import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from conftest import nanogpt
from fastlogs import _core

LOGS = {
    "nanogpt": nanogpt(300),
    "resumed": nanogpt(80) + "".join(nanogpt(200, seed=1).splitlines(keepends=True)[50:]),
    "jsonl": "".join(f'{{"step": {i}, "loss": {3 / (i + 1)}, "lr": 1e-4}}\n' for i in range(300)),
    "csv": "epoch,loss,acc\n" + "".join(f"{i},{3 / (i + 1)},{i / 300}\n" for i in range(300)),
    "nobody's": "".join(f"[{i}] wobble={i / 3:.4f} torque: {i * 2}\n" for i in range(300)),
    "no last newline": nanogpt(50).rstrip("\n"),
}
LAYOUTS = ("wide", "long")


def table(source: object, **options: object) -> pl.DataFrame:
    opened = _core.open([("", "x", source)], _core.Options(**options))  # type: ignore[arg-type]
    return pl.DataFrame(opened)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", LOGS)
def test_block_size_and_threads(name: str, layout: str, tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text(LOGS[name])
    whole = table(str(path), layout=layout, threads=1)
    for block, threads, streaming in itertools.product((512, 4096, 1 << 20), (1, 2, 5), (False, True)):
        options = {
            "block_bytes": block,
            "threads": threads,
            "streaming": streaming,
            "batch_rows": 7 if streaming else 999,
        }
        assert table(str(path), layout=layout, **options).equals(whole), options


@pytest.mark.parametrize("name", LOGS)
def test_pipe_file_and_memory(name: str, tmp_path: Path) -> None:
    path, fifo = tmp_path / "x.log", tmp_path / "fifo"
    path.write_text(LOGS[name])
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_text(LOGS[name]))
    writer.start()
    whole = table(str(path))

    assert table(str(fifo)).equals(whole)
    assert table(io.BytesIO(LOGS[name].encode())).equals(whole)
    writer.join()


@pytest.mark.parametrize("name", ["nanogpt", "csv", "jsonl"])
def test_growth_never_changes_what_was_read(name: str) -> None:
    """The rows of a prefix are the first rows of the whole."""
    lines = LOGS[name].splitlines(keepends=True)
    whole = table(io.BytesIO(LOGS[name].encode()))
    for count in (60, 121, 250):
        part = table(io.BytesIO("".join(lines[:count]).encode()))
        assert part.equals(whole.head(part.height).select(part.columns))


def _each_line(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(change(line) for line in data.splitlines(keepends=True))


def _utf16(data: bytes) -> bytes:
    return data.decode().encode("utf-16")


REWRITES: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": _each_line(lambda line: line.rstrip(b"\n") + b"\r\n" if line.endswith(b"\n") else line),
    "ANSI": _each_line(lambda line: b"\x1b[32m" + line.rstrip(b"\n") + b"\x1b[0m" + line[len(line.rstrip(b"\n")) :]),
    "UTF-16": _utf16,
    "UTF-16 BE": lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
    "BOM": lambda data: b"\xef\xbb\xbf" + data,
    "gz": gzip.compress,
    "gz members": lambda data: gzip.compress(data[:999]) + gzip.compress(data[999:]),
}
SAME = ("kind", "metric", "step", "epoch", "value", "text", "attempt", "rank")


@pytest.mark.parametrize("rewrite", REWRITES)
@pytest.mark.parametrize("name", LOGS)
def test_dress_changes_no_value(name: str, rewrite: str) -> None:
    data = LOGS[name].encode()
    plain = table(io.BytesIO(data), layout="long", restarts="keep").select(SAME)

    assert table(io.BytesIO(REWRITES[rewrite](data)), layout="long", restarts="keep").select(SAME).equals(plain)
