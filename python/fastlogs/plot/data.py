"""What figures read off runs: a metric by its role, its unit, where epochs and attempts begin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from fastlogs._compare.facts import perplexity
from fastlogs._compare.series import Curves, Series
from fastlogs._metrics import role_of, wanted
from fastlogs.errors import TooFew, UnknownMetric
from fastlogs.plot.words import labelled

if TYPE_CHECKING:
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

NamedCurves: TypeAlias = Mapping[str, Curves]
# Finds a run's metric, or says that it has none.
Find: TypeAlias = Callable[[Curves], "str | None"]
_UNITS = {"time": "s"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that several runs measured, each by its own name for it."""

    label: str
    metric: str
    runs: dict[str, Series]


def series(curves: Curves, metric: str | None, look: Look) -> Series:
    """A run's metric up to the last step to be shown; empty when there is none."""
    found = curves.series(metric or "")
    return found.upto(curves.place_of(look.max_steps)) if look.max_steps else found


def role(name: str) -> Find:
    return lambda curves: curves.of_role(name)


def ppl(curves: Curves) -> str | None:
    return perplexity(curves, val=False)


def val_ppl(curves: Curves) -> str | None:
    return perplexity(curves, val=True)


def quantity(runs: NamedCurves, find: Find, look: Look, what: str) -> Quantity:
    """What each run has of one thing; refuses when none has any value of it."""
    names = {name: find(curves) for name, curves in runs.items()}
    found = {name: series(curves, names[name], look) for name, curves in runs.items()}
    metric = next((names[name] for name, one in found.items() if one.x.size), None)
    if metric is None:
        raise TooFew(f"no {what} in {_these(runs)}", help="fastlogs summary PATH lists the metrics there are")
    first = next(name for name in runs if names[name] == metric)
    return Quantity(label_of(runs[first], metric), metric, found)


def _these(runs: NamedCurves) -> str:
    return next(iter(runs)) if len(runs) == 1 else f"{len(runs)} runs"


def label_of(curves: Curves, metric: str) -> str:
    """A metric's name with its unit, for an axis."""
    known = role_of(metric)
    return labelled(metric, curves.run.units.get(metric) or (known.unit if known else None))


def along(look: Look) -> str:
    """The words below the x axis."""
    return labelled(look.x, _UNITS.get(look.x))


def named(curves: Curves, asked: Iterable[str]) -> list[str]:
    """The metrics that names, globs and roles mean in a run; refuses one that means nothing."""
    found: list[str] = []
    for name in asked:
        globs = wanted([name], curves.metrics) or []
        fits = [metric for metric in curves.metrics if any(fnmatchcase(metric, glob) for glob in globs)]
        if not fits:
            few = ", ".join(curves.metrics[:8]) or "none"
            raise UnknownMetric(f"no metric '{name}' in {curves.name}", help=f"it has {few}")
        found += [metric for metric in fits if metric not in found]
    return found


def deciding(look: Look) -> Find:
    """The metric asked for, else the loss, else whatever is first."""
    if look.metrics:
        return lambda curves: next((n for glob in look.metrics for n in fitting(curves, glob)), None)
    return lambda curves: curves.of_role("loss") or curves.of_role("val_loss") or next(iter(curves.metrics), None)


def fitting(curves: Curves, name: str) -> list[str]:
    """The metrics of a run that a name, glob or role means."""
    globs = wanted([name], curves.metrics) or []
    return [metric for metric in curves.metrics if any(fnmatchcase(metric, glob) for glob in globs)]


def epoch_starts(curves: Curves) -> Floats:
    """Where on the axis an epoch begins, but the first."""
    number = _counted(curves, "epoch")
    return curves.places[1:][np.diff(number) > 0] if number is not None else np.empty(0)


def epoch_of(curves: Curves, x: Floats) -> Floats | None:
    """The epoch that each place on the axis is in."""
    number = _counted(curves, "epoch")
    if number is None or not x.size:
        return None
    at = np.clip(np.searchsorted(curves.places, x, side="right") - 1, 0, number.size - 1)
    return number[at]


def attempt_starts(curves: Curves) -> Floats:
    """Where on the axis the run was taken up again, if its attempts were kept apart (`restarts="keep"`)."""
    import polars as pl

    table = curves.run.metrics
    if "attempt" not in table.columns or not table.height:
        return np.empty(0)
    starts = table.group_by("attempt").agg(pl.col("step").first()).sort("attempt")["step"].cast(pl.Float64).to_numpy()
    return np.array([curves.place_of(int(step)) for step in starts[1:] if step > starts[0]], dtype=np.float64)


def resumes(curves: Curves) -> int:
    """How often the run was taken up again; where that was is not known once its attempts are stitched."""
    coverage = curves.run.coverage
    return 0 if coverage is None else sum(source.resumes for source in coverage.sources)


def _counted(curves: Curves, name: str) -> Floats | None:
    """A counter, whole and carried on where a row does not say it."""
    import polars as pl

    if name not in curves.table.columns or not curves.table.height:
        return None
    filled = curves.column(name).cast(pl.Float64, strict=False).forward_fill().backward_fill()
    if filled.null_count():
        return None
    return np.asarray(np.floor(filled.to_numpy()), dtype=np.float64)
