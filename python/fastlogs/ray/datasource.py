"""Logs as Ray Data asks for them: tasks of a few runs each, of which it may want some columns and some rows."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from ray.data.block import BlockAccessor, BlockMetadata
from ray.data.datasource import Datasource, ReadTask
from ray.data.expressions import BinaryExpr, ColumnExpr, LiteralExpr, Operation

from fastlogs._together import read_together
from fastlogs.errors import LinesLeft

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._run import Run

# A task reads no more logs than these bytes hold, but for a larger one alone.
_MOST = 64 << 20
_STAMP = pa.timestamp("us")
_CONTEXT = [("step", pa.int64()), ("epoch", pa.float64()), ("wall_time", _STAMP), ("elapsed", pa.float64())]
_LONG = pa.schema(
    [("run", pa.large_string()), ("kind", pa.large_string()), ("metric", pa.large_string()), *_CONTEXT]
    + [("value", pa.float64()), ("text", pa.large_string())]
    + [(name, pa.int64()) for name in ("attempt", "rank", "offset")]
)


class LogDatasource(Datasource):
    """The runs of a read, with what Ray Data pushes down to it."""

    def __init__(self, runs: Sequence[Run], layout: str, metrics: tuple[str, ...] | None) -> None:
        super().__init__()
        # The base class asks for it and does not set it.
        self._projection_map: dict[str, str] | None = None
        self._runs = list(runs)
        self._layout = layout
        self._metrics = metrics

    def get_name(self) -> str:
        """What tasks are called."""
        return "fastlogs"

    def supports_projection_pushdown(self) -> bool:
        """Columns not asked for are not made."""
        return True

    def supports_predicate_pushdown(self) -> bool:
        """Rows not asked for stay where they are read."""
        return True

    def estimate_inmemory_data_size(self) -> int:
        """About what the logs hold."""
        return sum(run.request.sources.bytes for run in self._runs)

    def get_read_tasks(
        self, parallelism: int, per_task_row_limit: int | None = None, data_context: Any = None
    ) -> list[ReadTask]:
        """Runs in order, some to a task."""
        del data_context  # Ray names it in its calls.
        wanted = only(self._predicate_expr, "run")
        runs = [run for run in self._runs if wanted is None or run.name in wanted]
        return [self._task(part, per_task_row_limit) for part in dealt(runs or self._runs[:1], parallelism)]

    def _task(self, runs: list[Run], limit: int | None) -> ReadTask:
        schema, columns = self._schema(), self._get_data_columns()
        metrics = self._metrics
        if self._layout == "long" and (named := only(self._predicate_expr, "metric")) is not None:
            metrics = tuple(sorted(map(str, named)))
        rows = None if self._predicate_expr is None else self._predicate_expr.to_pyarrow()
        size = sum(run.request.sources.bytes for run in runs)
        about = BlockMetadata(num_rows=None, size_bytes=size or None, input_files=None, exec_stats=None)
        shown = schema if columns is None else pa.schema([schema.field(name) for name in columns]) if columns else None
        ask = partial(tables_of, runs, self._layout, metrics, schema, columns, rows)
        return ReadTask(ask, about, schema=shown, per_task_row_limit=limit)

    def _schema(self) -> pa.Schema:
        if self._layout == "long":
            return _LONG
        return pa.schema([("run", pa.large_string()), *_CONTEXT] + [(n, pa.float64()) for n in self._metrics or ()])


def dealt(runs: Sequence[Run], parallelism: int) -> list[list[Run]]:
    """Runs in order, in at least so many parts where there are as many runs, none of much more than 64 MiB."""
    size = sum(run.request.sources.bytes for run in runs)
    most = min(_MOST, -(-size // max(parallelism, 1)) or 1)
    parts: list[list[Run]] = []
    held = most
    for run in runs:
        own = run.request.sources.bytes
        if not parts or held + own > most:
            parts.append([])
            held = 0
        parts[-1].append(run)
        held += own
    return parts


def only(predicate: Any, column: str) -> set[Any] | None:
    """The values that a column must have one of, as far as the filter says so outright; None where it does not."""
    if not isinstance(predicate, BinaryExpr):
        return None
    if predicate.op == Operation.AND:
        both = [found for side in (predicate.left, predicate.right) if (found := only(side, column)) is not None]
        return set.intersection(*both) if both else None
    sides = (predicate.left, predicate.right)
    if predicate.op == Operation.EQ and any(isinstance(s, ColumnExpr) and s.name == column for s in sides):
        return next(({s.value} for s in sides if isinstance(s, LiteralExpr)), None)
    return None


def tables_of(
    runs: list[Run],
    layout: str,
    metrics: tuple[str, ...] | None,
    schema: pa.Schema,
    columns: list[str] | None,
    rows: Any,
) -> Iterable[pa.Table]:
    """The rows of some runs, filtered, then without the columns that nobody wants; one table at least."""
    read = read_together(runs, layout=layout, metrics=metrics)
    if read.broken:
        few = "; ".join(f"{name}: {why}" for name, why in list(read.broken.items())[:3])
        said = f"{len(read.broken)} of {len(runs)} runs could not be read ({few})"
        warnings.warn(LinesLeft(said, {"broken_runs": len(read.broken)}), stacklevel=1)
    finish: Callable[[pa.Table], pa.Table] = partial(_finished, columns=columns, rows=rows)
    return [finish(_fitted(table, schema)) for table in read.tables] or [finish(schema.empty_table())]


def _finished(table: pa.Table, columns: list[str] | None, rows: Any) -> pa.Table:
    kept = table if rows is None else table.filter(rows)
    # Without a column a table would forget how many rows it has: Ray's own word for it does not.
    return kept if columns is None else BlockAccessor.for_block(kept).select(columns)


def _fitted(table: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """A table as all are: columns that it lacks are empty, times are UTC."""
    import polars as pl

    zoned = [c.name for c in table if isinstance(c.dtype, pl.Datetime) and c.dtype.time_zone]
    table = table.with_columns(pl.col(zoned).dt.convert_time_zone("UTC").dt.replace_time_zone(None))
    there = table.with_columns(pl.col("run").cast(pl.String)).to_arrow()
    columns = [
        there[field.name].cast(field.type) if field.name in there.column_names else pa.nulls(len(there), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
