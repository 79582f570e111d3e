"""Tensors by name to measurements: what changed, how large it is, what it means. Knows neither torch nor training.

>>> import numpy as np
>>> from fastlogs.model import change
>>> change({"w": np.ones(4)}, {"w": np.zeros(4)}).total.norm_l2
2.0
"""

from __future__ import annotations

from fastlogs.model.change import Change, Changes, at_thresholds, finite, joined, totals
from fastlogs.model.checkpoint import Checkpoint, Diff, Stats, diff, open_checkpoint, stats
from fastlogs.model.groups import Groups, grouped, known, plain
from fastlogs.model.keys import label
from fastlogs.model.measure import THRESHOLDS, change, statistics
from fastlogs.model.quality import Quality, quality
from fastlogs.model.ranges import Range, judge, range_of, ranges
from fastlogs.model.spectral import Spectrum, spectrum

__all__ = [
    "THRESHOLDS",
    "Change",
    "Changes",
    "Checkpoint",
    "Diff",
    "Groups",
    "Quality",
    "Range",
    "Spectrum",
    "Stats",
    "at_thresholds",
    "change",
    "diff",
    "finite",
    "grouped",
    "joined",
    "judge",
    "known",
    "label",
    "open_checkpoint",
    "plain",
    "quality",
    "range_of",
    "ranges",
    "spectrum",
    "statistics",
    "stats",
    "totals",
]
