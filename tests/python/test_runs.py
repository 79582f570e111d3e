"""Folders of runs: what is a run, what it has, and many of them side by side."""

from __future__ import annotations

import os
import pickle
import warnings
from pathlib import Path

import fastlogs
import polars as pl
import pytest
from conftest import nanogpt
from data.make.runs import experiment, sparse_csv, train_loss
from fastlogs import LinesLeft, UnknownMetric, UnknownRun, UsageError
from fastlogs._runs import arm_of
from fastlogs._sides import main_rows


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    """Six runs of three layouts, one of them without settings."""
    for at in range(4):
        config = {"learning_rate": [1e-3, 1e-4][at % 2], "seed": at, "model": {"dim": 64, "name": "tiny"}}
        experiment(tmp_path / "sweep" / f"exp_{at}", config, scale=1 + at, checkpoints=(9, 10, 100))
    experiment(tmp_path / "sweep" / "exp_4", {"seed": 4, "fp16": True}, metrics="logs.pdf/metrics.csv")
    experiment(tmp_path / "sweep" / "exp_10", metrics="metrics.csv")
    return tmp_path / "sweep"


# ------------------------------------------------------------------------------------------------------- one run


@pytest.mark.parametrize("metrics", ["logs/metrics.csv", "logs.pdf/metrics.csv", "metrics.csv"])
def test_a_run_in_three_layouts(tmp_path: Path, metrics: str) -> None:
    run = fastlogs.load(experiment(tmp_path / "exp", {"lr": 0.1}, metrics=metrics, checkpoints=(9, 100, 10)))

    assert (run.name, run.path, dict(run.config)) == ("exp", str(tmp_path / "exp"), {"lr": 0.1})
    assert [Path(c).name for c in run.checkpoints] == ["checkpoint_9.pt", "checkpoint_10.pt", "checkpoint_100.pt"]
    assert run.metrics.height == 40


def test_train_and_eval_rows_of_a_step_are_one_row(tmp_path: Path) -> None:
    table = fastlogs.load(experiment(tmp_path / "exp")).metrics
    evals = table.drop_nulls("mode1_ppl")

    assert table["step"].to_list() == list(range(1, 41))
    assert table["train_loss"].null_count() == 0
    assert evals["step"].to_list() == [10, 20, 30, 40]
    assert evals["mode1_ppl"].to_list() == [train_loss(s) * 5 for s in (10, 20, 30, 40)]


def test_a_log_named_itself_has_what_lies_beside_it(sweep: Path) -> None:
    run = fastlogs.load(sweep / "exp_1" / "logs" / "metrics.csv")

    assert run.config["learning_rate"] == 1e-4
    assert len(run.checkpoints) == 3


def test_several_runs_are_no_run(sweep: Path) -> None:
    with pytest.raises(UsageError, match=r"wanted one run, found 6 in .*: exp_0, exp_1, exp_2 \.\.\.") as raised:
        fastlogs.load(sweep)

    assert "fastlogs.discover(" in raised.value.help


def test_values_that_are_not_finite_are_counted_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step,grad_norm\n1,1\n2,inf\n3,nan\n4,3\n")
    row = fastlogs.load(tmp_path / "metrics.csv").summary().row(0, named=True)

    assert (row["n"], row["n_nan"], row["n_inf"], row["mean"], row["max"]) == (4, 1, 1, 2.0, 3.0)


GOOD = "".join(f"{step},{2 / step},1\n" for step in range(1, 31))
# What stands behind thirty good rows, the steps that it gives, and what is told of.
BROKEN = {
    "too many cells": ("31,1,1,9\n32,1,1\n", [32], 1),
    "too few cells": ("31\n32,1,1\n", [32], 1),
    "header again": ("step,loss,acc\n31,1,1\n", [31], 0),
    "text for a number": ("31,high,1\n32,1,1\n", [32], 1),
    "cut last row": ("31,1,1\n32,1", [31], 1),
}


