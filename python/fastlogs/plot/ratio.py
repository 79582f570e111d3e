"""Candidate over baseline all along, and where one is twice the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs._compare.quality import series_of
from fastlogs.plot import axes, data, ends, palette
from fastlogs.plot.difference import difference
from fastlogs.plot.drawn import figure
from fastlogs.plot.lines import Drawn
from fastlogs.plot.words import fitted, short
from fastlogs.stats.naive import ratio_divergence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._compare import Comparison, Pair
    from fastlogs.plot.look import Look


@figure("comparison")
def ratio(found: Comparison, look: Look) -> Figure:
    """Candidate over baseline, and where one is twice the other."""
    pairs = list(found.pairs.values())
    sheet = axes.canvas(look)
    ax = axes.panels(sheet, 1, 1)[0]
    metric = pairs[0].primary
    drawn = [ratios(ax, pair, metric, at + 1) for at, pair in enumerate(pairs)]
    axes.label(ax, data.along(look), fitted(f"{metric} ÷ that of {found.baseline.name}", 48))
    ends.name(ax, drawn)
    axes.headline(sheet, look.titled(f"Ratio to {fitted(found.baseline.name)}"), "means of 64 stretches")
    return sheet


def ratios(ax: Axes, pair: Pair, metric: str, at: int) -> Drawn:
    """Draws the ratio, a line at 1, and a dashed one where one run is first twice the other."""
    one = difference(pair, metric)
    with np.errstate(all="ignore"):
        y = one.candidate / one.baseline
    y = np.where(np.isfinite(y), y, np.nan)
    ink = palette.ink(at)
    ax.axhline(1, color=palette.SOFT, linewidth=0.9, zorder=1.8)
    line = ax.plot(one.x, y, color=ink.colour, linestyle=ink.style, linewidth=1.6, zorder=3)[0]
    _parted(ax, pair, metric)
    last = y[np.isfinite(y)]
    return Drawn(pair.candidate.name, ink, float(one.x[-1]), float(last[-1]) if last.size else 1.0, line)


def _parted(ax: Axes, pair: Pair, metric: str) -> None:
    a, b = (series_of(arm, metric, pair.options) for arm in (pair.baseline, pair.candidate))
    if len(a) != 1 or len(b) != 1:
        return
    parted = ratio_divergence(a[0].x, a[0].y, b[0].x, b[0].y)
    if parted is None:
        return
    ax.axvline(parted.x, color=palette.BAD, linewidth=0.9, linestyle=(0, (2.0, 2.0)), zorder=2)
    axes.say(ax, 0.99, 0.02, f"twice the other from {short(parted.x)}", ha="right", va="bottom", color=palette.BAD)
