"""A metric: what it is called, what it needs, what it computes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from fastlogs.torch.delta import AnalysisContext


class MetricComputer(ABC):
    """Your own metric: `compute` gives values by key. What it raises is logged, and the other metrics go on.

    `reads_old` says whether it looks at the old parameters themselves; then they are kept until it is done.
    """

    reads_old = True

    @abstractmethod
    def compute(self, delta: Any, **context: Any) -> dict[str, float]:
        """The values by key; `delta` as in `Delta`, and `old_snapshot`, `current_snapshot`, `context` by name."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return type(self).__name__

    def requires_model(self) -> bool:
        """Whether it cannot do without the model."""
        return False

    def requires_inputs(self) -> bool:
        """Whether it cannot do without inputs."""
        return False

    def requires_optimizer(self) -> bool:
        """Whether it cannot do without the optimizer."""
        return False

    def validate_context(self, context: AnalysisContext) -> bool:
        """Whether everything that it needs is there."""
        return not (
            (self.requires_model() and context.model is None)
            or (self.requires_inputs() and context.inputs is None)
            or (self.requires_optimizer() and context.optimizer is None)
        )
