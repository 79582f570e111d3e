"""Run folders with config.json, metrics.csv and checkpoints, as the reference documents have them, row by row."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path

import fastlogs
import numpy as np
import polars as pl
import pytest
from classic_logs import experiment
from fastlogs.errors import LinesLeft, NoMetricsFound
from test_cli import fastlogs_

CONFIG = {"model_config": "distilgpt2", "dataset_name": "wikipedia", "batch_size": 8, "learning_rate": 0.0005}
HEADER = "step,epoch,train_loss,train_perplexity,val_loss,val_perplexity,learning_rate,grad_norm,time_elapsed_seconds,tokens_per_second\n"


def whole(
    folder: Path, points: int = 40, *, seed: int = 0, config: dict[str, object] | None = None
) -> dict[str, np.ndarray]:
    """Writes a folder of the ten documented columns; val is there every tenth point, grad norm is not always finite."""
    rng = np.random.default_rng(seed)
    k = np.arange(1, points + 1)
    columns = {
        "step": 10 * k,
        "epoch": 1 + k // 20,
        "train_loss": 3 + 5 / np.sqrt(k) + rng.normal(0, 0.02, points),
        "train_perplexity": np.exp(3 + 5 / np.sqrt(k)),
        "val_loss": np.where(k % 10 == 0, 3.1 + 5 / np.sqrt(k), np.nan),
        "val_perplexity": np.where(k % 10 == 0, np.exp(3.1 + 5 / np.sqrt(k)), np.nan),
        "learning_rate": 5e-4 * (1 - k / (points + 1)),
        "grad_norm": np.where(k == 7, np.inf, np.where(k == 9, np.nan, 0.5 + rng.random(points))),
        "time_elapsed_seconds": 175.0 * k,
        "tokens_per_second": 70_000 + 500 * rng.random(points),
    }
    (folder / "logs").mkdir(parents=True)
    lines = []
    for row in range(points):
        cells = [(name, values[row]) for name, values in columns.items()]
        lines.append(",".join("" if name.startswith("val") and np.isnan(v) else f"{v}" for name, v in cells))
    (folder / "logs" / "metrics.csv").write_text(HEADER + "\n".join(lines) + "\n")
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config))
    return columns


@pytest.mark.parametrize("place", ["logs/metrics.csv", "logs.pdf/metrics.csv", "metrics.csv"])
@pytest.mark.parametrize("config", [CONFIG, None], ids=["config", "no config"])
def test_E01_three_places_for_the_metrics_with_and_without_settings(
    place: str, config: dict[str, object] | None, tmp_path: Path
) -> None:
    written = experiment(tmp_path / "exp", 20, place=place, config=config)

    run = fastlogs.load(tmp_path / "exp")

    assert run.metrics["train_loss"].drop_nulls().to_list() == [loss for _, loss in written.train]
    assert dict(run.config) == (config or {})
    assert fastlogs.discover(tmp_path).names == ("exp",)


def test_E02_train_and_eval_rows_of_a_step_are_one(tmp_path: Path) -> None:
    written = experiment(tmp_path / "exp", 182, config=CONFIG)

    table = fastlogs.load(tmp_path / "exp").metrics

    assert table["step"].to_list() == [step for step, _ in written.train]
    evals = table.select("step", "mode2_loss").drop_nulls()
    assert list(evals.iter_rows()) == written.evals
    assert table["train_loss"][-1] == written.train[-1][1]


def test_E02_rows_that_both_bear_a_metric_stay_apart_and_lose_nothing(tmp_path: Path) -> None:
    # The learning rate stands in both rows of a step.
    (tmp_path / "metrics.csv").write_text(
        "step,train_loss,mode1_ppl,learning_rate\n10,3.5,,0.1\n10,,20.5,0.1\n20,3.25,,0.1\n"
    )

    run = fastlogs.load(tmp_path)

    assert run.metrics["train_loss"].drop_nulls().to_list() == [3.5, 3.25]
    assert run.metrics["mode1_ppl"].drop_nulls().to_list() == [20.5]
    assert fastlogs.discover(tmp_path).metric("train_loss")["step"].to_list() == [10, 20]


def test_E03_statistics_are_of_finite_values_and_the_others_are_counted(tmp_path: Path) -> None:
    columns = whole(tmp_path / "exp")

    told = fastlogs.load(tmp_path / "exp").summary().row(by_predicate=pl.col("metric") == "grad_norm", named=True)

    finite = columns["grad_norm"][np.isfinite(columns["grad_norm"])]
    assert (told["n_nan"], told["n_inf"]) == (1, 1)
    assert (told["mean"], told["sd"]) == pytest.approx((finite.mean(), finite.std(ddof=1)))
    assert (told["min"], told["max"]) == (finite.min(), finite.max())


SUMMED = ["train_loss", "val_loss", "train_perplexity", "val_perplexity", "learning_rate", "tokens_per_second"]


def test_E04_the_summary_has_the_keys_of_the_original(tmp_path: Path) -> None:
    columns = whole(tmp_path / "exp", config=CONFIG)
    run = fastlogs.load(tmp_path / "exp")

    told = {row["metric"]: row for row in run.summary().iter_rows(named=True)}

    for name in SUMMED:
        y = columns[name][~np.isnan(columns[name])]
        found = told[name]
        assert (found["first"], found["last"]) == pytest.approx((y[0], y[-1]))
        assert (found["min"], found["max"]) == pytest.approx((y.min(), y.max()))
        assert (found["mean"], found["sd"]) == pytest.approx((y.mean(), y.std(ddof=1)))
    assert told["train_loss"]["last_step"] == columns["step"].max()
    assert run.metrics["epoch"].max() == columns["epoch"].max()
    assert told["time_elapsed_seconds"]["max"] == columns["time_elapsed_seconds"].max()
    assert (run.config["model_config"], run.config["dataset_name"]) == ("distilgpt2", "wikipedia")


def test_E05_derived_columns_are_expressions(tmp_path: Path) -> None:
    columns = whole(tmp_path / "exp")
    loss, first = pl.col("train_loss"), pl.col("train_loss").drop_nulls().first()

    table = fastlogs.load(tmp_path / "exp").metrics.with_columns(
        hours=pl.col("time_elapsed_seconds") / 3600,
        minutes=pl.col("time_elapsed_seconds") / 60,
        improvement=first - loss,
        pct_improvement=(first - loss) / first * 100,
    )

    fall = columns["train_loss"][0] - columns["train_loss"][-1]
    assert table["hours"][-1] == pytest.approx(columns["time_elapsed_seconds"][-1] / 3600)
    assert table["minutes"][0] == pytest.approx(175 / 60)
    assert table["improvement"][-1] == pytest.approx(fall)
    assert table["pct_improvement"][-1] == pytest.approx(100 * fall / columns["train_loss"][0])


def test_E06_settings_columns_checkpoints_and_what_there_is(tmp_path: Path) -> None:
    whole(tmp_path / "exp", config=CONFIG)
    kept = ["checkpoint_step_900.pt", "checkpoint_step_1000.pt", "best_model.pt"]
    (tmp_path / "exp/checkpoints").mkdir()
    for name in kept:
        (tmp_path / "exp/checkpoints" / name).write_bytes(b"")

    run = fastlogs.load(tmp_path / "exp")

    assert run.config["learning_rate"] == 0.0005
    assert run.config.get("warmup", 100) == 100
    assert set(HEADER.strip().split(",")) == set(run.metrics.columns)
    assert sorted(Path(c).name for c in run.checkpoints) == sorted(kept)
    # As people count: 900 before 1000.
    steps = [Path(c).name for c in run.checkpoints if "step" in c.path]
    assert steps == ["checkpoint_step_900.pt", "checkpoint_step_1000.pt"]
    assert (run.name, Path(run.path)) == ("exp", tmp_path / "exp")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three runs, one of them with repeated steps, one broken, and two of the same base name."""
    experiment(tmp_path / "ok", 20, config=CONFIG)
    experiment(tmp_path / "dup", 30, seed=1, config=CONFIG | {"model_config": "gpt2"})
    experiment(tmp_path / "size1/seed0", 20, seed=2)
    experiment(tmp_path / "size2/seed0", 20, seed=3)
    (tmp_path / "broken/logs").mkdir(parents=True)
    (tmp_path / "broken/logs/metrics.csv").write_bytes(b"")
    return tmp_path


