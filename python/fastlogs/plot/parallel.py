"""Settings and result of many runs: a line a run across an axis a setting, coloured by the result."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from fastlogs.plot import axes, data, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.settings import Column, Varied, varied
from fastlogs.plot.words import counted, fitted, power, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

_TICKS = 5


@figure("runs")
def parallel(runs: data.NamedCurves, look: Look) -> Figure:
    """Settings and result of many runs as lines across axes."""
    return across(varied(runs, look), look)


def across(found: Varied, look: Look) -> Figure:
    """Settings and results that are at hand."""
    columns = [*found.settings, found.result]
    sheet = axes.canvas(look, (max(1.9 * len(columns) + 1.0, 7.0), 5.2))
    ax = axes.panels(sheet, 1, 1)[0]
    heights = np.array([_heights(column) for column in columns])
    _lines(ax, heights, found.result.values, found.high_is_good)
    for at, column in enumerate(columns):
        _axis(ax, at, column)
    ax.set(xlim=(-0.35, len(columns) - 0.55), ylim=(-0.06, 1.04), yticks=[])
    axes.names(ax, "x", range(len(columns)), [fitted(c.name, 22) for c in columns], color=palette.TEXT)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(axis="x", length=0, pad=8)
    ax.grid(False)
    said = f"{counted(heights.shape[1], 'run')}; the best tenth dark, values of a setting spread a little"
    axes.headline(sheet, look.titled("Settings and result"), said)
    return sheet


def _heights(column: Column) -> Floats:
    """Where each run crosses an axis, 0 to 1; of few values each crosses a little beside its value, by rank."""
    values = np.log10(column.values) if column.log else column.values
    low, high = np.nanmin(values), np.nanmax(values)
    heights: Floats = (values - low) / ((high - low) or 1.0) if high > low else np.full(values.size, 0.5)
    distinct = np.unique(heights[np.isfinite(heights)]).size
    if distinct <= 6:
        heights = heights + 0.05 * (np.arange(values.size) / max(values.size - 1, 1) - 0.5)
    return heights


def _lines(ax: Axes, heights: Floats, result: Floats, high_is_good: bool) -> None:
    """A smooth line a run, the best drawn last; a run without a setting has no line there."""
    order = np.argsort(result if high_is_good else -result)
    best = max(result.size // 10, 1)
    along = np.linspace(0, 1, 24)
    ease = along * along * (3 - 2 * along)
    for rank, run in enumerate(order):
        ys = heights[:, run]
        x = np.concatenate([at + along for at in range(len(ys) - 1)])
        y = np.concatenate([a + (b - a) * ease for a, b in pairwise(ys)])
        good = rank >= result.size - best
        ax.plot(x, y, color=palette.COLOURS[0] if good else "#b8b8b8", linewidth=1.3 if good else 0.6,
                alpha=0.95 if good else max(0.12, min(0.7, 40 / result.size)), zorder=3 if good else 2)  # fmt: skip


def _axis(ax: Axes, at: int, column: Column) -> None:
    """A vertical line with a few values beside it."""
    ax.plot([at, at], [0, 1], color=palette.SOFT, linewidth=0.8, zorder=4)
    for height, text in _ticks(column):
        paper = {"boxstyle": "square,pad=0.1", "facecolor": "white", "alpha": 0.75, "linewidth": 0}
        how = {"va": "center", "fontsize": axes.SMALL - 1, "color": palette.TEXT, "zorder": 5, "bbox": paper}
        axes.tell(ax, text, (at, height), (4, 0), **how)


def _ticks(column: Column) -> list[tuple[float, str]]:
    known = np.unique(column.values[np.isfinite(column.values)])
    low, high = known[0], known[-1]
    if column.words:
        return [(float((v - low) / ((high - low) or 1.0)), fitted(column.words[int(v)], 14)) for v in known[:12]]
    if column.log:
        low, high = np.log10(low), np.log10(high)
        return [((v - low) / (high - low), power(float(f"{10**v:.2g}"))) for v in np.linspace(low, high, _TICKS)]
    values = known if known.size <= _TICKS else np.linspace(low, high, _TICKS)
    return [(float((v - low) / ((high - low) or 1.0)), short(float(f"{v:.3g}"))) for v in values]
