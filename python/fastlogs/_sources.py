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

from fastlogs import _core
from fastlogs.errors import LinesLeft, MissingExtra, UsageError

Given: TypeAlias = "str | os.PathLike[str] | IO[bytes] | Iterable[str | os.PathLike[str] | IO[bytes]]"

_LABEL = re.compile(r"([^/\\=*?\[\]]+)=(.+)", re.DOTALL)
_URL = re.compile(r"(\w[\w+.-]+)://")
_GLOB = re.compile(r"[*?\[]")
# What makes two files of one run differ in name: rank, rotation, the stream that was captured.
_VARIANT = re.compile(
    r"[._-]?(rank|worker|node|proc|host|gpu)[._-]?\d+|\.\d+$|\.(out|err|stdout|stderr)$", re.IGNORECASE
)
_CODEC = re.compile(r"\.(gz|xz|zst|bz2|lz4)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One file of one run; `origin` is a path, `-` or an open binary file."""

    run: str
    name: str
    origin: Any

    @property
    def path(self) -> str | None:
        return self.origin if isinstance(self.origin, str) and self.origin != "-" else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run lies: its key under the root, its logs, settings and checkpoints, and what says that it is one."""

    key: str
    path: str = ""
    logs: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    checkpoints: tuple[str, ...] = ()
    why: str = ""


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
        """What is on the disk; 0 when a source does not say."""
        paths = [f.path for f in self.files]
        return sum(os.path.getsize(p) for p in paths if p) if all(p and os.path.isfile(p) for p in paths) else 0

    @property
    def repeatable(self) -> bool:
        """Whether the bytes can be read again: pipes and open files cannot."""
        return all(f.path is not None and os.path.isfile(f.path) for f in self.files)


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
    if scheme := _URL.match(text):
        raise MissingExtra(f"reading {scheme[1]}:// needs an extra", help="pip install 'fastlogs[cloud]'")
    if os.path.isdir(text):
        return _folder(text)
    if os.path.exists(text):
        return Sources((Source("", shown(text), text),), many=False, label=shown(text))
    name, path = labelled(text)
    if name:
        files = tuple(Source(shown(name), f.name, f.origin) for f in _named(path).files)
        return Sources(files, many=True, label=shown(text))
    if _GLOB.search(text):
        return _globbed(text)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), text)


def labelled(text: str) -> tuple[str, str]:
    """Name and path of a `name=path` label; a path that is there is none."""
    label = None if os.path.exists(text) or _URL.match(text) else _LABEL.fullmatch(text)
    return (label[1], label[2]) if label else ("", text)


def _globbed(text: str) -> Sources:
    found = _expanded(text)
    return Sources(_several(found), many=len(found) > 1, label=shown(text))


def _folder(root: str) -> Sources:
    """A folder is one run, or a folder of runs: by how its files are named."""
    runs = places(root)
    if len(runs) == 1:
        runs = [replace(runs[0], key=os.path.basename(os.path.abspath(root)))]
    files = tuple(Source(shown(run.key), shown(f), f) for run in runs for f in run.logs)
    return Sources(files, many=len(runs) > 1, label=shown(root), places=tuple(runs))


def places(root: str) -> list[Place]:
    """The runs of a folder, each with what belongs to it."""
    found = group(root, _expanded(root))
    return [Place(key, _path(root, key, members), tuple(members)) for key, members in found.items()]


def _path(root: str, key: str, members: list[str]) -> str:
    folder = os.path.normpath(os.path.join(root, key))
    return folder if os.path.isdir(folder) else members[0]


def _expanded(path: str) -> list[str]:
    """The files behind a folder or a glob; what could not be looked into is told."""
    found, problems = _core.expand(path)
    for problem in problems:
        warnings.warn(LinesLeft(problem, {"forbidden": 1}), stacklevel=5)
    if not found:
        raise FileNotFoundError(errno.ENOENT, "no file in the folder", path)
    return found


def group(root: str, files: list[str]) -> dict[str, list[str]]:
    """The runs of a folder by key: sub-folders are runs; files alike but for digits are; others are parts of one."""
    below = os.path.join(root, "")
    folders: dict[str, list[str]] = {}
    for file in files:
        folders.setdefault(os.path.dirname(file.removeprefix(below)), []).append(file)
    runs: dict[str, list[str]] = {}
    for folder, members in folders.items():
        parts = [_CODEC.sub("", os.path.basename(m)) for m in members]
        if _apart(parts):
            runs |= {os.path.join(folder, part): [m] for part, m in zip(parts, members, strict=True)}
        else:
            runs[folder or "."] = members
    return runs


def _apart(names: list[str]) -> bool:
    """Whether files of one folder are runs of their own: one name but for digits, and not by rank or rotation."""
    if len(names) < 2:
        return False
    alike = {re.sub(r"\d+", "0", name) for name in names}
    plain = {_VARIANT.sub("", name) for name in names}
    return len(alike) == 1 and len(plain) == len(names)


def _listed(given: list[Any]) -> Sources:
    if not given:
        raise UsageError("wanted at least one source, found an empty list")
    parts = [resolve(item) for item in given]
    files = [f for part in parts for f in part.files]
    names = iter(tails([f.name for f in files if not f.run]))
    named = tuple(f if f.run else Source(next(names), f.name, f.origin) for f in files)
    return Sources(
        named, many=len(files) > 1 or any(p.many for p in parts), label=", ".join(p.label for p in parts[:3])
    )


def _several(paths: list[str]) -> tuple[Source, ...]:
    return tuple(Source(shown(run), shown(path), path) for run, path in zip(tails(paths), paths, strict=True))


def tails(paths: list[str]) -> list[str]:
    """The shortest tail of each path that no other path has; a path given twice is told apart by a number."""
    split = [PurePath(shown(p)).parts for p in paths]
    names: list[str] = [""] * len(paths)
    left, length = list(range(len(paths))), 1
    while left:
        tails = {at: split[at][-length:] for at in left}
        seen = Counter(tails.values())
        for at, tail in tails.items():
            if seen[tail] == 1 or length >= len(split[at]):
                names[at] = "/".join(tail).replace("//", "/")
        left = [at for at in left if not names[at]]
        length += 1
    given: Counter[str] = Counter()
    for at, name in enumerate(names):
        given[name] += 1
        names[at] = name if given[name] == 1 else f"{name}#{given[name]}"
    return names


def is_packed(name: str) -> bool:
    """Whether a name says that its file is compressed."""
    return _CODEC.search(name) is not None


def shown(path: str) -> str:
    """A path as text: bytes that are no UTF-8 become the replacement character."""
    return os.fsencode(path).decode("utf-8", "replace")


def _file_name(file: object) -> str:
    name = getattr(file, "name", None)
    return shown(name) if isinstance(name, str) else "<file>"
