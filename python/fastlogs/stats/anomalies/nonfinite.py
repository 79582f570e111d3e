"""Values that are no numbers, or not finite."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fastlogs.stats.anomalies.register import Anomaly, detector, stretches
from fastlogs.stats.anomalies.samples import holding, noise
from fastlogs.stats.floats import Flags, Floats


@detector("nan", "any", fires=lambda: holding(slice(40, 42), np.nan), quiet=noise)
def _nan(x: Floats, y: Floats) -> Iterator[Anomaly]:
    yield from _nonfinite("nan", x, np.isnan(y))


@detector("inf", "any", fires=lambda: holding(slice(40, 42), -np.inf), quiet=noise)
def _inf(x: Floats, y: Floats) -> Iterator[Anomaly]:
    yield from _nonfinite("inf", x, np.isinf(y))


def _nonfinite(kind: str, x: Floats, flags: Flags) -> Iterator[Anomaly]:
    if not flags.any():
        return
    for first, last in stretches(flags):
        after = x[last + 1] - x[first] if last + 1 < len(x) else None
        recovered = None if after is None else float(after)
        yield Anomaly(kind, float(x[first]), float(x[last]), float(last - first + 1), recovered=recovered)
