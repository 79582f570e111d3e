"""Logs as many hands print them, each with the table a person would write down beside it."""

from __future__ import annotations

from . import counted, nothing, tables, worded
from .writer import LOGS, Log, Writer, written

__all__ = ["LOGS", "Log", "Writer", "counted", "nothing", "tables", "worded", "written"]
