"""How the result goes along each setting: runs as dots, the median of stretches with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs.errors import TooFew
from fastlogs.plot import axes, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.words import fitted, power, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._sweep import Sweep
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats
    from fastlogs.stats.importance import Weight
    from fastlogs.stats.parameter import Parameter

_MOST, _COLUMNS = 9, 3


@figure("sweep")
def directions(sweep: Sweep, look: Look) -> Figure:
    """How the result goes along each setting of a sweep."""
    found = [weight for weight in sweep.weighed.weights if len(weight.shape.levels) > 1][:_MOST]
    if not found:
        raise TooFew("no setting to go along", help=sweep.weighed.reason or "")
    columns = min(_COLUMNS, len(found))
    rows = -(-len(found) // columns)
    sheet = axes.canvas(look, (3.3 * columns + 0.8, 2.6 * rows + 0.8))
    made = axes.panels(sheet, rows, columns)
    by_name = {one.name: one for one in sweep.parameters}
    for at, ax in enumerate(made):
        if at < len(found):
            _panel(ax, by_name[found[at].name], found[at], sweep.standings.means)
            axes.label(ax, "", fitted(sweep.metric, 24) if at % columns == 0 else "", _title(found[at]))
        else:
            ax.set_axis_off()
    axes.headline(sheet, look.titled("Along each setting: median and its 95 % interval"))
    return sheet


def _title(weight: Weight) -> str:
    return f"{fitted(weight.name, 20)}: {weight.shape.word if weight.named else 'not told from none'}"


def _panel(ax: Axes, one: Parameter, weight: Weight, y: Floats) -> None:
    """Dots faint, medians bold, at the middle of each stretch."""
    x = _places(one, one.values)
    ax.plot(x, y, "o", color="#b0b0b0", markersize=2.4, alpha=0.5, markeredgewidth=0, zorder=1)
    colour = palette.COLOURS[0] if weight.named else palette.SOFT
    levels = weight.shape.levels
    middles = np.array([np.mean(_places(one, np.array([level.first, level.last]))) for level in levels])
    low, high = np.array([level.low for level in levels]), np.array([level.high for level in levels])
    if one.words:
        ax.vlines(middles, low, high, color=colour, linewidth=2.0, zorder=2)
        axes.names(ax, "x", range(len(one.words)), [fitted(word, 12) for word in one.words])
    else:
        ax.fill_between(middles, low, high, color=colour, alpha=0.18, linewidth=0, zorder=2)
        _ticks(ax, one)
    marks = "o" if one.words else "-o"
    ax.plot(middles, [level.median for level in levels], marks, color=colour, markersize=4, linewidth=1.6, zorder=3)
    axes.fit_y(ax, y)


def _places(one: Parameter, values: Floats) -> Floats:
    return np.log10(values) if one.log else values


def _ticks(ax: Axes, one: Parameter) -> None:
    """Round numbers of the setting's own scale."""
    known = one.values[one.known]
    if one.log:
        first, last = int(np.ceil(np.log10(known.min()))), int(np.floor(np.log10(known.max())))
        decades = range(first, last + 1, max((last - first) // 4, 1))
        axes.names(ax, "x", [float(d) for d in decades], [power(10.0**d) for d in decades])
    elif one.distinct <= 6:
        levels = np.unique(known).tolist()
        axes.names(ax, "x", levels, [short(float(f"{v:.3g}")) for v in levels])
