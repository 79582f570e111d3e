"""A metric epoch by epoch: a box an epoch, of its middle half, its median and its reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs.plot import axes, data, palette, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fastlogs._compare.series import Curves
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

_MOST = 60
_TENTHS = 10


def boxes(ax: Axes, run: Curves, metric: str | None, look: Look) -> None:
    """A box for each epoch; of a run without epochs, or within its first, for each tenth of it."""
    found = data.series(run, metric, look)
    if not found.x.size:
        axes.label(ax, title="By epoch")
        panel.nothing(ax, "no data")
        return
    numbers, what = _parts(run, found.x)
    values = [found.y[numbers == number] for number in np.unique(numbers)]
    _draw(ax, np.unique(numbers), values)
    ax.set_ylim(*_reach(values))
    axes.label(ax, what, data.label_of(run, metric or ""), f"By {what.split(' ')[0]}")


def _parts(run: Curves, x: Floats) -> tuple[Floats, str]:
    numbers = data.epoch_of(run, x)
    if numbers is not None and 1 < np.unique(numbers).size <= _MOST:
        return numbers, "epoch"
    parts = np.clip(np.ceil(_TENTHS * (x - x[0]) / ((x[-1] - x[0]) or 1.0)), 1, _TENTHS)
    return parts, "tenth of the run"


def _draw(ax: Axes, numbers: Floats, values: list[Floats]) -> None:
    """From plain numbers: matplotlib's own boxplot changed its arguments between versions."""
    colour = palette.COLOURS[0]
    for number, y in zip(numbers, values, strict=True):
        low, first, middle, third, high = np.quantile(y, (0.05, 0.25, 0.5, 0.75, 0.95))
        ax.plot([number, number], [low, high], color=colour, linewidth=1.0, zorder=2, solid_capstyle="butt")
        ax.bar(number, third - first, 0.5, bottom=first, color="#cfe3f1", edgecolor=colour, linewidth=1.0, zorder=3)
        ax.plot([number - 0.25, number + 0.25], [middle, middle], color=colour, linewidth=1.8, zorder=4)
    ax.set_xlim(numbers.min() - 0.7, numbers.max() + 0.7)


def _reach(values: list[Floats]) -> tuple[float, float]:
    low = min(float(np.quantile(y, 0.05)) for y in values)
    high = max(float(np.quantile(y, 0.95)) for y in values)
    room = 0.06 * (high - low) or 0.05 * (abs(high) or 1.0)
    return low - room, high + room
