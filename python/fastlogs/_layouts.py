"""Databases that hold runs: MLflow's, Optuna's, and Optuna's journal. Opened to be read, never written."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastlogs.errors import DamagedFile

# A metric's values as lines: `ms value step`, or `step value` where no time is kept.
_Series = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Stored:
    """A run in a database: what to ask it for, as often as the run is read."""

    path: str
    form: str
    run: str
    # A journal is gone through once, for all its runs.
    kept: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.run}"

    def text(self) -> bytes:
        """The run's metrics, each under its name."""
        try:
            return (self.kept or _text(_FORMS[self.form].series(self))).encode()
        except sqlite3.Error as error:
            raise DamagedFile(f"{self}: wanted the metrics of a run, found {error}") from error


def _text(series: _Series) -> str:
    return "".join(f"==> {name} <==\n" + "".join(lines) for name, lines in series.items())


@dataclass(frozen=True, slots=True)
class Found:
    """A run of a database: its key there, where its metrics are, and its settings."""

    key: str
    stored: Stored
    settings: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """How one kind of database says which runs it has, and what one measured."""

    runs: Callable[[str], Iterable[Found]]
    series: Callable[[Stored], _Series]


def runs_of(path: str) -> list[Found] | None:
    """The runs of a database or journal; None of a file that is neither. Refuses one that is damaged."""
    form = _form_of(path)
    if form is None:
        return None
    try:
        return list(_FORMS[form].runs(path))
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        raise DamagedFile(f"{path}: wanted {form} runs, found {error}") from error


def _form_of(path: str) -> str | None:
    with open(path, "rb") as file:
        head = file.read(256)
    if head.startswith(b"SQLite format 3\0"):
        return _schema_of(path)
    return "optuna-journal" if head.startswith(b"{") and b'"op_code"' in head and b'"worker_id"' in head else None


def _schema_of(path: str) -> str | None:
    try:
        with closing(_open(path)) as store:
            tables = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return None
    if {"runs", "metrics", "params"} <= tables:
        return "mlflow"
    return "optuna" if {"studies", "trials", "trial_values"} <= tables else None


def _open(path: str) -> sqlite3.Connection:
    # Without a log of writes beside it nobody writes now, and no lock is taken: the folder may be read-only.
    quiet = not os.path.exists(path + "-wal") and not os.path.exists(path + "-journal")
    where = quote(os.path.abspath(path))
    return sqlite3.connect(f"file:{where}?mode=ro{'&immutable=1' if quiet else ''}", uri=True)


