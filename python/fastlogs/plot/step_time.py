"""Time a step: along the run with the warm-up greyed, and how it is spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, ends, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.lines import Drawn, faint, stroke
from fastlogs.plot.palette import Ink
from fastlogs.plot.smooth import points
from fastlogs.plot.steps import Steps, steps, unit_of
from fastlogs.plot.words import fitted, short
from fastlogs.stats.smooth import running_median

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

_WARM = Ink("#b0b0b0", "-")


@figure("runs")
def step_time(runs: data.NamedCurves, look: Look) -> Figure:
    """Time a step, warm-up greyed, and its distribution."""
    made = {name: steps(curves, look.warmup_steps) for name, curves in runs.items()}
    there = {name: one for name, one in made.items() if one is not None}
    if not there:
        raise TooFew("no run logs step times or a clock")
    unit, scale = unit_of(np.concatenate([one.seconds[one.skipped :] for one in there.values()]))
    sheet = axes.canvas(look, (12.0, 4.8))
    left, right = axes.panels(sheet, 1, 2, width_ratios=(1.9, 1.0))
    drawn = _along(left, there, look, scale)
    axes.label(left, data.along(look), f"time a step ({unit})", "Along the run, warm-up grey")
    _spread(right, there, scale)
    axes.label(right, f"time a step ({unit})", "share of steps at most so long", "Distribution after warm-up")
    ends.name(left, drawn)
    axes.headline(sheet, look.titled("Step time comparison" if len(there) > 1 else "Step time"))
    return sheet


def _along(ax: Axes, runs: Mapping[str, Steps], look: Look, scale: float) -> list[Drawn]:
    drawn = []
    for at, (name, one) in enumerate(runs.items()):
        y, ink = one.seconds * scale, palette.ink(at)
        warm = one.skipped
        stroke(ax, one.x[: warm + 1], y[: warm + 1], _WARM, linewidth=0.9, zorder=2)
        x, times = one.x[warm:], y[warm:]
        if len(runs) <= 4:
            faint(ax, x, times, ink, linewidth=0.5, alpha=0.3, zorder=2)
        middle = running_median(times, _odd(points(times.size, look.smooth)))
        line = stroke(ax, x, middle, ink, linewidth=1.5, zorder=3)
        drawn.append(Drawn(name, ink, float(x[-1]), float(middle[-1]), line))
    steady = [one.seconds[one.skipped :] * scale for one in runs.values()]
    fit_times(ax, steady, max(float(one.seconds.max()) for one in runs.values()) * scale)
    return drawn


def _odd(window: int) -> int:
    """The running median of an odd number of points is a hundred times faster."""
    return min(window | 1, 501)


def fit_times(ax: Axes, steady: Sequence[Floats], top: float) -> None:
    """Limits by the steady steps; a warm-up or stall far above them is told by its height."""
    low = min(float(np.quantile(y, 0.005)) for y in steady)
    high = max(float(np.quantile(y, 0.98)) for y in steady)
    span = max(high - low, 0.05 * high)
    if top > high + 2 * span:
        ax.set_ylim(max(low - 0.3 * span, 0.0), high + 1.2 * span)
        axes.say(ax, 0.99, 0.98, f"↑ up to {short(float(f'{top:.4g}'))}", ha="right", va="top")


def _spread(ax: Axes, runs: Mapping[str, Steps], scale: float) -> None:
    """The share of steps that took at most so long, and a mark at the median."""
    for at, one in enumerate(runs.values()):
        ink = palette.ink(at)
        y = np.sort(one.seconds[one.skipped :]) * scale
        share = np.arange(1, y.size + 1) / y.size
        some = np.unique(np.linspace(0, y.size - 1, min(y.size, 800)).astype(int))
        ax.plot(y[some], share[some], color=ink.colour, linestyle=ink.style, linewidth=1.4, drawstyle="steps-post")
        ax.plot([np.median(y)], [0.5], "o", color=ink.colour, markersize=4.5, markeredgecolor="white", zorder=5)
    steady = [one.seconds[one.skipped :] * scale for one in runs.values()]
    low, high = min(np.quantile(y, 0.002) for y in steady), max(np.quantile(y, 0.98) for y in steady)
    reach = (high - low) or high or 1.0
    axes.rounded(ax.xaxis)
    ax.set(xlim=(max(low - 0.1 * reach, 0), high + 0.25 * reach), ylim=(0, 1.02))
    medians = [
        f"{fitted(name, 18)} {short(float(f'{np.median(y):.4g}'))}" for name, y in zip(runs, steady, strict=True)
    ]
    if len(medians) <= ends.DIRECT:
        _listed(ax, ["median", *medians], max(float(np.median(y)) for y in steady))


def _listed(ax: Axes, words: list[str], middle: float) -> None:
    """Lines of words where no line rises: below right of the middle, or above left where that is the wider place."""
    low, high = ax.get_xlim()
    right = middle < low + 0.55 * (high - low)
    top = 0.05 + 0.062 * (len(words) - 1) if right else 0.93
    for row, text in enumerate(words):
        colour = palette.SOFT if row == 0 else palette.ink(row - 1).colour
        axes.say(ax, 0.98 if right else 0.03, top - 0.062 * row, text, ha="right" if right else "left", color=colour)
