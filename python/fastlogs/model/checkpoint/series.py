"""All checkpoints of a run, in the order of their steps, each beside the one before."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from fastlogs.errors import FastlogsError, UsageError
from fastlogs.model.checkpoint.measured import diff, stats
from fastlogs.model.checkpoint.opened import open_checkpoint
from fastlogs.model.measure import THRESHOLDS


def over_steps(
    paths: Iterable[str | os.PathLike[str]], *, thresholds: Sequence[float] = THRESHOLDS
) -> list[dict[str, float]]:
    """A row a checkpoint: its step, `weights/*`, and from the second on `param_change/*` since the one before.

    What holds no weights is left out; refuses when nothing holds any.
    """
    rows: list[dict[str, float]] = []
    before = ""
    for step, path in sorted(_steps(paths)):
        row: dict[str, float] = {"step": step} | stats(path).metrics()
        if before:
            row |= _since(before, path, thresholds)
        rows.append(row)
        before = path
    if not rows:
        raise UsageError("none of the run's checkpoints holds weights")
    return rows


def _since(before: str, path: str, thresholds: Sequence[float]) -> dict[str, float]:
    metrics = diff(before, path, thresholds=thresholds).metrics()
    return {key: value for key, value in metrics.items() if key.count("/") == 1}


def _steps(paths: Iterable[str | os.PathLike[str]]) -> Iterator[tuple[int, str]]:
    """Each checkpoint with its step, or its place where its name has none."""
    for at, path in enumerate(os.fspath(path) for path in paths):
        try:
            step = open_checkpoint(path).step
        except FastlogsError:
            continue
        yield (at if step is None else step), path
