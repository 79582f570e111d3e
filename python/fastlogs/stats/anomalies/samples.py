"""Made series on which the detectors are shown to fire, or to be quiet."""

from __future__ import annotations

import numpy as np

from fastlogs.stats.anomalies.register import Series


def noise(points: int = 1000, level: float = 3.0, sd: float = 0.05) -> Series:
    """Nothing but noise about a level."""
    return np.arange(float(points)), np.random.default_rng(0).normal(level, sd, points)


def log_noise() -> Series:
    """Noise as gradient norms have it."""
    x, y = noise(level=0.0, sd=0.2)
    return x, np.exp(y)


def holding(points: slice, value: float) -> Series:
    """A loss that falls, with some points at one value."""
    x, y = noise()
    y += 2 * np.exp(-x / 200)
    y[points] = value
    return x, y
