"""Blocks for a terminal: its width, its colours when it has some."""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from fastlogs._report.blocks import Block, Charts, Figure, Heading, Prose, Table, Text
from fastlogs._report.cells import cell, plain

if TYPE_CHECKING:
    from rich.text import Text as Words

# Blanks around a grid and between two columns of it; a name is never cut to less than so many letters.
_EDGES = 2
_BETWEEN = 3
_LEAST = 12


def render(blocks: Iterable[Block]) -> str:
    return "\n".join(filter(None, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return _bold(plain(text)) if level == 1 else "\n" + _bold(plain(text))
        case Text(text):
            return plain(text)
        case Prose(text):
            return textwrap.fill(plain(text), width(), break_long_words=False, break_on_hyphens=False)
        case Table():
            return _grid(block)
        case Figure() | Charts():
            return ""


def _grid(table: Table) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text as Words

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, title=_title(table), title_justify="left")
    rows = [[plain(cell(value)) for value in row] for row in table.rows]
    # What is too wide breaks between words, so that no number is cut while there are words.
    whole = [not any(" " in row[at] for row in rows) for at in range(len(table.columns))]
    widths = _widths(rows, table.columns)
    room = width() - _EDGES - sum(w + _BETWEEN for w in widths[1:])
    tight = all(whole) and room < widths[0]
    for at, name in enumerate(table.columns):
        side = "right" if table.is_numeric(at) else "left"
        head = Words(name, style="bold")
        wide = widths[at] if tight and at and room >= _LEAST else None
        grid.add_column(head, justify=side, no_wrap=whole[at] and not tight, overflow="ellipsis", width=wide)  # type: ignore[arg-type]
    rows = [[_within(row[0], max(room, _LEAST)), *row[1:]] for row in rows] if tight else rows
    for row in rows:
        grid.add_row(*map(Words, row))
    console = Console(file=io.StringIO(), width=width(), force_terminal=coloured(), highlight=False)
    console.print(grid)
    printed: str = console.file.getvalue()  # type: ignore[attr-defined]
    lines = [line.rstrip() for line in printed.splitlines()]
    return "\n" + "\n".join(lines).strip("\n") + "\n"


def _widths(rows: list[list[str]], columns: Sequence[str]) -> list[int]:
    from rich.cells import cell_len

    heads = [max(name.split(), key=cell_len, default="") for name in columns]
    return [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]


def _within(name: str, room: int) -> str:
    """A name cut in its middle: what tells names apart stands at their end more often than at their beginning."""
    begin = room // 3
    return name if len(name) <= room else f"{name[:begin]}…{name[begin + 1 - room :]}"


def _title(table: Table) -> Words | None:
    from rich.text import Text as Words

    return Words(plain(table.title), style="bold") if table.title else None


def _bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if coloured() else text


def width() -> int:
    """COLUMNS, else the terminal's, else 100 for a pipe."""
    return shutil.get_terminal_size((100, 24)).columns


def coloured() -> bool:
    """Whether stdout wants colours: a terminal, and nobody said NO_COLOR."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
