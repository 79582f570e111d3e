"""`fastlogs sweep ROOT --metric M`: which of many runs won, what mattered, what failed, what to run next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import engine, find, rendering
from fastlogs._cli.output import Outcome, show, wrote
from fastlogs._report.blocks import Block, Text

if TYPE_CHECKING:
    from fastlogs._sweep import Sweep


@click.command("sweep", short_help=COMMANDS["sweep"], epilog="Example: fastlogs sweep runs --metric val_loss -o out")
@click.argument("root", metavar="ROOT")
@click.option("-m", "--metric", metavar="NAME", help="What runs are judged by: name, glob or @role; else the loss.")
@click.option("--goal", type=click.Choice(["low", "high"]), help="Which way is better.")
@click.option("--score", type=click.Choice(["final", "best", "last"]), default="final", help="What a run counts with.")
@click.option("--seed-std", type=float, metavar="SD", help="The known spread between seeds.")
@click.option("--cost", metavar="NAME", help="What quality is held against: name, glob or @role.")
@click.option("--ignore", multiple=True, metavar="KEY", help="A setting that is no choice; repeatable.")
@click.option("--glob", default="*", metavar="GLOB", help="Only runs whose path below ROOT, or a tail of it, fits.")
@click.option("--log-format", metavar="NAME|FILE", help="Read by this format instead of finding it.")
@click.option("-p", "--regex", multiple=True, metavar="REGEX", help="Read by a regex with named groups; repeatable.")
@engine
@click.option("--title-prefix", default="", metavar="TEXT", help="Stands before the titles.")
@click.option("-o", "--output", "--output-dir", metavar="OUT", help="Write the report: folder, x.html, x.pdf, x.md ...")
@click.option("--base-dir", default=".", metavar="DIR", help="Where names that are no paths are looked up.")
@rendering
def COMMAND(
    root: str,
    glob: str,
    log_format: str | None,
    regex: tuple[str, ...],
    title_prefix: str,
    output: str | None,
    base_dir: str,
    form: str,
    **options: Any,
) -> None:
    """Find who won among many runs, what mattered, what failed, what to run next.

    A folder gets report.html, sweep.json, sweep.csv (a row a run), texts and figures.
    """
    import warnings

    from fastlogs._cli.progress import counted
    from fastlogs._runs import discover
    from fastlogs._sweep import sweep
    from fastlogs.errors import LinesLeft

    with warnings.catch_warnings():
        # A broken run is a row with its reason.
        warnings.simplefilter("ignore", LinesLeft)
        runs = discover(find(root, base_dir), glob, format=log_format, pattern=list(regex) or None)
        with counted("runs") as tell:
            found = sweep(runs, tell=tell, **options)
        show(_outcome(found, form, output, title_prefix), form)


def _outcome(found: Sweep, form: str, output: str | None, prefix: str) -> Outcome:
    from fastlogs._report.sweep import brief, table

    blocks: tuple[Block, ...] = (table(found),) if form == "csv" else brief(found)
    if output is not None:
        blocks = (*blocks, _write(found, output, prefix))
    return Outcome("sweep", blocks, found.to_dict() if form == "json" else {})


def _write(found: Sweep, output: str, prefix: str) -> Text:
    from fastlogs._report.report import composed
    from fastlogs._whole import written

    files = composed([found], prefix=prefix).save(output)
    if os.path.isdir(output):
        files.append(written(Path(output) / "sweep.csv", found.runs.write_csv()))
    return wrote(files)
