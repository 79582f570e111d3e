"""Where the axes of a figure stand: their words are measured once, and every row and column gets the room it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.layout_engine import LayoutEngine
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.gridspec import SubplotSpec

    from fastlogs.stats.floats import Floats

# In inches: around everything, between columns and rows, and below the title.
_EDGE, _BETWEEN, _BELOW = 0.1, (0.2, 0.16), 0.16
# Words leave at least this share of a figure to what it shows.
_LEAST = 0.2


class Grid(LayoutEngine):
    """Lays out axes that stand in one grid, below the figure's title; the engines of matplotlib measure twice."""

    _adjust_compatible = False
    _colorbar_gridspec = False

    def execute(self, fig: Figure) -> None:
        """Moves the axes."""
        there = [(ax, spec) for ax in fig.axes if (spec := ax.get_subplotspec()) is not None]
        if not there:
            return
        grid = there[0][1].get_gridspec()
        room = [np.zeros((count, 2)) for count in (grid.ncols, grid.nrows)]
        for ax, spec in there:
            _widen(room, _words(ax), spec)
        width, height = fig.get_size_inches()
        columns = _stretches(room[0] / fig.dpi, float(width), grid.get_width_ratios(), _BETWEEN[0])
        rows = _stretches(room[1] / fig.dpi, float(height) - _head(fig), grid.get_height_ratios(), _BETWEEN[1])
        for ax, spec in there:
            left, right = columns[spec.colspan.start][0], columns[spec.colspan.stop - 1][1]
            top, bottom = (
                rows[at][side] + _head(fig) for at, side in ((spec.rowspan.start, 0), (spec.rowspan.stop - 1, 1))
            )
            ax.set_position(Bbox([[left / width, 1 - bottom / height], [right / width, 1 - top / height]]))
            # Whoever sets a position takes the axes out of the layout; the next drawing needs them in it.
            ax.set_in_layout(True)


def _words(ax: Axes) -> tuple[float, float, float, float]:
    """How many pixels what belongs to axes reaches beyond them: left, right, above, below."""
    whole, own = ax.get_tightbbox(for_layout_only=True), ax.bbox
    if whole is None:
        return 0.0, 0.0, 0.0, 0.0
    return own.x0 - whole.x0, whole.x1 - own.x1, whole.y1 - own.y1, own.y0 - whole.y0


def _widen(room: list[Floats], words: tuple[float, float, float, float], spec: SubplotSpec) -> None:
    """Room before and after the columns and rows that axes stand in."""
    for along, span, (before, after) in zip(room, (spec.colspan, spec.rowspan), (words[:2], words[2:]), strict=True):
        along[span.start, 0] = max(along[span.start, 0], before)
        along[span.stop - 1, 1] = max(along[span.stop - 1, 1], after)


def _stretches(room: Floats, length: float, ratios: npt.ArrayLike, between: float) -> list[tuple[float, float]]:
    """Where each column (or row) begins and ends, what is left after all words shared out by its ratio."""
    left = length - 2 * _EDGE - room.sum() - between * (len(room) - 1)
    parts = np.asarray(ratios, dtype=np.float64)
    shares = max(left, _LEAST * length) * parts / parts.sum()
    found, at = [], _EDGE
    for (before, after), share in zip(room, shares, strict=True):
        found.append((at + before, at + before + share))
        at += before + share + after + between
    return found


def _head(fig: Figure) -> float:
    """The height of the figure's title, in inches."""
    return sum(text.get_window_extent().height / fig.dpi + _BELOW for text in fig.texts if text.get_text())
