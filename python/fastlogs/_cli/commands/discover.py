"""`fastlogs discover ROOT`: which runs a folder holds, and what says so."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import find, rendering
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Table

if TYPE_CHECKING:
    from fastlogs._run import Run

_SHOWN = ("run", "logs", "settings", "checkpoints", "why")


@click.command("discover", short_help=COMMANDS["discover"], epilog="Example: fastlogs discover runs --glob 'seed*'")
@click.argument("root", metavar="ROOT")
@click.option("--glob", default="*", metavar="GLOB", help="Only runs whose path below ROOT, or a tail of it, fits.")
@click.option("--base-dir", default=".", metavar="DIR", help="Where a name that is no path is looked up.")
@rendering
def COMMAND(root: str, glob: str, base_dir: str, form: str) -> None:
    """Show which runs a folder holds, where each lies, and why it is one. Reads no log."""
    from fastlogs._runs import discover

    runs = discover(find(root, base_dir), glob)
    table = Table(_SHOWN, [_line(run) for run in runs])
    show(Outcome("discover", (table,), {"runs": [_about(run) for run in runs]}, failed=not runs), form)


def _line(run: Run) -> list[Any]:
    place = run.place
    return [run.name, len(place.logs), len(place.config) or len(place.stated), len(run.checkpoints), place.why]


def _about(run: Run) -> dict[str, Any]:
    place = run.place
    lists: dict[str, list[Any]] = {"logs": list(place.logs), "settings": list(place.config)}
    checkpoints = [asdict(one) | {"modified": one.modified and one.modified.isoformat()} for one in run.checkpoints]
    return {"run": run.name, "path": run.path, **lists, "checkpoints": checkpoints, "why": place.why}
