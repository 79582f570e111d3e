"""Checkpoints measured without a training run, tensor by tensor, so that no model has to fit into memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from fastlogs.errors import UsageError
from fastlogs.model.change import NAMED, Change, Changes, at_thresholds, empty, finite, joined, totals
from fastlogs.model.checkpoint.entry import Entry
from fastlogs.model.checkpoint.opened import Checkpoint, open_checkpoint
from fastlogs.model.groups import known
from fastlogs.model.measure import THRESHOLDS

Path: TypeAlias = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Stats:
    """The weights of a checkpoint; `skipped` are tensors that are no floats."""

    checkpoint: Checkpoint
    changes: Changes
    skipped: tuple[str, ...] = ()

    def metrics(self) -> dict[str, float]:
        """The same keys as `fastlogs.torch` logs."""
        total = self.changes.total
        return {f"weights/{key}": value for key, value in totals(total).items()} | {
            "weights/nonfinite": total.nonfinite
        }


@dataclass(frozen=True, slots=True)
class Diff:
    """One checkpoint less another; tensors of one side only, or of other shapes, are named and not measured."""

    old: Checkpoint
    new: Checkpoint
    changes: Changes
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    reshaped: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def metrics(self) -> dict[str, float]:
        """The keys that `fastlogs.torch` logs in training: `param_change/norm_l2`, `param_change/layer_0/...`."""
        return change_metrics(self.changes, layers=True, components=True)


def change_metrics(changes: Changes, *, layers: bool = False, components: bool = False) -> dict[str, float]:
    """The metrics of a change by key; of each layer and component if asked for."""
    total, thresholds = changes.total, changes.thresholds
    metrics = totals(total) | at_thresholds(total, thresholds)
    metrics |= finite({"update_ratio": total.update_ratio}) | {"nonfinite": float(total.nonfinite)}
    for title, group, wanted in (("layer_", known().layer, layers), ("component/", known().component, components)):
        for name, change in changes.by(group).items() if wanted else ():
            metrics |= {f"{title}{name}/{key}": value for key, value in group_metrics(change, thresholds).items()}
    return {f"param_change/{key}": value for key, value in metrics.items()}


def group_metrics(change: Change, thresholds: Sequence[float]) -> dict[str, float]:
    """Of a layer or component: the mean size, and the sparsity at the first threshold under a key without it."""
    metrics = {"mean_abs_delta": change.mean_size}
    if thresholds:
        metrics["sparsity"] = change.sparsity(thresholds[0])
    return finite(metrics)


def stats(path: Path, *, threads: int | None = None) -> Stats:
    """The weights of a checkpoint: norms, moments, values that are not finite."""
    found = open_checkpoint(path)
    names = [name for name, entry in found.entries.items() if entry.is_float]
    rows = [_row(found.entries[name], None, (), threads) for name in names]
    return Stats(found, _changes(names, rows, ()), tuple(name for name in found if name not in set(names)))


def diff(old: Path, new: Path, *, thresholds: Sequence[float] = THRESHOLDS, threads: int | None = None) -> Diff:
    """What became of the weights from one checkpoint to another. Refuses two that share no tensor."""
    a, b = open_checkpoint(old), open_checkpoint(new)
    both = [name for name in b if name in a.entries]
    if not both:
        raise UsageError(
            f"{a.path} and {b.path} share no tensor", help="'fastlogs model stats PATH --by tensor' lists them"
        )
    same = [name for name in both if a.entries[name].shape == b.entries[name].shape]
    floats = [name for name in same if a.entries[name].is_float and b.entries[name].is_float]
    bounds = tuple(float(t) for t in thresholds)
    rows = [_row(b.entries[name], a.entries[name], bounds, threads) for name in floats]
    return Diff(
        a,
        b,
        _changes(floats, rows, bounds),
        only_old=tuple(name for name in a if name not in b.entries),
        only_new=tuple(name for name in b if name not in a.entries),
        reshaped=tuple(name for name in both if name not in set(same)),
        skipped=tuple(name for name in same if name not in set(floats)),
    )


def _changes(names: Sequence[str], rows: Sequence[Any], thresholds: tuple[float, ...]) -> Changes:
    table = np.array(rows) if rows else np.zeros((0, NAMED + len(thresholds)))
    return Changes(tuple(names), table, thresholds)


def _row(new: Entry, old: Entry | None, thresholds: tuple[float, ...], threads: int | None) -> Any:
    """The row of one tensor, its pieces joined."""
    from fastlogs._core import tensors

    if old is None:
        rows = [tensors.measure([piece], bounds=thresholds, threads=threads)[0] for piece in new.pieces()]
    else:
        pairs = zip(new.pieces(), old.pieces(), strict=True)
        rows = [tensors.measure([a], [b], bounds=thresholds, signs=True, threads=threads)[0] for a, b in pairs]
    return joined(np.array(rows)) if rows else empty(len(thresholds))
