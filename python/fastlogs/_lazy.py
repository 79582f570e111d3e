"""`scan`'s source: what polars asks of it, as little work for the engine as gives the same rows."""

from __future__ import annotations

import inspect
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
from polars.io.plugins import register_io_source

from fastlogs import _coverage
from fastlogs._request import CONTEXT, Request, covered, telling
from fastlogs._sources import Sources

if TYPE_CHECKING:
    from fastlogs import _core

# Up to this many bytes of log a table is no burden, and a survey would be a second pass for nothing.
_SMALL = 64 << 20


def lazy(request: Request, *, whole: bool = False) -> pl.LazyFrame:
    """A LazyFrame over a request; `whole` where its table is no burden to hold."""
    plan = Plan(request, whole=whole)
    keywords: dict[str, Any] = {"schema": plan.schema, "is_pure": request.sources.repeatable}
    known = inspect.signature(register_io_source).parameters
    explained = {"explain_name": "FASTLOGS", "explain_detail": request.sources.label.replace("\n", " ")[:80]}
    keywords |= {name: text for name, text in explained.items() if name in known}
    return register_io_source(plan.batches, **keywords)


class Plan:
    """A request whose schema is found once; the stream opened for that serves the first read that it can serve."""

    def __init__(self, request: Request, *, whole: bool = False) -> None:
        self.request = request
        self._whole = whole or 0 < request.sources.bytes < _SMALL
        self._schema: pl.Schema | None = None
        self._opened: _core.Stream | None = None
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {"request": self.request, "_whole": self._whole, "_schema": self._schema}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _opened=None, _lock=threading.Lock())

    def schema(self) -> pl.Schema:
        """Names and types of the columns, from the leading bytes or a survey."""
        with self._lock:
            if self._schema is None:
                self._opened = self._open(self.request)
                self._schema = _types(self._opened, self.request)
            return self._schema

    def batches(
        self, columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, _rows: int | None
    ) -> Iterator[pl.DataFrame]:
        """Filter, then project, then limit. The filter only saves work here and always runs on every batch too."""
        schema = self.schema()
        shown = list(schema) if columns is None else [name for name in schema if name in set(columns)]
        needed = set(shown) | (set() if predicate is None else set(predicate.meta.root_names()))
        left = n_rows
        for table in self._tables(needed, predicate):
            batch = _conform(table, {name: schema[name] for name in schema if name in needed})
            batch = (batch if predicate is None else batch.filter(predicate)).select(shown)
            yield batch if left is None else batch.head(left)
            if left is not None:
                left -= batch.height
                if left <= 0:
                    return

    def _tables(self, needed: set[str], predicate: pl.Expr | None) -> Iterator[pl.DataFrame]:
        request = _narrowed(self.request, needed, set(self.schema()), equalities(predicate))
        # A table that is read already has all that can be asked for; of a survey only the whole can be read.
        opened = self._first() if self._whole or request is self.request else None
        opened = opened or self._open(request)
        with opened, telling(opened, request):
            # What is read whole is handed over whole: polars would copy the pieces together.
            for batch in [opened] if self._whole else opened:
                yield pl.DataFrame(batch)
            coverage = covered(opened)
        if coverage.rows == 0 and request.layout == "wide":
            raise _coverage.nothing_found(coverage.sources, request.sources.label)
        _coverage.warn(coverage, request.sources.label, strict=request.strict, level=1)

    def _open(self, request: Request) -> _core.Stream:
        """A table that is no burden is read whole, once; any other is surveyed and then streamed in bounded memory."""
        return request.open(streaming=not self._whole)

    def _first(self) -> _core.Stream | None:
        """The stream that gave the schema, if nobody read it yet and this is still its process."""
        with self._lock:
            opened, self._opened = self._opened, None
        try:
            return opened if opened is None or opened.progress() is not None else None
        except ValueError:
            return None


def _types(stream: _core.Stream, request: Request) -> pl.Schema:
    with telling(stream, request):
        return pl.Schema(stream)


def _conform(table: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The columns of the schema in its order; a log that grew meanwhile may have others, a pruned one fewer."""
    if table.schema == schema:
        return table
    there = set(table.columns)
    return table.select(
        pl.col(name).cast(kind) if name in there else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema.items()
    )


def _narrowed(request: Request, needed: set[str], all_names: set[str], equal: dict[str, str]) -> Request:
    """The request that gives what is needed, or the same object when that is everything."""
    narrow = request
    if "run" in equal and request.sources.many:
        files = tuple(f for f in request.sources.files if f.run == equal["run"])
        if files and len(files) < len(request.sources.files):
            narrow = replace(narrow, sources=Sources(files, many=True, label=request.sources.label))
    if request.layout == "wide" and needed != all_names:
        # A name that reads as a glob fits itself and perhaps others, which are left out later.
        narrow = narrow.with_options(metrics=sorted(needed - set(CONTEXT)))
    if request.layout == "long" and "metric" in equal:
        narrow = narrow.with_options(metrics=[equal["metric"]])
    return narrow


def equalities(predicate: pl.Expr | None) -> dict[str, str]:
    """`column == text` among the conditions that must all hold; anything not understood is left out."""
    if predicate is None:
        return {}
    try:
        return dict(_walk(json.loads(predicate.meta.serialize(format="json"))))
    except (ValueError, TypeError, KeyError, AttributeError, pl.exceptions.PolarsError):
        return {}


def _walk(node: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(node, dict) or "BinaryExpr" not in node:
        return
    left, op, right = (node["BinaryExpr"][part] for part in ("left", "op", "right"))
    if op in ("And", "LogicalAnd"):
        yield from _walk(left)
        yield from _walk(right)
    elif op == "Eq":
        column, literal = (left, right) if "Column" in left else (right, left)
        text = literal["Literal"]["Scalar"]["String"] if "Scalar" in literal.get("Literal", {}) else None
        if "Column" in column and isinstance(text, str):
            yield column["Column"], text
