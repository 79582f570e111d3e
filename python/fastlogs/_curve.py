"""A curve in the letters of a terminal: dots of braille, or stars where those cannot be written."""

from __future__ import annotations

import math
from collections.abc import Sequence

# The bits of a braille letter: four rows of two dots.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLANK = 0x2800
_WIDEST = 100


def curve(
    values: Sequence[float | None], ends: tuple[float, float], width: int = 72, height: int = 8, *, ascii: bool = False
) -> str:
    """The curve of values at equal distances, between its highest and lowest, above the `ends` of its axis.

    Nothing of fewer than two finite values, or where there is no room.

    >>> print(curve([4.0, 2.0, 1.0], (0, 20), width=12, height=2, ascii=True))
    4 ****
    1     ******
      0       20
    """
    known = [(at, v) for at, v in enumerate(values) if v is not None and math.isfinite(v)]
    if len(known) < 2:
        return ""
    low, high = min(v for _, v in known), max(v for _, v in known)
    labels = [_short(high), *[""] * (height - 2), _short(low)]
    margin = max(map(len, labels)) + 1
    columns = min(width, _WIDEST) - margin
    first, last = (_short(end) for end in ends)
    if columns < max(8, len(first) + len(last) + 1):
        return ""
    across, down = (1, 1) if ascii else (2, 4)
    heights = _heights(known, len(values), columns * across)
    dots = _joined(heights, (low, high), height * down)
    rows = _stars(dots, columns, height) if ascii else _braille(dots, columns, height)
    axis = first + last.rjust(columns - len(first))
    lines = [*zip(labels, rows, strict=True), ("", axis)]
    return "\n".join(f"{label.rjust(margin - 1)} {row}".rstrip() for label, row in lines)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.4g}"


def _heights(known: list[tuple[int, float]], count: int, columns: int) -> list[float]:
    """The value in each column, on the line between its neighbours; NaN before the first and after the last."""
    found, at = [], 0
    for column in range(columns):
        place = column * (count - 1) / (columns - 1)
        while at + 2 < len(known) and known[at + 1][0] < place:
            at += 1
        (x0, y0), (x1, y1) = known[at], known[at + 1]
        share = (place - x0) / (x1 - x0)
        found.append(y0 + share * (y1 - y0) if 0 <= share <= 1 else math.nan)
    return found


def _joined(heights: list[float], limits: tuple[float, float], rows: int) -> list[tuple[int, int]]:
    """From which to which row each column has dots, the top row being 0; none has (1, 0)."""
    low, high = limits
    places = [None if math.isnan(y) else round((high - y) / ((high - low) or 1.0) * (rows - 1)) for y in heights]
    before: int | None = None
    found = []
    for place in places:
        if place is None:
            found.append((1, 0))
        else:
            # A steep curve is a line all the same.
            start = place if before is None or abs(place - before) < 2 else before + (1 if before < place else -1)
            found.append((min(place, start), max(place, start)))
        before = place
    return found


def _braille(dots: list[tuple[int, int]], columns: int, height: int) -> list[str]:
    cells = [[_BLANK] * columns for _ in range(height)]
    for x, (top, bottom) in enumerate(dots):
        for y in range(top, bottom + 1):
            cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
    return ["".join(map(chr, row)).rstrip(chr(_BLANK)) for row in cells]


def _stars(dots: list[tuple[int, int]], columns: int, height: int) -> list[str]:
    return ["".join("*" if top <= y <= bottom else " " for top, bottom in dots[:columns]) for y in range(height)]
