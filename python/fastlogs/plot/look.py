"""How a figure is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from fastlogs._compare.options import Axis
from fastlogs.errors import UsageError


@dataclass(frozen=True, slots=True)
class Look:
    """What every figure takes beside its runs; None leaves the choice to the figure.

    `smooth` is the number of points that an average runs over: 0 or 1 shows the raw curve, None a hundredth of it.
    """

    metrics: tuple[str, ...] = ()
    title: str | None = None
    prefix: str = ""
    smooth: int | None = None
    log: bool | None = None
    validation: bool = True
    warmup_steps: int | None = None
    max_steps: int | None = None
    x: Axis = "step"
    dpi: int = 150

    def __post_init__(self) -> None:
        if not 10 <= self.dpi <= 2400:
            raise UsageError(f"wanted 10 to 2400 dots an inch, found {self.dpi}")
        if self.smooth is not None and self.smooth < 0:
            raise UsageError(f"wanted smooth of 0 or more points, found {self.smooth}")

    def titled(self, title: str) -> str:
        """The title: the one asked for, else the figure's own behind the prefix."""
        return self.title if self.title is not None else f"{self.prefix}{title}"
