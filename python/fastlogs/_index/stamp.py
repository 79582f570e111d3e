"""Stamps: what a run's files look like from outside, so that one look tells whether anything has changed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable

from fastlogs import _core
from fastlogs._cloud import Gathered, Object

_NANO = 1_000_000_000
# How long after a write another may leave the same time behind: clocks of files tick; those without parts of a second
# tick every other second.
_TICK, _COARSE_TICK = _NANO // 20, 2 * _NANO


def engine() -> str:
    """What tells one engine from another: an entry of another is no answer."""
    seen = os.stat(_core.__file__)
    return f"{_core.__version__} {seen.st_size} {seen.st_mtime_ns}"


def stamp(files: Iterable[object], root: str, began: int) -> str:
    """Names below a root, sizes, times and places of files; of objects the tags of their bytes.

    Empty when one cannot be looked at, or was written so shortly before `began` that a later write may look the same.

    >>> stamp(["train.log"], "", now()) == stamp(["train.log"], "", now())
    True
    """
    seen: list[str] = []
    for path in files:
        if isinstance(path, Object | Gathered):
            if not path.tag:
                return ""
            seen.append(f"{path.url.removeprefix(root)}\0{path.size} {path.tag} {path.written}")
            continue
        if not isinstance(path, str) or path == "-":
            return ""
        try:
            about = os.stat(path)
        except OSError:
            return ""
        latest = max(about.st_mtime_ns, about.st_ctime_ns)
        tick = _TICK if about.st_mtime_ns % _NANO or about.st_ctime_ns % _NANO else _COARSE_TICK
        if latest + tick > began:
            return ""
        seen.append(
            f"{path.removeprefix(root)}\0{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino}"
        )
    return "\n".join(seen)


def short(text: str) -> str:
    """A stamp in few letters."""
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def now() -> int:
    """The time that files are stamped with."""
    return time.time_ns()
