"""Blocks as LaTeX: tables as tabular, sentences as paragraphs, a machine's lines as comments."""

from __future__ import annotations

from collections.abc import Iterable

from fastlogs._report.blocks import Block, Charts, Figure, Heading, Prose, Table, Text
from fastlogs._report.cells import cell, plain

_MARKS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "±": r"$\pm$"} | {
    c: f"\\{c}" for c in "&%$#_{}"
}
_LEVELS = {1: "section", 2: "subsection"}


def render(blocks: Iterable[Block]) -> str:
    return "\n".join(filter(None, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return rf"\{_LEVELS.get(level, 'paragraph')}*{{{_inert(text)}}}" + "\n"
        case Text(text):
            return "".join(f"% {line}\n" for line in plain(text).splitlines())
        case Prose(text):
            return _inert(text) + "\n"
        case Table():
            return _grid(block)
        case Figure(file, alt):
            return f"% {plain(file)}: {plain(alt)}\n"
        case Charts():
            return ""


def _grid(table: Table) -> str:
    aligned = "".join("r" if table.is_numeric(at) else "l" for at in range(len(table.columns)))
    rows = [" & ".join(_inert(cell(value)) for value in row) + r" \\" for row in (table.columns, *table.rows)]
    return "\n".join([rf"\begin{{tabular}}{{{aligned}}}", rows[0], r"\hline", *rows[1:], r"\end{tabular}"]) + "\n"


def _inert(text: str) -> str:
    return "".join(_MARKS.get(c, c) for c in plain(text))