@pytest.mark.parametrize(("text", "steps", "told"), BROKEN.values(), ids=BROKEN)
def test_broken_rows_cost_themselves_only(tmp_path: Path, text: str, steps: list[int], told: int) -> None:
    (tmp_path / "metrics.csv").write_text("step,loss,acc\n" + GOOD + text)
    run = fastlogs.load(tmp_path / "metrics.csv")

    assert run.metrics.drop_nulls("loss")["step"].to_list() == [*range(1, 31), *steps]
    assert sum(run.coverage.counts.values()) == told


# ------------------------------------------------------------------------------------------------------ many runs


def test_discover_finds_every_layout_in_the_order_people_count(sweep: Path) -> None:
    runs = fastlogs.discover(sweep)

    assert runs.names == ("exp_0", "exp_1", "exp_2", "exp_3", "exp_4", "exp_10")
    assert [run.place.why for run in runs][-2:] == ["metrics_csv: logs.pdf/metrics.csv", "metrics_csv: metrics.csv"]
    assert fastlogs.discover(sweep, "exp_1*").names == ("exp_1", "exp_10")
    assert len(fastlogs.discover(sweep, "none")) == 0


def test_a_place_without_runs_is_told(tmp_path: Path, log: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(FileNotFoundError):
        fastlogs.discover(tmp_path / "gone")
    with pytest.raises(FileNotFoundError, match="no log"):
        fastlogs.discover(tmp_path / "empty")
    with pytest.raises(UsageError, match="wanted a folder of runs"):
        fastlogs.discover(log)


def test_runs_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    for arm in "ab":
        for seed in range(2):
            experiment(tmp_path / arm / f"seed_{seed}")
    runs = fastlogs.discover(tmp_path)

    assert runs.names == ("a/seed_0", "a/seed_1", "b/seed_0", "b/seed_1")
    assert runs.metric("train_loss").width == 5


def test_runs_by_position_name_and_slice(sweep: Path) -> None:
    runs = fastlogs.discover(sweep)

    assert runs["exp_10"] is runs[5] is runs[-1]
    assert [run.name for run in runs[1:3]] == ["exp_1", "exp_2"]
    assert "exp_4" in [run.name for run in runs]
    with pytest.raises(UnknownRun, match="no run 'exp_5' among 6") as raised:
        runs["exp_5"]
    assert "exp_" in raised.value.help


def test_a_repr_fits_and_shows_in_a_notebook(sweep: Path) -> None:
    runs = fastlogs.discover(sweep)

    assert len(repr(runs)) <= 80
    assert "exp_10" in runs._repr_html_()
    assert repr(runs[0:0]).startswith("<Runs: 0")
    again = pickle.loads(pickle.dumps(runs))
    assert (again.names, again[0].checkpoints) == (runs.names, runs[0].checkpoints)


def test_one_metric_side_by_side(sweep: Path) -> None:
    wide = fastlogs.discover(sweep).metric("train_loss")

    assert wide.columns == ["step", "exp_0", "exp_1", "exp_2", "exp_3", "exp_4", "exp_10"]
    assert wide["step"].to_list() == list(range(1, 41))
    assert wide["exp_3"].to_list() == [train_loss(step, 4.0) for step in range(1, 41)]
    assert fastlogs.discover(sweep).metric("mode1_loss").height == 4


def test_a_metric_by_role_and_by_glob(sweep: Path) -> None:
    runs = fastlogs.discover(sweep)[:2]

    assert runs.metric("@loss").equals(runs.metric("train_loss"))
    names = [f"{run}/{metric}" for run in ("exp_0", "exp_1") for metric in ("mode1_loss", "mode1_ppl")]
    assert runs.metric("mode1_*").columns == ["step", *names]


def test_steps_that_come_twice_and_differ_between_runs(tmp_path: Path) -> None:
    (tmp_path / "run_0.csv").write_text("step,loss\n1,5\n1,4\n3,3\n")
    (tmp_path / "run_1.csv").write_text("step,loss\n1,50\n2,40\n")
    (tmp_path / "run_2.csv").write_text("step,acc\n1,0\n2,1\n")
    runs = fastlogs.discover(tmp_path)
    expected = pl.DataFrame({"step": [1, 1, 2, 3], "run_0.csv": [5.0, 4, None, 3], "run_1.csv": [50.0, None, 40, None]})

    assert runs.metric("loss").equals(expected)
    with pytest.raises(UnknownMetric, match="no metric 'lss' in any of 3 runs") as raised:
        runs.metric("lss")
    assert "did you mean 'loss'" in raised.value.help


def test_tables_at_once_are_those_one_by_one(sweep: Path) -> None:
    runs = fastlogs.discover(sweep)

    tables = runs.tables()
    assert list(tables) == list(runs.names)
    assert all(tables[run.name].equals(run.metrics) for run in runs)
    assert runs.tables(["@loss"])["exp_0"].equals(fastlogs.load(sweep / "exp_0", metrics=["@loss"]).metrics)


def test_runs_of_other_columns_and_types(tmp_path: Path) -> None:
    texts = ["step,loss\n1,2\n2,1\n3,1\n", "step,loss\n1,high\n2,low\n3,low\n", "step,rank,loss\n1,0,2\n1,1,3\n2,0,2\n"]
    for at, text in enumerate(texts):
        (tmp_path / f"run_{at}.csv").write_text(text)
    runs = fastlogs.discover(tmp_path)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinesLeft)
        assert runs.tables()["run_0.csv"].columns == ["step", "loss"]
        assert runs.metric("loss")["run_2.csv"].to_list() == [2.0, 2.0, None]


