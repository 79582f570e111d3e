"""`check`: what went wrong in runs, and whether they still give golden values."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from fastlogs._agreement import KINDS as GOLDEN_KINDS
from fastlogs._agreement import agreement, chosen
from fastlogs._difference import Allowed, Difference, Tolerance, Tolerances, tolerances
from fastlogs._findings import Check, Finding, Findings, gathered
from fastlogs._golden import Given as GoldenGiven
from fastlogs._golden import Golden, golden_of, of_table, picked
from fastlogs._health import health, reading_of
from fastlogs._health import kinds as health_kinds
from fastlogs._run import Run
from fastlogs._runs import arm_of, load
from fastlogs._series import main_rows
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

Given: TypeAlias = "str | os.PathLike[str] | Run | pl.DataFrame"


def check(
    runs: Given | Iterable[Given],
    *,
    golden: GoldenGiven | None = None,
    metrics: str | Iterable[str] | None = None,
    rtol: float = 0.0,
    atol: float = 0.0,
    tolerances: Mapping[str, Allowed] | None = None,
    skip_steps: int = 0,
    **reading: Any,
) -> Findings:
    """What went wrong in runs, with evidence; with `golden`, whether their values are still those, exactly by default.

    `golden` is a golden file (ours, Megatron's, torchtitan's), a run, or a frame. Values agree within
    `atol` + `rtol` x the golden value; `tolerances` gives a metric, glob or `@role` its own: `"0.1%"`, a number in its
    unit, or (relative, absolute). `skip_steps` leaves out the first steps; `metrics` names what is looked at.

    >>> fastlogs.check("train.log", golden="train.log").fails()
    False
    """
    if skip_steps < 0:
        raise UsageError(f"wanted skip_steps of zero or more, found {skip_steps}")
    named = (metrics,) if isinstance(metrics, str) else (None if metrics is None else tuple(metrics))
    allowed = _tolerances(Tolerance(rtol, atol), tolerances)
    kept = None if golden is None else golden_of(golden)
    found: list[Finding] = []
    checks: list[Check] = []
    differences: list[Difference] = []
    subjects = [subject for given in _listed(runs) for subject in _subjects(given, reading)]
    for subject in subjects:
        told, looked = health(subject.name, subject.table, named)
        found += told
        checks += looked
        if subject.run is not None:
            found += reading_of(subject.name, subject.run.coverage)
        if kept is not None:
            said, apart = _agreement(subject, kept, named, allowed, skip_steps)
            found += said
            differences += apart
    checks += [Check(d.run, "golden_mismatch", d.metric) for d in differences]
    runs_seen = tuple(s.name for s in subjects)
    return gathered(found, checks=tuple(checks), runs=runs_seen, differences=tuple(differences))


# The name of the argument hides the function.
_tolerances = tolerances


@dataclass(frozen=True)
class Subject:
    """A run to look at, whatever it was given as."""

    name: str
    table: pl.DataFrame
    printed: Mapping[str, str]
    units: Mapping[str, str]
    run: Run | None = None


def _listed(given: Given | Iterable[Given]) -> list[Given]:
    import polars as pl

    single = isinstance(given, str | os.PathLike | Run | pl.DataFrame)
    return [given] if single else list(given)  # type: ignore[arg-type, list-item]


def _subjects(given: Given, reading: dict[str, Any]) -> list[Subject]:
    import polars as pl

    if isinstance(given, pl.DataFrame):
        table = given if "step" in given.columns else given.with_row_index("step")
        return [Subject("frame", main_rows(table), {}, {})]
    if isinstance(given, Run):
        return [_subject(given)]
    return [_subject(run) for run in runs_of(given, **reading)]


def runs_of(path: str | os.PathLike[str], **reading: Any) -> list[Run]:
    """Every run behind a path: a file is one, a folder or glob may be many.

    >>> [run.name for run in runs_of("runs")]
    ['runs/seed0', 'runs/seed1', 'runs/seed2']
    """
    found = arm_of(path, **reading)
    return list(found) if len(found) > 1 else [load(path, **reading)]


def _subject(run: Run) -> Subject:
    printed = {name: about["printed"] for name, about in run._read.fields.items() if about.get("printed")}
    return Subject(run.name, main_rows(run.metrics), printed, run.units, run)


def _agreement(
    subject: Subject, kept: Golden, named: tuple[str, ...] | None, allowed: Tolerances, skip_steps: int
) -> tuple[list[Finding], list[Difference]]:
    return agreement(
        subject.name,
        subject.table,
        kept,
        printed=subject.printed,
        metrics=named,
        allowed=allowed,
        skip_steps=skip_steps,
    )


def new_golden(run: Run, metrics: tuple[str, ...] | None, before: Golden | None) -> Golden:
    """A run's values to keep: those named, else those kept before, else all that do not measure the machine."""
    golden = of_table(run.metrics, run.name, run.units)
    if metrics is None and before is not None:
        return picked(golden, lambda name: name in before.series)
    names, _ = chosen(golden, metrics, Tolerances())
    return picked(golden, lambda name: name in names)


def kinds() -> tuple[str, ...]:
    """Every kind of finding there is."""
    return (*health_kinds(), *GOLDEN_KINDS)
