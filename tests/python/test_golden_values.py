"""Golden values: every form that is read, what agrees, and what is said when it does not."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import fastlogs
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs._difference import Tolerance, difference, tolerance
from fastlogs._golden import golden_of, of_table, write
from fastlogs.errors import FormatError, UnknownMetric, UsageError
from hypothesis import given
from hypothesis import strategies as st

NAN, INF = math.nan, math.inf


def frame(steps: list[int], **metrics: list[float | None]) -> pl.DataFrame:
    return pl.DataFrame({"step": steps, **metrics}, schema_overrides=dict.fromkeys(metrics, pl.Float64))


def said(found: fastlogs.Findings, kind: str) -> str:
    return next(f.evidence for f in found if f.kind == kind)


def kinds(found: fastlogs.Findings) -> list[str]:
    return sorted(f.kind for f in found)


def against(found: list[float | None], golden: list[float | None], **options: Any) -> fastlogs.Findings:
    steps = list(range(len(found)))
    return fastlogs.check(frame(steps, loss=found), golden=frame(list(range(len(golden))), loss=golden), **options)


def test_a_run_agrees_with_itself(log: Path) -> None:
    found = fastlogs.check(log, golden=log)

    assert not found.fails("error")
    assert {d.metric for d in found.differences} == {"loss", "train_loss", "val_loss"}
    assert all(d.agrees for d in found.differences)


def test_the_first_and_the_worst_step_are_named() -> None:
    found = against([4.0, 3.0, 2.5, 1.0], [4.0, 3.25, 2.5, 2.0])
    (apart,) = found.differences

    assert (apart.compared, apart.differing) == (4, 2)
    assert (apart.first.step, apart.first.golden, apart.first.found) == (1, 3.25, 3.0)
    assert (apart.worst.step, apart.worst.off, apart.worst.share) == (3, 1.0, 0.5)
    assert said(found, "golden_mismatch") == (
        "loss differs from frame at 2 of 4 steps, first at step 1: 3.0 instead of 3.25; "
        "most at step 3: 1.0 instead of 2.0 (off by 1, 50 %)"
    )


@pytest.mark.parametrize(
    ("found", "golden", "agrees"),
    [(NAN, NAN, True), (INF, INF, True), (-INF, INF, False), (NAN, 1.0, False), (1.0, NAN, False), (1.0, INF, False)],
)
@pytest.mark.parametrize("rtol", [0.0, 0.5])
def test_values_that_are_not_finite(found: float, golden: float, agrees: bool, rtol: float) -> None:
    assert against([found], [golden], rtol=rtol).fails("never") is not agrees


@given(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_tolerance_is_what_it_says(found: float, golden: float, relative: float, absolute: float) -> None:
    allowed = Tolerance(relative, absolute)
    left, right = (pl.DataFrame({"step": [1], "value": [value]}) for value in (golden, found))
    apart = difference("r", ("loss", "loss"), left, right, allowed, holes=False)

    gap = abs(Fraction(found) - Fraction(golden)) - Fraction(absolute) - Fraction(relative) * abs(Fraction(golden))
    rounding = Fraction(2) ** -50 * (abs(Fraction(found)) + abs(Fraction(golden)))
    assert apart.agrees or gap > 0
    assert not apart.agrees or gap <= (rounding if relative or absolute else 0)


def test_a_metric_its_own_tolerance() -> None:
    steps = [1, 2]
    run = frame(steps, loss=[1.0, 1.0], grad_norm=[2.0, 2.0], acc=[0.5, 0.5])
    golden = frame(steps, loss=[1.0009, 1.0], grad_norm=[2.3, 2.0], acc=[0.5, 0.5])

    assert [f.metric for f in fastlogs.check(run, golden=golden)] == ["loss", "grad_norm"]
    assert [f.metric for f in fastlogs.check(run, golden=golden, tolerances={"loss": "0.1%"})] == ["grad_norm"]
    assert not fastlogs.check(run, golden=golden, tolerances={"@loss": 0.001, "grad*": (0.2, 0.0)})


@pytest.mark.parametrize("wrong", ["much", "-1", "nan", "1e999", "%"])
def test_a_tolerance_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError, match="wanted a tolerance"):
        tolerance(wrong)


def test_missing_and_extra_steps_either_way() -> None:
    run = frame([1, 2, 4, 5], loss=[1.0, 1.0, 1.0, 1.0], acc=[1.0, 1.0, 1.0, 1.0])
    golden = frame([1, 2, 3], loss=[1.0, 1.0, 1.0], acc=[1.0, 1.0, 1.0])
    found = fastlogs.check(run, golden=golden)

    assert said(found, "golden_missing_steps") == "1 step (3) of frame are not in the run: loss, acc"
    assert said(found, "golden_extra_steps") == "2 steps (4, 5) of the run are not in frame: loss, acc"
    assert [f.severity for f in found] == ["error", "warning"]


def test_missing_and_extra_metrics() -> None:
    found = fastlogs.check(frame([1], loss=[1.0], acc=[2.0]), golden=frame([1], loss=[1.0], bleu=[3.0], f1=[1.0]))

    assert kinds(found) == ["golden_missing_metric", "golden_missing_metric"]
    assert found[0].evidence == "bleu of frame is not in the run"


def test_a_null_in_a_golden_file_is_not_compared(tmp_path: Path) -> None:
    metrics = {"loss": {"unit": None, "steps": [0, 1, 2], "values": [1.0, None, 3.0]}}
    (tmp_path / "g.json").write_text(json.dumps({"schema": "fastlogs.golden/1", "metrics": metrics}))
    found = fastlogs.check(frame([0, 1, 2], loss=[1.0, 2.0, 3.0]), golden=tmp_path / "g.json")

    assert not found
    assert found.differences[0].compared == 2


def test_equal_steps_are_compared_in_their_order() -> None:
    golden = frame([1, 1, 2], loss=[1.0, 2.0, 3.0])

    assert not fastlogs.check(frame([1, 1, 2], loss=[1.0, 2.0, 3.0]), golden=golden)
    assert fastlogs.check(frame([1, 1, 2], loss=[2.0, 1.0, 3.0]), golden=golden).differences[0].differing == 2


def test_the_first_steps_can_be_left_out() -> None:
    run, golden = [9.0, 8.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]

    assert against(run, golden).differences[0].differing == 2
    assert not against(run, golden, skip_steps=2)
    assert kinds(against(run, golden, skip_steps=9)) == ["golden_nothing"]


def test_what_measures_the_machine_is_compared_when_named() -> None:
    run, golden = frame([1], loss=[1.0], tok_s=[100.0]), frame([1], loss=[1.0], tok_s=[90.0])

    assert kinds(fastlogs.check(run, golden=golden)) == ["golden_not_compared"]
    assert fastlogs.check(run, golden=golden, metrics=["@throughput"]).fails("error")
    assert not fastlogs.check(run, golden=golden, tolerances={"tok_s": "20%"})


def test_nothing_compared_is_a_failure() -> None:
    found = fastlogs.check(frame([1], tok_s=[1.0]), golden=frame([1], tok_s=[1.0]))

    assert found.fails("never")
    with pytest.raises(UnknownMetric, match="no metric bleu"):
        fastlogs.check(frame([1], loss=[1.0]), golden=frame([1], loss=[1.0]), metrics="bleu")


def test_printed_decimals_are_told_apart_from_a_difference() -> None:
    rounded = against([3.142, 2.718], [3.14159, 2.71828])
    other = against([3.142, 2.719], [3.14159, 2.71828])

    assert rounded[0].help.endswith("--tolerance loss=5e-04 accepts that")
    assert other[0].help == ""
    assert not against([3.142, 2.718], [3.14159, 2.71828], tolerances={"loss": 5e-4})


def test_written_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    table = frame([1, 2, 2, 5], loss=[0.1, NAN, INF, -INF], acc=[1e300, None, -0.0, 5e-324])
    write(tmp_path / "g.json", of_table(table, "x", {"loss": "nats"}))
    back = golden_of(tmp_path / "g.json")

    assert back.units == {"loss": "nats"}
    assert back.ours
    for name, series in of_table(table, "x").series.items():
        assert back.series[name].equals(series)
    json.loads((tmp_path / "g.json").read_text(), parse_constant=pytest.fail)
    assert [p.name for p in tmp_path.iterdir()] == ["g.json"]


def test_of_a_run_in_any_format(log: Path, tmp_path: Path) -> None:
    fastlogs.read(log).write_csv(tmp_path / "same.csv")

    assert not fastlogs.check(log, golden=tmp_path / "same.csv").fails("error")
    assert not fastlogs.check(fastlogs.load(log), golden=fastlogs.load(log)).fails("error")
    assert not fastlogs.check(fastlogs.read(log), golden=fastlogs.read(log)).fails("error")


# The shapes of Megatron-LM's golden_values_*.json: by step, nan where nothing was logged; once a list, by place.
MEGATRON = {
    "lm loss": {"start_step": 1, "end_step": 10, "step_interval": 5, "values": {"1": 10.5, "5": 10.25, "10": 9.5}},
    "num-zeros": {"start_step": 1, "end_step": 10, "step_interval": 5, "values": {"1": "nan", "5": "nan", "10": 7.0}},
    "iteration-time": {"start_step": 1, "end_step": 10, "step_interval": 5, "values": {"1": 6.0, "5": 0.2, "10": 0.2}},
}
LISTED = {
    "lm loss": {"start_step": 0, "end_step": 10, "step_interval": 5, "values": [10.5, 10.0]},
    "iteration_timing_avg": 0.119,
}


def megatron(tmp_path: Path, document: dict[str, Any]) -> Path:
    path = tmp_path / "golden_values.json"
    path.write_text(json.dumps(document))
    return path


def test_megatron_by_step(tmp_path: Path) -> None:
    loss = [10.5, 10.4, 10.4, 10.3, 10.25, 10.2, 10.0, 9.9, 9.8, 9.5]
    run = frame(list(range(1, 11)), lm_loss=loss, num_zeros=[None] * 9 + [7.0])

    found = fastlogs.check(run, golden=megatron(tmp_path, MEGATRON))
    assert kinds(found) == ["golden_not_compared"]
    assert found[0].evidence.startswith("iteration-time: ")

    worse = run.with_columns(lm_loss=pl.col("lm_loss") + (pl.col("step") == 5) * 0.125)
    found = fastlogs.check(worse, golden=megatron(tmp_path, MEGATRON))
    assert [(d.metric, d.golden_metric, d.first and d.first.step) for d in found.differences] == [
        ("lm_loss", "lm loss", 5),
        ("num_zeros", "num-zeros", None),
    ]


def test_megatron_as_a_list(tmp_path: Path) -> None:
    run = frame(list(range(1, 11)), lm_loss=[10.5, 1.0, 1.0, 1.0, 1.0, 10.0, 1.0, 1.0, 1.0, 1.0])

    assert kinds(fastlogs.check(run, golden=megatron(tmp_path, LISTED))) == ["golden_not_compared"]
    short = fastlogs.check(run.head(5), golden=megatron(tmp_path, LISTED))
    assert kinds(short) == ["golden_missing_steps", "golden_not_compared"]


def test_torchtitan_losses(tmp_path: Path) -> None:
    plain, several = tmp_path / "llama3_cuda.txt", tmp_path / "llama3.txt"
    plain.write_text("1 8.048324584960938\n2 7.751155376434326\n")
    several.write_text("# config: debug\n# step loss grad_norm\n1 8.0 1.5\n2 7.5 nan\n")
    run = frame([1, 2], loss=[8.048324584960938, 7.751155376434326])

    assert not fastlogs.check(run, golden=plain)
    assert golden_of(several).series["grad_norm"].rows()[0] == (1, 1.5)
    assert math.isnan(golden_of(several).series["grad_norm"]["value"][1])
    # The one loss that a run has is the one meant.
    assert not fastlogs.check(run.rename({"loss": "lm_loss"}), golden=plain)


def test_torchtitan_log_against_its_losses(tmp_path: Path) -> None:
    head = "[rank0]:[titan] 2025-06-04 08:51:48,074 - root - INFO - "
    log = "".join(
        f"{head}step: {at:2}  loss: {loss}  memory: 27.34GiB(28.78%)  tps: 375\n"
        for at, loss in [(1, "8.0483"), (2, "7.7512")]
    )
    (tmp_path / "titan.log").write_text(log)
    (tmp_path / "losses.txt").write_text("1 8.048324584960938\n2 7.751155376434326\n")
    found = fastlogs.check(tmp_path / "titan.log", golden=tmp_path / "losses.txt")

    assert found.fails("error")
    assert "4 decimals" in found[0].help
    assert not fastlogs.check(tmp_path / "titan.log", golden=tmp_path / "losses.txt", atol=5e-5).fails("error")


@pytest.mark.parametrize(
    "metrics",
    [
        None,
        {"loss": 1},
        {"loss": {"steps": [1]}},
        {"loss": {"steps": [1], "values": [1, 2]}},
        {"loss": {"steps": [1.5], "values": [1]}},
        {"loss": {"steps": [2**63], "values": [1]}},
        {"loss": {"steps": [1], "values": ["much"]}},
        {"loss": {"steps": [1], "values": [[1]]}},
        {"loss": {"steps": [None], "values": [1]}},
    ],
    ids=str,
)
def test_a_broken_golden_file_is_told(metrics: object, tmp_path: Path) -> None:
    path = tmp_path / "g.json"
    path.write_text(json.dumps({"schema": "fastlogs.golden/1", "metrics": metrics}))

    with pytest.raises(FormatError, match="no golden values"):
        golden_of(path)


def test_every_cut_of_a_golden_file_is_read_whole_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.json"
    write(path, of_table(frame([1, 2], loss=[1.5, NAN]), "x"))
    whole = path.read_bytes()
    (tmp_path / "cut.json").write_bytes(whole.rstrip()[:-1])

    for cut in range(len(whole.rstrip())):
        (tmp_path / "cut.json").write_bytes(whole[:cut])
        with pytest.raises(fastlogs.FastlogsError):
            golden_of(tmp_path / "cut.json")


def test_several_runs_against_one(runs: Path) -> None:
    found = fastlogs.check(runs, golden=runs / "seed1")

    assert found.runs == ("runs/seed0", "runs/seed1", "runs/seed2")
    assert {f.run for f in found if f.kind == "golden_mismatch"} == {"runs/seed0", "runs/seed2"}


def test_a_new_start_is_compared_by_its_longest_attempt(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(nanogpt(10, seed=3) + nanogpt(60))
    (tmp_path / "b.log").write_text(nanogpt(60))

    assert not fastlogs.check(tmp_path / "a.log", golden=tmp_path / "b.log", metrics="loss").fails("error")
