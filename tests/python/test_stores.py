"""Stores of runs that the trackers' own packages wrote: every value and every setting is what was logged."""

from __future__ import annotations

import json
import math
import pickle
import shutil
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import fastlogs
import polars as pl
import pytest
from fastlogs.errors import LinesLeft, UsageError

RECORDS = Path(__file__).parents[1] / "data" / "records"
STORES = Path(__file__).parents[1] / "data" / "stores"
TRUTH: dict[str, Any] = json.loads((STORES / "truth.json").read_text())


def restored(name: str, into: Path) -> Path:
    """The database that a file of SQL restores."""
    with closing(sqlite3.connect(into)) as store:
        store.executescript((STORES / name).read_text())
    return into


def values(table: pl.DataFrame, metric: str) -> list[list[Any]]:
    there = table.filter(pl.col(metric).is_not_null())
    return [[step, repr(value)] for step, value in there.select("step", metric).iter_rows()]


def mlflow_is_true(runs: fastlogs.Runs) -> None:
    assert len(runs) == 2
    for run in runs:
        name = run.name.rsplit("/", 1)[-1]
        told = TRUTH["mlflow"]["runs"][name]

        assert {metric: values(run.metrics, metric) for metric in told} == told
        assert run.config["lr"] == TRUTH["mlflow"]["settings"][name]["lr"]
        assert run.config["model.dim"] == 64


def test_mlflow_file_store() -> None:
    runs = fastlogs.discover(STORES / "mlruns")

    mlflow_is_true(runs)
    assert runs.broken == {}
    assert runs.filter(lr=0.2).names == ("second",)


def test_mlflow_database(tmp_path: Path) -> None:
    path = restored("mlflow.sql", tmp_path / "mlflow.db")

    mlflow_is_true(fastlogs.discover(path))
    mlflow_is_true(fastlogs.discover(tmp_path))
    assert fastlogs.read(path)["run"].n_unique() == 2
    assert fastlogs.scan(path).collect().equals(fastlogs.read(path))
    assert fastlogs.discover(path).metric("loss").columns == ["step", "first", "second"]


def test_a_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = restored("mlflow.sql", tmp_path / "mlflow.db")
    before, path_before = path.read_bytes(), sorted(tmp_path.iterdir())
    path.chmod(0o400)
    fastlogs.read(path)

    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == path_before


@pytest.mark.parametrize("form", ["optuna", "journal"])
def test_optuna_trials(form: str, tmp_path: Path) -> None:
    if form == "journal":
        path = Path(shutil.copy(STORES / "optuna_journal.log", tmp_path))
    else:
        path = restored("optuna.sql", tmp_path / "optuna.db")
    runs = fastlogs.discover(tmp_path)
    assert [run.name.rsplit("/", 1)[-1] for run in runs] == list(TRUTH[form])
    for run, told in zip(runs, TRUTH[form].values(), strict=True):
        assert values(run.metrics, "intermediate_value") == told["reached"]
        assert values(run.metrics, "objective") == [[20, told["objective"]]]
        assert {name: run.config[name] for name in told["settings"]} == told["settings"]
    assert runs.configs.height == fastlogs.discover(path).configs.height == 3


def test_a_run_of_a_store_travels(tmp_path: Path) -> None:
    run = fastlogs.discover(restored("mlflow.sql", tmp_path / "mlflow.db"))[0]
    again = pickle.loads(pickle.dumps(run))

    assert again.metrics.equals(run.metrics)
    assert run.summary().filter(pl.col("metric") == "loss")["n"].item() == 3


def test_databases_that_are_none(tmp_path: Path) -> None:
    """One of other tables, and a file that only has the name, are no runs and break none."""
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "metrics.csv").write_text("step,loss\n1,2.5\n2,2.25\n")
    with closing(sqlite3.connect(tmp_path / "other.db")) as store:
        store.execute("CREATE TABLE pets (name TEXT)")
    (tmp_path / "named.sqlite").write_bytes(b"nothing")

    assert fastlogs.discover(tmp_path).names == ("good",)


