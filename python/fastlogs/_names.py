"""Refuses metric names that a log does not have, with the names it has."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from fastlogs._metrics import wanted
from fastlogs._request import CONTEXT, Request, columns_of
from fastlogs.errors import UnknownMetric

if TYPE_CHECKING:
    import polars as pl


def require_named(request: Request, table: pl.DataFrame, fields: dict[str, dict[str, str]]) -> None:
    """Raises `UnknownMetric` when a name, glob or role that was asked for fits no metric that came."""
    if not request.named:
        return
    came = _came(request, table, fields)
    for name in request.named:
        if not _fits(name, came):
            raise _unknown(name, request)


def _fits(name: str, came: set[str]) -> bool:
    return any(fnmatchcase(metric, glob) for glob in wanted([name], list(came)) or () for metric in came)


def _came(request: Request, table: pl.DataFrame, fields: dict[str, dict[str, str]]) -> set[str]:
    """Final and printed names of what a read gave."""
    if request.layout == "wide":
        return _spelt(fields or {name: {} for name in table.columns})
    return set(table["metric"].unique().cast(str)) | _printed(request, set(table["metric"].unique().cast(str)))


def _printed(request: Request, came: set[str]) -> set[str]:
    """A long table has no room for printed names: where one was asked for, the wide schema tells."""
    if all(_fits(n, came) for n in request.named):
        return set()
    return _spelt({name: about for name, about in _all(request).items() if name in came})


def _spelt(fields: dict[str, dict[str, str]]) -> set[str]:
    metrics = {name: about for name, about in fields.items() if name not in CONTEXT}
    return set(metrics) | {about["printed"] for about in metrics.values() if about.get("printed")}


def _all(request: Request) -> dict[str, dict[str, str]]:
    """Every column of the wide table, where the source can be read again."""
    if not request.sources.repeatable:
        return {}
    return {name: about for name, about in columns_of(request).items() if name not in CONTEXT}


def _unknown(name: str, request: Request) -> UnknownMetric:
    import difflib

    there = list(_all(request))
    near = difflib.get_close_matches(name, there, n=1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    few = ", ".join(there[:8]) + (" ..." if len(there) > 8 else "")
    return UnknownMetric(
        f"no metric '{name}' in {request.sources.label} ({len(there)} metrics)",
        help=f"{meant}it has {few}" if there else "leave metrics= out to see all",
    )
