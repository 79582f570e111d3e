"""Colours that people with any colour vision can tell apart, and line styles beyond them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from fastlogs._svg import COLOURS

# A name, or the lengths of dashes and gaps.
Style: TypeAlias = "str | tuple[int, tuple[float, ...]]"

__all__ = ["BAD", "COLOURS", "GOOD", "GRID", "LINE", "SHADE", "SOFT", "TEXT", "Ink", "ink"]

_STYLES: tuple[Style, ...] = ("-", (0, (5.0, 1.6)), (0, (1.2, 1.4)), (0, (6.0, 1.5, 1.2, 1.5)))

TEXT = "#222222"
SOFT = "#666666"
LINE = "#9a9a9a"
GRID = "#e9e9e9"
SHADE = "#f1f1f1"
GOOD = "#009E73"
BAD = "#D55E00"


class Ink(NamedTuple):
    """How one run is drawn."""

    colour: str
    style: Style


def ink(at: int) -> Ink:
    """The colour and style of the run at a place: 28 that differ, then again.

    >>> ink(0).colour == ink(7).colour, ink(0).style == ink(7).style
    (True, False)
    """
    return Ink(COLOURS[at % len(COLOURS)], _STYLES[at // len(COLOURS) % len(_STYLES)])
