"""Names as people read them: labels, the shortest tails of paths, what is no UTF-8."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import PurePath

from fastlogs._cloud import is_url

_LABEL = re.compile(r"([^/\\=*?\[\]]+)=(.+)", re.DOTALL)
_CODEC = re.compile(r"\.(gz|xz|zst|bz2|lz4)$", re.IGNORECASE)


def labelled(text: str) -> tuple[str, str]:
    """Name and path of a `name=path` label; a path that is there is none."""
    label = None if os.path.exists(text) or is_url(text) else _LABEL.fullmatch(text)
    return (label[1], label[2]) if label else ("", text)


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
