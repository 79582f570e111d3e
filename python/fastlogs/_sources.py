"""What a caller names as a source, as a list of files and the run each belongs to."""

from __future__ import annotations

import errno
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, Any, TypeAlias

from fastlogs import _cloud, _core
from fastlogs._cloud import Gathered, Object, Site, is_url
from fastlogs._layouts import Found, Stored, runs_of
from fastlogs.errors import DamagedFile, LinesLeft, UsageError

Given: TypeAlias = "str | os.PathLike[str] | IO[bytes] | Iterable[str | os.PathLike[str] | IO[bytes]]"

_LABEL = re.compile(r"([^/\\=*?\[\]]+)=(.+)", re.DOTALL)
_GLOB = re.compile(r"[*?\[]")
_CODEC = re.compile(r"\.(gz|xz|zst|bz2|lz4)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One file of one run; `origin` is a path, `-`, an object, a run in a database or an open binary file."""

    run: str
    name: str
    origin: Any

    @property
    def path(self) -> str | None:
        return self.origin if isinstance(self.origin, str) and self.origin != "-" else None

    @property
    def repeatable(self) -> bool:
        """Whether the bytes can be read again: pipes and open files cannot."""
        lasting = isinstance(self.origin, Stored | Object | Gathered)
        return lasting or (self.path is not None and (os.path.isfile(self.path) or os.path.isdir(self.path)))

    @property
    def size(self) -> int:
        """How many bytes it has, as far as that is known without reading it; else 0."""
        if isinstance(self.origin, Object | Gathered):
            return self.origin.size
        return _size(self.path) if self.path and os.path.exists(self.path) else 0

    def head(self, size: int) -> bytes | None:
        """The first bytes of what can be read again; None of what cannot."""
        if isinstance(self.origin, Object | Gathered):
            return self.origin.head(size)
        if self.path is None or not os.path.isfile(self.path):
            return None
        with open(self.path, "rb") as opened:
            return opened.read(size)

    def tail(self, size: int) -> bytes:
        """The last bytes of a file or an object; none of what has no end to look at."""
        if isinstance(self.origin, Object | Gathered):
            return self.origin.tail(size)
        if self.path is None:
            return b""
        with open(self.path, "rb") as opened:
            opened.seek(max(os.fstat(opened.fileno()).st_size - size, 0))
            return opened.read(size)

    @property
    def written(self) -> float | None:
        """When it was last written to, in seconds since 1970."""
        if isinstance(self.origin, Object | Gathered):
            return self.origin.written
        return os.stat(self.path).st_mtime if self.path is not None and os.path.exists(self.path) else None

    def given(self) -> Any:
        """What the engine opens."""
        return self.origin.text() if isinstance(self.origin, Stored) else self.origin


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


@dataclass(frozen=True, slots=True)
class Sources:
    """All files of a read; `many` puts a run column first."""

    files: tuple[Source, ...]
    many: bool
    label: str
    # Where each run lies, by the name that its files have.
    places: tuple[Place, ...] = ()

    @property
    def bytes(self) -> int:
        """What is on the disk or in objects; 0 when a source does not say."""
        objects = [isinstance(f.origin, Object | Gathered) for f in self.files]
        known = all(o or (f.path and os.path.exists(f.path)) for o, f in zip(objects, self.files, strict=True))
        return sum(f.size for f in self.files) if known else 0

    @property
    def remote(self) -> bool:
        """Whether any is an object, of which the engine sees a stream."""
        return any(isinstance(f.origin, Object | Gathered) for f in self.files)

    def given(self) -> list[tuple[str, str, Any]]:
        """What the engine opens: run, name and bytes of each; objects are fetched side by side."""
        objects = [f.origin for f in self.files if isinstance(f.origin, Object | Gathered)]
        opened = iter(_cloud.opened(objects) if objects else ())
        return [
            (f.run, f.name, next(opened) if isinstance(f.origin, Object | Gathered) else f.given()) for f in self.files
        ]

    @property
    def repeatable(self) -> bool:
        """Whether the bytes of all can be read again."""
        return all(f.repeatable for f in self.files)


def _size(path: str) -> int:
    """Bytes of a file; of a folder of metrics those of its files."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    below = (os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)
    return sum(os.path.getsize(file) for file in below if os.path.isfile(file))


def resolve(given: Given | Sources) -> Sources:
    """The files behind a path, folder, glob, list, `-`, `name=path` label or open binary file."""
    if isinstance(given, Sources):
        return given
    if isinstance(given, str | os.PathLike):
        return _named(os.fspath(given))
    if hasattr(given, "read") or hasattr(given, "readinto"):
        return Sources((Source("", _file_name(given), given),), many=False, label=_file_name(given))
    if isinstance(given, bytes | bytearray | memoryview):
        raise TypeError("wanted a path or an open binary file, found bytes: wrap them in io.BytesIO")
    if isinstance(given, Iterable):
        return _listed(list(given))
    raise TypeError(f"wanted a path, a list of paths or an open binary file, found {type(given).__name__}")


def _named(text: str) -> Sources:
    if text == "-":
        return Sources((Source("", "-", "-"),), many=False, label="-")
    if is_url(text):
        return _remote(text)
    if os.path.isdir(text):
        return _folder(text)
    if os.path.exists(text):
        held = _held(text, os.path.basename(text)) if os.path.isfile(text) else None
        if held is not None:
            return _of_places(held, text)
        return Sources((Source("", shown(text), text),), many=False, label=shown(text))
    if (stored := _of_one_store(text)) is not None:
        return _of_places(stored, text)
    name, path = labelled(text)
    if name:
        files = tuple(Source(shown(name), f.name, f.origin) for f in _named(path).files)
        return Sources(files, many=True, label=shown(text))
    if _GLOB.search(text):
        return _globbed(text)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), text)


def _remote(url: str) -> Sources:
    """An object, or the runs below a folder or a glob of them."""
    found, sites, problems = _cloud.look(url)
    if found is not None:
        return Sources((Source("", shown(url), found),), many=False, label=shown(url))
    runs = _sited(url, sites, problems)
    if len(runs) == 1 and runs[0].key == ".":
        runs = [replace(runs[0], key=PurePath(url).name)]
    return _of_places(runs, url)


def _sited(url: str, sites: list[Site], problems: list[str]) -> list[Place]:
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


def labelled(text: str) -> tuple[str, str]:
    """Name and path of a `name=path` label; a path that is there is none."""
    label = None if os.path.exists(text) or is_url(text) else _LABEL.fullmatch(text)
    return (label[1], label[2]) if label else ("", text)


def _globbed(text: str) -> Sources:
    """A glob is the runs of the folders it matches, and each file."""
    runs = places(text)
    names = tails([run.path for run in runs])
    return _of_places([replace(run, key=name) for run, name in zip(runs, names, strict=True)], text)


def _folder(root: str) -> Sources:
    """A folder is one run, or a folder of runs."""
    runs = places(root)
    if len(runs) == 1:
        runs = [replace(runs[0], key=os.path.basename(os.path.abspath(root)))]
    return _of_places(runs, root)


def _of_places(runs: list[Place], label: str) -> Sources:
    files = tuple(Source(shown(run.key), shown(str(f)), f) for run in runs for f in run.logs)
    return Sources(files, many=len(runs) > 1, label=shown(label), places=tuple(runs))


def places(path: str) -> list[Place]:
    """The runs of a folder or a glob, each with what belongs to it; what could not be looked into is told."""
    if is_url(path):
        found_object, sites, problems = _cloud.look(path)
        if found_object is not None:
            said = f"wanted a folder of runs, found the object {path}"
            raise UsageError(said, help="fastlogs.load(...) reads one run")
        return _sited(path, sites, problems)
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
        held = _held(place.path, place.key)
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


def _held(path: str, key: str) -> list[Place] | None:
    """The runs of a database, by its key and theirs."""
    held = runs_of(path)
    return None if held is None else [_of_store(path, key, run) for run in _named_once(held)]


def _of_one_store(text: str) -> list[Place] | None:
    """The run that `runs.db:name` names, or its id in the database; None where no database is named."""
    path, _, name = text.rpartition(":")
    held = _held(path, os.path.basename(path)) if path and os.path.isfile(path) else None
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


def _listed(given: list[Any]) -> Sources:
    if not given:
        raise UsageError("wanted at least one source, found an empty list")
    parts = [resolve(item) for item in given]
    files = [f for part in parts for f in part.files]
    names = iter(tails([f.name for f in files if not f.run]))
    named = tuple(f if f.run else Source(next(names), f.name, f.origin) for f in files)
    many, label = len(files) > 1 or any(p.many for p in parts), ", ".join(p.label for p in parts[:3])
    return Sources(named, many, label, tuple(place for part in parts for place in part.places))


def tails(paths: list[str]) -> list[str]:
    """The shortest tail of each path that no other path has; a path given twice is told apart by a number."""
    split = [_parts(shown(p)) for p in paths]
    names: list[str] = [""] * len(paths)
    left, length = list(range(len(paths))), 1
    while left:
        tails = {at: split[at][-length:] for at in left}
        seen = Counter(tails.values())
        for at, tail in tails.items():
            if seen[tail] == 1 or length >= len(split[at]):
                names[at] = "/".join(tail).replace("//", "/") or "."
        left = [at for at in left if not names[at]]
        length += 1
    given: Counter[str] = Counter()
    for at, name in enumerate(names):
        given[name] += 1
        names[at] = name if given[name] == 1 else f"{name}#{given[name]}"
    return names


def _parts(path: str) -> tuple[str, ...]:
    parts = tuple(path.split("/"))
    return PurePath(path).parts if "" in parts or "." in parts else parts


def is_packed(name: str) -> bool:
    """Whether a name says that its file is compressed."""
    return _CODEC.search(name) is not None


def shown(path: str) -> str:
    """A path as text: bytes that are no UTF-8 become the replacement character."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "replace")


def _file_name(file: object) -> str:
    name = getattr(file, "name", None)
    return shown(name) if isinstance(name, str) else "<file>"
