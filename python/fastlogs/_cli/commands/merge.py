"""`fastlogs merge PART... -o FILE`: the parts of an index as one."""

from __future__ import annotations

from pathlib import Path

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import rendering
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Text


@click.command("merge", short_help=COMMANDS["merge"], epilog="Example: fastlogs merge part-*.parquet -o runs.parquet")
@click.argument("parts", nargs=-1, required=True, metavar="PART...", type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", "--output-dir", required=True, metavar="FILE", help="The whole, as Parquet.")
@rendering
def COMMAND(parts: tuple[str, ...], output: str, form: str) -> None:
    """Put the parts that `fastlogs index --shard` wrote together: a row a run, in the order of their paths."""
    from fastlogs._findings import counts
    from fastlogs._index.table import merged, write

    table = merged(parts)
    broken = len(table) - table["broken"].null_count()
    write(table, Path(output))
    said = f"{counts(len(table), 'run')} of {counts(len(parts), 'part')}, {broken:,} broken, to {output}"
    show(Outcome("merge", (Text(said),), {"runs": len(table), "broken": broken, "output": output}), form)
