"""`fastlogs cache info|clear`: what is kept of earlier looks, and where."""

from __future__ import annotations

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import rendering
from fastlogs._cli.output import Outcome, show
from fastlogs._findings import counts
from fastlogs._report.blocks import Block, Table, Text


@click.group("cache", short_help=COMMANDS["cache"], epilog="Example: fastlogs cache clear runs")
def COMMAND() -> None:
    """Show or clear what is kept of earlier looks at folders of runs.

    It lies below FASTLOGS_CACHE, else XDG_CACHE_HOME, else ~/.cache; FASTLOGS_CACHE=off keeps nothing.
    """


@COMMAND.command("info")
@rendering
def info(form: str) -> None:
    """Show what is kept, a line a folder of runs."""
    from fastlogs._index import where

    there = list(where.kept())
    lies = where.home()
    said = f"{'kept' if there else 'nothing is kept yet'} below {lies}"
    said = said if lies is not None else "nothing is kept: FASTLOGS_CACHE is off"
    blocks: list[Block] = [Text(said)]
    if there:
        rows = [[one.root, f"{one.bytes / 1e6:,.1f}", one.files] for one in there]
        blocks.append(Table(("root", "MB", "files"), rows))
    folders = [{"root": one.root, "bytes": one.bytes, "files": one.files} for one in there]
    show(Outcome("cache", tuple(blocks), {"home": lies and str(lies), "folders": folders}), form)


@COMMAND.command("clear")
@click.argument("root", required=False)
@rendering
def clear(root: str | None, form: str) -> None:
    """Remove what is kept of a folder of runs; of all without ROOT."""
    from fastlogs._index import where

    gone = where.clear(root)
    freed = sum(one.bytes for one in gone)
    said = f"removed what was kept of {counts(len(gone), 'folder')}, {freed / 1e6:.1f} MB"
    show(Outcome("cache", (Text(said),), {"removed": [one.root for one in gone], "bytes": freed}), form)
