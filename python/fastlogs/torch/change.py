"""How much parameters changed: `param_change/*`."""

from __future__ import annotations

from typing import Any

from fastlogs.model import finite
from fastlogs.model.checkpoint import change_metrics
from fastlogs.torch.delta import Delta
from fastlogs.torch.metric import MetricComputer


class ParameterChange(MetricComputer):
    """Norms, moments, sparsity at thresholds; of each layer and component if asked for."""

    reads_old = False

    def __init__(self, *, per_layer: bool = False, components: bool = False, sign_flips: bool = False) -> None:
        self.per_layer = per_layer
        self.components = components
        self.sign_flips = sign_flips

    def compute(self, delta: Delta, **_: Any) -> dict[str, float]:
        """All of it from the sums of one pass."""
        metrics = change_metrics(delta.changes, layers=self.per_layer, components=self.components)
        if self.sign_flips:
            total = delta.changes.total
            metrics["param_change/sign_flip_count"] = float(total.sign_flips)
            metrics |= finite({"param_change/sign_flip_ratio": total.sign_flip_ratio})
        snapshot = delta.old_snapshot
        if not snapshot.narrowed:
            return metrics
        # What a narrow snapshot compares is what that type can hold, and no key hides it.
        return {f"{key}_in_{snapshot.dtype}": value for key, value in metrics.items()}
