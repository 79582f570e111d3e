"""How settings and results of many runs go together: rank correlations, as a table of colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs.plot import axes, data, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.settings import Column, varied
from fastlogs.plot.words import counted, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure
    from matplotlib.gridspec import SubplotSpec

    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats


@figure("runs")
def correlation(runs: data.NamedCurves, look: Look) -> Figure:
    """How settings and results of many runs go together."""
    found = varied(runs, look)
    # Words have no order to correlate with, unless there are two of them.
    columns = [c for c in (*found.settings, found.result) if len(c.words) in (0, 2)]
    table = ranked(columns)
    np.fill_diagonal(table, np.nan)
    side = 2.6 + 0.62 * len(columns)
    sheet = axes.canvas(look, (side + 1.6, side))
    grid = sheet.add_gridspec(1, 2, width_ratios=(30, 1))
    ax = axes.frame(sheet.add_subplot(grid[0, 0]))
    _tiles(ax, table)
    _named(ax, columns)
    axes.headline(
        sheet, look.titled("Settings and result"), f"rank correlation over {counted(len(found.result.values), 'run')}"
    )
    _bar(sheet, ax, grid[0, 1])
    return sheet


def _tiles(ax: Axes, table: Floats) -> None:
    """A tile a pair, with its number."""
    ax.imshow(table, cmap=_colours(), vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    for (row, column), value in np.ndenumerate(table):
        if np.isfinite(value):
            said = f"{value:.2f}".replace("-", "−")
            colour = "white" if abs(value) > 0.6 else palette.TEXT
            axes.tell(ax, said, (column, row), ha="center", va="center", fontsize=axes.SMALL - 1, color=colour)


def _named(ax: Axes, columns: list[Column]) -> None:
    """The names below and beside the tiles; of two words the one that counts as more is named."""
    names = [fitted(c.name, 22) + (f" ({fitted(c.words[1], 10)})" if c.words else "") for c in columns]
    axes.names(ax, "x", range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    axes.names(ax, "y", range(len(names)), names)
    ax.grid(False)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _bar(sheet: Figure, ax: Axes, place: SubplotSpec) -> None:
    """What the colours mean."""
    bar = sheet.colorbar(ax.images[0], cax=sheet.add_subplot(place), ticks=[-1, -0.5, 0, 0.5, 1])
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=axes.SMALL, labelcolor=palette.SOFT, length=0)


def _colours() -> Colormap:
    """Orange to purple over white; what is unknown is grey."""
    from matplotlib import colormaps

    return colormaps["PuOr"].with_extremes(bad=palette.SHADE)


def ranked(columns: list[Column]) -> Floats:
    """Spearman's correlation of each pair, over the runs that have both; NaN under three of them."""
    n = len(columns)
    table = np.full((n, n), np.nan)
    for i in range(n):
        for j in range(n):
            table[i, j] = _spearman(columns[i].values, columns[j].values)
    return table


def _spearman(a: Floats, b: Floats) -> float:
    both = np.isfinite(a) & np.isfinite(b)
    if both.sum() < 3:
        return float("nan")
    x, y = _ranks(a[both]), _ranks(b[both])
    x, y = x - x.mean(), y - y.mean()
    norm = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / norm if norm > 0 else float("nan")


def _ranks(values: Floats) -> Floats:
    """Ranks, ties sharing their mean."""
    _, where, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: Floats = (last - (count - 1) / 2)[where]
    return ranks
