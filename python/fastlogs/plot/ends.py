"""Which line is whose: names at the ends of few lines, a legend of some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.font_manager import FontProperties

from fastlogs.plot import palette
from fastlogs.plot.axes import SMALL, height, share, tell
from fastlogs.plot.words import fitted, fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D

    from fastlogs.plot.lines import Drawn

DIRECT, LISTED = 6, 20
_LINE = 1.35  # the height of a line of text, in letters


def name(ax: Axes, drawn: Sequence[Drawn]) -> None:
    """Names lines at their ends when they are few, else in a list beside the axes, highest first."""
    if len(drawn) <= 1:
        return
    if len(drawn) <= DIRECT:
        direct(ax, drawn)
        return
    ordered = sorted(drawn, key=lambda d: -share(ax, d.y))
    legend(ax, [d.line for d in ordered], [d.name for d in ordered], beside=True)


def direct(ax: Axes, drawn: Sequence[Drawn]) -> None:
    """A name at the right of each line's end, in its colour, moved apart where they would overlap."""
    least = _LINE * SMALL / max(height(ax), 1.0)
    ordered = sorted(drawn, key=lambda d: share(ax, d.y))
    for one, at in zip(ordered, apart([share(ax, d.y) for d in ordered], least), strict=True):
        how = {"va": "center", "color": one.ink.colour, "fontweight": "bold"}
        tell(ax, fitted(one.name, 24) or "(unnamed)", (1.0, at), (6, 0), "axes fraction", **how)


def apart(places: Sequence[float], least: float) -> list[float]:
    """Places in order, moved as little as it takes to lie `least` apart and, while there is room, between 0 and 1.

    >>> [round(at, 2) for at in apart([0.5, 0.5], 0.1)], apart([0.0, 0.0], 0.5)
    ([0.45, 0.55], [0.0, 0.5])
    """
    groups: list[list[float]] = []
    for place in places:
        group = [place]
        # A group that reaches into the one below becomes one with it.
        while groups and _lowest(group, least) < _lowest(groups[-1], least) + least * len(groups[-1]):
            group = groups.pop() + group
        groups.append(group)
    return [_lowest(group, least) + least * at for group in groups for at in range(len(group))]


def _lowest(group: list[float], least: float) -> float:
    """Where the lowest of a group goes."""
    reach = least * (len(group) - 1)
    return max(min(sum(group) / len(group) - reach / 2, 1.0 - reach), 0.0)


def legend(ax: Axes, lines: Sequence[Line2D], names: Sequence[str], *, beside: bool = False) -> Legend:
    """A list of lines and their names, inside the axes or beside them."""
    font = FontProperties(family=fonts(), size=SMALL if len(names) <= 12 else SMALL - 1)
    place = {"loc": "upper left", "bbox_to_anchor": (1.005, 1.0)} if beside else {"loc": "best"}
    # The names come last: matplotlib hides those that begin with "_" and sets those between "$" as mathematics.
    made = ax.legend(
        list(lines), [str(at) for at in range(len(lines))], frameon=False, prop=font, handlelength=1.8,
        borderaxespad=0.3, labelcolor=palette.TEXT, labelspacing=0.35, **place,
    )  # fmt: skip
    for text, one in zip(made.get_texts(), names, strict=True):
        text.set_parse_math(False)
        text.set_text(fitted(one, 26 if beside else 32) or "(unnamed)")
    for line in made.get_lines():
        line.set(linewidth=1.8, alpha=1.0)
    return made
