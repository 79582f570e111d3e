"""Metrics as JSON lines, which `fastlogs.read`, `compare` and reports read."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping


class Recorder:
    """Appends a line a measurement. Each is one write, so that a killed run leaves whole lines.

    >>> Recorder("analysis.jsonl").write(200, {"param_change/norm_l2": 0.5})
    >>> fastlogs.read("analysis.jsonl")["param_change/norm_l2"].to_list()
    [0.5]
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)

    def write(self, step: int, metrics: Mapping[str, float]) -> None:
        """One line; values that are not finite are the words that readers know."""
        told = {"step": step} | {key: _told(value) for key, value in metrics.items()}
        line = (json.dumps(told) + "\n").encode()
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)


def _told(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
