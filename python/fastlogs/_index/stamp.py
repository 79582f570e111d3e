"""Stamps: what a run's files look like from outside, so that one look tells whether anything has changed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from fastlogs import _core
from fastlogs._cloud import Gathered, Object
from fastlogs._core.files import looks


def engine() -> str:
    """What tells one engine from another: an entry of another is no answer."""
    seen = os.stat(_core.__file__)
    return f"{_core.__version__} {seen.st_size} {seen.st_mtime_ns}"


def stamps(runs: Iterable[Sequence[object]], root: str, began: int) -> list[str]:
    """Of the files of each run: names below a root, sizes, times and places; of objects the tags of their bytes.

    Empty where one cannot be looked at, or was written so shortly before `began` that a later write may look the same.

    >>> stamps([["train.log"]], "", now()) == stamps([["train.log"]], "", now())
    True
    """
    runs = list(runs)
    seen = iter(looks([path for files in runs for path in files if _is_path(path)], began))
    return [_stamp(files, root, seen) for files in runs]


def _is_path(path: object) -> TypeGuard[str]:
    return isinstance(path, str) and path != "-"


def _stamp(files: Sequence[object], root: str, seen: Iterator[str | None]) -> str:
    told = [_told(path.removeprefix(root), next(seen)) if _is_path(path) else _object(path, root) for path in files]
    return "\n".join(told) if all(told) else ""


def _told(name: str, look: str | None) -> str:
    return f"{name}\0{look}" if look else ""


def _object(path: object, root: str) -> str:
    if not isinstance(path, Object | Gathered) or not path.tag:
        return ""
    return f"{path.url.removeprefix(root)}\0{path.size} {path.tag} {path.written}"


def short(text: str) -> str:
    """A stamp in few letters."""
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def now() -> int:
    """The time that files are stamped with."""
    return time.time_ns()
