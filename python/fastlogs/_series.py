"""One metric of a wide table as steps and values: of the longest attempt, on the lowest rank."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from fastlogs._request import CONTEXT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    Floats: TypeAlias = npt.NDArray[np.float64]


def main_rows(table: pl.DataFrame) -> pl.DataFrame:
    """The rows that statistics look at: each run's lowest rank, and of new starts its longest attempt.

    >>> main_rows(pl.DataFrame({"step": [1, 2, 1], "attempt": [0, 0, 1], "loss": [3.0, 2.0, 3.5]})).height
    2
    """
    import polars as pl

    by = [name for name in ("run",) if name in table.columns]
    if "rank" in table.columns:
        rank = pl.col("rank").fill_null(0)
        table = table.filter(rank == (rank.min().over(by) if by else rank.min()))
    if "attempt" in table.columns and table["attempt"].n_unique() > 1:
        rows = pl.len().over([*by, "attempt"])
        table = table.filter(rows == (rows.max().over(by) if by else rows.max()))
        attempt = pl.col("attempt")
        table = table.filter(attempt == (attempt.min().over(by) if by else attempt.min()))
    return table


def metrics_of(table: pl.DataFrame) -> list[str]:
    """Names of the columns that hold measured numbers."""
    return [name for name, kind in table.schema.items() if kind.is_numeric() and name not in CONTEXT]


def series(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """`step` and `value` of one metric, in file order, without the rows that do not have it.

    >>> series(pl.DataFrame({"step": [1, 2], "loss": [3.0, None]}), "loss").rows()
    [(1, 3.0)]
    """
    import polars as pl

    return table.select(pl.col("step").cast(pl.Int64), pl.col(name).cast(pl.Float64).alias("value")).drop_nulls("value")


def points(table: pl.DataFrame, name: str) -> tuple[Floats, Floats]:
    """Steps that rise, and values, for statistics; of a step that comes again the last stands.

    >>> points(pl.DataFrame({"step": [1, 2, 2], "loss": [3.0, 2.0, 1.0]}), "loss")[1].tolist()
    [3.0, 1.0]
    """
    import polars as pl

    from fastlogs.stats.prepare import kept

    column = table.select(pl.col("step").cast(pl.Float64), pl.col(name).cast(pl.Float64)).drop_nulls()
    x, y = column.to_numpy().T
    stands = kept(x)
    return x[stands], y[stands]
