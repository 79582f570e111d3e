"""Run folders as trainers and trackers leave them: what a run is, its table, its settings, its checkpoints."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import fastlogs
import polars as pl
import pytest
from fastlogs.errors import LinesLeft
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

STORES = Path(__file__).parents[1] / "data" / "stores"
STEPS = (10, 20, 30)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def loss(step: int, seed: int) -> float:
    return 2.5 - step / 64 + seed


def lines(seed: int) -> str:
    return "".join(json.dumps({"step": s, "loss": loss(s, seed)}) + "\n" for s in STEPS)


def table(seed: int, delimiter: str = ",") -> str:
    rows = [f"{step}{delimiter}{loss(step, seed)}\n" for step in STEPS]
    return f"step{delimiter}loss\n" + "".join(rows)


# Each writes one run into a folder: its loss at three steps, and `lr` among its settings.


def original(folder: Path, seed: int) -> None:
    write(folder / "config.json", json.dumps({"lr": 0.1 * (seed + 1), "model": {"dim": 64}}))
    write(folder / "logs" / "metrics.csv", table(seed))
    write(folder / "checkpoints" / "checkpoint_30.pt", "weights")


def lightning(folder: Path, seed: int) -> None:
    version = folder / "lightning_logs" / "version_0"
    write(version / "metrics.csv", table(seed))
    write(version / "hparams.yaml", f"lr: {0.1 * (seed + 1)}\nmodel:\n  dim: 64\n")
    write(version / "checkpoints" / "epoch=0-step=30.ckpt", "weights")


def huggingface(folder: Path, seed: int) -> None:
    history = [{"epoch": step / 10, "loss": loss(step, seed), "step": step} for step in STEPS]
    for at in (10, 30):
        state = {"log_history": history[: at // 10], "global_step": at, "max_steps": 30}
        write(folder / f"checkpoint-{at}" / "trainer_state.json", json.dumps(state, indent=2))
        write(folder / f"checkpoint-{at}" / "model.safetensors", "weights")
    write(folder / "args.json", json.dumps({"lr": 0.1 * (seed + 1)}))
    write(folder / "runs" / "Nov21_node" / "events.out.tfevents.1", "")


def hydra(folder: Path, seed: int) -> None:
    write(folder / ".hydra" / "config.yaml", f"lr: {0.1 * (seed + 1)}\n")
    write(folder / ".hydra" / "overrides.yaml", f"- lr={0.1 * (seed + 1)}\n")
    write(
        folder / "main.log",
        "".join(f"[2026-01-02 03:04:05,678][main][INFO] - step {s} loss {loss(s, seed)}\n" for s in STEPS),
    )


def ray_tune(folder: Path, seed: int) -> None:
    rows = [{"training_iteration": s, "loss": loss(s, seed)} for s in STEPS]
    write(folder / "result.json", "".join(json.dumps(row) + "\n" for row in rows))
    write(folder / "progress.csv", table(seed).replace("step", "training_iteration"))
    write(folder / "params.json", json.dumps({"lr": 0.1 * (seed + 1)}))
    write(folder / "checkpoint_000030" / "model.pt", "weights")


def mlflow(folder: Path, seed: int) -> None:
    write(folder / "meta.yaml", "name: a\n")
    write(folder / "metrics" / "loss", "".join(f"170000000000{k} {loss(s, seed)} {s}\n" for k, s in enumerate(STEPS)))
    write(folder / "params" / "lr", f"{0.1 * (seed + 1)}")
    write(folder / "tags" / "mlflow.user", "somebody")


def dvclive(folder: Path, seed: int) -> None:
    write(folder / "plots" / "metrics" / "loss.tsv", table(seed, "\t"))
    write(folder / "params.yaml", f"lr: {0.1 * (seed + 1)}\n")
    write(folder / "metrics.json", json.dumps({"step": 30, "loss": loss(30, seed)}))


def sacred(folder: Path, seed: int) -> None:
    stamps = [f"2026-01-02T03:04:0{k}" for k in range(3)]
    values = {"steps": list(STEPS), "timestamps": stamps, "values": [loss(s, seed) for s in STEPS]}
    write(folder / "metrics.json", json.dumps({"loss": values}))
    write(folder / "config.json", json.dumps({"lr": 0.1 * (seed + 1)}))
    write(folder / "run.json", "{}")
    write(folder / "cout.txt", "started\n")


def plain(folder: Path, seed: int) -> None:
    write(folder / "train.log", lines(seed))
    write(folder / "config.yaml", f"lr: {0.1 * (seed + 1)}\n")


LAYOUTS: dict[str, Callable[[Path, int], None]] = {
    f.__name__: f for f in (dvclive, huggingface, hydra, lightning, mlflow, original, plain, ray_tune, sacred)
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_E08_the_runs_of_a_folder_with_and_without_settings(
    layout: Callable[[Path, int], None], tmp_path: Path
) -> None:
    """Every run is found, broken ones are told with their reason, and a pattern picks some."""
    for seed in range(12):
        layout(tmp_path / f"sweep_{seed}", seed)
    if layout is mlflow:
        write(tmp_path / "sweep_broken" / "meta.yaml", "name: a\n")
        write(tmp_path / "sweep_broken" / "metrics" / "loss", "what is this\n")
    else:
        write(tmp_path / "sweep_broken" / "train.log", "killed\n")
    runs = fastlogs.discover(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinesLeft)
        tables = runs.tables()
        broken = runs.broken

    assert len(runs) == 13
    assert len({*runs.names}) == 13
    assert len(tables) == 12
    assert list(broken) == [name for name in runs.names if "broken" in name]
    assert len(fastlogs.discover(tmp_path, "sweep_1*")) == 3
    for run in runs:
        if run.name in tables:
            seed = round(run.config["lr"] / 0.1) - 1
            assert run.metrics["step"].to_list() == [*STEPS]
            assert run.metrics["loss"].to_list() == pytest.approx([loss(s, seed) for s in STEPS], abs=1e-12)
            assert len(run.checkpoints) == {huggingface: 2, lightning: 1, original: 1, ray_tune: 1}.get(layout, 0)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_N03_settings_stand_beside_what_runs_came_to(layout: Callable[[Path, int], None], tmp_path: Path) -> None:
    for seed in range(4):
        layout(tmp_path / f"seed_{seed}", seed)
    runs = fastlogs.discover(tmp_path)
    joined = runs.summary.filter(pl.col("metric") == "loss").join(runs.configs, on="run")

    assert joined.height == 4
    assert sorted(joined["lr"]) == pytest.approx([0.1, 0.2, 0.3, 0.4])
    best = joined.sort("last").row(0, named=True)
    assert (best["lr"], best["last"]) == pytest.approx((0.1, loss(30, 0)))
    assert len(runs.filter(pl.col("lr") > 0.25)) == 2
    assert runs.metric("loss").width == 5


# One run, several files.


def test_twins_are_counted_once_and_told_of(tmp_path: Path) -> None:
    rows = [(step, loss(step, 0)) for step in STEPS]
    write(tmp_path / "history.csv", "step,loss,lr\n" + "".join(f"{s},{v:.4f},0.5\n" for s, v in rows))
    write(
        tmp_path / "events.jsonl", "".join(json.dumps({"step": s, "loss": v, "grad_norm": 1.5}) + "\n" for s, v in rows)
    )
    run = fastlogs.load(tmp_path)

    assert run.metrics.height == 3
    assert {*run.metrics.columns} == {"step", "loss", "lr", "grad_norm"}
    assert any("counted once: loss" in fact for fact in run.coverage.words())
    assert run.summary()["metric"].to_list().count("loss") == 1
    long = fastlogs.read(tmp_path, layout="long")
    assert long.filter(pl.col("metric") == "loss").height == 3
    assert fastlogs.scan(tmp_path).collect().equals(fastlogs.read(tmp_path))


def test_the_name_of_a_file_says_its_split(tmp_path: Path) -> None:
    write(tmp_path / "train.csv", "step,loss\n10,2.5\n20,2.25\n")
    write(tmp_path / "eval.csv", "step,loss\n20,2.75\n")
    found = fastlogs.load(tmp_path).metrics

    assert found.rows() == [(10, 2.5, None), (20, 2.25, 2.75)]
    assert found.columns == ["step", "loss", "val_loss"]


def test_other_numbers_of_one_name_are_another_column(tmp_path: Path) -> None:
    write(tmp_path / "student.csv", "step,loss\n10,2.5\n20,2.25\n")
    write(tmp_path / "teacher.csv", "step,loss\n10,0.5\n20,0.25\n")

    assert fastlogs.load(tmp_path).metrics.rows() == [(10, 2.5, 0.5), (20, 2.25, 0.25)]


def test_ranks_are_told_by_the_names_of_files(tmp_path: Path) -> None:
    for rank in range(2):
        write(tmp_path / f"log_rank{rank}.csv", f"step,loss\n1,{rank}.5\n2,{rank}.25\n")

    assert fastlogs.load(tmp_path).metrics.rows() == [(1, 0, 0.5), (1, 1, 1.5), (2, 0, 0.25), (2, 1, 1.25)]


def test_rotated_pieces_follow_each_other(tmp_path: Path) -> None:
    write(tmp_path / "train.log.1", "".join(f"step {s} | loss {3 - s / 8}\n" for s in range(1, 6)))
    write(tmp_path / "train.log", "".join(f"step {s} | loss {3 - s / 8}\n" for s in range(6, 11)))
    found = fastlogs.load(tmp_path).metrics

    assert found["step"].to_list() == [*range(1, 11)]
    assert found["loss"].to_list() == [3 - s / 8 for s in range(1, 11)]


column: st.SearchStrategy[list[tuple[int, float]]] = st.lists(st.integers(1, 8), min_size=3, max_size=8).map(
    # Every line is another: one equal to the line before is a repeat.
    lambda steps: [(step, k + 0.5) for k, step in enumerate(sorted(steps))]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=column, b=column)
def test_files_are_joined_as_polars_joins_them(
    a: list[tuple[int, float]], b: list[tuple[int, float]], tmp_path: Path
) -> None:
    """Metrics of different names: the outer join on the step, the k-th of an equal step with the k-th."""
    # A column that stands still counts nothing.
    assume(all(len({step for step, _ in rows}) > 2 for rows in (a, b)))
    shutil.rmtree(tmp_path / "run", ignore_errors=True)
    frames = []
    for name, rows in (("alpha", a), ("beta", b)):
        write(tmp_path / "run" / f"{name}.csv", f"step,{name}\n" + "".join(f"{s},{v!r}\n" for s, v in rows))
        frame = pl.DataFrame(rows, schema=["step", name], orient="row")
        frames.append(frame.with_columns(pl.int_range(pl.len()).over("step").alias("k")))
    expected = frames[0].join(frames[1], on=["step", "k"], how="full", coalesce=True).sort("step", "k").drop("k")

    assert fastlogs.read(tmp_path / "run").select("step", "alpha", "beta").rows() == expected.rows()


def test_a_store_and_folders_live_beside_each_other(tmp_path: Path) -> None:
    original(tmp_path / "exp", 0)
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as store:
        store.executescript((STORES / "mlflow.sql").read_text())
    runs = fastlogs.discover(tmp_path)

    assert len(runs) == 3
    assert runs.metric("loss").width == 4
    assert sum(math.isclose(row["lr"], 0.1) for row in runs.configs.to_dicts()) == 2