def test_a_database_that_is_cut_breaks_no_other_run(tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "metrics.csv").write_text("step,loss\n1,2.5\n2,2.25\n")
    whole = restored("mlflow.sql", tmp_path / "mlflow.db").read_bytes()
    for cut in range(0, len(whole), max(1, len(whole) // 23)):
        (tmp_path / "mlflow.db").write_bytes(whole[:cut])
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            runs = fastlogs.discover(tmp_path)
            tables = runs.tables()
        assert tables["good"]["loss"].to_list() == [2.5, 2.25]
        told_of = {run.name for run in runs} - set(tables)
        assert not told_of or any(issubclass(one.category, LinesLeft) for one in told)


def test_several_runs_in_a_store_are_no_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="wanted one run, found 2"):
        fastlogs.load(restored("mlflow.sql", tmp_path / "mlflow.db"))


def test_one_run_of_a_store_has_a_name(tmp_path: Path) -> None:
    path = restored("mlflow.sql", tmp_path / "mlflow.db")

    run = fastlogs.load(f"{path}:first")

    assert run.config["lr"] == fastlogs.discover(path)["first"].config["lr"]
    assert values(run.metrics, "loss") == TRUTH["mlflow"]["runs"]["first"]["loss"]
    with pytest.raises(UsageError, match="no run 'third' in "):
        fastlogs.load(f"{path}:third")


def wandb(root: Path) -> None:
    for name in ("a", "b"):
        folder = root / "wandb" / f"offline-run-20260102_030405-{name}"
        folder.mkdir(parents=True)
        shutil.copy(RECORDS / "wandb" / "run-fixture1.wandb", folder / f"run-{name}.wandb")
    broken = root / "wandb" / "offline-run-20260102_030406-broken"
    broken.mkdir()
    (broken / "run-broken.wandb").write_bytes(b":W&B\xe1")


def stopped(root: Path) -> None:
    (root / "broken").mkdir()
    (root / "broken" / "train.log").write_text("killed\n")


def mlflow_sqlite(root: Path) -> None:
    restored("mlflow.sql", root / "mlflow.db")
    stopped(root)


def optuna_sqlite(root: Path) -> None:
    restored("optuna.sql", root / "optuna.db")
    stopped(root)


def optuna_journal(root: Path) -> None:
    shutil.copy(STORES / "optuna_journal.log", root / "optuna_journal.log")
    stopped(root)


# The layout, how many runs it has, a metric of all, a setting of all.
KEPT = {
    "wandb": (wandb, 2, "train/loss", "lr"),
    "mlflow_sqlite": (mlflow_sqlite, 2, "loss", "lr"),
    "optuna_sqlite": (optuna_sqlite, 3, "objective", "lr"),
    "optuna_journal": (optuna_journal, 3, "objective", "lr"),
}


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.filterwarnings("ignore::fastlogs.errors.LinesLeft")
def test_E08_the_runs_of_a_store_with_and_without_settings(name: str, tmp_path: Path) -> None:
    make, count, metric, _ = KEPT[name]
    make(tmp_path)

    runs = fastlogs.discover(tmp_path)

    assert len(runs) == len({*runs.names}) == count + 1
    assert len(runs.tables()) == count
    assert [name for name in runs.names if "broken" in name] == list(runs.broken)
    assert runs.metric(metric).width == count + 1
    assert len(fastlogs.discover(tmp_path, "*broken*")) == 1


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.filterwarnings("ignore::fastlogs.errors.LinesLeft")
def test_N03_settings_of_a_store_stand_beside_what_runs_came_to(name: str, tmp_path: Path) -> None:
    make, count, metric, setting = KEPT[name]
    make(tmp_path)
    runs = fastlogs.discover(tmp_path)

    joined = runs.summary.filter(pl.col("metric") == metric).join(runs.configs, on="run")

    assert joined.height == count
    assert joined[setting].null_count() == 0
    one = joined.row(0, named=True)
    assert one["run"] in runs.filter(pl.col(setting) == one[setting]).names
    assert one["run"] in runs.filter(**{setting: one[setting]}).names


def test_a_journal_that_is_cut_gives_the_trials_before(tmp_path: Path) -> None:
    text = (STORES / "optuna_journal.log").read_text()
    lines = text.splitlines(keepends=True)
    for cut in range(1, len(lines)):
        path = tmp_path / "journal.log"
        path.write_text("".join(lines[:cut]) + lines[cut][: len(lines[cut]) // 2])
        held = fastlogs.discover(path) if any('"op_code":4' in line for line in lines[:cut]) else []
        assert len(held) == sum('"op_code":4' in line for line in lines[:cut])


def test_dvclive() -> None:
    run = fastlogs.load(STORES / "dvclive")

    assert run.metrics["step"].to_list() == [0, 1, 2]
    assert run.metrics["train/loss"].to_list() == [2.5, 1.25, 0.625]
    assert run.metrics["eval/loss"].to_list() == [3.5, 2.25, 1.625]
    assert dict(run.config) == {"lr": 0.1, "model.dim": 64}


def test_sacred() -> None:
    run = fastlogs.load(STORES / "sacred")

    assert values(run.metrics, "loss") == [[0, "2.5"], [10, "1.25"], [20, "0.625"]]
    assert values(run.metrics, "val.loss") == [[20, "0.75"]]
    assert run.metrics["wall_time"].null_count() == 0
    assert (run.config["lr"], run.config["model.dim"]) == (0.1, 64)


@pytest.mark.filterwarnings("ignore::fastlogs.errors.LinesLeft")
def test_metrics_cut_at_every_byte_are_those_before_the_cut(tmp_path: Path) -> None:
    """A file of MLflow's is appended to: what stands before the cut is read, and no number is a shorter one."""
    shutil.copytree(STORES / "mlruns" / "1" / "first", tmp_path / "run")
    path = tmp_path / "run" / "metrics" / "loss"
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        table = fastlogs.read(tmp_path / "run")
        found = table["loss"].drop_nulls().to_list() if "loss" in table.columns else []
        assert found == [2.5, 1.25, 0.625][: len(found)]
        assert len(found) >= whole[:cut].count(b"\n")
        assert all(math.isnan(value) for value in table["val/loss"].drop_nulls())
