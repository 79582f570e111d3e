"""Memory is bounded: threads times a block and the table asked for, whatever the size of the log."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import nanogpt

MEGABYTES = 2048 if os.environ.get("FASTLOGS_TORTURE") else 48
STEADY = "iter {}: loss 2.5{:03}, time 130.{:02}ms, mfu 41.{:02}%\n"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "x.log"
    with path.open("w") as file:
        file.write(nanogpt(2000))
        at = 2000
        while file.tell() < MEGABYTES << 20:
            file.writelines(STEADY.format(n, n % 1000, n % 100, n % 97) for n in range(at, at + 20_000))
            at += 20_000
    return path


def _grown(code: str) -> float:
    """MiB that the peak grew by while the code ran, imports and a small first read not counted."""
    script = f"""
        import resource, fastlogs
        from fastlogs import _core
        peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        before = peak()
        {code}
        print(peak() - before)
    """
    said = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    return float(said.stdout)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("layout", ["wide", "long", "summary"])
def test_a_stream_holds_no_rows(layout: str, threads: int, large: Path) -> None:
    options = f"layout={layout!r}, threads={threads}, streaming={layout != 'summary'}"
    grown = _grown(f"for batch in _core.open([('', 'x', {str(large)!r})], _core.Options({options})): pass")

    assert grown <= 12 + 2 * threads


def test_a_pipe_in_bounded_memory(large: Path) -> None:
    script = """
        import resource
        from fastlogs import _core
        before = resource.getrusage(0).ru_maxrss
        options = _core.Options(layout="long", restarts="keep", streaming=True, batch_rows=8192, threads=2)
        for batch in _core.open([("", "-", "-")], options): pass
        print((resource.getrusage(0).ru_maxrss - before) / 1024)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with large.open("rb") as file:
        cat = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE)
        said = subprocess.run(command, stdin=cat.stdout, capture_output=True, text=True)
        assert cat.stdout is not None
        cat.stdout.close()
        cat.wait()

    assert said.returncode == 0, said.stderr
    assert float(said.stdout) <= 16


def test_a_line_without_end_is_clipped_not_held(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    with path.open("wb") as file:
        file.write(nanogpt(200).encode())
        for _ in range(64):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + nanogpt(300, seed=1).encode()[-9000:])
    grown = _grown(
        f"""
        stream = _core.open([('', 'x', {str(path)!r})], _core.Options(layout='long', restarts='keep', streaming=True))
        for batch in stream: pass
        assert stream.coverage()[0].clipped[0] == 1
    """.strip().replace("\n        ", "\n        ")
    )

    assert grown <= 20
