"""The stream as every consumer of Arrow takes it, from every thread and process, and under Ctrl-C."""

from __future__ import annotations

import ctypes
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import fastlogs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import nanogpt
from fastlogs import _core


def _gil_held(stream: object) -> int:
    """Rows pulled through the C struct by calls that keep the GIL, as nanoarrow and arro3 do."""
    table = pa.RecordBatchReader._import_from_c
    capsule = stream.__arrow_c_stream__()  # type: ignore[attr-defined]
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    at = pointer(capsule, b"arrow_array_stream")

    class Struct(ctypes.Structure):
        _fields_ = [(name, ctypes.c_void_p) for name in ("get_schema", "get_next", "get_last_error", "release", "data")]

    struct = ctypes.cast(at, ctypes.POINTER(Struct)).contents
    get_next = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(struct.get_next)
    rows = 0
    while True:
        array = (ctypes.c_int64 * 10)()
        if get_next(at, ctypes.addressof(array)):
            raise OSError("the stream failed")
        if not array[8]:  # released: the end
            return rows
        rows += array[0]
        ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(array[8])(ctypes.addressof(array))
        assert table is not None


CONSUMERS = {
    "polars": lambda s: pl.DataFrame(s).height,
    "pyarrow": lambda s: pa.table(s).num_rows,
    "pyarrow reader": lambda s: pa.RecordBatchReader.from_stream(s).read_all().num_rows,
    "pandas": lambda s: len(pd.DataFrame.from_arrow(s)),
    "duckdb": lambda s: duckdb.sql("select count(*) from s").fetchall()[0][0],
    "batches": lambda s: sum(len(b) for b in s),
    "batches to polars": lambda s: sum(pl.DataFrame(b).height for b in s),
    "batches to pyarrow": lambda s: sum(pa.record_batch(b).num_rows for b in s),
    "GIL held": _gil_held,
}


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_every_consumer_gets_every_row(consumer: str, log: Path) -> None:
    stream = fastlogs.stream(log)

    assert CONSUMERS[consumer](stream) == 100
    assert stream.coverage()[0].rows > 0


def test_units_and_kinds_travel_in_the_schema(log: Path) -> None:
    schema = pa.table(fastlogs.stream(log)).schema

    assert schema.field("time").metadata[b"unit"] == b"ms"
    assert schema.field("val_loss").metadata[b"kind"] == b"val"


def test_a_stream_is_read_once(log: Path) -> None:
    stream = fastlogs.stream(log)
    pl.DataFrame(stream)

    with pytest.raises(fastlogs.StreamClosed, match="has been read already"):
        pl.DataFrame(stream)


def test_a_schema_can_be_had_before_and_again(log: Path) -> None:
    stream = fastlogs.stream(log)

    assert pl.Schema(stream) == pl.Schema(stream)
    assert pl.DataFrame(stream).height == 100


def test_a_finished_iterator_stays_finished(log: Path) -> None:
    stream = fastlogs.stream(log)
    list(stream)

    assert list(stream) == []


def test_a_closed_stream_says_so(log: Path) -> None:
    with fastlogs.stream(log) as stream:
        pass

    with pytest.raises(fastlogs.StreamClosed):
        next(stream)


def test_progress_ends_at_the_file_s_size(log: Path) -> None:
    stream = fastlogs.stream(log)
    rows = sum(len(batch) for batch in stream)

    _, total, counted = stream.progress()
    assert (total, counted) == (log.stat().st_size, rows)


def test_missing_and_forbidden_are_the_builtins(tmp_path: Path) -> None:
    options = _core.Options()
    with pytest.raises(FileNotFoundError) as raised:
        pl.DataFrame(_core.open([("", str(tmp_path / "x"), str(tmp_path / "x"))], options))

    assert raised.value.filename == str(tmp_path / "x")


@pytest.mark.parametrize("file", ["read", "readinto", "raw"])
def test_open_python_files(file: str, log: Path) -> None:
    class Read:
        def __init__(self) -> None:
            self.inner = io.BytesIO(log.read_bytes())

        def read(self, n: int) -> bytes:
            return self.inner.read(n)

    class ReadInto:
        def __init__(self) -> None:
            self.inner = io.BytesIO(log.read_bytes())

        def readinto(self, into: bytearray) -> int:
            return self.inner.readinto(into)

    with io.FileIO(log) as raw:
        opened = {"read": Read, "readinto": ReadInto, "raw": lambda: raw}[file]()
        assert fastlogs.read(opened).equals(fastlogs.read(log))


