"""Two settings that matter together: the median of the result in each cell of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs.errors import TooFew
from fastlogs.plot import axes, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.words import fitted, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._sweep import Sweep
    from fastlogs.plot.look import Look
    from fastlogs.stats.interaction import Interaction
    from fastlogs.stats.parameter import Parameter


@figure("sweep")
def interaction(sweep: Sweep, look: Look) -> Figure:
    """The strongest interaction of two settings as a table of colours."""
    found = next((one for one in sweep.weighed.interactions if one.named), None)
    if found is None:
        raise TooFew("no two settings are seen to matter together", help=sweep.weighed.reason or "")
    by_name = {one.name: one for one in sweep.parameters}
    sheet = axes.canvas(look, (3.4 + 1.05 * len(found.columns), 2.2 + 0.7 * len(found.rows)))
    ax = axes.panels(sheet, 1, 1)[0]
    _tiles(ax, found)
    _along(ax, "x", by_name[found.b], found.columns)
    _along(ax, "y", by_name[found.a], found.rows)
    axes.label(ax, fitted(found.b, 30), fitted(found.a, 30))
    ax.grid(False)
    ax.tick_params(length=0)
    told = f"median {fitted(sweep.metric, 24)} and runs; {found.share:.0%} of its ranks, p = {found.p:.1g}"
    axes.headline(sheet, look.titled("Together rather than alone"), told)
    return sheet


def _tiles(ax: Axes, found: Interaction) -> None:
    from matplotlib import colormaps

    table = np.array(found.medians)
    ax.imshow(table, cmap=colormaps["cividis"].with_extremes(bad=palette.SHADE), aspect="auto", origin="lower")
    low, high = np.nanmin(table), np.nanmax(table)
    for (row, column), value in np.ndenumerate(table):
        if np.isfinite(value):
            dark = (value - low) / ((high - low) or 1.0) < 0.55
            said = f"{short(float(f'{value:.4g}'))}\nn = {found.counts[row][column]}"
            axes.tell(ax, said, (column, row), ha="center", va="center", color="white" if dark else palette.TEXT)


def _along(ax: Axes, axis: str, one: Parameter, ends: tuple[tuple[float, float], ...]) -> None:
    names = [_stretch(one, low, high) for low, high in ends]
    axes.names(ax, axis, range(len(ends)), names)


def _stretch(one: Parameter, low: float, high: float) -> str:
    if not np.isfinite(low):
        return "none"
    first, last = (fitted(one.told(end), 14) for end in (low, high))
    return first if first == last else f"{first} to {last}"
