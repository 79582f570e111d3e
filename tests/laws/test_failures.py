"""What may go wrong while reading and writing: told, in time, with the rows before it, and no half file."""

from __future__ import annotations

import io
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import fastlogs
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs import _core

TORTURE = bool(os.environ.get("FASTLOGS_TORTURE"))
TEXT = nanogpt(40).encode()
LONG = {"layout": "long", "restarts": "keep"}


class Failing:
    """An open file of 64-byte reads whose n-th read fails."""

    def __init__(self, n: int, error: OSError) -> None:
        self.n, self.error, self.calls = n, error, 0

    def read(self, _: int) -> bytes:
        self.calls += 1
        if self.calls == self.n:
            raise self.error
        at = 64 * (self.calls - 1 - (self.calls > self.n))
        return TEXT[at : at + 64]


def _rows(source: object, **options: object) -> tuple[pl.DataFrame | None, Exception | None]:
    stream = _core.open([("", "x", source)], _core.Options(**LONG, streaming=True, batch_rows=1, threads=1, **options))  # type: ignore[arg-type]
    parts = []
    try:
        parts.extend(pl.DataFrame(batch) for batch in stream)
    except OSError as raised:
        return (pl.concat(parts) if parts else None), raised
    return (pl.concat(parts) if parts else None), None


@pytest.mark.parametrize("n", range(1, len(TEXT) // 64 + 2, 1 if TORTURE else 5))
def test_the_nth_read_fails(n: int) -> None:
    """Rows before the failure are those of the prefix, and the failure is told as it was raised."""
    try:
        rows, raised = _rows(Failing(n, OSError(5, "broken disk")))
    except OSError as early:
        rows, raised = None, early
    prefix, _ = _rows(io.BytesIO(TEXT[: 64 * (n - 1)])) if n > 1 else (None, None)

    assert isinstance(raised, OSError)
    assert raised.errno == 5
    assert "broken disk" in str(raised)
    if rows is not None and prefix is not None:
        assert rows.equals(prefix.head(rows.height))


def test_a_file_that_is_cut_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(nanogpt(30_000).encode())
    stream = _core.open(
        [("", str(path), str(path))], _core.Options(**LONG, streaming=True, batch_rows=100, block_bytes=4096)
    )
    next(stream)
    os.truncate(path, 100_000)
    rows = sum(len(batch) for batch in stream)

    assert rows > 0


def test_a_file_that_vanishes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(nanogpt(3000).encode())
    stream = _core.open(
        [("", str(path), str(path))], _core.Options(**LONG, streaming=True, batch_rows=100, block_bytes=4096)
    )
    rows = len(next(stream))
    path.unlink()

    assert rows + sum(len(batch) for batch in stream) > 9000


@pytest.mark.parametrize("kind", ["folder", "loop", "dangling", "empty folder"])
def test_what_is_no_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    if kind == "loop":
        path.symlink_to(path)
    if kind == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    if kind in ("folder", "empty folder"):
        path.mkdir()
    if kind == "folder":
        (path / "again").symlink_to(path)
        (path / "x.log").write_bytes(TEXT)
        assert fastlogs.read(path).height == 40
        return
    with pytest.raises(OSError):
        fastlogs.read(path)


@pytest.mark.skipif(os.getuid() == 0, reason="root may read anything")
def test_a_forbidden_file(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(TEXT)
    path.chmod(0)
    with pytest.raises(PermissionError):
        fastlogs.read(path)


@pytest.mark.parametrize(
    "name", ["with space.log", "-dash.log", "a=b.log", "[x].log", "new\nline.log", "ü.log", "*.log"]
)
def test_any_legal_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(TEXT)

    assert fastlogs.read(path).height == 40


def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.log"
    with open(path, "wb") as file:
        file.write(TEXT)

    assert fastlogs.read(os.fsdecode(path)).height == 40
    assert fastlogs.read(tmp_path).height == 40
    assert fastlogs.load(os.fsdecode(path)).coverage.rows == 40


def _export(log: Path, out: Path, before: object = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "fastlogs", "export", str(log), "-o", str(out)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, preexec_fn=before)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl", "arrow"])
def test_a_full_disk_leaves_no_half_file(ending: str, tmp_path: Path) -> None:
    log, out = tmp_path / "x.log", tmp_path / f"x.{ending}"
    log.write_text(nanogpt(20_000))

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    child = _export(log, out, small)
    _, said = child.communicate(timeout=60)

    assert child.returncode == 2, said
    assert said.startswith("error: ")
    assert [p.name for p in tmp_path.iterdir()] == ["x.log"]


def test_a_killed_export_leaves_no_half_file(tmp_path: Path) -> None:
    """Under the final name there is the whole table or nothing, at any moment."""
    log, out = tmp_path / "x.log", tmp_path / "x.csv"
    log.write_text(nanogpt(30_000))
    whole = _export(log, out)
    whole.communicate(timeout=60)
    expected = out.read_bytes()
    noise = random.Random(0)
    for _ in range(200 if TORTURE else 6):
        out.unlink(missing_ok=True)
        child = _export(log, out)
        time.sleep(noise.uniform(0.1, 0.8))
        child.kill()
        child.communicate()
        assert not out.exists() or out.read_bytes() == expected


LADDER = range(250, 1501, 125) if TORTURE else (400, 900)


@pytest.mark.parametrize("megabytes", LADDER)
@pytest.mark.parametrize("verb", ["summary", "export"])
def test_little_memory(verb: str, megabytes: int, tmp_path: Path) -> None:
    """Exit 0 or 2 and a clear line, never a signal."""
    log = tmp_path / "x.log"
    with log.open("w") as file:
        file.write(nanogpt(2000))
        steady = "iter {0}: loss 2.5, time 130.00ms, mfu 41.00%\n"
        lines = (120 << 20 if TORTURE else 4 << 20) // 50
        file.writelines(steady.format(2000 + at) for at in range(lines))

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    args = [
        sys.executable,
        "-m",
        "fastlogs",
        verb,
        str(log),
        *(["-o", str(tmp_path / "x.parquet")] if verb == "export" else []),
    ]
    said = subprocess.run(args, capture_output=True, text=True, preexec_fn=little, timeout=300)

    assert said.returncode in (0, 2), (said.returncode, said.stderr[-500:])
    assert "Traceback" not in said.stderr
