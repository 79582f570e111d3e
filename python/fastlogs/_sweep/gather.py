"""Gathers a `Glance` of every run, some dozen runs at a time, so that no more than their tables are held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Protocol, TypeVar

from fastlogs._cloud import side_by_side
from fastlogs._configs import Settings, settings_of_each
from fastlogs._engines import Over, here
from fastlogs._metrics import goal_of, role_of, wanted
from fastlogs._series import main_rows, metrics_of, points
from fastlogs._sources import Source, is_packed
from fastlogs._sweep.glance import Glance, by_metric, curve_of
from fastlogs._together import read_together
from fastlogs.errors import UnknownMetric

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._findings import Finding
    from fastlogs._run import Run

_One = TypeVar("_One")
_BATCH = 64
# The end of a log that is looked at for what ended it.
_TAIL = 16 << 10
_STEPS = ("max_steps", "total_steps", "num_steps", "train_steps", "max_iters", "num_iters", "total_iters", "n_steps")

Tell = Callable[[int, int], None]


class Gather(Protocol):
    """Who fills glances: this module through Python; anything else that gives the same may take its place."""

    def __call__(self, runs: Sequence[Run], metric: str | None, tell: Tell) -> list[Glance]: ...


def gather(runs: Sequence[Run], metric: str | None, tell: Tell, way: Over = here) -> list[Glance]:
    """A glance of each run, in order; `tell(done, of)` is called as they come. Who cannot be read has a reason."""
    found: list[Glance] = []
    for part in way(_summed, _batches(runs)):
        found += part
        tell(len(found) // 2, len(runs))
    named = metric or _deciding(found)
    curves: list[Glance] = []
    for part in way(_with_curves, zip(_batches(runs), _batches(found), repeat(named), strict=False)):
        curves += part
        tell((len(runs) + len(curves)) // 2, len(runs))
    if found and not any(glance.metric for glance in curves) and any(glance.summary for glance in curves):
        raise _unknown(curves, named)
    return curves


def _batches(runs: Sequence[_One]) -> Iterator[Sequence[_One]]:
    return (runs[at : at + _BATCH] for at in range(0, len(runs), _BATCH))


def _summed(runs: Sequence[Run]) -> list[Glance]:
    """Summary, settings and last words of some runs."""
    read = read_together(runs, layout="summary")
    facts = {name: rows for table in read.tables for name, rows in by_metric(_texts(table)).items()}
    covered = [found.sources if (found := read.coverage.get(run.name)) is not None else () for run in runs]
    configs = settings_of_each(zip((run.place for run in runs), covered, strict=True))
    return [
        Glance(
            run.name,
            run.path,
            config,
            facts.get(run.name, ()),
            tail=tail,
            written=_written(run.request.sources.files),
            planned=_planned(config),
            broken=read.broken.get(run.name, ""),
        )
        for run, config, tail in zip(runs, configs, _tails(runs), strict=True)
    ]


def _texts(table: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    goals = pl.Series("goal", [goal_of(name) for name in table["metric"]], dtype=pl.String)
    return table.with_columns(pl.col("run").cast(pl.String), goals)


def _tails(runs: Sequence[Run]) -> list[str]:
    """The last words of each run's logs; those of objects are fetched side by side."""
    logs = [log for run in runs for log in run.request.sources.files]
    remote = any(log.path is None and log.repeatable for log in logs)
    ends = iter(side_by_side(_tail, logs) if remote else [_tail(log) for log in logs])
    return ["\n".join(next(ends) for _ in run.request.sources.files) for run in runs]


def _tail(log: Source) -> str:
    """The last words of a log; none of a compressed one, whose end cannot be had without its beginning."""
    if is_packed(log.name):
        return ""
    try:
        return log.tail(_TAIL).decode("utf-8", "replace")
    except OSError:
        # That it could not be read is told by whoever read the table.
        return ""


def _written(logs: Sequence[Source]) -> float | None:
    """When a log was last written to."""
    return max((time for log in logs if (time := log.written) is not None), default=None)


def _planned(config: Settings) -> int | None:
    """How many steps the settings speak of."""
    for key, value in config.items():
        if key.rpartition(".")[2].lower() in _STEPS and isinstance(value, int) and value > 0:
            return value
    return None


def _deciding(found: Sequence[Glance]) -> str:
    """The validation loss where at least half of the runs with metrics have one, else the loss."""
    there = [{role.name for fact in g.summary if (role := role_of(fact["metric"]))} for g in found if g.summary]
    have = Counter(name for names in there for name in names)
    return "@val_loss" if there and 2 * have["val_loss"] >= len(there) else "@loss"


def _with_curves(part: tuple[Sequence[Run], Sequence[Glance], str]) -> list[Glance]:
    """The same glances of some runs with the metric that decides."""
    runs, found, metric = part
    read = read_together(runs, metrics=wanted([metric]))
    tables = {str(key[0]): part for table in read.tables for key, part in _parts(table)}

    def one(glance: Glance) -> Glance:
        table = tables.get(glance.run)
        return glance if table is None else _seen(glance, table.drop("run"), metric)

    return [one(glance) for glance in found]


def _parts(table: pl.DataFrame) -> list[tuple[tuple[object, ...], pl.DataFrame]]:
    return list(table.partition_by("run", maintain_order=True, as_dict=True).items())


def _seen(glance: Glance, table: pl.DataFrame, metric: str) -> Glance:
    from dataclasses import replace

    rows = main_rows(table)
    counts = {name: len(rows) - rows[name].null_count() for name in metrics_of(rows)}
    meant = [name for name in (wanted([metric], list(counts)) or ()) if counts.get(name)]
    fits = [name for name in counts if name in meant] or [name for name in counts if counts[name]]
    name = max(fits, key=lambda one: counts[one], default=None)
    if name is None:
        return glance
    return replace(glance, metric=name, curve=curve_of(*points(rows, name)), findings=_findings(glance, rows, name))


def _findings(glance: Glance, rows: pl.DataFrame, name: str) -> tuple[Finding, ...]:
    from fastlogs._health import health
    from fastlogs._trend import trend

    kept = rows.select("step", name)
    return (*health(glance.run, kept, (name,))[0], *trend(glance.run, kept))


def _unknown(found: Sequence[Glance], metric: str) -> UnknownMetric:
    import difflib

    there = list(dict.fromkeys(fact["metric"] for glance in found for fact in glance.summary))
    near = difflib.get_close_matches(metric, there, n=1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    few = ", ".join(there[:8]) + " ..." * (len(there) > 8)
    return UnknownMetric(f"no metric '{metric}' in any of {len(found):,} runs", help=f"{meant}they have {few}")


def silent(done: int, of: int) -> None:
    """Tells nobody."""
