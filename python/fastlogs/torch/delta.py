"""What became of a model between two measurements, worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from fastlogs.model import Changes, totals
from fastlogs.torch.shards import Parameters
from fastlogs.torch.snapshot import Snapshot


@dataclass
class AnalysisContext:
    """What a metric may look at besides the parameters."""

    model: Any = None
    inputs: Any = None
    attention_mask: Any = None
    optimizer: Any = None
    step: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)


class Delta:
    """The change of every parameter. Nothing is kept but sums; `deltas` makes one difference at a time."""

    def __init__(
        self,
        parameters: Parameters,
        snapshot: Snapshot,
        thresholds: tuple[float, ...],
        *,
        signs: bool = False,
        refresh: bool = False,
        threads: int | None = None,
    ) -> None:
        self.parameters = parameters
        self.old_snapshot = snapshot
        self.refreshed = False
        self._asked = {"signs": signs, "refresh": refresh, "threads": threads}
        self._thresholds = thresholds
        self._changes: Changes | None = None

    @property
    def changes(self) -> Changes:
        """The sums of each parameter, made in one pass at the first asking."""
        if self._changes is None:
            self._changes = self.old_snapshot.changes(self.parameters, self._thresholds, **self._asked)  # type: ignore[arg-type]
            self.refreshed = bool(self._asked["refresh"])
        return self._changes

    def statistics(self) -> dict[str, float]:
        """Over all parameters: norm_l2, norm_l1, norm_max, mean, std, min, max."""
        total = self.changes.total
        return totals(total) | {"min": total.min, "max": total.max}

    def per_layer_statistics(self) -> dict[str, dict[str, float]]:
        """The same of each parameter by name."""
        return {name: totals(found) for name, found in self.changes.items()}

    def sparsity_at_threshold(self, threshold: float) -> dict[str, float]:
        """How many parameters changed by more than a threshold."""
        if threshold in self._thresholds or self.refreshed:
            total = self.changes.total
        else:
            total = self.old_snapshot.changes(self.parameters, (threshold,)).total
        kept = total.changed(threshold)
        return {
            "kept_ratio": kept,
            "dropped_ratio": 1 - kept,
            "total_params": total.n,
            "kept_params": total.over(threshold),
        }

    def deltas(self) -> Iterator[tuple[str, torch.Tensor]]:
        """Each parameter's difference, one at a time."""
        for name, tensor in self.parameters.tensors.items():
            old = self.old_snapshot.data[name]
            yield name, self.old_snapshot.seen(name, tensor).float() - old.float()
