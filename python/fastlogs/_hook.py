"""Reads with a Python function a line: slow, for people who used to subclass a parser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastlogs import _core
from fastlogs._coverage import Coverage
from fastlogs._request import Request, covered, telling
from fastlogs.errors import NoMetricsFound, PatternError, UsageError

if TYPE_CHECKING:
    import polars as pl

_EVERY_LINE = [("", "^(?P<line>.*)$", [("line", "str")])]


def hooked(request: Request) -> tuple[pl.DataFrame, Coverage]:
    """The wide table of the dicts that the function gives, one row each; a row without a step is counted."""
    if request.layout != "wide":
        raise UsageError("a Python function gives the wide table", help="leave layout= out")
    hook = request.line_hook
    assert hook is not None
    options = {"patterns": _EVERY_LINE, "layout": "long", "restarts": "keep", "run_column": request.sources.many}
    opened = _core.open(
        [(f.run, f.name, f.origin) for f in request.sources.files],
        _core.Options(**options, streaming=True, rearm=False),  # type: ignore[arg-type]
    )
    with opened, telling(opened, request):
        rows = [row for batch in opened for row in _rows(batch, hook)]
        coverage = covered(opened)
    if not rows:
        raise NoMetricsFound(f"the function gave no row for any line of {request.sources.label}")
    return _table(rows, request), coverage


def _rows(batch: _core.Batch, hook: Callable[[str], dict[str, Any] | None]) -> list[dict[str, Any]]:
    import polars as pl

    table = pl.DataFrame(batch)
    runs = table["run"].to_list() if "run" in table.columns else [None] * table.height
    rows = []
    for run, line in zip(runs, table["text"].to_list(), strict=True):
        row = hook(line or "")
        if row is None:
            continue
        if not isinstance(row, dict):
            raise PatternError(f"the function gave {type(row).__name__} for {line!r}, wanted a dict or None")
        rows.append({"run": run, **row})
    return rows


def _table(rows: list[dict[str, Any]], request: Request) -> pl.DataFrame:
    import polars as pl

    table = pl.DataFrame(rows, infer_schema_length=None)
    if "step" not in table.columns:
        table = table.with_columns(pl.int_range(1, pl.len() + 1).over("run").alias("step"))
    numbers = [n for n, kind in table.schema.items() if kind.is_numeric() and n not in ("step", "run")]
    table = table.with_columns(pl.col("step").cast(pl.Int64), pl.col(numbers).cast(pl.Float64))
    first = ["run", "step"] if request.sources.many else ["step"]
    table = table.with_columns(pl.col("run").cast(pl.Categorical)) if request.sources.many else table.drop("run")
    rest = [name for name in table.columns if name not in first and _asked(name, request)]
    return table.select(*first, *rest)


def _asked(name: str, request: Request) -> bool:
    from fnmatch import fnmatchcase

    globs = request.options.get("metrics")
    return globs is None or any(fnmatchcase(name, glob) for glob in globs)
