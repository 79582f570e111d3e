"""What a caller names as a source, as a list of files and the run each belongs to."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, Any, TypeAlias

from fastlogs import _cloud
from fastlogs._cloud import Gathered, Object, is_url
from fastlogs._labels import labelled, shown, tails
from fastlogs._layouts import Stored
from fastlogs._places import Place, held_run, held_runs, places, sited
from fastlogs.errors import UsageError

Given: TypeAlias = "str | os.PathLike[str] | IO[bytes] | Iterable[str | os.PathLike[str] | IO[bytes]]"

_GLOB = re.compile(r"[*?\[]")


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
        held = held_runs(text, os.path.basename(text)) if os.path.isfile(text) else None
        if held is not None:
            return _of_places(held, text)
        return Sources((Source("", shown(text), text),), many=False, label=shown(text))
    if (stored := held_run(text)) is not None:
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
    runs = sited(url, sites, problems)
    if len(runs) == 1 and runs[0].key == ".":
        runs = [replace(runs[0], key=PurePath(url).name)]
    return _of_places(runs, url)


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


def _listed(given: list[Any]) -> Sources:
    if not given:
        raise UsageError("wanted at least one source, found an empty list")
    parts = [resolve(item) for item in given]
    files = [f for part in parts for f in part.files]
    names = iter(tails([f.name for f in files if not f.run]))
    named = tuple(f if f.run else Source(next(names), f.name, f.origin) for f in files)
    many, label = len(files) > 1 or any(p.many for p in parts), ", ".join(p.label for p in parts[:3])
    return Sources(named, many, label, tuple(place for part in parts for place in part.places))


def _file_name(file: object) -> str:
    name = getattr(file, "name", None)
    return shown(name) if isinstance(name, str) else "<file>"