def test_summary_is_that_of_each_run(sweep: Path) -> None:
    runs = fastlogs.discover(sweep)
    table = runs.summary

    assert table.columns[:2] == ["run", "metric"]
    for run in runs:
        of_run = table.filter(pl.col("run") == run.name)
        assert of_run["metric"].to_list() == run.summary()["metric"].to_list()
        assert of_run["last"].to_list() == run.summary()["last"].to_list()


# ------------------------------------------------------------------------------------------------------- settings


def test_settings_are_a_frame(sweep: Path) -> None:
    frame = fastlogs.discover(sweep).configs

    assert frame.columns == ["run", "learning_rate", "seed", "model.dim", "model.name", "fp16"]
    assert frame["seed"].to_list() == [0, 1, 2, 3, 4, None]
    assert frame.schema["fp16"] == pl.Boolean
    joined = fastlogs.discover(sweep).summary.join(frame, on="run")
    assert joined.filter(pl.col("metric") == "train_loss")["learning_rate"].drop_nulls().len() == 4


def test_runs_by_their_settings(sweep: Path) -> None:
    runs = fastlogs.discover(sweep)

    assert runs.filter(learning_rate=1e-4).names == ("exp_1", "exp_3")
    assert runs.filter(pl.col("seed") > 1, learning_rate=1e-4).names == ("exp_3",)
    assert runs.filter(**{"model.dim": 64}).filter(seed=0).names == ("exp_0",)
    assert runs.filter(seed=None).names == ("exp_10",)
    assert runs.filter(fp16=1).names == ()
    with pytest.raises(UsageError, match="no run has a setting 'learning_rte'") as raised:
        runs.filter(learning_rte=1e-4)
    assert "learning_rate" in raised.value.help


# -------------------------------------------------------------------------------------------------------- broken


