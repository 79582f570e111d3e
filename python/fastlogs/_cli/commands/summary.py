"""`fastlogs summary PATH...`: format, coverage, and a line a metric."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import find, reading, rendering, request_options
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Block, Table, Text

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._coverage import Coverage
    from fastlogs._outlook import Outlook

_SHOWN = ("metric", "last", "best", "@step", "mean last 100", "trend", "findings")
# Metrics whose findings are told below the table.
_TOLD = 6


@click.command("summary", short_help=COMMANDS["summary"], epilog="Example: fastlogs summary train.log --json")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--findings/--no-findings", "look", default=None, help="Look at every step (default: up to 64 MB).")
@click.option("--curve/--no-curve", "drawn", default=None, help="Draw the main loss (default: on a terminal).")
@reading
@rendering
def COMMAND(
    paths: tuple[str, ...], look: bool | None, drawn: bool | None, form: str, base_dir: str, **options: Any
) -> None:
    """Show format, coverage and a line a metric of each log."""
    import warnings

    from fastlogs.errors import LinesLeft

    with warnings.catch_warnings():
        # What was left is part of the answer here.
        warnings.simplefilter("ignore", LinesLeft)
        shown = form == "table" and (sys.stdout.isatty() if drawn is None else drawn)
        parts = [_part(find(path, base_dir), look, form, options, drawn=shown) for path in paths]
    blocks = tuple(block for part, _ in parts for block in part)
    show(Outcome("summary", blocks, {"runs": [run for _, runs in parts for run in runs]}), form)


def _part(
    path: str, look: bool | None, form: str, options: dict[str, Any], *, drawn: bool
) -> tuple[list[Block], list[dict[str, Any]]]:
    from fastlogs import _coverage
    from fastlogs._cli.progress import watched
    from fastlogs._outlook import outlooks
    from fastlogs._request import ask
    from fastlogs._summary import summary_of

    request = ask(path, **request_options(**options))
    table, coverage = summary_of(request, watched)
    if request.strict:
        _coverage.warn(coverage, request.sources.label, strict=True, level=1)
    blocks: list[Block] = [Text("\n".join(coverage.words()))]
    documents = []
    runs = _runs(table, path)
    found = outlooks(request, table, coverage, look=look)
    for name, facts in runs:
        known = found.get(name) or found[""]
        title = name if len(runs) > 1 else ""
        blocks.append(_table(facts, known, title, narrow=form == "table"))
        blocks += _curve(facts) if drawn else []
        blocks += [Text("\n".join(said))] if (said := _heard(known, path)) else []
        documents.append({"run": name, "metrics": _facts(facts, known)} | known.to_dict() | _about(coverage, name))
    return blocks, documents


def _runs(table: pl.DataFrame, path: str) -> list[tuple[str, list[dict[str, Any]]]]:
    if "run" not in table.columns:
        return [(path, table.to_dicts())]
    parts = table.partition_by("run", maintain_order=True)
    return [(str(part["run"][0]), part.drop("run").to_dicts()) for part in parts]


def _table(facts: list[dict[str, Any]], known: Outlook, title: str, *, narrow: bool) -> Table:
    """A line a metric; what was found of them stands below where there is no room for another column."""
    columns = _SHOWN[:-1] if narrow else _SHOWN
    trend = _trend_cells(facts) if narrow else 16
    return Table(columns, [_line(fact, known, trend)[: len(columns)] for fact in facts], title=title)


def _trend_cells(facts: list[dict[str, Any]]) -> int:
    """Half a trend where names are long and the terminal is not: numbers take about 60 columns."""
    from fastlogs._report.terminal import width

    return 16 if max((len(fact["metric"]) for fact in facts), default=0) + 66 <= width() else 8


def _curve(facts: list[dict[str, Any]]) -> list[Block]:
    """The main loss along the run, as wide as the terminal."""
    from fastlogs._curve import curve
    from fastlogs._report.terminal import width
    from fastlogs._trend import primary

    names = [fact["metric"] for fact in facts]
    name = primary(names, "loss") or primary(names, "val_loss")
    if name is None:
        return []
    fact = facts[names.index(name)]
    ends = fact["first_step"] or 0, fact["last_step"] or 0
    made = curve(fact.get("trend") or [], ends, width(), ascii=not _writes("\u28ff"))
    return [Text(f"{name} by step\n{made}\n")] if made else []


def _writes(text: str) -> bool:
    """Whether stdout can write it."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _line(fact: dict[str, Any], known: Outlook, cells: int) -> list[Any]:
    from fastlogs._summary import best_of, sparkline

    value, step = best_of(fact)
    named = f"{fact['metric']} ({fact['unit']})" if fact["unit"] else fact["metric"]
    trend = sparkline(fact.get("trend") or [], cells)
    return [
        named,
        fact["last"],
        value,
        step,
        fact["last100"],
        trend if _writes(trend) else "",
        known.of(fact["metric"]),
    ]


def _facts(facts: list[dict[str, Any]], known: Outlook) -> list[dict[str, Any]]:
    return [fact | {"findings": known.of(fact["metric"])} for fact in facts]


def _heard(known: Outlook, path: str) -> list[str]:
    """What stands under the table."""
    metrics = list(dict.fromkeys(f.metric for f in known.findings))
    told = [f"{metric}: {known.of(metric)}" if metric else known.of(metric) for metric in metrics[:_TOLD]]
    more = f"; {len(metrics) - _TOLD} more metrics" if len(metrics) > _TOLD else ""
    found = [f"findings: {'; '.join(told)}{more}", f"  'fastlogs check {path}' shows the evidence"] if told else []
    return [*known.words(), *found]


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
