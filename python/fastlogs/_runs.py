"""`Runs`: several runs, lazily read; and how a path becomes runs."""

from __future__ import annotations

import difflib
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

from fastlogs._cloud import Object
from fastlogs._configs import fits, frame_of
from fastlogs._engines import Engine, over
from fastlogs._index import Facts, facts_of
from fastlogs._labels import labelled, shown, tails
from fastlogs._metrics import wanted
from fastlogs._places import NOWHERE, Place, beside, beside_object, places
from fastlogs._request import Request, ask
from fastlogs._run import Run
from fastlogs._sides import side_by_side
from fastlogs._sources import Source, Sources, resolve
from fastlogs._together import Together, own_columns, read_together
from fastlogs.errors import LinesLeft, UnknownRun, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from fastlogs._index.index import Tell

# A notebook shows so many runs, and reads no more than these to show them.
_SHOWN = 20
# The ending of a file name: letters behind a dot, and what compresses it.
_ENDING = re.compile(r"(\.[A-Za-z]\w{0,9})(\.(gz|xz|zst|bz2|lz4))?$")

__all__ = ["Run", "Runs", "arm_of", "discover", "load"]


class Runs(Sequence[Run]):
    """Runs by position or unique name; nothing is read before it is asked for, and one broken run breaks no other.

    >>> runs = fastlogs.discover("runs")
    >>> runs.names, runs["seed0"].metrics.height, runs.metric("loss").width
    (('seed0', 'seed1'), 40, 3)
    """

    __slots__ = ("__dict__", "_root", "_runs", "_told", "label")

    def __init__(
        self, runs: Iterable[Run], *, label: str = "", _told: set[str] | None = None, _root: str | None = None
    ) -> None:
        self._runs = tuple(runs)
        self.label = label
        # Below which the runs were found; what is read of them is kept under it.
        self._root = _root
        # Whose failure has been told: a warning comes once, whatever is asked next.
        self._told: set[str] = set() if _told is None else _told
        twice = {run.name for run in self._runs}
        if len(twice) < len(self._runs):
            raise UsageError(f"wanted runs of unique names, found {len(self._runs)} runs of {len(twice)} names")

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each run, in order."""
        return tuple(run.name for run in self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    @overload
    def __getitem__(self, at: int | str) -> Run: ...
    @overload
    def __getitem__(self, at: slice) -> Runs: ...
    def __getitem__(self, at: int | str | slice) -> Run | Runs:
        if isinstance(at, slice):
            return self._some(self._runs[at])
        if isinstance(at, str):
            return self._by_name(at)
        return self._runs[at]

    def _some(self, runs: Iterable[Run]) -> Runs:
        return Runs(runs, label=self.label, _told=self._told, _root=self._root)

    @property
    def root(self) -> str | None:
        """The folder below which they were found, where what is read of them is kept; none where nothing is."""
        return self._root

    def only(self, runs: Iterable[Run]) -> Runs:
        """Some of these runs, found below the same root."""
        return self._some(runs)

    def _by_name(self, name: str) -> Run:
        found = next((run for run in self._runs if run.name == name), None)
        if found is None:
            near = difflib.get_close_matches(name, self.names, n=3) or list(self.names[:3])
            raise UnknownRun(f"no run '{name}' among {len(self)}", help="did you mean " + ", ".join(near))
        return found

    def filter(self, *conditions: pl.Expr, **settings: object) -> Runs:
        """The runs whose settings fit: polars expressions over `configs`, or settings by value (None: has none).

        >>> len(fastlogs.discover("runs").filter(pl.col("run") != "seed0"))
        1
        """
        kept = list(self._runs)
        if settings:
            self._known(settings)
            kept = [run for run in kept if fits(self.facts.settings[run.name], settings)]
        if conditions:
            fit = set(self.configs.filter(*conditions)["run"])
            kept = [run for run in kept if run.name in fit]
        return self._some(kept)

    def _known(self, settings: Mapping[str, object]) -> None:
        """Refuses a setting that no run has: it is a slip of the hand."""
        there = {key for one in self.facts.settings.values() for key in one}
        for key, value in settings.items():
            if key not in there and value is not None:
                near = difflib.get_close_matches(key, there, n=3)
                said = "did you mean " + ", ".join(near) if near else "they have " + ", ".join(sorted(there)[:8])
                raise UsageError(f"no run has a setting '{key}'", help=said if there else "")

    @cached_property
    def facts(self) -> Facts:
        """Summaries, settings, what was left and what is broken; remembered of runs that have not changed."""
        return self.look()

    def look(self, tell: Tell | None = None, *, engine: Engine | None = None) -> Facts:
        """The same, now; `tell(done, of)` is called on the way. `engine="ray"` reads the runs as tasks of a cluster.

        >>> fastlogs.discover("runs").look().summary.height
        10
        """
        found = facts_of(self._runs, self._root, tell, way=over(engine))
        self._hear(found.broken)
        self.__dict__["facts"] = found
        return found

    @cached_property
    def configs(self) -> pl.DataFrame:
        """A row a run: its name, and a column a setting."""
        return frame_of(self.facts.settings)

    @property
    def summary(self) -> pl.DataFrame:
        """A row a metric of a run: the columns of `Run.summary()` behind the run's name."""
        return self.facts.summary

    @property
    def broken(self) -> Mapping[str, str]:
        """Why a run gives no table, by name; all are read for it."""
        return MappingProxyType(dict(self.facts.broken))

    def metric(self, name: str) -> pl.DataFrame:
        """One metric of all runs side by side on `step`: a name, a glob, or the first that has a `@role`.

        A run without it is left out; a step that a run has twice gives two rows. Refused when no run has it.

        >>> fastlogs.discover("runs").metric("loss").columns
        ['step', 'seed0', 'seed1']
        """
        return side_by_side(self._runs, name, self._heard)

    def tables(self, metrics: Iterable[str] | None = None) -> dict[str, pl.DataFrame]:
        """The wide table of each run by name, all read at once; broken runs are left out, as are empty columns."""
        found = self._heard(read_together(self._runs, metrics=wanted(metrics)))
        parts = {str(part["run"][0]): part.drop("run") for t in found.tables for part in t.partition_by("run")}
        return {name: own_columns(parts[name]) for name in self.names if name in parts}

    def _heard(self, found: Together) -> Together:
        self._hear(found.broken)
        return found

    def _hear(self, broken: Mapping[str, str]) -> None:
        """Tells of runs that are broken, once each."""
        news = {name: why for name, why in broken.items() if name not in self._told}
        self._told.update(news)
        if news:
            few = "; ".join(f"{name}: {why}" for name, why in list(news.items())[:3]) + " ..." * (len(news) > 3)
            said = f"{len(news)} of {len(self)} runs could not be read ({few}); .broken has all"
            warnings.warn(LinesLeft(said, {"broken_runs": len(news)}), stacklevel=5)

    def __repr__(self) -> str:
        text = f"<Runs: {len(self)}" + (f" in {self.label}" if self.label else "") + ": " + ", ".join(self.names)
        return text + ">" if len(text) < 80 else text[:76] + "...>"

    def _repr_html_(self) -> str:
        """A line a run; of a few runs, or once they were read, their first loss and its trend."""
        from fastlogs._svg import paragraph, table

        shown = self._runs[:_SHOWN]
        known = self._losses() if len(self) <= _SHOWN or "facts" in self.__dict__ else {}
        rows = [(run.name, run.path, run.place.why, *known.get(run.name, ())) for run in shown]
        told = ("run", "path", "why", *(("metric", "last", "trend") if known else ()))
        more = paragraph(f"{len(self) - _SHOWN:,} more runs") if len(self) > _SHOWN else ""
        return f"{table(told, rows)}{more}"

    def _losses(self) -> dict[str, tuple[Any, ...]]:
        """The metric that each run is judged by, its last value, its trend."""
        from fastlogs._metrics import role_of
        from fastlogs._svg import spark

        found: dict[str, tuple[Any, ...]] = {}
        for fact in self.summary.to_dicts():
            role = role_of(fact["metric"])
            if fact["run"] not in found and role is not None and role.name in ("loss", "val_loss"):
                found[fact["run"]] = (fact["metric"], fact["last"], spark(fact.get("trend") or ()))
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._runs, self.label, self._root)


