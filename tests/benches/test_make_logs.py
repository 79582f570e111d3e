"""The logs that the benches read are the same wherever they are written."""

from __future__ import annotations

import hashlib
import sys
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))

import make_logs

SIZE = 20_000
BEGINNINGS = {
    "dense": "d3500588245110ec",
    "pairs": "99c3e63655ea680c",
    "sparse": "8d5350b7b934737f",
    "records": "02c640a7b0840c13",
    "dicts": "c902913247df0ebb",
    "logfmt": "1a1b77895ce720f0",
    "hundred": "acab9d1e99a52530",
}


@pytest.mark.parametrize("workload", make_logs.WORKLOADS)
def test_the_same_seed_gives_the_same_bytes(workload, tmp_path):
    make_logs.write(workload, SIZE, tmp_path / "log")

    written = (tmp_path / "log").read_bytes()

    assert BEGINNINGS[workload] == hashlib.sha256(written).hexdigest()[:16]


def test_another_seed_gives_other_bytes():
    assert next(make_logs.chunks("dense", 0)) != next(make_logs.chunks("dense", 1))


@pytest.mark.parametrize("workload", make_logs.WORKLOADS)
def test_a_log_ends_with_a_whole_line_at_the_size_asked_for(workload, tmp_path):
    make_logs.write(workload, SIZE, tmp_path / "log")

    written = (tmp_path / "log").read_bytes()

    assert SIZE <= len(written) < SIZE + 2000
    assert written.endswith(b"\n")


def test_a_longer_log_begins_like_a_shorter_one(tmp_path):
    for size in (SIZE, 2 * SIZE):
        make_logs.write("pairs", size, tmp_path / str(size))

    assert (tmp_path / str(2 * SIZE)).read_bytes().startswith((tmp_path / str(SIZE)).read_bytes())


def test_a_sweep_has_runs_of_as_many_lines_and_no_two_alike(tmp_path):
    make_logs.write_sweep(3, 120, tmp_path)

    logs = [path.read_text() for path in sorted(tmp_path.glob("*/train.log"))]

    assert [log.count("\n") for log in logs] == [120, 120, 120]
    assert all(a != b for a, b in pairwise(logs))
