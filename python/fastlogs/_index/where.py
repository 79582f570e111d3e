"""Where indexes lie: a folder for each root, below one that the user may name or forbid."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastlogs._cloud import is_url
from fastlogs._index.segment import SKETCHES, segments

# Names the folder of all indexes; `off` forbids them.
VARIABLE = "FASTLOGS_CACHE"
_ROOT = "root.txt"


def home() -> Path | None:
    """The folder of all indexes; none where the user wants none.

    >>> os.environ["FASTLOGS_CACHE"] = "off"; home() is None
    True
    """
    named = os.environ.get(VARIABLE, "")
    if named:
        return None if named.lower() in ("off", "0", "no") else Path(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "fastlogs"
    except RuntimeError:
        # Somebody without a home.
        return None


def folder_of(root: str) -> Path | None:
    """The folder of one root's index, made if need be; none where it cannot be written."""
    above = home()
    if above is None:
        return None
    real = _real(root)
    folder = above / hashlib.blake2b(os.fsencode(real), digest_size=12).hexdigest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / _ROOT).exists():
            (folder / _ROOT).write_bytes(os.fsencode(real))
    except OSError:
        # A home that cannot be written to: everything is read as if for the first time.
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def _real(root: str) -> str:
    return root if is_url(root) else os.path.realpath(root)


@dataclass(frozen=True)
class Kept:
    """One index on the disk."""

    root: str
    folder: Path
    bytes: int
    files: int


def kept() -> Iterator[Kept]:
    """The indexes there are."""
    above = home()
    for folder in sorted(above.iterdir()) if above is not None and above.is_dir() else ():
        name = folder / _ROOT
        if name.is_file():
            sizes = [path.stat().st_size for path in (*segments(folder), *segments(folder, SKETCHES))]
            yield Kept(os.fsdecode(name.read_bytes()), folder, sum(sizes), len(sizes))


def clear(root: str | None = None) -> list[Kept]:
    """Removes the index of a root, or all; gives those that were there."""
    wanted = None if root is None else _real(root)
    gone = [one for one in kept() if wanted in (None, one.root)]
    for one in gone:
        shutil.rmtree(one.folder)
    return gone