def _again(runs: tuple[Run, ...], label: str, root: str | None) -> Runs:
    return Runs(runs, label=label, _root=root)


def load(path: str | os.PathLike[str], **options: Any) -> Run:
    """The run at a path: a file, or a folder that is one run. Takes the reading options of `read`.

    >>> fastlogs.load("train.log").units
    mappingproxy({'time': 'ms', 'mfu': '%'})
    """
    sources = resolve(path)
    parts = _parts(sources)
    if len(parts) > 1:
        few = ", ".join(list(parts)[:3]) + " ..." * (len(parts) > 3)
        raise UsageError(
            f"wanted one run, found {len(parts)} in {sources.label}: {few}",
            help=f"fastlogs.discover({sources.label!r}) gives them all; load takes one of them",
        )
    place, files = next(iter(parts.values()))
    name = next(iter(parts)) or os.path.basename(sources.label)
    return _run(name, sources.label, place, files, options)


def discover(root: str | os.PathLike[str], glob: str = "*", *, cache: bool = True, **options: Any) -> Runs:
    """The runs below a folder whose path there, or a tail of it, fits the glob. Takes the reading options of `read`.

    What is read of them is kept for the next look, unless `cache` is false or `FASTLOGS_CACHE` is `off`.

    >>> fastlogs.discover("runs").names
    ('seed0', 'seed1')
    """
    text = os.fspath(root)
    if os.path.isfile(text) and not resolve(text).places:
        raise UsageError(f"wanted a folder of runs, found the file {text}", help="fastlogs.load(...) reads one run")
    all_runs = resolve(text).places if os.path.isfile(text) else places(text)
    found = all_runs if glob == "*" else [place for place in all_runs if _fits(place.key, glob)]
    names = tails([_key(place, text) for place in found])
    asked = _asked(options)
    runs = (
        _run(name, shown(place.path), place, _files(place, name), options, asked=asked)
        for name, place in zip(names, found, strict=True)
    )
    return Runs(runs, label=shown(text), _root=text if cache else None)


