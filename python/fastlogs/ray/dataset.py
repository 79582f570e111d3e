"""`fastlogs.ray.read`: logs as a Ray Data `Dataset`, of which only the columns, runs and metrics asked for are read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from fastlogs._sweep import runs_of
from fastlogs.errors import UsageError
from fastlogs.ray.tasks import started

if TYPE_CHECKING:
    from ray.data import Dataset

    from fastlogs._run import Run
    from fastlogs._runs import Runs


def read(
    source: str | os.PathLike[str] | Runs | Iterable[Run | str | os.PathLike[str]],
    *,
    layout: Literal["long", "wide"] = "long",
    metrics: Iterable[str] | None = None,
    parallelism: int = -1,
    **options: Any,
) -> Dataset:
    """A Dataset of the runs behind a folder, `Runs`, or a list of either; takes the reading options of `read`.

    `long` has a row a value and one schema whatever the logs; `wide` has a row a step and the columns that `metrics`
    names, as numbers. A filter on `run` or `metric` saves reading; a broken run is warned of where it is read. Every
    machine must see the files by the same paths, or URLs.

    >>> fastlogs.ray.read("runs").count()  # doctest: +SKIP
    82
    """
    ray = started()
    from fastlogs.ray.datasource import LogDatasource

    names = None if metrics is None else tuple([metrics] if isinstance(metrics, str) else metrics)
    if layout not in ("long", "wide"):
        raise UsageError(f"wanted layout 'long' or 'wide', found {layout!r}", help="Runs.look(engine='ray') sums up")
    if layout == "wide" and (not names or any(c in name for name in names for c in "*?[@")):
        raise UsageError("wanted the names of the columns of a wide table", help="metrics=['loss', 'val_loss']")
    runs = runs_of(source, options)
    found: Dataset = ray.data.read_datasource(
        LogDatasource(runs, layout, names), override_num_blocks=_count(parallelism)
    )
    return found


def _count(parallelism: int) -> int | None:
    return parallelism if parallelism > 0 else None