def test_broken_runs_break_no_other_and_are_told_once(sweep: Path) -> None:
    (sweep / "exp_1" / "logs" / "metrics.csv").write_text("")
    (sweep / "exp_2" / "logs" / "metrics.csv").write_bytes(os.urandom(3000))
    (sweep / "exp_3" / "logs" / "metrics.csv").write_text("step,train_loss\n")
    runs = fastlogs.discover(sweep)

    with pytest.warns(LinesLeft, match="3 of 6 runs could not be read") as told:
        wide = runs.metric("train_loss")
    assert told[0].message.counts == {"broken_runs": 3}
    assert told[0].filename == __file__
    assert wide.columns == ["step", "exp_0", "exp_4", "exp_10"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(runs.tables()) == ["exp_0", "exp_4", "exp_10"]
        assert runs.summary["run"].unique(maintain_order=True).to_list() == ["exp_0", "exp_4", "exp_10"]
    assert set(runs.broken) == {"exp_1", "exp_2", "exp_3"}
    assert runs.broken["exp_1"].startswith("no metrics found in")
    assert runs.filter(seed=1)[0].config["seed"] == 1


def test_a_run_that_is_gone_breaks_no_other(sweep: Path) -> None:
    runs = fastlogs.discover(sweep)
    (sweep / "exp_3" / "logs" / "metrics.csv").unlink()

    with pytest.warns(LinesLeft, match="1 of 6 runs"):
        assert runs.metric("train_loss").width == 6
    assert "No such file" in runs.broken["exp_3"]


def test_all_runs_may_be_broken(tmp_path: Path) -> None:
    for at in range(3):
        (tmp_path / f"run_{at}.csv").write_text("")
    runs = fastlogs.discover(tmp_path)

    with pytest.warns(LinesLeft, match="3 of 3 runs"):
        assert runs.tables() == {}
    assert runs.summary.is_empty()
    with pytest.raises(UnknownMetric):
        runs.metric("loss")


# ----------------------------------------------------------------------------------------------------------- arms


def test_arms(sweep: Path, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    for seed in range(3):
        (tmp_path / "base" / f"run_{seed}.csv").write_text(sparse_csv())
    names = lambda given: [run.name for run in arm_of(given)]  # noqa: E731

    assert names(tmp_path / "base") == ["base/run_0", "base/run_1", "base/run_2"]
    assert names(f"old={tmp_path}/base") == ["old/run_0", "old/run_1", "old/run_2"]
    assert names(tmp_path / "base" / "run_1.csv") == ["run_1"]
    assert names(f"one={tmp_path}/base/run_1.csv") == ["one"]
    assert names(sweep / "exp_4") == ["exp_4"]
    assert arm_of(sweep / "exp_4")[0].config["seed"] == 4
    assert names(fastlogs.load(sweep / "exp_4")) == ["exp_4"]
    assert names(fastlogs.discover(sweep)[:2]) == ["exp_0", "exp_1"]


def test_seeds_as_sub_folders_and_a_shared_config(tmp_path: Path) -> None:
    (tmp_path / "arm").mkdir()
    (tmp_path / "arm" / "config.yaml").write_text("lr: 1e-3\nseed: 0\n")
    for seed in range(2):
        (tmp_path / "arm" / f"seed_{seed}").mkdir()
        (tmp_path / "arm" / f"seed_{seed}" / "train.log").write_text(nanogpt(30, seed=seed))
    (tmp_path / "arm" / "seed_1" / "config.yaml").write_text("seed: 1\n")
    arm = arm_of(tmp_path / "arm", metrics=["loss"])

    assert [run.name for run in arm] == ["arm/seed_0", "arm/seed_1"]
    assert [dict(run.config) for run in arm] == [{"lr": 1e-3, "seed": 0}, {"lr": 1e-3, "seed": 1}]
    assert arm[0].metrics.columns == ["step", "loss"]


def test_the_rows_that_statistics_look_at() -> None:
    table = pl.DataFrame(
        {
            "run": ["a"] * 5 + ["b"] * 3,
            "step": [0, 1, 0, 1, 2, 0, 1, 1],
            "attempt": [0, 0, 1, 1, 1, 0, 0, 0],
            "rank": [None] * 5 + [2, 2, 3],
        }
    )

    assert main_rows(table).select("run", "step").rows() == [("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1)]


def test_one_name_for_numbers_here_and_words_there_is_two_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("step,loss\n1,2\n2,1\n")
    (tmp_path / "b.csv").write_text("step,loss\n1,high\n2,low\n3,low\n")
    table = fastlogs.read([tmp_path / "a.csv", tmp_path / "b.csv"])

    assert table.columns == ["run", "step", "loss", "loss_"]
    assert (table["loss"].dtype, table["loss_"].dtype) == (pl.Float64, pl.String)
