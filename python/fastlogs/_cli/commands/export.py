"""`fastlogs export PATH -o FILE`: the table as a file, of any size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.limits import wants_room
from fastlogs._cli.options import find, reading, rendering, request_options
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Text

if TYPE_CHECKING:
    from fastlogs._request import Layout


@click.command("export", short_help=COMMANDS["export"], epilog="Example: fastlogs export train.log -o train.parquet")
@click.argument("path")
@click.option(
    "-o", "--output", "--output-dir", required=True, metavar="FILE", help="x.parquet, x.csv, x.jsonl or x.arrow."
)
@click.option("--layout", type=click.Choice(["wide", "long", "summary"]), default="wide", help="Which table.")
@reading
@rendering
def COMMAND(path: str, output: str, layout: Layout, form: str, base_dir: str, **options: Any) -> None:
    """Write the table as parquet, csv, jsonl or arrow, of any size."""
    import polars  # noqa: F401  (what it takes itself is taken before room is asked for)

    from fastlogs._export import write
    from fastlogs._findings import counts
    from fastlogs._request import ask

    wants_room()
    rows = write(ask(find(path, base_dir), layout=layout, **request_options(**options)), Path(output))
    said = f"{counts(rows, 'row')} to {output}"
    show(Outcome("export", (Text(said),), {"path": output, "rows": rows, "layout": layout}), form)
