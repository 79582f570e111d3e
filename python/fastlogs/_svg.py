"""Small figures and tables for notebooks: inline SVG and HTML, escaped, without matplotlib."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

# Colours that people with any colour vision can tell apart: Okabe and Ito's, without the yellow that paper swallows.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#5A4FA2")
_MOST = 7
_LONGEST = 24


class Markup(str):
    """Text that is HTML already; every other text is escaped."""

    __slots__ = ()


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Markup:
    """An HTML table; whatever is no `Markup` is escaped.

    >>> table(["run"], [["a<b"]])
    '<table><thead><tr><th scope="col">run</th></tr></thead><tbody><tr><td>a&lt;b</td></tr></tbody></table>'
    """
    head = "".join(f'<th scope="col">{_cell(name)}</th>' for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return Markup(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def paragraph(text: str) -> Markup:
    return Markup(f"<p>{_safe(text)}</p>")


def spark(values: Iterable[float | None], width: int = 110, height: int = 22) -> Markup:
    """A line without axes for a cell of a table; nothing of fewer than two finite values."""
    y = [v for v in values if v is not None and math.isfinite(v)]
    if len(y) < 2:
        return Markup("")
    places = _scaled(range(len(y)), y, (0, len(y) - 1), (min(y), max(y)), (2, 2, width - 2, height - 2))
    line = _line(places, COLOURS[0])
    return Markup(
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" aria-hidden="true">{line}</svg>'
    )


def curves(title: str, runs: Mapping[str, tuple[Iterable[float], Iterable[float]]], x: str = "step") -> Markup:
    """The curves of up to seven runs, with their names and the ends of both axes; nothing without two points."""
    there = {name: kept for name, points in list(runs.items())[:_MOST] if len((kept := _finite(*points))[0]) > 1}
    if not there:
        return Markup("")
    xs, ys = [v for one in there.values() for v in one[0]], [v for one in there.values() for v in one[1]]
    ends = (min(xs), max(xs)), (min(ys), max(ys))
    lines = [_line(_scaled(*one, *ends, (46, 24, 400, 150)), COLOURS[at]) for at, one in enumerate(there.values())]
    names = [_text(408, 34 + 16 * at, name, COLOURS[at]) for at, name in enumerate(there)]
    frame = '<path d="M46 24V150H400" fill="none" stroke="currentColor" stroke-opacity="0.4"/>'
    ticks = [
        _text(42, 33, f"{ends[1][1]:.4g}", side="end"),
        _text(42, 150, f"{ends[1][0]:.4g}", side="end"),
        _text(46, 165, f"{ends[0][0]:.6g}"),
        _text(400, 165, f"{x} {ends[0][1]:.6g}", side="end"),
    ]
    inside = "".join([_text(46, 14, title), frame, *lines, *names, *ticks])
    return Markup(
        f'<svg width="540" height="172" viewBox="0 0 540 172" role="img" aria-label="{_safe(title)}">{inside}</svg>'
    )


def strip(marks: Iterable[tuple[str, float, float]], end: float) -> Markup:
    """Where along a run something was: (colour, from, to), on a line from 0 to `end`."""
    there = list(marks)
    if not there or not end > 0:
        return Markup("")
    scale = 480 / end
    bars = "".join(
        f'<rect x="{10 + scale * low:.1f}" y="4" width="{max(scale * (high - low), 3):.1f}" height="12" fill="{ink}"/>'
        for ink, low, high in there
    )
    line = '<path d="M10 18H490" stroke="currentColor" stroke-opacity="0.4"/>'
    ticks = _text(10, 31, "step 0") + _text(490, 31, f"{end:,.6g}", side="end")
    head = '<svg width="500" height="36" viewBox="0 0 500 36" role="img" aria-label="where findings are">'
    return Markup(f"{head}{line}{bars}{ticks}</svg>")


def _finite(x: Iterable[float], y: Iterable[float]) -> tuple[list[float], list[float]]:
    pairs = [(float(a), float(b)) for a, b in zip(x, y, strict=True) if math.isfinite(a) and math.isfinite(b)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _scaled(
    x: Iterable[float],
    y: Iterable[float],
    across: tuple[float, float],
    up: tuple[float, float],
    box: tuple[float, float, float, float],
) -> list[tuple[float, float]]:
    left, top, right, bottom = box
    wide, high = (across[1] - across[0]) or 1.0, (up[1] - up[0]) or 1.0
    return [
        (left + (a - across[0]) / wide * (right - left), bottom - (b - up[0]) / high * (bottom - top))
        for a, b in zip(x, y, strict=True)
    ]


def _line(places: list[tuple[float, float]], colour: str) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round"/>'


def _text(x: float, y: float, text: str, colour: str = "currentColor", side: str = "start") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="11" font-family="sans-serif" fill="{colour}" text-anchor="{side}">'
        f"{_safe(_cut(text))}</text>"
    )


def _cut(name: str) -> str:
    half = _LONGEST // 2
    return name if len(name) <= _LONGEST else f"{name[: half - 1]}…{name[-half:]}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    return _safe(f"{value:.6g}" if isinstance(value, float) else str(value))


def _safe(text: str) -> str:
    """Escaped, without control characters."""
    return escape("".join(c if c.isprintable() else " " for c in text))
