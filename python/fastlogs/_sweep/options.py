"""How runs are judged, as it was asked for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from fastlogs._metrics import Goal
from fastlogs.errors import UsageError

Score: TypeAlias = Literal["final", "best", "last"]


@dataclass(frozen=True, slots=True)
class Options:
    """What `sweep` takes beside the runs."""

    goal: Goal | None = None
    score: Score = "final"
    seed_std: float | None = None
    cost: str | None = None
    ignore: tuple[str, ...] = ()
    now: float = field(default_factory=time.time)
    seed: int = 0

    def __post_init__(self) -> None:
        if self.score not in get_args(Score):
            raise UsageError(f"wanted score {', '.join(map(repr, get_args(Score)))}, found {self.score!r}")
        if self.goal not in (None, "low", "high"):
            raise UsageError(f"wanted goal 'low' or 'high', found {self.goal!r}")
        if self.seed_std is not None and not self.seed_std > 0:
            raise UsageError(f"wanted a positive seed_std, found {self.seed_std!r}")
