"""What a summary says beside its figures: findings, convergence, overfitting, pace."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import fastlogs
import numpy as np
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs._outlook import outlook, outlooks, total_steps
from fastlogs._request import ask
from fastlogs._summary import summary_of

STEPS = 400


def stamped(total: str = "/2000", every: float = 2.0, fault: str = "") -> str:
    """A log with a clock that goes `every` seconds a step."""
    rng = np.random.default_rng(0)
    lines = []
    for at in range(1, STEPS + 1):
        clock = np.datetime64("2024-01-01T00:00:00") + np.timedelta64(int(1000 * every * at), "ms")
        loss = 2 + 6 * np.exp(-at / 60) + rng.normal(0, 0.02)
        said = fault if fault and at == 300 else f"{loss:.4f}"
        lines.append(f"{str(clock).replace('T', ' ')} step: {at}{total} loss: {said} tok/s: {500 + rng.normal():.1f}")
    return "\n".join(lines) + "\n"


def summary(path: Path, *args: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "fastlogs", "summary", str(path), "--json", *args]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(said.stdout)["runs"][0]


def test_rate_and_time_left(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(stamped())
    pace = summary(tmp_path / "a.log")["pace"]

    # 400 of 2,000 steps at 2 s a step: 3,200 s are left.
    assert pace == pytest.approx({"rate": 0.5, "total": 2000, "last": 400, "left": 3200.0})


def test_the_total_of_the_settings_comes_first(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(stamped(total=""))
    request = ask(tmp_path / "a.log")

    assert total_steps(request, range(400), {"training.max_steps": "900"}) == 900
    assert total_steps(request, range(400), {"warmup_steps": "10", "batch": "3"}) is None


def test_steps_of_the_log_that_are_not_those_of_training_have_no_total(tmp_path: Path) -> None:
    lines = [json.dumps({"_step": k, "iter": 250 * k, "loss": 9 / (k + 1), "_runtime": 30.0 * k}) for k in range(20)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    said = (f"step {k}, iter: {250 * k}, loss: {9 / (k + 1)}\n" for k in range(20))
    (tmp_path / "b.log").write_text("max_iters = 5000\n" + "".join(said))
    for name in ("a.jsonl", "b.log"):
        assert summary(tmp_path / name)["pace"]["total"] is None


def test_a_batch_counter_is_no_total(tmp_path: Path) -> None:
    lines = [f"epoch {e} batch {b}/10 step {10 * e + b} loss {3 - b / 100:.3f}" for e in range(20) for b in range(10)]
    (tmp_path / "a.log").write_text("\n".join(lines) + "\n")

    assert summary(tmp_path / "a.log")["pace"]["total"] is None


@pytest.mark.parametrize(
    ("name", "unit", "rate"), [("step_time", "ms", 4.0), ("step_time_ms", "", 4.0), ("dt", "", None)]
)
def test_the_time_of_a_step_needs_its_unit(name: str, unit: str, rate: float | None) -> None:
    table = pl.DataFrame({"step": [1, 2, 3], name: [250.0, 250.0, 250.0]})

    assert outlook("r", table, units={name: unit}, total=100).pace.rate == rate


def test_convergence_and_overfitting_are_told(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [
        f"{at},{4 - at / 200 + rng.normal(0, 0.05):.4f},{2 + abs(at - 150) / 100 if at % 10 == 0 else ''}"
        for at in range(400)
    ]
    (tmp_path / "a.csv").write_text("step,loss,val_loss\n" + "\n".join(rows) + "\n")
    told = summary(tmp_path / "a.csv")

    assert (told["convergence"]["metric"], told["convergence"]["state"]) == ("loss", "improving")
    # The truth is 0.005 a step, 399 / 10 steps a tenth.
    assert told["convergence"]["low"] < -0.1995 < told["convergence"]["high"]
    assert told["overfitting"]["found"] is True
    assert told["overfitting"]["best_x"] == 150


def test_findings_of_each_metric(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(stamped(fault="nan"))
    told = summary(tmp_path / "a.log")

    assert {m["metric"]: m["findings"] for m in told["metrics"]} == {"loss": "nan", "tok_s": ""}
    assert told["findings"][0]["first_step"] == 300


def test_without_a_second_look_the_counts_still_tell(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(stamped(fault="nan"))
    told = summary(tmp_path / "a.log", "--no-findings")

    assert [f["evidence"] for f in told["findings"]] == ["loss is nan at 1 of 400 points"]
    assert told["convergence"] is None


def test_large_logs_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.log").write_text(stamped())
    request = ask(tmp_path / "a.log")
    table, coverage = summary_of(request)
    monkeypatch.setattr("fastlogs._outlook.MOST_BYTES", 100)

    assert outlooks(request, table, coverage, look=None)[""].convergence is None
    assert outlooks(request, table, coverage, look=True)[""].convergence is not None


def test_several_runs_each_have_their_own(runs: Path) -> None:
    (runs / "seed1" / "train.log").write_text(re.sub(r"iter 30: loss \S+", "iter 30: loss nan,", nanogpt(60, seed=1)))
    request = ask(runs)
    table, coverage = summary_of(request)
    found = outlooks(request, table, coverage, look=None)

    assert {run: known.of("loss") for run, known in found.items()} == {"seed0": "", "seed1": "nan", "seed2": ""}


def test_an_empty_log_is_told_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    said = subprocess.run([sys.executable, "-m", "fastlogs", "empty.log"], cwd=tmp_path, capture_output=True, text=True)

    assert said.returncode == 1
    assert said.stderr.startswith("error: no metrics found in empty.log: it is empty\nhelp: ")


def test_summaries_name_the_best_last(log: Path) -> None:
    table = fastlogs.summarize(fastlogs.load(log))
    by_name = {row["metric"]: row for row in table.to_dicts()}

    assert table.columns[-2:] == ["best", "best_step"]
    assert by_name["loss"]["best"] == by_name["loss"]["min"]
    assert by_name["mfu"]["best_step"] == by_name["mfu"]["max_step"]
