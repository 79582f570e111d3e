"""One metric of several runs, side by side on the step."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fastlogs._metrics import wanted
from fastlogs._request import CONTEXT
from fastlogs._series import main_rows
from fastlogs._together import Together, read_together
from fastlogs.errors import UnknownMetric

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._run import Run

# How many runs are asked for the names they have, where none has the one that was wanted.
_ASKED = 16


def side_by_side(runs: Sequence[Run], name: str, heard: Callable[[Together], Together]) -> pl.DataFrame:
    """A row a step and a column a run that has the metric, in the order of the runs."""
    import polars as pl

    found = heard(read_together(runs, metrics=wanted([name])))
    parts = [part for table in found.tables for part in _long(table, name)]
    if not parts:
        raise _unknown(runs, name)
    long = _one_each(pl.concat(parts)) if name.startswith("@") else pl.concat(parts)
    return _beside(_labelled(long), [run.name for run in runs])


def _long(table: pl.DataFrame, name: str) -> list[pl.DataFrame]:
    """(run, step, metric, value) of the columns that were meant; the values that are there, in file order."""
    import polars as pl

    kinds = table.schema
    metrics = [c for c in table.columns if c not in CONTEXT and kinds[c] == pl.Float64 and _meant(c, name)]
    if not metrics:
        return []
    rows = main_rows(table).with_columns(pl.col("run").cast(pl.String))
    long = rows.unpivot(on=metrics, index=["run", "step"], variable_name="metric").drop_nulls("value")
    return [long] if long.height else []


def _meant(column: str, name: str) -> bool:
    """Whether a column that came is what was asked for: a role asks for more names than have it."""
    return not name.startswith("@") or column in (wanted([name], [column]) or ())


def _one_each(long: pl.DataFrame) -> pl.DataFrame:
    """Of several metrics of one role, the one that a run has the most values of."""
    import polars as pl

    counts = long.group_by("run", "metric", maintain_order=True).len()
    best = counts.filter(pl.col("len") == pl.col("len").max().over("run")).unique("run", keep="first")
    return long.join(best.select("run", "metric"), on=["run", "metric"], how="semi", maintain_order="left")


def _labelled(long: pl.DataFrame) -> pl.DataFrame:
    """Columns are named by run; by run and metric where a glob found several."""
    import polars as pl

    several = long.select(pl.struct("run", "metric").n_unique() > pl.col("run").n_unique()).item()
    label = pl.concat_str("run", pl.lit("/"), "metric") if several else pl.col("run")
    return long.with_columns(label=label)


def _beside(long: pl.DataFrame, order: list[str]) -> pl.DataFrame:
    """The k-th value of a step stands in the step's k-th row."""
    import polars as pl

    runs = pl.DataFrame({"run": order, "at": range(len(order))})
    labels = long.unique(["run", "label"], maintain_order=True).join(runs, on="run", maintain_order="left")
    nth = long.with_columns(nth=pl.int_range(pl.len()).over("label", "step"))
    wide = nth.pivot(on="label", index=["step", "nth"], values="value").sort("step", "nth")
    return wide.select("step", *labels.sort("at", maintain_order=True)["label"])


def _unknown(runs: Sequence[Run], name: str) -> UnknownMetric:
    there: dict[str, None] = {}
    for table in read_together(runs[:_ASKED], layout="summary").tables:
        there |= dict.fromkeys(table["metric"])
    near = difflib.get_close_matches(name, there, n=1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    few = ", ".join(list(there)[:8]) + (" ..." if len(there) > 8 else "")
    return UnknownMetric(
        f"no metric '{name}' in any of {len(runs)} runs", help=f"{meant}they have {few}" if there else "none has any"
    )