def test_E07_several_runs_and_a_broken_one(root: Path) -> None:
    runs = fastlogs.discover(root)

    assert {"ok", "dup", "size1/seed0", "size2/seed0"} <= set(runs.names)
    with pytest.warns(LinesLeft, match="could not be read"):
        tables = runs.tables()
    assert set(tables) == {"ok", "dup", "size1/seed0", "size2/seed0"}
    assert set(runs.summary["run"]) == set(tables)
    side_by_side = runs.metric("train_loss")
    assert set(side_by_side.columns) == {"step", *tables}
    assert side_by_side["step"].max() == 300
    assert side_by_side["ok"].drop_nulls().len() == 20
    assert runs.filter(model_config="gpt2").names == ("dup",)


def test_E08_runs_are_found_with_and_without_settings(root: Path) -> None:
    found = fastlogs.discover(root)
    listed = fastlogs_("compare", "--list", "--base-dir", ".", cwd=root)

    assert "size1/seed0" in found.names
    assert fastlogs.discover(root, "size*/*").names == ("size1/seed0", "size2/seed0")
    assert listed.returncode == 0
    assert all(name in listed.stdout for name in found.names)


LINES = [f"{10 * k},1,{4 - k / 10:.1f},{50 - k},{0.5 + k / 100:.2f}\n" for k in range(1, 21)]
TOP = "step,epoch,train_loss,train_perplexity,grad_norm\n"


