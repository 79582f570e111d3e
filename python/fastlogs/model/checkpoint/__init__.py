"""Checkpoints on disk: safetensors and torch files, opened without torch and without executing anything."""

from __future__ import annotations

from fastlogs.model.checkpoint.measured import Diff, Stats, change_metrics, diff, group_metrics, stats
from fastlogs.model.checkpoint.opened import Checkpoint, is_checkpoint, open_checkpoint
from fastlogs.model.checkpoint.series import over_steps

__all__ = [
    "Checkpoint",
    "Diff",
    "Stats",
    "change_metrics",
    "diff",
    "group_metrics",
    "is_checkpoint",
    "open_checkpoint",
    "over_steps",
    "stats",
]
