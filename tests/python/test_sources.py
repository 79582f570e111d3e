"""What a name stands for: runs, their names, and how many files are no trouble."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fastlogs._labels import tails
from fastlogs._sources import Source, resolve


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/x.log"], ["x.log"]),
        (["a/x.log", "b/x.log"], ["a/x.log", "b/x.log"]),
        (["a/x.log", "b/y.log"], ["x.log", "y.log"]),
        (["r/a/x.log", "s/a/x.log", "s/b/x.log"], ["r/a/x.log", "s/a/x.log", "b/x.log"]),
        (["x.log", "x.log", "a/x.log"], ["x.log", "x.log#2", "a/x.log"]),
        (["/x", "/a/x"], ["/x", "a/x"]),
    ],
)
def test_the_shortest_tail_that_is_unique(paths: list[str], names: list[str]) -> None:
    assert tails(paths) == names


def test_ten_thousand_files_are_named_at_once(tmp_path: Path) -> None:
    begun = time.process_time()
    names = tails([f"{tmp_path}/run_{at}/train.log" for at in range(10_000)])

    assert names[7] == "run_7/train.log"
    assert time.process_time() - begun < 1


def test_a_label(tmp_path: Path) -> None:
    (tmp_path / "x.log").touch()
    found = resolve(f"base={tmp_path}/x.log")

    assert found.files == (Source("base", f"{tmp_path}/x.log", f"{tmp_path}/x.log"),)
    assert found.many


def test_a_path_that_is_there_is_no_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lr=0.1").mkdir()
    Path("lr=0.1/x.log").touch()

    assert resolve("lr=0.1/x.log").files[0].run == ""
