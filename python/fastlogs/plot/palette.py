"""Colours that people with any colour vision can tell apart, and line styles beyond them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

# A name, or the lengths of dashes and gaps.
Style: TypeAlias = "str | tuple[int, tuple[float, ...]]"

# Okabe and Ito's, without the yellow that white paper swallows.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#5A4FA2")
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
