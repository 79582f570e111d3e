"""Blocks as plain text for a file: every column as wide as what stands in it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from fastlogs._report.blocks import Block, Charts, Figure, Heading, Prose, Table, Text
from fastlogs._report.cells import cell, plain

_WIDTH = 100
_RULES = {1: "=", 2: "-"}


def render(blocks: Iterable[Block]) -> str:
    return "\n".join(filter(None, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"\n{plain(text)}\n{_RULES.get(level, '.') * len(text)}\n"
        case Text(text):
            return plain(text) + "\n"
        case Prose(text):
            return textwrap.fill(plain(text), _WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"
        case Table():
            return _grid(block)
        case Figure(file, alt):
            return f"[{plain(file)}: {plain(alt)}]\n"
        case Charts():
            return ""


def _grid(table: Table) -> str:
    cells = [list(table.columns), *([plain(cell(value)) for value in row] for row in table.rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(table.columns))]
    sides = [str.rjust if table.is_numeric(at) else str.ljust for at in range(len(table.columns))]
    lines = ["  ".join(side(text, w) for side, text, w in zip(sides, row, widths, strict=True)) for row in cells]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "".join(f"{line.rstrip()}\n" for line in ([table.title] if table.title else []) + lines)
