"""Whole logs of the catalogue's producers: named rightly, and every number a person would write down, no more steps."""

from __future__ import annotations

from pathlib import Path

import fastlogs
import polars as pl
import pytest
from data.make.producers import NOTHING, PRODUCERS, Log
from fastlogs.errors import NoMetricsFound

LOGS = {make.__name__: make for make in PRODUCERS}


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Log:
    return LOGS[request.param]()


@pytest.mark.parametrize("log", LOGS, indirect=True)
@pytest.mark.filterwarnings("ignore::fastlogs.errors.LinesLeft")
def test_whole_logs_give_what_a_person_would_write_down(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text(log.text, encoding="utf-8")

    long = fastlogs.read(path, layout="long", restarts="keep")
    run = fastlogs.load(path)

    assert set(log.format.split(" + ")) <= set(run.coverage.sources[0].format.split(" + "))
    for name, wanted in log.columns.items():
        found = long.filter(pl.col("metric") == name)["value"].to_list()
        assert found == pytest.approx(wanted, nan_ok=True), name
    for kind, wanted in log.steps.items():
        rows = long.filter((pl.col("kind") == kind) & pl.col("metric").is_in(list(log.columns)))
        assert rows["step"].unique(maintain_order=True).to_list() == list(dict.fromkeys(wanted)), kind


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_no_log_gives_no_rows(name: str, tmp_path: Path) -> None:
    path = tmp_path / "train.log"
    path.write_text(NOTHING[name], encoding="utf-8")

    assert fastlogs.read(path, layout="long").height == 0
    with pytest.raises(NoMetricsFound):
        fastlogs.read(path)


def test_most_producers_are_proven_by_a_whole_log() -> None:
    text = {f.name for f in fastlogs.formats()}
    named = {part for make in PRODUCERS for part in make().format.split(" + ")}

    assert len(text) >= 70
    assert named <= text
    assert len(named) >= 35
