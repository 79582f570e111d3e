"""Law 2: a bad line never stops a read; it is counted, and nothing is dropped in silence."""

from __future__ import annotations

import gzip
import io
import random
import warnings

import fastlogs
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs import _core

GOOD = nanogpt(200).encode()
JUNK = [
    b"\xff\xfe\x00\x80\n",
    b"\x00" * 300 + b"\n",
    b"iter\n",
    b"iter 5: loss\n",
    b"x" * 200_000 + b"\n",
    b"\n",
    b"{" * 500 + b"\n",
    b"iter 99999999999999999999: loss 1e999, time nanms, mfu -%\n",
    "löss: 3 (wörld)\n".encode(),
    b"\x1b[2K\x1b]0;title\x07\n",
]


def _read(data: bytes) -> tuple[pl.DataFrame, list[_core.Coverage]]:
    opened = _core.open([("", "x", io.BytesIO(data))], _core.Options(restarts="keep"))
    return pl.DataFrame(opened), opened.coverage()


@pytest.mark.parametrize("seed", range(20))
def test_junk_between_the_lines_loses_no_row(seed: int) -> None:
    noise = random.Random(seed)
    lines = GOOD.splitlines(keepends=True)
    for _ in range(30):
        lines.insert(noise.randrange(60, len(lines)), noise.choice(JUNK[:7]))
    whole, _ = _read(GOOD)
    got, coverage = _read(b"".join(lines))

    assert got.select(whole.columns).equals(whole)
    assert coverage[0].lines == len(lines)


@pytest.mark.parametrize("junk", JUNK, ids=lambda j: repr(j[:12]))
def test_no_line_raises(junk: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        assert fastlogs.read(io.BytesIO(GOOD + junk * 3)).height >= 200


def test_a_cut_number_is_never_a_shorter_one() -> None:
    whole, _ = _read(GOOD)
    for cut in range(len(GOOD) - 200, len(GOOD)):
        got, _ = _read(GOOD[:cut])
        if got.height == whole.height and got["loss"][-1] != whole["loss"][-1]:
            assert got["loss"][-1] is None


def test_a_cut_archive_gives_what_it_holds_and_says_so() -> None:
    packed = gzip.compress(GOOD)
    got, coverage = _read(packed[: len(packed) * 3 // 4])
    whole, _ = _read(GOOD)

    assert 0 < got.height < whole.height
    assert coverage[0].damage
    with pytest.warns(fastlogs.LinesLeft, match="damaged"):
        fastlogs.read(io.BytesIO(packed[: len(packed) * 3 // 4]))


@pytest.mark.parametrize("data", [b"", b"\n", b"\x00", b"\xff" * 5000, b"x" * 100_000, bytes(range(256)) * 40])
def test_what_holds_nothing_is_told(data: bytes) -> None:
    with pytest.raises(fastlogs.NoMetricsFound):
        fastlogs.read(io.BytesIO(data))
    assert fastlogs.read(io.BytesIO(data), layout="long").is_empty()
