"""Curves in a terminal: where the dots stand, what letters they are made of, and when there are none."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import nanogpt
from fastlogs._curve import curve
from hypothesis import given
from hypothesis import strategies as st

SPACE = chr(0x2800)


def test_a_line_that_falls_goes_from_the_top_left_to_the_bottom_right() -> None:
    told = curve([float(-at) for at in range(50)], (1, 50), 40, 4).split("\n")
    rows = [line[4:] for line in told[:4]]

    assert told[0].startswith("  0 ")
    assert told[3].startswith("-49 ")
    assert [len(row) - len(row.lstrip(SPACE)) for row in rows] == sorted(
        len(row) - len(row.lstrip(SPACE)) for row in rows
    )
    assert rows[0][0] != SPACE
    assert len(rows[3]) == 36
    assert told[4].split() == ["1", "50"]


def test_each_column_of_a_jump_is_filled() -> None:
    rows = curve([0.0] * 20 + [9.0] * 20, (0, 39), 42, 6, ascii=True).split("\n")[:6]

    assert any("*" in "".join(row[at] for row in rows if at < len(row)) for at in range(2, 40))
    assert sum(row.count("*") for row in rows) >= 40 + 3


@pytest.mark.parametrize("values", [[], [1.0], [math.nan, None, 2.0], [None, None]])
def test_nothing_is_drawn_of_fewer_than_two_values(values: list[float | None]) -> None:
    assert curve(values, (0, 1)) == ""


@given(st.lists(st.one_of(st.none(), st.floats()), max_size=60), st.integers(0, 200), st.integers(2, 12), st.booleans())
def test_no_line_is_wider_than_asked(values: list[float | None], width: int, height: int, plain: bool) -> None:
    lines = curve(values, (0, 1e6), width, height, ascii=plain).split("\n")

    assert all(len(line) <= width for line in lines)
    assert len(lines) in (1, height + 1)
    if plain:
        assert all(line.isascii() for line in lines)


@pytest.mark.parametrize(
    ("options", "settings", "drawn"),
    [
        ([], {}, False),
        (["--curve"], {}, True),
        (["--curve", "--json"], {}, False),
        (["--curve"], {"PYTHONIOENCODING": "ascii", "COLUMNS": "50"}, True),
        (["--no-curve"], {}, False),
    ],
)
def test_summary_draws_the_main_loss_when_asked(
    options: list[str], settings: dict[str, str], drawn: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.log").write_text(nanogpt(300))
    command = [sys.executable, "-m", "fastlogs", "summary", "a.log", *options]
    environment = {**os.environ, "PYTHONUTF8": "1", **settings}
    if "PYTHONIOENCODING" in settings:
        environment.pop("PYTHONUTF8")
    said = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, check=True).stdout

    assert (b"loss by step" in said) == drawn
    if "PYTHONIOENCODING" in settings:
        assert said.isascii()
        assert b"*" in said
        assert max(len(line) for line in said.split(b"\n") if b"*" in line) <= 50
