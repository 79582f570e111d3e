"""What lies below a URL: objects listed side by side, and arranged into runs by their names, as files are."""

from __future__ import annotations

import os
import re
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastlogs import _core
from fastlogs._cloud.object import THREADS, Gathered, Object
from fastlogs._cloud.store import SCHEMES, URL, is_web, opened_store, split, telling
from fastlogs.errors import Forbidden, NoSuchObject, SourceError, UsageError

_GLOB = re.compile(r"[*?\[{]")
# Stores that list in the order of names, from any name on.
_ORDERED = ("s3://", "s3a://", "gs://")
# Names that no disk takes cannot be arranged.
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Site:
    """A run as the engine found it among names."""

    key: str
    path: str
    logs: tuple[Object | Gathered, ...]
    config: tuple[Object | Gathered, ...]
    checkpoints: tuple[str, ...]
    why: str


def is_url(text: str) -> bool:
    """Whether a source is named by URL, of a kind that is read.

    >>> is_url("s3://bucket/x"), is_url("train.log")
    (True, False)
    """
    found = URL.match(text)
    return found is not None and found[1].lower() in SCHEMES


def look(url: str) -> tuple[Object | None, list[Site], list[str]]:
    """The object of that name; else the runs of a folder or a glob, and what could not be arranged.

    Refuses what is missing, and a folder of a web server, which has no list.
    """
    root, path = split(url)
    store = opened_store(root)
    if not _GLOB.search(path) or is_web(url):
        if path and not path.endswith("/") and (found := _object(store, url, path)) is not None:
            return found, [], []
        if is_web(url):
            raise UsageError(f"{url} is no object, and a web server has no list", help="name each log by its URL")
    base, glob = f"{root}/", _GLOB.search(path)
    fixed = path[: glob.start()].rpartition("/")[0] if glob else path
    there = dict(_listed(store, base, fixed.strip("/")))
    if not there:
        above = url.rstrip("/").rpartition("/")[0]
        raise NoSuchObject(f"no such object or folder: {url}", help=f"fastlogs discover {above}/ lists it", path=url)
    return (None, *_arranged(there, base, path.strip("/")))


def beside(found: Object) -> Site | None:
    """Where the run of a log lies that was named itself, by what lies in its folder; None where that has no list."""
    root, path = split(found.url)
    if is_web(found.url):
        return None
    import obstore

    base, folder = f"{root}/", path.rpartition("/")[0]
    try:
        with telling(found.url):
            there = dict(_named(base, obstore.list_with_delimiter(opened_store(root), folder or None)["objects"]))
    except (Forbidden, SourceError):
        # Who may read a log need not be allowed to list its folder: it stands alone.
        return None
    return next(iter(_arranged({path: found} | there, base, path, beside=True)[0]), None)


def _object(store: Any, url: str, path: str) -> Object | None:
    """An object by its name; none where there is none, which may be a folder."""
    import obstore

    try:
        with telling(url):
            about = obstore.head(store, path)
    except NoSuchObject:
        if is_web(url):
            raise
        return None
    return _found(url, about)


def _found(url: str, about: Any) -> Object:
    return Object(url, int(about["size"]), about.get("e_tag") or "", about["last_modified"].timestamp())


def _listed(store: Any, base: str, folder: str) -> Iterator[tuple[str, Object]]:
    """The objects below a folder by their paths; where names are in order, from several of them on at once."""
    import obstore

    with telling(f"{base}{folder}"):
        if not base.startswith(_ORDERED) or "--x-s3" in base:
            yield from _named(base, (one for page in obstore.list(store, folder or None) for one in page))
            return
        top = obstore.list_with_delimiter(store, folder or None)
        yield from _named(base, top["objects"])
        folders = sorted(f"{prefix.rstrip('/')}/" for prefix in top["common_prefixes"])
        size = max(-(-len(folders) // THREADS), 1)
        spans = [folders[at : at + size] for at in range(0, len(folders), size)]
        with ThreadPoolExecutor(THREADS) as pool:
            for part in pool.map(lambda span: list(_span(store, folder, span)), spans):
                yield from _named(base, part)


def _named(base: str, abouts: Iterable[Any]) -> Iterator[tuple[str, Object]]:
    for about in abouts:
        yield about["path"], _found(base + about["path"], about)


def _span(store: Any, folder: str, span: list[str]) -> Iterator[Any]:
    """The objects of some folders that follow one another."""
    import obstore

    wanted, depth = set(span), span[0].count("/")
    for page in obstore.list(store, folder or None, offset=span[0].rstrip("/")):
        for about in page:
            above = "/".join(about["path"].split("/")[:depth]) + "/"
            if above in wanted:
                yield about
            elif above > span[-1]:
                return


def _arranged(there: dict[str, Object], base: str, path: str, *, beside: bool = False) -> tuple[list[Site], list[str]]:
    """Runs by the names alone: the engine looks at empty files that are called the same."""
    with tempfile.TemporaryDirectory(prefix="fastlogs-") as shadow:
        problems = [f"{base}{name} has a name that cannot be arranged" for name in there if not _drawn(shadow, name)]
        found, told = _core.expand(os.path.join(shadow, path) if path else shadow, beside=beside)
        names = sorted(there)
        sites = [_site(base, there, names, shadow, *run) for run in found]
    return sites, problems + [line.replace(f"{shadow}/", base) for line in told]


def _drawn(shadow: str, name: str) -> bool:
    """Makes the empty file of an object; false where a disk cannot have one."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\0" in part or len(os.fsencode(part)) > _LONGEST for part in parts):
        return False
    file = Path(shadow, *parts)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    except OSError:
        # A name that is a folder too.
        return False
    return True


def _site(
    base: str,
    there: dict[str, Object],
    names: list[str],
    shadow: str,
    key: str,
    path: str,
    logs: Any,
    config: Any,
    points: Any,
    why: str,
) -> Site:
    def meant(file: str) -> Object | Gathered:
        name = os.path.relpath(file, shadow)
        if name in there:
            return there[name]
        below = names[bisect_left(names, f"{name}/") : bisect_left(names, f"{name}0")]
        return Gathered(base + name, tuple((other[len(name) + 1 :], there[other]) for other in below))

    urls = tuple(base + os.path.relpath(point, shadow) for point in points)
    where = os.path.relpath(path, shadow)
    return Site(
        key, base + ("" if where == "." else where), tuple(map(meant, logs)), tuple(map(meant, config)), urls, why
    )
