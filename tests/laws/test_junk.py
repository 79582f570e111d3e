"""Law 2 for every format: what is no line of a log costs none of the log's own values, wherever it stands."""

from __future__ import annotations

import functools
import os

import polars as pl
import pytest
from data.make.logs import LOGS
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import tables

EXAMPLES = 2000 if os.environ.get("FASTLOGS_TORTURE") else 12
STEPS = 60
# Lines of the head that stay together: from them the format is recognised.
HEAD = 30
# Junk a log may hold and still be known: JSON lines and tables must be nine tenths of theirs.
MOST = 4
# Of a bar's states the last is the row: half of a later one is as good a state as any.
BARS = ("keras_bars", "lightning_bars")
# One value from end to end: a byte more or less anywhere makes it none.
DOCUMENTS = ("trainer_state",)
LINED = [name for name in LOGS if name not in DOCUMENTS]
# Their lines end where their values end, so that bytes behind make them other lines.
CLOSED: tuple[str, ...] = ()

JUNK = st.one_of(
    st.sampled_from(
        [
            b"",
            b"   ",
            b"\xff\xfe\x00\x80",
            b"\x00" * 300,
            b"\x00",
            b"\x1b[2K\x1b]0;title\x07",
            b"\x1b[31m",
            b"Traceback (most recent call last):",
            b'  File "/x/train.py", line 12, in <module>',
            b"UserWarning: lr_scheduler.step() was called",
            b"iter",
            b"iter :",
            b"Step: , Loss: ",
            b"{",
            b"}",
            b"{'loss': ",
            b"[[[[[",
            b",,,,,,,,,,,,,,,,",
            b"|||||||||",
            b"=" * 300,
            "löss → ∞".encode(),
            "├──█▏".encode(),
            b"\xed\xa0\x80 half a surrogate pair",
            b"x" * 5000,
        ]
    ),
    st.binary(max_size=40)
    .map(lambda data: bytes(b for b in data if b not in b'\r\n"\x08' and not 48 <= b <= 57))
    .map(lambda data: b"\x80" + data),
)


@functools.cache
def clean(name: str) -> tuple[bytes, pl.DataFrame, dict[str, object]]:
    data = LOGS[name](STEPS, 2).encode()
    return data, *tables(data, layout="long", restarts="keep")


def physical(data: bytes) -> list[bytes]:
    return [line + b"\n" for line in data.split(b"\n")[:-1]]


def by_line(long: pl.DataFrame, starts: list[int]) -> pl.DataFrame:
    """The rows with the number of the line they stand in for their offset."""
    line = pl.Series("line", starts, dtype=pl.Int64).search_sorted(long["offset"], side="right")
    return long.with_columns(line.cast(pl.Int64).alias("line")).drop("offset")


def spoilt(data: bytes, junk: list[tuple[int, bytes]]) -> tuple[bytes, list[int]]:
    """The log with junk put between its lines, and where its own lines begin."""
    parts: list[tuple[bool, bytes]] = [(True, line) for line in physical(data)]
    for at, line in junk:
        parts.insert(HEAD + at % (len(parts) - HEAD + 1), (False, line + b"\n"))
    starts, at = [], 0
    for own, line in parts:
        if own:
            starts.append(at)
        at += len(line)
    return b"".join(line for _, line in parts), starts


@pytest.mark.parametrize("name", [name for name in LINED if name != "csv"])
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(
    junk=st.lists(st.tuples(st.integers(0, 10_000), JUNK), min_size=1, max_size=MOST),
    block=st.sampled_from([97, 4096, 1 << 19]),
)
def test_junk_lines_cost_nothing(name: str, junk: list[tuple[int, bytes]], block: int) -> None:
    data, whole, told = clean(name)
    mixed, starts = spoilt(data, junk)
    got, now = tables(mixed, layout="long", restarts="keep", block_bytes=block)
    own, at = [], 0
    for line in physical(data):
        own.append(at)
        at += len(line)

    assert now["format"] == told["format"]
    assert by_line(got, starts).equals(by_line(whole, own))
    assert now["step"] == told["step"]


@pytest.mark.parametrize("name", [name for name in LINED if name not in BARS])
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 10_000)), min_size=1, max_size=MOST
    )
)
def test_cut_lines_cost_no_other_line(name: str, cuts: list[tuple[int, int, int]]) -> None:
    """Half lines may be lines of their own, but every whole line still says what it said."""
    data, whole, _ = clean(name)
    lines = physical(data)
    halves = []
    for at, which, length in cuts:
        # Not of the first line: half of a table's header is a header.
        line = lines[1 + which % (len(lines) - 1)].rstrip(b"\n")
        halves.append((at, line[: length % (len(line) + 1)]))
    mixed, starts = spoilt(data, halves)
    got, now = tables(mixed, layout="long", restarts="keep")
    own, at = [], 0
    for line in lines:
        own.append(at)
        at += len(line)
    said = ["line", "metric", "value", "text"]
    ends = {start: start + len(line) for start, line in zip(starts, lines, strict=True)}
    got = got.filter(pl.Series([any(s <= o < e for s, e in ends.items()) for o in got["offset"]], dtype=pl.Boolean))
    # A whole line may repeat the half before it; then it is counted as that.
    if now["repeated"] == 0:
        assert by_line(got, starts).select(said).equals(by_line(whole, own).select(said))


@pytest.mark.parametrize("name", [name for name in LINED if name not in CLOSED])
def test_a_bad_byte_in_each_line_costs_nothing(name: str) -> None:
    """Behind a blank (a byte glued to a number may as well be a digit that was hit), in a text, or in a row of its own."""
    data, whole, told = clean(name)
    if name == "csv":
        rows = physical(data)
        mixed = b"".join(line + b"\xff\n" * (k % 20 == 19) for k, line in enumerate(rows))
    elif name == "jsonl":
        mixed = data.replace(b'"ok"', b'"o\xffk"')
        whole = whole.with_columns(pl.col("text").str.replace("^ok$", "o�k"))
    else:
        mixed = b"".join(line[:-1] + b" \xff\n" for line in physical(data))
    got, now = tables(mixed, layout="long", restarts="keep")

    assert got.drop("offset").equals(whole.drop("offset"))
    assert now["format"] == told["format"]


@pytest.mark.parametrize("name", LINED)
@pytest.mark.parametrize("byte", [0xFF, 0x80, 0x00, 0x1B, 0x08, ord("x"), ord('"')])
def test_a_bad_byte_within_a_line_costs_no_other_line(name: str, byte: int) -> None:
    """The line that was hit may be lost, or say something else; no other line does."""
    data, whole, _ = clean(name)
    lines = physical(data)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    if name == "csv" and byte in b'"\x1b\x08\x00':
        pytest.skip("a quote takes what follows along, the others join what they stand between: that is what they do")
    for which in range(HEAD, len(lines), 7):
        for share in (0.1, 0.35, 0.6, 0.85):
            at = starts[which] + int(share * (len(lines[which]) - 1))
            mixed = data[:at] + bytes([byte]) + data[at + 1 :]
            got, _ = tables(mixed, layout="long", restarts="keep")
            hit = (pl.col("offset") >= starts[which]) & (pl.col("offset") < starts[which + 1])
            said = ["offset", "metric", "value", "text"]
            assert got.filter(~hit).select(said).equals(whole.filter(~hit).select(said)), (which, share)
