"""A bar compares what was measured, and nothing that was not."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))

import pytest
from bars import BARS, BESIDE, POLARS, Bar, lines
from measure import Cost
from run import agreement, peers_of
from workloads import WORKLOADS, alike, unlike

AT_LEAST = Bar("speed", "dense", ("slow", "slower"), must=4, stretch=6, ours="fast")
AT_MOST = Bar("cost", "dense", ("fast",), must=1.5, ours="slow", most=True)


def costs(**wall: float) -> dict:
    return {("dense", peer): Cost(wall=seconds, cpu=2 * seconds, peak_mb=1) for peer, seconds in wall.items()}


def test_the_best_of_the_others_counts():
    assert AT_LEAST.ratio(costs(fast=1.0, slow=5.0, slower=9.0), "wall") == 5


def test_what_failed_is_not_compared():
    told = costs(fast=1.0, slow=5.0, slower=9.0)
    told["dense", "slow"].failure = "refused"

    assert AT_LEAST.ratio(told, "wall") == 9
    assert AT_LEAST.ratio(costs(slow=5.0), "wall") is None


@pytest.mark.parametrize(("ratio", "verdict"), [(3.9, "missed"), (4, "met"), (6.1, "met, stretch too")])
def test_more_is_better_where_others_are_slower(ratio, verdict):
    assert AT_LEAST.verdict(ratio) == verdict


def test_less_is_better_where_a_cost_is_bounded():
    assert AT_MOST.ratio(costs(fast=2.0, slow=3.0), "wall") == 1.5
    assert AT_MOST.verdict(1.5) == "met"
    assert AT_MOST.verdict(1.6) == "missed"


def test_a_bar_without_a_measurement_says_so():
    assert [line.endswith("not measured") for line in lines({}, (AT_LEAST,))] == [False, True]


@pytest.mark.parametrize("bar", BARS + BESIDE, ids=lambda bar: bar.name)
def test_every_bar_is_of_peers_that_run(bar):
    assert {bar.ours, *bar.theirs} <= set(peers_of(bar.workload))


def test_tables_agree_when_every_column_does():
    oracle = Cost(digest={"step": [3, 6], "loss": [3, 1.5]})

    assert agreement(Cost(digest={"step": [3, 6], "loss": [3, 1.5]}), oracle) == "yes"
    assert agreement(Cost(digest={"step": [3, 7], "loss": []}), oracle) == "NOT step; without loss"


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS)
def test_the_literal_of_a_table_is_in_its_regex(workload):
    for table in workload.tables:
        assert table.literal in table.regex.replace("\\", "")


def test_there_are_as_many_patterns_as_asked_for():
    assert [len(set(alike(n))) for n in (1, 10, 100)] == [1, 10, 100]
    assert len(set(unlike(100))) == 100
    assert set(POLARS) <= set(peers_of("dense"))
