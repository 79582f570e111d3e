"""Arms: runs that differ only by seed, from whatever a caller names."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from fastlogs._compare.series import Curves
from fastlogs._labels import labelled, tails
from fastlogs._places import Place
from fastlogs._runs import Run, Runs, arm_of
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._compare.options import Axis

Given: TypeAlias = "str | os.PathLike[str] | Run | Runs | pl.DataFrame | Sequence[Any]"


@dataclass(frozen=True)
class FrameRun:
    """A table that is at hand, where a run is wanted."""

    name: str
    metrics: pl.DataFrame
    path: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    coverage: None = None

    def axis(self, name: str) -> pl.Series:
        if name not in self.metrics.columns:
            raise UsageError(f"the frame {self.name} has no column '{name}'", help="add it, or compare on x='step'")
        return self.metrics[name]


@dataclass(frozen=True)
class Arm:
    """Runs with the same settings that differ only by seed."""

    name: str
    curves: tuple[Curves, ...]

    def __len__(self) -> int:
        return len(self.curves)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """What every run of the arm has."""
        first, *rest = self.curves
        return tuple(name for name in first.metrics if all(name in other.metrics for other in rest))

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """The settings that all runs of the arm share."""
        first, *rest = (curves.run.config for curves in self.curves)
        return MappingProxyType({k: v for k, v in first.items() if all(other.get(k) == v for other in rest)})

    def unit(self, metric: str) -> str | None:
        return next((c.run.units[metric] for c in self.curves if metric in c.run.units), None)


def arms_of(given: Sequence[Given], labels: Sequence[str] | None, axis: Axis) -> tuple[Arm, ...]:
    """An arm for each thing given, each with a name of its own."""
    if labels is not None and len(labels) != len(given):
        raise UsageError(
            f"{len(given)} runs and {len(labels)} labels", help="give a label for each, the baseline first"
        )
    seen: dict[str, Place] = {}
    members = [_members(one, at, seen) for at, one in enumerate(given)]
    names = list(labels) if labels is not None else _names(given, members)
    return tuple(
        Arm(name, tuple(Curves(run, axis) for run in runs)) for name, runs in zip(_unique(names), members, strict=True)
    )


def _members(given: Given, at: int, seen: dict[str, Place]) -> tuple[Run, ...]:
    if isinstance(given, Run):
        return (given,)
    if isinstance(given, str | os.PathLike):
        return arm_of(given, seen=seen)
    if isinstance(given, Runs):
        return tuple(given)
    if hasattr(given, "columns") and hasattr(given, "get_column"):
        return (_framed(given, at),)  # type: ignore[return-value]
    if isinstance(given, Iterable):
        return tuple(run for one in given for run in _members(one, at, seen))
    raise TypeError(f"wanted a path, a Run, Runs or a frame, found {type(given).__name__}")


def _framed(frame: Any, at: int) -> FrameRun:
    import polars as pl

    if "step" not in frame.columns:
        frame = frame.with_row_index("step", offset=1)
    numbers = [name for name, kind in frame.schema.items() if kind.is_numeric() and name != "step"]
    return FrameRun(f"frame {at + 1}", frame.with_columns(pl.col(numbers).cast(pl.Float64)))


def _names(given: Sequence[Given], members: Sequence[tuple[Run, ...]]) -> list[str]:
    """The shortest tails of the paths that tell them apart; a run's own name where there is no path."""
    paths = [_stemmed(os.fspath(g)) for g in given if isinstance(g, str | os.PathLike)]
    named = iter(_said(paths))
    return [
        next(named) if isinstance(g, str | os.PathLike) else _common(runs)
        for g, runs in zip(given, members, strict=True)
    ]


def _common(runs: tuple[Run, ...]) -> str:
    """The folder that the names of an arm's runs share."""
    if len(runs) == 1:
        return runs[0].name
    folders = {os.path.dirname(run.name) for run in runs}
    return (folders.pop() if len(folders) == 1 else "") or f"{len(runs)} runs"


def _said(paths: list[str]) -> list[str]:
    """Short names that tell paths apart; a file name that all share says nothing and is left out."""
    apart = list(dict.fromkeys(paths))
    alike = len({os.path.basename(path) for path in apart}) == 1 < len(apart)
    named = dict(zip(apart, tails([os.path.dirname(path) for path in apart] if alike else apart), strict=True))
    return [named[path] for path in paths]


def _stemmed(given: str) -> str:
    """A path without the ending of a file's name; a `name=path` label is the name."""
    label, path = labelled(given)
    if label:
        return label
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(folder, name.split(".")[0] or name if os.path.isfile(path) else name)


def _unique(names: Sequence[str]) -> list[str]:
    """Every name once: the second of a name gets `_2`."""
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return unique


def by_setting(given: Sequence[Given], key: str, axis: Axis) -> tuple[Arm, ...]:
    """An arm for each value that the runs have of a setting, smallest first."""
    groups: dict[Any, list[Run]] = {}
    seen: dict[str, Place] = {}
    for run in (run for at, one in enumerate(given) for run in _members(one, at, seen)):
        if key not in run.config:
            few = ", ".join(list(run.config)[:8]) or "none"
            raise UsageError(f"{run.name} has no setting '{key}'", help=f"its settings are {few}")
        groups.setdefault(run.config[key], []).append(run)
    ordered = sorted(groups, key=lambda value: (isinstance(value, str), value))
    return tuple(Arm(f"{key}={value}", tuple(Curves(run, axis) for run in groups[value])) for value in ordered)


def named_runs(arms: Sequence[Arm]) -> dict[str, Curves]:
    """Every run by a name of its own: the arm's where it is alone and no folder, else `arm/run`."""
    named: dict[str, Curves] = {}
    for arm in arms:
        for curves in arm.curves:
            name = arm.name if len(arm) == 1 and not _is_folder_of_runs(curves.run) else f"{arm.name}/{_own(curves)}"
            named[_free(name, named)] = curves
    return named


def _own(curves: Curves) -> str:
    return os.path.basename(curves.name)


def _is_folder_of_runs(run: Run) -> bool:
    return "/" in run.name


def _free(name: str, taken: Mapping[str, Any]) -> str:
    if name not in taken:
        return name
    return next(free for at in range(2, len(taken) + 3) if (free := f"{name}_{at}") not in taken)
