"""`fastlogs summary PATH...`: format, coverage, and a line a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import find, reading, rendering, request_options
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Block, Table, Text

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._coverage import Coverage

_SHOWN = ("metric", "last", "best", "@step", "mean last 100", "trend")


@click.command("summary", short_help=COMMANDS["summary"], epilog="Example: fastlogs summary train.log --json")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@reading
@rendering
def COMMAND(paths: tuple[str, ...], form: str, base_dir: str, **options: Any) -> None:
    """Show format, coverage and a line a metric of each log."""
    import warnings

    from fastlogs.errors import LinesLeft

    with warnings.catch_warnings():
        # What was left is part of the answer here.
        warnings.simplefilter("ignore", LinesLeft)
        parts = [_part(find(path, base_dir), options) for path in paths]
    blocks = tuple(block for part, _ in parts for block in part)
    show(Outcome("summary", blocks, {"runs": [run for _, runs in parts for run in runs]}), form)


def _part(path: str, options: dict[str, Any]) -> tuple[list[Block], list[dict[str, Any]]]:
    from fastlogs import _coverage
    from fastlogs._cli.progress import watched
    from fastlogs._request import ask
    from fastlogs._summary import summary_of

    request = ask(path, **request_options(**options))
    table, coverage = summary_of(request, watched)
    if request.strict:
        _coverage.warn(coverage, request.sources.label, strict=True, level=1)
    blocks: list[Block] = [Text("\n".join(coverage.words()))]
    documents = []
    runs = _runs(table, path)
    for name, facts in runs:
        blocks.append(Table(_SHOWN, [_line(fact) for fact in facts], title=name if len(runs) > 1 else ""))
        documents.append({"run": name, "metrics": facts} | _about(coverage, name))
    return blocks, documents


def _runs(table: pl.DataFrame, path: str) -> list[tuple[str, list[dict[str, Any]]]]:
    if "run" not in table.columns:
        return [(path, table.to_dicts())]
    parts = table.partition_by("run", maintain_order=True)
    return [(str(part["run"][0]), part.drop("run").to_dicts()) for part in parts]


def _line(fact: dict[str, Any]) -> list[Any]:
    from fastlogs._summary import sparkline

    best = {"low": "min", "high": "max", "none": ""}[fact["goal"]]
    value, step = (fact[best], fact[f"{best}_step"]) if best else (None, None)
    named = f"{fact['metric']} ({fact['unit']})" if fact["unit"] else fact["metric"]
    return [named, fact["last"], value, step, fact["last100"], sparkline(fact.get("trend") or [])]


def _about(coverage: Coverage, run: str) -> dict[str, Any]:
    """What the documents say of a run's sources."""
    sources = [s for s in coverage.sources if s.run == run] or list(coverage.sources)
    first = sources[0]
    return {
        "format": first.format,
        "encoding": first.encoding,
        "step": first.step,
        "lines": sum(s.lines for s in sources),
        "rows": sum(s.rows for s in sources),
        "left": type(coverage)(tuple(sources)).counts,
        "config": {key: value for source in sources for key, value in source.settings},
    }
