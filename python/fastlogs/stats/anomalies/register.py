"""What an anomaly is, and the register of their detectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fastlogs.stats.floats import Flags, Floats

Role = Literal["loss", "grad_norm", "throughput", "step_time", "time", "any"]
Series = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something wrong from `first` to `last` (in units of x); `recovered` is how long it took, None if it never did."""

    kind: str
    first: float
    last: float
    severity: float
    value: float | None = None
    recovered: float | None = None
    note: str = ""


Find = Callable[[Floats, Floats], Iterator[Anomaly]]


@dataclass(frozen=True, slots=True)
class Detector:
    """One way to find a kind of anomaly, the roles it is looked for in, and the two series that hold it to its word."""

    kind: str
    roles: tuple[Role, ...]
    find: Find
    fires: Callable[[], Series]
    quiet: Callable[[], Series]


DETECTORS: list[Detector] = []


def detector(
    kind: str, *roles: Role, fires: Callable[[], Series], quiet: Callable[[], Series]
) -> Callable[[Find], Find]:
    """Registers a detector of a kind for some roles."""

    def register(find: Find) -> Find:
        DETECTORS.append(Detector(kind, roles, find, fires, quiet))
        return find

    return register


def stretches(flags: Flags) -> Iterator[tuple[int, int]]:
    """First and last index of each stretch of true ones."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    yield from zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)