def _rows(path: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(_open(path)) as store:
        return store.execute(query, values).fetchall()


def _mlflow_runs(path: str) -> Iterator[Found]:
    settings: dict[str, dict[str, Any]] = {}
    for run, key, value in _rows(path, "SELECT run_uuid, key, value FROM params"):
        settings.setdefault(run, {})[key] = value
    query = (
        "SELECT run_uuid, runs.name, experiments.name FROM runs LEFT JOIN experiments USING (experiment_id)"
        " WHERE runs.lifecycle_stage IS NOT 'deleted' ORDER BY start_time, run_uuid"
    )
    for run, name, experiment in _rows(path, query):
        key = f"{experiment or 0}/{name or run}"
        yield Found(key, Stored(path, "mlflow", run), tuple(settings.get(run, {}).items()))


def _mlflow_series(stored: Stored) -> _Series:
    query = "SELECT key, timestamp, value, step, is_nan FROM metrics WHERE run_uuid = ? ORDER BY key, step, timestamp"
    found: _Series = {}
    for key, time, value, step, is_nan in _rows(stored.path, query, stored.run):
        found.setdefault(key, []).append(f"{time} {_mlflow_number(value, is_nan)!r} {step}\n")
    return found


def _mlflow_number(value: float, is_nan: int) -> float:
    # The database has no NaN and no infinity: MLflow writes a flag, and the largest number there is.
    if is_nan:
        return float("nan")
    return float("inf") * value if abs(value) >= sys.float_info.max else value


def _optuna_runs(path: str) -> Iterator[Found]:
    settings: dict[int, dict[str, Any]] = {}
    for trial, name, value, kind in _rows(
        path, "SELECT trial_id, param_name, param_value, distribution_json FROM trial_params"
    ):
        settings.setdefault(trial, {})[name] = _parameter(value, kind)
    query = "SELECT trial_id, number, study_name, state FROM trials JOIN studies USING (study_id) ORDER BY trial_id"
    for trial, number, study, state in _rows(path, query):
        stated = settings.get(trial, {}) | {"state": state}
        yield Found(f"{study}/trial_{number}", Stored(path, "optuna", str(trial)), tuple(stated.items()))


def _parameter(value: float, distribution: str) -> Any:
    """A parameter as the program saw it: the database has numbers, and places among choices."""
    told = json.loads(distribution)
    about = told.get("attributes", {})
    if "choices" in about:
        return about["choices"][int(value)]
    return int(value) if "Int" in told.get("name", "") else value


def _optuna_series(stored: Stored) -> _Series:
    reached = _rows(
        stored.path,
        "SELECT step, intermediate_value, intermediate_value_type FROM trial_intermediate_values"
        " WHERE trial_id = ? ORDER BY step",
        int(stored.run),
    )
    final = _rows(
        stored.path, "SELECT value, value_type FROM trial_values WHERE trial_id = ? ORDER BY objective", int(stored.run)
    )
    return _trial(
        [(step, _finite(value, kind)) for step, value, kind in reached], [_finite(value, kind) for value, kind in final]
    )


def _finite(value: float | None, kind: str) -> float:
    odd = {"INF_POS": float("inf"), "INF_NEG": float("-inf"), "NAN": float("nan")}
    return odd.get(kind, float("nan") if value is None else value)


def _trial(reached: list[tuple[int, float]], final: list[float]) -> _Series:
    """What a trial reported on its way, and what it came to at its last step."""
    last = max((step for step, _ in reached), default=0)
    found: _Series = {}
    if reached:
        found["intermediate_value"] = [f"{step} {value!r}\n" for step, value in reached]
    for at, value in enumerate(final):
        found["objective" if len(final) == 1 else f"objective_{at}"] = [f"{last} {value!r}\n"]
    return found


@dataclass
class _Trial:
    study: int
    number: int
    settings: dict[str, Any]
    reached: dict[int, float]
    final: list[float]


def _journal(path: str) -> tuple[list[str], list[_Trial]]:
    """Studies and trials in order, as the journal's operations leave them; a line that is cut is the last."""
    studies: list[str] = []
    trials: list[_Trial] = []
    numbers: dict[int, int] = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.endswith("\n"):
                break
            _operate(json.loads(line), studies, trials, numbers)
    return studies, trials


# The operations of a journal that tell of runs.
_STUDY, _TRIAL, _PARAM, _STATE, _REACHED = 0, 4, 5, 6, 7


def _operate(told: dict[str, Any], studies: list[str], trials: list[_Trial], numbers: dict[int, int]) -> None:
    code = told["op_code"]
    if code == _STUDY:
        studies.append(told["study_name"])
    elif code == _TRIAL:
        number = numbers[told["study_id"]] = numbers.get(told["study_id"], -1) + 1
        trials.append(_Trial(told["study_id"], number, {}, {}, list(told.get("values") or [])))
        for name, value in (told.get("params") or {}).items():
            _set(trials[-1], name, value, told.get("distributions", {}).get(name, "{}"))
    elif code == _PARAM:
        _set(trials[told["trial_id"]], told["param_name"], told["param_value_internal"], told["distribution"])
    elif code == _STATE and told.get("values"):
        trials[told["trial_id"]].final = [float(value) for value in told["values"]]
    elif code == _REACHED:
        trials[told["trial_id"]].reached[told["step"]] = float(told["intermediate_value"])


def _set(trial: _Trial, name: str, value: float, distribution: str) -> None:
    trial.settings[name] = _parameter(value, distribution)


def _journal_runs(path: str) -> Iterator[Found]:
    studies, trials = _journal(path)
    for at, trial in enumerate(trials):
        series = _trial(sorted(trial.reached.items()), trial.final)
        stored = Stored(path, "optuna-journal", str(at), kept=_text(series))
        yield Found(f"{studies[trial.study]}/trial_{trial.number}", stored, tuple(trial.settings.items()))


_FORMS = {
    "mlflow": _Form(_mlflow_runs, _mlflow_series),
    "optuna": _Form(_optuna_runs, _optuna_series),
    "optuna-journal": _Form(_journal_runs, lambda _: {}),
}
