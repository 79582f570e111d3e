"""Series that stay where they should not: vanished gradients, dead losses, plateaus."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fastlogs.stats.anomalies.register import Anomaly, Series, detector, stretches
from fastlogs.stats.anomalies.samples import holding, log_noise, noise
from fastlogs.stats.bins import bin_means, median
from fastlogs.stats.floats import Floats
from fastlogs.stats.noise import BINS, long_run_variance
from fastlogs.stats.student import reach


def _vanished() -> Series:
    x, y = log_noise()
    y[700:] *= 1e-4
    return x, y


@detector("grad_vanishing", "grad_norm", fires=_vanished, quiet=log_noise)
def _grad_vanishing(x: Floats, y: Floats) -> Iterator[Anomaly]:
    """Under a hundredth of the usual for fifty points; the usual is the first half's, should the rest have vanished."""
    if len(y) < 100:
        return
    usual = max(median(y), median(y[: len(y) // 2]))
    for first, last in stretches(y < usual / 100):
        if last - first + 1 >= 50:
            value = median(y[first : last + 1])
            recovered = float(x[last + 1] - x[first]) if last + 1 < len(x) else None
            factor = usual / value if value > 0 else float(len(y)) * 100
            yield Anomaly("grad_vanishing", float(x[first]), float(x[last]), factor, value, recovered)


@detector("dead", "loss", fires=lambda: holding(slice(500, 560), 3.0), quiet=lambda: holding(slice(500, 510), 3.0))
def _dead(x: Floats, y: Floats) -> Iterator[Anomaly]:
    """The very same value for twenty points."""
    for first, last in stretches(np.diff(y) == 0):
        if last - first + 2 >= 20:
            recovered = float(x[last + 2] - x[first]) if last + 2 < len(x) else None
            points = float(last - first + 2)
            yield Anomaly("dead", float(x[first]), float(x[last + 1]), points, float(y[first]), recovered, "constant")


def _learning() -> Series:
    x, y = noise()
    return x, y + 4 * np.exp(-x / 100)


@detector("dead", "loss", fires=lambda: noise(level=10.8), quiet=_learning)
def _never_learned(x: Floats, y: Floats) -> Iterator[Anomaly]:
    """After a tenth of the run the loss is still within 1 % of where it began."""
    if len(y) < 100:
        return
    initial = float(y[: len(y) // 50].mean())
    after = bin_means(y[len(y) // 10 :], BINS // 2)
    if initial != 0 and (np.abs(after / initial - 1) <= 0.01).all():
        yield Anomaly("dead", float(x[0]), float(x[-1]), float(len(y)), initial, note="never left its first level")


def _fallen() -> Series:
    x, y = noise(2000, sd=0.002)
    return x, y + np.maximum(1 - x / 500, 0.0)


def _still_falling() -> Series:
    x, y = noise(sd=0.01)
    return x, y - x / 2000


@detector("plateau", "loss", fires=_fallen, quiet=_still_falling)
def _plateau(x: Floats, y: Floats) -> Iterator[Anomaly]:
    """The second half brought nothing: its slope is surely within 0.1 % of the value per tenth of the run."""
    half = y[len(y) // 2 :]
    if len(half) < 100:
        return
    bins = bin_means(half, BINS)
    noise = long_run_variance(bins)
    u = (np.arange(len(bins)) + 0.5) / len(bins) - 0.5
    slope = float(u @ bins) / float(u @ u) / 5  # of a half run, so a fifth of it is a tenth of the run
    half_width = reach(0.95, noise.df) * float(np.sqrt(noise.variance / (u @ u))) / 5
    value = float(half.mean())
    if noise.n_eff >= 10 and abs(slope) + half_width <= 0.001 * abs(value):
        yield Anomaly("plateau", float(x[len(y) // 2]), float(x[-1]), float(len(half)), value)
