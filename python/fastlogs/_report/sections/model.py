"""What the measurements of a model mean, where a run logged some."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from fastlogs._report.blocks import Block, Heading, Table

if TYPE_CHECKING:
    from fastlogs._compare.series import Curves


def model(runs: Mapping[str, Curves]) -> Iterator[Block]:
    """The last value of each metric that has a range: good, between or bad."""
    tables = [table for name, curves in runs.items() if (table := _judged(name, curves)) is not None]
    if tables:
        yield Heading("Model", 2)
        yield from tables


def _judged(name: str, curves: Curves) -> Table | None:
    from fastlogs.model import range_of

    rows = []
    for metric in curves.table.columns:
        meant = range_of(metric) if "/" in metric else None
        value = _last(curves, metric) if meant is not None else None
        if meant is not None and value is not None:
            rows.append((metric, f"{value:.4g}", meant.label(value), meant.meaning))
    return Table(("metric", "last", "is", "meaning"), rows, name) if rows else None


def _last(curves: Curves, metric: str) -> float | None:
    column = curves.column(metric)
    values = column.drop_nulls().to_list() if column.dtype.is_numeric() else []
    return values[-1] if values and math.isfinite(values[-1]) else None
