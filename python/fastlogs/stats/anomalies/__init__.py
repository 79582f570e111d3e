"""What went wrong along one run's series: a detector a kind, each with a series it must fire on and one it must not.

Severity says how far beyond the usual a thing is: for spikes and explosions in robust standard deviations, for drops,
stalls and vanishing as a factor, for the rest in points.
"""

from __future__ import annotations

import numpy as np

# The detectors register themselves.
from fastlogs.stats.anomalies import levels as levels
from fastlogs.stats.anomalies import nonfinite as nonfinite
from fastlogs.stats.anomalies import pace as pace
from fastlogs.stats.anomalies.register import DETECTORS, Anomaly, Detector, Role
from fastlogs.stats.anomalies.spikes import blips
from fastlogs.stats.floats import Floats

__all__ = ["DETECTORS", "Anomaly", "Detector", "Role", "blips", "find"]


def find(x: Floats, y: Floats, role: Role) -> tuple[Anomaly, ...]:
    """Every anomaly of a series in its role, in order; x rises, y may hold NaN and Inf.

    >>> y = np.random.default_rng(0).normal(3, 0.05, 500)
    >>> y[300:320] += 2 * np.exp(-np.arange(20) / 5)
    >>> [(a.kind, a.first) for a in find(np.arange(500.0), y, "loss")]
    [('loss_spike', 300.0)]
    """
    finite = np.isfinite(y)
    clean = (x, y) if finite.all() else (x[finite], y[finite])
    found: list[Anomaly] = []
    for one in DETECTORS:
        if "any" in one.roles:
            found += one.find(x, y)
        elif role in one.roles:
            found += one.find(*clean)
    return tuple(sorted(found, key=lambda anomaly: (anomaly.first, anomaly.kind)))
