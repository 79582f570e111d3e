"""Stores of runs as their own packages write them, and the truth beside them.

    python tests/data/make/stores.py tests/data/stores      (mlflow-skinny, sqlalchemy, alembic, optuna, dvclive, sacred)

SQLite files are kept as the SQL that restores them: the test makes the file, and a diff can be read.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

Truth = dict[str, Any]

STEPS = (0, 10, 20)
LOSSES = {"first": (2.5, 1.25, 0.625), "second": (3.5, 2.25, float("inf"))}
# What a run's name is to its settings.
RATES = {"first": 0.1, "second": 0.2}
START = 1_700_000_000_000
# The tables that hold runs; the others are the tracker's own.
MLFLOW_TABLES = ("experiments", "runs", "metrics", "params", "tags")


def series(name: str) -> dict[str, list[tuple[int, float]]]:
    return {"loss": list(zip(STEPS, LOSSES[name], strict=True)), "val/loss": [(20, float("nan"))]}


def truth() -> Truth:
    """Metric to [step, value]; values as text, for JSON knows neither NaN nor infinity."""
    told = {name: {key: [[s, repr(v)] for s, v in values] for key, values in series(name).items()} for name in LOSSES}
    return {"runs": told, "settings": {name: {"lr": rate, "model.dim": 64} for name, rate in RATES.items()}}


def mlflow_runs(uri: str) -> None:
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment("demo", artifact_location="artifacts")
    for name, rate in RATES.items():
        run = client.create_run(experiment, run_name=name, start_time=START).info.run_id
        for key, values in series(name).items():
            for step, value in values:
                client.log_metric(run, key, value, timestamp=START + step, step=step)
        client.log_param(run, "lr", rate)
        client.log_param(run, "model.dim", 64)
        client.set_terminated(run)


def mlflow_files(out: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        mlflow_runs(f"file:{work}/mlruns")
        for meta in sorted(Path(work, "mlruns").glob("*/*/meta.yaml")):
            name = (meta.parent / "tags/mlflow.runName").read_text()
            target = out / "mlruns" / "1" / name
            shutil.rmtree(target, ignore_errors=True)
            for part in ("metrics", "params"):
                shutil.copytree(meta.parent / part, target / part)
            (target / "meta.yaml").write_text(meta.read_text().replace(work, "/work"))


def sql(path: Path, tables: tuple[str, ...] | None) -> str:
    """What restores a database: its tables and rows."""
    with closing(sqlite3.connect(path)) as store:
        lines = list(store.iterdump())
    about = [line for line in lines if line.startswith(("CREATE TABLE", "INSERT INTO"))]
    kept = [line for line in about if tables is None or any(f" {t} " in line or f'"{t}"' in line for t in tables)]
    return "\n".join(kept) + "\n"


def mlflow_database(out: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        mlflow_runs(f"sqlite:///{work}/mlflow.db")
        (out / "mlflow.sql").write_text(sql(Path(work, "mlflow.db"), MLFLOW_TABLES))


def optuna_study(storage: Any) -> Truth:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(study_name="demo", storage=storage, sampler=optuna.samplers.RandomSampler(seed=1))

    def objective(trial: optuna.Trial) -> float:
        rate = trial.suggest_float("lr", 1e-4, 1e-1, log=True)
        layers = trial.suggest_int("layers", 1, 4)
        trial.suggest_categorical("optimizer", ["adam", "sgd"])
        for step in STEPS:
            trial.report(float("nan") if trial.number == 1 and step == 10 else rate + layers - step / 100, step)
        return float("inf") if trial.number == 2 else rate + layers

    study.optimize(objective, n_trials=3)
    return {
        f"trial_{trial.number}": {
            "settings": trial.params,
            "reached": [[step, repr(value)] for step, value in sorted(trial.intermediate_values.items())],
            "objective": repr(trial.value),
        }
        for trial in study.trials
    }


def optuna_database(out: Path) -> Truth:
    with tempfile.TemporaryDirectory() as work:
        told = optuna_study(f"sqlite:///{work}/optuna.db")
        (out / "optuna.sql").write_text(sql(Path(work, "optuna.db"), None))
    return told


def optuna_journal(out: Path) -> Truth:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    path = out / "optuna_journal.log"
    path.unlink(missing_ok=True)
    told = optuna_study(JournalStorage(JournalFileBackend(str(path))))
    Path(f"{path}.lock").unlink(missing_ok=True)
    return told


def dvclive(out: Path) -> None:
    from dvclive import Live

    target = out / "dvclive"
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        with Live("dvclive", dvcyaml=None, report=None, save_dvc_exp=False, monitor_system=False) as live:
            live.log_params({"lr": 0.1, "model": {"dim": 64}})
            for loss in LOSSES["first"]:
                live.log_metric("train/loss", loss)
                live.log_metric("eval/loss", loss + 1)
                live.next_step()
        shutil.copytree(Path(work, "dvclive"), target)


def sacred(out: Path) -> None:
    import sacred
    from sacred.observers import FileStorageObserver

    with tempfile.TemporaryDirectory() as work:
        program = sacred.Experiment("demo", save_git_info=False)
        program.observers.append(FileStorageObserver(work))
        program.add_config(lr=0.1, model={"dim": 64})

        @program.main
        def train(_run: Any) -> None:
            for step, loss in zip(STEPS, LOSSES["first"], strict=True):
                _run.log_scalar("loss", loss, step)
            _run.log_scalar("val.loss", 0.75, 20)

        program.run()
        target = out / "sacred"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in ("metrics.json", "config.json"):
            shutil.copy(Path(work, "1", name), target / name)
        (target / "run.json").write_text("{}\n")


def main() -> None:
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    out = Path(sys.argv[1]).absolute()
    out.mkdir(parents=True, exist_ok=True)
    mlflow_files(out)
    mlflow_database(out)
    told = {"mlflow": truth(), "optuna": optuna_database(out), "journal": optuna_journal(out)}
    dvclive(out)
    sacred(out)
    (out / "truth.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
