"""Logs as many hands print them, each with the table a person would write down beside it."""

from __future__ import annotations

from . import blocks, counted, nothing, systems, tables, worded
from .writer import LOGS, Log, Writer, written

__all__ = ["LOGS", "Log", "Writer", "blocks", "counted", "nothing", "systems", "tables", "worded", "written"]
