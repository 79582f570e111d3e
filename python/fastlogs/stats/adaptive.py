"""Was a sweep sampled where earlier runs did well? Then what it says of settings holds there, not everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import kolmogorov

from fastlogs.stats.floats import Floats
from fastlogs.stats.many import holm
from fastlogs.stats.parameter import Parameter

_LEAST = 20
_LEVEL = 0.01


@dataclass(frozen=True, slots=True)
class Drift:
    """A parameter whose values in the second half of the runs are others than in the first."""

    name: str
    p: float
    first: float  # the middle value of the first half of the runs
    second: float


def drifts(parameters: Iterable[Parameter]) -> tuple[Drift, ...]:
    """The parameters whose values drift, their runs being given in the order in which they began; of numbers only.

    Kolmogorov and Smirnov's test of the two halves, by Holm at 1 %; refuses nothing, finds nothing under 20 runs.

    >>> drifts([Parameter("lr", np.arange(60.0))])[0].name
    'lr'
    """
    numbers = [one for one in parameters if not one.words and one.known.sum() >= _LEAST]
    found = [_drift(one) for one in numbers]
    kept = [one for one, p in zip(found, holm([one.p for one in found]), strict=True) if p is not None and p < _LEVEL]
    return tuple(sorted(kept, key=lambda drift: drift.p))


def _drift(one: Parameter) -> Drift:
    values = one.values[one.known]
    first, second = np.array_split(values, 2)
    apart = _apart(first, second) * math.sqrt(len(first) * len(second) / len(values))
    return Drift(one.name, float(kolmogorov(apart)), float(np.median(first)), float(np.median(second)))


def _apart(a: Floats, b: Floats) -> float:
    """The greatest distance of two empirical distributions."""
    every = np.concatenate([a, b])
    below = [np.searchsorted(np.sort(one), every, side="right") / len(one) for one in (a, b)]
    return float(np.abs(below[0] - below[1]).max())
