"""Files as they come: huge, empty, binary, forbidden, many, cut, mixed. Small forms in the gate, long by `make torture`."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from pathlib import Path

import fastlogs
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs import _core

TORTURE = bool(os.environ.get("FASTLOGS_TORTURE"))
LOG = nanogpt(200).encode()
WHOLE = fastlogs.read(io.BytesIO(LOG))


def full(small: int, large: int) -> int:
    return large if TORTURE else small


def read(source: object, **options: object) -> tuple[pl.DataFrame, _core.Coverage]:
    origin = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    opened = _core.open([("", "x", origin)], _core.Options(**options))  # type: ignore[arg-type]
    frame = pl.DataFrame(opened)
    return frame, opened.coverage()[0]


def child(code: str, *args: object, megabytes: int | None = None, stdin: object = None) -> str:
    """What a Python of its own prints, in an address space of that size."""

    def limit() -> None:
        import resource

        if megabytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, args)],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        timeout=600,
        stdin=stdin,  # type: ignore[arg-type]
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


# Not text


BINARY = {
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200,
    "elf": b"\x7fELF\x02\x01\x01" + bytes(k * 7 % 256 for k in range(60_000)),
    "pickle": b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x04loss\x94G?\xf8\x00\x00\x00\x00\x00\x00u."
    * 50,
    "ones": b"\xff" * 100_000,
    "blanks": b" \t" * 50_000,
    "one byte": b"\x01",
    "zeros": bytes(100_000),
    "lines of nothing": b"\n" * full(100_000, 1_000_000),
    "crlf of nothing": b"\r\n" * 50_000,
    "returns": b"\r" * 50_000,
    "empty": b"",
    "mark alone": b"\xef\xbb\xbf",
    "wide mark alone": b"\xff\xfe",
    "half a wide character": b"\xff\xfea",
}


@pytest.mark.parametrize("name", BINARY)
def test_what_is_no_log_is_told(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(BINARY[name])
    began = time.monotonic()

    with pytest.raises(fastlogs.NoMetricsFound):
        fastlogs.read(path)
    assert fastlogs.read(path, layout="long").is_empty()
    assert time.monotonic() - began < 20


def test_this_python_is_no_log() -> None:
    code = """
        import os, sys, fastlogs
        try:
            fastlogs.read(os.path.realpath(sys.executable), layout="long")
        except fastlogs.FastlogsError as told:
            print(told)
    """
    child(code)


# Encodings

ENCODED = {
    "utf-16": LOG.decode().encode("utf-16"),
    "utf-16-le": LOG.decode().encode("utf-16-le"),
    "utf-16-be": LOG.decode().encode("utf-16-be"),
    "utf-16-be with its mark": b"\xfe\xff" + LOG.decode().encode("utf-16-be"),
    "utf-8-sig": LOG.decode().encode("utf-8-sig"),
    "carriage returns only": LOG.replace(b"\n", b"\r"),
    "crlf": LOG.replace(b"\n", b"\r\n"),
    "mixed ends": b"".join(line + (b"\n", b"\r\n", b"\r")[k % 3] for k, line in enumerate(LOG.splitlines())),
    "a blank line each": LOG.replace(b"\n", b"\n\n"),
    "colours": b"".join(b"\x1b[1;3%dm%s\x1b[0m\n" % (k % 8, line) for k, line in enumerate(LOG.splitlines())),
    "titles": b"".join(b"\x1b]0;step %d\x07%s\n" % (k, line) for k, line in enumerate(LOG.splitlines())),
    "a hole before": bytes(70_000) + LOG,
    "a hole between": LOG[: LOG.index(b"iter 99")] + bytes(70_000) + LOG[LOG.index(b"iter 99") :],
    "a hole behind": LOG + bytes(70_000),
    "single NULs": LOG.replace(b" ", b" \0"),
}


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("block", [512, 512 << 10])
def test_every_dress(name: str, block: int) -> None:
    got, _ = read(ENCODED[name], block_bytes=block)

    assert got.equals(WHOLE)


def test_utf_16_after_utf_8() -> None:
    """PowerShell appends UTF-16 to what was UTF-8: no row of the first part is lost."""
    mixed = LOG + nanogpt(300).split("iter 199")[1].encode("utf-16-le")
    got, _ = read(mixed)

    assert got.head(WHOLE.height - 1).equals(WHOLE.head(WHOLE.height - 1))


# Sizes


def test_a_giant_line_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    with path.open("wb") as file:
        file.write(LOG)
        for _ in range(full(20, 200)):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + LOG.splitlines(keepends=True)[-1].replace(b"iter 199", b"iter 200"))
    got, told = read(path)

    assert got["step"].to_list() == [*range(201)]
    assert told.clipped[0] == 1


def test_a_million_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    count = full(100_000, 1_000_000)
    path.write_bytes(LOG + b"\n" * count + LOG.splitlines(keepends=True)[-1].replace(b"iter 199", b"iter 200"))
    got, told = read(path)

    assert got["step"].to_list() == [*range(201)]
    assert told.lines == LOG.count(b"\n") + count + 1


def test_a_sparse_hole(tmp_path: Path) -> None:
    """What copytruncate leaves: gigabytes of NULs, then the log."""
    path = tmp_path / "x.log"
    with path.open("wb") as file:
        file.truncate(full(256, 4096) << 20)
        file.seek(0, os.SEEK_END)
        file.write(LOG)
    got, told = read(path)

    assert got.equals(WHOLE)
    assert told.holes >= 1


def test_a_gigabyte_through_a_pipe_in_bounded_memory(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    megabytes = full(64, 1024)
    steady = b"".join(b"iter %d: loss 2.5, time 130.00ms, mfu 41.00%%\n" % k for k in range(10_000, 30_000))

    def write() -> None:
        with fifo.open("wb") as file:
            file.write(LOG)
            for _ in range((megabytes << 20) // len(steady)):
                file.write(steady)

    writer = threading.Thread(target=write)
    writer.start()
    code = """
        import sys
        from fastlogs import _core
        options = _core.Options(layout="long", restarts="keep", streaming=True, threads=2, batch_rows=8192)
        print(sum(len(batch) for batch in _core.open([("", "x", sys.argv[1])], options)))
    """
    rows = int(child(code, fifo, megabytes=400))
    writer.join()

    assert rows > ((megabytes << 20) // len(steady)) * 20_000 * 3


def test_an_endless_line_through_a_pipe_in_bounded_memory(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)

    def write() -> None:
        with fifo.open("wb") as file:
            file.write(LOG)
            for _ in range(full(64, 2048)):
                file.write(b"x" * (1 << 20))
            file.write(b"\n" + LOG)

    writer = threading.Thread(target=write)
    writer.start()
    code = """
        import sys
        from fastlogs import _core
        options = _core.Options(layout="long", restarts="keep", streaming=True, threads=2)
        stream = _core.open([("", "x", sys.argv[1])], options)
        rows = sum(len(batch) for batch in stream)
        print(rows, stream.coverage()[0].clipped[0])
    """
    rows, clipped = map(int, child(code, fifo, megabytes=400).split())
    writer.join()

    assert (rows, clipped) == (2 * read(LOG, layout="long")[0].height, 1)


@pytest.mark.parametrize("codec", ["gz", "xz", "bz2"])
def test_a_bomb_costs_no_memory(codec: str, tmp_path: Path) -> None:
    import bz2
    import gzip
    import lzma

    path = tmp_path / "x.log"
    opened = {"gz": gzip.open, "xz": lzma.open, "bz2": bz2.open}[codec]
    with opened(path, "wb") as file:
        for _ in range(full(64, 1024)):
            file.write(bytes(1 << 20))
        file.write(LOG)
    code = """
        import sys
        from fastlogs import _core
        options = _core.Options(layout="long", restarts="keep", streaming=True, threads=2)
        print(sum(len(batch) for batch in _core.open([("", "x", sys.argv[1])], options)))
    """

    assert int(child(code, path, megabytes=500)) == read(LOG, layout="long")[0].height


# Many


def test_fifty_thousand_files(tmp_path: Path) -> None:
    count = full(2000, 50_000)
    text = "".join(f"iter {k}: loss {k}.5, time 1.00ms, mfu 41.00%\n" for k in range(4))
    for k in range(count):
        folder = tmp_path / f"{k // 1000:03}"
        if k % 1000 == 0:
            folder.mkdir()
        (folder / f"run_{k}.log").write_text(text)
    frame = fastlogs.read(tmp_path)

    assert frame.height == 4 * count
    assert frame["run"].n_unique() == count


def test_one_bad_file_of_many_is_told(tmp_path: Path) -> None:
    for k in range(20):
        (tmp_path / f"run_{k}.log").write_bytes(LOG)
    (tmp_path / "run_7.log").write_bytes(BINARY["png"])
    (tmp_path / "run_8.log").write_bytes(b"")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        frame = fastlogs.read(tmp_path)

    assert frame["run"].n_unique() == 18
    assert frame.height == 18 * WHOLE.height


def test_few_file_handles(tmp_path: Path) -> None:
    for k in range(300):
        (tmp_path / f"run_{k}.log").write_bytes(LOG)
    code = """
        import resource, sys, fastlogs
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        print(fastlogs.read(sys.argv[1]).height)
    """

    assert int(child(code, tmp_path)) == 300 * WHOLE.height


# Forbidden, and moving


def test_a_forbidden_file_is_told(tmp_path: Path) -> None:
    """By a child without root's rights."""
    path = tmp_path / "x.log"
    path.write_bytes(LOG)
    path.chmod(0)
    code = """
        import io, os, sys, fastlogs
        path, here = sys.argv[1], os.path.dirname(sys.argv[1])
        # What is imported late is imported while it may be read.
        fastlogs.read(io.BytesIO(b"step=1 loss=2.5\\n" * 5), layout="long")
        if os.getuid() == 0:
            for folder in (here, os.path.dirname(here), os.path.dirname(os.path.dirname(here))):
                os.chmod(folder, 0o755)
            os.setgid(65534)
            os.setuid(65534)
        try:
            fastlogs.read(path)
        except PermissionError as told:
            assert told.filename == path
            print("told")
    """

    assert child(code, path) == "told\n"


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(LOG)
    stop = threading.Event()

    def grow() -> None:
        k = 200
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                for part in (b"iter %d: loss 2." % k, b"5, time 130.00ms, mfu 41.00%\n"):
                    file.write(part)
                k += 1

    writer = threading.Thread(target=grow)
    writer.start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        tables = [fastlogs.read(path) for _ in range(full(20, 300))]
    stop.set()
    writer.join()

    for table in tables:
        assert table.head(200).equals(WHOLE)
        assert table["step"].to_list() == [*range(table.height)]
        # A half line may be read to its last whole value, never to half of one.
        assert set(table["loss"][200:].to_list()) <= {2.5, None}


def test_a_file_cut_again_and_again_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    long = nanogpt(5000).encode()
    stop = threading.Event()

    def rewrite() -> None:
        while not stop.is_set():
            path.write_bytes(long)
            os.truncate(path, len(long) // 3)

    path.write_bytes(long)
    writer = threading.Thread(target=rewrite)
    writer.start()
    whole = dict(fastlogs.read(io.BytesIO(long)).select("step", "loss").iter_rows())
    for _ in range(full(20, 300)):
        try:
            table, _ = read(path, block_bytes=4096)
        except (OSError, fastlogs.FastlogsError):
            continue
        if "loss" in table.columns:
            assert all(loss is None or whole[step] == loss for step, loss in table.select("step", "loss").iter_rows())
    stop.set()
    writer.join()


def test_no_handle_is_left(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(LOG)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        fastlogs.read(path)
        next(fastlogs.stream(path))
        fastlogs.scan(path).head(1).collect()

    assert len(os.listdir("/proc/self/fd")) <= before + 1
