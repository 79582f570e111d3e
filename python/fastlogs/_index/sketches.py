"""Sketches: what is kept of some metrics of a run beside its summary, so that nobody need read its log for them again.

A sketch is a curve and what was said of it when all of it was there; the one without a metric is of the run itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from fastlogs._index import segment
from fastlogs._metrics import wanted
from fastlogs.stats.prepare import kept

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._run import Run

Floats: TypeAlias = npt.NDArray[np.float64]

_NONE: Floats = np.empty(0)


class Look(Protocol):
    """A closer look at runs, done wherever they are read: it travels there."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics it is about: names, globs, roles."""

    def curve(self, metric: str, x: Floats, y: Floats) -> str:
        """What is to be kept of a metric's curve beside the curve."""

    def ends(self, runs: Sequence[Run]) -> list[str]:
        """What is to be kept of each run itself."""


def chosen(asked: str, counts: Mapping[str, int]) -> str | None:
    """The metric that a name, glob or role means, of those a run has and how often: the one it has most of.

    >>> chosen("@loss", {"lr": 9, "aux_loss": 3, "lm_loss": 9}), chosen("GradNorm", {"grad_norm": 1})
    ('lm_loss', 'grad_norm')
    """
    return max(_fitting(asked, tuple(counts)), key=lambda name: counts[name], default=None)


# Runs of a sweep have the same names.
@lru_cache(maxsize=1024)
def _fitting(asked: str, names: tuple[str, ...]) -> tuple[str, ...]:
    globs = wanted([asked], names) or ()
    fits = tuple(name for name in names if any(fnmatchcase(name, glob) for glob in globs))
    return fits or tuple(name for name in names if name == _spelt(asked))


def _spelt(printed: str) -> str:
    """A name as tables have it, of one as logs print it."""
    return "_".join(re.split(r"[\W_]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", printed))).lower()


def asked_for(look: Look) -> list[str]:
    """What the engine is to draw for a look: names and globs."""
    names = (glob for asked in look.metrics for glob in (*(wanted([asked]) or ()), _spelt(asked)))
    return list(dict.fromkeys(names))


def none() -> pl.DataFrame:
    """A table of no sketch."""
    import polars as pl

    many = pl.List(pl.Float64)
    kinds: Any = {"run": pl.String, "metric": pl.String, "digest": pl.Int64, "step": many, "value": many}
    return pl.DataFrame(schema={**kinds, "said": pl.String})


def drawn(tables: Iterable[pl.DataFrame], runs: Sequence[Run], look: Look) -> pl.DataFrame:
    """The sketches of runs that were read with curves: of each the metrics that are meant."""
    rows = [(run.name, "", None, None, None, said) for run, said in zip(runs, look.ends(runs), strict=True)]
    for table in tables:
        for name, curves in _curves(table):
            rows += [(name, *_drawn(curves[metric], look)) for metric in meant(curves, look)]
    empty = none()
    return type(empty)(rows, schema=empty.schema, orient="row")


def _curves(table: pl.DataFrame) -> Iterable[tuple[str, dict[str, Any]]]:
    """The rows with a curve of each run, by metric."""
    import polars as pl

    there = table.filter(pl.col("curve_value").is_not_null()).with_columns(pl.col("run").cast(pl.String))
    columns = there.select("run", "metric", "n", "digest")
    by_run: dict[str, dict[str, Any]] = {}
    for at, (run, metric, n, digest) in enumerate(columns.iter_rows()):
        row = (metric, n, digest, there["curve_step"][at], there["curve_value"][at])
        by_run.setdefault(run, {})[metric] = row
    return by_run.items()


def meant(curves: Mapping[str, Any], look: Look) -> list[str]:
    """The metrics among them that the look is about."""
    counts = {metric: row[1] for metric, row in curves.items()}
    return list(dict.fromkeys(name for asked in look.metrics if (name := chosen(asked, counts)) is not None))


def _drawn(row: tuple[Any, ...], look: Look) -> tuple[Any, ...]:
    metric, _, digest, steps, values = row
    x, y = steps.to_numpy(), values.to_numpy()
    stands = kept(x)
    x, y = x[stands], y[stands]
    return metric, digest, x, y, look.curve(metric, x, y)


class Drawn(NamedTuple):
    """The sketch of a metric of a run; that of the run itself has neither steps nor values."""

    digest: int | None
    x: Floats
    y: Floats
    said: str


@dataclass
class Sketches:
    """Sketches by run and metric; runs mostly log at the same steps, which are held once."""

    of: dict[str, dict[str, Drawn]] = field(default_factory=dict)
    _steps: dict[bytes, Floats] = field(default_factory=dict)

    def add(self, table: pl.DataFrame) -> None:
        """Takes those of a table that are not there yet."""
        steps, values = table["step"], table["value"]
        for at, (run, metric, digest, said) in enumerate(table.select("run", "metric", "digest", "said").iter_rows()):
            there = self.of.setdefault(run, {})
            if metric not in there:
                x, y = (_NONE, _NONE) if digest is None else (steps[at].to_numpy(), values[at].to_numpy().copy())
                there[metric] = Drawn(digest, self._steps.setdefault(x.tobytes(), x.copy()), y, said)

    def keep(self, runs: Iterable[str]) -> None:
        """Forgets those of other runs."""
        self.of = {run: self.of[run] for run in runs}


def known(folder: Path, facts: pl.DataFrame, look: Look) -> tuple[Sketches, list[str]]:
    """The sketches that are kept of the runs of some entries, and the runs of which none is missing."""
    import polars as pl

    wants = needed(facts, look)
    names = sorted({metric for metrics in wants.values() for metric in metrics})
    runs, found = facts.select("run", "stamp"), Sketches()
    for path in segment.segments(folder, segment.SKETCHES):
        table = segment.some(path, pl.col("metric").is_in(names))
        if table is not None:
            found.add(table.join(runs, on="stamp"))
    whole = [run for run, metrics in wants.items() if found.of.get(run, {}).keys() >= set(metrics)]
    found.keep(whole)
    return found, whole


def needed(facts: pl.DataFrame, look: Look) -> dict[str, list[str]]:
    """What sketches a look must have of the runs of some entries: the run's own, and those of the metrics it means."""
    found: dict[str, list[str]] = {run: [""] for run in facts["run"]}
    counts: dict[str, dict[str, tuple[None, int]]] = {}
    there = facts.select("run", "rows").drop_nulls("rows")
    if there.height:
        for run, metric, n in there.explode("rows").unnest("rows").select("run", "metric", "n").iter_rows():
            counts.setdefault(run, {})[metric] = (None, n)
    return found | {run: ["", *meant(each, look)] for run, each in counts.items()}
