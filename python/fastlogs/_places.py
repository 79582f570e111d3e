"""Where runs lie: in folders, in databases, in objects, and beside a log."""

from __future__ import annotations

import errno
import os
import warnings
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from fastlogs import _cloud, _core
from fastlogs._cloud import Gathered, Object, Site, is_url
from fastlogs._layouts import Found, Stored, runs_of
from fastlogs.errors import DamagedFile, LinesLeft, UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run lies: its key under the root, its logs, settings and checkpoints, and what says that it is one."""

    key: str
    path: str = ""
    logs: tuple[str | Stored | Object | Gathered, ...] = ()
    config: tuple[str | Object | Gathered, ...] = ()
    checkpoints: tuple[str, ...] = ()
    why: str = ""
    # Settings that no file has.
    stated: tuple[tuple[str, Any], ...] = ()


# A run that is no place on a disk: standard input, an open file.
NOWHERE = Place("")


def places(path: str) -> list[Place]:
    """The runs of a folder or a glob, each with what belongs to it; what could not be looked into is told."""
    if is_url(path):
        found_object, sites, problems = _cloud.look(path)
        if found_object is not None:
            said = f"wanted a folder of runs, found the object {path}"
            raise UsageError(said, help="fastlogs.load(...) reads one run")
        return sited(path, sites, problems)
    found, problems = _core.expand(path)
    for problem in problems:
        warnings.warn(LinesLeft(problem, {"forbidden": 1}), stacklevel=5)
    all_runs = [place for run in found for place in _unfolded(_place(*run))]
    if not all_runs:
        raise FileNotFoundError(errno.ENOENT, "no log in the folder", path)
    return all_runs


# What the engine says of a file that may hold many runs.
_STORE = "a database"


def _unfolded(place: Place) -> list[Place]:
    """A run as it is; a database as the runs it holds, none where it holds none. A damaged one is told of."""
    if place.why != _STORE:
        return [place]
    try:
        held = held_runs(place.path, place.key)
    except (DamagedFile, OSError) as error:
        warnings.warn(LinesLeft(str(error), {"damaged": 1}), stacklevel=6)
        return []
    if held is None:
        return (
            []
            if place.key.endswith((".db", ".sqlite", ".sqlite3"))
            else [replace(place, why="the one log of its name")]
        )
    return held


def held_runs(path: str, key: str) -> list[Place] | None:
    """The runs of a database, by its key and theirs."""
    held = runs_of(path)
    return None if held is None else [_of_store(path, key, run) for run in _named_once(held)]


def held_run(text: str) -> list[Place] | None:
    """The run that `runs.db:name` names, or its id in the database; None where no database is named."""
    path, _, name = text.rpartition(":")
    held = held_runs(path, os.path.basename(path)) if path and os.path.isfile(path) else None
    if held is None:
        return None
    found = [run for run in held if f"/{run.key}".endswith(f"/{name}") or getattr(run.logs[0], "run", None) == name]
    if not found:
        names = ", ".join(run.key.split("/", 1)[-1] for run in held[:8])
        raise UsageError(f"no run {name!r} in {path}", help=f"it has {names}")
    return found


def _named_once(held: list[Found]) -> list[Found]:
    """Runs of one name in a database are told apart by a number."""
    given: Counter[str] = Counter()
    named = []
    for run in held:
        given[run.key] += 1
        named.append(run if given[run.key] == 1 else replace(run, key=f"{run.key}#{given[run.key]}"))
    return named


def _of_store(path: str, key: str, run: Found) -> Place:
    return Place(
        f"{key}/{run.key}", path, (run.stored,), why=f"a run of an {run.stored.form} store", stated=run.settings
    )


def is_folder(path: str) -> bool:
    """Whether a path holds runs, rather than being one's log."""
    if not is_url(path):
        return os.path.isdir(path)
    return _cloud.look(path)[0] is None


def beside_object(log: Object) -> Place:
    """The same of an object, by the names in its folder."""
    site = _cloud.beside(log)
    return NOWHERE if site is None else _at(site)


def beside(log: str, seen: dict[str, Place] | None = None) -> Place:
    """Where the run of a log lies that was named itself: its settings and checkpoints are looked for beside it.

    `seen` holds what one look into a folder told of its other logs, for as long as a caller keeps it.
    """
    if seen is not None and log in seen:
        return seen[log]
    own, *others = (_place(*run) for run in _core.expand(log, beside=True)[0])
    if seen is not None:
        seen.update({place.path: place for place in others} | {log: own})
    return own


def _place(key: str, path: str, logs: list[str], config: list[str], checkpoints: list[str], why: str) -> Place:
    return Place(key, path, tuple(logs), tuple(config), tuple(checkpoints), why)


def sited(url: str, sites: list[Site], problems: list[str]) -> list[Place]:
    for problem in problems:
        warnings.warn(LinesLeft(problem, {"forbidden": 1}), stacklevel=6)
    # A database is opened where it lies, which an object cannot be.
    runs = [_at(site) for site in sites if site.why != _STORE]
    if len(runs) < len(sites):
        said = f"{len(sites) - len(runs)} databases below {url} left out: download them to read their runs"
        warnings.warn(LinesLeft(said, {"databases": len(sites) - len(runs)}), stacklevel=6)
    if not runs:
        raise FileNotFoundError(errno.ENOENT, "no log in the folder", url)
    return runs


def _at(site: Site) -> Place:
    return Place(site.key, site.path, site.logs, site.config, site.checkpoints, site.why)
