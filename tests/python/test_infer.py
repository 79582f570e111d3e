"""`infer`: a log nobody described becomes a format that passes its checks and reads the log, or patterns for others."""

from __future__ import annotations

import json
from pathlib import Path

import fastlogs
import pytest
from fastlogs._infer import rules_of
from fastlogs._infer.exports import exported
from fastlogs._infer.unsaid import Reading, reading, unsaid
from fastlogs.errors import FastlogsError, PatternError

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


def test_state_lines_lend_and_units_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "odd.log"
    path.write_text("\n".join(f"=== Epoch {n} of 9 ===\ncost: {9 / n:.3f} time {n}.5ms" for n in range(1, 10)) + "\n")

    found = fastlogs.infer(path)

    assert 'carry = ["epoch"]' in found.toml
    assert "{time:NUMms}" in found.toml
    assert fastlogs.load(path).units == {"time": "ms"}
    assert fastlogs.read(path, format=found)["epoch"].to_list() == list(range(1, 10))


def test_a_format_of_the_catalogue_takes_rules_for_the_lines_it_leaves(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    known = [f"iter {n}: loss {3 / n:.4f}, time 12.00ms, mfu 1.00%\n<<speed {n / 7:.3f}>>" for n in range(1, 40)]
    path.write_text("\n".join(known))

    found = fastlogs.infer(path)

    assert (found.name, found.check()) == ("nanogpt", [])
    assert fastlogs.read(path, format=found).equals(fastlogs.read(path))
    assert found.renamed("mine").check() == []


def test_a_table_is_known_by_its_sign(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    rows = "\n".join(f"│ {n}     │ {3 / n:.4f}  │ {n / 50:.4f}   │" for n in range(1, 20))
    path.write_text(f"┃ Epoch ┃ Loss    ┃ Accuracy ┃\n{rows}\n")

    found = fastlogs.infer(path)

    assert 'reader = "generic"' in found.toml
    assert found.check() == []
    assert fastlogs.read(path, format=found)["loss"].to_list() == [round(3 / n, 4) for n in range(1, 20)]


def test_what_no_rule_can_say_is_counted() -> None:
    head = b"".join(b"step %d cost %.3f\n" % (n, 3 / n) for n in range(1, 9))
    wanted, found = reading(head), reading(head, format="generic")
    less = Reading(found.rows.filter(found.rows["step"] < 7), found.units)

    assert unsaid(wanted, found) == []
    assert unsaid(wanted, less) == ["2 of 8 values of cost"]


def test_nothing_measured_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("just words\n" * 30)

    with pytest.raises(FastlogsError, match="nothing was measured"):
        fastlogs.infer(path)


@pytest.mark.parametrize("form", ["sagemaker", "katib", "guild"])
def test_patterns_for_other_tools_read_the_same_values(log: Path, form: str) -> None:
    found = json.loads(json.dumps(exported(rules_of(log.read_bytes()), form, log.read_bytes())))
    table = fastlogs.read(log, pattern=found)

    assert table["cost"].to_list() == [round(3 / n, 4) for n in range(1, 40)]
    assert table["rate"].to_list() == [round(n / 7, 3) for n in range(1, 40)]


def test_definitions_are_looked_for_together(log: Path) -> None:
    pattern = [{"Name": "cost", "Regex": r"cost ([0-9.]+)"}, {"Name": "rate", "Regex": r"rate ([0-9.]+)"}]

    assert fastlogs.read(log, pattern=pattern).columns == ["step", "cost", "rate"]


def test_definitions_that_overlap_are_read_too(log: Path) -> None:
    """Each is looked for by itself, so that one may want what another takes."""
    pattern = [
        {"Name": "cost", "Regex": r"cost ([0-9.]+) rate"},
        {"Name": "rate", "Regex": r"cost [0-9.]+ rate ([0-9.]+)"},
    ]

    table = fastlogs.read(log, pattern=pattern)

    assert table["cost"].to_list() == [round(3 / n, 4) for n in range(1, 40)]
    assert table["rate"].to_list() == [round(n / 7, 3) for n in range(1, 40)]


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
