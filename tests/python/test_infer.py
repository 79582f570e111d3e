"""`infer`: a log nobody described becomes a format that passes its checks and reads the log, or patterns for others."""

from __future__ import annotations

import json
from pathlib import Path

import fastlogs
import pytest
from data.make.handwritten import LOGS, written
from fastlogs._exports import exported
from fastlogs._infer import rules_of
from fastlogs._infer import written as inferred
from fastlogs.errors import FastlogsError, PatternError, UnknownFormat

LOG = "".join(f"step {n} cost {3 / n:.4f} rate {n / 7:.3f}\n" for n in range(1, 40))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "odd.log"
    path.write_text(LOG)
    return path


def test_a_log_of_the_catalogue_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("".join(f"iter {n}: loss {3 / n:.4f}, time 12.00ms, mfu 1.00%\n" for n in range(1, 40)))

    assert fastlogs.infer(path).name == "nanogpt"


def test_a_format_is_written_checked_and_reads_the_log(log: Path) -> None:
    found = fastlogs.infer(log)

    assert found.name == "odd"
    assert found.check() == []
    table = fastlogs.read(log, format=found)
    assert table.columns == ["step", "cost", "rate"]
    assert table["cost"].to_list() == [round(3 / n, 4) for n in range(1, 40)]


@pytest.mark.filterwarnings("ignore::fastlogs.errors.LinesLeft")
def test_many_hands_are_written_down() -> None:
    """Most logs that are no tables and whose lines no format of the catalogue takes can be said, and read back whole."""
    said, whole = 0, 0
    measuring = [log for log in (written(name) for name in LOGS) if log.series]
    for one in measuring:
        head = one.text.encode()
        try:
            found = inferred(f"{one.name}.log", head)
        except UnknownFormat:
            continue
        assert found.check() == []
        said += 1
        wanted = sum(len(points) for points in one.series.values())
        whole += fastlogs.read(_file(head), format=found, layout="long", restarts="keep").height >= 0.9 * wanted
    assert said >= 0.7 * len(measuring)
    assert whole >= 0.95 * said


def _file(data: bytes) -> object:
    import io

    return io.BytesIO(data)


def test_nothing_measured_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("just words\n" * 30)

    with pytest.raises(FastlogsError, match="nothing was measured"):
        fastlogs.infer(path)


@pytest.mark.parametrize("form", ["sagemaker", "katib", "guild"])
def test_patterns_for_other_tools_read_the_same_values(log: Path, form: str) -> None:
    found = json.loads(json.dumps(exported(rules_of(log.read_bytes()), form)))
    table = fastlogs.read(log, pattern=found)

    assert table["cost"].to_list() == [round(3 / n, 4) for n in range(1, 40)]
    assert table["rate"].to_list() == [round(n / 7, 3) for n in range(1, 40)]


def test_definitions_are_looked_for_together(log: Path) -> None:
    pattern = [{"Name": "cost", "Regex": r"cost ([0-9.]+)"}, {"Name": "rate", "Regex": r"rate ([0-9.]+)"}]

    assert fastlogs.read(log, pattern=pattern).columns == ["step", "cost", "rate"]


def test_guild_lends_its_step(log: Path) -> None:
    pattern = {"output-scalars": {"step": r"step (\step)", "cost": r"cost (\value)"}}

    assert fastlogs.read(log, pattern=pattern)["step"].to_list() == list(range(1, 40))


def test_grok_is_a_pattern(log: Path) -> None:
    table = fastlogs.read(log, pattern=r"step %{INT:step} cost %{NUMBER:cost:float}")

    assert table["step"].to_list() == list(range(1, 40))
    assert table["cost"].to_list() == [round(3 / n, 4) for n in range(1, 40)]


def test_grok_takes_patterns_of_ones_own(log: Path) -> None:
    own = {"patterns": ["cost %{COST:cost}"], "pattern_definitions": {"COST": "[0-9.]+"}}

    assert fastlogs.read(log, pattern=own).height == 39
    with pytest.raises(PatternError, match="NOSUCH"):
        fastlogs.read(log, pattern="%{NOSUCH:x}")
