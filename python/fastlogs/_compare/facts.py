"""The facts of one run that comparisons list, whatever its log calls them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastlogs._compare.series import Curves, Floats

if TYPE_CHECKING:
    import polars as pl

# Magnitudes that a log counts tokens in.
_MILLION = 1e6
_TAIL = 100


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run came to: totals, last and best values, plain means; None where the log does not say."""

    config: dict[str, Any]
    total_steps: int | None
    total_tokens_m: float | None
    final_train_loss: float | None
    final_train_ppl: float | None
    best_val_loss: float | None
    best_val_ppl: float | None
    mean_throughput: float | None
    mean_grad_norm: float | None
    mean_last_100_train_loss: float | None
    points_in_last_100: int
    validation_points: int
    duration_hours: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def facts(curves: Curves) -> Facts:
    """Reads a run's facts off its curves.

    The final value is the last that is finite, the best is the lowest; throughput and gradient norm are plain means.
    """
    loss = _values(curves, curves.of_role("loss"))
    val_loss = _values(curves, curves.of_role("val_loss"))
    return Facts(
        config=dict(curves.run.config),
        total_steps=int(curves.steps.max()) if curves.steps.size else None,
        total_tokens_m=_tokens(curves),
        final_train_loss=_last(loss),
        final_train_ppl=_last(_values(curves, perplexity(curves, val=False))),
        best_val_loss=_lowest(val_loss),
        best_val_ppl=_lowest(_values(curves, perplexity(curves, val=True))),
        mean_throughput=_mean(_values(curves, curves.of_role("throughput"))),
        mean_grad_norm=_mean(_values(curves, curves.of_role("grad_norm"))),
        mean_last_100_train_loss=_mean(loss[-_TAIL:]),
        points_in_last_100=min(loss.size, _TAIL),
        validation_points=val_loss.size,
        duration_hours=_hours(curves),
    )


def perplexity(curves: Curves, *, val: bool) -> str | None:
    """The perplexity of training, or that of validation."""
    from fastlogs._metrics import role_of

    named = [n for n in curves.metrics if (role := role_of(n)) and role.name == "perplexity"]
    return next((n for n in named if bool(re.match(r"(val|valid|validation|eval|dev)[_/]", n)) == val), None)


def _values(curves: Curves, metric: str | None) -> Floats:
    return np.empty(0) if metric is None else curves.series(metric).y


def _last(values: Floats) -> float | None:
    return float(values[-1]) if values.size else None


def _lowest(values: Floats) -> float | None:
    return float(values.min()) if values.size else None


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None


def _tokens(curves: Curves) -> float | None:
    tokens = _values(curves, curves.of_role("tokens"))
    return float(tokens[-1]) / _MILLION if tokens.size else None


def _hours(curves: Curves) -> float | None:
    for name in ("elapsed", "wall_time", "time_elapsed_seconds", "elapsed_seconds"):
        if name in curves.run.metrics.columns:
            column = curves.column(name)
            if column.len() - column.null_count() > 1:
                return _span(column) / 3600
    return None


def _span(column: pl.Series) -> float:
    """The seconds that a clock or a count of seconds came to; a count may begin before the log does."""
    last: Any = column.max()
    return float((last - column.min()).total_seconds() if column.dtype.is_temporal() else last)
