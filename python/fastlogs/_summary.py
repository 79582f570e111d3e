"""Summaries: a row a metric."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastlogs._metrics import goal_of
from fastlogs._request import CONTEXT

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._runs import Run

_BARS = "▁▂▃▄▅▆▇█"
_ABOUT = {"kind": "train", "unit": ""}
_TAIL = 100


def summarize(runs: Run | Iterable[Run]) -> pl.DataFrame:
    """The summaries of runs under one another, with a `run` column.

    >>> fastlogs.summarize(fastlogs.load("train.log")).columns[:3]
    ['run', 'metric', 'kind']
    """
    import polars as pl

    from fastlogs._runs import Run

    given = [runs] if isinstance(runs, Run) else list(runs)
    parts = [run.summary().select(pl.lit(run.name).alias("run"), pl.all()) for run in given]
    return pl.concat(parts) if parts else pl.DataFrame({"run": []}, schema={"run": pl.String})


def summary_table(table: pl.DataFrame, fields: dict[str, dict[str, str]]) -> pl.DataFrame:
    """Count, first, last, extremes with their steps, mean, spread, of each metric of a wide table."""
    import polars as pl

    names = [n for n, kind in table.schema.items() if n not in CONTEXT and kind == pl.Float64]
    return pl.DataFrame([_row(table, name, fields.get(name, {})) for name in names], schema=_schema())


def _schema() -> dict[str, pl.DataType]:
    import polars as pl

    text = dict.fromkeys(("metric", "kind", "unit", "goal"), pl.String())
    counts = dict.fromkeys(("n", "n_nan", "n_inf"), pl.UInt32())
    numbers = dict.fromkeys(("first", "last", "min", "max", "mean", "sd", "last100"), pl.Float64())
    steps = dict.fromkeys(("min_step", "max_step", "first_step", "last_step"), pl.Int64())
    types: dict[str, pl.DataType] = {**text, **counts, **numbers, **steps}
    order = "metric kind unit goal n n_nan n_inf first last min min_step max max_step mean sd last100 first_step last_step"
    return {name: types[name] for name in order.split()}


def _row(table: pl.DataFrame, name: str, about: dict[str, str]) -> dict[str, object]:
    """The summary of one column; extremes, mean and spread are of the finite values."""
    there = table.filter(table[name].is_not_null())
    values, steps = there[name], there["step"]
    whole = values.is_finite()
    finite, at = values.filter(whole), steps.filter(whole)
    low, high = finite.arg_min(), finite.arg_max()
    return {
        "metric": name,
        **{key: about.get(key, default) for key, default in _ABOUT.items()},
        "goal": goal_of(name),
        "n": len(values),
        "n_nan": int(values.is_nan().sum()),
        "n_inf": int(values.is_infinite().sum()),
        "first": values.first(),
        "last": values.last(),
        "min": finite.min(),
        "min_step": None if low is None else at[low],
        "max": finite.max(),
        "max_step": None if high is None else at[high],
        "mean": finite.mean(),
        "sd": finite.std(),
        "last100": finite.tail(_TAIL).mean(),
        "first_step": steps.first(),
        "last_step": steps.last(),
    }


def sparkline(values: pl.Series, width: int = 16) -> str:
    """The shape of a curve in block characters, each the mean of an equal share of the values.

    >>> sparkline(pl.Series([1.0, 2.0, 3.0, 4.0]), 4)
    '▁▃▆█'
    """
    import polars as pl

    finite = values.drop_nulls().filter(values.drop_nulls().is_finite())
    if finite.is_empty():
        return ""
    width = min(width, len(finite))
    share = pl.int_range(len(finite), eager=True) * width // len(finite)
    means = pl.DataFrame({"share": share, "value": finite}).group_by("share", maintain_order=True).mean()["value"]
    low, high = means.min(), means.max()
    if low == high:
        return _BARS[0] * width
    heights = ((means - low) / (high - low) * (len(_BARS) - 1)).round().cast(pl.Int64)
    return "".join(_BARS[h] for h in heights)
