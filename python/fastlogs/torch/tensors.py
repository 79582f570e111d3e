"""Weights, gradients and momenta by their own size: `weights/*`, `gradient/*`, `momentum/*`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import torch

from fastlogs.model import Change, finite, known, label, statistics, totals
from fastlogs.stats.floats import Floats
from fastlogs.torch.delta import AnalysisContext, Delta
from fastlogs.torch.device import is_near, rows_on_device
from fastlogs.torch.metric import MetricComputer
from fastlogs.torch.shards import held_of, over_ranks

# What optimizers call the mean of past gradients.
_MOMENTA = ("exp_avg", "momentum_buffer")


def measured(tensors: Mapping[str, torch.Tensor], thresholds: tuple[float, ...], threads: int | None) -> Floats:
    """The sums of tensors themselves, wherever they are."""
    if all(map(is_near, tensors.values())):
        return statistics(tensors, thresholds=thresholds, threads=threads).rows
    return rows_on_device(list(tensors.values()), None, thresholds)


class TensorStatistics(MetricComputer):
    """Norms, moments, values that are not finite, of whatever `of` gives by name."""

    reads_old = False

    def __init__(
        self, title: str, *, thresholds: list[float] | None = None, per_layer: bool = False, threads: int | None = None
    ) -> None:
        self.title = title
        self.thresholds = tuple(thresholds or ())
        self.per_layer = per_layer
        self.threads = threads

    @property
    def name(self) -> str:
        """By its title."""
        return f"{type(self).__name__}({self.title})"

    def requires_optimizer(self) -> bool:
        """Momenta are the optimizer's."""
        return self.title == "momentum"

    def compute(self, delta: Delta, *, context: AnalysisContext, **_: Any) -> dict[str, float]:
        """Of all of them, and of each layer if asked for."""
        tensors = dict(self._of(delta, context))
        # A rank without any takes part all the same: the others wait for it.
        local = partial(measured, tensors, self.thresholds, self.threads)
        found = over_ranks(list(tensors), self.thresholds, delta.parameters, local)
        if not found:
            return {}
        total = found.total
        metrics = totals(total) | finite({"min": total.min, "max": total.max}) | {"nonfinite": float(total.nonfinite)}
        metrics |= _dense(total, self.thresholds)
        for layer, change in found.by(known().layer).items() if self.per_layer else ():
            metrics |= {f"layer_{layer}/{key}": value for key, value in totals(change).items()}
        return {f"{self.title}/{key}": value for key, value in metrics.items()}

    def _of(self, delta: Delta, context: AnalysisContext) -> Iterator[tuple[str, torch.Tensor]]:
        if self.title == "weights":
            yield from delta.parameters.tensors.items()
            return
        for name, parameter in context.model.named_parameters():
            held = parameter.grad if self.title == "gradient" else _momentum(context.optimizer, parameter)
            if held is not None and held.is_floating_point() and not held.is_sparse:
                yield name, held_of(held, parameter)


def _dense(change: Change, thresholds: tuple[float, ...]) -> dict[str, float]:
    """How many are larger than each threshold, and how many are not."""
    metrics: dict[str, float] = {}
    for threshold in thresholds:
        at, dense = label(threshold), change.over(threshold)
        metrics |= {f"sparsity_at_{at}": change.sparsity(threshold), f"dense_ratio_at_{at}": change.changed(threshold)}
        metrics |= {f"sparse_count_at_{at}": float(change.n - dense), f"dense_count_at_{at}": float(dense)}
    return finite(metrics)


def _momentum(optimizer: Any, parameter: torch.Tensor) -> torch.Tensor | None:
    state = optimizer.state.get(parameter, {})
    return next((state[key] for key in _MOMENTA if isinstance(state.get(key), torch.Tensor)), None)
