"""How two arms are compared, as it was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from fastlogs._metrics import Goal
from fastlogs.errors import UsageError

Axis: TypeAlias = Literal["step", "tokens", "samples", "time", "epoch"]
AXES: tuple[Axis, ...] = ("step", "tokens", "samples", "time", "epoch")


@dataclass(frozen=True, slots=True)
class Options:
    """What `compare` takes beside the arms; `margin` None is each metric's own default."""

    metrics: tuple[str, ...] = ()
    margin: float | str | None = None
    x: Axis = "step"
    goal: Goal | None = None
    seed_std: float | None = None
    paired: bool = False
    warmup_steps: int | None = None
    max_steps: int | None = None
    smooth: int | None = None

    def __post_init__(self) -> None:
        if self.x not in AXES:
            raise UsageError(f"wanted x {', '.join(map(repr, AXES))}, found {self.x!r}")
        if self.seed_std is not None and not self.seed_std > 0:
            raise UsageError(f"wanted a positive seed_std, found {self.seed_std!r}")
        for name in ("warmup_steps", "max_steps", "smooth"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise UsageError(f"wanted {name} of 0 or more, found {value}")
