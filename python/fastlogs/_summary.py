"""Summaries: a row a metric."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from fastlogs._metrics import goal_of
from fastlogs._read import Watch, table_of
from fastlogs._request import CONTEXT, Request
from fastlogs._series import main_rows, series

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._coverage import Coverage
    from fastlogs._run import Run

_BARS = "▁▂▃▄▅▆▇█"
_TAIL = 100


def summarize(runs: Run | Iterable[Run]) -> pl.DataFrame:
    """The summaries of runs under one another, with a `run` column; `best` and `best_step` come last.

    >>> fastlogs.summarize(fastlogs.load("train.log")).columns[:3]
    ['run', 'metric', 'kind']
    """
    import polars as pl

    given = list(runs) if isinstance(runs, Iterable) else [runs]
    parts = [run.summary().select(pl.lit(run.name).alias("run"), pl.all()) for run in given]
    return _with_best(pl.concat(parts)) if parts else pl.DataFrame({"run": []}, schema={"run": pl.String})


def _with_best(table: pl.DataFrame) -> pl.DataFrame:
    """By each metric's goal, as `best_of` has it."""
    import polars as pl

    def by_goal(end: str) -> pl.Expr:
        low, high = pl.when(pl.col("goal") == "low"), pl.when(pl.col("goal") == "high")
        return low.then(f"min{end}").otherwise(high.then(f"max{end}")).alias(f"best{end}")

    return table.with_columns(by_goal(""), by_goal("_step"))


def summary_of(request: Request, watch: Watch | None = None) -> tuple[pl.DataFrame, Coverage]:
    """The engine's summary, in memory that does not grow with the log, and what was left; `goal` is added."""
    import polars as pl

    if request.line_hook is not None:
        table, _, coverage = table_of(request)
        return summary_of_frame(table), coverage
    table, _, coverage = table_of(request.with_options(layout="summary"), watch)
    goals = pl.Series("goal", [goal_of(name) for name in table["metric"]], dtype=pl.String)
    return table.insert_column(table.get_column_index("unit") + 1, goals), coverage


def summary_of_frame(table: pl.DataFrame, *, curves: bool = False) -> pl.DataFrame:
    """The same of a wide table that is at hand: the plain words for what the engine does."""
    import polars as pl

    names = [n for n, kind in table.schema.items() if n not in CONTEXT and kind == pl.Float64]
    return pl.DataFrame([_row(table, name) | (_curve(table, name) if curves else {}) for name in names])


def _curve(table: pl.DataFrame, name: str) -> dict[str, object]:
    """The columns of a curve, every value of it; equal series have one digest."""
    from hashlib import blake2b

    there = series(main_rows(table), name)
    steps, values = there["step"].cast(float), there["value"]
    digest = blake2b(steps.to_numpy().tobytes() + values.to_numpy().tobytes(), digest_size=8).digest()
    told = int.from_bytes(digest, "little", signed=True)
    return {"digest": told, "curve_step": steps.to_list(), "curve_value": values.to_list()}


def best_of(fact: Mapping[str, Any]) -> tuple[float | None, int | None]:
    """The best value of a metric and its step, by its goal; nothing where neither high nor low is good.

    >>> best_of({"goal": "low", "min": 2.0, "min_step": 7})
    (2.0, 7)
    """
    side = {"low": "min", "high": "max"}.get(fact["goal"])
    return (None, None) if side is None else (fact[side], fact[f"{side}_step"])


def _row(table: pl.DataFrame, name: str) -> dict[str, object]:
    """The summary of one column; extremes, mean and spread are of the finite values."""
    there = table.filter(table[name].is_not_null())
    values, steps = there[name], there["step"]
    whole = values.is_finite()
    finite, at = values.filter(whole), steps.filter(whole)
    low, high = finite.arg_min(), finite.arg_max()
    return {
        "metric": name,
        "kind": "train",
        "unit": None,
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
        "first_step": steps.min(),
        "last_step": steps.max(),
        "attempts": 1,
    }


def sparkline(values: Iterable[float | None], width: int = 16) -> str:
    """The shape of a curve in block characters, each the mean of an equal share of the finite values.

    >>> sparkline([1.0, 2.0, 3.0, 4.0], 4)
    '▁▃▆█'
    """
    finite = [v for v in values if v is not None and math.isfinite(v)]
    width = min(width, len(finite))
    cuts = [at * len(finite) // width for at in range(width + 1)] if width else []
    means = [math.fsum(finite[a:b]) / (b - a) for a, b in pairwise(cuts)]
    low, high = min(means, default=0.0), max(means, default=0.0)
    span = (high - low) or 1.0
    return "".join(_BARS[round((mean - low) / span * (len(_BARS) - 1))] for mean in means)