def arm_of(
    given: str | os.PathLike[str] | Run | Runs, *, seen: dict[str, Place] | None = None, **options: Any
) -> tuple[Run, ...]:
    """The runs of an arm: one of a run's file or folder, by its stem; several of a folder of seeds, as `arm/stem`.

    A `name=path` label names the arm. Takes the reading options of `read`; several arms share one look at their folder
    by sharing `seen`.

    >>> [run.name for run in arm_of("runs")]
    ['runs/seed0', 'runs/seed1']
    """
    if isinstance(given, Run):
        return (given,)
    if isinstance(given, Runs):
        return tuple(given)
    label = labelled(os.fspath(given))
    sources = resolve(label[1])
    arm = label[0] or _stem(os.path.basename(os.path.abspath(sources.label)))
    parts = _parts(sources)
    stems = [f"{arm}/{stem}" for stem in tails([_stem(key) for key in parts])] if len(parts) > 1 else [arm]
    return tuple(
        _run(name, shown(place.path) or sources.label, place, files, options, seen)
        for name, (place, files) in zip(stems, parts.values(), strict=True)
    )


def _parts(sources: Sources) -> dict[str, tuple[Place, tuple[Source, ...]]]:
    """The files of each run by its name, and where it lies."""
    there = {shown(place.key): place for place in sources.places}
    files: dict[str, list[Source]] = {}
    for file in sources.files:
        files.setdefault(file.run, []).append(file)
    return {run: (there.get(run, NOWHERE), tuple(members)) for run, members in files.items()}


def _run(
    name: str,
    path: str,
    place: Place,
    files: tuple[Source, ...],
    options: dict[str, Any],
    seen: dict[str, Place] | None = None,
    asked: Request | None = None,
) -> Run:
    if not place.path and len(files) == 1 and files[0].path:
        place = beside(files[0].path, seen)
    elif not place.path and len(files) == 1 and isinstance(files[0].origin, Object):
        place = beside_object(files[0].origin)
    sources = Sources(files, many=False, label=path, places=(place,))
    request = ask(sources, **options) if asked is None else asked.of(sources)
    return Run(path, name, request, place)


def _asked(options: dict[str, Any]) -> Request | None:
    """What is asked of all runs alike; none where that depends on the files of each."""
    if options.get("pattern") is not None or options.get("metrics") is not None:
        return None
    return ask(Sources((), many=False, label=""), **options)


def _files(place: Place, name: str) -> tuple[Source, ...]:
    return tuple(Source(name, shown(str(file)), file) for file in place.logs)


def _key(place: Place, root: str) -> str:
    return os.path.basename(os.path.abspath(root.rstrip("/"))) if place.key == "." else place.key


def _stem(key: str) -> str:
    """A key without the ending of a file name: `seeds/run_0.csv.gz` is `seeds/run_0`."""
    return _ENDING.sub("", key) or key


def _fits(key: str, glob: str) -> bool:
    """Whether a glob fits a key or a tail of it, as `run_*` does `sweep/run_1`."""
    parts = key.split("/")
    return any(fnmatchcase("/".join(parts[at:]), glob) for at in range(len(parts)))