def test_what_a_python_file_raises_is_raised() -> None:
    class Broken:
        def read(self, n: int) -> bytes:
            raise ZeroDivisionError("of all things")

    with pytest.raises(ZeroDivisionError, match="of all things"):
        fastlogs.read(Broken())


def test_a_text_file_is_refused_with_the_way_out(log: Path) -> None:
    with log.open() as file, pytest.raises(TypeError, match="mode 'rb'"):
        fastlogs.read(file)


def test_many_threads_read_at_once(log: Path) -> None:
    alone = fastlogs.read(log)
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda _: fastlogs.read(log), range(32)))

    assert all(t.equals(alone) for t in tables)


def test_one_stream_pulled_by_many_threads_gives_each_row_once(tmp_path: Path) -> None:
    path = tmp_path / "long.log"
    path.write_text(nanogpt(5000))
    options = _core.Options(batch_rows=100, streaming=True)
    stream = _core.open([("", str(path), str(path))], options)
    with ThreadPoolExecutor(4) as pool:
        rows = sum(pool.map(lambda _: sum(len(b) for b in stream), range(4)))

    assert rows == 5000


def test_a_stream_does_not_cross_a_fork(log: Path) -> None:
    code = f"""
        import os, fastlogs
        stream = fastlogs.stream({str(log)!r})
        child = os.fork()
        if child == 0:
            try:
                next(stream)
            except fastlogs.StreamClosed as raised:
                del stream
                os._exit(7 if "after fork" in str(raised) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert sum(len(b) for b in stream) == 100
    """
    subprocess.run([sys.executable, "-W", "error", "-c", textwrap.dedent(code)], check=True, timeout=30)


def _height(path: str) -> int:
    return fastlogs.read(path).height


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_other_processes_read(method: str, log: Path) -> None:
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.map(_height, [str(log)]) == [100]


def test_a_fork_after_a_read_reads(log: Path) -> None:
    code = f"""
        import os, fastlogs
        with fastlogs.stream({str(log)!r}) as stream: next(stream)
        child = os.fork()
        if child == 0:
            os._exit(sum(len(b) for b in fastlogs.stream({str(log)!r})))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 100
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True, timeout=30)


READERS = {
    "read": "fastlogs.read(path)",
    "batches": "list(fastlogs.stream(path, layout='long', restarts='keep'))",
    "polars": "pl.DataFrame(fastlogs.stream(path, layout='long', restarts='keep'))",
    "pyarrow": "pa.table(fastlogs.stream(path, layout='long', restarts='keep'))",
    "python file": "fastlogs.read(open(path, 'rb', buffering=0))",
}


@pytest.mark.parametrize("reader", READERS)
def test_ctrl_c_stops_a_read_that_never_ends(reader: str, tmp_path: Path) -> None:
    """A FIFO that gives a few lines and then nothing, for ever."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    code = f"""
        import sys, time, fastlogs, polars as pl, pyarrow as pa
        path = {str(fifo)!r}
        print("ready", flush=True)
        try:
            try:
                {READERS[reader]}
            finally:
                time.sleep(0.01)
        except KeyboardInterrupt:
            sys.exit(42)
    """
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    with open(fifo, "wb", buffering=0) as writer:
        writer.write(nanogpt(20).encode())
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        begun = time.monotonic()
        code_given = child.wait(10)
        took = time.monotonic() - begun
    child.stdout.close()

    assert code_given == 42
    assert took < 2.0


def test_cancel_from_another_thread(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = os.open(fifo, os.O_RDWR)
    stream = _core.open([("", "fifo", str(fifo))], _core.Options(layout="long", restarts="keep", streaming=True))
    threading.Timer(0.2, stream.cancel).start()

    with pytest.raises(fastlogs.StreamClosed):
        list(stream)
    os.close(writer)


def test_an_abandoned_stream_leaves_no_thread(log: Path) -> None:
    def threads() -> int:
        return len(os.listdir("/proc/self/task"))

    before = threads()
    for _ in range(50):
        next(fastlogs.stream(log))

    assert threads() <= before + 2
