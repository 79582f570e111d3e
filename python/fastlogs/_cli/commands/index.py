"""`fastlogs index ROOT`: reads the runs below a folder that have changed, and keeps what they come to."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import engine, find, rendering
from fastlogs._cli.output import Outcome, show, wrote
from fastlogs._report.blocks import Block, Table, Text


@click.command(
    "index", short_help=COMMANDS["index"], epilog="Example: fastlogs index runs --shard 3/64 -o part-3.parquet"
)
@click.argument("root", metavar="ROOT")
@click.option("--shard", metavar="K/N", help="Only the K-th of N parts: the same on every machine.")
@click.option("-o", "--output", "--output-dir", metavar="FILE", help="Write it as Parquet, a row a run.")
@engine
@click.option("--no-cache", is_flag=True, help="Read everything, keep nothing for the next look.")
@click.option("--log-format", metavar="NAME|FILE", help="Read by this format instead of finding it.")
@click.option("--base-dir", default=".", metavar="DIR", help="Where a name that is no path is looked up.")
@rendering
def COMMAND(
    root: str,
    shard: str | None,
    output: str | None,
    engine: Literal["ray"] | None,
    no_cache: bool,
    log_format: str | None,
    base_dir: str,
    form: str,
) -> None:
    """Read the runs below a folder that have changed since the last look, and keep what they come to.

    `fastlogs sweep` by their loss then opens no log.

    `fastlogs merge` puts the parts of many machines together.
    """
    import warnings

    from fastlogs._cli.progress import counted
    from fastlogs._engines import over
    from fastlogs._findings import counts as counted_as
    from fastlogs._index import facts_of
    from fastlogs._index.shard import Shard
    from fastlogs._index.table import table_of, write
    from fastlogs._runs import discover
    from fastlogs._sweep.look import Closer
    from fastlogs.errors import LinesLeft

    part = Shard.of(shard) if shard else None
    with warnings.catch_warnings():
        # A broken run is a row with its reason.
        warnings.simplefilter("ignore", LinesLeft)
        runs = discover(find(root, base_dir), cache=not no_cache, format=log_format)
        if part is not None:
            runs = runs.only(part.among(runs))
        with counted("runs") as tell:
            # What a sweep looks at is kept with the rest.
            look = None if no_cache else Closer()
            facts = facts_of(runs, runs.root, tell, way=over(engine), look=look)
    counts = {"runs": len(runs), "read": len(runs) - facts.remembered, "remembered": facts.remembered}
    counts["broken"] = len(facts.broken)
    said = f"{counted_as(counts['runs'], 'run')}: {counts['read']:,} read, {counts['remembered']:,} remembered"
    blocks: list[Block] = [Text(f"{said}, {counts['broken']:,} broken")]
    if facts.broken:
        blocks.append(Table(("run", "why"), [list(item) for item in list(facts.broken.items())[:10]]))
    if output is not None:
        blocks.append(wrote([write(table_of(runs, facts), Path(output))]))
    show(Outcome("index", tuple(blocks), {**counts, "why": dict(facts.broken), "output": output}), form)
