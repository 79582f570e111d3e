"""A failure as `error:` and `help:` lines, and the exit code it means."""

from __future__ import annotations

import os

import click

from fastlogs._report.cells import plain
from fastlogs.errors import FastlogsError, NoMetricsFound


def explain(raised: Exception) -> tuple[str, int]:
    """The text for stderr and the exit code."""
    if isinstance(raised, NoMetricsFound):
        return _lines(raised.message, raised.help), 1
    if isinstance(raised, FastlogsError):
        return _lines(raised.message, raised.help), 2
    if isinstance(raised, click.ClickException):
        return _lines(raised.format_message(), _usage_help(raised)), 2
    if isinstance(raised, OSError) and raised.filename is not None:
        return _lines(f"{str(raised.strerror).lower()}: {os.fsdecode(raised.filename)}", ""), 2
    if isinstance(raised, MemoryError):
        return _lines("out of memory", "metrics= or --metric reads fewer columns, 'fastlogs export' any size"), 2
    return _lines(f"{type(raised).__name__}: {raised}", ""), 2


def _usage_help(raised: click.ClickException) -> str:
    context = getattr(raised, "ctx", None)
    return f"'{context.command_path} --help' lists what it takes" if context else ""


def _lines(message: str, advice: str) -> str:
    return f"error: {plain(message)}" + (f"\nhelp: {plain(advice)}" if advice else "")
