"""Axes beside the step: tokens, samples, time, epochs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastlogs._metrics import SECONDS, role_of
from fastlogs._series import metrics_of
from fastlogs.errors import UnknownMetric, UsageError

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._run import Run

# As logged, cumulative already.
_LOGGED = {
    "tokens": ("total_tokens", "consumed_tokens", "tokens_seen", "num_tokens", "n_tokens", "tokens"),
    "samples": ("consumed_samples", "samples_seen", "total_samples", "num_samples", "samples"),
    "time": ("wall_time", "elapsed", "elapsed_", "elapsed_seconds", "time_elapsed_seconds"),
    "epoch": ("epoch",),
}
# Of one step, to be added up.
_STEPWISE = {
    "tokens": ("tokens_per_step", "step_tokens", "ntokens", "tokens"),
    "samples": ("samples_per_step", "global_batch_size", "nsentences", "bsz", "samples"),
    "time": (),
    "epoch": (),
}
# Settings whose product is one step's worth.
_SETTINGS = {
    "tokens": (("total_batch_size",), ("batch_size", "block_size"), ("batch_size", "sequence_length")),
    "samples": (("global_batch_size",), ("train_batch_size",), ("batch_size",)),
    "time": (),
    "epoch": (),
}


def axis(run: Run, name: str) -> pl.Series:
    """As logged; else cumulated from a count a step; else from the batch size in the config; else refused."""
    if name not in _LOGGED:
        raise UsageError(f"wanted axis 'tokens', 'samples', 'time' or 'epoch', found {name!r}")
    table = run.metrics
    for column in _there(table, _LOGGED[name]):
        if column.drop_nulls().is_sorted():
            return column.alias(name)
    for column in _there(table, _STEPWISE[name]) or (_step_times(run) if name == "time" else []):
        return column.fill_null(0).cum_sum().alias(name)
    per_step = _per_step(run, name)
    if per_step is None:
        wanted = ", ".join((*_LOGGED[name], *_STEPWISE[name], *(" x ".join(s) for s in _SETTINGS[name])))
        raise UnknownMetric(f"nothing in {run.name} tells its {name}", help=f"any of these would do: {wanted}")
    return (table["step"] * per_step).alias(name)


def _there(table: pl.DataFrame, names: Iterable[str]) -> list[pl.Series]:
    return [table[name] for name in names if name in table.columns and table[name].null_count() < table.height]


def _step_times(run: Run) -> list[pl.Series]:
    """Seconds a step, from whatever metric has that role."""
    factors = {**SECONDS, "": 1.0}
    found = []
    for name in metrics_of(run.metrics):
        role, unit = role_of(name), run.units.get(name, "")
        if role is not None and role.name == "step_time" and unit in factors:
            found.append(run.metrics[name] * factors[unit])
    return found


def _per_step(run: Run, name: str) -> float | None:
    for settings in _SETTINGS[name]:
        values = [_number(run.config.get(key)) for key in settings]
        if all(v is not None for v in values):
            product = 1.0
            for value in values:
                product *= value or 0.0
            return product
    return None


def _number(setting: object) -> float | None:
    try:
        return float(setting) if isinstance(setting, int | float | str) else None
    except ValueError:
        return None
