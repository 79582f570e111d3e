"""Many runs on one axis: where the middle ones are, and the few that stand out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count as naturals
from typing import TYPE_CHECKING

import numpy as np

from fastlogs.plot import palette
from fastlogs.plot.axes import SMALL, say
from fastlogs.plot.lines import Drawn, curve
from fastlogs.plot.palette import Ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fastlogs._compare.series import Series
    from fastlogs._metrics import Goal
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

_BINS = 240
_BEST = 3
_GREY = Ink("#4d4d4d", "-")
_SHADES = ((0.05, 0.95, "#e4e4e4"), (0.25, 0.75, "#cccccc"))


def bands(ax: Axes, runs: Mapping[str, Series], look: Look, goal: Goal) -> list[Drawn]:
    """Bands that hold the middle 90 % and 50 % of the runs, their median, and the best runs by name."""
    there = {name: series for name, series in runs.items() if series.x.size}
    # No finer than the runs log: a median of bins that most leave empty has stairs.
    bins = min(_BINS, max((series.x.size for series in there.values()), default=1))
    middles, table = binned(list(there.values()), bins)
    known = np.isfinite(table).sum(axis=0) >= max(len(there) // 10, 3)
    x, levels = middles[known], _levels(table[:, known])
    for low, high, colour in _SHADES:
        ax.fill_between(x, levels[low], levels[high], color=colour, linewidth=0, zorder=1)
    line = ax.plot(x, levels[0.5], color=_GREY.colour, linewidth=1.8, zorder=3)[0]
    found = [Drawn(f"median of {len(there):,}", _GREY, float(x[-1]), float(levels[0.5][-1]), line)] if x.size else []
    # The colour of what failed is left to that.
    inks = (one for one in map(palette.ink, naturals()) if one.colour != palette.BAD)
    for name, ink in zip(standing_out(there, goal), inks, strict=False):
        one = curve(ax, name, there[name], ink, look, raw=False)
        found += [one] if one else []
    say(
        ax,
        1.0,
        1.012,
        f"{len(there):,} runs: median, middle 50 % and 90 %",
        ha="right",
        va="bottom",
        fontsize=SMALL - 1,
    )
    return found


def _levels(table: Floats) -> dict[float, Floats]:
    shares = (0.05, 0.25, 0.5, 0.75, 0.95)
    if not table.size:
        return {share: np.empty(0) for share in shares}
    return dict(zip(shares, np.nanquantile(table, shares, axis=0), strict=True))


def binned(runs: Sequence[Series], bins: int) -> tuple[Floats, Floats]:
    """The middles of equal bins of the axis, and a row of bin means a run, NaN where it has no value."""
    low = min(series.x[0] for series in runs)
    high = max(series.x[-1] for series in runs)
    edges = np.linspace(low, high, bins + 1)
    return (edges[:-1] + edges[1:]) / 2, np.array([_means(series, edges) for series in runs])


def _means(series: Series, edges: Floats) -> Floats:
    """Means in bins; a run that logs more seldom than there are bins lends each value to those up to the next."""
    bins = edges.size - 1
    place = np.clip(np.searchsorted(edges, series.x, side="right") - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    total = np.bincount(place, series.y, bins)
    means: Floats = np.divide(total, count, out=np.full(bins, np.nan), where=count > 0)
    first, last = int(place[0]), int(place[-1])
    known = np.flatnonzero(count)
    inside = np.arange(first, last + 1)
    means[inside] = means[known[np.searchsorted(known, inside, side="right") - 1]]
    return means


def standing_out(runs: Mapping[str, Series], goal: Goal) -> list[str]:
    """The best runs by the mean of their last tenth, and the worst."""
    final = {name: float(s.y[-max(s.y.size // 10, 1) :].mean()) for name, s in runs.items()}
    ordered = sorted(final, key=lambda name: (-final[name] if goal == "high" else final[name], name))
    return [*ordered[:_BEST], *ordered[-1:]]
