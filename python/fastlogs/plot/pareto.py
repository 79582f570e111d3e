"""Quality against cost: the front, who may be on it, its knee."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs.errors import TooFew
from fastlogs.plot import axes, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.words import fitted, labelled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._sweep import Sweep
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

_LOOKS = (
    ("dominated", "o", "#bdbdbd", 3.5),
    ("possibly", "s", palette.COLOURS[4], 4.5),
    ("on", "D", palette.COLOURS[0], 6.0),
)


@figure("sweep")
def pareto(sweep: Sweep, look: Look) -> Figure:
    """Quality against cost, the front and its knee."""
    if sweep.front is None or sweep.cost is None or not sweep.front.front:
        raise TooFew("no cost to hold quality against", help="its logs say nothing of time, memory or tokens")
    sheet = axes.canvas(look, (8.0, 5.2))
    ax = axes.panels(sheet, 1, 1)[0]
    cost, value = sweep.cost.values, sweep.standings.means
    places = np.array(sweep.front.places)
    for place, mark, colour, size in _LOOKS:
        here = places == place
        told = {"on": "on the front", "possibly": "possibly on it"}.get(place, place)
        ax.plot(cost[here], value[here], mark, color=colour, markersize=size, markeredgecolor="white",
                markeredgewidth=0.4, linestyle="none", label=f"{told} ({here.sum():,})", zorder=2 + size)  # fmt: skip
    _front(ax, sweep, cost, value)
    axes.label(ax, labelled(sweep.cost.name, sweep.cost.unit or None), fitted(sweep.metric, 40))
    axes.fit_y(ax, value)
    ax.legend(frameon=False, fontsize=axes.SMALL, labelcolor=palette.TEXT)
    axes.headline(sheet, look.titled("Quality against cost"), "dominated: beaten in both beyond the 90 % intervals")
    return sheet


def _front(ax: Axes, sweep: Sweep, cost: Floats, value: Floats) -> None:
    """Steps from run to run of the front, the knee and the ends by name."""
    assert sweep.front is not None
    order = sorted(sweep.front.front, key=lambda at: cost[at])
    ax.step(cost[order], value[order], where="post", color=palette.COLOURS[0], linewidth=1.0, alpha=0.7, zorder=3)
    knee = [] if sweep.front.knee is None else [sweep.front.knee]
    for at in dict.fromkeys([*knee, order[0], order[-1]]):
        name = fitted(sweep.seed_groups[sweep.standings.groups[at]].name, 24)
        axes.tell(ax, f"{name} (knee)" if at == sweep.front.knee else name, (cost[at], value[at]), (6, 4), zorder=12)
