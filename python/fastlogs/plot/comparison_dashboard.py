"""Several runs on one page: loss, final losses, learning rate, throughput."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from fastlogs._metrics import goal_of
from fastlogs.plot import axes, data, ends, palette, panel
from fastlogs.plot.drawn import figure
from fastlogs.plot.overlay import overlay
from fastlogs.plot.words import counted, fitted, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look

# So many names can be read beside bars.
_MOST = 24
_TAIL = 100


@figure("runs")
def comparison_dashboard(runs: data.NamedCurves, look: Look) -> Figure:
    """Loss, final losses, learning rate and throughput of several runs."""
    loss = data.quantity(runs, data.deciding(look), look, "loss")
    sheet = axes.canvas(look, (14.0, 9.0))
    curves, finals, rates, speeds = axes.panels(sheet, 2, 2)
    overlay(
        curves,
        loss.metric,
        loss.runs,
        look,
        log=bool(look.log),
        named=len(runs) <= ends.DIRECT or len(runs) > ends.LISTED,
    )
    axes.label(curves, data.along(look), loss.label, "Loss")
    last = {name: float(s.y[-_TAIL:].mean()) for name, s in loss.runs.items() if s.y.size}
    bars(finals, last, list(runs), low_first=goal_of(loss.metric) != "high")
    axes.label(finals, loss.label, "", f"Final (mean of the last {_TAIL} values)")
    _lines(rates, runs, look, "lr", "Learning rate")
    _speeds(speeds, runs, look)
    axes.headline(sheet, look.titled(f"Comparison of {counted(len(runs), 'run')}"))
    return sheet


def _lines(ax: Axes, runs: data.NamedCurves, look: Look, role: str, title: str) -> None:
    there = {name: data.series(c, c.of_role(role), look) for name, c in runs.items() if c.of_role(role)}
    if not any(series.x.size for series in there.values()):
        axes.label(ax, title=title)
        panel.nothing(ax, "no run logs it")
        return
    found = data.quantity(runs, data.role(role), look, title)
    overlay(ax, found.metric, found.runs, panel.unsmoothed(look), log=False, named=len(runs) <= ends.DIRECT)
    axes.label(ax, data.along(look), found.label, title)


def _speeds(ax: Axes, runs: data.NamedCurves, look: Look) -> None:
    series = {name: data.series(c, c.of_role("throughput"), look) for name, c in runs.items()}
    means = {name: float(s.y.mean()) for name, s in series.items() if s.y.size}
    if not means:
        axes.label(ax, title="Mean throughput")
        panel.nothing(ax, "no run logs its throughput")
        return
    bars(ax, means, list(runs), low_first=False)
    axes.label(ax, data.quantity(runs, data.role("throughput"), look, "throughput").label, "", "Mean throughput")


def bars(ax: Axes, values: Mapping[str, float], order: list[str], *, low_first: bool) -> None:
    """A dot on a line for each run, best on top; of many the best and the worst, and how many are between."""
    ranked = sorted(values, key=lambda name: (values[name] if low_first else -values[name], order.index(name)))
    half = _MOST // 2
    shown = ranked if len(ranked) <= _MOST else [*ranked[:half], *ranked[-half:]]
    inks = {name: palette.ink(order.index(name)) for name in shown}
    grey = len(order) > ends.LISTED
    rows = np.arange(len(shown))[::-1]
    low, high = min(values.values()), max(values.values())
    room = 0.18 * (high - low) or 0.1 * (abs(high) or 1.0)
    for row, name in zip(rows, shown, strict=True):
        colour = palette.COLOURS[0] if grey else inks[name].colour
        ax.plot([low - room, values[name]], [row, row], color=palette.GRID, linewidth=1.2, zorder=1)
        ax.plot([values[name]], [row], "o", color=colour, markersize=6, markeredgewidth=0, zorder=3)
        said = short(float(f"{values[name]:.4g}"))
        axes.tell(ax, said, (values[name], row), (7, 0), va="center", fontsize=axes.SMALL - 1)
    size = axes.SMALL if len(shown) <= 14 else axes.SMALL - 2
    axes.names(ax, "y", rows.tolist(), [fitted(name, 22) or "(unnamed)" for name in shown], size)
    ax.grid(False, axis="y")
    ax.set(xlim=(low - room, high + room), ylim=(-0.7, len(shown) - 0.3))
    axes.rounded(ax.xaxis)
    if len(ranked) > len(shown):
        ax.axhline(half - 0.5, color=palette.LINE, linewidth=0.8, linestyle=(0, (2.0, 3.0)))
        axes.say(ax, 0.5, 0.5, f"{counted(len(ranked) - len(shown), 'run')} between", ha="center", va="bottom")
