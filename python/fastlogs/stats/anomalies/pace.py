"""Runs that slow down or stand still."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fastlogs.stats import divergence
from fastlogs.stats.anomalies.register import Anomaly, Series, detector
from fastlogs.stats.anomalies.samples import noise
from fastlogs.stats.bins import block_medians, median
from fastlogs.stats.floats import Floats
from fastlogs.stats.speed import warming


def _slowed() -> Series:
    x, y = noise(level=1.0, sd=0.02)
    y[600:] *= 1.15
    return x, y


@detector("throughput_drop", "step_time", fires=_slowed, quiet=lambda: noise(level=1.0, sd=0.02))
def _slower(x: Floats, y: Floats) -> Iterator[Anomaly]:
    """From some step to the end each step takes over 5 % longer: medians of ten steps, scanned as a divergence is."""
    there = y > 0
    yield from _drops(x[there], np.log(y[there]))


def _drops(x: Floats, logs: Floats) -> Iterator[Anomaly]:
    """Of the logs of the times."""
    skip = warming(logs)
    blocks = (len(logs) - skip) // 10
    if blocks < min(divergence.LIMITS):
        return
    x = x[len(x) - 10 * blocks :: 10]
    medians = block_medians(logs[skip:], blocks)
    away = medians - median(medians[: blocks // 4])
    found = divergence.scan(away, max(b for b in divergence.LIMITS if b <= blocks))
    if not found.parted:
        return
    start = int(divergence.onset(found)[0] * blocks / found.bins)
    change = median(medians[start:]) - median(medians[:start]) if start else 0.0
    if change > np.log(1.05):
        value = float(np.exp(median(medians[start:])))
        yield Anomaly("throughput_drop", float(x[start]), float(x[-1]), float(np.exp(change)), value)


def _slowed_rate() -> Series:
    x, y = _slowed()
    return x, 1000 / y


@detector("throughput_drop", "throughput", fires=_slowed_rate, quiet=lambda: noise(level=1000.0, sd=20.0))
def _fewer(x: Floats, y: Floats) -> Iterator[Anomaly]:
    """The same of a rate."""
    there = y > 0
    for drop in _drops(x[there], -np.log(y[there])):
        value = None if drop.value is None else 1 / drop.value
        yield Anomaly(drop.kind, drop.first, drop.last, drop.severity, value)


def _paused() -> Series:
    x = np.arange(1000.0)
    return x, x + 60.0 * (x > 500)


@detector("stall", "time", fires=_paused, quiet=lambda: (np.arange(1000.0), np.arange(1000.0) * 2))
def _stall(x: Floats, y: Floats) -> Iterator[Anomaly]:
    """Nothing was logged for over five times the usual gap; y is a clock in seconds."""
    gaps = np.diff(y)
    if len(gaps) < 10 or (usual := median(gaps)) <= 0:
        return
    for i in np.flatnonzero(gaps > 5 * usual).tolist():
        gap = float(gaps[i])
        yield Anomaly("stall", float(x[i]), float(x[i + 1]), gap / usual, gap, float(x[i + 1] - x[i]))
