"""Runs of known truth, for the tests."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

Floats = npt.NDArray[np.float64]


def steps(n: int, every: int = 1) -> Floats:
    return np.arange(every, n + 1, every, dtype=float)


def wandering(rng: np.random.Generator, n: int, rho: float = 0.0) -> Floats:
    """Noise of unit spread whose values follow each other with a given correlation."""
    drawn = rng.normal(size=n + 500)
    if rho:
        drawn = lfilter([np.sqrt(1 - rho * rho)], [1, -rho], drawn)
    return np.asarray(drawn[500:])


def falling(x: Floats) -> Floats:
    """A loss curve without noise."""
    return 2.5 + 5.0 * (x + 40.0) ** -0.4
