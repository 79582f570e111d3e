"""Blocks as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from fastlogs._report.blocks import Block, Charts, Figure, Heading, Prose, Table, Text
from fastlogs._report.cells import cell, plain


def render(blocks: Iterable[Block]) -> str:
    return "\n".join(filter(None, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_inert(text)}\n"
        case Text(text):
            fence = "````" if "```" in text else "```"
            return f"{fence}\n{plain(text)}\n{fence}\n"
        case Prose(text):
            return _inert(text) + "\n"
        case Table():
            return _grid(block)
        case Figure(file, alt):
            return f"![{_inert(alt)}]({quote(file)})\n"
        case Charts():
            return ""


def _grid(table: Table) -> str:
    rule = ["---:" if table.is_numeric(at) else "---" for at in range(len(table.columns))]
    title = [f"**{_inert(table.title)}**", ""] if table.title else []
    return "\n".join([*title, _bars(table.columns), _bars(rule), *map(_bars, table.rows)]) + "\n"


def _bars(row: Sequence[Any]) -> str:
    return "| " + " | ".join(_inert(cell(value)) for value in row) + " |"


def _inert(text: str) -> str:
    marks = "".join(f"\\{c}" if c in "\\`*_[]<>|" else c for c in plain(text))
    return marks.replace("\n", " ")
