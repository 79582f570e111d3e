"""`sweep`: which of many runs won and how surely, what mattered, what went wrong, what to run next."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from fastlogs._engines import Engine, over
from fastlogs._index import Tell
from fastlogs._metrics import Goal
from fastlogs._places import is_folder
from fastlogs._run import Run
from fastlogs._runs import Runs, arm_of, discover
from fastlogs._sweep.gather import Gather, gather, silent
from fastlogs._sweep.glance import Curve, Glance
from fastlogs._sweep.options import Options, Score
from fastlogs._sweep.swept import Sweep, of_glances
from fastlogs.errors import TooFew, UsageError

__all__ = ["Curve", "Gather", "Glance", "Sweep", "of_glances", "runs_of", "sweep"]


def sweep(
    runs: Runs | str | os.PathLike[str] | Iterable[Run | str | os.PathLike[str]],
    *,
    metric: str | None = None,
    goal: Goal | None = None,
    score: Score = "final",
    seed_std: float | None = None,
    cost: str | None = None,
    ignore: Iterable[str] = (),
    now: float | None = None,
    seed: int = 0,
    tell: Tell | None = None,
    collect: Gather | None = None,
    engine: Engine | None = None,
    **reading: Any,
) -> Sweep:
    """The analysis of runs whose settings vary on purpose: a folder of them, `Runs`, or several of either.

    `metric` is a name, glob or @role (else the validation loss, else the loss); a run counts with its `score`: the mean
    of its last tenth (`final`), its `best` or its `last` value. Settings to leave out are named by `ignore`; `cost` is
    what quality is held against; `engine="ray"` reads on a cluster. Refuses a goal that nobody knows, and no runs; a
    broken run is a row with its reason.

    >>> fastlogs.sweep("runs", metric="loss").counts
    {'ok': 2}
    """
    given = runs_of(runs, reading)
    if not given:
        raise TooFew("no run in the sweep", help="name a folder of runs; 'fastlogs discover ROOT' says what it holds")
    chosen = {} if now is None else {"now": now}
    asked = Options(goal, score, seed_std, cost, tuple(ignore), seed=seed, **chosen)
    way = collect or partial(gather, way=over(engine))
    return of_glances(way(given, metric, tell or silent), asked)


def runs_of(given: Any, reading: dict[str, Any]) -> Sequence[Run]:
    """Every run behind what was given, each with a name of its own."""
    if isinstance(given, Runs):
        return given
    if isinstance(given, str | os.PathLike) and is_folder(os.fspath(given)):
        # What is read of them is kept under their root.
        return discover(given, **reading)
    found = list(_each([given] if isinstance(given, str | os.PathLike | Run) else given, reading))
    names = [run.name for run in found]
    if len(set(names)) < len(names):
        raise UsageError(f"wanted runs of unique names, found {len(names)} runs of {len(set(names))} names")
    return found


def _each(given: Iterable[Any], reading: dict[str, Any]) -> Iterator[Run]:
    for one in given:
        if isinstance(one, Run):
            yield one
        elif isinstance(one, Runs):
            yield from one
        elif is_folder(os.fspath(one)):
            yield from discover(one, **reading)
        else:
            yield from arm_of(one, **reading)
