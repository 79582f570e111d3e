"""`check`: what went wrong in runs, and whether they still give golden values."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from fastlogs._agreement import KINDS as GOLDEN_KINDS
from fastlogs._agreement import agreement, chosen
from fastlogs._coverage import warn
from fastlogs._difference import Allowed, Tolerance, Tolerances, tolerances
from fastlogs._findings import Check, Finding, Findings, gathered
from fastlogs._golden import Given as GoldenGiven
from fastlogs._golden import Golden, golden_of, of_table, picked
from fastlogs._health import health, reading_of
from fastlogs._health import kinds as health_kinds
from fastlogs._located import located
from fastlogs._run import Run
from fastlogs._runs import arm_of, load
from fastlogs._series import main_rows, metrics_of
from fastlogs._together import reason
from fastlogs.errors import FastlogsError, UnknownMetric, UsageError

if TYPE_CHECKING:
    import polars as pl

# A run among others that gives no table.
UNREADABLE = "unreadable"

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
    given = [one for part in _listed(runs) for one in _runs(part, reading)]
    asked = _Asked(kept, named, allowed, skip_steps)
    return _joined([_looked_at(one, asked, alone=len(given) == 1) for one in given])


# The name of the argument hides the function.
_tolerances = tolerances


@dataclass(frozen=True)
class _Asked:
    """What to look at, and what to compare with."""

    golden: Golden | None
    metrics: tuple[str, ...] | None
    allowed: Tolerances
    skip_steps: int


def _listed(given: Given | Iterable[Given]) -> list[Given]:
    import polars as pl

    single = isinstance(given, str | os.PathLike | Run | pl.DataFrame)
    return [given] if single else list(given)  # type: ignore[arg-type, list-item]


def _runs(given: Given, reading: dict[str, Any]) -> Sequence[Run | pl.DataFrame]:
    import polars as pl

    return [given] if isinstance(given, Run | pl.DataFrame) else runs_of(given, **reading)


def runs_of(path: str | os.PathLike[str], **reading: Any) -> list[Run]:
    """Every run behind a path: a file is one, a folder or glob may be many.

    >>> [run.name for run in runs_of("runs")][:2]
    ['runs/seed0', 'runs/seed1']
    """
    found = arm_of(path, **reading)
    return list(found) if len(found) > 1 else [load(path, **reading)]


def _looked_at(given: Run | pl.DataFrame, asked: _Asked, *, alone: bool) -> Findings:
    """The findings of one run; among others, one that cannot be read is a finding itself."""
    if not isinstance(given, Run):
        table = given if "step" in given.columns else given.with_row_index("step")
        return _look("frame", main_rows(table), {}, asked)
    try:
        if given.request.strict:
            warn(given.coverage, given.path, strict=True, level=1)
        printed = {name: about["printed"] for name, about in given._read.fields.items() if about.get("printed")}
        found = _look(given.name, main_rows(given.metrics), printed, asked)
    except (FastlogsError, OSError) as error:
        if alone:
            raise
        return Findings((Finding(UNREADABLE, "error", reason(error), given.name),), runs=(given.name,))
    told = [*located(given, found.found), *reading_of(given.name, given.coverage)]
    return replace(found, found=tuple(told))


def _look(name: str, table: pl.DataFrame, printed: Mapping[str, str], asked: _Asked) -> Findings:
    found, checks = health(name, table, asked.metrics)
    if asked.golden is None:
        if asked.metrics is not None and not checks:
            raise UnknownMetric(f"no metric {', '.join(asked.metrics)} in {name}", help=_has(table))
        return Findings(tuple(found), tuple(checks), (name,))
    said, apart = agreement(
        name,
        table,
        asked.golden,
        printed=printed,
        metrics=asked.metrics,
        allowed=asked.allowed,
        skip_steps=asked.skip_steps,
    )
    checks += [Check(name, "golden_mismatch", d.metric) for d in apart]
    return Findings((*found, *said), tuple(checks), (name,), tuple(apart))


def _has(table: pl.DataFrame) -> str:
    return "it has " + ", ".join(metrics_of(table)[:8])


def _joined(parts: list[Findings]) -> Findings:
    return gathered(
        [finding for part in parts for finding in part],
        checks=tuple(check for part in parts for check in part.checks),
        runs=tuple(run for part in parts for run in part.runs),
        differences=tuple(apart for part in parts for apart in part.differences),
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
    return (*health_kinds(), UNREADABLE, *GOLDEN_KINDS)