def edited(change: Callable[[list[str]], list[str]]) -> str:
    return TOP + "".join(change(list(LINES)))


# fixture: the file, how many rows there are, how many were told of.
FIXTURES = {
    "an extra field": (edited(lambda rows: [*rows[:4], "50,1,3.5,45,0.55,extra,more\n", *rows[5:]]), 19, 1),
    "a field too few": (edited(lambda rows: [*rows[:4], "50,1,3.5\n", *rows[5:]]), 20, 1),
    "the header again": (edited(lambda rows: [*rows[:4], TOP, *rows[4:]]), 20, 0),
    "a word for a number": (edited(lambda rows: [*rows[:4], "50,1,oops,45,0.55\n", *rows[5:]]), 20, 1),
    "a cut last row": (edited(lambda rows: [*rows[:19], "200,1,2.0,3"]), 19, 1),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_E09_malformed_rows_cost_themselves_and_are_told(name: str, tmp_path: Path) -> None:
    text, rows, told = FIXTURES[name]
    (tmp_path / "metrics.csv").write_text(text)

    run = fastlogs.load(tmp_path)

    assert run.metrics.height == rows
    counts = run.coverage.counts
    assert counts["bad_values"] + counts["near_misses"] == told
    assert run.metrics.filter(pl.col("step") == 10)["train_loss"].to_list() == [3.9]
    assert run.metrics["train_loss"].drop_nulls().len() >= 19


@pytest.mark.parametrize("text", ["", TOP], ids=["empty", "header only"])
def test_E09_nothing_to_read_is_an_error_that_says_so(text: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text(text)

    with pytest.raises(NoMetricsFound, match="no metrics found in .*" + tmp_path.name):
        _ = fastlogs.load(tmp_path).metrics


def test_E09_nothing_warns_where_nothing_is_wrong(tmp_path: Path) -> None:
    whole(tmp_path / "exp", config=CONFIG)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fastlogs.read(tmp_path / "exp").height == 40
