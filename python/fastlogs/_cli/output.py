"""Renders blocks as table, json, csv, md or latex: every command has every form."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.blocks import Block, Outcome, Table, Text
from fastlogs._cli.failure import plain

if TYPE_CHECKING:
    from rich.text import Text as Words


def show(outcome: Outcome, form: str) -> None:
    """Writes an outcome to stdout; exits 1 when the answer is no."""
    text = _json(outcome) if form == "json" else "\n".join(filter(None, map(_RENDERERS[form], outcome.blocks)))
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    if outcome.failed:
        raise click.exceptions.Exit(1)


def _json(outcome: Outcome) -> str:
    document = {"schema": f"fastlogs.{outcome.verb}/1", **outcome.document}
    return json.dumps(_finite(document), indent=2, ensure_ascii=False, default=str)


def _finite(value: Any) -> Any:
    """JSON has no nan and no infinity: they are the words that Python and JavaScript read back."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def _terminal(block: Block) -> str:
    if isinstance(block, Text):
        return plain(block.text)
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text as Words

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, title=_title(block), title_justify="left")
    for at, name in enumerate(block.columns):
        right = _is_numeric(block, at)
        grid.add_column(
            Words(name, style="bold"), justify="right" if right else "left", no_wrap=True, overflow="ellipsis"
        )
    for row in block.rows:
        grid.add_row(*(Words(plain(cell(value))) for value in row))
    console = Console(file=io.StringIO(), width=width(), force_terminal=_coloured(), highlight=False)
    console.print(grid)
    printed: str = console.file.getvalue()  # type: ignore[attr-defined]
    lines = [line.rstrip() for line in printed.splitlines()]
    return "\n" + "\n".join(lines).strip("\n") + "\n"


def _title(table: Table) -> Words | None:
    from rich.text import Text as Words

    return Words(plain(table.title), style="bold") if table.title else None


def width() -> int:
    """COLUMNS, else the terminal's, else 100 for a pipe."""
    return shutil.get_terminal_size((100, 24)).columns


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _is_numeric(table: Table, at: int) -> bool:
    return any(isinstance(row[at], int | float) for row in table.rows)


def cell(value: Any) -> str:
    """A value as people read it: six digits of a number, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return f"{value:.6g}"


def _csv(block: Block) -> str:
    if isinstance(block, Text):
        return ""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(block.columns)
    writer.writerows([_inert(value) for value in row] for row in block.rows)
    return out.getvalue()


def _inert(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _markdown(block: Block) -> str:
    if isinstance(block, Text):
        fence = "````" if "```" in block.text else "```"
        return f"{fence}\n{plain(block.text)}\n{fence}\n"
    lines = [
        _bars(block.columns),
        _bars(["---:" if _is_numeric(block, at) else "---" for at in range(len(block.columns))]),
    ]
    return (
        "\n".join([*([f"**{_md(block.title)}**", ""] if block.title else []), *lines, *map(_bars, block.rows)]) + "\n"
    )


def _bars(row: Sequence[Any]) -> str:
    return "| " + " | ".join(_md(cell(value)) for value in row) + " |"


def _md(text: str) -> str:
    marks = "".join(f"\\{c}" if c in "\\`*_[]<>|" else c for c in plain(text))
    return marks.replace("\n", " ")


_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    c: f"\\{c}" for c in "&%$#_{}"
}


def _latex(block: Block) -> str:
    if isinstance(block, Text):
        return "".join(f"% {line}\n" for line in plain(block.text).splitlines())
    aligned = "".join("r" if _is_numeric(block, at) else "l" for at in range(len(block.columns)))
    rows = [" & ".join(_tex(cell(value)) for value in row) + r" \\" for row in (block.columns, *block.rows)]
    head, body = rows[0], rows[1:]
    return "\n".join([rf"\begin{{tabular}}{{{aligned}}}", head, r"\hline", *body, r"\end{tabular}"]) + "\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in plain(text))


_RENDERERS: dict[str, Callable[[Block], str]] = {
    "table": _terminal,
    "csv": _csv,
    "md": _markdown,
    "latex": _latex,
}
