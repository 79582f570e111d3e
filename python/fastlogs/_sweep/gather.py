"""Gathers a `Glance` of every run: of runs that have not changed from the index, of the others in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

from fastlogs._configs import Settings
from fastlogs._engines import Over, here
from fastlogs._index import Facts, Tell, chosen, facts_of
from fastlogs._metrics import goal_of, role_of
from fastlogs._runs import Runs
from fastlogs._sources import Source
from fastlogs._sweep.glance import Fact, Glance, of_curve
from fastlogs._sweep.look import DECIDING, Closer, findings
from fastlogs.errors import UnknownMetric

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._run import Run

_STEPS = ("max_steps", "total_steps", "num_steps", "train_steps", "max_iters", "num_iters", "total_iters", "n_steps")


class Gather(Protocol):
    """Who fills glances: this module through the index; anything else that gives the same may take its place."""

    def __call__(self, runs: Sequence[Run], metric: str | None, tell: Tell) -> list[Glance]: ...


def gather(runs: Sequence[Run], metric: str | None, tell: Tell, way: Over = here) -> list[Glance]:
    """A glance of each run, in order; `tell(done, of)` is called as they come. Who cannot be read has a reason."""
    look = Closer((metric,) if metric else DECIDING)
    facts = facts_of(runs, runs.root if isinstance(runs, Runs) else None, tell, way=way, look=look)
    summaries = by_run(facts.summary)
    named = metric or _deciding(summaries)
    found = _glances(runs, facts, summaries, named)
    if found and not any(glance.metric for glance in found) and any(glance.summary for glance in found):
        raise _unknown(found, named)
    return found


def _glances(runs: Sequence[Run], facts: Facts, summaries: Mapping[str, tuple[Fact, ...]], named: str) -> list[Glance]:
    found = []
    for run in runs:
        summary, own = summaries.get(run.name, ()), facts.sketches.get(run.name, {})
        metric = chosen(named, {fact["metric"]: fact["n"] for fact in summary})
        config = facts.settings[run.name]
        about: dict[str, Any] = {"tail": own[""].said if "" in own else "", "planned": _planned(config)}
        if metric is not None and metric in own:
            fact = next(fact for fact in summary if fact["metric"] == metric)
            curve = of_curve(fact, own[metric].x, own[metric].y, own[metric].digest)
            about |= {"metric": metric, "curve": curve, "findings": findings(own[metric].said, run.name)}
        about |= {"written": _written(run.request.sources.files), "broken": facts.broken.get(run.name, "")}
        found.append(Glance(run.name, run.path, config, summary, **about))
    return found


def by_run(summary: pl.DataFrame) -> dict[str, tuple[Fact, ...]]:
    """The rows of a joint summary by run, each with the goal of its metric and without its trend."""
    names = tuple(name for name in summary.columns if name not in ("run", "metric", "trend"))
    rows = summary.select("run", "metric", *names).iter_rows()
    told = ("metric", *names, "goal")
    return {
        run: tuple(Fact(told, (*row[1:], goal_of(row[1]))) for row in of)
        for run, of in groupby(rows, lambda row: row[0])
    }


def _written(logs: Sequence[Source]) -> float | None:
    """When a log was last written to."""
    return max((time for log in logs if (time := log.written) is not None), default=None)


def _planned(config: Settings) -> int | None:
    """How many steps the settings speak of."""
    for key, value in config.items():
        if key.rpartition(".")[2].lower() in _STEPS and isinstance(value, int) and value > 0:
            return value
    return None


def _deciding(summaries: Mapping[str, Sequence[Fact]]) -> str:
    """The validation loss where at least half of the runs with metrics have one, else the loss."""
    there = [{role.name for fact in facts if (role := role_of(fact["metric"]))} for facts in summaries.values()]
    have = Counter(name for names in there for name in names)
    return "@val_loss" if there and 2 * have["val_loss"] >= len(there) else "@loss"


def _unknown(found: Sequence[Glance], metric: str) -> UnknownMetric:
    import difflib

    there = list(dict.fromkeys(fact["metric"] for glance in found for fact in glance.summary))
    near = difflib.get_close_matches(metric, there, n=1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    few = ", ".join(there[:8]) + " ..." * (len(there) > 8)
    return UnknownMetric(f"no metric '{metric}' in any of {len(found):,} runs", help=f"{meant}they have {few}")


def silent(done: int, of: int) -> None:
    """Tells nobody."""
