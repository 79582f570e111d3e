"""Blocks as PDF: pages of text and tables, then a page a figure, in vectors."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from fastlogs._report.blocks import Block, Charts, Figure, Heading, Prose, Table, Text
from fastlogs._report.cells import cell, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

# A4 across, in inches; sizes in points.
_WIDE, _HIGH, _EDGE = 11.69, 8.27, 0.6
_SANS, _MONO = "DejaVu Sans", "DejaVu Sans Mono"
_SIZES = {1: 17.0, 2: 13.0}
_PLAIN, _CELL, _LEAST = 9.5, 7.5, 4.6
# How wide a letter of the fixed font is, and a line is high, in letter sizes.
_LETTER, _LEADING = 0.602, 1.42
_WIDEST_CELL = 60
_ROOM = 72 * (_WIDE - 2 * _EDGE)


class Row(NamedTuple):
    """One printed line: its text, size, font and weight, and the room above it."""

    text: str
    size: float
    family: str = _SANS
    weight: str = "normal"
    above: float = 0.0

    @property
    def height(self) -> float:
        return self.size * _LEADING + self.above


def render(blocks: Iterable[Block], sheets: Iterable[Sheet] = ()) -> bytes:
    """The document; the same blocks and figures give the same bytes."""
    from matplotlib.backends.backend_pdf import PdfPages

    out = io.BytesIO()
    metadata = {"CreationDate": None, "Creator": None, "Producer": None}
    with PdfPages(out, metadata=metadata) as document:
        for page in _pages(row for block in blocks for row in _rows(block)):
            document.savefig(_page(page))
        for sheet in sheets:
            document.savefig(sheet)
    return out.getvalue()


def _rows(block: Block) -> Iterator[Row]:
    match block:
        case Heading(text, level):
            size = _SIZES.get(level, 11.0)
            yield from _wrapped(text, size, weight="bold", above=size * 0.9)
        case Prose(text, tone):
            yield from _wrapped(text, _PLAIN, weight="bold" if tone == "verdict" else "normal", above=3.0)
        case Text(text):
            for line in plain(text).splitlines():
                parts = textwrap.wrap(line, _letters(_CELL), drop_whitespace=False) or [""]
                yield from (Row(part, _CELL, _MONO) for part in parts)
        case Table():
            yield from _grid(block)
        case Figure() | Charts():
            return


def _wrapped(text: str, size: float, *, weight: str, above: float) -> Iterator[Row]:
    # Letters of a proportional font are about this wide.
    room = int(_ROOM / (size * (0.6 if weight == "bold" else 0.53)))
    for at, line in enumerate(textwrap.wrap(plain(text), room) or [""]):
        yield Row(line, size, weight=weight, above=above if at == 0 else 0.0)


def _grid(table: Table) -> Iterator[Row]:
    cells = [[_fit(plain(cell(value))) for value in row] for row in (table.columns, *table.rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(table.columns))]
    size, fits = _fitting(widths)
    sides = [str.rjust if table.is_numeric(at) else str.ljust for at in range(len(table.columns))]
    lines = ["  ".join(side(text, w) for side, text, w in zip(sides, row, widths, strict=True)) for row in cells]
    if table.title:
        yield from _wrapped(table.title, _PLAIN, weight="bold", above=9.0)
    for at, line in enumerate(lines):
        shown = line if len(line) <= fits else line[: fits - 1] + "…"
        yield Row(shown, size, _MONO, "bold" if at == 0 else "normal", 4.0 if at == 0 else 0.0)


def _fit(text: str) -> str:
    text = " ".join(text.split())
    half = _WIDEST_CELL // 2
    return text if len(text) <= _WIDEST_CELL else f"{text[: half - 1]}…{text[-half:]}"


def _fitting(widths: list[int]) -> tuple[float, int]:
    """The size that lets a table stand on the page, but no smaller than can be read, and how long its lines may be."""
    length = sum(widths) + 2 * (len(widths) - 1)
    size = min(_CELL, max(_ROOM / (max(length, 1) * _LETTER), _LEAST))
    return size, _letters(size)


def _letters(size: float) -> int:
    return int(_ROOM / (size * _LETTER))


def _pages(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows a page; a heading does not stand alone at the foot."""
    page: list[Row] = []
    left = room = 72 * (_HIGH - 2 * _EDGE)
    for row in rows:
        needed = row.height + (3 * _PLAIN * _LEADING if row.weight == "bold" else 0.0)
        if page and needed > left:
            yield page
            page, left = [], room
        page.append(row)
        left -= row.height
    yield page


def _page(rows: list[Row]) -> Sheet:
    from matplotlib.figure import Figure as Sheet

    from fastlogs.plot.words import drawn, fonts

    page = Sheet(figsize=(_WIDE, _HIGH))
    y = 1 - _EDGE / _HIGH
    for row in rows:
        y -= row.height / (72 * _HIGH)
        if row.text.strip():
            page.text(
                _EDGE / _WIDE, y, drawn(row.text), fontsize=row.size, family=[row.family, *fonts()], weight=row.weight,
                va="baseline", parse_math=False, color="#222222",
            )  # fmt: skip
    return page
